"""A whole bone's distances, head, closed canal and least wall, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from fea.surface.mending import Closed
from fea.surface.smooth import smooth_sheet
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.core import Core
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.removed import removed_volumes
from geometry.scanned.closed import FLAT, ClosedCanal
from geometry.scanned.head import find_head, fit_sphere
from geometry.scanned.splined import fit_outline
from geometry.scanned.whole import Head, Held, Whole
from geometry.wall import check_wall, least_wall
from tests.bodies.scans import FloatArray, rod, turned

RADIUS, STRAIGHT = 13.0, 60.0
REAMED = Reaming(14.0, 55.0, 3.0)


def whole(thickness: tuple[tuple[float, float], ...] = ((0.0, 3.0), (40.0, 2.0))) -> Whole:
    found = rod(RADIUS, STRAIGHT, -10.0)
    sheet = smooth_sheet(Closed(found.points, found.corners, ()), "rod.stl")
    return Whole(sheet, Held(above=50.0), thickness)


def ball(radius: float, centre: tuple[float, float, float], count: int = 2000) -> FloatArray:
    """Equally spread points of a sphere."""
    z = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.pi * (1.0 + 5.0**0.5) * np.arange(count)
    across = np.sqrt(1.0 - z**2)
    return np.array(centre) + radius * np.column_stack([across * np.cos(turn), across * np.sin(turn), z])


def test_distances_are_those_of_a_rod_with_a_round_end() -> None:
    """A cylinder of 13 mm from 96 chords round it within 2 um, and the half ball on it.

    Where the curvature along the rod jumps from 0 to 1/R, rings that are h apart leave h^2 / 32 R, 9.6 um.
    """
    bone = whole()
    points = np.random.default_rng(3).uniform([-16.0, -16.0, 1.0], [16.0, 16.0, 75.0], (3000, 3))
    up = np.maximum(points[:, 2] - STRAIGHT, 0.0)
    exact = np.hypot(np.hypot(points[:, 0], points[:, 1]), up) - RADIUS
    seen = np.abs(exact) < 9.0
    off = np.abs(bone.outside(points) - exact)
    assert off[seen & (points[:, 2] < 50.0)].max() < 2e-6
    assert off[seen].max() < 1.5 * 2.0**2 / (32 * RADIUS)
    assert bone.length == pytest.approx(STRAIGHT + RADIUS)
    assert bone.half_extents(np.array([20.0]))[0] == pytest.approx([RADIUS, RADIUS], rel=1e-3)
    rough = bone.nearly_depth(points)
    assert (np.sign(rough) == -np.sign(exact))[np.abs(exact) > 0.5].all()
    assert np.abs(rough + exact)[seen].max() < 1.0


def test_slopes_of_a_whole_bone_are_those_of_its_surface() -> None:
    """A rod 3 mm beside the axis, r = 3 cos a + sqrt(R^2 - 9 sin^2 a); up the half ball dr/dz = -z/r."""
    found = rod(RADIUS, STRAIGHT, -10.0)
    sheet = smooth_sheet(Closed(found.points + np.array([3.0, 0.0, 0.0]), found.corners, ()), "rod.stl")
    angle = np.linspace(-3.0, 3.0, 25)
    by_angle, by_level = Whole(sheet, Held(above=50.0)).slopes(angle, np.full(25, 30.3))
    root = np.sqrt(RADIUS**2 - (3.0 * np.sin(angle)) ** 2)
    np.testing.assert_allclose(
        by_angle, -3.0 * np.sin(angle) - 9.0 * np.sin(angle) * np.cos(angle) / root, atol=0.02
    )
    np.testing.assert_allclose(by_level, 0.0, atol=1e-3)
    _, up = whole().slopes(angle, np.full(25, STRAIGHT + 6.0))
    np.testing.assert_allclose(up, -6.0 / np.sqrt(RADIUS**2 - 36.0), rtol=0.03)


def test_the_end_face_below_the_cut_is_no_surface_of_the_bone() -> None:
    """The rod's foot lies 0.5 mm below the cut: places near the cut are as deep as others."""
    found = rod(RADIUS, STRAIGHT, -0.5)
    sheet = smooth_sheet(Closed(found.points, found.corners, ()), "rod.stl")
    bone = Whole(sheet, Held(above=50.0))
    near = np.array([[0.0, 0.0, 0.5], [7.0, 0.0, 0.2]])
    assert bone.depth(near, 0.0) == pytest.approx([RADIUS, 6.0], abs=5e-3)


