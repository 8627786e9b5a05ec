"""One small plot a judged quantity: value against element size, with limit, bar and extrapolated value."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from fea.case.criteria import Criterion
from fea.converge.results import ConvergenceStudy, Traced
from fea.post import tokens
from fea.post.plot_margins import TINTS
from fea.post.plots import Plot, svg_of
from fea.post.report_words import number, unit, unit_of

WIDTH, HEIGHT = 344.0, 232.0
#: A limit farther from the values than this many of their spreads is told beside the axis, not drawn.
FAR = 3.0


def study_plots(study: ConvergenceStudy) -> tuple[Plot, ...]:
    """Draw every judged quantity, and then the largest values at rims.

    Parameters
    ----------
    study : ConvergenceStudy

    Returns
    -------
    tuple of Plot
        Named after their quantities.
    """
    drawn = [*study.judged, *study.singular]
    with mpl.rc_context(tokens.style()):
        return tuple(_plot(study, traced) for traced in drawn if _points(study, traced)[0])


def _points(study: ConvergenceStudy, traced: Traced) -> tuple[list[float], list[float]]:
    pairs = [
        (size, value) for size, value in zip(study.sizes, traced.values, strict=True) if value is not None
    ]
    return [size for size, _ in pairs], [value for _, value in pairs]


def _plot(study: ConvergenceStudy, traced: Traced) -> Plot:
    figure = Figure(figsize=(WIDTH / tokens.CSS_DPI, HEIGHT / tokens.CSS_DPI), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    sizes, values = _points(study, traced)
    mark = None if traced.result is None else tokens.MARKS[traced.result.verdict]
    colour = tokens.RIM if mark is None else mark.colour
    axes.set_xlim(-0.03 * sizes[-1], 1.06 * sizes[-1])
    heights = [*values, *_bar(axes, traced, sizes, colour), *_law(axes, traced, sizes)]
    axes.plot(sizes, values, "o" if traced.result is not None else "D", color=colour, ms=5, zorder=4)
    if traced.convergence is None or traced.convergence.extrapolated is None:
        axes.plot(sizes, values, color=colour, lw=tokens.HAIR, zorder=3)
    _limit(axes, traced, heights)
    axes.set_xlabel("element size, mm")
    axes.set_ylabel(unit_of(traced.quantity.unit) or "no unit")
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(5))
    quantity = traced.quantity
    title = quantity.title if traced.result is None else traced.result.criterion.title
    named = f"{unit(title)[:1].upper()}{unit(title)[1:]}"
    told = "; ".join(f"{number(v)} at {s:.3g} mm" for s, v in zip(sizes, values, strict=True))
    alt = unit(f"{named} against element size: {told}, in {quantity.unit}. {traced.statement}")
    return Plot(quantity.name, named, svg_of(figure), alt)


def _bar(axes: Any, traced: Traced, sizes: list[float], colour: str) -> list[float]:
    """Draw the bar of the finest value; return its ends."""
    error, finest = traced.quantity.error, traced.values[0]
    if error is None or finest is None:
        return []
    ends = [finest - error, finest + error]
    axes.plot([sizes[0]] * 2, ends, color=colour, lw=2.4, solid_capstyle="butt", zorder=3)
    return ends


def _law(axes: Any, traced: Traced, sizes: list[float]) -> list[float]:
    """Draw the observed law down to elements of size 0; return the extrapolated value."""
    found, finest = traced.convergence, traced.values[0]
    if found is None or found.extrapolated is None or found.order is None or finest is None:
        return []
    x = np.linspace(0.0, sizes[-1], 60)
    course = found.extrapolated + (finest - found.extrapolated) * (x / sizes[0]) ** found.order
    axes.plot(x, course, color=tokens.QUIET, lw=tokens.HAIR, ls=(0, (4, 2)), zorder=2)
    axes.plot(
        [0.0], [found.extrapolated], "o", mfc=tokens.PAPER, mec=tokens.INK, ms=5.5, clip_on=False, zorder=5
    )
    return [found.extrapolated]


def _limit(axes: Any, traced: Traced, heights: list[float]) -> None:
    """Choose the vertical axis, and tint what meets the criterion and what does not."""
    low, high = min(heights), max(heights)
    spread = max(high - low, 0.02 * max(abs(low), abs(high))) or 1.0
    edges = [] if traced.result is None else _edges(traced.result.criterion)
    near = [edge for edge in edges if low - FAR * spread < edge < high + FAR * spread]
    low, high = min([low, *near]) - 0.2 * spread, max([high, *near]) + 0.2 * spread
    axes.set_ylim(low, high)
    if traced.result is None:
        return
    criterion = traced.result.criterion
    order = (
        ("met", "not shown", "not met")
        if criterion.met_at_most is not None
        else ("not met", "not shown", "met")
    )
    for bottom, top, verdict in zip((-np.inf, *edges), (*edges, np.inf), order, strict=True):
        if min(top, high) > max(bottom, low):
            axes.axhspan(max(bottom, low), min(top, high), color=TINTS[verdict], alpha=0.55, lw=0, zorder=0)
    for edge in near:
        axes.axhline(edge, color=tokens.INK, lw=tokens.HAIR, zorder=1)
    first = traced.result.limit
    side = "" if first in near else ", above" if first > high else ", below"
    axes.annotate(
        f"limit {first:g}{side}", (0.98, min(max(first, low), high)),
        xycoords=axes.get_yaxis_transform(), xytext=(0, -2 if first >= high else 2),
        textcoords="offset points", va="top" if first >= high else "bottom", ha="right",
        size=tokens.SIZE_SMALL, color=tokens.QUIET,
    )  # fmt: skip


def _edges(criterion: Criterion) -> list[float]:
    """Return the lower and the upper limit."""
    pairs = (
        (criterion.met_at_most, criterion.not_met_above), (criterion.met_at_least, criterion.not_met_below)
    )  # fmt: skip
    found = [edge for pair in pairs for edge in pair if edge is not None]
    return [min(found), max(found)]
