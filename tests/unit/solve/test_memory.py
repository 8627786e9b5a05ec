"""Memory is planned before it is taken, and a plan that does not fit is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.errors import SolverError
from fea.solve import pardiso
from fea.solve.backends import BACKENDS, condense
from fea.solve.memory import MemoryPlan, available_GB, plan_memory
from tests.unit.solve.test_backends import body, here


def test_the_plan_grows_with_unknowns_interface_and_instants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", "8")
    small, large = plan_memory(100_000, 3_000), plan_memory(800_000, 6_000, 50)
    assert large.factor == pytest.approx(16 * small.factor)
    assert large.compliance == pytest.approx(4 * small.compliance)
    assert (small.fields, large.fields > 0) == (0, True)
    assert (small.fits, large.fits) == (True, False)
    assert small.available == 8


def test_the_factor_may_fit_where_the_compliance_does_not() -> None:
    plan = MemoryPlan(matrices=1, factor=2, compliance=3, fields=1, available=5)
    assert (plan.fits, plan.factor_fits) == (False, True)
    assert plan.with_factor(0.5).total == pytest.approx(5.5)
    assert "2.00 GB (estimated)" in plan.sentence()
    assert "0.50 GB (counted)" in plan.with_factor(0.5).sentence()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_factorisation_that_does_not_fit_is_refused_in_one_sentence(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(backend)
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", "1e-6")
    with pytest.raises(SolverError, match=r"does not fit into memory.*OSSEOFIT_MEMORY_GB") as caught:
        condense(*body(), backend)
    assert caught.value.record["available_GB"] == pytest.approx(1e-6)


def test_pardiso_counts_its_factor_before_it_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count stands in the plan; where it is what does not fit, nothing is factored."""
    here("pardiso")
    plan = condense(*body(), "pardiso").plan
    assert plan.counted
    assert plan.factor > 0
    estimate = plan_memory(600, 40)
    assert plan.factor > estimate.factor
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", str(0.5 * (plan.total + estimate.total)))
    monkeypatch.setattr(pardiso, "_FACTOR", -99)
    with pytest.raises(SolverError, match="counted"):
        condense(*body(), "pardiso")


def test_the_machine_and_the_control_group_say_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OSSEOFIT_MEMORY_GB", raising=False)
    assert available_GB(tmp_path) == float("inf")
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n")
    assert available_GB(tmp_path) == pytest.approx(8.192)
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("1000000000\n")
    assert available_GB(tmp_path) == pytest.approx(8.192)
    (group / "memory.max").write_text("4000000000\n")
    assert available_GB(tmp_path) == pytest.approx(3.0)
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", "much")
    with pytest.raises(SolverError, match="'much'"):
        available_GB()
