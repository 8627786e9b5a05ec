"""Statements files: the template asks for everything, wrong files get sentences, gaps stay gaps."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from fea.dossier.factors import FACTORS
from fea.dossier.stated import ITEMS, read_statements, template_text, write_template
from fea.errors import CaseError

WRONG = Path(__file__).parents[2] / "data" / "wrong_statements"


@pytest.mark.parametrize("path", sorted(WRONG.glob("*.toml")), ids=lambda path: path.stem)
def test_each_wrong_file_gets_its_sentences(path: Path) -> None:
    """One sentence a mistake, as many as the file says that it expects, each with file and key."""
    expected = [line[11:] for line in path.read_text().splitlines() if line.startswith("# expects: ")]
    with pytest.raises(CaseError) as caught:
        read_statements(path)
    problems = caught.value.problems
    assert len(problems) == len(expected), problems
    for words in expected:
        assert any(f"{path}: {words}" in problem for problem in problems), (words, problems)


def test_the_template_asks_for_every_item_in_one_line_and_states_none(tmp_path: Path) -> None:
    path = tmp_path / "case.dossier.toml"
    write_template(path, tmp_path / "case.toml")
    lines = path.read_text().splitlines()
    for item in ITEMS.values():
        key = item.key.rpartition(".")[2]
        assert any(line == f"# {item.asks}" and after == f'{key} = ""' for line, after in pairwise(lines)), (
            item
        )
    statements = read_statements(path)
    assert statements.missing == tuple(ITEMS.values())
    assert statements.digest is not None


def test_the_template_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "case.dossier.toml"
    path.write_text("mine")
    with pytest.raises(CaseError, match="never overwritten"):
        write_template(path, tmp_path / "case.toml")
    assert path.read_text() == "mine"


def test_a_case_with_an_odd_name_has_a_template_that_can_be_read() -> None:
    assert tomllib.loads(template_text('odd "name"\nschema_version = 2.toml'))["schema_version"] == 1


def test_without_a_file_everything_is_missing(tmp_path: Path) -> None:
    statements = read_statements(tmp_path / "no.dossier.toml")
    assert statements.digest is None
    assert len(statements.missing) == len(ITEMS)


@pytest.mark.parametrize("text", ["", "  ", "TBD", "todo", "[to be defined]", "???", "xxx."])
def test_a_placeholder_states_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "case.dossier.toml"
    path.write_text(f'schema_version = 1\n[device]\nname = "{text}"\nmaker = "none"\n')
    statements = read_statements(path)
    assert statements.texts == {"device.maker": "none"}


def test_every_factor_has_a_goal_with_its_rationale() -> None:
    asked = [key.split(".")[1] for key in ITEMS if key.startswith("goal.") and key.endswith(".rigour")]
    assert asked == [factor.key for factor in FACTORS]
    for factor in FACTORS:
        assert f"goal.{factor.key}.rationale" in ITEMS
        assert set(factor.asks) <= set(ITEMS)
