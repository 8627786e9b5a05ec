"""Everything that a dossier is filled from, and the words that its sections share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fea.case.case import Case
from fea.dossier.blocks import Figure
from fea.dossier.project import Project
from fea.dossier.run import Run
from fea.dossier.stated import Statements
from fea.dossier.studies import Studies
from fea.post.report_words import number, unit, unit_of

NOTICE = (
    "This document is not a clearance, an approval or a certificate. It is not medical advice: no decision"
    " about a patient can rest on it. It is not a regulatory submission in itself. It follows the order of a"
    " published FDA guidance on reporting and names the credibility factors of ASME V&V 40; neither FDA nor"
    " ASME has seen, reviewed or endorsed this document or this program."
)


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a dossier is filled from.

    Attributes
    ----------
    case, run, studies, project, statements
        The case, its run, the studies beside it, what the project shows of the program, and what
        people state.
    figures : tuple of Figure
        The run's pictures and plots.
    figures_why
        Why pictures are missing; empty where they are there.
    revision, version
        Of the checkout that builds the document.
    """

    case: Case
    run: Run
    studies: Studies
    project: Project
    statements: Statements
    figures: tuple[Figure, ...]
    figures_why: str
    revision: str | None
    version: str

    def pictures(self, *names: str) -> tuple[Figure, ...]:
        """Return the figures of these names that there are, in this order."""
        by_name = {figure.name: figure for figure in self.figures}
        return tuple(by_name[name] for name in names if name in by_name)

    @property
    def synthetic(self) -> bool:
        """Whether the load history was made up."""
        return self.case.activity is not None and self.case.activity.history.synthetic


def revision_words(revision: str | None) -> str:
    """Return a revision in words."""
    if revision is None:
        return "revision not known"
    clean = revision.removesuffix("-dirty")
    return (
        f"revision {clean}, with changes that are in no revision"
        if clean != revision
        else f"revision {clean}"
    )


def amount(value: float | None, unit_name: str) -> str:
    """Return a value with its unit."""
    return f"{number(value)} {unit_of(unit_name)}".strip() if value is not None else "–"


def share(value: float) -> str:
    """Return a share between 0 and 1 as percent, never rounded to 0 or 100 where it is neither."""
    if 0.0 < value < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < value < 1.0 else f"{100.0 * value:.0f} %"


def listed(words: Sequence[str], most: int = 6) -> str:
    """Return words with commas, the last ones counted where there are many."""
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def micro(words: str) -> str:
    """Return a sentence of the program with the sign of micrometres."""
    return unit(words) if words != "1" else words


def sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    text = words.strip()
    return text if not text else f"{text[0].upper()}{text[1:]}{'' if re.search(r'[.!?:]$', text) else '.'}"
