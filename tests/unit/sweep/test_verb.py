"""The verb ``sweep``: wrong words end with one sentence each, before anything is computed or written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from fea import cli
from fea.sweep.results import Sweep

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
        (["--friction", "0.9:0.3:7"], '--friction = "0.9:0.3:7": a range must rise'),
        (["--friction", "0.3:0.9:0"], "1 to 1000 values, not 0"),
        (["--friction=-0.3,0.3"], "friction must be at least 0, not -0.3"),
        (["--interference-um", "5:900:3"], "at most 800 um is a fit"),
        (
            ["--friction", "0.3", "--zone", "collar"],
            '--zone = "collar": the stem of this case has no such zone',
        ),
        (["--activity", "hopping.toml"], "there is no load file at hopping.toml or"),
        (["--friction", "0.3:0.9:100", "--interference-um", "1:9:100"], "10000 samples are more than 5000"),
        (["--study", "no_such_study.toml"], "no_such_study.toml: there is no such file"),
        (["--interference-pattern", "oval"], "there is no such pattern"),
        ([], "command line: there is nothing to vary"),
    ],
)
def test_wrong_words_get_one_sentence_and_leave_nothing(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    code = cli.main(["sweep", CASE, "--results", str(results), *words])
    out, err = capsys.readouterr()
    assert code == 1
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("osseofit: ")
    assert sentence in line
    assert not results.exists()


def test_the_outcome_is_told_in_words_and_counts_only_when_asked(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = SimpleNamespace(counts="Of 24 samples: 10 stable.", sentence="Stable from friction 0.5 up.")
    outcome = SimpleNamespace(folder=Path("results/case/sweep-a"), sweep=sweep, answer=answer)
    monkeypatch.setattr("fea.pipeline.sweep", lambda *_: outcome)
    assert cli.main(["sweep", CASE, "--friction", "0.3,0.5"]) == 0
    assert cli.main(["sweep", CASE, "--friction", "0.3,0.5", "--fail-on-verdict"]) == 3
    out, _ = capsys.readouterr()
    assert "Stable from friction 0.5 up." in out
    assert "Of 24 samples: 10 stable." in out
    assert "index.html" in out
