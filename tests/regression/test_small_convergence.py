"""A convergence study of press-fit A1 from the case file to its folder, on meshes coarser than recommended.

Closed form (Lamé, plane stress): pressure 58.52407 MPa everywhere.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fea.converge import run
from fea.converge.request import Meshes
from fea.converge.results import ConvergenceStudy
from fea.converge.table import SUMMARY
from fea.pipeline import converge

CASE = next((Path(__file__).parents[2] / "cases" / "verification").glob("a1_*.toml"))
MESHES = Meshes(3, 1.3, 1.26)
PRESSURE = 58.52407


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("convergence")


@pytest.fixture(scope="module")
def first(results: Path) -> tuple[ConvergenceStudy, Path]:
    return converge(CASE, MESHES, results)


def test_the_mean_pressure_lies_within_its_bar(first: tuple[ConvergenceStudy, Path]) -> None:
    """Its values run down to the closed form: 0.13 % off on the finest of these meshes."""
    found = {item.quantity.name: item for item in first[0].others}["mean_pressure_uncoated_MPa"]
    values = [value for value in found.values if value is not None]
    assert values == sorted(values)
    assert found.quantity.error is not None
    assert abs(values[0] - PRESSURE) <= found.quantity.error
    assert found.quantity.error < 0.02 * PRESSURE


def test_what_a_study_leaves(first: tuple[ConvergenceStudy, Path]) -> None:
    """No criterion is stated, so that nothing is judged, and the page says so."""
    study, folder = first
    assert "states no criterion" in study.answer
    assert "states no criterion" in (folder / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == {"index.html", "table.csv", SUMMARY, "meshes"}
    assert study.sizes[0] < study.sizes[1] < study.sizes[2]


def test_a_second_study_solves_nothing_and_says_the_same(
    first: tuple[ConvergenceStudy, Path], results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads((first[1] / SUMMARY).read_text(encoding="utf-8"))
    monkeypatch.setattr(run, "solve_case", lambda *_, **__: pytest.fail("solved again"))
    _, folder = converge(CASE, MESHES, results)
    again = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    assert again["quantities"] == told["quantities"]
    assert again["meshes"] == told["meshes"]
