"""The page of a sweep: question, answer, map, plots, table; one file that opens without a network."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea import __version__
from fea.post import tokens
from fea.post.criteria import PRIMARY_STABILITY
from fea.post.fonts import embedded_fonts
from fea.post.plots import Plot
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import LIMITS, input_words, limit_words, number, unit, unit_of
from fea.sweep.answer import Answer, Threshold
from fea.sweep.design import ERRORS_OF_SAMPLE, FACTORIAL, SOBOL
from fea.sweep.parameters import Axis
from fea.sweep.results import Sweep
from fea.sweep.table import held_fixed
from geometry.zones import porous

TEMPLATES = Path(__file__).parent / "templates"

#: Columns of the page's table beside those that a criterion judges, where samples have them.
COLUMNS = (
    ("micromotion_p95_um", "Micromotion 95 %, µm"),
    ("micromotion_area_below_40um_percent", "Below 40 µm, %"),
    ("micromotion_area_above_150um_percent", "Above 150 µm, %"),
    ("migration_p95_um", "Migration 95 %, µm"),
    ("contact_area_percent", "Contact after press-fit, %"),
    ("contact_area_least_percent", "Least contact, %"),
    ("slip_area_most_percent", "Largest slip, %"),
)

#: What a sweep cannot say.
NOT_JUDGED = (
    "Safety of bone and implant: hoop stress on insertion, strains of the bone, stress of the stem. They need"
    " the fields of both bodies; compute the samples that matter as cases of their own (osseofit run).",
    "The open collar and the corners of the case's bands: the sweep is in their place.",
    "Anything between the samples: no curve is fitted, lines only lead the eye.",
)


@dataclass(frozen=True)
class Pictures:
    """What the page shows: the map, then a plot for each quantity, judged ones first."""

    map: Plot
    plots: tuple[Plot, ...]


def write_page(sweep: Sweep, answer: Answer, pictures: Pictures, path: Path) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    sweep : Sweep
    answer : Answer
    pictures : Pictures
    path : Path
    """
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(page_text(sweep, answer, pictures), encoding="utf-8")
    draft.replace(path)


def page_text(sweep: Sweep, answer: Answer, pictures: Pictures) -> str:
    """Return the page as text; parameters as in `write_page`."""
    judged = {item.quantity: item for item in sweep.case.criteria if item.group == PRIMARY_STABILITY}
    activity = sweep.case.activity
    return _environment().get_template("sweep.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        version=__version__,
        sweep=sweep,
        design=sweep.design,
        case=sweep.case,
        answer=answer,
        counts=[(tokens.MARKS[verdict], count) for verdict, count in sweep.counts.items()],
        asked=[_axis_words(axis, sweep.design.kind) for axis in sweep.design.axes],
        layout=_layout_words(sweep),
        map=pictures.map,
        judged=[(plot, judged[plot.name]) for plot in pictures.plots if plot.name in judged],
        others=[plot for plot in pictures.plots if plot.name not in judged],
        thresholds=[(_others_words(found), found) for found in answer.thresholds],
        decides=any(found.good < found.count for found in answer.thresholds),
        columns=_columns(sweep),
        held=held_fixed(sweep),
        not_judged=NOT_JUDGED,
        limits=[limit.replace("its band and the corners above", "this sweep") for limit in LIMITS],
        synthetic=activity is not None and activity.history.synthetic,
    )  # fmt: skip


def _columns(sweep: Sweep) -> list[tuple[str, str]]:
    """Return name and title of every column that a sample fills, those of each coating at the end."""
    coatings = porous(sweep.case.stem.zones)
    pressures = [(f"mean_pressure_{zone}_MPa", f"Mean pressure, {zone}, MPa") for zone in coatings]
    motions = [(f"micromotion_p95_{zone}_um", f"Micromotion 95 %, {zone}, µm") for zone in coatings]
    told = {band.name for band in sweep.bands}
    return [column for column in (*COLUMNS, *pressures, *motions) if column[0] in told]


def _axis_words(axis: Axis, kind: str) -> tuple[str, str]:
    """Return an axis's name and its values in words."""
    shown = [axis.parameter.shown(value) for value in axis.values]
    if axis.continuous and kind == SOBOL:
        return axis.parameter.title, f"from {shown[0]} to {shown[-1]}"
    if axis.continuous and len(shown) > 3:
        return axis.parameter.title, f"{len(shown)} values from {shown[0]} to {shown[-1]}"
    return axis.parameter.title, ", ".join(shown)


def _layout_words(sweep: Sweep) -> str:
    """Say how the samples were laid out and judged."""
    design, count = sweep.design, len(sweep.asked)
    laid = {
        FACTORIAL: f"every combination, {count} samples",
        SOBOL: f"{count} samples of a scrambled Sobol sequence",
    }.get(design.kind, f"a list of {count} samples")
    zones = " and ".join(design.zones)
    own = "its own" if design.errors == ERRORS_OF_SAMPLE else "the case's"
    added = ", and beside them the case as stated" if design.added else ""
    return (
        f"{laid}{added}; friction and interference vary in the {zones} zone; each sample is judged with {own}"
        " discretisation error"
    )


def _others_words(found: Threshold) -> str:
    return ", ".join(f"{parameter.title} {parameter.shown(value)}" for parameter, value in found.others)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "number": number,
        "unit": unit,
        "unit_of": unit_of,
        "limit": limit_words,
        "input": input_words,
        "svg_uri": _svg_uri,
    }
    environment.filters.update(filters)
    return environment


def _svg_uri(text: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}"


def plot_files(pictures: Pictures) -> Sequence[tuple[str, str]]:
    """Return name and text of every drawing that stands in the folder beside the page."""
    return [(f"{plot.name}.svg", plot.svg) for plot in (pictures.map, *pictures.plots)]
