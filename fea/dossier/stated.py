"""Statements files read and written: which items are stated, which are missing, and the empty template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fea.cache import digest_of
from fea.dossier.statements import StatementsFile
from fea.errors import CaseError
from fea.loads.sentences import tables_in
from fea.loads.tables import Table, read_table

#: Texts that stand where something is still to be written; they state nothing.
PLACEHOLDERS = ("", "tbd", "tba", "tbc", "todo", "to do", "to be done", "to be defined", "xxx")

_HEAD = """\
# What the dossier of {case} needs and the program cannot know.
# An empty text, "TBD" and the like are shown in the dossier as missing, by their name. Long texts may
# stand between three quotes. Nothing here changes the analysis.
schema_version = 1
"""


@dataclass(frozen=True)
class Item:
    """One thing that only a person can state.

    Attributes
    ----------
    key
        Its key path in the statements file.
    title
        Its name in the document.
    asks
        What it asks for.
    """

    key: str
    title: str
    asks: str

    @property
    def anchor(self) -> str:
        """Its place in the document."""
        return f"item-{self.key.replace('.', '-').replace('_', '-')}"


@dataclass(frozen=True)
class Statements:
    """What a statements file says.

    Attributes
    ----------
    path
        Where the file is looked for.
    digest
        Of the file's content; None where there is no file.
    texts : mapping of str to str
        What is stated, by key path.
    """

    path: Path
    digest: str | None
    texts: Mapping[str, str]

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items that nothing is stated for, in the order of the file."""
        return tuple(item for item in ITEMS.values() if item.key not in self.texts)


def _items(model: type[Table], parent: str = "", owner: str = "") -> Iterator[Item]:
    """Yield the items below a table; those of a factor's goal carry the factor's name."""
    for name, field in model.model_fields.items():
        key = f"{parent}.{name}" if parent else name
        tables = list(tables_in(field.annotation))
        if tables:
            yield from _items(tables[0], key, (field.title or "") if parent else "")  # type: ignore[arg-type]
        elif field.title:
            of = f"{owner}: " if owner else ""
            yield Item(key, f"{of}{field.title}", f"{of}{field.description}")


#: Every item by its key path, in the order of the file.
ITEMS: Mapping[str, Item] = {item.key: item for item in _items(StatementsFile)}


def statements_path(case_path: Path) -> Path:
    """Return the statements file of a case: beside it, ``<case>.dossier.toml``."""
    return case_path.with_suffix(".dossier.toml")


def read_statements(path: Path) -> Statements:
    """Read a statements file.

    Parameters
    ----------
    path : Path
        Need not exist: then every item is missing.

    Returns
    -------
    Statements

    Raises
    ------
    CaseError
        Every mistake in the file, one sentence each.
    """
    if not path.exists():
        return Statements(path, None, {})
    table = read_table(path, "statements file", StatementsFile)
    texts = {item.key: _value(table, item.key) for item in ITEMS.values()}
    said = {key: text for key, text in texts.items() if not _is_placeholder(text)}
    return Statements(path, digest_of(path.read_text(encoding="utf-8-sig")), said)


def _value(table: Table, key: str) -> str:
    found: object = table
    for name in key.split("."):
        found = getattr(found, name)
    return str(found).strip()


def _is_placeholder(text: str) -> bool:
    return text.lower().strip(" \t\n.?!-–…_[]<>()") in PLACEHOLDERS


def write_template(path: Path, case_path: Path) -> None:
    """Write a statements file that asks for every item.

    Parameters
    ----------
    path : Path
    case_path : Path
        The case that it belongs to.

    Raises
    ------
    CaseError
        Where the file exists: it is never overwritten.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template_text(case_path.name))
    except FileExistsError:
        raise CaseError(
            f"{path}: this file exists and is never overwritten; fill it in, or move it away first"
        ) from None


def template_text(case: str) -> str:
    """Return the empty statements file of a case.

    Parameters
    ----------
    case
        Name of the case file.

    Returns
    -------
    str
    """
    lines = [_HEAD.format(case=json.dumps(case, ensure_ascii=False)[1:-1])]
    table = ""
    for item in ITEMS.values():
        parent, _, key = item.key.rpartition(".")
        if parent != table:
            table = parent
            lines += ["", f"[{table}]"]
        lines += [f"# {item.asks}", f'{key} = ""']
    return "\n".join(lines) + "\n"
