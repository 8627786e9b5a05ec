"""What a sweep concludes: verdicts, bands, and the answer in words, all of its samples alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from fea.case.case import Case
from fea.sweep.answer import answer_of
from fea.sweep.results import Sweep, judge_sweep
from tests.unit.sweep.conftest import MakeSweep, walked


def test_each_sample_has_the_verdict_of_its_closed_form(sweep: Sweep) -> None:
    """20 um / (friction x interference): below 40 stable, then not met by its area, lost beyond 500.

    The error is 1.25 x 0.02 / 0.5 = 5 % of each value, and no sample lies within 5 % of a limit.
    """
    grid = product((0.0, 0.01, 0.1, 0.3, 0.5, 0.9), (0.5, 1.0, 2.0, 10.0))
    for result, (friction, interference) in zip(sweep.asked, grid, strict=True):
        holds = friction * interference
        if holds == 0.0:
            expected = "not solved"
        elif 20.0 / holds > 500.0:
            expected = "fixation lost"
        else:
            expected = "unstable" if 20.0 / holds >= 40.0 else "stable"
        assert result.verdict == expected, result


def test_a_sample_that_lost_its_fixation_has_no_micromotion_and_is_not_dropped(sweep: Sweep) -> None:
    lost = [result for result in sweep.results if result.verdict == "fixation lost"]
    assert lost
    for result in lost:
        assert result.number_of("micromotion_p95_um") is None
        assert result.number_of("mean_pressure_coated_MPa") is not None
        assert "turning about the axis" in result.sentence
    assert sum(sweep.counts.values()) == 24


def test_bands_are_least_median_and_most_over_the_samples_that_have_the_quantity(
    make_sweep: MakeSweep,
) -> None:
    sweep = make_sweep(friction="0.2,0.4,0.5,1", interference_um="10")
    (band,) = (band for band in sweep.bands if band.name == "micromotion_p95_um")
    assert (band.least, band.middle, band.most) == pytest.approx((2.0, 4.5, 10.0), rel=1e-12)
    assert band.at_least.sample.get("friction") == 1.0
    assert band.at_most.sample.get("friction") == 0.2
    assert (band.stated, band.samples) == (pytest.approx(4.0), 4)


def test_the_answer_names_the_least_friction_that_is_enough_everywhere_and_at_the_stated_value(
    make_sweep: MakeSweep,
) -> None:
    sweep = make_sweep(friction="0.02,0.06,0.15,0.3", interference_um="5,10,20")
    answer = answer_of(sweep)
    assert answer.sentence == (
        "Stable from friction 0.15 up at every diametral interference of the sweep; at the stated diametral"
        " interference 10 µm stable from friction 0.06 up."
    )
    assert [found.value for found in answer.thresholds] == [0.15, 0.06, 0.06]


def test_where_no_friction_is_enough_everywhere_the_answer_says_so(make_sweep: MakeSweep) -> None:
    answer = answer_of(make_sweep(friction="0.02,0.06", interference_um="0.5,10"))
    assert answer.sentence == (
        "No friction of the sweep is enough at every diametral interference; at the stated diametral"
        " interference 10 µm stable from friction 0.06 up."
    )


@pytest.mark.parametrize(
    ("friction", "words"),
    [
        ("0.5,0.9", "Every one of the 2 samples is stable."),
        ("0.001,0.002", "None of the 2 samples is stable."),
        ("0.02,0.5", "Stable from friction 0.5 up."),
    ],
)
def test_one_parameter_has_a_plain_answer(make_sweep: MakeSweep, friction: str, words: str) -> None:
    assert answer_of(make_sweep(friction=friction, interference_um="10")).sentence == words


def test_without_a_companion_mesh_nothing_is_shown_stable_and_the_page_says_why(
    case: Case, sweep: Sweep
) -> None:
    bare = replace(case, mesh=replace(case.mesh, companion=False))
    told = walked(sweep.design)
    rows = tuple(replace(row, coarse=None) for row in told.rows)
    found = judge_sweep(bare, replace(told, rows=rows))
    assert "stable" not in found.counts
    assert any("companion = true" in note for note in found.notes)


def test_a_case_without_criteria_is_told_by_its_fixation(case: Case, sweep: Sweep) -> None:
    found = judge_sweep(replace(case, criteria=()), walked(sweep.design))
    assert set(found.counts) == {"not judged", "fixation lost", "not solved"}
    answer = answer_of(found)
    assert answer.goal == "fixed"
    assert "keep their fixation" in answer.counts
