"""A segment of the jaw, and outlines in general."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.core import Core
from geometry.errors import GeometryError
from geometry.jaw import Jaw, RoundedTrapezoid
from geometry.outline import Outline
from geometry.reaming import Reaming
from geometry.wall import check_wall, outer_distance

JAW = Jaw(14.0, 20.0, 9.0, 12.0, 1.5, 1.8, 1.6, 2.5, shift=0.4)


def jaw(**changed) -> Jaw:
    stated = {
        "length": 14.0, "height": 20.0, "crest_width": 9.0, "base_width": 12.0, "edge_radius": 1.5,
        "crest": 1.8, "side": 1.6, "base": 2.5,
    }  # fmt: skip
    return Jaw(**(stated | changed))


class Ellipse(Outline):
    """An ellipse as an outline, tapered along the axis."""

    a, b, taper = 9.0, 6.0, 0.05

    def radius(self, angle, level):
        shape = self.a * self.b / np.hypot(self.b * np.cos(angle), self.a * np.sin(angle))
        return (1 + self.taper * level / self.a) * shape

    def slopes(self, angle, level):
        step = 1e-6
        turned = self.radius(angle + step, level) - self.radius(angle - step, level)
        raised = self.radius(angle, level + step) - self.radius(angle, level - step)
        return turned / (2 * step), raised / (2 * step)


def boundary(section: RoundedTrapezoid, count: int = 4001):
    """Points of a section's outline by its definition: all that lies r from the moved polygon."""
    r = section.rounding
    corners = section.inset(r, r, r, 0.0).corners
    pieces = []
    for k in range(4):
        a, b = corners[k], corners[(k + 1) % 4]
        ahead = (b - a) / np.linalg.norm(b - a)
        out = np.array([ahead[1], -ahead[0]])
        after = corners[(k + 2) % 4] - b
        out_after = np.array([after[1], -after[0]]) / np.linalg.norm(after)
        share = np.linspace(0, 1, count)[:, None]
        pieces.append(a + share * (b - a) + r * out)
        turn = np.arctan2(*out[::-1]) + share * np.remainder(
            np.arctan2(*out_after[::-1]) - np.arctan2(*out[::-1]), math.tau
        )
        pieces.append(b + r * np.hstack([np.cos(turn), np.sin(turn)]))
    return np.concatenate(pieces)


def test_the_signed_distance_of_a_section_is_that_to_its_outline() -> None:
    rng = np.random.default_rng(3)
    y, z = rng.uniform(-8, 8, 300), rng.uniform(-3, 23, 300)
    found = JAW.section.outside(y, z)
    near = np.min(
        np.hypot(y[:, None] - boundary(JAW.section)[:, 0], z[:, None] - boundary(JAW.section)[:, 1]), axis=1
    )
    # The outline's samples lie at most 5 um apart.
    assert (near >= np.abs(found) - 1e-9).all()
    assert (near <= np.hypot(found, 2.5e-3) + 1e-9).all()


def test_half_widths_lie_on_the_outline() -> None:
    level = np.linspace(0.0, 20.0, 81)
    width = JAW.section.half_width(level)
    np.testing.assert_allclose(JAW.section.outside(width, level), 0.0, atol=1e-9)


def test_the_radius_leaves_by_a_side_or_by_a_cut_and_lies_on_the_surface() -> None:
    angle, level = np.linspace(0.01, 6.2, 60), np.linspace(2.0, 17.0, 60)
    radius = JAW.radius(angle, level)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), level], axis=1)
    np.testing.assert_allclose(JAW.outside(points), 0.0, atol=1e-9)