def test_the_shell_has_its_thickness_by_level_and_a_core_begins_where_it_is_told() -> None:
    """3 mm at the cut, 2 mm from 40 mm on: at 20 mm the shell's inner side has a radius of 10.5 mm."""
    bone = Bone(73.0, (), core=Core(10.0), outline=whole())
    points = np.array(
        [[10.4, 0.0, 20.0], [10.6, 0.0, 20.0], [0.0, 0.0, 70.5], [0.0, 0.0, 71.5], [0.0, 0.0, 9.0]]
    )
    assert bone.outside_core(points) == pytest.approx([-0.1, 0.1, -0.5, 0.5, 1.0], abs=2e-3)
    assert bone.least_shell == 2.0
    with pytest.raises(GeometryError, match="core needs the thickness"):
        Bone(73.0, (), core=Core(), outline=whole(()))


@pytest.mark.parametrize(("depth", "least"), [(55.0, 6.0), (70.0, 3.0)])
def test_the_least_wall_is_beside_the_reamer_or_above_its_end(depth: float, least: float) -> None:
    """A hole of 7 mm radius in a rod of 13 mm leaves 6 mm; one 3 mm below the top of the ball leaves 3 mm."""
    canal = Canal(Bone(73.0, (), outline=whole()), Reaming(14.0, depth, 7.0))
    assert least_wall(canal).thickness == pytest.approx(least, abs=5e-3)


def test_a_flat_end_of_the_reamer_counts_between_its_edges() -> None:
    """Under a pit, as the fossa is one, bone is thinnest over the middle of a hole's flat end."""
    inward = np.linspace(13.0, 0.0, 12)[1:-1]
    radii = np.r_[np.linspace(0.0, 13.0, 5)[1:-1], np.full(30, 13.0), inward]
    pit = 54.0 + 8.0 * np.sin(np.pi / 2 * inward / 13.0) ** 2
    found = turned(radii, np.r_[np.full(3, -10.0), np.linspace(-10.0, 60.0, 30), pit], 96)
    points = found.points.copy()
    points[-1, 2] = 54.0
    pitted = Whole(smooth_sheet(Closed(points, found.corners, ()), "pit.stl"), Held(above=50.0))
    canal = Canal(Bone(62.0, (), outline=pitted), Reaming(18.0, 51.0, 0.0))
    wall = least_wall(canal)
    assert wall.thickness == pytest.approx(3.0, abs=0.05)
    assert np.hypot(*wall.place[:2]) < 0.5


@pytest.mark.parametrize(("diameter", "depth"), [(27.0, 30.0), (14.0, 76.0)])
def test_a_reamer_that_comes_out_is_refused_with_its_place(diameter: float, depth: float) -> None:
    """By half a millimetre at the side, or by 3 mm through the top."""
    canal = Canal(Bone(73.0, (), outline=whole()), Reaming(diameter, depth, 7.0))
    through = diameter / 2 - RADIUS if depth < 50.0 else depth - 73.0
    assert least_wall(canal).thickness == pytest.approx(-through, abs=0.01)
    with pytest.raises(GeometryError, match=r"breaks through the bone's wall by .* mm at z = "):
        check_wall(canal)


def test_the_bone_that_the_reamer_takes_is_that_of_its_hole() -> None:
    """A hole of 7 mm radius with a rounding of 3 mm, all of it in bone."""
    (taken,) = removed_volumes(Canal(Bone(73.0, (), outline=whole()), REAMED))
    rounded = np.pi * (2 / 3 * 27.0 + np.pi / 2 * 9.0 * 4.0 + 3.0 * 16.0)
    assert taken == pytest.approx(np.pi * 49.0 * 52.0 + rounded, rel=1e-4)


def test_a_sphere_is_fitted_exactly_wherever_it_lies() -> None:
    found = fit_sphere(ball(23.7, (812.0, -431.5, 1290.25))[:300])
    assert found.centre == pytest.approx((812.0, -431.5, 1290.25), abs=1e-8)
    assert found.radius == pytest.approx(23.7, abs=1e-8)
    assert found.off < 1e-8


