"""Docstrings as they stand in the code, made readable to Sphinx: formulas are kept as they are written.

A block that is indented below a paragraph is a formula, which reStructuredText would take for a quotation and
set anew; and what stands between bars is an absolute value, not a name to be replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_UNDERLINE = re.compile(r"^-{3,}$")
_NAMES = re.compile(r"^\w+(, \w+)+(?= :|$)")
_CODE = re.compile(r"(`+[^`]*`+)")


def readable(lines: list[str]) -> list[str]:
    """Return the lines of a docstring with its formulas as literal blocks and its bars as bars."""
    told: list[str] = []
    sections = formula = attributes = False
    last = ""
    for line in lines:
        if _UNDERLINE.match(line):
            sections, attributes = True, last == "Attributes"
        indented = line.startswith("    ")
        if line and not sections:
            if indented and not formula and told and not told[-1] and not _is_item(last):
                told += ["::", ""]
            formula = indented and (formula or told[-2:] == ["::", ""])
        formula = formula and not sections
        if attributes:  # one entry for several, which Sphinx would take for a name and its type
            line = _NAMES.sub(lambda names: names[0].replace(" ", ""), line)
        told.append(line if formula else _with_bars(line))
        last = line or last
    return told


def _with_bars(line: str) -> str:
    """Return a line whose bars are bars; in a name between backticks they are already."""
    parts = _CODE.split(line)
    return "".join(part if part.startswith("`") else part.replace("|", r"\|") for part in parts)


def _is_item(line: str) -> bool:
    """Say whether what is indented below a line belongs to an item of a list."""
    return line.lstrip().startswith(("- ", "* "))


def _make_readable(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    lines[:] = readable(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx, before napoleon reads the sections."""
    app.connect("autodoc-process-docstring", _make_readable, priority=100)
    return {"version": "1", "parallel_read_safe": True}
