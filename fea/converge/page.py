"""The page of a convergence study: answer, plots, statements, cost; one file that opens offline."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea import __version__
from fea.converge.results import ConvergenceStudy
from fea.post import tokens
from fea.post.fonts import embedded_fonts
from fea.post.gci import GREATEST_ORDER, LEAST_ORDER
from fea.post.plots import Plot
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import limit_words, number, place, unit, unit_of, valued
from fea.post.rims import rims
from geometry.axis import Axis

TEMPLATES = Path(__file__).parent / "templates"


def write_page(study: ConvergenceStudy, plots: Sequence[Plot], path: Path) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    study : ConvergenceStudy
    plots : sequence of Plot
    path : Path
    """
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(page_text(study, plots), encoding="utf-8")
    draft.replace(path)


def page_text(study: ConvergenceStudy, plots: Sequence[Plot]) -> str:
    """Return the page as text; parameters as in `write_page`."""
    by_name = {plot.name: plot for plot in plots}
    sizes = study.sizes
    return _environment(study.case.stem.axis).get_template("converge.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        version=__version__,
        study=study,
        case=study.case,
        ratios=[None, *(coarse / fine for fine, coarse in pairwise(sizes))],
        judged=[(traced, by_name.get(traced.quantity.name)) for traced in study.judged],
        singular=[(traced, by_name.get(traced.quantity.name)) for traced in study.singular],
        rims=rims(study.case),
        trusted=f"{LEAST_ORDER:g} and {GREATEST_ORDER:g}",
    )  # fmt: skip


def _environment(axis: Axis) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "number": number,
        "unit": unit,
        "unit_of": unit_of,
        "valued": valued,
        "limit": limit_words,
        "place": lambda point: place(point, axis),
        "svg_uri": lambda text: (
            f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}"
        ),
    }
    environment.filters.update(filters)
    return environment
