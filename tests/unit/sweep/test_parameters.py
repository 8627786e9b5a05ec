"""Axes on the command line: ranges with both ends, lists, and one sentence for what is neither."""

from __future__ import annotations

import pytest

from fea.sweep.parameters import PARAMETERS, Axis, parse_axis, spaced


def test_a_range_holds_both_ends_and_no_round_off() -> None:
    assert parse_axis("friction", "0.3:0.9:7") == Axis(
        "friction", (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), continuous=True
    )
    assert spaced(0.0, 1.0, 4) == (0.0, 0.3333333333, 0.6666666667, 1.0)


def test_a_list_keeps_its_order() -> None:
    assert parse_axis("interference_um", "20, 5,10") == Axis("interference_um", (20.0, 5.0, 10.0))
    assert parse_axis("interference_pattern", "uniform,distal") == Axis(
        "interference_pattern", ("uniform", "distal")
    )


def test_one_value_is_an_axis() -> None:
    assert parse_axis("body_weight_N", "800") == Axis("body_weight_N", (800.0,))
    assert parse_axis("friction", "0.3:0.3:1") == Axis("friction", (0.3,), continuous=True)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("friction", "0.9:0.3:7", "must rise"),
        ("friction", "0.3:0.3:2", "must rise"),
        ("friction", "0.3:0.9:0", "1 to 1000 values, not 0"),
        ("friction", "0.3:0.9:-2", "1 to 1000 values, not -2"),
        ("friction", "0.3:0.9:1", "a range of one value"),
        ("friction", "0.3:0.9:2000", "1 to 1000 values"),
        ("friction", "0.3:0.9:2.5", "whole number"),
        ("friction", "0.3:0.9", "first:last:number"),
        ("friction", "0.3:0.9:3:4", "first:last:number"),
        ("friction", "a:0.9:3", "must be numbers"),
        ("friction", "a,0.9", "must be a number"),
        ("friction", "", "must be a number"),
        ("friction", "nan", "finite"),
        ("friction", "0.3,inf", "finite"),
        ("friction", "-0.1:0.5:3", "at least 0, not -0.1"),
        ("friction", "0.3,0.3", "stands twice"),
        ("interference_um", "-5,5", "at least 0"),
        ("interference_scale", "0:200:3", "at most 100"),
        ("body_weight_N", "0:900:3", "greater than 0"),
        ("activity", " , ", "one or more"),
    ],
)
def test_what_is_no_axis_says_what_would_be(name: str, text: str, words: str) -> None:
    found = parse_axis(name, text)
    assert isinstance(found, str)
    assert words in found


def test_values_are_printed_with_their_unit() -> None:
    assert PARAMETERS["interference_um"].shown(10.0) == "10 µm"
    assert PARAMETERS["friction"].shown(0.5) == "0.5"
    assert PARAMETERS["interference_scale"].shown(1.5) == "1.5×"
    assert PARAMETERS["activity"].shown("loads/level_walking.toml") == "level walking"
    assert PARAMETERS["friction"].shown(None) == "–"
