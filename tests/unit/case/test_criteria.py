"""Criteria as data."""

from __future__ import annotations

from pathlib import Path

from fea.case.criteria import GROUPS, QUANTITIES, read_criteria

FILE = Path(__file__).parents[3] / "cases" / "criteria" / "primary_stability.toml"


def test_the_criteria_name_judged_quantities_in_their_units() -> None:
    criteria = read_criteria(FILE)
    assert {criterion.group for criterion in criteria} == set(GROUPS)
    for criterion in criteria:
        assert criterion.unit == QUANTITIES[criterion.quantity]


def test_a_limit_that_nobody_read_is_called_an_assumption() -> None:
    for criterion in read_criteria(FILE):
        assumed = criterion.source == "engineering assumption (general knowledge of the field, not read)"
        assert assumed == criterion.grade.startswith("C")


def test_between_its_two_limits_a_criterion_is_not_shown_and_without_a_second_there_is_no_between() -> None:
    criteria = {criterion.id: criterion for criterion in read_criteria(FILE)}
    percentile = criteria["micromotion_percentile"]
    assert (percentile.met_at_most, percentile.not_met_above) == (40.0, 150.0)
    assert (percentile.met_at_least, percentile.not_met_below) == (None, None)
    wall = criteria["least_wall"]
    assert (wall.met_at_least, wall.not_met_below) == (2.0, 2.0)
    hoop = criteria["insertion_hoop_stress"]
    assert (hoop.met_at_most, hoop.not_met_above) == (51.0, 51.0)
