"""Each quantity against each parameter: one figure a quantity, one panel a parameter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from fea.case.criteria import Criterion
from fea.post import tokens
from fea.post.criteria import PRIMARY_STABILITY
from fea.post.plot_margins import TINTS
from fea.post.plots import Plot, svg_of
from fea.post.report_words import number, unit, unit_of
from fea.sweep.design import FACTORIAL
from fea.sweep.drawing import SHAPES, blend, label_axis, name_lines, panels, position, varied
from fea.sweep.parameters import Axis, Value
from fea.sweep.results import Band, Sweep

#: Lines of one panel that are drawn one by one; of more their band is drawn.
MOST_LINES = 12
#: Lines that are all named; of more the first, the last and the stated one are.
MOST_NAMES = 6
#: Ratio of largest to least value from which the axis is logarithmic.
LOGARITHMIC = 30.0
#: Percent up to which an axis of shares does not run to 100.
SMALL_SHARE = 40.0
_HEIGHT = 270.0


def sweep_plots(sweep: Sweep) -> tuple[Plot, ...]:
    """Draw every quantity of a sweep.

    Parameters
    ----------
    sweep : Sweep

    Returns
    -------
    tuple of Plot
        Those that a criterion judges first; named after their quantities.
    """
    judged = {
        criterion.quantity: criterion
        for criterion in sweep.case.criteria
        if criterion.group == PRIMARY_STABILITY
    }
    ordered = sorted(sweep.bands, key=lambda band: band.name not in judged)
    with mpl.rc_context(tokens.style()):
        return tuple(_plot(sweep, band, judged.get(band.name)) for band in ordered)


def _plot(sweep: Sweep, band: Band, criterion: Criterion | None) -> Plot:
    axes_of = varied(sweep.design.axes)
    drawn, every = panels(len(axes_of), min(len(axes_of), 2), _HEIGHT, share_y=True)
    for index, (axes, axis) in enumerate(zip(every, axes_of, strict=True)):
        names = _lines(axes, sweep, axis, band) if sweep.design.kind == FACTORIAL else []
        _samples(axes, sweep, axis, band)
        label_axis(axes, axis)
        if index % 2 == 0:
            axes.set_ylabel(f"{_wrapped(unit(band.title))}\n{unit_of(band.unit) or 'no unit'}")
        _scale(axes, band, criterion)
        if criterion is not None:
            _grounds(axes, criterion, named=index == 0)
        _lost(axes, sweep, axis, band)
        name_lines(axes, names)
    return Plot(
        band.name, f"{unit(band.title)[:1].upper()}{unit(band.title)[1:]}", svg_of(drawn), alt_of(sweep, band)
    )


def alt_of(sweep: Sweep, band: Band) -> str:
    """Say in words what a quantity does over the sweep."""
    shown, least, most = unit_of(band.unit), band.at_least.sample.words, band.at_most.sample.words
    if band.least == band.most:
        words = f"{unit(band.title)}: {number(band.least)} {shown} in every sample that has it."
    else:
        words = (
            f"{unit(band.title)}: from {number(band.least)} {shown} ({least}) to {number(band.most)} {shown}"
            f" ({most}), median {number(band.middle)} {shown}."
        )
    missing = len(sweep.results) - band.samples
    if missing:
        have = "has" if missing == 1 else "have"
        words += f" {missing} of {len(sweep.results)} samples {have} no such value."
    return words[:1].upper() + words[1:]


def _wrapped(words: str) -> str:
    """Break a long title once, near its middle."""
    if len(words) < 34:
        return words
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    cut = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:cut]}\n{words[cut + 1 :]}"


def _lines(axes: Any, sweep: Sweep, axis: Axis, band: Band) -> list[tuple[float, str, str]]:
    """Draw one line for each value of the other parameters, or the band of many; return their names."""
    others = [other for other in varied(sweep.design.axes) if other.name != axis.name]
    groups: dict[tuple[Value | None, ...], list[tuple[float, float]]] = {}
    for result in sweep.asked:
        here = position(axis, result.sample.get(axis.name))
        value = result.number_of(band.name)
        key = tuple(result.sample.get(other.name) for other in others)
        line = groups.setdefault(key, [])
        if here is not None:
            line.append((here, np.nan if value is None else value))
    style = "-" if axis.parameter.numeric else ":"
    if len(groups) > MOST_LINES:
        return _envelope(axes, list(groups.values()))
    stated = [sweep.design.stated_values.get(other.name) for other in others]
    names = []
    for index, (key, line) in enumerate(groups.items()):
        colour = mpl.colors.to_hex(blend(index / max(len(groups) - 1, 1)))
        x, y = np.array(sorted(line)).T
        axes.plot(x, y, style, color=colour, lw=tokens.LINE, zorder=2)
        ends = np.flatnonzero(np.isfinite(y))
        told = len(groups) <= MOST_NAMES or index in (0, len(groups) - 1) or list(key) == stated
        if others and told and len(ends):
            name = ", ".join(other.parameter.shown(value) for other, value in zip(others, key, strict=True))
            dark = mpl.colors.to_hex(blend(max(index / max(len(groups) - 1, 1), 0.45)))
            names.append((float(y[ends[-1]]), name, dark))
    if others:
        axes.set_title(
            f"a line for each {' and '.join(other.parameter.title for other in others)}",
            size=tokens.SIZE_SMALL, color=tokens.QUIET, weight="normal", loc="right",
        )  # fmt: skip
    return names


def _envelope(axes: Any, lines: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, str, str]]:
    """Draw least, median and most over many lines."""
    found: dict[float, list[float]] = {}
    for here, value in (pair for line in lines for pair in line):
        found.setdefault(here, []).extend([value] if np.isfinite(value) else [])
    places = [here for here in sorted(found) if found[here]]
    if not places:
        return []
    least, middle, most = ([take(found[here]) for here in places] for take in (min, median, max))
    axes.fill_between(places, least, most, color=tokens.LINES[0], alpha=0.15, lw=0.0, zorder=1)
    axes.plot(places, middle, color=tokens.LINES[0], zorder=2)
    axes.set_title("median and range of all samples", size=tokens.SIZE_SMALL, color=tokens.QUIET,
                   weight="normal", loc="right")  # fmt: skip
    return [
        (values[-1], name, tokens.LINES[0])
        for values, name in ((least, "least"), (middle, "median"), (most, "most"))
    ]


def _samples(axes: Any, sweep: Sweep, axis: Axis, band: Band) -> None:
    """Mark each sample by its verdict, with its error where a criterion needs it, and the case as stated."""
    spread = len(sweep.results) > 150
    for verdict in SHAPES:
        marked = [
            (here, quantity.value, quantity.error or 0.0)
            for result in sweep.asked
            if result.verdict == verdict
            and (here := position(axis, result.sample.get(axis.name))) is not None
            and (quantity := result.quantity(band.name)) is not None
        ]
        if not marked:
            continue
        colour = tokens.MARKS[verdict].colour
        x, y, error = np.array(marked).T
        if error.any() and not spread:
            axes.vlines(x, y - error, y + error, color=colour, lw=0.8, alpha=0.35, zorder=3)
        axes.plot(x, y, SHAPES[verdict], color=colour, ms=2.6 if spread else 4.2, mec=tokens.PAPER, mew=0.4,
                  zorder=4)  # fmt: skip
    here, own = position(axis, sweep.design.stated_values.get(axis.name)), band.stated
    if here is not None and own is not None and _within(axis, here):
        axes.plot([here], [own], "*", ms=11, color=tokens.INK, mec=tokens.PAPER, mew=0.8, zorder=5)


def _within(axis: Axis, here: float) -> bool:
    places = [place for value in axis.values if (place := position(axis, value)) is not None]
    return min(places) <= here <= max(places)


def _scale(axes: Any, band: Band, criterion: Criterion | None) -> None:
    """Choose the vertical axis: from 0, or logarithmic where values span decades."""
    if band.least > 0.0 and band.most > LOGARITHMIC * band.least and band.unit != "%":
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(10.0, (1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(band.least / 1.6, band.most * 1.6)
        return
    low, high = min(band.least, 0.0), max(band.most, 0.0)
    limits = (
        [] if criterion is None else [edge for edge in edges_of(criterion) if edge < 3.0 * max(high, 1e-9)]
    )
    high = max([high, *limits])
    if band.unit == "%" and high <= 100.0 and low >= 0.0:
        end = 100.0 if high > SMALL_SHARE else 1.2 * max(high, 1.0)
        axes.set_ylim(-0.04 * end, 1.04 * end)
        return
    room = 0.08 * max(high - low, 1e-9)
    axes.set_ylim(low - room, high + room)


def edges_of(criterion: Criterion) -> tuple[float, float]:
    """Return the lower and the upper limit of a criterion."""
    pairs = (
        (criterion.met_at_most, criterion.not_met_above),
        (criterion.met_at_least, criterion.not_met_below),
    )
    found = [edge for pair in pairs for edge in pair if edge is not None]
    return min(found), max(found)


def _grounds(axes: Any, criterion: Criterion, *, named: bool) -> None:
    """Tint where a criterion is met, not shown, not met, each with its sign; draw its limits."""
    lower, upper = edges_of(criterion)
    order = (
        ("met", "not shown", "not met")
        if criterion.met_at_most is not None
        else ("not met", "not shown", "met")
    )
    bottom, top = axes.get_ylim()
    to_share = (axes.transData + axes.transAxes.inverted()).transform
    for (low, high), verdict in zip(
        ((bottom, lower), (lower, upper), (upper, top)), order, strict=True
    ):  # fmt: skip
        low, high = max(low, bottom), min(high, top)
        if high <= low:
            continue
        axes.axhspan(low, high, color=TINTS[verdict], alpha=0.55, lw=0.0, zorder=0)
        share = (to_share((0.0, low))[1], to_share((0.0, high))[1])
        if share[1] - share[0] > 0.07:
            mark = tokens.MARKS[verdict]
            axes.text(0.012, sum(share) / 2, mark.symbol, transform=axes.transAxes, color=mark.colour,
                      size=tokens.SIZE_TEXT, va="center", weight="bold", zorder=1)  # fmt: skip
    for edge in {lower, upper}:
        if bottom < edge < top:
            axes.axhline(edge, color=tokens.INK, lw=tokens.HAIR, ls=(0, (4, 2)), zorder=1)
    if named:
        _name_limit(axes, criterion, lower, upper)


def _name_limit(axes: Any, criterion: Criterion, lower: float, upper: float) -> None:
    """Write the limits with the grade of their source above their line, or where they lie."""
    bottom, top = axes.get_ylim()
    first = criterion.met_at_most if criterion.met_at_most is not None else criterion.met_at_least
    words = f"limit {first:g} {unit_of(criterion.unit)} (source graded {criterion.grade})"
    place = {"size": tokens.SIZE_SMALL - 1, "color": tokens.QUIET, "zorder": 1}
    if first is not None and bottom < first < top:
        axes.annotate(words, (0.05, first), xycoords=axes.get_yaxis_transform(), xytext=(0, 2),
                      textcoords="offset points", va="bottom", **place)  # fmt: skip
        return
    side = "above" if lower >= top else "below" if upper <= bottom else "off"
    axes.text(0.05, 0.97, f"{words}: {side} this axis", transform=axes.transAxes, va="top", **place)


def _lost(axes: Any, sweep: Sweep, axis: Axis, band: Band) -> None:
    """Mark below the curves where samples have no value, for fixation is lost or nothing was solved."""
    for verdict in ("fixation lost", "not solved"):
        places = Counter(
            here
            for result in sweep.asked
            if result.verdict == verdict
            and result.quantity(band.name) is None
            and (here := position(axis, result.sample.get(axis.name))) is not None
        )
        mark, height = tokens.MARKS[verdict], 0.015 if verdict == "fixation lost" else 0.07
        spot = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "bottom", "zorder": 6}
        for here, count in places.items():
            words = f"{mark.symbol}{count if count > 1 else ''}"
            axes.text(here, height, words, color=mark.colour, size=tokens.SIZE_SMALL, **spot)
