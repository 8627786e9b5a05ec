"""The criteria at a glance: each value with its error beside its limits, in percent of the limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np

from fea.post import tokens
from fea.post.criteria import CriterionResult
from fea.post.plots import Plot, figure, svg_of
from fea.post.report_words import unit, unit_of, valued

#: Right end of the axis, percent of the limit; what lies beyond is drawn at the end.
END = 200.0
ROW = 66.0
#: Grounds behind values that meet a limit, that cannot be shown to, and that break it.
TINTS = {"met": "#dceee6", "not shown": "#f6ecd2", "not met": "#f6dcdc"}


def margin_plot(results: Sequence[CriterionResult]) -> Plot | None:
    """Draw every criterion that has a value and a limit other than 0.

    Parameters
    ----------
    results : sequence of CriterionResult

    Returns
    -------
    Plot or None
        None where there is nothing to draw.
    """
    shown = [result for result in results if result.quantity is not None and result.limit != 0.0]
    if not shown:
        return None
    with mpl.rc_context(tokens.style()):
        drawn, (axes,) = figure(ROW * len(shown) + 56.0)
        for row, result in enumerate(reversed(shown)):
            _row(axes, row, result)
        axes.set(xlim=(0.0, END), ylim=(-0.5, len(shown) - 0.45), xlabel="value, % of the limit to keep")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xticks(np.arange(0.0, END + 1.0, 50.0))
        text = svg_of(drawn)
    told = [
        f"{result.criterion.title}: {valued(result.quantity)}, {result.verdict}"
        for result in shown
        if result.quantity is not None
    ]
    return Plot("margins", "How far is each value from its limit?", text, unit(f"{'; '.join(told)}."))


def _row(axes: Any, row: int, result: CriterionResult) -> None:
    """Draw the limits as ground, the value as a mark with its error, and their words."""
    criterion, quantity = result.criterion, result.quantity
    assert quantity is not None, "a row has a value"
    scale = 100.0 / abs(result.limit)
    beyond = criterion.not_met_above if criterion.met_at_most is not None else criterion.not_met_below
    other = 100.0 if beyond is None else beyond * scale
    grounds = [(0.0, min(100.0, other)), (min(100.0, other), max(100.0, other)), (max(100.0, other), END)]
    order = ("met", "not shown", "not met")
    for (start, end), name in zip(
        grounds, order if criterion.met_at_most is not None else order[::-1], strict=True
    ):
        axes.barh(row - 0.16, max(min(end, END) - start, 0.0), 0.3, left=start, color=TINTS[name], lw=0.0)
    axes.plot([100.0, 100.0], [row - 0.36, row + 0.03], color=tokens.INK, lw=1.4)
    mark = tokens.MARKS[result.verdict]
    place = quantity.value * scale
    inside = min(max(place, 0.0), END * 0.985)
    if quantity.error is not None:
        ends = np.clip([place - quantity.error * scale, place + quantity.error * scale], 0.0, END)
        axes.plot(ends, [row - 0.16] * 2, color=mark.colour, lw=2.4, solid_capstyle="butt")
    axes.plot([inside], [row - 0.16], ">" if place > END else "o", ms=7, color=mark.colour, clip_on=False)
    title = f"{mark.symbol} {unit(criterion.title)}"
    axes.text(0.0, row + 0.31, title, size=tokens.SIZE_TEXT, weight="bold", color=mark.colour)
    words = "at most" if criterion.met_at_most is not None else "at least"
    limit = f"{words} {result.limit:g} {unit_of(criterion.unit)}, source graded {criterion.grade}"
    axes.text(0.0, row + 0.08, valued(quantity), size=tokens.SIZE_SMALL)
    axes.text(100.0, row + 0.08, limit, size=tokens.SIZE_SMALL, color=tokens.QUIET)
