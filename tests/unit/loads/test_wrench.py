"""From percent of body weight to N and N mm in implant axes."""

from __future__ import annotations

import numpy as np
import pytest

from fea.loads.history import History
from fea.loads.wrench import load_cycle, move_wrench, wrench_on_implant

COMPONENTS = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])


def test_a_right_limb_has_its_lateral_side_at_minus_y() -> None:
    wrench = wrench_on_implant(COMPONENTS, 100.0, "right")
    assert wrench.tolist() == [[1.0, -2.0, 3.0, 4000.0, -5000.0, 6000.0]]


def test_a_left_limb_is_the_mirror_image() -> None:
    wrench = wrench_on_implant(COMPONENTS, 100.0, "left")
    assert wrench.tolist() == [[1.0, 2.0, 3.0, -4000.0, -5000.0, -6000.0]]


def test_a_percent_of_body_weight_times_metre_is_what_it_says() -> None:
    # Frossard et al. 2021: 88 N m are 11 %BWm, hence a body weight of 800 N.
    wrench = wrench_on_implant(np.array([[0, 0, 0, 11.0, 0, 0]]), 800.0, "right")
    assert wrench[0, 3] == pytest.approx(88e3)


def test_another_side_is_refused() -> None:
    with pytest.raises(KeyError):
        wrench_on_implant(COMPONENTS, 100.0, "both")


def test_a_force_in_front_of_the_axis_bends_backwards_about_it() -> None:
    # 1 N upwards at x = 10 mm: r x F = (10, 0, 0) x (0, 0, 1) = (0, -10, 0).
    moved = move_wrench(np.array([0, 0, 1.0, 0, 0, 0]), (10.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    assert moved.tolist() == [0.0, 0.0, 1.0, 0.0, -10.0, 0.0]


@pytest.mark.parametrize("side", ["right", "left"])
def test_flexion_moves_the_distal_end_forwards_and_adduction_towards_the_midline(side: str) -> None:
    distal = np.array([0.0, 0.0, -1.0])
    midline = {"right": 1.0, "left": -1.0}[side]
    flexion = wrench_on_implant(np.array([[0, 0, 0, 0, 1.0, 0]]), 1.0, side)[0, 3:]
    adduction = wrench_on_implant(np.array([[0, 0, 0, 1.0, 0, 0]]), 1.0, side)[0, 3:]
    rotation = wrench_on_implant(np.array([[0, 0, 0, 0, 0, 1.0]]), 1.0, side)[0, 3:]
    assert np.cross(flexion, distal)[0] > 0
    assert np.cross(adduction, distal)[1] * midline > 0
    assert np.cross(rotation, [1.0, 0.0, 0.0])[1] * midline > 0


def history(level: float | None) -> History:
    constant = [((0.0, value), (100.0, value)) for value in COMPONENTS[0].tolist()]
    return History("a constant", "test", "D", "", True, 1.0, level, tuple(constant))


def test_a_cycle_about_the_reference_point_is_taken_as_it_is() -> None:
    cycle = load_cycle(history(None), 100.0, "right", 4, (0.0, 0.0, -90.0))
    assert cycle.percent.tolist() == [0.0, 25.0, 50.0, 75.0]
    assert cycle.wrenches[2] == pytest.approx(wrench_on_implant(COMPONENTS, 100.0, "right")[0])


def test_a_cycle_about_the_cut_is_moved_once_to_the_reference_point() -> None:
    # r = cut - reference point = (0, 0, 90) mm, r x F = (-90 F_y, 90 F_x, 0).
    stated = wrench_on_implant(COMPONENTS, 100.0, "right")[0]
    cycle = load_cycle(history(0.0), 100.0, "right", 4, (0.0, 0.0, -90.0))
    expected = stated + np.array([0, 0, 0, -90.0 * stated[1], 90.0 * stated[0], 0])
    assert cycle.wrenches[0] == pytest.approx(expected)


def in_newtons(units: tuple[str, str]) -> History:
    constant = tuple(((0.0, value), (100.0, value)) for value in COMPONENTS[0].tolist())
    return History("a constant", "test", "D", "", True, 1.0, None, constant, units=units)


@pytest.mark.parametrize(("moment", "scale"), [("N_mm", 1.0), ("N_m", 1000.0)])
def test_a_history_in_newtons_is_taken_as_it_is_and_hangs_on_no_body_weight(
    moment: str, scale: float
) -> None:
    for weight in (None, 800.0):
        cycle = load_cycle(in_newtons(("N", moment)), weight, "right", 4, (0.0, 0.0, -11.0))
        expected = [1.0, -2.0, 3.0, 4.0 * scale, -5.0 * scale, 6.0 * scale]
        assert cycle.wrenches.tolist() == [expected] * 4


def test_a_history_in_newtons_is_mirrored_for_a_left_limb_as_any_other() -> None:
    cycle = load_cycle(in_newtons(("N", "N_mm")), None, "left", 2, (0.0, 0.0, 0.0))
    assert cycle.wrenches[0].tolist() == [1.0, 2.0, 3.0, -4.0, -5.0, -6.0]


def test_percent_of_a_body_weight_and_its_newtons_are_the_same_load() -> None:
    relative = load_cycle(history(None), 800.0, "right", 4, (0.0, 0.0, -90.0)).wrenches
    scaled = tuple(
        tuple((at, 8.0 * value) for at, value in course) for course in in_newtons(("N", "N_m")).points
    )
    absolute = History("the same", "test", "D", "", True, 1.0, None, scaled, units=("N", "N_m"))
    np.testing.assert_allclose(
        load_cycle(absolute, None, "right", 4, (0.0, 0.0, -90.0)).wrenches, relative, rtol=1e-15
    )
