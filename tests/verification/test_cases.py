"""Every verification case within its gates; the slow ones under `make verify` only."""

from __future__ import annotations

import pytest

from tests.verification.case import Case, all_cases


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[pytest.mark.slow] if case.slow else []) for case in all_cases()],
)
def test_case_is_within_its_gates(case: Case) -> None:
    missed = [
        f"{check.quantity}: {check.found:.7g} for {check.reference:.7g}, error {check.error:.2e}, "
        f"gate {check.gate:.2e}"
        for check in case.solve().checks
        if not check.passed
    ]
    assert not missed, "; ".join(missed)
