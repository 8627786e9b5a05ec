"""Verdicts: limits with error bars, groups, corners, the collar, loss of fixation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fea.case.case import Case
from fea.case.criteria import Criterion
from fea.post.assessment import assess, assess_study
from fea.post.criteria import judge
from fea.post.quantities import VariantResult
from fea.post.quantity import Quantity
from fea.solution import Loss
from fea.study import Study
from tests.unit.post.synthetic import seated_study, synthetic_case, synthetic_study

P95, WALL = "micromotion_p95_um", "least_wall_mm"
LOSS = Loss(2, 68.0, "pull-out along z", (0.0, 0.0, -1.0, 0.0, 0.0, 0.0))


def _criterion(name: str, unit: str, group: str, *, most: tuple[float, float] | None = None,
               least: tuple[float, float] | None = None) -> Criterion:  # fmt: skip
    low, high = most or (None, None), least or (None, None)
    return Criterion(name, name, name, unit, group, *low, *high, "a source", "C1", "")


AT_MOST = _criterion(P95, "um", "primary stability", most=(40.0, 150.0))
AT_LEAST = _criterion(WALL, "mm", "safety", least=(2.0, 1.5))


def _quantity(name: str, value: float, unit: str, error: float | None = 0.0) -> Quantity:
    return Quantity(name, name, value, unit, "somewhere", "once", error=error)


def _case(*criteria: Criterion) -> Case:
    return replace(synthetic_case(), criteria=criteria)


def _corner(
    name: str, interference: float, friction: float, value: float, loss: Loss | None = None
) -> VariantResult:
    inputs = (("fit.coated.diametral_interference_um", interference), ("fit.coated.friction", friction))
    return VariantResult(name, inputs, () if loss else (_quantity(P95, value, "um", None),), loss)


def _corners(values: tuple[float, float, float, float]) -> tuple[VariantResult, ...]:
    """Values at (2.5, 0.3), (2.5, 0.9), (50, 0.3), (50, 0.9)."""
    places = [(2.5, 0.3), (2.5, 0.9), (50.0, 0.3), (50.0, 0.9)]
    return tuple(_corner(f"{place}", *place, value) for place, value in zip(places, values, strict=True))


@pytest.mark.parametrize(
    ("value", "error", "verdict"),
    [
        (30.0, 5.0, "met"),
        (35.0, 5.0, "met"),
        (36.0, 5.0, "not shown"),
        (60.0, 5.0, "not shown"),
        (152.0, 5.0, "not shown"),
        (156.0, 5.0, "not met"),
        (30.0, None, "not shown"),
        (60.0, None, "not shown"),
        (156.0, None, "not met"),
    ],
)
def test_a_limit_from_above(value: float, error: float | None, verdict: str) -> None:
    """Limits 40 and 150; without an error nothing is met, yet what lies beyond is not met."""
    result = judge(AT_MOST, _quantity(P95, value, "um", error), "")
    assert result.verdict == verdict
    assert result.margin == pytest.approx(40 - value)
    assert result.margin_percent == pytest.approx(100 * (40 - value) / 40)
    assert result.sentence.startswith(verdict.capitalize())


@pytest.mark.parametrize(
    ("value", "error", "verdict"),
    [
        (2.5, 0.1, "met"),
        (2.05, 0.1, "not shown"),
        (1.7, 0.1, "not shown"),
        (1.45, 0.1, "not shown"),
        (1.3, 0.1, "not met"),
        (2.5, None, "not shown"),
        (1.3, None, "not met"),
    ],
)
def test_a_limit_from_below(value: float, error: float | None, verdict: str) -> None:
    result = judge(AT_LEAST, _quantity(WALL, value, "mm", error), "")
    assert result.verdict == verdict
    assert result.margin == pytest.approx(value - 2.0)


def test_sentences_say_value_error_and_limit() -> None:
    assert (
        judge(AT_MOST, _quantity(P95, 30.0, "um", 5.0), "").sentence == "Met: 30 um ± 5 um is at most 40 um."
    )
    crossing = judge(AT_LEAST, _quantity(WALL, 2.05, "mm", 0.1), "").sentence
    assert crossing == "Not shown: the error of 2.05 mm ± 0.1 mm crosses the limit (at least 2 mm)."
    between = judge(AT_MOST, _quantity(P95, 60.0, "um", 5.0), "").sentence
    assert between == "Not shown: 60 um ± 5 um lies between the limits 40 and 150 um."
    beyond = judge(AT_LEAST, _quantity(WALL, 1.2, "mm", None), "").sentence
    assert beyond == "Not met: 1.2 mm, error unknown, is less than 1.5 mm."
    unknown = judge(AT_MOST, _quantity(P95, 30.0, "um", None), "").sentence
    assert "not estimated: no companion mesh" in unknown


def test_a_quantity_that_is_missing_shows_nothing() -> None:
    result = judge(AT_MOST, None, "nobody measured it")
    assert (result.verdict, result.margin) == ("not shown", None)
    assert result.sentence == "Not shown: nobody measured it."


def test_a_limit_of_zero_has_a_margin_but_no_percentage() -> None:
    criterion = _criterion("micromotion_area_above_150um_percent", "%", "primary stability", most=(0.0, 0.0))
    result = judge(criterion, _quantity(criterion.quantity, 1.0, "%"), "")
    assert (result.verdict, result.margin, result.margin_percent) == ("not met", -1.0, None)


def test_the_worst_criterion_of_its_group_decides_and_groups_stay_apart() -> None:
    strain = _criterion("bone_tension_strain_percent", "%", "safety", most=(0.5, 0.73))
    quantities = [
        _quantity(P95, 10.0, "um"),
        _quantity(WALL, 1.0, "mm"),
        _quantity(strain.quantity, 0.6, "%"),
    ]
    found = assess(_case(AT_MOST, AT_LEAST, strain), quantities, (), None)
    assert found.stability == "stable"
    assert found.safety == "not met"
    assert len(found.safety_sentences) == 1
    assert found.safety_sentences[0].startswith("least_wall_mm: Not met")


def test_without_criteria_nothing_is_judged() -> None:
    found = assess(_case(), [], (), None)
    assert (found.stability, found.safety) == ("not judged", "not judged")


@pytest.mark.parametrize(("value", "stability"), [(10.0, "stable"), (60.0, "not shown"), (200.0, "unstable")])
def test_primary_stability_follows_its_criteria(value: float, stability: str) -> None:
    assert assess(_case(AT_MOST), [_quantity(P95, value, "um")], (), None).stability == stability


def test_loss_of_fixation_is_unstable_and_says_where_and_how() -> None:
    found = assess(_case(AT_MOST), [], (), LOSS)
    assert found.stability == "unstable"
    assert found.stability_sentences[0] == (
        "Fixation is lost at 68 % of the activity in cycle 2: pull-out along z."
    )
    assert found.criteria[0].sentence == "Not shown: fixation is lost before a cycle can be judged."


def test_loss_in_the_press_fit_has_no_instant() -> None:
    found = assess(_case(AT_MOST), [], (), replace(LOSS, cycle=0))
    assert found.stability_sentences[0] == "Fixation is lost in the press-fit: pull-out along z."


def test_corners_that_agree_with_the_default_change_nothing() -> None:
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], _corners((9, 8, 7, 6)), None)
    assert found.stability == found.nominal_stability == "stable"
    assert found.deciding == ()


def test_the_input_that_decides_is_named_with_both_values() -> None:
    """Interference flips the verdict at either friction; friction alone never does."""
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], _corners((200, 180, 10, 9)), None)
    assert found.stability == "not shown"
    assert found.nominal_stability == "stable"
    assert [decision.key for decision in found.deciding] == ["fit.coated.diametral_interference_um"]
    assert found.deciding[0].values == (2.5, 50.0)
    assert found.deciding[0].verdicts == ("unstable", "stable")
    assert "unstable with 2.5, stable with 50" in found.stability_sentences[0]


def test_friction_decides_where_only_friction_flips() -> None:
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], _corners((200, 9, 180, 9)), None)
    assert [decision.key for decision in found.deciding] == ["fit.coated.friction"]
    assert found.deciding[0].values == (0.3, 0.9)


def test_both_inputs_decide_where_one_corner_alone_differs() -> None:
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], _corners((200, 9, 9, 9)), None)
    assert {decision.key for decision in found.deciding} == {
        "fit.coated.diametral_interference_um",
        "fit.coated.friction",
    }


def test_a_corner_that_comes_loose_counts_as_unstable() -> None:
    corners = (_corner("low", 2.5, 0.5, 0.0, LOSS), _corner("high", 50.0, 0.5, 10.0))
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], corners, None)
    assert found.stability == "not shown"
    assert found.corners[0].sentence.startswith("Fixation is lost at 68 %")


def test_corners_that_agree_against_the_default_leave_nothing_shown() -> None:
    found = assess(_case(AT_MOST), [_quantity(P95, 60.0, "um")], _corners((9, 8, 7, 6)), None)
    assert found.stability == "not shown"
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], _corners((200, 200, 200, 200)), None)
    assert found.stability == "not shown"
    assert "a corner of its uncertain inputs is unstable" in found.stability_sentences[0]


def test_a_default_that_comes_loose_stays_unstable_whatever_the_corners() -> None:
    found = assess(_case(AT_MOST), [], _corners((9, 8, 200, 7)), LOSS)
    assert found.stability == "unstable"
    assert found.stability_sentences[0].startswith("Fixation is lost")


def test_a_corner_carries_the_default_s_error_which_grows_with_the_value() -> None:
    """Default 20 +- 4 um; the corner 35 um has an error of 7 um, which crosses 40 um."""
    found = assess(_case(AT_MOST), [_quantity(P95, 20.0, "um", 4.0)], (_corner("c", 2.5, 0.5, 35.0),), None)
    quantity = found.corners[0].criteria[0].quantity
    assert quantity is not None
    assert quantity.error == pytest.approx(7.0)
    assert found.corners[0].stability == "not shown"
    assert found.stability == "not shown"


@pytest.mark.parametrize(("value", "depends"), [(10.0, False), (200.0, True)])
def test_the_open_collar_is_told_apart_from_the_corners(value: float, *, depends: bool) -> None:
    opened = VariantResult(
        "collar open", (("stem.collar.gap_um", 1e4),), (_quantity(P95, value, "um"),), None
    )
    found = assess(_case(AT_MOST), [_quantity(P95, 10.0, "um")], (opened,), None)
    assert found.depends_on_collar is depends
    assert found.stability == "stable"
    assert any("depends on the collar" in sentence for sentence in found.stability_sentences) is depends


def test_the_synthetic_study_is_stable_and_safe(study: Study) -> None:
    quantities, found = assess_study(study)
    assert (found.stability, found.safety) == ("stable", "met")
    assert len(found.criteria) == len(study.case.criteria)
    assert found.depends_on_collar is False
    assert {result.criterion.quantity for result in found.criteria} <= {entry.name for entry in quantities}


def test_without_a_companion_mesh_nothing_that_depends_on_the_mesh_is_met() -> None:
    _, found = assess_study(synthetic_study(coarse=False))
    verdicts = {result.criterion.quantity: result.verdict for result in found.criteria}
    assert verdicts.pop(WALL) == "met"
    assert set(verdicts.values()) == {"not shown"}


def test_without_an_activity_micromotion_is_not_shown() -> None:
    _, found = assess_study(seated_study())
    assert found.stability == "not shown"
    assert any("the case states no activity" in sentence for sentence in found.stability_sentences)
