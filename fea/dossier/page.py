"""The document: sections in FDA's order, annexes, what is missing; one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import fea.post
from fea.dossier.annexes import checks_section, record_section
from fea.dossier.blocks import Asked, Section, asked, open_blocks
from fea.dossier.evidence import (
    conclusions_section,
    discussion_section,
    limitations_section,
    references_section,
    results_section,
    validation_section,
)
from fea.dossier.factors import factors_section
from fea.dossier.front import background_section, summary_section, verification_section
from fea.dossier.gathered import NOTICE, Gathered
from fea.dossier.model import (
    conditions_section,
    configuration_section,
    discretization_section,
    equations_section,
    implementation_section,
    properties_section,
)
from fea.dossier.stated import ITEMS, Item
from fea.post import tokens
from fea.post.fonts import embedded_fonts

TEMPLATES = Path(__file__).parent / "templates"
REPORT_TEMPLATES = Path(fea.post.__file__).parent / "templates"
NAME = "dossier.html"

#: Titles of the sections in the order of FDA's reporting guidance of 2016.
ORDER = (
    "Executive Report Summary",
    "Background/Introduction",
    "Code Verification",
    "System Configuration",
    "Governing Equations/Constitutive Laws",
    "System Properties",
    "System Conditions",
    "System Discretization",
    "Numerical Implementation",
    "Validation",
    "Results",
    "Discussion",
    "Limitations",
    "Conclusions",
    "References",
)


def sections_of(gathered: Gathered) -> tuple[Section, ...]:
    """Return the sections in FDA's order, then the annexes.

    Parameters
    ----------
    gathered : Gathered

    Returns
    -------
    tuple of Section
    """
    before = (
        summary_section(gathered),
        background_section(gathered),
        verification_section(gathered),
        configuration_section(gathered),
        equations_section(gathered),
        properties_section(gathered),
        conditions_section(gathered),
        discretization_section(gathered),
        implementation_section(gathered),
        validation_section(gathered),
        results_section(gathered),
        discussion_section(gathered),
    )
    return (
        *before,
        limitations_section(gathered, open_blocks(before)),
        conclusions_section(gathered),
        references_section(gathered),
        factors_section(gathered),
        record_section(gathered),
        checks_section(gathered),
    )


def page_text(gathered: Gathered) -> str:
    """Return the document as text.

    Parameters
    ----------
    gathered : Gathered

    Returns
    -------
    str
    """
    sections = sections_of(gathered)
    assert tuple(section.title for section in sections[: len(ORDER)]) == ORDER, "the order is the guidance's"
    return _environment().get_template("dossier.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        gathered=gathered,
        case=gathered.case,
        notice=NOTICE,
        today=date.today().isoformat(),
        cover=asked(gathered.statements, "device.name", "device.maker", "people.analyst", "people.reviewer"),
        missing=gathered.statements.missing,
        listed=_listed(gathered.statements.missing),
        items=len(ITEMS),
        undone=open_blocks(sections),
        sections=sections,
        places=_places(sections),
    )  # fmt: skip


def _listed(missing: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    """Return place and name of each missing item, those of one factor's goal on one line."""
    found: dict[str, tuple[str, str]] = {}
    for item in missing:
        table = item.key.rpartition(".")[0]
        if table.startswith("goal.") and table in found:
            anchor, title = found[table]
            found[table] = anchor, f"{title} and rationale"
        else:
            found[table if table.startswith("goal.") else item.key] = item.anchor, item.title
    return tuple(found.values())


def _places(sections: tuple[Section, ...]) -> Mapping[str, str]:
    """Return the first section in which each item stands, by its key: there it has its anchor."""
    found: dict[str, str] = {}
    for section in sections:
        for block in section.blocks:
            for answer in block.answers if isinstance(block, Asked) else ():
                found.setdefault(answer.item.key, section.number)
    return found


def write_page(gathered: Gathered, path: Path) -> None:
    """Write the document, whole or not at all.

    Parameters
    ----------
    gathered : Gathered
    path : Path
    """
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(page_text(gathered), encoding="utf-8")
    draft.replace(path)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = lambda words: f"{words[:1].upper()}{words[1:]}"
    environment.tests["mark"] = lambda cell: isinstance(cell, tokens.Mark)
    return environment
