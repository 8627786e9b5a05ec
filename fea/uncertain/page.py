"""The page of a study: answer, probabilities, bands, indices, inputs; one file without a network."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea import __version__
from fea.post import tokens
from fea.post.fonts import embedded_fonts
from fea.post.plots import Plot
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import LIMITS, input_words, limit_words, number, unit, unit_of
from fea.sweep.page import TEMPLATES as SWEEP_TEMPLATES
from fea.uncertain.indices import CONFIDENCE, LEAST_Q2
from fea.uncertain.plots import FIRST, TOTAL
from fea.uncertain.results import Judged
from fea.uncertain.words import (
    NOT_VARIED,
    answers_of,
    cost_of,
    cost_words,
    decides,
    held_fixed,
    interval,
    notes_of,
    percent,
    range_words,
    shown,
    stated_values,
    unsolved,
)
from materials.entry import GRADES

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Pictures:
    """What the page shows.

    Attributes
    ----------
    verdicts : Plot
    bands, indices, inputs : tuple of Plot
        By judged quantity; those that have one.
    """

    verdicts: Plot
    bands: tuple[Plot, ...]
    indices: tuple[Plot, ...]
    inputs: tuple[Plot, ...]

    @property
    def every(self) -> tuple[Plot, ...]:
        """All of them."""
        return (self.verdicts, *self.bands, *self.indices, *self.inputs)


def write_page(judged: Judged, pictures: Pictures, path: Path) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    judged : Judged
    pictures : Pictures
    path : Path
    """
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(page_text(judged, pictures), encoding="utf-8")
    draft.replace(path)


def page_text(judged: Judged, pictures: Pictures) -> str:
    """Return the page as text; parameters as in `write_page`."""
    activity = judged.case.activity
    inputs = judged.design.uncertainty.inputs
    stated = stated_values(judged)
    criteria = {band.name: band.criterion for band in judged.bands}
    indices = {plot.name.removeprefix("indices_"): plot for plot in pictures.indices}
    grades = {item.grade for item in inputs} | {item.grade for item in criteria.values()}
    return _environment().get_template("uncertain.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        version=__version__,
        judged=judged,
        design=judged.design,
        case=judged.case,
        answers=answers_of(judged),
        decides=decides(judged.bands),
        notes=list(notes_of(judged)),
        verdicts=pictures.verdicts,
        bands=[(plot, criteria[plot.name]) for plot in pictures.bands],
        sensitivities=[(band, indices.get(band.name)) for band in judged.bands],
        against=pictures.inputs,
        inputs=[(item, range_words(item), shown(item.kind, stated[item.name])) for item in inputs],
        zone=judged.design.uncertainty.zone,
        grades=[(grade, words) for grade, words in GRADES.items() if grade in grades],
        first_colour=FIRST,
        total_colour=TOTAL,
        least_q2=LEAST_Q2,
        confidence=CONFIDENCE,
        cost=cost_of(judged),
        unsolved=unsolved(judged),
        held=held_fixed(judged),
        not_varied=NOT_VARIED,
        limits=[limit.replace("its band and the corners above", "its range here") for limit in LIMITS],
        synthetic=activity is not None and activity.history.synthetic,
    )  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, SWEEP_TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "number": number,
        "unit": unit,
        "unit_of": unit_of,
        "limit": limit_words,
        "input": input_words,
        "percent": percent,
        "interval": interval,
        "cost": cost_words,
        "shown": shown,
        "svg_uri": _svg_uri,
    }
    environment.filters.update(filters)
    return environment


def _svg_uri(text: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}"
