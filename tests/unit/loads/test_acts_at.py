"""A load at knee, foot or sensor: what reaches the cut is exact statics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.loading import load_of
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.loads.history import MomentPoint
from fea.loads.wrench import place_of
from fea.post.inputs import case_inputs
from fea.post.outside import load_quantities, load_rows, load_table, moments_at_cut

LOAD = """
schema_version = 1
title = "a constant"
synthetic = true
grade = "D"
source = "made for a test"
body = "implant"
axes = "anterior, lateral, proximal"
sign_convention = "right limb, right-handed moments"
moment_point = {point}
period_s = 1.0
[units]
force = "percent_BW"
moment = "percent_BWm"
[components]
"""
NAMES = ("force_anterior", "force_lateral", "force_proximal")
NAMES += tuple(name.replace("force", "moment") for name in NAMES)
CASE = """
schema_version = 1
title = "A stem in a tube"
[bone]
length_mm = 60.0
material = {{ youngs_modulus_MPa = 17000, poisson_ratio = 0.3 }}
[[bone.station]]
outer_diameter_mm = 28
canal_diameter_mm = 14
[stem]
diameter_mm = 14
length_mm = 60
material = {{ youngs_modulus_MPa = 110000, poisson_ratio = 0.3 }}
[stem.adapter]
length_mm = 90.0
[fit]
friction = 0.3
[supports]
bone_proximal = "clamped"
[activity]
history = "load.toml"
body_weight_N = 100.0
limb_side = "{side}"
instants_per_cycle = 2
{more}
"""
FOOT = '[activity.acts_at]\nplace = "foot"\ndistal_mm = 500\nanterior_mm = 60\nlateral_mm = 25\n'


def case_of(
    folder: Path,
    values: tuple[float, ...],
    more: str = "",
    side: str = "right",
    point: str = '"reference_point"',
) -> Case:
    lines = [f"{name} = [[0, {value}], [100, {value}]]" for name, value in zip(NAMES, values, strict=True)]
    (folder / "load.toml").write_text(LOAD.format(point=point) + "\n".join(lines), encoding="utf-8")
    path = folder / "case.toml"
    path.write_text(CASE.format(side=side, more=more), encoding="utf-8")
    return read_case(path)


def at_cut(case: Case) -> np.ndarray:
    bending, torque = moments_at_cut(load_of(case), case)
    return np.array([bending[0], torque[0]])


def test_an_upward_force_at_the_foot_bends_by_its_offset(tmp_path: Path) -> None:
    # 50 N at 60 mm in front and 25 mm beside the axis: 50 x hypot(60, 25) = 3250 N mm, no torque.
    case = case_of(tmp_path, (0, 0, 50, 0, 0, 0), FOOT)
    assert at_cut(case) == pytest.approx([3.25, 0.0], rel=1e-15, abs=1e-15)


def test_a_forward_force_at_the_foot_bends_by_its_distance_and_twists_by_its_side(tmp_path: Path) -> None:
    # r = (60, -25, -500) mm, F = (10, 0, 0) N: r x F = (0, -5000, 250) N mm.
    case = case_of(tmp_path, (10, 0, 0, 0, 0, 0), FOOT)
    assert at_cut(case) == pytest.approx([5.0, 0.25], rel=1e-14)


def test_without_a_point_the_load_acts_at_the_end_of_the_adapter(tmp_path: Path) -> None:
    case = case_of(tmp_path, (10, 0, 0, 0, 0, 0))
    assert at_cut(case) == pytest.approx([0.9, 0.0], rel=1e-14)
    assert load_of(case).wrenches[0].tolist() == [10.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_a_point_at_the_end_of_the_adapter_changes_nothing(tmp_path: Path) -> None:
    values = (10.0, -3.0, 70.0, 1.5, -2.0, 0.4)
    plain = load_of(case_of(tmp_path, values)).wrenches
    moved = load_of(case_of(tmp_path, values, "[activity.acts_at]\ndistal_mm = 90\n")).wrenches
    assert np.array_equal(plain, moved)


@pytest.mark.parametrize("side", ["right", "left"])
def test_moving_the_point_and_the_moment_with_it_changes_nothing(tmp_path: Path, side: str) -> None:
    force, moment = np.array([10.0, -3.0, 70.0]), np.array([1.5, -2.0, 0.4])
    first, second = np.array([20.0, 8.0, -120.0]), np.array([60.0, 25.0, -500.0])
    # In the right limb's own axes lateral is -y; the cross product is taken there.
    mirror = np.array([1.0, -1.0, 1.0])
    moved = moment + mirror * np.cross(mirror * (first - second), mirror * force) / 1000.0
    table = "[activity.acts_at]\ndistal_mm = {2}\nanterior_mm = {0}\nlateral_mm = {1}\n"
    here = case_of(tmp_path, (*force, *moment), table.format(*first[:2], -first[2]), side)
    there = case_of(tmp_path, (*force, *moved), table.format(*second[:2], -second[2]), side)
    assert load_of(there).wrenches == pytest.approx(load_of(here).wrenches, rel=1e-13, abs=1e-9)


def test_the_other_limb_is_the_mirror_image_of_a_load_at_the_foot(tmp_path: Path) -> None:
    values = (10.0, -3.0, 70.0, 1.5, -2.0, 0.4)
    right = load_of(case_of(tmp_path, values, FOOT)).wrenches
    left = load_of(case_of(tmp_path, values, FOOT, "left")).wrenches
    assert left == pytest.approx(right * [1, -1, 1, -1, 1, -1], rel=1e-14, abs=1e-9)
    point = MomentPoint(-500.0, 60.0, 25.0)
    assert (place_of(point, "right"), place_of(point, "left")) == (
        (60.0, -25.0, -500.0),
        (60.0, 25.0, -500.0),
    )


def test_a_load_file_may_state_the_same_point_itself(tmp_path: Path) -> None:
    values = (10.0, -3.0, 70.0, 1.5, -2.0, 0.4)
    stated = load_of(case_of(tmp_path, values, FOOT)).wrenches
    own = "{ level_mm = -500.0, anterior_mm = 60.0, lateral_mm = 25.0 }"
    case = case_of(tmp_path, values, point=own)
    assert np.array_equal(load_of(case).wrenches, stated)
    assert load_rows(case)[0][1].startswith("point of the load file, 500 mm distal of the cut")


def test_a_load_that_says_where_it_acts_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"activity\.acts_at: the load file takes its moments about a point"):
        case_of(tmp_path, (0, 0, 1, 0, 0, 0), FOOT, point='"cut"')


def test_the_report_says_where_the_load_acts_and_what_reaches_the_cut(tmp_path: Path) -> None:
    case = case_of(tmp_path, (10, 0, 0, 0, 0, 0), FOOT)
    words = dict(load_rows(case))
    assert words["Force and moment of the load file act at"] == (
        "foot, 500 mm distal of the cut, 60 mm anterior, 25 mm to the right"
    )
    assert words["Largest resultant bending moment at the cut"] == "5 N m at 0 % of the activity"
    told = load_table(case)
    assert told is not None
    assert (told["acts_at"], told["acts_at_mm"]) == ("foot", (60.0, -25.0, -500.0))
    assert told["bending_at_cut_Nm"] == pytest.approx([5.0, 5.0], rel=1e-14)
    assert {quantity.name: quantity.error for quantity in load_quantities(case)} == {
        "bending_at_cut_Nm": pytest.approx(0.0, abs=1e-12), "torque_at_cut_Nm": pytest.approx(0.0, abs=1e-12),
    }  # fmt: skip
    values = {entry.name: entry.value for entry in case_inputs(case)}
    assert (values["activity.acts_at.place"], values["activity.acts_at.distal"]) == ("foot", 500.0)


def test_a_peak_between_two_instants_is_the_error_of_what_is_told(tmp_path: Path) -> None:
    # Two instants see 0 and 10 N m; the extremum of the load file, 16 N m, lies between them at 75 %.
    case = case_of(tmp_path, (0, 0, 0, 0, 10, 0))
    assert case.activity is not None
    course = ((0.0, 0.0), (50.0, 10.0), (75.0, 16.0), (100.0, 0.0))
    history = replace(case.activity.history, points=(*case.activity.history.points[:4], course, course))
    found = list(load_quantities(replace(case, activity=replace(case.activity, history=history))))
    assert [quantity.value for quantity in found] == pytest.approx([10.0, 10.0])
    assert [quantity.error for quantity in found] == pytest.approx([6.0, 6.0])
    assert found[0].when == "at 50 % of the activity"
