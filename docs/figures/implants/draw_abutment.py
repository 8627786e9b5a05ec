"""Draw what the keys of an abutment and its screw mean, from the program's own shapes.

Run from the repository's root: it writes abutment.svg beside itself.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.abutment import Abutment, Screw
from geometry.stem import Stem
from tests.verification.drawing import stable

STEM = Stem(
    16.0, 36.0, tip_radius=3.0, bore_diameter=6.0,
    abutment=Abutment(14.0, 22.0, Screw(13.0, 23.0, 11.0), seat=-2.5),
)  # fmt: skip
WALL = 14.0
SMALL = {"fontsize": tokens.SIZE_SMALL}


def push(axes: Axes, levels: np.ndarray, height: float, along: float, colour: str) -> None:
    """Draw a row of arrows along the axis, each from its level."""
    style = {"arrowstyle": "-|>", "color": colour, "lw": tokens.LINE, "shrinkA": 0, "shrinkB": 0}
    for level in levels:
        axes.annotate("", (level + along, height), (level, height), arrowprops=style | {"mutation_scale": 7})


def half(axes: Axes, stem: Stem) -> None:
    """Draw the upper half of a section along the axis: levels to the right."""
    abutment, profile, bore = stem.abutment, stem.profile, stem.bore_diameter / 2
    assert abutment is not None
    screw, outer = abutment.screw, abutment.diameter / 2
    levels = np.linspace(abutment.seat, stem.length, 1200)
    bone = [(0.0, WALL), (stem.length + 8, WALL), (stem.length + 8, 0.0), (0.0, 0.0)]
    axes.add_patch(Polygon(bone, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    metal = [(levels[0], bore), *zip(levels, profile.at(levels), strict=True), (levels[-1], bore)]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    low = abutment.distal_level
    tube = [(low, bore), (low, outer), (abutment.seat, outer), (abutment.seat, bore)]
    axes.add_patch(Polygon(tube, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.fill_between([low, stem.length], 0.0, bore, color=tokens.PAPER, lw=0)
    axes.plot([low - 6, stem.length + 12], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    axes.plot([abutment.seat] * 2, [bore, outer], color=tokens.INK, lw=2 * tokens.LINE)
    axes.plot([screw.start, screw.end], [bore] * 2, color=tokens.INK, lw=2 * tokens.LINE)
    assert screw.head_diameter is not None
    head = screw.head_diameter / 2
    axes.plot([low, low], [bore, head], color=tokens.INK, lw=2 * tokens.LINE)
    for height in np.linspace(bore + 0.4, head - 0.4, 3):
        push(axes, np.array([low - 5.0]), float(height), 5.0, tokens.INK)
    push(axes, np.linspace(screw.start + 2.5, screw.end, 4), bore + 0.8, -2.3, tokens.INK)
    axes.annotate("preload_N", (low - 5.4, (bore + head) / 2), ha="right", va="center", **SMALL)
    axes.annotate("preload_N", ((screw.start + screw.end) / 2, bore + 1.4), ha="center", **SMALL)
    style = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}
    axes.annotate("joint", (abutment.seat, outer - 1.0), (abutment.seat - 4.0, 10.6), arrowprops=style,
                  ha="center", **SMALL)  # fmt: skip
    for level in (low, abutment.seat, 0.0, screw.start, screw.end):
        lead(axes, (level, 0.0), (level, -13.4 if level in (0.0, screw.end) else -8.8))
    lead(axes, (0.0, -8.4), (0.0, WALL + 2.0))
    measure(axes, (low, -3.6), (abutment.seat, -3.6), "abutment.length_mm", **SMALL)
    axes.annotate("seat_mm", (abutment.seat - 0.5, -8.4), ha="right", va="center", **SMALL)
    measure(axes, (abutment.seat, -8.4), (0.0, -8.4), "")
    measure(axes, (0.0, -8.4), (screw.start, -8.4), "engagement_from_mm", xytext=(12, 4), **SMALL)
    measure(axes, (0.0, -13.0), (screw.end, -13.0), "engagement_to_mm", **SMALL)
    for x, high, at, text in (
        (low - 22.0, bore, 1.2, "bore_diameter_mm / 2"),
        (low - 19.0, head, 4.2, "screw.seat_diameter_mm / 2"),
        (low - 16.0, outer, 6.6, "abutment.diameter_mm / 2"),
    ):
        lead(axes, (x - 1, high), (low, high))
        measure(axes, (x, 0.0), (x, high), "")
        axes.annotate(text, (x - 1.2, at), ha="right", va="center", **SMALL)
    axes.annotate("cut", (0.6, WALL + 1.0), ha="left", color=tokens.QUIET, **SMALL)
    axes.annotate("fixture", (29.0, 5.4), ha="center", va="center", **SMALL)
    axes.annotate("abutment", (low + 10.0, 5.0), ha="center", va="center", **SMALL)
    axes.annotate("bone", (stem.length + 4.0, WALL / 2), ha="center", va="center", **SMALL)
    axes.set(xlim=(low - 43, stem.length + 12), ylim=(-15, 19))
    axes.set_title("Along the axis, one half")


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, (panel,) = figure(330.0, 1)
        half(panel, STEM)
        panel.set_aspect("equal")
        panel.set_axis_off()
        path = Path(__file__).with_name("abutment.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
