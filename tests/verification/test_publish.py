"""The verification page on answers made up for the purpose: what it says, and when it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.verification import publish
from tests.verification.case import Answer, Case, Check, Profile
from tests.verification.drawing import profile_svg
from tests.verification.page import Outcome, error_of, found_of, gate_of, number, page, seconds_of
from tests.verification.record import record

GOOD = Check("mean pressure, MPa", 75.0, 75.1, 0.005)
BAD = Check("tip displacement, mm", 1.0, 1.1, 0.01)
COURSE = Profile(
    "x, mm", "u, mm", np.linspace(0, 1, 20), np.linspace(0, 1, 20), np.array([0.5]), np.array([0.4])
)


def case(name: str, solve: Callable[[], Answer]) -> Case:
    return Case(name, f"Title of {name}", "a book", False, solve, "What is solved.\n\n    u = x")


def outcome(name: str, *checks: Check, **more) -> Outcome:
    answer = Answer(checks, "12 unknowns", **more)
    return Outcome(case(name, lambda: answer), answer, "", 1.2)


def rows(text: str) -> list[list[str]]:
    """Cells of the table's rows below its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def refuse() -> Answer:
    raise ValueError("no equilibrium\nand more that nobody reads")


# -------------------------------------------------------------------------------------------- the page


def test_a_row_has_the_numbers_of_its_check() -> None:
    (row,) = rows(page([outcome("l_bar", GOOD, order="3 of 3")], 1))
    assert row == ["[l_bar](#l_bar)", "a book", "mean pressure, MPa", "75", "75.1", "0.13 %", "0.5 %", "met",
                   "3 of 3", "12 unknowns", "2"]  # fmt: skip


def test_met_gates_are_counted_at_the_top() -> None:
    assert "All 2 gates of 1 case are met." in page([outcome("l_bar", GOOD, GOOD)], 1)


def test_a_missed_gate_is_told_in_words_and_counted_at_the_top() -> None:
    text = page([outcome("l_bar", GOOD, BAD)], 1)
    assert "**1 of 2 gates of 1 case missed.**" in text[: text.index("##")]
    assert [row[7] for row in rows(text)] == ["met", "**missed**"]


def test_a_number_that_is_none_is_a_missed_gate() -> None:
    text = page([outcome("l_bar", Check("u, mm", 1.0, float("nan"), 0.01))], 1)
    assert rows(text)[0][4:8] == ["nan", "nan %", "1 %", "**missed**"]


def test_a_case_that_fails_is_a_row_and_a_missed_gate() -> None:
    failed = publish.solved(case("l_bad", refuse))
    text = page([outcome("l_bar", GOOD), failed], 2)
    assert "**1 of 2 gates of 2 cases missed.** Not solved: `l_bad`." in text
    row = rows(text)[1]
    assert row[2] == "**failed**: ValueError: no equilibrium"
    assert row[7] == "**missed**"
    assert "nobody reads" not in text


def test_a_case_without_checks_has_failed() -> None:
    assert publish.solved(case("l_none", lambda: Answer((), ""))).missed == 1


def test_cases_stand_under_their_headings_and_unknown_ones_last() -> None:
    text = page([outcome("zz_new", GOOD), outcome("p_a1", GOOD), outcome("l_bar", GOOD)], 3)
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    assert headings == ["Linear elasticity", "Press fits", "Other cases", "Case by case"]
    assert [row[0] for row in rows(text) if row[0].startswith("[")] == [
        "[l_bar](#l_bar)", "[p_a1](#p_a1)", "[zz_new](#zz_new)",
    ]  # fmt: skip


def test_a_note_and_the_problem_in_words_are_on_the_page() -> None:
    text = page([outcome("l_bar", GOOD, note="The mesh is coarse.")], 1)
    assert "What is solved.\n\n    u = x\n\nNote: The mesh is coarse." in text


def test_a_page_of_some_cases_says_so() -> None:
    assert "**This page has 1 of 5 cases.**" in page([outcome("l_bar", GOOD)], 5)


def test_a_bar_in_a_word_does_not_break_the_table() -> None:
    (row,) = rows(page([outcome("l_bar", Check("|traction|, MPa", 75.0, 75.1, 0.005))], 1))
    assert row[2] == "\\|traction\\|, MPa"


# ------------------------------------------------------------------------------------------ the record


def test_the_record_counts_and_has_every_check() -> None:
    found = json.loads(record([outcome("l_bar", GOOD, BAD), publish.solved(case("p_bad", refuse))], 5))
    assert found["counts"] == {"cases": 5, "solved": 1, "failed": 1, "gates": 3, "missed": 2}
    bar, bad = found["cases"]
    assert (bar["title"], bar["source"], bar["group"]) == ("Title of l_bar", "a book", "Linear elasticity")
    assert bar["checks"][0] == {
        "quantity": "mean pressure, MPa", "reference": 75.0, "found": 75.1, "error": 0.0013,
        "error_is_a_bound": False, "gate": 0.005, "relative": True, "passed": True,
    }  # fmt: skip
    assert [check["passed"] for check in bar["checks"]] == [True, False]
    assert (bad["failure"], bad["checks"]) == ("ValueError: no equilibrium", [])


