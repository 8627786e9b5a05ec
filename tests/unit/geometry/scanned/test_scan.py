"""A bone's axis and outline from a triangulated surface, against shapes that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from geometry.axis import Axis
from geometry.errors import GeometryError
from geometry.scanned.scan import fit_scan
from geometry.scanned.shaft import Shaft, find_shaft
from geometry.scanned.slices import Triangles, area_and_centroid, ray_crossings, section
from geometry.scanned.splined import fit_outline
from tests.bodies.scans import FloatArray, as_scanned, joined, shell

LENGTH = 120.0
AROUND, ALONG = 120, 80
TURN = Rotation.from_euler("xyz", [7.0, -9.0, 20.0], degrees=True)
SHIFT = np.array([110.0, -95.0, -900.0])
PROXIMAL, ANTERIOR = TURN.apply([0.05, -0.1, 1.0]), TURN.apply([1.0, 0.1, 0.0])


def bone(angle: FloatArray, level: FloatArray) -> FloatArray:
    """An oval section whose shape changes along the bone; its centroid is on the axis."""
    return 13.0 + (1.0 + 0.01 * level) * np.cos(2 * angle) + 0.4 * np.cos(4 * angle) + 0.01 * level


def canal(angle: FloatArray, level: FloatArray) -> FloatArray:
    return 6.0 + 0.5 * np.cos(2 * angle) + 0.0 * level


def scanned(*surfaces: Triangles) -> Triangles:
    return as_scanned(joined(*surfaces), TURN, SHIFT)


def shaft_of(surface: Triangles, cut: float | None = 10.0, length: float | None = None) -> Shaft:
    return find_shaft(surface, PROXIMAL, ANTERIOR, cut, length)


# ---------------------------------------------------------------------------------------- sections


def test_a_section_has_the_area_and_the_centroid_of_its_polygon_with_the_hole_taken_out() -> None:
    """A 16-gon of radius 10 with a square hole of half diagonal 3, moved off the axis: round-off."""
    outer = shell(lambda a, z: np.full_like(a, 10.0), 0.0, 9.0, 16, 3)
    hole = shell(lambda a, z: np.full_like(a, 3.0), 0.0, 9.0, 4, 3, inward=True)
    hole = Triangles(hole.points + np.array([2.0, 1.0, 0.0]), hole.corners)
    area, centroid = area_and_centroid(section(joined(outer, hole), 4.3))
    whole = 8 * 100.0 * np.sin(np.pi / 8)
    assert area == pytest.approx(whole - 18.0, rel=1e-12)
    assert centroid == pytest.approx(-18.0 * np.array([2.0, 1.0]) / (whole - 18.0), rel=1e-12)


@pytest.mark.parametrize("level", [3.0, 3.0 + 1e-12, 4.5])
def test_levels_through_vertices_are_whole_sections_too(level: float) -> None:
    """Rings of vertices lie at 0, 3, 6, 9: a plane through one of them still gives a closed outline."""
    surface = shell(lambda a, z: np.full_like(a, 10.0), 0.0, 9.0, 16, 3)
    area, _ = area_and_centroid(section(surface, level))
    assert area == pytest.approx(8 * 100.0 * np.sin(np.pi / 8), rel=1e-9)


def test_rays_meet_both_walls_of_a_hollow_bone_in_order() -> None:
    surface = joined(
        shell(lambda a, z: np.full_like(a, 10.0), 0.0, 9.0, 64, 3),
        shell(lambda a, z: np.full_like(a, 4.0), 0.0, 9.0, 64, 3, inward=True),
    )
    for found in ray_crossings(section(surface, 5.0), np.linspace(0.0, 6.0, 17)):
        assert found == pytest.approx([4.0, 10.0], rel=1.3e-3)


# -------------------------------------------------------------------------------------------- axis


def test_the_axis_is_found_wherever_the_scanner_put_the_bone() -> None:
    """Centroids of a symmetric bone lie on its axis, however it is turned: 1e-7."""
    surface = scanned(shell(bone, 0.0, LENGTH, AROUND, ALONG))
    shaft = shaft_of(surface)
    assert shaft.turn[2] == pytest.approx(TURN.apply([0.0, 0.0, 1.0]), abs=1e-7)
    assert shaft.turn @ shaft.turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(shaft.turn) == pytest.approx(1.0)
    assert shaft.turn[0] @ ANTERIOR > 0.99 * np.linalg.norm(ANTERIOR)
    assert TURN.inv().apply(shaft.origin - SHIFT) == pytest.approx([0.0, 0.0, 10.0], abs=1e-6)
    assert shaft.straightness < 1e-6


def test_a_bowed_bone_is_as_far_off_its_axis_as_its_rise() -> None:
    """A parabola of curvature c over 2 h has centroids between -c h^2/3 and 2 c h^2/3 of the line: 5 %."""
    straight = shell(lambda a, z: np.full_like(a, 12.0), 0.0, LENGTH, AROUND, ALONG)
    rise = 3.0 * (1.0 - (2.0 * straight.points[:, 2] / LENGTH - 1.0) ** 2)
    bowed = Triangles(straight.points + np.column_stack([rise, 0 * rise, 0 * rise]), straight.corners)
    shaft = find_shaft(bowed, np.array([0.0, 0, 1]), np.array([1.0, 0, 0]), cut=5.0)
    assert shaft.straightness == pytest.approx(2 * (12.0 / LENGTH**2) * 57.5**2 / 3, rel=0.05)


def test_a_bowed_implant_is_laid_along_the_bow_of_its_bone() -> None:
    """A tube carried onto the implant's own arc is straight in its frame, wherever it lies: 1 um."""
    axis = Axis(900.0)
    straight = shell(lambda a, z: np.full_like(a, 12.0), -10.0, LENGTH, AROUND, ALONG)
    surface = as_scanned(Triangles(axis.bend(straight.points), straight.corners), TURN, SHIFT)
    shaft = find_shaft(surface, PROXIMAL, TURN.apply([1.0, 0.0, 0.0]), 10.0, axis=axis)
    assert shaft.straightness < 1e-3
    assert TURN.inv().apply(shaft.origin - SHIFT) == pytest.approx([0.0, 0.0, 0.0], abs=1e-3)
    seen = surface.moved(shaft.turn, shaft.origin, axis)
    flank = seen.points[(seen.points[:, 2] > 0.0) & (seen.points[:, 2] < 110.0)]
    assert np.hypot(flank[:, 0], flank[:, 1]) == pytest.approx(12.0, abs=2e-3)


