"""What the drawings of a study share: horizontal axes, grounds of a criterion, marks by verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from fea.case.criteria import Criterion
from fea.post import tokens
from fea.post.plot_margins import TINTS
from fea.post.report_words import unit_of
from fea.sweep.plots import SMALL_SHARE, edges_of
from fea.uncertain.results import Band, Judged, Result

FloatArray = NDArray[np.float64]

#: Shapes of samples by the verdict of one criterion, so that none is told by colour alone.
SHAPES = {"met": "o", "not shown": "D", "not met": "X"}
#: Farther than this many times the values a limit lies off the axis.
_FAR = 3.0
#: Beyond this many times its limits a quantity gets a logarithmic axis.
_BEYOND = 8.0


def scale(axes: Any, band: Band, *, vertical: bool) -> None:
    """Set the axis of a quantity: from 0, so that distances to a limit are seen as they are.

    Logarithmic only where values go far beyond every limit, which would be lost near 0.
    """
    axis, limit = (axes.yaxis, axes.set_ylim) if vertical else (axes.xaxis, axes.set_xlim)
    values = band.values[np.isfinite(band.values)]
    lower, upper = edges_of(band.criterion)
    low, high = float(values.min()), float(values.max())
    if low > 0.0 and upper > 0.0 and high > _BEYOND * upper and band.unit != "%":
        (axes.set_yscale if vertical else axes.set_xscale)("log")
        axis.set_major_locator(LogLocator(10.0, (1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
        limit(max(low / 1.6, lower / 100.0), high * 1.6)
        return
    high = max([high, *([] if band.stated is None else [band.stated])])
    # A limit that is far off would squeeze the samples; where all are alike it is all there is to see.
    alike = high - low <= 1e-9 * max(abs(high), 1.0)
    near = [edge for edge in (lower, upper) if edge < _FAR * max(high, 1e-9)]
    high = max([high, *near, *([lower] if alike else [])])
    if band.unit == "%" and high > SMALL_SHARE:
        limit(-2.0, 102.0)
        return
    start = min(low, 0.0)
    room = 0.06 * max(high - start, 1e-9)
    limit(start - room, high + room)


def grounds(axes: Any, criterion: Criterion, *, vertical: bool) -> None:
    """Tint where a criterion is met, not shown, not met, and draw its limits."""
    lower, upper = edges_of(criterion)
    order = ("met", "not shown", "not met")
    if criterion.met_at_most is None:
        order = order[::-1]
    start, end = axes.get_ylim() if vertical else axes.get_xlim()
    span, line = (axes.axhspan, axes.axhline) if vertical else (axes.axvspan, axes.axvline)
    for (low, high), verdict in zip(((start, lower), (lower, upper), (upper, end)), order, strict=True):
        if min(high, end) > max(low, start):
            span(max(low, start), min(high, end), color=TINTS[verdict], alpha=0.55, lw=0.0, zorder=0)
    for edge in sorted({lower, upper}):
        if start < edge < end:
            line(edge, color=tokens.INK, lw=tokens.HAIR, ls=(0, (4, 2)), zorder=1)


def beyond_words(axes: Any, criterion: Criterion) -> str:
    """Say where a criterion's limit lies when the horizontal axis does not show it; else empty."""
    lower, upper = edges_of(criterion)
    start, end = axes.get_xlim()
    first = criterion.met_at_most if criterion.met_at_most is not None else criterion.met_at_least
    if first is None or start < first < end:
        return ""
    side = (
        "beyond the right end"
        if lower >= end
        else "beyond the left end"
        if upper <= start
        else "off this axis"
    )
    return f"limit {first:g} {unit_of(criterion.unit)}: {side}"


def by_verdict(judged: Judged, band: Band) -> Iterator[tuple[str, list[tuple[Result, float]]]]:
    """Yield each verdict of a band's criterion with its samples and their values."""
    for verdict in SHAPES:
        found = []
        for result in judged.solved:
            value = result.value(band.name)
            said = next((item.verdict for item in result.criteria if item.criterion == band.criterion), "")
            if value is not None and said == verdict:
                found.append((result, value))
        if found:
            yield verdict, found
