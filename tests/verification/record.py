"""The verification page for machines: counts, and every check of every case.

Numbers have the digits that the page prints, and errors at the level of round-off are bounds, so that the
record changes where the page does. `osseofit dossier` reads it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from fea import __version__
from fea.provenance import checkout_commit, library_versions
from tests.verification.case import Check
from tests.verification.page import ROUND_OFF, Outcome, bound_of, group_of, seconds_of

SCHEMA_VERSION = 1


def record(outcomes: Sequence[Outcome], cases: int) -> str:
    """Write the record.

    Parameters
    ----------
    outcomes
    cases
        How many cases exist.

    Returns
    -------
    str
        JSON; a number that is not finite is null.
    """
    checks = sum(len(found.answer.checks) if found.answer else 1 for found in outcomes)
    found = {
        "schema_version": SCHEMA_VERSION,
        "program": {"name": "osseofit", "version": __version__, "commit": checkout_commit()},
        "versions": library_versions(),
        "counts": {
            "cases": cases,
            "solved": sum(found.answer is not None for found in outcomes),
            "failed": sum(found.answer is None for found in outcomes),
            "gates": checks,
            "missed": sum(found.missed for found in outcomes),
        },
        "cases": [_case(found) for found in outcomes],
    }
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _case(found: Outcome) -> dict[str, Any]:
    return {
        "name": found.case.name,
        "title": found.case.title,
        "group": group_of(found.case.name),
        "source": found.case.source,
        "mesh": found.answer.mesh if found.answer else "",
        "order": found.answer.order if found.answer else "",
        "note": found.answer.note if found.answer else "",
        "failure": found.failure,
        "seconds_at_most": int(seconds_of(found.seconds)),
        "checks": [_check(check) for check in found.answer.checks] if found.answer else [],
    }


def _check(check: Check) -> dict[str, Any]:
    bound = bound_of(check)
    round_off = check.reference == 0.0 and abs(check.found) < ROUND_OFF[0]
    return {
        "quantity": check.quantity,
        "reference": _rounded(check.reference, 6),
        "found": 0.0 if round_off else _rounded(check.found, 6),
        "error": _rounded(check.error if bound is None else bound, 2),
        "error_is_a_bound": bound is not None,
        "gate": _rounded(check.gate, 2),
        "relative": check.relative,
        "passed": check.passed,
    }


def _rounded(value: float, digits: int) -> float | None:
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None
