"""``osseofit export``: one plain sentence for wrong input, a deck for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea import cli

ROOT = Path(__file__).parents[3]
STILL = ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml"
WALKED = ROOT / "cases" / "femur_press_fit.toml"


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks nothing, without asking it."""
    monkeypatch.setattr(cli, "_require_healthy_machine", lambda: None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((str(STILL), "--format", "nastran"), "there is no such format; give calculix or abaqus"),
        ((str(STILL), "--format", "febio"), "FEBio cannot state this problem"),
        ((str(STILL), "--format", "calculix", "--instants", "20"), "has no [activity] to export"),
        ((str(WALKED), "--format", "calculix", "--instants", "1"), "a cycle needs at least 2 instants"),
        (("no_such_case.toml", "--format", "calculix"), "no_such_case.toml"),
    ],
)
def test_wrong_input_gets_one_sentence_and_leaves_nothing(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    code = cli.main(["export", *words, "--results", str(results)])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("osseofit: ")
    assert said in line
    assert not results.exists()


def test_a_folder_that_cannot_be_written_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="ascii")
    words = ["export", str(STILL), "--format", "calculix", "--output", str(tmp_path / "taken" / "deck")]
    assert cli.main([*words, "--results", str(tmp_path / "results")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the folder for the deck cannot be written" in line
    assert "--output" in line


def test_the_command_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "export",
        str(STILL),
        "--format",
        "abaqus",
        "--output",
        str(tmp_path),
        "--results",
        str(tmp_path / "r"),
    ]
    assert cli.main(words) == 0
    assert str(tmp_path / "a1_titanium_in_cortical.inp") in capsys.readouterr().out
    assert (tmp_path / "a1_titanium_in_cortical.inp").is_file()
