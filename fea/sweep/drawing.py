"""What the plots and the map of a sweep share: panels, verdict marks, verdict keys."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from fea.post import tokens
from fea.sweep.parameters import Axis, Value

#: Shapes of the samples by verdict, so that none is told by colour alone.
SHAPES: Mapping[str, str] = MappingProxyType(
    {"stable": "o", "not judged": ".", "not shown": "D", "unstable": "X", "fixation lost": "v"}
)
#: From few to much, for lines that follow a number.
RAMP = ("#8fbadd", "#0b3c6f")
#: Values of an axis up to which each gets its tick.
MOST_TICKS = 10
#: Part of an axis below which two ticks are too close to be read.
CLOSEST_TICKS = 0.09
#: Between two names beside a panel, as a share of its height.
LEAST_DISTANCE = 0.075


def panels(count: int, columns: int, height: float, *, share_y: bool = False) -> tuple[Figure, list[Any]]:
    """Return a figure of the page's width with a grid of panels.

    Parameters
    ----------
    count : int
    columns : int
    height : float, CSS px
        Of one row.
    share_y : bool
        Whether all panels have one vertical axis.

    Returns
    -------
    figure : Figure
    axes : list of Axes
        As many as asked for.
    """
    rows = math.ceil(count / columns)
    drawn = Figure(
        figsize=(tokens.PLOT_WIDTH / tokens.CSS_DPI, rows * height / tokens.CSS_DPI), layout="constrained"
    )
    FigureCanvasSVG(drawn)
    grid = drawn.subplots(rows, columns, squeeze=False, sharey=share_y).ravel()
    for unused in grid[count:]:
        unused.set_visible(False)
    return drawn, list(grid[:count])


def position(axis: Axis, value: Value | None) -> float | None:
    """Return where a value stands on an axis: a number as it is, a word at its place in the list."""
    if value is None:
        return None
    if isinstance(value, str):
        return float(axis.values.index(value)) if value in axis.values else None
    return value


def axis_words(axis: Axis) -> str:
    """Return a parameter's name with its unit."""
    unit = {"1": "", "um": ", µm", "factor": ""}.get(axis.parameter.unit, f", {axis.parameter.unit}")
    return f"{axis.parameter.title}{unit}"


def label_axis(axes: Any, axis: Axis) -> None:
    """Write a parameter's name, unit and, for words, its values under a panel."""
    parameter = axis.parameter
    axes.set_xlabel(axis_words(axis))
    if parameter.numeric:
        _tick_samples(axes, axis)
    else:
        names = [parameter.shown(value).replace(" ", "\n") for value in axis.values]
        axes.set_xticks(range(len(axis.values)), names)
        axes.set_xlim(-0.4, len(axis.values) - 0.6)


def _tick_samples(axes: Any, axis: Axis) -> None:
    """Put the ticks where samples are; values in geometric steps get a logarithmic axis."""
    values = sorted(value for value in axis.values if isinstance(value, float))
    spread = axis.continuous and len(values) == 2
    if spread or len(values) > MOST_TICKS or len(values) != len(axis.values):
        return
    if len(values) > 2 and values[0] > 0.0 and values[-1] >= 8.0 * values[0]:
        ratios = np.array(values[1:]) / np.array(values[:-1])
        if ratios.min() > 1.3 and ratios.max() < 1.6 * ratios.min():
            axes.set_xscale("log")
            axes.minorticks_off()
            axes.set_xticks(values, [f"{value:.4g}" for value in values])
            return
    if len(values) > 1 and np.diff(values).min() < CLOSEST_TICKS * (values[-1] - values[0]):
        return
    axes.set_xticks(values, [f"{value:.4g}" for value in values])


def name_lines(axes: Any, names: Sequence[tuple[float, str, str]]) -> None:
    """Write names beside the right edge at the height of their lines, moved apart where they meet.

    Parameters
    ----------
    axes : Axes
        With its final limits.
    names : sequence of (height, name, colour)
    """
    to_share = (axes.transData + axes.transAxes.inverted()).transform
    x = axes.get_xlim()[0]
    ordered = sorted((float(to_share((x, height))[1]), name, colour) for height, name, colour in names)
    places: list[float] = []
    for share, _, _ in ordered:
        places.append(max(share, places[-1] + LEAST_DISTANCE) if places else max(share, 0.0))
    for index in reversed(range(len(places))):
        ceiling = places[index + 1] - LEAST_DISTANCE if index + 1 < len(places) else 1.0
        places[index] = min(places[index], ceiling)
    for place, (_, name, colour) in zip(places, ordered, strict=True):
        axes.annotate(name, (1.0, place), xycoords="axes fraction", xytext=(6, 0), textcoords="offset points",
                      va="center", annotation_clip=False, color=colour, size=tokens.SIZE_SMALL)  # fmt: skip


def varied(axes: Sequence[Axis]) -> list[Axis]:
    """Return the axes that have more than one value."""
    return [axis for axis in axes if len(axis.values) > 1] or list(axes[:1])


def blend(share: float) -> tuple[float, float, float]:
    """Return a colour of the ramp, 0 at its pale end."""
    ends = [[int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)] for colour in RAMP]
    red, green, blue = (low + share * (high - low) for low, high in zip(*ends, strict=True))
    return red, green, blue