def test_slopes_are_the_derivatives_of_the_radius() -> None:
    angle, level = np.array([0.1, 1.2, 1.8, 3.3, 4.9]), np.array([3.0, 5.0, 9.0, 12.0, 17.0])
    by_angle, by_level = JAW.slopes(angle, level)
    step = 1e-5
    turned = (JAW.radius(angle + step, level) - JAW.radius(angle - step, level)) / (2 * step)
    raised = (JAW.radius(angle, level + step) - JAW.radius(angle, level - step)) / (2 * step)
    np.testing.assert_allclose(by_angle, turned, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(by_level, raised, rtol=1e-4, atol=1e-6)


def test_the_depth_is_the_distance_to_sides_base_and_cuts_but_not_to_the_crest() -> None:
    points = np.array([[0, 0.4, 0.5], [0, 0.4, 18.0], [6.5, 0.4, 10.0], [0.0, 5.4, 10.0], [0, 9.0, 10.0]])
    lean = math.hypot(1.0, 1.5 / 20)
    side = (4.5 + 1.5 * 10 / 20 - 5.0) / lean
    expected = [math.nan, 2.0, 0.5, side, (4.5 + 0.75 - 8.6) / lean]
    found = JAW.depth(points, 20.0)
    np.testing.assert_allclose(found[1:], expected[1:], atol=1e-9)
    # Under the crest the nearest place is on the rounded edge or the side, not the flat above.
    edge = boundary(JAW.section)
    edge = edge[(edge[:, 1] > 1e-9) & (edge[:, 1] < 19.9)]
    assert found[0] == pytest.approx(float(np.hypot(edge[:, 0], edge[:, 1] - 0.5).min()), abs=1e-3)


def test_the_core_is_the_section_less_the_shell_of_each_face() -> None:
    points = np.array([[0.0, 0.4, 1.8], [0.0, 0.4, 17.5]])
    np.testing.assert_allclose(JAW.outside_core(points), 0.0, atol=1e-12)
    middle = np.array([[0.0, 0.4, 10.0]])
    wide = 4.5 + 1.5 * 10 / 20 - 1.6 * math.hypot(1.0, 1.5 / 20)
    at_border = middle + np.array([[0.0, wide, 0.0]])
    assert JAW.outside_core(at_border)[0] == pytest.approx(0.0, abs=1e-12)


def test_the_long_axis_of_the_jaw_s_bone_runs_along_the_arch() -> None:
    frames = Bone(20.0, (), core=Core(), outline=JAW).material_frames(np.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_array_equal(frames[0], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert np.linalg.det(frames[0]) == 1.0


@pytest.mark.parametrize(
    ("shift", "depth", "place"),
    [(4.0, 10.0, "left|right"), (0.0, 21.0, "z = 2")],
)
def test_a_drill_through_a_side_or_the_base_is_refused_with_its_place(shift, depth, place) -> None:
    bone = Bone(20.0, (), core=Core(), outline=jaw(shift=shift))
    with pytest.raises(GeometryError, match="breaks through the bone's wall") as caught:
        check_wall(Canal(bone, Reaming(4.0, depth, 1.0)))
    assert any(part in str(caught.value) for part in place.split("|"))


def test_the_least_wall_of_a_drill_in_the_jaw_is_that_beside_it_or_under_it() -> None:
    bone = Bone(20.0, (), core=Core(), outline=jaw(edge_radius=0.0))
    assert check_wall(Canal(bone, Reaming(4.0, 10.0, 1.0))).thickness == pytest.approx(
        2.5 / math.hypot(1.0, 1.5 / 20), abs=1e-3
    )
    assert check_wall(Canal(bone, Reaming(4.0, 19.0, 1.0))).thickness == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"edge_radius": 5.0}, "edge radius must lie between"),
        ({"crest": 18.0}, "fill the jaw's height"),
        ({"side": 4.7}, "fill the jaw's width"),
        ({"length": 0.0}, "must be positive"),
    ],
)
def test_a_segment_that_cannot_be_is_refused(changed, part) -> None:
    with pytest.raises(GeometryError, match=part):
        jaw(**changed)


def test_a_jaw_has_neither_stations_nor_a_bow() -> None:
    with pytest.raises(GeometryError, match="is straight and has no stations"):
        Bone(20.0, (Station(0.0, 9.0, 9.0, 3.0, 3.0),), outline=JAW)
    with pytest.raises(GeometryError, match="no one thickness"):
        Bone(20.0, (), core=Core(), outline=JAW).thickened(0.5)


def test_an_outline_s_distance_is_that_to_the_nearest_place() -> None:
    outline, rng = Ellipse(), np.random.default_rng(4)
    points = rng.uniform([-5, -4, 1], [5, 4, 19], (20, 3))
    turn, level = np.meshgrid(np.linspace(0, math.tau, 721), np.linspace(0, 20, 401))
    radius = outline.radius(turn.ravel(), level.ravel())
    surface = np.stack([radius * np.cos(turn.ravel()), radius * np.sin(turn.ravel()), level.ravel()], axis=1)
    brute = np.array([np.linalg.norm(surface - point, axis=1).min() for point in points])
    bone = Bone(20.0, (), outline=outline)
    np.testing.assert_allclose(outer_distance(bone, points), brute, atol=2e-3)
    assert (outer_distance(bone, points) <= brute + 1e-9).all()


def test_an_outline_tells_inside_from_outside_and_distances_beside_it() -> None:
    outline = Ellipse()
    angle, level = np.linspace(0, 6, 40), np.linspace(1, 19, 40)
    radius = outline.radius(angle, level)
    for off in (-1e-3, 1e-3):
        points = np.stack([(radius + off) * np.cos(angle), (radius + off) * np.sin(angle), level], axis=1)
        found = outline.outside(points)
        assert (np.sign(found) == np.sign(off)).all()
        assert (np.abs(found) <= abs(off) * (1 + 1e-6)).all()
