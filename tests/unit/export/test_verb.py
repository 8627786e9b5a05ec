"""``osseofit export``: one plain sentence for wrong input, a deck for the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fea import cli
from fea.cli import verbs
from fea.export import verb
from fea.export.formats import FORMATS
from fea.export.source import Source, Written

ROOT = Path(__file__).parents[3]
STILL = ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml"
ALL = "calculix, abaqus, febio, gmsh, vtu, csv, gltf or step"
WALKED = ROOT / "cases" / "femur_press_fit.toml"


def case(name: str) -> str:
    return str(ROOT / "cases" / f"{name}.toml")


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks nothing, without asking it."""
    monkeypatch.setattr(verbs, "_require_healthy_machine", lambda: None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((str(STILL), "--format", "nastran"), f"there is no such format; give {ALL}"),
        ((str(STILL), "--format", "glTF2"), f"there is no such format (gltf?); give {ALL}"),
        ((str(STILL), "--format", "CalculiX"), f"there is no such format (calculix?); give {ALL}"),
        ((str(STILL), "--format", "csv"), "is not solved as it stands; run 'osseofit run"),
        ((case("femur_bowed"), "--format", "step"), "a bowed stem is bent after its shapes are drawn"),
        ((case("femur_custom_surface"), "--format", "step"), "a stem of triangles is no solid"),
        ((case("femur_threaded"), "--format", "step"), "a thread is cut into the mesh"),
        ((case("finger_fixture"), "--format", "step"), "a thread is cut into the mesh"),
        ((case("adapter_taper"), "--format", "step"), "a joint is exported as gmsh, vtu or gltf."),
        ((case("adapter_taper"), "--format", "febio"), "the file states a taper joint"),
        ((case("jaw_dental_screw"), "--format", "febio"), "bone.core: a bone of two materials"),
        ((str(WALKED), "--format", "gltf", "--instants", "5"), "give --format calculix, abaqus or febio"),
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
    assert "the folder for the export cannot be written" in line
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


def test_what_cannot_be_finished_leaves_what_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up half way: the older file stays whole, and no part of the new one is left."""

    def half(source: Source, folder: Path) -> Written:
        (folder / f"{source.name}.msh").write_text("half of", encoding="ascii")
        raise OSError(28, "No space left on device", str(folder))

    broken = {**FORMATS, "gmsh": replace(FORMATS["gmsh"], write=half)}
    monkeypatch.setattr(verb, "FORMATS", broken)
    old = tmp_path / "a1_titanium_in_cortical.msh"
    old.write_text("whole", encoding="ascii")
    words = [
        "export",
        str(STILL),
        "--format",
        "gmsh",
        "--output",
        str(tmp_path),
        "--results",
        str(tmp_path / "r"),
    ]
    assert cli.main(words) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "is full" in line
    assert [path.name for path in tmp_path.iterdir()] == [old.name]
    assert old.read_text(encoding="ascii") == "whole"


def test_the_documentation_has_a_row_for_every_format() -> None:
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")]
    assert rows[1 : 1 + len(FORMATS)] == list(FORMATS)
