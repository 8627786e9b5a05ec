"""The page of the verification suite: one table, the figures, and what each case is.

Numbers are printed with the digits that a reader can use, and errors at the level of round-off only as a
bound, so that the page stays the same where nothing but round-off has changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.verification.case import Answer, Case, Check

#: Headings by the first letter of the cases' names, in the order of the page.
GROUPS = {
    "l": "Linear elasticity",
    "p": "Press fits",
    "c": "Contact and friction",
    "n": "Surfaces that do not match",
    "s": "Properties that need no reference",
    "e": "Error bars",
    "u": "Uncertainty",
}
OTHERS = "Other cases"

#: Errors below the first, relative to the reference or absolute, are round-off: a bound is printed.
ROUND_OFF = (1e-9, 1e-12, 1e-15)
#: Where the cases stand, seen from the page.
MODULES = "../tests/verification/cases"
#: Where the figures stand, seen from the page.
FIGURES = "figures/verification"

HEAD = ("case", "source", "quantity", "reference", "ours", "error", "gate", "result", "observed order",
        "mesh", "seconds")  # fmt: skip

_PAGE = """# Verification

{count}

This page holds the program against answers that are known without it: closed forms, published benchmarks,
and solutions made by hand, or, where a case says so, its own finer mesh. Contact, stiffness and recovery are
the program's own; some cases bring their own mesh and loads (`tests/bodies`), and the coupled estimate of a
pull-out is a formula. A gate is the largest error that passes.

To repeat it: `make verify` solves every case, writes this page, its figures and the same for programs
(`verification.json`), and runs the other slow tests. `python tests/verification/publish.py NAME` solves
one case and prints it.

It shows that the equations are solved right. It does not show that they are the right equations for a bone:
that is asked in [limits](limits.md). Beside another program: [peer](peer.md).

Errors are shares of the reference where percent stands, else they are in the quantity's unit. Seconds are
rounded up to 1, 2, 5, 10, 20, 50.

{tables}
{figures}
## Case by case

{notes}"""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What solving a case came to.

    Attributes
    ----------
    case
    answer
        None where the case failed.
    failure
        Why it failed, in one line; else empty.
    seconds
        Wall-clock time.
    """

    case: Case
    answer: Answer | None
    failure: str
    seconds: float

    @property
    def missed(self) -> int:
        """Number of missed gates; a case that failed counts as one."""
        return 1 if self.answer is None else sum(not check.passed for check in self.answer.checks)


def page(outcomes: Sequence[Outcome], cases: int) -> str:
    """Write the page.

    Parameters
    ----------
    outcomes
    cases
        How many cases exist; fewer outcomes are told at the top.
    """
    groups = list(_groups(outcomes))
    drawn = [found for _, members in groups for found in members if found.answer and found.answer.profile]
    return _PAGE.format(
        count=count(outcomes, cases),
        tables="\n".join(f"## {heading}\n\n{_table(members)}\n" for heading, members in groups),
        figures="## Figures\n\n" + "\n".join(map(_figure, drawn)) if drawn else "",
        notes="\n".join(_notes(found) for _, members in groups for found in members),
    )


def count(outcomes: Sequence[Outcome], cases: int) -> str:
    """Say how many gates were missed, and whether cases were left out."""
    checks = sum(len(found.answer.checks) if found.answer else 1 for found in outcomes)
    missed = sum(found.missed for found in outcomes)
    of = f"{checks} gates of {len(outcomes)} case{'s' if len(outcomes) > 1 else ''}"
    words = f"**{missed} of {of} missed.**" if missed else f"All {of} are met."
    failed = [f"`{found.case.name}`" for found in outcomes if found.answer is None]
    if failed:
        words += f" Not solved: {', '.join(failed)}."
    if len(outcomes) < cases:
        words += f" **This page has {len(outcomes)} of {cases} cases.**"
    return words


