"""Solve the verification cases; write docs/verification.md, its figures and docs/verification.json.

Usage: python tests/verification/publish.py [NAMES] [--write] [--docs FOLDER]; ``make verify`` runs it whole.

Without names every case is solved, and the page is written by rename at the end. With names the cases are
solved and printed; ``--write`` then writes a page of these cases alone, which says so.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":  # as a script its own folder stands first on the path
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.path[0] = str(ROOT)

from tests.verification.case import Case, Check, all_cases
from tests.verification.drawing import profile_svg
from tests.verification.page import FIGURES, Outcome, count, error_of, found_of, gate_of, number, page
from tests.verification.record import record


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 1 where a gate is missed, else 0."""
    parser = argparse.ArgumentParser(description="Solve the verification cases and write their page.")
    parser.add_argument("names", nargs="*", help="cases to solve; all of them by default")
    parser.add_argument("--write", action="store_true", help="write the page of the named cases, too")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="folder of the page")
    options = parser.parse_args(arguments)
    every = list(all_cases())
    known = {case.name: case for case in every}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"there is no case {', '.join(unknown)}; cases are {', '.join(known)}")
    chosen = [known[name] for name in dict.fromkeys(options.names)] or every
    outcomes = []
    for case in chosen:
        outcomes.append(solved(case))
        print(line(outcomes[-1]), flush=True)
    print(count(outcomes, len(every)).replace("*", ""))
    if not options.names or options.write:
        print(f"written: {write(outcomes, len(every), options.docs)}")
    return 1 if any(found.missed for found in outcomes) else 0


def solved(case: Case) -> Outcome:
    """Solve a case; a failure is an outcome, for the other cases are to be solved as well."""
    began = time.perf_counter()
    try:
        answer, failure = case.solve(), ""
    except Exception as error:  # whatever stops a case belongs into the table
        words = (str(error).strip().splitlines() or [""])[0]
        answer, failure = None, f"{type(error).__name__}: {words}" if words else type(error).__name__
    if answer is not None and not answer.checks:
        answer, failure = None, "the case gave no check"
    return Outcome(case, answer, failure, time.perf_counter() - began)


def line(found: Outcome) -> str:
    """Say on one line how a case ended, each missed gate with its numbers."""
    name = f"{found.case.name:32s} {found.seconds:7.1f} s  "
    if found.answer is None:
        return f"{name}FAILED  {found.failure}"
    checks = found.answer.checks
    if not found.missed:
        return (
            f"{name}met     {len(checks)} gates, the nearest used {max(_used(check) for check in checks):.0%}"
        )
    missed = (
        f"{check.quantity}: {found_of(check)} for {number(check.reference)}, "
        f"error {error_of(check)}, gate {gate_of(check)}"
        for check in checks
        if not check.passed
    )
    return f"{name}MISSED  {'; '.join(missed)}"


def _used(check: Check) -> float:
    """Share of its gate that an error takes up."""
    return check.error / check.gate if check.gate else 0.0


def write(outcomes: Sequence[Outcome], cases: int, docs: Path) -> Path:
    """Write figures, record and page, each by rename; figures of cases that are gone are removed.

    Parameters
    ----------
    outcomes
    cases
        How many cases exist.
    docs
        Folder of the page.

    Returns
    -------
    Path
        The page.
    """
    figures = docs / FIGURES
    figures.mkdir(parents=True, exist_ok=True)
    drawn = {f"{found.case.name}.svg": found for found in outcomes if found.answer and found.answer.profile}
    for name, found in drawn.items():
        _replace(figures / name, profile_svg(found.case.title, found.answer.profile))
    if len(outcomes) == cases:
        for path in figures.glob("*.svg"):
            if path.name not in drawn:
                path.unlink()
    _replace(docs / "verification.json", record(outcomes, cases))
    written = docs / "verification.md"
    _replace(written, page(outcomes, cases))
    return written


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