def test_a_head_is_found_beside_a_trochanter_that_is_higher() -> None:
    """A ball of 23.5 mm at the side, without what the neck covers, and a smaller one above the shaft."""
    centre = np.array([10.0, -42.0, 160.0])
    head = ball(23.5, tuple(centre))
    neck = np.array([10.0, -42.0, 33.0]) / np.linalg.norm([10.0, -42.0, 33.0])
    head = head[(head - centre) @ neck > -0.75 * 23.5]
    shaft = rod(14.0, 150.0, 0.0).points
    greater = ball(13.0, (-6.0, 17.0, 176.0), 600)
    found = find_head(np.concatenate([shaft[shaft[:, 2] > 1.0], greater, head]))
    assert found.centre == pytest.approx(centre, abs=1e-6)
    assert found.radius == pytest.approx(23.5, abs=1e-6)


def test_a_bone_without_a_head_is_refused_with_what_to_state() -> None:
    box = np.random.default_rng(5).uniform([-20.0, -60.0, 100.0], [20.0, 20.0, 180.0], (3000, 3))
    with pytest.raises(GeometryError, match=r"No joint's head is found.*bone\.surface\.held\.above_mm"):
        find_head(box)


def closed_canal() -> ClosedCanal:
    angles, levels = np.linspace(-np.pi, np.pi, 48, endpoint=False), np.linspace(0.0, 60.0, 61)
    return ClosedCanal(fit_outline(angles, levels, np.full((48, 61), 6.0), 12, 15.0), 54.0, 60.0)


def test_a_canal_closes_smoothly_and_its_distance_is_exact_to_first_order() -> None:
    """Radius 6 (q + (1 - q) sqrt(1 - t^2)); the distance of places 1 um off the surface, and far from it."""
    canal = closed_canal()
    level = np.linspace(40.0, 59.99, 200)
    places = canal.places(np.linspace(-3.0, 3.0, 200), level)
    up = np.clip((level - 54.0) / 6.0, 0.0, 1.0)
    across = np.hypot(places[:, 0], places[:, 1])
    assert across == pytest.approx(6.0 * (FLAT + (1 - FLAT) * np.sqrt(1 - up**2)), abs=1e-9)
    assert np.abs(canal.outside(places)).max() < 1e-9
    slope = np.where(up < 1, -(1 - FLAT) * up / np.sqrt(1 - up**2), 0.0)
    normal = (
        np.stack([places[:, 0] / across, places[:, 1] / across, -slope], 1) / np.hypot(1.0, slope)[:, None]
    )
    for off in (1e-3, -1e-3):
        assert canal.outside(places + off * normal) == pytest.approx(off, rel=2e-2)
    assert canal.outside(np.array([[0.0, 0.0, 61.0], [1.0, 0.0, 60.5]])) == pytest.approx([1.0, 0.5], rel=0.1)
    assert (canal.outside(np.array([[0.0, 0.0, z] for z in (0.0, 30.0, 54.5, 59.9)])) < 0).all()


def test_the_distance_to_an_oval_canal_that_widens_as_it_closes_is_exact_to_first_order() -> None:
    """Places 1 um along normals by finite differences of the surface, which know nothing of its slopes."""
    angles, levels = np.linspace(-np.pi, np.pi, 48, endpoint=False), np.linspace(0.0, 60.0, 61)
    radii = 4.0 + 0.4 * np.cos(2 * angles)[:, None] + 0.15 * np.maximum(levels - 40.0, 0.0)[None]
    canal = ClosedCanal(fit_outline(angles, levels, radii, 24, 5.0), 50.0, 60.0)
    angle, level = (a.ravel() for a in np.meshgrid(np.linspace(-3.0, 3.0, 13), np.linspace(44.0, 59.0, 16)))
    round_it, along = (
        canal.places(angle + turn, level + rise) - canal.places(angle - turn, level - rise)
        for turn, rise in ((1e-5, 0.0), (0.0, 1e-5))
    )
    normal = np.cross(round_it, along)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    for off in (1e-3, -1e-3):
        found = canal.outside(canal.places(angle, level) + off * normal)
        np.testing.assert_allclose(found, off, rtol=2e-3)


def test_what_is_held_is_about_the_head_or_above_a_level() -> None:
    points = np.array([[0.0, 0.0, 10.0], [0.0, 24.0, 10.0], [0.0, 26.0, 10.0]])
    about = Held(Head((0.0, 0.0, 10.0), 23.0), 25.0)
    assert about.holds(points) == pytest.approx([25.0, 1.0, -1.0])
    assert Held(above=9.0).holds(points) == pytest.approx([1.0, 1.0, 1.0])
