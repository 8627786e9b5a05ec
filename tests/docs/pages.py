"""The pages of the documentation, and the commands that stand in them.

The convention: a command is a line that begins with ``$ `` in a fenced block of the kind ``console``; a
backslash at its end goes on in the next line; what follows until the next command is what it says, with
``...`` for what is left out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "figures" not in path.parts)

_BLOCK = re.compile(r"^( *)```console\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


@dataclass(frozen=True)
class Command:
    """One command with the lines that its page says it prints."""

    line: str
    says: tuple[str, ...]


def commands_of(page: Path) -> tuple[Command, ...]:
    """Return the commands of a page in its order."""
    found = []
    for _, indented in _BLOCK.findall(page.read_text(encoding="utf-8")):
        block = textwrap.dedent(indented)
        before, *parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
        assert not before.strip(), f"{page.name}: a block of commands begins with none"
        for part in parts:
            line, *says = part.replace("\\\n", "").rstrip("\n").split("\n")
            found.append(
                Command(line, tuple(said.rstrip() for said in says if said.strip() not in ("", "...")))
            )
    return tuple(found)


def pages_with_commands() -> Iterator[Path]:
    """Yield every page that has a block of commands, the README among them."""
    for page in (ROOT / "README.md", *PAGES):
        if commands_of(page):
            yield page


def inline_commands(page: Path) -> Iterator[str]:
    """Yield what stands in a sentence as a command of the program."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for code in _INLINE.findall(text):
        words = " ".join(code.split())
        if words.startswith(("osseofit ", "make ")):
            yield words
