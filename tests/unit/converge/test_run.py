"""Meshes are kept as soon as they are solved, and taken up again as long as nothing changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fea import cli
from fea.cache import Cache
from fea.case.case import Case
from fea.converge import run
from fea.converge.request import Meshes, meshes_of
from fea.converge.results import ConvergenceStudy
from fea.converge.run import solve_meshes, solved_digest
from fea.converge.solved import read_solved, write_solved
from fea.errors import CaseError, SolverError
from fea.progress import Clock
from fea.solving import Tools
from tests.unit.converge.conftest import LOSS, ROOT, solved

CASE = str(ROOT / "cases" / "femur_press_fit.toml")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace mesher and solver; the list holds the factors that were solved."""
    factors: list[float] = []

    def solve(case: Case, tools: Tools, factor: float, *, alone: str) -> float:
        assert alone
        factors.append(factor)
        with tools.clock.phase(f"{alone} mesh"):
            pass
        return factor

    monkeypatch.setattr(run, "mesh_case", lambda case, tools, factor: SimpleNamespace(element_size=factor))
    monkeypatch.setattr(run, "solve_case", solve)
    monkeypatch.setattr(run, "solved_of", lambda study, factor, times: replace(solved(factor), times=times))
    return factors


def tools(folder: Path) -> Tools:
    return Tools(Cache(folder / ".cache"), Clock())


def test_the_coarsest_mesh_is_solved_first_and_the_finest_told_first(
    case: Case, asked: list[float], tmp_path: Path
) -> None:
    found = solve_meshes(case, Meshes(3, 1.3), tools(tmp_path), tmp_path)
    assert asked == pytest.approx([1.69, 1.3, 1.0])
    assert [mesh.size for mesh in found] == pytest.approx([1.0, 1.3, 1.69])
    assert set(found[0].times) == {"mesh"}


def test_an_interrupted_study_goes_on_where_it_stopped(
    case: Case, asked: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = run.solve_case

    def breaks(case: Case, tools: Tools, factor: float, **rest: Any) -> Any:
        if factor == 1.0:
            raise SolverError("no equilibrium")
        return working(case, tools, factor, **rest)

    monkeypatch.setattr(run, "solve_case", breaks)
    with pytest.raises(SolverError):
        solve_meshes(case, Meshes(3, 1.3), tools(tmp_path), tmp_path)
    monkeypatch.setattr(run, "solve_case", working)
    asked.clear()
    assert len(solve_meshes(case, Meshes(3, 1.3), tools(tmp_path), tmp_path)) == 3
    assert asked == [1.0]


def test_criteria_and_title_solve_nothing_again_but_friction_does(case: Case) -> None:
    other = replace(case, title="another", criteria=())
    assert solved_digest(other, 1.0) == solved_digest(case, 1.0)
    assert solved_digest(case, 1.26) != solved_digest(case, 1.0)
    rough = {**case.fit, "coated": replace(case.fit["coated"], friction=0.7)}
    assert solved_digest(replace(case, fit=rough), 1.0) != solved_digest(case, 1.0)


def test_meshes_that_are_too_alike_are_refused_before_anything_is_solved(
    case: Case, asked: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {1.0: 2.55, 1.26: 2.63, 1.26**2: 2.65}
    monkeypatch.setattr(
        run, "mesh_case", lambda case, tools, factor: SimpleNamespace(element_size=sizes[factor])
    )
    with pytest.raises(CaseError, match=r"effective sizes of 2\.55, 2\.63, 2\.65 mm.*smaller --finest"):
        solve_meshes(case, Meshes(), tools(tmp_path), tmp_path)
    assert asked == []


@pytest.mark.parametrize("mesh", [solved(1.0), solved(1.3, LOSS)])
def test_a_mesh_is_read_as_it_was_written(mesh: Any, tmp_path: Path) -> None:
    write_solved(mesh, tmp_path / "mesh.json")
    assert read_solved(tmp_path / "mesh.json") == mesh
    text = (tmp_path / "mesh.json").read_text()
    (tmp_path / "mesh.json").write_text(text[: len(text) // 2])
    assert read_solved(tmp_path / "mesh.json") is None


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cli.verbs, "_require_healthy_machine", lambda: None)
    yield
    logging.getLogger("osseofit").handlers.clear()
    logging.getLogger("osseofit").setLevel(logging.NOTSET)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--meshes", "2"], '--meshes = "2": the number of meshes is a whole number from 3 to 6'),
        (["--meshes", "3.5"], "whole number from 3 to 6"),
        (["--ratio", "1"], "the ratio of sizes is a number from 1.1 to 2.5"),
        (["--finest", "nan"], "the factor on the case's sizes is a number from 0.2 to 3"),
        (["--ratio", "two"], '--ratio = "two"'),
    ],
)
def test_wrong_words_get_one_sentence_and_leave_nothing(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    assert cli.main(["converge", CASE, "--results", str(results), *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert sentence in line
    assert not results.exists()


@pytest.mark.usefixtures("quiet")
def test_the_outcome_is_told_and_counts_only_when_asked(
    study: ConvergenceStudy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fea.pipeline.converge", lambda *_: (study, Path("results/a/convergence")))
    assert cli.main(["converge", CASE]) == 0
    assert cli.main(["converge", CASE, "--fail-on-verdict"]) == 3
    out, _ = capsys.readouterr()
    assert study.answer in out
    assert "index.html" in out


def test_the_finest_mesh_is_the_case_as_stated_unless_asked_otherwise() -> None:
    assert meshes_of("3", "1.26", "1").factors[0] == 1.0
    assert meshes_of("4", "1.5", "0.8").factors == pytest.approx((0.8, 1.2, 1.8, 2.7))
