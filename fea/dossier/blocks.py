"""What a document is made of: sections of blocks, each drawn by the template after its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fea.dossier.stated import ITEMS, Item, Statements
from fea.post.tokens import Mark


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, with its number."""

    kind: ClassVar[str] = "heading"
    number: str
    text: str

    @property
    def anchor(self) -> str:
        """Its place in the document."""
        return f"s{self.number.replace('.', '-')}"


@dataclass(frozen=True)
class Words:
    """A paragraph; `tone` is ``""``, ``"note"`` or ``"warning"``."""

    kind: ClassVar[str] = "words"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Equation:
    """Lines set apart: an equation and what it is."""

    kind: ClassVar[str] = "equation"
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bullets:
    """A list; `tone` is ``""``, ``"done"`` or ``"open"``."""

    kind: ClassVar[str] = "bullets"
    title: str
    items: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True)
class Grid:
    """A table; a cell that is a `Mark` is drawn with symbol, word and colour.

    Attributes
    ----------
    head, rows
    title, note
        Above the table.
    small
        Whether it is set smaller than the text.
    widths
        Of the columns, in percent; empty lets the page choose.
    """

    kind: ClassVar[str] = "grid"
    head: tuple[str, ...]
    rows: tuple[tuple[str | Mark, ...], ...]
    title: str = ""
    note: str = ""
    small: bool = False
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What people state, or boxes that say what is missing, side by side where there is room."""

    kind: ClassVar[str] = "asked"
    answers: tuple[Stated | Missing, ...]


@dataclass(frozen=True)
class Stated:
    """What a person states, in that person's words."""

    kind: ClassVar[str] = "stated"
    item: Item
    text: str


@dataclass(frozen=True)
class Missing:
    """What nobody has stated, by its name."""

    kind: ClassVar[str] = "missing"
    item: Item


@dataclass(frozen=True)
class Open:
    """What was not done: a study or a comparison, and what would do it."""

    kind: ClassVar[str] = "open"
    what: str
    why: str


@dataclass(frozen=True)
class Answers:
    """The run's verdicts as cards: title, mark, sentences."""

    kind: ClassVar[str] = "answers"
    cards: tuple[tuple[str, Mark, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Figure:
    """A picture or plot, as the address of its data; without a caption its alternative text is shown."""

    kind: ClassVar[str] = "figure"
    name: str
    uri: str
    alt: str
    caption: str = ""
    plot: bool = False


@dataclass(frozen=True)
class RiskGrid:
    """Influence against consequence, the stated place marked; None where one of them is missing."""

    kind: ClassVar[str] = "risk"
    influence: str
    consequence: str
    levels: ClassVar[tuple[str, ...]] = ("low", "medium", "high")


@dataclass(frozen=True)
class Source:
    """The text of a file."""

    kind: ClassVar[str] = "source"
    title: str
    text: str


Block = Heading | Words | Equation | Bullets | Grid | Asked | Open | Answers | Figure | RiskGrid | Source


@dataclass(frozen=True)
class Section:
    """A section of the document, with its number and what stands in it."""

    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """Its place in the document."""
        return f"s{self.number}"

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings, for the table of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))


def asked(statements: Statements, *keys: str) -> Asked:
    """Return what is stated, or boxes that say what is missing.

    Parameters
    ----------
    statements : Statements
    *keys
        Key paths of `fea.dossier.stated.ITEMS`.

    Returns
    -------
    Asked
    """
    found = [(ITEMS[key], statements.texts.get(key)) for key in keys]
    return Asked(tuple(Missing(item) if text is None else Stated(item, text) for item, text in found))


def open_blocks(sections: Sequence[Section]) -> tuple[Open, ...]:
    """Return everything that the sections say was not done, each once."""
    found = [block for section in sections for block in section.blocks if isinstance(block, Open)]
    return tuple(dict.fromkeys(found))
