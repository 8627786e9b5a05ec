"""Uncertain inputs of the small femur, end to end: two models of four samples, taken up again, checked.

The numbers are coarse and few; what is tested is that a sample is the case that a run would solve,
that nothing is dropped or walked twice, and that what leaves the folder is whole.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import fea.pipeline
import fea.uncertain.run
from fea.cache import Cache
from fea.pipeline import UncertainOutcome, uncertain
from fea.post.assessment import assess_study
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.uncertain.design import Options
from fea.uncertain.sampling import sample_case
from fea.uncertain.table import table_text
from tests.regression.test_small_femur import CASE, ROOT

RANGES = """
[uncertainty.friction]
least = 0.25
most = 0.5
source = "a test"
grade = "C3"

[uncertainty.bone_modulus_factor]
distribution = "triangular"
least = 0.6
peak = 1.0
most = 1.6
source = "a test"
grade = "C3"

[uncertainty.wall_change_mm]
least = -1.0
most = 1.0
source = "a test"
grade = "C3"

[uncertainty.body_weight_N]
least = 700.0
most = 900.0
source = "a test"
grade = "C3"
"""
#: Elements half as large again as the small femur's 5 mm, so that two more meshes stay quick.
ASKED = Options(models=2, samples=4, size_factor=1.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uncertain")
    (folder / "small.toml").write_text(CASE.format(root=ROOT, friction=0.3, gap=5.0) + RANGES)
    return folder


@pytest.fixture(scope="module")
def studied(folder: Path) -> UncertainOutcome:
    return uncertain(folder / "small.toml", ASKED, folder / "results")


def test_a_sample_is_the_case_that_a_run_of_its_own_would_solve(
    studied: UncertainOutcome, folder: Path
) -> None:
    """Its mesh and its factors are those of its model, so every quantity agrees to round-off."""
    judged, tools = studied.judged, Tools(Cache(folder / "results" / ".cache"), Clock())
    result = judged.results[5]
    alone = sample_case(judged.case, judged.design.uncertainty, result.values)
    quantities, assessment = assess_study(solve_case(alone, tools))
    values = {quantity.name: quantity.value for quantity in quantities}
    assert len(result.quantities) == len(quantities) >= 25
    for quantity in result.quantities:
        assert quantity.value == pytest.approx(values[quantity.name], rel=1e-6, abs=1e-9), quantity.name
    assert result.stability == assessment.nominal_stability
    assert result.safety == assessment.safety


def test_every_sample_is_converged_and_has_every_judged_quantity(studied: UncertainOutcome) -> None:
    judged = studied.judged
    assert len(judged.solved) == 8
    for result in judged.results:
        assert result.row.residual is not None
        assert result.row.residual < 1e-8
        assert result.row.imbalance is not None
        assert result.row.imbalance < 1e-6
        for band in judged.bands:
            assert result.value(band.name) is not None


def test_a_stiffer_bone_is_pressed_harder_and_the_wall_is_what_was_drawn(studied: UncertainOutcome) -> None:
    """Pressure grows with the bone's modulus; the least wall is 6 mm and its change, exactly."""
    results = studied.judged.results
    by_model = {result.model: result for result in results}
    soft, stiff = sorted(by_model.values(), key=lambda result: float(result.values["bone_modulus_factor"]))
    pressure = [result.value("mean_pressure_coated_MPa") for result in (soft, stiff)]
    assert pressure[0] is not None
    assert pressure[1] is not None
    assert pressure[1] > pressure[0]
    for result in results:
        change = float(result.values["wall_change_mm"])
        assert result.value("least_wall_mm") == pytest.approx(6.0 + change, abs=1e-6)


def test_what_a_study_leaves_is_whole_and_says_that_few_samples_have_no_indices(
    studied: UncertainOutcome,
) -> None:
    folder = studied.folder
    told = json.loads((folder / "uncertainty.json").read_text(encoding="utf-8"))
    assert told["ranges_from"] == "the case file"
    assert any("Elements are 1.5 times as large" in note for note in told["notes"])
    assert [entry["name"] for entry in told["inputs"]] == [
        "friction", "bone_modulus_factor", "wall_change_mm", "body_weight_N",
    ]  # fmt: skip
    for quantity in told["quantities"]:
        assert quantity["samples"] == 8
        assert not quantity["sensitivity"]["indices"]
        assert "8 samples are too few" in quantity["sensitivity"]["why_not"]
    with (folder / "samples.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 9
    assert (folder / "index.html").stat().st_size > 100_000
    assert not list(folder.rglob("*.part"))


def test_a_finished_study_is_judged_again_without_mesh_or_walk(
    studied: UncertainOutcome, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fea.uncertain.run, "set_up", lambda *_, **__: pytest.fail("set up again"))
    monkeypatch.setattr(fea.pipeline, "publish_uncertainty", lambda *_: None)  # drawn before
    again = uncertain(folder / "small.toml", ASKED, folder / "results")
    assert (again.judged.rows.walked, again.judged.rows.factored) == (0, 0)
    assert table_text(again.judged) == table_text(studied.judged)
    assert not (studied.folder / "uncertainty.json").exists()  # removed first, written last


def test_a_torn_row_is_walked_again_alone_and_says_the_same(
    studied: UncertainOutcome, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an interrupt leaves: one sample of one model is walked, and nothing else."""
    row = sorted((studied.folder / "samples").glob("*.json"))[0]
    row.write_text(row.read_text()[:-20])
    monkeypatch.setattr(fea.pipeline, "publish_uncertainty", lambda *_: None)
    again = uncertain(folder / "small.toml", ASKED, folder / "results")
    assert again.judged.rows.walked == 1
    for result, other in zip(again.judged.results, studied.judged.results, strict=True):
        assert result.value("micromotion_p95_um") == other.value("micromotion_p95_um")
        assert result.value("stem_von_mises_MPa") == other.value("stem_von_mises_MPa")
