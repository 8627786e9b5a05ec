"""Figures of the verification page: the reference as a line, the computed values as points."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from fea.post import tokens
from fea.post.plots import figure, svg_of
from tests.verification.case import Profile

HEIGHT = 300.0
REFERENCE, OURS = tokens.LINES[0], tokens.LINES[1]
_LONG = re.compile(r"-?\d+\.\d{3,}")
#: Letters in a line of the title and of the label upwards; longer ones are broken.
LETTERS = (64, 38)
_POINTS = {"ms": 4.5, "mec": tokens.PAPER, "mew": 0.5, "zorder": 3}
#: One line above the axes, so that it hides nothing.
_LEGEND = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": 2, "frameon": False,
           "borderaxespad": 0.1, "handlelength": 1.6, "fontsize": tokens.SIZE_SMALL}  # fmt: skip


def profile_svg(title: str, profile: Profile) -> str:
    """Draw a course.

    Parameters
    ----------
    title
        Of the case.
    profile

    Returns
    -------
    str
        SVG text, the same for the same numbers.
    """
    with mpl.rc_context(tokens.style()):
        drawn, (axes,) = figure(HEIGHT)
        (line,) = axes.plot(profile.x_exact, profile.y_exact, color=REFERENCE, label="reference")
        (points,) = axes.plot(profile.x, profile.y, "o", color=OURS, label="computed", **_POINTS)
        if profile.logarithmic:
            _logarithmic(axes, profile)
        else:
            axes.margins(0.04, 0.08)
        axes.set(xlabel=profile.x_label, ylabel=textwrap.fill(profile.y_label, LETTERS[1]))
        axes.set_title(textwrap.fill(title, LETTERS[0]), pad=22)
        axes.legend(handles=[line, points], **_LEGEND)
        return stable(svg_of(drawn))


def stable(svg: str) -> str:
    """Leave out the program's version and digits below a hundredth of a unit, which differ by round-off."""
    places = re.compile(r'(?<= )(d|x|y)="[^"]*"')
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return places.sub(lambda found: _LONG.sub(lambda digits: f"{float(digits[0]):.2f}", found[0]), svg)


def _logarithmic(axes: Any, profile: Profile) -> None:
    """Scale both axes by logarithms, with ticks at 1, 2, 5 where the span is short."""
    axes.set(xscale="log", yscale="log")
    courses = ((axes.xaxis, (profile.x, profile.x_exact)), (axes.yaxis, (profile.y, profile.y_exact)))
    for axis, values in courses:
        every = np.concatenate([np.ravel(part) for part in values])
        every = every[np.isfinite(every) & (every > 0)]
        decades = np.log10(every.max() / every.min())
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if decades < 2 else (1.0,)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
