"""A sweep of the small femur, end to end: the case's own run again, killed and taken up again."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import fea.sweep.run
from fea.pipeline import SweepOutcome, run, sweep
from fea.sweep.request import question_of
from tests.regression.test_small_femur import CASE, ROOT

#: Friction 0.3 and interference 2 um are the case's own.
ASKED = {"friction": "0.25,0.3", "interference_um": "0.01,2"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "small.toml").write_text(CASE.format(root=ROOT, friction=0.3, gap=5.0))
    (folder / "loose.toml").write_text(CASE.format(root=ROOT, friction=0.3, gap=1000.0))
    return folder


@pytest.fixture(scope="module")
def swept(folder: Path) -> SweepOutcome:
    return sweep(folder / "small.toml", question_of(ASKED | {"name": "grid"}), folder / "results")


def test_the_sample_with_the_inputs_of_the_case_is_the_case(swept: SweepOutcome, folder: Path) -> None:
    """Same mesh, factors, increments and instants: every interface quantity to 1e-6, in fact to round-off."""
    own = json.loads((run(folder / "small.toml", folder / "results").folder / "summary.json").read_text())
    stated = swept.sweep.stated
    assert dict(stated.sample.values) == {"friction": 0.3, "interference_um": 2.0}
    values = {entry["name"]: entry["value"] for entry in own["quantities"]}
    shared = [quantity for quantity in stated.quantities if quantity.name in values]
    assert len(shared) >= 20
    for quantity in shared:
        assert quantity.value == pytest.approx(values[quantity.name], rel=1e-6, abs=1e-9), quantity.name
    assert stated.verdict == own["verdict"]["primary_stability_as_stated"]


def test_less_friction_and_less_interference_move_more(swept: SweepOutcome) -> None:
    moved = {result.sample.values: result.number_of("micromotion_p95_um") for result in swept.sweep.asked}
    at = {(f, i): moved[("friction", f), ("interference_um", i)] for f in (0.25, 0.3) for i in (0.01, 2.0)}
    assert None not in at.values()
    assert at[0.25, 2.0] > at[0.3, 2.0]  # type: ignore[operator]
    assert at[0.3, 0.01] > at[0.3, 2.0]  # type: ignore[operator]


def test_every_sample_is_converged_on_one_factorisation(swept: SweepOutcome) -> None:
    for result in swept.sweep.results:
        assert result.row.residual is not None
        assert result.row.residual < 1e-8
        assert result.row.imbalance is not None
        assert result.row.imbalance < 1e-6


def test_a_finished_sweep_is_judged_again_without_mesh_or_walk(
    swept: SweepOutcome, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fea.sweep.run, "set_up", lambda *_: pytest.fail("set up again"))
    table = (swept.folder / "table.csv").read_text()
    again = sweep(folder / "small.toml", question_of(ASKED | {"name": "grid"}), folder / "results")
    assert again.sweep.walked.walked == 0
    assert (again.folder / "table.csv").read_text() == table


def test_an_interrupted_sweep_goes_on_where_it_stopped(
    swept: SweepOutcome, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two samples finish, the third is interrupted, the last line of one is torn: two are walked again."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # one process, so that the order is known
    asked = question_of(ASKED | {"name": "torn"})
    measured, real = [], fea.sweep.run.measure

    def interrupted(*arguments: Any) -> object:
        if len(measured) == 3:
            raise KeyboardInterrupt
        measured.append(1)
        return real(*arguments)

    monkeypatch.setattr(fea.sweep.run, "measure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(folder / "small.toml", asked, folder / "results")
    kept = folder / "results" / "small" / "sweep-torn"
    rows = sorted((kept / "samples").glob("*.json"))
    assert len(rows) == 3
    assert not (kept / "sweep.json").exists()
    rows[0].write_text(rows[0].read_text()[:-20])
    monkeypatch.setattr(fea.sweep.run, "measure", real)
    again = sweep(folder / "small.toml", asked, folder / "results")
    assert again.sweep.walked.walked == 2
    for result, other in zip(again.sweep.results, swept.sweep.results, strict=True):
        assert result.number_of("micromotion_p95_um") == other.number_of("micromotion_p95_um")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="process groups are killed as one")
def test_a_killed_sweep_goes_on_where_it_stopped(swept: SweepOutcome, folder: Path) -> None:
    """SIGKILL leaves no time to tidy up: what stands is whole, and is not walked again."""
    asked = {"friction": "0.2:0.4:11", "interference-um": "2"}
    words = [word for key, value in asked.items() for word in (f"--{key}", value)]
    kept = folder / "results" / "small" / "sweep-killed"
    process = subprocess.Popen(
        [sys.executable, "-m", "fea.cli", "sweep", str(folder / "small.toml"), "--name", "killed", "--quiet",
         "--results", str(folder / "results"), *words],
        cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline and len(list((kept / "samples").glob("[!.]*.json"))) < 2:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    finished = len(list((kept / "samples").glob("[!.]*.json")))
    assert 2 <= finished < 11
    stated = {"friction": asked["friction"], "interference_um": "2", "name": "killed"}
    again = sweep(folder / "small.toml", question_of(stated), folder / "results")
    assert again.sweep.walked.walked == 11 - finished
    assert not list((kept / "samples").glob(".*"))


def test_a_sample_that_loses_its_fixation_has_its_own_entry(folder: Path) -> None:
    """With the collar 1 mm away 0.05 um hold 800 N nowhere near: the stem sinks, in table, map and counts."""
    asked = question_of({"interference_um": "0.05", "friction": "0.1,0.3", "name": "loose"})
    outcome = sweep(folder / "loose.toml", asked, folder / "results")
    assert outcome.sweep.counts["fixation lost"] == 2
    with (outcome.folder / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] == "fixation lost"]
    assert len(rows) >= 2
    for row in rows:
        assert row["micromotion_p95_um"] == ""
        assert "sinking in along the axis" in row["loss_motion"]
        assert float(row["loss_percent_of_activity"]) > 0.0
