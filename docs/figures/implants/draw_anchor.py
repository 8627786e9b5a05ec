"""Draw what the keys of a pre-tensioned anchor mean, from the program's own shapes.

Run from the repository's root: it writes anchor.svg beside itself.
"""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon, Rectangle

from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.anchor import Anchor, Pin
from geometry.stem import Collar, Stem
from tests.verification.drawing import stable

PINS = (Pin(32.0, 0.0), Pin(42.0, math.pi / 2), Pin(52.0, 0.0))
STEM = Stem(11.0, 18.0, protrusion=14.0, collar=Collar(27.0, 4.5, 0.0), anchor=Anchor(4.0, PINS))
WALL, CANAL, TOP = 14.0, 7.5, 66.0
#: Where the section across the axis stands.
BESIDE = 106.0
SMALL = {"fontsize": tokens.SIZE_SMALL}


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a force."""
    style = {"arrowstyle": "-|>", "color": tokens.INK, "lw": tokens.LINE, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=style | {"mutation_scale": 7})


def section(axes: Axes, stem: Stem) -> None:
    """Draw a section along the axis: levels to the right, the front up."""
    anchor, collar, low = stem.anchor, stem.collar, stem.distal_level
    assert anchor is not None
    assert collar is not None
    for sign in (1.0, -1.0):
        axes.add_patch(
            Rectangle((0.0, min(sign * CANAL, sign * WALL)), TOP, WALL - CANAL, fc=tokens.CORTICAL,
                      ec=tokens.QUIET, lw=tokens.HAIR)
        )  # fmt: skip
    half, plate = stem.diameter / 2, collar.diameter / 2
    upper = [(low, half), (-collar.thickness, half), (-collar.thickness, plate), (0.0, plate), (0.0, half)]
    upper += [(stem.length, half)]
    metal = [*upper, *((x, -y) for x, y in reversed(upper))]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot([low - 5, TOP + 5], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    radius = anchor.pin_diameter / 2
    for pin in anchor.pins:
        if abs(math.sin(pin.direction)) > 0.5:
            axes.add_patch(Circle((pin.level, 0.0), radius, fc=tokens.PAPER, ec=tokens.QUIET, lw=0.7))
            continue
        for sign in (1.0, -1.0):
            axes.add_patch(
                Rectangle((pin.level - radius, min(sign * CANAL, sign * WALL)), anchor.pin_diameter,
                          WALL - CANAL, fc=tokens.PAPER, ec=tokens.QUIET, lw=0.7)
            )  # fmt: skip
            for height in np.linspace(CANAL + 1.2, WALL - 1.2, 3):
                arrow(axes, (pin.level + 1.6, sign * height), (pin.level - radius, sign * height))
    ghost = {"color": tokens.QUIET, "lw": 0.8, "ls": (0, (4, 3))}
    plug = (26.0, 60.0, CANAL - 0.6)
    axes.plot([plug[0], plug[1], plug[1], plug[0], plug[0]], [plug[2], plug[2], -plug[2], -plug[2], plug[2]],
              **ghost)  # fmt: skip
    axes.plot([stem.length, plug[0]], [1.2, 1.2], **ghost)
    axes.plot([stem.length, plug[0]], [-1.2, -1.2], **ghost)
    for height in (-3.6, 3.6):
        arrow(axes, (stem.length, height), (stem.length + 5.5, height))
    style = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}
    axes.annotate("preload_N, on the\nspindle's flat end", (stem.length + 3.0, 3.6), (4.0, 20.0),
                  arrowprops=style, ha="center", va="center", **SMALL)  # fmt: skip
    axes.annotate("preload_N, shared by the pins,\non the distal half of their holes", (30.2, 11.0),
                  (33.0, 20.0), arrowprops=style, ha="center", va="center", **SMALL)  # fmt: skip
    axes.annotate("bar and plug\n(not meshed)", (51.0, -3.8), ha="center", va="center", color=tokens.QUIET,
                  **SMALL)  # fmt: skip
    axes.annotate("spindle", (9.0, 0.9), ha="center", **SMALL)
    axes.annotate("plate", (-collar.thickness - 0.8, plate - 3.0), ha="right", **SMALL)
    axes.annotate("bone", (TOP - 2.5, (WALL + CANAL) / 2), ha="center", va="center", rotation=90, **SMALL)
    axes.annotate("cut", (0.5, WALL + 0.8), ha="left", color=tokens.QUIET, **SMALL)
    lead(axes, (0.0, -WALL), (0.0, -28.0))
    for row, pin in enumerate(anchor.pins):
        height = -18.0 - 4.5 * row
        lead(axes, (pin.level, -WALL if row != 1 else 0.0), (pin.level, height - 0.6))
        words = f"pin_levels_mm[{row}]"
        measure(axes, (0.0, height), (pin.level, height), words, **SMALL)
    last = anchor.pins[-1].level
    for side in (-radius, radius):
        lead(axes, (last + side, WALL), (last + side, 17.4))
    measure(axes, (last - radius, 17.0), (last + radius, 17.0), "", **SMALL)
    axes.annotate("pin_diameter_mm", (last + radius + 0.6, 17.0), va="center", **SMALL)
    axes.annotate("Along the axis, from the side", (26.0, 27.0), ha="center", va="center", weight="bold")


def across(axes: Axes, stem: Stem) -> None:
    """Draw a section across the axis, seen from the hip: front up, the patient's left on the left."""
    anchor, middle = stem.anchor, np.array([BESIDE, 0.0])
    assert anchor is not None
    axes.add_patch(Circle((BESIDE, 0.0), WALL, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    axes.add_patch(Circle((BESIDE, 0.0), CANAL, fc=tokens.PAPER, ec=tokens.QUIET, lw=tokens.HAIR))
    radius = anchor.pin_diameter / 2
    for degrees in (0.0, 35.0, 90.0):
        turn = math.radians(degrees)
        along, aside = np.array([-math.sin(turn), math.cos(turn)]), np.array([math.cos(turn), math.sin(turn)])
        for sign in (1.0, -1.0):
            corners = [sign * CANAL * along + radius * aside, sign * WALL * along + radius * aside]
            corners += [sign * WALL * along - radius * aside, sign * CANAL * along - radius * aside]
            look = {"fc": tokens.PAPER, "ec": tokens.QUIET, "lw": 0.7, "ls": "-" if degrees != 35.0 else ":"}
            axes.add_patch(Polygon([middle + corner for corner in corners], **look))
        ends = [middle - (WALL + 2.0) * along, middle + (WALL + 2.0) * along]
        axes.plot(*np.transpose(ends), color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
        axes.annotate(f"{degrees:g}", middle + (WALL + 3.4) * along, ha="center", va="center", **SMALL)
    arc = np.radians(np.linspace(0.0, 35.0, 30))
    axes.plot(BESIDE - 5.0 * np.sin(arc), 5.0 * np.cos(arc), color=tokens.INK, lw=tokens.HAIR)
    axes.annotate("pin_directions_deg", (BESIDE, -20.5), ha="center", va="center", **SMALL)
    axes.annotate("anterior", (BESIDE, 20.4), ha="center", va="center", color=tokens.ANTERIOR, **SMALL)
    axes.annotate("left", (BESIDE - 17.0, 3.6), ha="center", va="center", color=tokens.LEFT, **SMALL)
    axes.annotate("Across the axis, from the hip", (BESIDE, 27.0), ha="center", va="center", weight="bold")


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, (panel,) = figure(320.0, 1)
        section(panel, STEM)
        across(panel, STEM)
        panel.set(xlim=(STEM.distal_level - 6, BESIDE + 20), ylim=(-30, 30))
        panel.set_aspect("equal")
        panel.set_axis_off()
        path = Path(__file__).with_name("anchor.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
