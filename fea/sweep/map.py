"""The map of the verdict over two parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fea.post import tokens
from fea.post.plots import Plot, svg_of
from fea.post.report_words import number
from fea.sweep.design import FACTORIAL
from fea.sweep.drawing import axis_words, label_axis, panels, position, varied
from fea.sweep.parameters import Axis, Value
from fea.sweep.results import Result, Sweep

#: Most maps side by side, one for each value of the parameters beyond the second.
MOST_PANELS = 12
#: What a cell says beside its sign.
VALUE = "micromotion_p95_um"
#: Most tick labels along a row of cells; of more values every second, third, ... is named.
MOST_TICKS = 12


@dataclass(frozen=True, eq=False)
class VerdictMap:
    """The map as a figure and as a plot of the page."""

    figure: Figure
    plot: Plot


def verdict_map(sweep: Sweep) -> VerdictMap:
    """Draw the verdict over the first two parameters that vary.

    Parameters
    ----------
    sweep : Sweep

    Returns
    -------
    VerdictMap
        Cells for a full factorial, one map for each value of further parameters; signs at
        their places for samples on no grid.
    """
    axes_of = varied(sweep.design.axes)
    with mpl.rc_context(tokens.style()):
        drawn = (_cells if sweep.design.kind == FACTORIAL else _scatter)(sweep, axes_of)
        text = svg_of(drawn)
    over = " and ".join(axis.parameter.title for axis in axes_of[:2])
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sweep.counts.items())
    each = " and ".join(axis.parameter.title for axis in axes_of[2:])
    further = (
        f", {'one map for each' if sweep.design.kind == FACTORIAL else 'whatever the'} {each}" if each else ""
    )
    alt = f"Verdict over {over}{further}: {counts}. {_stated_words(sweep, axes_of)}"
    return VerdictMap(drawn, Plot("map", "Where is the stem stable?", text, alt))


def _stated_words(sweep: Sweep, axes_of: Sequence[Axis]) -> str:
    place = ", ".join(
        f"{axis.parameter.title} {axis.parameter.shown(sweep.design.stated_values[axis.name])}"
        for axis in axes_of
    )
    where = "" if _spot(sweep, axes_of) is not None else ", which lies outside the map"
    return f"The star is the case as stated ({place}; {sweep.stated.verdict}){where}."


def _cells(sweep: Sweep, axes_of: Sequence[Axis]) -> Figure:
    first, second, rest = axes_of[0], axes_of[1] if len(axes_of) > 1 else None, axes_of[2:]
    slices = list(product(*(axis.values for axis in rest)))[:MOST_PANELS]
    rows = len(second.values) if second else 1
    columns = 1 if len(slices) == 1 else 2
    drawn, every = panels(len(slices), columns, 34.0 * rows + (118.0 if columns == 1 else 100.0))
    for axes, held in zip(every, slices, strict=True):
        wanted = dict(zip((axis.name for axis in rest), held, strict=True))
        for result in sweep.asked:
            if all(result.sample.get(name) == value for name, value in wanted.items()):
                _cell(axes, result, first, second, wide=len(first.values) * columns <= 16)
        _frame(axes, first, second)
        if wanted:
            words = ", ".join(axis.parameter.shown(value) for axis, value in zip(rest, held, strict=True))
            axes.set_title(words, size=tokens.SIZE_TEXT)
        if all(sweep.design.stated_values.get(name) == value for name, value in wanted.items()):
            _star(axes, sweep, axes_of)
    _key(drawn, sweep)
    return drawn


def _cell(axes: Any, result: Result, first: Axis, second: Axis | None, *, wide: bool) -> None:
    mark = tokens.MARKS[result.verdict]
    column = first.values.index(_value(result, first))
    row = second.values.index(_value(result, second)) if second else 0
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, fc=mark.colour, ec=tokens.PAPER, lw=1.6,
                             hatch="////" if result.verdict == "not solved" else None))  # fmt: skip
    value = result.number_of(VALUE)
    both = wide and value is not None
    axes.text(column, row + (0.2 if both else 0.0), mark.symbol, color=tokens.PAPER, ha="center", va="center",
              size=10.5, weight="bold")  # fmt: skip
    if wide and value is not None:
        axes.text(column, row - 0.24, _short(value), color=tokens.PAPER, ha="center",
                  va="center", size=tokens.SIZE_SMALL - 1)  # fmt: skip


def _value(result: Result, axis: Axis) -> Value:
    found = result.sample.get(axis.name)
    assert found is not None, "every sample of a full factorial states its axes"
    return found


def _frame(axes: Any, first: Axis, second: Axis | None) -> None:
    """Label the cells with the values that were computed."""
    columns, rows = len(first.values), len(second.values) if second else 1
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(-0.5, rows - 0.5))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    axes.set_xlabel(axis_words(first))
    step = -(-columns // MOST_TICKS)
    named = [_tick(first, value, columns) for value in first.values[::step]]
    axes.set_xticks(range(0, columns, step), named)
    if second is None:
        axes.set_yticks([])
        return
    axes.set_yticks(range(rows), [_tick(second, value, 1) for value in second.values])
    axes.set_ylabel(axis_words(second))


def _tick(axis: Axis, value: Value, columns: int) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return axis.parameter.shown(value).replace(" ", "\n" if columns > 1 else " ")


def _spot(sweep: Sweep, axes_of: Sequence[Axis]) -> tuple[float, float] | None:
    """Return the place of the case as stated among the cells; None where it lies outside."""
    found = []
    for axis in axes_of[:2]:
        stated = sweep.design.stated_values.get(axis.name)
        here = position(axis, stated)
        if here is None:
            return None
        if isinstance(stated, float) and sweep.design.kind == FACTORIAL:
            values = np.array([value for value in axis.values if isinstance(value, float)])
            order = np.argsort(values)
            if not values.min() <= here <= values.max():
                return None
            here = float(np.interp(here, values[order], order))
        found.append(here)
    return (found[0], found[1] if len(found) > 1 else 0.0)


def _star(axes: Any, sweep: Sweep, axes_of: Sequence[Axis]) -> None:
    """Mark the case as stated: a frame round its cell, or a star between cells."""
    spot = _spot(sweep, axes_of)
    if spot is None:
        return
    if not sweep.design.added and sweep.design.kind == FACTORIAL:
        corner = (spot[0] - 0.47, spot[1] - 0.44)
        axes.add_patch(Rectangle(corner, 0.94, 0.88, fill=False, ec=tokens.INK, lw=2.2, zorder=5))
        spot = (spot[0] + 0.36, spot[1] + 0.26)
    size = 9 if sweep.design.kind == FACTORIAL and not sweep.design.added else 15
    axes.plot([spot[0]], [spot[1]], "*", ms=size, color=tokens.INK, mec=tokens.PAPER, mew=0.9, zorder=6,
              clip_on=False)  # fmt: skip


def _scatter(sweep: Sweep, axes_of: Sequence[Axis]) -> Figure:
    """Draw samples that lie on no grid at their places, every further parameter projected away."""
    drawn, (axes,) = panels(1, 1, 430.0)
    first, second = axes_of[0], axes_of[1] if len(axes_of) > 1 else None
    for result in sweep.asked:
        here = position(first, sweep.design.value(result.sample, first.name))
        there = 0.0 if second is None else position(second, sweep.design.value(result.sample, second.name))
        if here is None or there is None:
            continue
        mark = tokens.MARKS[result.verdict]
        axes.plot([here], [there], "s", ms=11, color=mark.colour, mec=tokens.PAPER, mew=0.8)
        axes.annotate(mark.symbol, (here, there), color=tokens.PAPER, ha="center", va="center", size=7.5,
                      weight="bold")  # fmt: skip
    label_axis(axes, first)
    if second is None:
        axes.set_yticks([])
    else:
        axes.set_ylabel(axis_words(second))
        if not second.parameter.numeric:
            axes.set_yticks(range(len(second.values)), [second.parameter.shown(v) for v in second.values])
    axes.margins(0.06)
    _star(axes, sweep, axes_of)
    _key(drawn, sweep)
    return drawn


def _key(drawn: Figure, sweep: Sweep) -> None:
    """Write below the map what its signs and colours say, and how often each stands there."""
    handles, words = zip(*_entries(sweep), strict=True)
    drawn.legend(
        handles, words, loc="outside lower center", ncols=5, frameon=False, fontsize=tokens.SIZE_SMALL,
        handlelength=1.2, handleheight=1.2, columnspacing=1.6,
    )  # fmt: skip


def _entries(sweep: Sweep) -> Iterator[tuple[Any, str]]:
    for verdict, count in sweep.counts.items():
        mark = tokens.MARKS[verdict]
        yield (
            Rectangle(
                (0, 0), 1, 1, fc=mark.colour, hatch="////" if verdict == "not solved" else None, lw=0.0
            ),
            f"{mark.symbol} {mark.word}: {count}",
        )
    star = mpl.lines.Line2D([], [], marker="*", ms=9, color=tokens.INK, mec=tokens.PAPER, lw=0.0)
    yield star, f"case as stated: {sweep.stated.verdict}"


def _short(value: float) -> str:
    """Return two digits; below a thousandth a value says no more than that."""
    return "< 0.001" if 0.0 < value < 1e-3 else number(float(f"{value:.2g}"))
