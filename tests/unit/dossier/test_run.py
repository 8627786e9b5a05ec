"""A dossier takes the run of the case as it stands, and refuses every other in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fea.case.reader import read_case
from fea.dossier.run import read_run
from fea.errors import CaseError
from tests.unit.dossier.made import Place


def refused(place: Place) -> str:
    with pytest.raises(CaseError) as caught:
        read_run(read_case(place.case), place.results)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{place.folder / 'summary.json'}: ")
    assert f"osseofit run {place.case}" in problem
    return problem


def change(place: Place, how: Callable[[dict[str, Any]], object]) -> None:
    path = place.folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    how(summary)
    path.write_text(json.dumps(summary))


def test_the_run_of_the_case_is_taken_with_its_own_words(place: Place) -> None:
    run = read_run(read_case(place.case), place.results)
    summary = json.loads((place.folder / "summary.json").read_text(encoding="utf-8"))
    assert [result.sentence for result in run.criteria] == [c["sentence"] for c in summary["criteria"]]
    assert [item.value for item in run.quantities] == [entry["value"] for entry in summary["quantities"]]
    assert run.series is not None
    assert len(run.series.percent) == 12
    assert run.revision == "0123456789ab"


def test_without_a_run_there_is_no_dossier(place: Place) -> None:
    (place.folder / "summary.json").unlink()
    assert "no finished run" in refused(place)


def test_a_run_of_another_case_file_is_refused(place: Place) -> None:
    place.case.write_text(place.case.read_text() + "\n# a comment\n")
    assert "another state of the case file" in refused(place)


def test_changed_criteria_are_seen(place: Place) -> None:
    change(place, lambda summary: summary["criteria"][0].update(met_at_most=1e6))
    assert "criteria that have changed" in refused(place)


def test_a_changed_material_is_seen(place: Place) -> None:
    def stiffer(summary: dict[str, Any]) -> None:
        entry = next(item for item in summary["inputs"] if item["name"] == "bone_material.E_axial")
        entry["value"] = 1.0

    change(place, stiffer)
    assert "inputs have changed since this run (bone_material.E_axial)" in refused(place)


def test_a_changed_load_is_seen(place: Place) -> None:
    change(place, lambda summary: summary["series"]["wrench"]["force_z_N"].__setitem__(3, 7.0))
    assert "load history has changed" in refused(place)


@pytest.mark.parametrize("key", ["record", "verdict", "quantities", "balance", "inputs", "series"])
def test_a_summary_without_a_part_is_refused(key: str, place: Place) -> None:
    change(place, lambda summary: summary.pop(key))
    assert "not complete" in refused(place)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 99}'])
def test_what_is_no_summary_is_refused(text: str, place: Place) -> None:
    (place.folder / "summary.json").write_text(text)
    refused(place)


def test_a_file_that_is_there_but_a_folder_is_refused(place: Place) -> None:
    path: Path = place.folder / "summary.json"
    path.unlink()
    path.mkdir()
    refused(place)
