"""Draw what the keys of a thread mean, from the program's own shapes.

Run from the repository's root: it writes thread.svg beside itself.
"""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.thread import Thread
from tests.verification.drawing import stable

CORE, DRILL = 8.0, 8.35
THREAD = Thread(4.0, 1.6, 0.8, 3.0, 31.0, 4.0, math.radians(15), math.radians(40))
SMALL = {"fontsize": tokens.SIZE_SMALL}


def along(axes: Axes) -> None:
    """Draw the wall of a fixture along the axis, magnified across: the ridge in its bone."""
    level = np.linspace(-2.0, 36.0, 761)
    ridge = CORE + THREAD.height(0.0, level)
    bone = np.maximum(ridge, DRILL)
    axes.fill_between(level, bone, 11.6, where=level >= 0, color=tokens.CORTICAL, lw=0)
    axes.plot(level[level >= 0], bone[level >= 0], color=tokens.QUIET, lw=tokens.HAIR)
    metal = [(level[0], 6.6), *zip(level, ridge, strict=True), (level[-1], 6.6)]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    rise = THREAD.start + THREAD.run_out
    for edge, low in ((0.0, 3.9), (THREAD.start, 5.2), (rise, 5.2), (THREAD.end, 3.9)):
        lead(axes, (edge, CORE), (edge, low))
    measure(axes, (0.0, 5.4), (THREAD.start, 5.4), "")
    axes.annotate("from_mm", (-0.4, 5.4), ha="right", va="center", **SMALL)
    measure(axes, (THREAD.start, 5.4), (rise, 5.4), "")
    axes.annotate("run_out_mm", (rise + 0.5, 5.4), ha="left", va="center", **SMALL)
    measure(axes, (0.0, 4.1), (THREAD.end, 4.1), "to_mm", **SMALL)
    crests = THREAD.start + THREAD.pitch * np.array([3.0, 4.0]) + THREAD.crest / 2
    for crest in crests:
        lead(axes, (crest, CORE + THREAD.depth), (crest, 12.3))
    measure(axes, (crests[0], 12.2), (crests[1], 12.2), "pitch_mm", **SMALL)
    axes.annotate("cut", (0.2, 11.9), color=tokens.QUIET, **SMALL)
    axes.annotate("bone", (25.2, 10.7), ha="center", color=tokens.QUIET, **SMALL)
    style = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}
    axes.annotate("reaming.diameter_mm / 2", (33.2, DRILL), (36.6, 9.2), arrowprops=style, **SMALL)
    axes.annotate("diameter_mm / 2: core", (34.0, CORE), (36.6, 7.6), arrowprops=style, **SMALL)
    axes.set(xlim=(-6, 50), ylim=(3.6, 13.2), aspect=2.6)
    axes.set_title("Along the axis, the wall alone")


def section(axes: Axes) -> None:
    """Draw one pitch large."""
    level = np.linspace(-1.2, 6.6, 400)
    height = THREAD.section(level)
    metal = [(level[0], -1.0), *zip(level, height, strict=True), (level[-1], -1.0)]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    depth, crest = THREAD.depth, THREAD.crest
    for edge in (0.0, crest):
        lead(axes, (edge, depth), (edge, depth + 0.75))
    measure(axes, (0.0, depth + 0.7), (crest, depth + 0.7), "crest_mm", **SMALL)
    measure(axes, (-0.9, 0.0), (-0.9, depth), "depth_mm", xytext=(-4, 0), ha="right", va="center", **SMALL)
    lead(axes, (0.0, depth), (-1.1, depth))
    for foot, lean, towards, words, at in (
        (THREAD.knots[2], THREAD.proximal_lean, -1.0, "proximal_flank_deg", (1.3, -2.0)),
        (THREAD.knots[3], THREAD.distal_lean, 1.0, "distal_flank_deg", (4.7, -2.0)),
    ):
        axes.plot([foot, foot], [0.0, 1.25], color=tokens.QUIET, lw=0.6, ls=(0, (4, 2)))
        turn = np.linspace(0.0, lean, 30)
        axes.plot(foot + towards * 1.1 * np.sin(turn), 1.1 * np.cos(turn), color=tokens.INK, lw=tokens.HAIR)
        middle = (foot + towards * 1.1 * math.sin(lean / 2), 1.1 * math.cos(lean / 2))
        style = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}
        axes.annotate(words, middle, at, arrowprops=style, ha="center", **SMALL)
    axes.annotate("towards the cut", (-1.2, -1.4), ha="left", color=tokens.QUIET, **SMALL)
    axes.annotate("towards the tip", (6.6, -1.4), ha="right", color=tokens.QUIET, **SMALL)
    axes.set(xlim=(-3.2, 6.8), ylim=(-2.4, 3.0), aspect="equal")
    axes.set_title("One pitch")


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, panels = figure(230.0, 2)
        for panel, draw in zip(panels, (along, section), strict=True):
            draw(panel)
            panel.set_axis_off()
        path = Path(__file__).with_name("thread.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
