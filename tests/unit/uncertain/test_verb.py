"""The verb ``uncertain``: wrong words end with one sentence each, before anything is computed or written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from fea import cli
from fea.uncertain.results import Judged

ROOT = Path(__file__).parents[3]
CASE = str(ROOT / "cases" / "femur_press_fit.toml")


@pytest.fixture(autouse=True)
def quiet_and_healthy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cli.verbs, "_require_healthy_machine", lambda: None)
    yield
    logging.getLogger("osseofit").handlers.clear()
    logging.getLogger("osseofit").setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--models", "0"], "command line: --models = 0: must lie between 1 and 256"),
        (["--samples", "9999"], "command line: --samples = 9999: must lie between 1 and 5000"),
        (["--size-factor", "0.5"], "command line: --size-factor = 0.5: must lie between 1 and 4"),
        (["--models", "100", "--samples", "100"], "10000 samples are more than 5000"),
    ],
)
def test_wrong_words_get_one_sentence_and_leave_nothing(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    code = cli.main(["uncertain", CASE, "--results", str(results), *words])
    out, err = capsys.readouterr()
    assert code == 1
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("osseofit: ")
    assert sentence in line
    assert not results.exists()


def test_the_outcome_is_told_in_words_and_counts_only_when_asked(
    study: Judged, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = SimpleNamespace(folder=Path("results/case/uncertainty"), judged=study)
    monkeypatch.setattr("fea.pipeline.uncertain", lambda *_: outcome)
    assert cli.main(["uncertain", CASE]) == 0
    assert any(result.stability != "stable" for result in study.results)
    assert cli.main(["uncertain", CASE, "--fail-on-verdict"]) == 3
    out, _ = capsys.readouterr()
    assert "Primary stability: stable in" in out
    assert "the ranges below are defaults" in out
    assert "index.html" in out
