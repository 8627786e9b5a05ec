"""Plots of a fail-safe: the moment asked of it, what passes, and its limit."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.case.loading import device_course
from fea.loads.fail_safe import SENSES, Course, sizes
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of

IntArray = NDArray[np.int64]

_WORDS = {"bending": "resultant bending", "torque": "torque, either way"}


def fail_safe_plots(case: Case, activity: str) -> tuple[Plot, ...]:
    """Draw what the cycle asks of a fail-safe and what passes; empty without one.

    Parameters
    ----------
    case : Case
    activity : str
        Its name; a synthetic load is named so.
    """
    device, found = case.fail_safe, device_course(case)
    if device is None or found is None:
        return ()
    senses = [(sense, limit) for sense in SENSES if (limit := device.limit(sense)) is not None]
    with mpl.rc_context(tokens.style()):
        drawn, panels = figure(290.0, panels=len(senses))
        told = []
        for axes, (sense, limit) in zip(panels, senses, strict=True):
            if (band := device.band(sense)) is not None:
                axes.axhspan(*(end / 1000.0 for end in band), fc=tokens.LOAD, alpha=0.08, lw=0.0, zorder=0)
            _panel(axes, found, sense, limit / 1000.0)
            peak, percent = found.peak(sense)
            reached = f"{peak / 1000:.3g} N m at {percent:.3g} %"
            told.append(f"{sense} asked for reaches {reached}, limit {limit / 1000:g} N m")
        text = svg_of(drawn)
    place = f"{device.distal:g} mm distal of the cut"
    alt = f"Moments about the fail-safe, {place}, over {activity}: {'; '.join(told)}."
    return (Plot("fail_safe", "When does the fail-safe slip?", text, alt),)


def _panel(axes: Any, found: Course, sense: str, limit: float) -> None:
    """Draw one limit as a line of its own, the moment asked for dashed, and the one that passes."""
    rows = _shown(found)
    percent, asked = found.percent[rows], sizes(found.moments[rows], sense) / 1000.0
    passed = np.minimum(asked, limit)
    axes.axhline(limit, color=tokens.LOAD, lw=1.2, zorder=1)
    axes.plot(percent, asked, color=tokens.QUIET, ls=(0, (3, 2)), zorder=2)
    axes.plot(percent, passed, color=tokens.LINES[0], zorder=3)
    axes.fill_between(percent, passed, asked, fc=tokens.LOAD, alpha=0.18, lw=0.0)
    top = 1.18 * max(float(asked.max()), limit)
    axes.set(xlim=(0.0, 100.0), ylim=(0.0, top), xlabel="% of the cycle", ylabel=f"{_WORDS[sense]}, N m")
    small = {"size": tokens.SIZE_SMALL}
    axes.text(
        99.0, limit + 0.015 * top, f"limit {limit:g} N m", color=tokens.LOAD, ha="right", va="bottom", **small
    )
    slips = any(release.sense == sense for release in found.releases)
    row = int(np.argmax(asked))
    if slips:
        note = "asked for; the red part is withheld"
        where = "left" if percent[row] < 50.0 else "right"
        axes.annotate(note, (percent[row], asked[row]), xytext=(0, 4), textcoords="offset points",
                      color=tokens.QUIET, ha=where, va="bottom", **small)  # fmt: skip
    told = "passes" if slips else "asked for, and passes"
    axes.annotate(told, (percent[row], passed[row]), xytext=(0, -4), textcoords="offset points",
                  color=tokens.LINES[0], ha="center", va="top", **small)  # fmt: skip


def _shown(found: Course) -> IntArray:
    """Return rows of the course that a drawing needs: every tenth, the largest values and the switches."""
    largest = [int(np.argmax(sizes(found.moments, sense))) for sense in SENSES]
    switches = np.searchsorted(found.percent, found.switches)
    every = np.append(np.arange(0, len(found.percent), 10), len(found.percent) - 1)
    return np.unique(np.concatenate([every, largest, switches]))
