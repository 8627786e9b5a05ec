"""The bench of every implant in every bone: how a case is made, and what is told of a failure."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[3] / "bench"


@pytest.fixture(scope="module")
def matrix() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCH))
    try:
        yield importlib.import_module("matrix")
    finally:
        sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def cases(matrix: ModuleType) -> ModuleType:
    return importlib.import_module("matrix_cases")


def _named(cases: ModuleType, bone: str, implant: str) -> tuple[object, object]:
    return (
        next(each for each in cases.BONES if each.name == bone),
        next(each for each in cases.IMPLANTS if each.name == implant),
    )


def test_an_implant_comes_to_the_width_of_the_reamer_and_the_depth_of_the_bone(
    cases: ModuleType, tmp_path: Path
) -> None:
    """Humerus: reamers of 13 and 16 mm, depths of 98 and 150 mm; flutes across by 13/16, along by 98/150."""
    path = cases.write_case(*_named(cases, "site humerus", "fluted"), tmp_path)
    made = tomllib.loads(path.read_text(encoding="utf-8"))
    assert made["reaming"]["diameter_mm"] == pytest.approx(13.0)
    assert made["reaming"]["depth_mm"] == pytest.approx(98.0)
    assert made["stem"]["diameter_mm"] == pytest.approx(13.0)
    assert made["stem"]["length_mm"] == pytest.approx(140.0 * 98.0 / 150.0, abs=1e-3)
    assert made["stem"]["flutes"]["width_mm"] == pytest.approx(3.0 * 13.0 / 16.0, abs=1e-3)
    assert made["stem"]["flutes"]["to_mm"] == pytest.approx(130.0 * 98.0 / 150.0, abs=1e-3)
    assert "collar" not in made["stem"]
    assert not [key for fit in made["fit"].values() for key in fit if "band" in key]


def test_a_bow_is_not_scaled(cases: ModuleType, tmp_path: Path) -> None:
    path = cases.write_case(*_named(cases, "site humerus", "bowed"), tmp_path)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["stem"]["bow_radius_mm"] == 1000.0


def test_what_is_written_is_read_back(cases: ModuleType) -> None:
    tables = {"a": 1, "b": {"c": [1.5, 2], "d": {"e": "x", "f": [{"g": True}]}}}
    assert tomllib.loads(cases.toml_of(tables)) == tables


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import os; os.abort()", "the process stopped (SIGABRT)"),
        ("raise RuntimeError('gmsh has gone')", "RuntimeError: gmsh has gone"),
        ("import time; time.sleep(60)", "not done after 2 s"),
    ],
)
def test_a_combination_that_stops_its_process_is_a_failure_with_its_reason(
    script: str, told: str, matrix: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dies.py"
    path.write_text(script, encoding="utf-8")
    monkeypatch.setattr(matrix, "__file__", str(path))
    monkeypatch.setattr(matrix, "LIMIT", 2)
    found = matrix.apart(matrix.BONES[0], matrix.IMPLANTS[0])
    assert found.state == matrix.FAILED
    assert told in found.sentences[0]


def test_the_page_numbers_a_sentence_once_and_counts_what_came_of_all(matrix: ModuleType) -> None:
    pairs = [(bone.name, implant.name) for bone in matrix.BONES for implant in matrix.IMPLANTS]
    found = {pair: matrix.Outcome(*pair, matrix.MESHED, (), 51_300, 0, 0.31) for pair in pairs}
    for pair in pairs[:2]:
        found[pair] = matrix.Outcome(*pair, matrix.REFUSED, ("stem: not in here.",))
    found[pairs[2]] = matrix.Outcome(*pairs[2], matrix.FAILED, ("MeshError: 3 elements are inverted.",))
    page = matrix.page(found)
    assert page.count("no [1](#n1)") == 2
    assert page.count("FAILED [2](#n2)") == 1
    assert page.count("51 k, 0.31") == len(pairs) - 3
    assert '1. <a id="n1"></a>stem: not in here.' in page
    assert f"{len(pairs) - 3} of {len(pairs)} combinations are meshed" in page
    assert "2 are refused" in page


def test_a_combination_that_is_refused_says_the_case_s_own_sentence(matrix: ModuleType) -> None:
    found = matrix.tried("askew", "bowed")
    assert found.state == matrix.REFUSED
    assert found.sentences == (
        "seating: a bowed stem askew in its bone is not modelled; leave one of them out.",
    )
