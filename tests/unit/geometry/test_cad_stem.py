"""The fit of a stem from a file, and whether it goes into the canal."""

from __future__ import annotations

from dataclasses import replace

import gmsh
import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.cad_seat import cad_seat
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.unit.cad_shapes import cone, cylinder, square, stem_of, step

BONE = Bone(60.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
REAMED = Reaming(16.0, 50.0, 5.0)
ZONES = {"coated": ZoneFit(0.005, 0.5), "uncoated": ZoneFit(0.0, 0.3)}


def gap(stem: Stem, points: np.ndarray, zone: str = "uncoated") -> np.ndarray:
    codes = np.full(len(points), stem.zones.index(zone))
    return Fit(BONE, REAMED, stem, ZONES).gap(points, np.zeros_like(points), codes)


def ring(radius: float, level: float, count: int = 40) -> np.ndarray:
    angle = np.linspace(0.05, 6.2, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(count, level)], axis=1)


@pytest.mark.parametrize("radius", [7.95, 8.0, 8.05])
def test_a_cylinder_has_the_gap_of_the_parametric_stem(radius: float) -> None:
    stem = stem_of(cylinder(radius, -10.0, 40.0), (Coating(5.0, 30.0),))
    points = ring(min(radius, 8.0), 20.0)
    for zone in ("coated", "uncoated"):
        same = gap(Stem(2 * radius, 40.0, 10.0, coatings=(Coating(5.0, 30.0),)), points, zone)
        assert gap(stem, points, zone) == pytest.approx(same, abs=1e-4)


def test_a_taper_has_the_gap_of_the_parametric_stem_along_its_normal() -> None:
    stem = stem_of(cone(8.0, 7.6, 0.0, 40.0))
    points = ring(7.8, 20.0)
    same = gap(Stem(16.0, 40.0, tip_diameter=15.2), points)
    assert same == pytest.approx(np.full(40, 0.2 * np.hypot(1, 0.01)), abs=1e-12)
    assert gap(stem, points) == pytest.approx(same, abs=1e-4)


def test_a_rounded_square_has_its_own_gap_at_every_point_of_a_round_canal() -> None:
    """Flat side: sqrt(R^2 - y^2) - a; corner of radius r about (c, c): where the ray leaves the circle."""
    half, corner, canal = 7.0, 3.0, 8.0
    stem = stem_of(square(2 * half, corner, -10.0, 40.0))
    along = np.linspace(-3.9, 3.9, 21)
    side = np.stack([np.full(21, half), along, np.full(21, 15.0)], axis=1)
    assert gap(stem, side) == pytest.approx(np.sqrt(canal**2 - along**2) - half, abs=1e-6)
    angle, centre = np.linspace(0.02, np.pi / 2 - 0.02, 21), half - corner
    normal = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    across = centre * normal.sum(axis=1)
    exact = -across + np.sqrt(across**2 - 2 * centre**2 + canal**2) - corner
    points = np.column_stack([centre + corner * normal, np.full(21, 15.0)])
    near = exact > -0.25
    assert near.any()
    assert gap(stem, points)[near] == pytest.approx(exact[near], abs=1e-4)


def test_where_no_bone_is_near_the_gap_is_infinite() -> None:
    stem = stem_of(cylinder(8.0, -10.0, 40.0))
    assert np.isinf(gap(stem, ring(8.0, -3.0))).all()
    assert np.isinf(gap(stem_of(cylinder(5.0, -10.0, 40.0)), ring(5.0, 20.0))).all()


