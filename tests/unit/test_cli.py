"""The command line: exit codes, one plain sentence for wrong input, never a stack trace."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from fea import cli, doctor
from fea.cli import verbs
from fea.errors import CaseError, MeshError, SolverError

ROOT = Path(__file__).parents[2]
WRONG = ROOT / "tests" / "data" / "wrong_cases"
GOOD = ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, list[str]]:
    code = cli.main(words)
    out, err = capsys.readouterr()
    return code, out, err.splitlines()


@pytest.fixture(autouse=True)
def fresh_log() -> Iterator[None]:
    """Take away the handler that the command adds: it writes to the stderr of one test."""
    yield
    logging.getLogger("osseofit").handlers.clear()
    logging.getLogger("osseofit").setLevel(logging.NOTSET)


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks nothing, without asking it."""
    monkeypatch.setattr(verbs, "_require_healthy_machine", lambda: None)


@pytest.mark.parametrize("path", sorted(WRONG.glob("*.toml")), ids=lambda path: path.stem)
def test_each_wrong_case_gets_its_sentences_on_stderr(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a mistake, as many as the file says that it expects; exit code 1, nothing on stdout."""
    code, out, lines = said(capsys, "check", str(path))
    expected = [line for line in path.read_text().splitlines() if line.startswith("# expects: ")]
    assert code == 1
    assert out == ""
    assert len(lines) == len(expected), lines
    for line in lines:
        assert line.startswith("osseofit: ")
        assert "Traceback" not in line


@pytest.mark.parametrize("verb", ["run", "mesh", "report"])
def test_a_wrong_case_stops_every_verb_before_anything_is_written(
    verb: str, healthy: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    code, _, lines = said(capsys, verb, str(WRONG / "negative_friction.toml"), "--results", str(results))
    assert code == 1
    assert len(lines) == 1
    assert not results.exists()


def test_a_good_case_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, lines = said(capsys, "check", str(GOOD))
    assert code == 0
    assert "a valid case, 'A1: solid titanium stem in a cortical tube'" in out
    assert lines == []


def test_a_case_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, lines = said(capsys, "check", "no_such_case.toml")
    assert code == 1
    assert len(lines) == 1
    assert "no_such_case.toml" in lines[0]


def test_a_full_disk_is_named_with_what_to_do(
    healthy: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fea.pipeline.mesh", full)
    code, _, lines = said(capsys, "mesh", str(GOOD), "--results", str(tmp_path / "results"))
    assert code == 1
    assert lines == [
        f"osseofit: the disk of {tmp_path / 'results'} is full; free some space, or give another folder with"
        " --results, and run again: what is incomplete is not taken for a result"
    ]


def test_the_schema_is_json_with_units(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "schema")
    schema = json.loads(out)
    assert code == 0
    assert schema["title"] == "osseofit case file"
    assert "length_mm" in out


@pytest.mark.parametrize("verb", ["run", "mesh"])
def test_a_results_folder_that_is_a_file_cannot_be_written(
    verb: str, healthy: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen before the computation: nothing is meshed."""
    (tmp_path / "results").write_text("a file")
    code, _, lines = said(capsys, verb, str(GOOD), "--results", str(tmp_path / "results"))
    assert code == 1
    assert len(lines) == 1
    assert "cannot be written" in lines[0]
    assert "--results" in lines[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_results_folder_without_permission_cannot_be_written(
    healthy: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o500)
    code, _, lines = said(capsys, "run", str(GOOD), "--results", str(tmp_path / "results"))
    tmp_path.chmod(0o700)
    assert code == 1
    assert "cannot be written" in lines[0]


def test_a_case_that_is_not_solved_has_no_report(
    healthy: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, lines = said(capsys, "report", str(GOOD), "--results", str(tmp_path / "results"))
    assert code == 1
    assert len(lines) == 1
    assert "osseofit run" in lines[0]


@pytest.mark.parametrize(
    "error",
    [
        CaseError(["first.", "second."]),
        MeshError("no mesh"),
        SolverError("no state"),
        OSError(28, "No space left on device", "bone.vtu"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_is_said_in_plain_sentences(
    error: Exception, healthy: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("fea.pipeline.run", fails)
    code, out, lines = said(capsys, "run", str(GOOD))
    assert code == 1
    assert out == ""
    assert len(lines) == len(getattr(error, "problems", ("one",)))
    assert all(line.startswith("osseofit: ") and "None" not in line for line in lines)


def test_an_interrupt_is_not_an_error_report(
    healthy: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fea.pipeline.run", interrupted)
    code, _, lines = said(capsys, "run", str(GOOD))
    assert code == 130
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("stability", "safety", "plain", "strict"),
    [
        ("stable", "met", 0, 0),
        ("not shown", "met", 0, 3),
        ("unstable", "met", 0, 3),
        ("stable", "not met", 0, 3),
        ("stable", "not shown", 0, 3),
        ("not judged", "not judged", 0, 3),
    ],
)
def test_the_verdict_counts_only_when_it_is_asked_to(
    stability: str, safety: str, plain: int, strict: int, healthy: None,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Exit code 0 whenever the analysis is valid; 3 with --fail-on-verdict unless stable and safe."""
    assessment = SimpleNamespace(
        stability=stability, safety=safety, stability_sentences=("why.",), safety_sentences=()
    )
    outcome = SimpleNamespace(folder=Path("results/case"), assessment=assessment)
    monkeypatch.setattr("fea.pipeline.run", lambda *_: outcome)
    assert cli.main(["run", str(GOOD)]) == plain
    assert cli.main(["run", str(GOOD), "--fail-on-verdict"]) == strict
    out, _ = capsys.readouterr()
    assert f"primary stability  {stability}" in out
    assert f"safety             {safety}" in out
    assert "why." in out


def test_a_machine_that_lacks_a_library_is_told_so_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "check", lambda: SimpleNamespace(problems=["libGLU.so.1 is missing."]))
    code, _, lines = said(capsys, "run", str(GOOD))
    assert code == 1
    assert lines == ["osseofit: libGLU.so.1 is missing."]


def test_a_verb_is_needed() -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([])
    assert caught.value.code == 2


def test_a_process_of_its_own_exits_with_the_code_and_without_a_stack_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fea.cli", "check", str(WRONG / "nan.toml")],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("osseofit: ")


def test_the_bone_of_a_site_is_printed_as_tables_of_a_case_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, lines = said(capsys, "bone", "--site", "radius", "--length", "60", "--limb-side", "left")
    assert (code, lines) == (0, [])
    bone = tomllib.loads(out)["bone"]
    assert bone["length_mm"] == 60.0
    assert {station["outer_apex_deg"] for station in bone["station"]} == {-90.0}


def test_a_bone_that_no_site_has_gets_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, lines = said(capsys, "bone", "--site", "tibbia")
    assert (code, out) == (1, "")
    assert len(lines) == 1
    assert "there is no such site; did you mean 'tibia'; known are femur, tibia, humerus" in lines[0]
