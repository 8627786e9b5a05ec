"""The implant's axis: an isometry of every section, and its inverse."""

from __future__ import annotations

import numpy as np
import pytest

from geometry.axis import STRAIGHT, Axis, relative_bow
from geometry.errors import GeometryError

RADIUS = 700.0
BOWED = Axis(RADIUS)


@pytest.fixture
def straight() -> np.ndarray:
    """Places in a bone's reach, also distal of the cut."""
    draw = np.random.default_rng(3)
    return draw.uniform((-20.0, -20.0, -60.0), (20.0, 20.0, 240.0), (200, 3))


def test_straightening_undoes_bending(straight: np.ndarray) -> None:
    np.testing.assert_allclose(BOWED.straighten(BOWED.bend(straight)), straight, atol=1e-10)


def test_a_straight_axis_moves_nothing(straight: np.ndarray) -> None:
    assert STRAIGHT.bend(straight) is straight
    assert STRAIGHT.straighten(straight) is straight
    np.testing.assert_array_equal(STRAIGHT.frames(straight)[0], np.eye(3))


def test_nothing_moves_distal_of_the_cut(straight: np.ndarray) -> None:
    below = straight[straight[:, 2] <= 0]
    np.testing.assert_array_equal(BOWED.bend(below), below)


def test_the_axis_is_an_arc_of_its_radius_tangent_to_z_and_bends_back() -> None:
    along = np.linspace(0.0, 200.0, 9)
    x, y, z = BOWED.bend(np.column_stack([0 * along, 0 * along, along])).T
    np.testing.assert_allclose(np.hypot(x + RADIUS, z), RADIUS, rtol=1e-13)
    np.testing.assert_allclose(np.arctan2(z, x + RADIUS) * RADIUS, along, rtol=1e-12)
    assert (np.diff(x) < 0).all()
    np.testing.assert_array_equal(y, 0.0)


def test_distances_within_a_section_are_kept() -> None:
    draw = np.random.default_rng(5)
    section = np.column_stack([draw.uniform(-15, 15, (30, 2)), np.full(30, 90.0)])
    bent = BOWED.bend(section)
    before = np.linalg.norm(section[:, None] - section[None], axis=-1)
    np.testing.assert_allclose(np.linalg.norm(bent[:, None] - bent[None], axis=-1), before, atol=1e-11)


def test_frames_are_the_directions_in_which_bending_carries_the_axes(straight: np.ndarray) -> None:
    step = 1e-3
    straight = straight[np.abs(straight[:, 2]) > step]
    frames = BOWED.frames(straight)
    for column in range(3):
        ahead = step * np.eye(3)[column]
        moved = BOWED.bend(straight + ahead) - BOWED.bend(straight - ahead)
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        np.testing.assert_allclose(frames[:, :, column], moved, atol=1e-9)


def test_equal_bows_leave_the_bone_straight_in_the_implants_frame() -> None:
    assert relative_bow(1000.0, 1000.0) is None
    assert relative_bow(None, None) is None
    assert relative_bow(1000.0, None) == 1000.0


@pytest.mark.parametrize(("bone", "implant"), [(900.0, 1300.0), (1400.0, 800.0), (None, 1000.0)])
def test_the_relative_bow_is_where_the_bones_arc_stands(bone: float | None, implant: float) -> None:
    """Two arcs tangent at the cut, against the exact distance from the implant's arc."""
    relative = relative_bow(bone, implant)
    assert relative is not None
    along = np.linspace(0.0, 140.0, 15)
    centreline = np.column_stack([0 * along, 0 * along, along])
    exact = Axis(implant).straighten(Axis(bone).bend(centreline))
    found = np.sign(relative) * (np.sqrt(relative**2 - exact[:, 2] ** 2) - abs(relative))
    bound = exact[:, 2] ** 4 / (4 * min(implant, bone or implant) ** 3)
    assert (np.abs(found - exact[:, 0]) <= bound + 1e-12).all()
    assert np.abs(exact[-1, 0]) > 20 * bound[-1]


@pytest.mark.parametrize("radius", [0.0, -900.0, 150.0, np.nan, np.inf])
def test_a_radius_that_is_no_bow_is_refused(radius: float) -> None:
    with pytest.raises(GeometryError, match="bow radius must be at least 200 mm"):
        Axis(radius)