def test_the_record_has_no_nan_and_no_round_off() -> None:
    nan, tiny = Check("u, mm", 1.0, float("nan"), 0.01), Check("residual", 0.0, 3e-14, 1e-10, relative=False)
    text = record([outcome("l_bar", nan, tiny)], 1)
    first, second = json.loads(text)["cases"][0]["checks"]
    assert (first["found"], first["error"], first["passed"]) == (None, None, False)
    assert (second["found"], second["error"], second["error_is_a_bound"]) == (0.0, 1e-12, True)


# ------------------------------------------------------------------------------------------ the numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [(92.7, "92.7"), (-5.38, "-5.38"), (1.110117e-4, "1.11012e-4"), (61776.5, "61776.5"), (3.4e-3, "0.0034"),
     (586080.6, "586081"), (35000.0, "35000"), (0.0, "0"), (1e9, "1e9"), (99.99999, "100")],
)  # fmt: skip
def test_numbers_have_six_digits(value: float, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("found", "gate", "error"),
    [
        (3e-14, 1e-10, "below 1e-12"),
        (0.0, 1e-10, "below 1e-15"),
        (2e-10, 1e-10, "2e-10"),
        (0.5, 0.1, "0.5"),
    ],
)
def test_round_off_is_told_as_a_bound(found: float, gate: float, error: str) -> None:
    check = Check("residual", 0.0, found, gate, relative=False)
    assert error_of(check) == found_of(check) == error


def test_relative_errors_are_percent_however_small() -> None:
    check = Check("u, mm", 2.0, 2.0 + 2e-8, 1e-6)
    assert (error_of(check), gate_of(check)) == ("1e-6 %", "1e-4 %")
    assert error_of(Check("u, mm", 2.0, 2.0 + 2e-12, 1e-6)) == "below 1e-7 %"


def test_errors_in_the_unit_of_the_quantity_are_no_percent() -> None:
    check = Check("order", 3.0, 2.87, 0.3, relative=False)
    assert (error_of(check), gate_of(check)) == ("0.13", "0.3")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.1, "1"), (1.0, "1"), (3.0, "5"), (11.0, "20"), (430.0, "500")]
)
def test_seconds_are_rounded_up_coarsely(seconds: float, words: str) -> None:
    assert seconds_of(seconds) == words


# ------------------------------------------------------------------------------------------ the figures


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_figure_is_the_same_every_time_and_small(logarithmic: bool) -> None:
    x = np.geomspace(0.1, 1.0, 30)
    course = Profile("size, mm", "error", x, x**3, x[::6], 1.1 * x[::6] ** 3, logarithmic)
    drawn = profile_svg("A title", course)
    assert drawn == profile_svg("A title", course)
    assert drawn.startswith("<svg")
    assert len(drawn) < 40_000
    assert "dc:" not in drawn


# ------------------------------------------------------------------------------------------- the program


def run_with(monkeypatch: pytest.MonkeyPatch, cases: list[Case], *arguments: str) -> int:
    monkeypatch.setattr(publish, "all_cases", lambda: iter(cases))
    return publish.main(arguments)


CASES = [
    case("l_bar", lambda: Answer((GOOD,), "12 unknowns", profile=COURSE)),
    case("p_bad", lambda: Answer((BAD,), "12 unknowns")),
]


def test_all_cases_write_the_page_and_its_figures(monkeypatch, tmp_path: Path, capsys) -> None:
    stale = tmp_path / "figures" / "verification" / "gone.svg"
    stale.parent.mkdir(parents=True)
    stale.write_text("<svg/>")
    assert run_with(monkeypatch, CASES[:1], "--docs", str(tmp_path)) == 0
    figures = [path.name for path in stale.parent.iterdir()]
    assert figures == ["l_bar.svg"]
    assert "(figures/verification/l_bar.svg)" in (tmp_path / "verification.md").read_text()
    assert json.loads((tmp_path / "verification.json").read_text())["counts"]["gates"] == 1
    assert not list(tmp_path.rglob("*.part"))
    assert "l_bar" in capsys.readouterr().out


def test_a_missed_gate_is_told_and_ends_with_code_1(monkeypatch, tmp_path: Path, capsys) -> None:
    assert run_with(monkeypatch, CASES, "--docs", str(tmp_path)) == 1
    assert "MISSED  tip displacement, mm: 1.1 for 1, error 10 %, gate 1 %" in capsys.readouterr().out
    assert (tmp_path / "verification.md").exists()


def test_named_cases_write_nothing_unless_asked(monkeypatch, tmp_path: Path) -> None:
    assert run_with(monkeypatch, CASES, "l_bar", "--docs", str(tmp_path)) == 0
    assert not list(tmp_path.iterdir())
    run_with(monkeypatch, CASES, "l_bar", "--write", "--docs", str(tmp_path))
    assert "**This page has 1 of 2 cases.**" in (tmp_path / "verification.md").read_text()


def test_an_unknown_name_is_refused_in_a_sentence(monkeypatch, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        run_with(monkeypatch, CASES, "l_bra")
    assert caught.value.code == 2
    assert "there is no case l_bra; cases are l_bar, p_bad" in capsys.readouterr().err
