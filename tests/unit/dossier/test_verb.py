"""The command line of the dossier."""

from __future__ import annotations

from fea import cli
from fea.dossier.stated import ITEMS
from tests.unit.dossier.made import (
    Place,
)


def test_the_command_builds_it_and_counts_what_is_missing(place: Place, capsys) -> None:
    assert cli.main(["dossier", str(place.case), "--results", str(place.results)]) == 0
    out = capsys.readouterr().out
    assert f"dossier                 {place.page}" in out
    assert f"missing statements      {len(ITEMS)}, asked for in {place.statements}" in out
    assert "--template" in out


def test_the_template_is_written_once(place: Place, capsys) -> None:
    assert cli.main(["dossier", str(place.case), "--template"]) == 0
    assert str(place.statements) in capsys.readouterr().out
    assert cli.main(["dossier", str(place.case), "--template"]) == 1
    assert "never overwritten" in capsys.readouterr().err


def test_wrong_statements_get_one_line_each(place: Place, capsys) -> None:
    place.statements.write_text("schema_version = 1\n[devic]\n[risk]\nmodel_risk = 1\n")
    assert cli.main(["dossier", str(place.case), "--results", str(place.results)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"osseofit: {place.statements}: ") for line in lines)