def test_a_pose_puts_the_file_where_it_could_have_been_drawn() -> None:
    """Turned by 90 degrees about x, then 30 about z, and moved: on flat faces the same gap to 1e-9 mm."""

    def lying() -> None:
        occ = gmsh.model.occ
        face = occ.addRectangle(-6.0, -5.0, 0.0, 12.0, 10.0, roundedRadius=2.0)
        solid = [made for made in occ.extrude([(2, face)], 0, 0, 50.0) if made[0] == 3]
        occ.rotate(solid, 0, 0, 0, 1, 0, 0, -np.pi / 2)

    def standing() -> None:
        occ = gmsh.model.occ
        face = occ.addRectangle(-6.0, -5.0, 0.0, 12.0, 10.0, roundedRadius=2.0)
        solid = [made for made in occ.extrude([(2, face)], 0, 0, 50.0) if made[0] == 3]
        occ.rotate(solid, 0, 0, 0, 0, 0, 1, np.pi / 6)
        occ.translate(solid, 0.4, -0.3, -10.0)

    there = stem_of(step(standing))
    posed = stem_of(step(lying), (), (90.0, 0.0, 30.0), (0.4, -0.3, -10.0))
    assert posed.length == pytest.approx(40.0, abs=1e-9)
    assert posed.protrusion == pytest.approx(10.0, abs=1e-9)
    assert posed.diameter == pytest.approx(there.diameter, abs=1e-9)
    points, _ = there.surface.closest(ring(6.5, 20.0))
    assert posed.surface.outside(points) == pytest.approx(np.zeros(40), abs=1e-5)
    assert gap(posed, points) == pytest.approx(gap(there, points), abs=5e-5)
    flat = points[np.abs(there.surface.closest(points)[1] @ [np.cos(np.pi / 6), 0.5, 0]) > 1 - 1e-9]
    assert len(flat) > 5
    assert gap(posed, flat) == pytest.approx(gap(there, flat), abs=1e-9)


def test_the_seat_says_whether_bone_is_taken_out_of_the_stem() -> None:
    canal = Canal(BONE, REAMED)
    assert not cad_seat(canal, stem_of(cylinder(7.9, -10.0, 40.0))).clipped
    assert not cad_seat(canal, stem_of(cylinder(8.0, -10.0, 40.0))).clipped
    assert cad_seat(canal, stem_of(cylinder(8.05, -10.0, 40.0))).overlap == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize(
    ("content", "reaming", "words"),
    [
        (
            cylinder(8.3, -10.0, 40.0),
            REAMED,
            r"overlaps the bone by 0\.30 mm at z = .* more than the 0\.25 mm",
        ),
        (cylinder(6.5, -10.0, 40.0), None, "ream the canal"),
        (cylinder(7.0, -10.0, 55.0), REAMED, "ream deeper"),
        (
            cylinder(7.4, -10.0, 40.0),
            REAMED,
            r"comes nowhere within 0\.5 mm of the bone, the nearest is 0\.60 mm",
        ),
        (square(22.0, 1.0, -10.0, 40.0), REAMED, r"comes through the bone's outer surface by \d"),
    ],
    ids=["too thick", "no reamer", "too deep", "too thin", "through the cortex"],
)
def test_a_stem_that_does_not_go_into_the_canal_is_refused(content, reaming, words) -> None:
    with pytest.raises(GeometryError, match=words):
        cad_seat(Canal(BONE, reaming), stem_of(content))


def test_a_shoulder_under_the_cut_is_refused_and_one_far_below_is_not() -> None:
    def with_flange(level: float) -> CadStem:
        def draw() -> None:
            occ = gmsh.model.occ
            flange = occ.addCylinder(0, 0, level - 4.0, 0, 0, 4.0, 11.0)
            occ.fuse([(3, occ.addCylinder(0, 0, -10, 0, 0, 50, 8.0))], [(3, flange)])

        return stem_of(step(draw))

    canal = Canal(BONE, REAMED)
    with pytest.raises(GeometryError, match=r"a shoulder at z = 0\.00 mm stands under the cut"):
        cad_seat(canal, with_flange(0.0))
    cad_seat(canal, with_flange(-2.0))


def test_coatings_lie_on_the_stem_and_have_no_thickness() -> None:
    stem = stem_of(cylinder(8.0, -10.0, 40.0))
    with pytest.raises(GeometryError, match="must end on the stem"):
        replace(stem, coatings=(Coating(0.0, 41.0),))
    with pytest.raises(GeometryError, match="cannot have a thickness on a stem from a file"):
        replace(stem, coatings=(Coating(0.0, 30.0, thickness=1.0),))
    with pytest.raises(GeometryError, match="has no profile"):
        _ = stem.profile


def test_what_a_stem_states_names_file_digest_and_pose() -> None:
    stem = stem_of(cylinder(8.0, -10.0, 40.0), (Coating(5.0, 30.0),), translation=(0.0, 0.0, -1.0))
    said = stem.stated()
    assert said["file"] == "drawn.step"
    assert len(said["digest"]) == 64
    assert said["pose"]["translation"] == {"x": 0.0, "y": 0.0, "z": -1.0}
    assert said["coating"] == {"start": 5.0, "end": 30.0}
    assert said["digest"] in repr(stem)
    assert len(repr(stem)) < 2000
