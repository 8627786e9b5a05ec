"""Loads: mirror, scale and the invariants of a wrench."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fea.loads.history import History, sample
from fea.loads.wrench import move_wrench, wrench_on_implant

# Loads are stated to a few digits; a millionth of a percent is where they begin.
numbers = st.floats(-1e3, 1e3).map(lambda value: round(value, 6))
wrenches = arrays(np.float64, 6, elements=numbers)
places = st.tuples(numbers, numbers, numbers)
sides = st.sampled_from(["right", "left"])
OTHER = {"right": "left", "left": "right"}
#: Reflection in the sagittal plane of a force and of a moment.
REFLECTION = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])


def power(
    wrench: np.ndarray, point: tuple[float, ...], translation: np.ndarray, rotation: np.ndarray
) -> float:
    """Power of a wrench at a point with the rigid motion u = translation + rotation x position."""
    velocity = translation + np.cross(rotation, point)
    return float(wrench[:3] @ velocity + wrench[3:] @ rotation)


@given(wrenches, st.floats(1, 2000), sides)
def test_the_other_limb_is_the_mirror_image(components: np.ndarray, weight: float, side: str) -> None:
    here = wrench_on_implant(components[None], weight, side)
    there = wrench_on_implant(components[None], weight, OTHER[side])
    assert np.array_equal(here * REFLECTION, there)
    assert np.array_equal(here * REFLECTION * REFLECTION, here)


@given(wrenches, st.floats(1, 2000), st.floats(0.1, 10), sides)
def test_the_wrench_is_proportional_to_body_weight(
    components: np.ndarray, weight: float, factor: float, side: str
) -> None:
    once = wrench_on_implant(components[None], weight, side)
    assert wrench_on_implant(components[None], factor * weight, side) == pytest.approx(factor * once)


@given(wrenches, places, places, wrenches)
def test_moving_a_wrench_keeps_its_power_with_every_rigid_motion(
    wrench: np.ndarray, start: tuple[float, ...], end: tuple[float, ...], motion: np.ndarray
) -> None:
    moved = move_wrench(wrench, start, end)
    before = power(wrench, start, motion[:3], motion[3:])
    # Round-off of products of three numbers up to 1e3, each summed over a few terms.
    assert power(moved, end, motion[:3], motion[3:]) == pytest.approx(before, rel=1e-12, abs=1e-4)


@given(wrenches, places, places)
def test_moving_there_and_back_changes_nothing(
    wrench: np.ndarray, start: tuple[float, ...], end: tuple[float, ...]
) -> None:
    back = move_wrench(move_wrench(wrench, start, end), end, start)
    assert back == pytest.approx(wrench, rel=1e-12, abs=1e-8)


@given(st.lists(st.tuples(st.integers(1, 99), numbers), unique_by=lambda pair: pair[0], max_size=8), numbers)
def test_a_history_never_leaves_the_range_of_its_points(inner: list[tuple[int, float]], ends: float) -> None:
    points = ((0.0, ends), *((float(at), value) for at, value in sorted(inner)), (100.0, ends))
    history = History("made up", "test", "D", "", True, 1.0, None, (points,) * 6)
    _, components = sample(history, 64)
    values = [value for _, value in points]
    assert components.min() >= min(values) - 1e-9
    assert components.max() <= max(values) + 1e-9
