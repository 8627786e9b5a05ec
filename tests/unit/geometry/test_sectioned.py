"""Triangular sections, and canals by the thickness of their wall: closed forms, brute force, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.sectioned_bone import SectionedBone, bone_of_stations
from geometry.station import Triangle
from geometry.wall import least_wall, outer_distance

APEX = np.radians(20.0)
ROUND = Station(0.0, 12.0, 12.0, 0.0, 0.0, triangle=Triangle(0.09, APEX), wall=4.0)
#: Three levels, other shapes and walls at each, on a bow.
SHAPED = (
    Station(0.0, 13.0, 11.5, 0.0, 0.0, triangle=Triangle(0.03, APEX), wall=4.0),
    Station(60.0, 12.5, 11.0, 0.0, 0.0, triangle=Triangle(0.05, APEX), wall=5.0),
    Station(120.0, 15.0, 14.0, 0.0, 0.0, triangle=Triangle(0.04, APEX + 0.2), wall=3.0),
)
BOWED = SectionedBone(120.0, SHAPED, -900.0, 0.8)
TURNS = np.linspace(-np.pi, np.pi, 4000, endpoint=False)


def _moments(radius: np.ndarray) -> tuple[float, float, float]:
    """Area and second moments about x and y by the trapezoidal rule, exact for periodic polynomials."""
    pitch = 2 * np.pi / len(TURNS)
    area = float((radius**2 / 2).sum() * pitch)
    across = [float((radius**4 / 4 * part(TURNS) ** 2).sum() * pitch) for part in (np.sin, np.cos)]
    return area, *across


def test_area_and_second_moments_of_a_round_section_are_those_of_the_closed_form() -> None:
    """R = a (1 + t cos 3 phi): A = pi a^2 (1 + t^2/2), I = pi a^4 / 4 (1 + 3 t^2 + 3 t^4 / 8)."""
    a, t = 12.0, 0.09
    bone = SectionedBone(50.0, (ROUND,))
    assert bone.outline is not None
    area, about_x, about_y = _moments(bone.outline.radius(TURNS, np.full_like(TURNS, 20.0)))
    assert area == pytest.approx(np.pi * a**2 * (1 + t**2 / 2), rel=1e-12)
    second = np.pi * a**4 / 4 * (1 + 3 * t**2 + 3 * t**4 / 8)
    assert about_x == pytest.approx(second, rel=1e-12)
    assert about_y == pytest.approx(second, rel=1e-12)


def test_canal_of_a_wall_has_the_area_of_the_parallel_curve() -> None:
    """A_in = A - P w + pi w^2 (Steiner), with the perimeter P by quadrature."""
    bone = SectionedBone(50.0, (ROUND,))
    assert bone.outline is not None
    assert bone.canal_outline is not None
    level = np.full_like(TURNS, 20.0)
    radius = bone.outline.radius(TURNS, level)
    by_angle, _ = bone.outline.slopes(TURNS, level)
    perimeter = float(np.hypot(radius, by_angle).sum() * 2 * np.pi / len(TURNS))
    inner = _moments(bone.canal_outline.radius(TURNS, level))[0]
    assert inner == pytest.approx(_moments(radius)[0] - 4.0 * perimeter + np.pi * 16.0, rel=1e-10)


def test_a_triangular_share_leaves_every_width_through_the_centre() -> None:
    bone = SectionedBone(50.0, (replace(ROUND, outer_left=10.5, triangle=Triangle(0.05, APEX)),))
    ellipse = Bone(50.0, (Station(0.0, 12.0, 10.5, 6.0, 6.0),))
    assert bone.outer_semi_axes(np.array([7.0])) == pytest.approx(ellipse.outer_semi_axes(np.array([7.0])))


def test_an_apex_points_where_it_is_said_to_point() -> None:
    bone = SectionedBone(50.0, (ROUND,))
    assert bone.outline is not None
    radius = bone.outline.radius(TURNS, np.zeros_like(TURNS))
    for turn in APEX + np.array([0.0, 2.0, -2.0]) * np.pi / 3:
        assert np.abs(TURNS[radius.argsort()[-12:]] - turn).min() < 0.004
    assert radius.max() == pytest.approx(12.0 * 1.09)


@pytest.mark.parametrize("bone", [BOWED, SectionedBone(120.0, SHAPED)])
@pytest.mark.parametrize("which", ["outline", "canal_outline"])
def test_slopes_are_those_of_central_differences(bone: Bone, which: str) -> None:
    outline = getattr(bone, which)
    rng = np.random.default_rng(3)
    angle, level = rng.uniform(-np.pi, np.pi, 60), rng.uniform(2.0, 118.0, 60)
    by_angle, by_level = outline.slopes(angle, level)
    h = 1e-5
    turned = (outline.radius(angle + h, level) - outline.radius(angle - h, level)) / (2 * h)
    raised = (outline.radius(angle, level + h) - outline.radius(angle, level - h)) / (2 * h)
    assert by_angle == pytest.approx(turned, abs=1e-7)
    assert by_level == pytest.approx(raised, abs=1e-7)


def test_places_of_a_bowed_bone_are_its_sections_moved_onto_the_centreline() -> None:
    straight = SectionedBone(120.0, SHAPED)
    assert BOWED.outline is not None
    assert straight.outline is not None
    angle, level = np.linspace(-3.0, 3.0, 40), np.linspace(0.0, 120.0, 40)
    moved = BOWED.outline.places(angle, level)
    moved[:, 0] -= BOWED.centre(level)
    assert straight.outline.outside(moved) == pytest.approx(0.0, abs=1e-11)


def test_the_wall_is_as_thick_as_stated_at_every_angle_across_the_section() -> None:
    """Against the nearest of 40 000 places of the outer curve at the same level."""
    assert BOWED.outline is not None
    assert BOWED.canal_outline is not None
    turns = np.linspace(-np.pi, np.pi, 40000, endpoint=False)
    for level, wall in ((0.0, 4.0), (60.0, 5.0), (120.0, 3.0)):
        outer = BOWED.outline.places(turns, np.full_like(turns, level))
        inner = BOWED.canal_outline.places(turns[::1000], np.full(40, level))
        nearest = np.linalg.norm(outer[None, :, :] - inner[:, None, :], axis=2).min(axis=1)
        assert nearest == pytest.approx(wall, abs=1e-6)


def test_distance_to_the_outer_surface_is_that_of_brute_force() -> None:
    assert BOWED.outline is not None
    turns, levels = np.linspace(-np.pi, np.pi, 800), np.linspace(0.0, 120.0, 481)
    angle, level = (grid.ravel() for grid in np.meshgrid(turns, levels, indexing="ij"))
    surface = BOWED.outline.places(angle, level)
    rng = np.random.default_rng(8)
    points = np.stack(
        [rng.uniform(-7.0, 7.0, 25), rng.uniform(-7.0, 7.0, 25), rng.uniform(1.0, 119.0, 25)], axis=1
    )
    brute = np.array([np.linalg.norm(surface - point, axis=1).min() for point in points])
    found = outer_distance(BOWED, points)
    assert (found <= brute + 1e-9).all()
    assert found == pytest.approx(brute, abs=2e-3)
    assert outer_distance(BOWED, np.array([[30.0, 0.0, 60.0]])) < 0.0


def test_reaming_a_triangular_bone_leaves_the_wall_of_its_flats() -> None:
    """A coaxial reamer leaves a (1 - t) - r where the flats are, at 60 degrees to the apexes."""
    bone = SectionedBone(60.0, (ROUND,))
    wall = least_wall(Canal(bone, Reaming(17.0, 60.0, 0.0)))
    assert wall.thickness == pytest.approx(12.0 * (1 - 0.09) - 8.5, abs=1e-6)
    off = np.arctan2(wall.place[1], wall.place[0]) - APEX - np.pi / 3
    assert np.cos(3 * off) == pytest.approx(1.0, abs=1e-4)


def test_without_a_share_the_bone_is_that_of_ellipses() -> None:
    stations = (
        Station(0.0, 14.0, 12.0, 7.0, 6.0, triangle=Triangle(0.0)),
        Station(50.0, 13.0, 12.0, 5.0, 5.5, triangle=Triangle(0.0)),
        Station(90.0, 15.0, 14.0, 6.0, 6.0, triangle=Triangle(0.0)),
    )
    triangular = SectionedBone(90.0, stations, 900.0, 0.4)
    elliptic = Bone(90.0, tuple(replace(part, triangle=None) for part in stations), 900.0, 0.4)
    rng = np.random.default_rng(2)
    points = np.stack([*rng.uniform(-9.0, 9.0, (2, 50)), rng.uniform(0.0, 90.0, 50)], axis=1)
    assert outer_distance(triangular, points) == pytest.approx(outer_distance(elliptic, points), abs=1e-8)
    assert triangular.canal_outline is not None
    angle, level = rng.uniform(-3.0, 3.0, 50), rng.uniform(0.0, 90.0, 50)
    wall = triangular.canal_outline.places(angle, level)
    assert elliptic.outside_canal(wall) == pytest.approx(0.0, abs=1e-10)
    assert triangular.material_frames(points) == pytest.approx(elliptic.material_frames(points))


def test_a_thicker_wall_keeps_a_round_canal() -> None:
    bone = SectionedBone(50.0, (replace(ROUND, triangle=None),))
    assert bone.canal_outline is not None
    thicker = bone.thickened(1.5)
    assert isinstance(thicker, SectionedBone)
    assert thicker.outline is not None
    assert thicker.canal_outline is not None
    assert thicker.outline.radius(TURNS, 0 * TURNS) == pytest.approx(13.5)
    assert thicker.canal_outline.radius(TURNS, 0 * TURNS) == pytest.approx(8.0)


def test_only_sections_that_are_no_ellipses_make_an_outline() -> None:
    assert type(bone_of_stations(50.0, (Station(0.0, 14.0, 12.0, 7.0, 6.0),))) is Bone
    assert isinstance(bone_of_stations(50.0, (ROUND,)), SectionedBone)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: replace(ROUND, triangle=Triangle(0.11, APEX)),
            r"hollow on its .* side at level 0 mm .* at most (0.099|0.1) ",
        ),
        (lambda: replace(ROUND, wall=9.0), "leaves no smooth canal at level 0 mm"),
        (
            lambda: replace(ROUND, wall=None, canal_anterior=11.5, canal_left=11.5),
            "breaks through the bone's",
        ),
        (lambda: replace(ROUND, wall=12.5), "must be thinner than the bone's semi-axis"),
        (lambda: replace(ROUND, canal_anterior=5.0, canal_left=5.0), "not by both"),
        (lambda: replace(ROUND, wall=-1.0), "cortical wall"),
    ],
)
def test_sections_that_cannot_be_are_refused(make, words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        SectionedBone(50.0, (make(),))


def test_an_axis_outside_the_canal_is_refused() -> None:
    with pytest.raises(GeometryError, match="axis leaves the natural canal at level"):
        SectionedBone(50.0, (ROUND,), axis_offset=9.0)


def test_a_loft_has_a_section_at_every_station_between_its_ends() -> None:
    """Where shapes bend, a section between two stations would cut the corner."""
    stations = (SHAPED[0], replace(SHAPED[1], level=61.7), SHAPED[2])
    outline = SectionedBone(120.0, stations).outline
    assert outline is not None
    levels = outline.section_levels(-2.0, 120.0)
    assert {-2.0, 0.0, 61.7, 120.0} <= set(levels.tolist())
    assert np.diff(levels).max() <= 5.0 + 1e-9
    assert outline.section_levels(10.0, 50.0)[[0, -1]].tolist() == [10.0, 50.0]