def test_the_cut_lies_just_above_the_surface_s_own_end_face_unless_it_is_stated() -> None:
    """The end face is cut across the scanner's axis, 20 degrees off the bone's, 13 mm in radius."""
    straight = shell(lambda a, z: np.full_like(a, 13.0), 0.0, LENGTH, AROUND, ALONG)
    tilted = straight.points.copy()
    tilted[:, 2] += (1.0 - tilted[:, 2] / LENGTH) * np.tan(np.radians(20.0)) * tilted[:, 0]
    surface = Triangles(tilted, straight.corners)
    high = 2 * 13.0 * np.tan(np.radians(20.0))
    shaft = find_shaft(surface, np.array([0.0, 0, 1]), np.array([1.0, 0, 0]))
    assert shaft.cut == pytest.approx(high + 0.5, abs=0.05)
    with pytest.raises(
        GeometryError,
        match=r"cut at 5 mm runs through the surface's own end face, which reaches up to 9\.\d mm",
    ):
        find_shaft(surface, np.array([0.0, 0, 1]), np.array([1.0, 0, 0]), cut=5.0)


def test_a_bone_that_widens_ends_its_shaft_there() -> None:
    """Radius 12 up to 80 mm and then 0.2 mm wider a millimetre: half as much area again after 13.5 mm."""
    surface = shell(lambda a, z: 12.0 + 0.2 * np.maximum(z - 80.0, 0.0), 0.0, LENGTH, 60, 240)
    shaft = find_shaft(surface, np.array([0.0, 0, 1]), np.array([1.0, 0, 0]), cut=10.0)
    assert shaft.length == pytest.approx(70.0 + 12.0 * (np.sqrt(1.5) - 1.0) / 0.2, abs=2.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cut": 500.0}, r"outside the bone, which is 120\.0 mm long"),
        ({"cut": -5.0}, r"own end face"),
        ({"cut": 110.0}, r"The bone has \d+ mm of shaft above the cut"),
        ({"anterior": np.array([0.0, 0.0, 2.0])}, "both are alike"),
    ],
)
def test_what_gives_no_axis_is_refused_in_words(change: dict[str, object], words: str) -> None:
    surface = shell(lambda a, z: np.full_like(a, 12.0), 0.0, LENGTH, 40, 40)
    given = {"proximal": np.array([0.0, 0, 1]), "anterior": np.array([1.0, 0, 0]), "cut": 10.0} | change
    with pytest.raises(GeometryError, match=words):
        find_shaft(surface, **given)  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------- splines


def test_splines_reproduce_what_lies_in_their_space_and_its_slopes() -> None:
    """A cubic in z times a constant round the axis, to round-off; slopes by differences."""
    angles, levels = np.linspace(-np.pi, np.pi, 96, endpoint=False), np.linspace(0.0, 50.0, 51)
    radii = 10.0 + 1e-4 * (levels - 20.0) ** 3 + 0.0 * angles[:, None]
    outline = fit_outline(angles, levels, radii, 24, 10.0)
    level = np.linspace(0.5, 49.5, 40)
    around = np.linspace(-7.0, 7.0, 40)
    assert outline.radius(around, level) == pytest.approx(10.0 + 1e-4 * (level - 20.0) ** 3, abs=1e-11)
    by_angle, by_level = outline.slopes(around, level)
    assert by_angle == pytest.approx(0.0, abs=1e-10)
    assert by_level == pytest.approx(3e-4 * (level - 20.0) ** 2, abs=1e-11)


