"""What the project shows of the program itself: verification, the comparison of codes, validation.

These stand in the checkout's ``docs`` and belong to a revision, not to a case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fea.dossier.studies import Study

_BLOCK = re.compile(r"<!-- begin (?P<name>[^>]*?) -->(?P<text>.*?)<!-- end ", re.DOTALL)
_MARKS = re.compile(r"\*\*|`|<!--.*?-->")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Table:
    """A table of a page: its head and its rows, without marks."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Check:
    """A number held against its reference; `error_is_a_bound` where the error is round-off."""

    quantity: str
    reference: float | None
    found: float | None
    error: float | None
    error_is_a_bound: bool
    gate: float
    relative: bool
    passed: bool

    @property
    def used(self) -> float:
        """Share of the gate that the error takes; infinite where the error is not a number."""
        if self.error is None:
            return float("inf")
        return self.error / self.gate if self.gate else 0.0


@dataclass(frozen=True)
class VerificationCase:
    """A solved case of the suite, or one that failed."""

    name: str
    title: str
    group: str
    source: str
    mesh: str
    order: str
    failure: str
    checks: tuple[Check, ...]

    @property
    def missed(self) -> int:
        """Missed gates; a case that failed counts as one."""
        return 1 if self.failure or not self.checks else sum(not check.passed for check in self.checks)


@dataclass(frozen=True)
class Verification:
    """The verification suite: `of` cases exist, those of `cases` were solved."""

    of: int
    cases: tuple[VerificationCase, ...]

    @property
    def gates(self) -> int:
        """Number of gates; a case that failed counts as one."""
        return sum(max(len(case.checks), 1) for case in self.cases)

    @property
    def missed(self) -> int:
        """Number of missed gates."""
        return sum(case.missed for case in self.cases)


@dataclass(frozen=True)
class PeerBlock:
    """One case solved by this program and by another: what was compared, how, and the numbers."""

    title: str
    setting: str
    results: Table


@dataclass(frozen=True)
class ValidationPage:
    """The page of the comparison with published experiments: its first words, headings and first table."""

    words: str
    headings: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True)
class Project:
    """What the checkout's documents hold."""

    verification: Study[Verification]
    peer: Study[tuple[PeerBlock, ...]]
    validation: Study[ValidationPage]


def read_project(docs: Path) -> Project:
    """Read the checkout's documents.

    Parameters
    ----------
    docs : Path
        The folder of the documents; need not exist.

    Returns
    -------
    Project
    """
    return Project(
        _verification(docs / "verification.json"),
        _peer(docs / "peer.md"),
        _validation(docs / "validation.md"),
    )


def _verification(path: Path) -> Study[Verification]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        cases = tuple(_case(entry) for entry in told["cases"])
        return Study(Verification(int(told["counts"]["cases"]), cases), "", told["program"].get("commit"))
    except FileNotFoundError:
        return Study(None, "not done: this checkout has no docs/verification.json; run 'make verify'")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"
        return Study(None, f"not used: docs/verification.json cannot be read ({why}); run 'make verify'")


def _case(entry: Mapping[str, Any]) -> VerificationCase:
    words = {key: str(entry[key]) for key in ("name", "title", "group", "source", "mesh", "order", "failure")}
    return VerificationCase(**words, checks=tuple(Check(**check) for check in entry["checks"]))


def _peer(path: Path) -> Study[tuple[PeerBlock, ...]]:
    text = _text(path)
    blocks = tuple(_peer_blocks(text)) if text is not None else ()
    if blocks:
        return Study(blocks)
    why = "this checkout has no docs/peer.md" if text is None else "docs/peer.md holds no results"
    return Study(None, f"not done: {why}; run 'make bench-peer'")


def _peer_blocks(text: str) -> Iterator[PeerBlock]:
    for match in _BLOCK.finditer(text):
        inside = match["text"]
        title = re.search(r"^### (.*)$", inside, re.MULTILINE)
        results = next((table for table in _tables(inside) if "quantity" in table.head[:1]), None)
        if title and results:
            yield PeerBlock(_plain(title[1]), _plain(_paragraph(inside)), results)


def _validation(path: Path) -> Study[ValidationPage]:
    text = _text(path)
    if text is None:
        return Study(None, "not done: this checkout has no docs/validation.md")
    headings = tuple(_plain(words) for words in re.findall(r"^## (.*)$", text, re.MULTILINE))
    return Study(ValidationPage(_plain(_paragraph(text)), headings, next(_tables(text), None)))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _paragraph(text: str) -> str:
    """Return the first paragraph that is neither a heading nor a table."""
    for part in re.split(r"\n\s*\n", text):
        words = " ".join(part.split())
        if words and not words.startswith(("#", "|", "!", "<", "-")):
            return words
    return ""


def _tables(text: str) -> Iterator[Table]:
    """Yield the tables of a page in Markdown."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            lines.append(line)
            continue
        if len(lines) > 2:
            rows = [tuple(_plain(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]) for row in lines]
            yield Table(rows[0], tuple(row for row in rows[2:] if len(row) == len(rows[0])))
        lines = []


def _plain(words: str) -> str:
    """Return words without the marks of Markdown."""
    return _MARKS.sub("", _LINK.sub(r"\1", words)).replace("\\|", "|").strip()
