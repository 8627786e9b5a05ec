"""The same case on every route: condensed, by back-substitutions, by multigrid; and who chooses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fea.errors import SolverError
from fea.model.routes import ROUTES, plan_route
from fea.pipeline import run
from tests.bodies.structured import tube_in_tube
from tests.regression.test_small_femur import CASE, ROOT


@pytest.mark.slow
@pytest.mark.parametrize("route", ["factored", "multigrid"])
def test_the_routes_agree_on_every_judged_quantity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """Verdict, criteria and quantities of a whole run, variants too: 1e-4, the laws are solved to 1e-9.

    A coarse mesh and few instants; what is compared are values that are not all but zero.
    """
    text = CASE.format(root=ROOT, friction=0.5, gap=200.0).replace(
        "instants_per_cycle = 12", "instants_per_cycle = 5"
    )
    text = text.replace("diametral_interference_um = 2.0", "diametral_interference_um = 20.0")
    text = text.replace("interface_size_mm = 5.0", "interface_size_mm = 8.0")
    path = tmp_path / "small.toml"
    path.write_text(text)
    found = {}
    for name in ("direct", route):
        monkeypatch.setenv("OSSEOFIT_ROUTE", name)
        outcome = run(path, tmp_path / name)
        found[name] = json.loads((outcome.folder / "summary.json").read_text())
        assert found[name]["record"]["route"] == ROUTES[name]  # type: ignore[index]
        assert found[name]["balance"]["reaction"] < 1e-6
        assert found[name]["balance"]["residual"] < 1e-8
    direct, other = found["direct"], found[route]
    assert other["verdict"]["primary_stability"] == direct["verdict"]["primary_stability"]
    assert [entry["verdict"] for entry in other["criteria"]] == [e["verdict"] for e in direct["criteria"]]
    compared = 0
    for mine, theirs in zip(other["quantities"], direct["quantities"], strict=True):
        assert mine["name"] == theirs["name"]
        if isinstance(theirs["value"], float) and abs(theirs["value"]) > 0.02:
            assert mine["value"] == pytest.approx(theirs["value"], rel=1e-4), mine["name"]
            compared += 1
    assert compared > 10


def test_the_route_follows_from_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plenty: direct; too little for the compliance: back-substitutions; less: multigrid."""
    mesh = tube_in_tube()
    monkeypatch.delenv("OSSEOFIT_ROUTE", raising=False)
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", "4")
    name, plan = plan_route(mesh, 10)
    assert name == "direct"
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", f"{plan.total - 0.5 * plan.compliance:.9f}")
    assert plan_route(mesh, 10)[0] == "factored"
    monkeypatch.setenv("OSSEOFIT_MEMORY_GB", f"{0.5 * (plan.total - plan.compliance):.9f}")
    assert plan_route(mesh, 10)[0] == "multigrid"


def test_an_unknown_route_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSSEOFIT_ROUTE", "fastest")
    with pytest.raises(SolverError, match=r"'fastest'; choose one of direct, factored, multigrid"):
        plan_route(tube_in_tube(), 1)