def test_splines_are_closed_and_smooth_across_the_seam() -> None:
    angles, levels = np.linspace(-np.pi, np.pi, 96, endpoint=False), np.linspace(0.0, 50.0, 51)
    outline = fit_outline(angles, levels, bone(angles[:, None], levels), 32, 10.0)
    level, step = np.full(2, 20.0), 1e-7
    at_seam = np.array([np.pi - step, -np.pi + step])
    assert np.ptp(outline.radius(at_seam, level)) < 1e-6
    assert np.ptp(outline.slopes(at_seam, level)[0]) < 1e-4
    around = np.linspace(-np.pi, np.pi, 50)
    assert outline.radius(around, np.full(50, 31.0)) == pytest.approx(
        bone(around, np.full(50, 31.0)), abs=1e-3
    )


def test_a_grid_too_coarse_for_the_splines_is_refused() -> None:
    angles, levels = np.linspace(-np.pi, np.pi, 30, endpoint=False), np.linspace(0.0, 50.0, 51)
    with pytest.raises(GeometryError, match="need at least 64 rays"):
        fit_outline(angles, levels, np.ones((30, 51)), 32, 10.0)


# -------------------------------------------------------------------------------------------- scan


def test_a_scanned_bone_is_fitted_far_nearer_than_its_triangles() -> None:
    """80 and 120 chords a section miss the curves by 5 and 6 um; their ends do not, nor do the splines."""
    surface = scanned(shell(bone, 0.0, LENGTH, AROUND, ALONG), shell(canal, 0.0, LENGTH, 80, 40, inward=True))
    shaft = shaft_of(surface)
    scan = fit_scan(surface.moved(shaft.turn, shaft.origin), 100.0)
    angle, level = np.linspace(-3.0, 3.0, 60), np.linspace(0.0, 100.0, 60)
    # The frame is turned about the axis by how the anterior direction was stated.
    lean = np.arctan2(*(TURN.inv().apply(shaft.turn[0])[[1, 0]]))
    assert np.abs(scan.outer.radius(angle, level) - bone(angle + lean, level + 10.0)).max() < 5e-4
    assert scan.canal is not None
    assert np.abs(scan.canal.radius(angle, level) - canal(angle + lean, level + 10.0)).max() < 2e-3
    assert scan.closeness.percentile_95 < 2e-4
    assert scan.closeness.largest < 1e-3
    assert scan.closeness.vertices == pytest.approx(AROUND * ALONG * 100.0 / LENGTH, rel=0.03)


def test_a_coarse_triangulation_is_fitted_as_far_as_it_goes() -> None:
    """Rings of 16 points every 15 mm: fewer points than splines, which follow the triangles between them."""
    surface = shell(lambda a, z: np.full_like(a, 13.0), -10.0, 110.0, 16, 8)
    scan = fit_scan(surface, 100.0)
    angle, level = np.linspace(-3.0, 3.0, 60), np.linspace(0.0, 100.0, 60)
    sagitta = 13.0 * (1.0 - np.cos(np.pi / 16))
    assert np.abs(scan.outer.radius(angle, level) - (13.0 - sagitta / 2)).max() < 0.6 * sagitta


def test_closeness_tells_a_bump_that_splines_cannot_follow_and_where() -> None:
    def bumpy(angle: FloatArray, level: FloatArray) -> FloatArray:
        return 13.0 + 1.5 * np.exp(-((angle / 0.03) ** 2) - ((level - 60.0) / 1.0) ** 2)

    surface = shell(bumpy, 0.0, LENGTH, 240, 240)
    closeness = fit_scan(Triangles(surface.points - [0, 0, 10.0], surface.corners), 100.0).closeness
    assert closeness.percentile_95 < 0.01
    assert closeness.largest > 0.5
    assert closeness.place == pytest.approx((14.5, 0.0, 50.0), abs=0.1)


def test_an_overhang_is_refused_with_its_place() -> None:
    """A knob beside the shaft at 60 to 70 mm, anterior: the ray along x leaves the bone twice."""
    knob = shell(lambda a, z: np.full_like(a, 3.0), 60.0, 70.0, 20, 4)
    surface = joined(
        shell(lambda a, z: np.full_like(a, 12.0), 0.0, LENGTH, 60, 60),
        Triangles(knob.points + np.array([20.0, 0.0, 0.0]), knob.corners),
    )
    with pytest.raises(GeometryError, match=r"z = 60\.\d mm \(.*anterior.*\).*meets 3 walls.*overhangs"):
        fit_scan(surface, 100.0)


def test_a_bone_that_ends_before_its_length_is_refused() -> None:
    surface = shell(lambda a, z: np.full_like(a, 12.0), -1.0, 80.0, 60, 60)
    with pytest.raises(GeometryError, match=r"z = 80\.\d* mm .*meets 0 walls"):
        fit_scan(surface, 100.0)
