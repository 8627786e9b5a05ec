"""A case with a fail-safe: its load, what report and summary say, its corners."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.criteria import read_criteria
from fea.case.loading import asked_load, device_course, load_of
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.loads.fail_safe import FailSafe
from fea.loads.history import read_history
from fea.loads.wrench import move_wrench
from fea.post.criteria import judge_all
from fea.post.fail_safe import MOST_MARGIN, fail_safe_quantities, fail_safe_sentences, fail_safe_table
from fea.post.inputs import case_inputs
from fea.post.outside import load_quantities, load_rows
from fea.post.plot_fail_safe import fail_safe_plots
from fea.solving import plan_of
from fea.variants import variants_of

CASES = Path(__file__).parents[3] / "cases"


@pytest.fixture(scope="module")
def stumbling() -> Case:
    return read_case(CASES / "femur_fail_safe.toml")


@pytest.fixture(scope="module")
def walking(stumbling: Case) -> Case:
    return with_load(stumbling, "level_walking")


def with_load(case: Case, name: str) -> Case:
    assert case.activity is not None
    history = read_history(CASES / "loads" / f"{name}.toml")
    return replace(case, activity=replace(case.activity, history=history))


def test_the_stumble_makes_it_slip_and_level_walking_does_not(stumbling: Case, walking: Case) -> None:
    slips, rests = device_course(stumbling), device_course(walking)
    assert slips is not None
    assert rests is not None
    assert [release.sense for release in slips.releases] == ["bending", "torque"]
    assert rests.releases == ()


def test_a_limit_above_all_loads_is_the_case_without_it_bit_for_bit(stumbling: Case) -> None:
    high = replace(stumbling, fail_safe=FailSafe(60.0, 1e6, 1e6))
    without = replace(stumbling, fail_safe=None)
    for plan, other in ((plan_of(high), plan_of(without)), (load_of(high), asked_load(stumbling))):
        assert plan.wrenches.tobytes() == other.wrenches.tobytes()
        assert plan.percent.tobytes() == other.percent.tobytes()


def test_the_walked_load_holds_the_limits_at_the_device_and_keeps_the_forces(stumbling: Case) -> None:
    device, load = stumbling.fail_safe, load_of(stumbling)
    assert device is not None
    at_device = move_wrench(load.wrenches, stumbling.reference_point, device.place)[:, 3:]
    assert np.hypot(at_device[:, 0], at_device[:, 1]).max() == pytest.approx(70e3, rel=1e-12)
    assert np.abs(at_device[:, 2]).max() == pytest.approx(8e3, rel=1e-12)
    assert plan_of(stumbling).wrenches.tobytes() == load.wrenches.tobytes()
    # The two limits are reached and left at four instants that the even steps do not hold.
    assert len(load.percent) == 54
    even = np.isin(load.percent, asked_load(stumbling).percent)
    assert even.sum() == 50
    assert load.wrenches[even, :3].tobytes() == asked_load(stumbling).wrenches[:, :3].tobytes()


def test_the_peaks_are_those_that_the_load_file_states(stumbling: Case) -> None:
    # At 20 %: 800 N, %BWm x 8 N m; the posterior 120 N have a lever of 30 mm to the device, 90 to the cut.
    extending, adducting = 8 * 13.375 + 0.120 * 30, 8 * 3.125
    peak = np.hypot(extending, adducting)
    found = {quantity.name: quantity for quantity in fail_safe_quantities(stumbling)}
    assert found["fail_safe_bending_margin"].value == pytest.approx(70 / peak, rel=1e-9)
    assert found["fail_safe_bending_withheld_Nm"].value == pytest.approx(peak - 70, rel=1e-9)
    assert found["fail_safe_torque_margin"].value == pytest.approx(8 / 12, rel=1e-9)
    assert found["fail_safe_margin"].value == pytest.approx(min(60 / peak, 6 / 12), rel=1e-9)
    at_cut = {quantity.name: quantity.value for quantity in load_quantities(stumbling)}
    share = 70 / peak
    arriving = np.hypot(share * extending + 0.120 * 60, share * adducting)
    assert at_cut["bending_at_cut_Nm"] == pytest.approx(arriving, rel=1e-9)
    assert at_cut["torque_at_cut_Nm"] == pytest.approx(8.0, rel=1e-12)


def test_the_report_says_when_in_which_sense_and_how_much(stumbling: Case, walking: Case) -> None:
    told = " ".join(fail_safe_sentences(stumbling))
    assert "limits: bending 70 N m (60 to 80) and torque 8 N m (6 to 10)." in told
    assert (
        "It slips in bending from 11.08 to 29.63 % of the activity, extending: 113.4 N m are asked for"
        in told
    )
    assert "internal rotation: 12 N m are asked for at 20 %, 8 N m pass, 4 N m are withheld." in told
    assert "Context, not judged" in told
    assert "Welke 2013" in told
    told = " ".join(fail_safe_sentences(walking))
    assert "It does not slip in bending: at most 30.2 N m are asked for, at 46 %" in told
    assert "It slips" not in told
    assert fail_safe_sentences(replace(stumbling, fail_safe=None)) == []
    assert "nothing is asked of it" in fail_safe_sentences(replace(stumbling, activity=None))[1]


def test_the_rows_of_the_report_name_no_unit_of_plain_numbers(stumbling: Case) -> None:
    rows = dict(load_rows(stumbling))
    assert rows["Least factor between bending limit and bending asked for"] == "0.617 at 20 % of the activity"
    assert rows["Largest bending that the fail-safe withholds"] == "43.4 N m at 20 % of the activity"


def test_a_left_limb_says_the_same(stumbling: Case) -> None:
    assert stumbling.activity is not None
    left = replace(stumbling, activity=replace(stumbling.activity, limb_side="left"))
    assert fail_safe_sentences(left) == fail_safe_sentences(stumbling)


def test_the_summary_is_plain_and_complete(stumbling: Case) -> None:
    table = fail_safe_table(stumbling)
    assert table is not None
    read = json.loads(json.dumps(table))
    assert read["slips"] is True
    assert (read["bending_limit_Nm"], read["bending_limit_band_Nm"]) == (70.0, [60.0, 80.0])
    assert [release["sense"] for release in read["releases"]] == ["bending", "torque"]
    assert read["margins"]["torque"] == pytest.approx(2 / 3)
    assert fail_safe_table(replace(stumbling, fail_safe=None)) is None


def test_corners_of_limits_are_walked_only_where_the_load_reaches_them(
    stumbling: Case, walking: Case
) -> None:
    names = [variant.name for variant in variants_of(stumbling)]
    assert names[:4] == [
        f"bending limit {one}, torque limit {other}" for one in ("low", "high") for other in ("low", "high")
    ]
    assert variants_of(stumbling)[1].limits == {"bending": 60e3, "torque": 10e3}
    assert [variant.name for variant in variants_of(walking)] == ["collar open"]


def test_inputs_tell_the_limits_with_their_bands(stumbling: Case) -> None:
    found = {entry.name: entry for entry in case_inputs(stumbling)}
    limit = found["fail_safe.bending_limit"]
    assert (limit.value, limit.unit, limit.low, limit.high) == (70.0, "N m", 60.0, 80.0)


def test_a_load_without_moments_has_the_largest_margin_that_is_told(stumbling: Case) -> None:
    still = with_load(stumbling, "rehabilitation_axial")
    found = {quantity.name: quantity.value for quantity in fail_safe_quantities(still)}
    assert found["fail_safe_margin"] == MOST_MARGIN


CRITERIA = """
schema_version = 1
title = "a fail-safe does not slip in level walking"
[[criterion]]
id = "rests"
title = "Fail-safe at rest"
quantity = "fail_safe_margin"
group = "safety"
met_at_least = 1.2
not_met_below = 1.0
source = "made for a test"
grade = "C3"
"""


def test_margins_are_judged_where_a_criterion_names_them(stumbling: Case, walking: Case) -> None:
    criteria = read_criteria(CASES / "criteria" / "fail_safe_at_rest.toml")
    judged = [
        judge_all(replace(case, criteria=criteria), load_quantities(case), None)[0]
        for case in (walking, stumbling)
    ]
    assert [result.verdict for result in judged] == ["met", "not met"]
    # The torque limit may be as low as 6 N m, and level walking asks for 4.
    assert judged[0].sentence == "Met: 1.5 ± 0 is at least 1.25."
    assert judged[1].sentence == "Not met: 0.5 ± 0 is less than 1."


def test_a_criterion_on_what_the_adapter_has_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "criteria.toml").write_text(CRITERIA, encoding="utf-8")
    text = (CASES / "femur_press_fit.toml").read_text(encoding="utf-8")
    text = text.replace('"loads/', f'"{CASES}/loads/').replace(
        '"criteria/primary_stability.toml"', '"criteria.toml"'
    )
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        CaseError, match=r"criterion rests judges a fail-safe; add \[stem\.adapter\.fail_safe\]"
    ):
        read_case(path)
    bending = CRITERIA.replace('"fail_safe_margin"', '"fail_safe_torque_margin"')
    (tmp_path / "criteria.toml").write_text(bending, encoding="utf-8")
    device = "length_mm = 90.0\n[stem.adapter.fail_safe]\ndistal_mm = 60.0\nbending_limit_Nm = 70.0\n"
    path.write_text(text.replace("length_mm = 90.0", device, 1), encoding="utf-8")
    with pytest.raises(
        CaseError, match=r"judges a torque limit; add stem\.adapter\.fail_safe\.torque_limit_Nm"
    ):
        read_case(path)


def test_the_plot_tells_what_is_asked_for_and_the_limits(stumbling: Case) -> None:
    (plot,) = fail_safe_plots(stumbling, "Stumble")
    assert plot.svg.startswith("<svg")
    assert "bending asked for reaches 113 N m at 20 %, limit 70 N m" in plot.alt
    assert fail_safe_plots(replace(stumbling, fail_safe=None), "Stumble") == ()