def number(value: float, digits: int = 6) -> str:
    """Print with so many significant digits, with an exponent below a thousandth and from 1e9 on."""
    if not math.isfinite(value) or value == 0.0:
        return f"{value:g}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if -3 <= int(exponent) < 9:
        places = max(digits - 1 - int(exponent), 0)
        words = f"{float(f'{mantissa}e{exponent}'):.{places}f}"
        return words.rstrip("0").rstrip(".") if "." in words else words
    return f"{float(mantissa):g}e{int(exponent)}"


def error_of(check: Check) -> str:
    """Print an error, as a bound where it is round-off and the bound is within the gate."""
    bound = bound_of(check)
    if bound is not None:
        return f"below {_share(bound, check.relative)}"
    return _share(check.error, check.relative)


def bound_of(check: Check) -> float | None:
    """Return the bound that is printed in place of an error of round-off, else None."""
    return min((bound for bound in ROUND_OFF if check.error < bound <= check.gate), default=None)


def gate_of(check: Check) -> str:
    """Print a gate as its error is printed."""
    return _share(check.gate, check.relative)


def _share(value: float, relative: bool) -> str:
    return f"{number(100 * value, 2)} %" if relative else number(value, 2)


def found_of(check: Check) -> str:
    """Print our number; round-off beside a reference of zero is not told digit by digit."""
    if check.reference == 0.0 and abs(check.found) < ROUND_OFF[0]:
        return error_of(check)
    return number(check.found)


def seconds_of(seconds: float) -> str:
    """Round up to 1, 2, 5, 10, 20, 50 and so on."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if seconds <= step:
                return str(step)
        power *= 10


def group_of(name: str) -> str:
    """Return the heading that a case stands under."""
    return GROUPS.get(name.split("_")[0], OTHERS)


def _groups(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes under their headings."""
    heading = {found.case.name: group_of(found.case.name) for found in outcomes}
    for words in (*dict.fromkeys(GROUPS.values()), OTHERS):
        members = [found for found in outcomes if heading[found.case.name] == words]
        if members:
            yield words, members


def _table(members: Sequence[Outcome]) -> str:
    rows = [HEAD, ("---",) * len(HEAD)]
    for found in members:
        rows += _rows(found)
    return "\n".join("| " + " | ".join(_cell(words) for words in row) + " |" for row in rows)


def _rows(found: Outcome) -> Iterator[tuple[str, ...]]:
    """Yield one row a check; what belongs to the whole case stands in the first."""
    name, took = f"[{found.case.name}](#{found.case.name})", seconds_of(found.seconds)
    if found.answer is None:
        failed = f"**failed**: {found.failure}"
        yield name, found.case.source, failed, "", "", "", "", "**missed**", "", "", took
        return
    whole = (name, found.case.source), (found.answer.order, found.answer.mesh, took)
    for check in found.answer.checks:
        result = "met" if check.passed else "**missed**"
        numbers = (number(check.reference), found_of(check), error_of(check), gate_of(check))
        yield *whole[0], check.quantity, *numbers, result, *whole[1]
        whole = ("", ""), ("", "", "")


def _cell(words: str) -> str:
    """Keep a cell in its column."""
    return " ".join(words.split()).replace("|", "\\|")


def _figure(found: Outcome) -> str:
    assert found.answer is not None
    assert found.answer.profile is not None
    profile = found.answer.profile
    shown = f"{profile.y_label} against {profile.x_label}"
    alt = f"{found.case.title}: {shown}; reference as a line, computed values as points"
    caption = f"**{found.case.title}.** {shown[:1].upper()}{shown[1:]}."
    return f"{caption}\n\n![{alt}]({FIGURES}/{found.case.name}.svg)\n"


def _notes(found: Outcome) -> str:
    """Tell a case's problem in the words of its module, and what its numbers need."""
    name = found.case.name
    lines = [
        f"### {name}",
        "",
        f"**{found.case.title}.** Source: {found.case.source}. [Module]({MODULES}/{name}.py).",
    ]
    if found.case.statement:
        lines += ["", found.case.statement]
    if found.answer is None:
        lines += ["", f"**Not solved**: {found.failure}"]
    elif found.answer.note:
        lines += ["", f"Note: {found.answer.note}"]
    return "\n".join([*lines, ""])
