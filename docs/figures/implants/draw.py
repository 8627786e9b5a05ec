"""Draw what the keys of flutes, splines and slot mean, from the shapes that the program itself uses.

Run from the repository's root: it writes SVG files beside itself.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from fea.post import tokens  # noqa: E402
from fea.post.plots import figure, svg_of  # noqa: E402
from geometry.grooves import Bars, Flutes, Splines  # noqa: E402
from geometry.slot import Slot  # noqa: E402
from geometry.stem import Stem  # noqa: E402
from tests.verification.drawing import stable  # noqa: E402

RADIUS, WALL = 8.0, 13.0
HEIGHT = 370.0
FLUTED = Stem(16.0, 60.0, tip_radius=4.0, flutes=Flutes(6, 1.4, 4.0, 12.0, 46.0, 8.0))
SPLINED = Stem(16.0, 60.0, tip_radius=4.0, splines=Splines(6, 1.2, 4.0, 0.0, 34.0, 8.0))
SLOTTED = Stem(16.0, 60.0, tip_radius=4.0, slot=Slot(3.0, 20.0, "coronal"))


def outline(bars: Bars) -> np.ndarray:
    """Section of the stem across its axis, seen from the tip, anterior up, shape (n, 2), mm."""
    angles = np.linspace(0.0, math.tau, 2161)
    turn = np.remainder(angles - bars.first_angle + bars.pitch / 2, bars.pitch) - bars.pitch / 2
    centre = RADIUS + bars.centre
    root = np.sqrt(np.maximum(bars.radius**2 - (centre * np.sin(turn)) ** 2, 0.0))
    half = math.asin(bars.width / (2 * RADIUS))
    ray = centre * np.cos(turn) + math.copysign(1.0, bars.rise) * root
    radius = np.where(np.abs(turn) < half, ray, RADIUS)
    return np.column_stack([radius * np.sin(angles), radius * np.cos(angles)])


def measure(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], words: str, **text: object
) -> None:
    """Draw a dimension line with its key beside it."""
    style = {"arrowstyle": "<|-|>", "color": tokens.INK, "lw": tokens.HAIR, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=style | {"mutation_scale": 8})
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    axes.annotate(words, middle, **({"xytext": (0, 4), "ha": "center"} | text), textcoords="offset points")


def lead(axes: Axes, *places: tuple[float, float]) -> None:
    """Draw a thin line from an edge to its dimension."""
    axes.plot(*np.transpose(places), color=tokens.QUIET, lw=0.5)


def section(axes: Axes, stem: Stem, size: str) -> None:
    """Draw the section across the axis with width and depth or height."""
    (bars,) = stem.grooves
    bone = Circle((0, 0), WALL, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR)
    axes.add_patch(bone)
    axes.add_patch(Circle((0, 0), RADIUS, fc=tokens.PAPER, ec=tokens.QUIET, lw=tokens.HAIR))
    axes.add_patch(Polygon(outline(bars), fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    edge = math.sqrt(RADIUS**2 - bars.width**2 / 4)
    for side in (-1, 1):
        lead(axes, (side * bars.width / 2, edge), (side * bars.width / 2, WALL + 2.2))
    measure(axes, (-bars.width / 2, WALL + 1.8), (bars.width / 2, WALL + 1.8), "width_mm")
    low, high = sorted((RADIUS, RADIUS + bars.rise))
    for level in (low, high):
        lead(axes, (0.0, level), (WALL + 1.6, level))
    measure(axes, (WALL + 1.2, low), (WALL + 1.2, high), size, xytext=(7, 0), ha="left", va="center")
    axes.annotate(f"number = {bars.number}", (0, 0), ha="center", va="center")
    up = {"arrowstyle": "-|>", "color": tokens.ANTERIOR, "lw": tokens.LINE}
    axes.annotate("", (WALL + 4, -7.5), (WALL + 4, -11.5), arrowprops=up)
    axes.annotate(
        "anterior", (WALL + 4, -7.2), ha="center", color=tokens.ANTERIOR, fontsize=tokens.SIZE_SMALL
    )
    axes.annotate("bone", (-9.4, -6.4), ha="center", color=tokens.QUIET, fontsize=tokens.SIZE_SMALL)
    axes.set(xlim=(-WALL - 1, WALL + 9), ylim=(-WALL - 1, WALL + 4.5))
    axes.set_title("Across the axis", y=0.97)


def run_out(bars: Bars, levels: np.ndarray) -> np.ndarray:
    """Height of floor or crest above the flank along the axis, mm; none beyond the ends."""
    rise = np.where((levels >= bars.low) & (levels <= bars.high), bars.rise, 0.0)
    for end, length, ahead in (
        (bars.low, bars.low_run_out, bars.low + bars.low_run_out - levels),
        (bars.high, bars.high_run_out, levels - bars.high + bars.high_run_out),
    ):
        if length and math.isfinite(end):
            arc = bars.arc_radius(length)
            on = (ahead > 0) & (ahead <= length)
            fallen = arc - np.sqrt(np.maximum(arc**2 - ahead**2, 0.0))
            rise = np.where(on, bars.rise - math.copysign(1.0, bars.rise) * fallen, rise)
    return rise


def along(axes: Axes, stem: Stem, reamed_to: float) -> None:
    """Draw the upper half of a section along the axis: levels to the right."""
    (bars,) = stem.grooves
    levels = np.unique(np.r_[np.linspace(-6.0, stem.length, 1500), bars.low, bars.low + 1e-9, bars.high])
    radius = stem.profile.at(levels) + run_out(bars, levels)
    bone = [(0.0, WALL), (reamed_to + 4, WALL), (reamed_to + 4, RADIUS), (0.0, RADIUS)]
    axes.add_patch(Polygon(bone, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    metal = [(levels[0], 0.0), *zip(levels, radius, strict=True), (levels[-1], 0.0)]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot([-6, stem.length], [RADIUS, RADIUS], color=tokens.QUIET, lw=0.5, ls=(0, (4, 3)))
    axes.plot([-8, stem.length + 6], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    below = -2.6
    for level in {0.0, bars.low, bars.high}:
        lead(axes, (level, RADIUS), (level, below - 7.0))
    measure(axes, (0.0, below - 6.6), (bars.high, below - 6.6), "to_mm")
    if bars.low > 0:
        measure(axes, (0.0, below), (bars.low, below), "from_mm")
    else:
        axes.annotate("from_mm = 0", (0.8, below - 1.2), ha="left", fontsize=tokens.SIZE_SMALL)
    out = bars.high_run_out
    for level in (bars.high - out, bars.high):
        lead(axes, (level, RADIUS), (level, WALL + 2.2))
    measure(axes, (bars.high - out, WALL + 1.8), (bars.high, WALL + 1.8), "run_out_mm")
    words = {"ha": "center", "color": tokens.QUIET, "fontsize": tokens.SIZE_SMALL}
    axes.annotate("cut", (0.0, WALL + 0.6), **words)
    axes.annotate("tip", (stem.length + 0.8, 3.0), **(words | {"ha": "left"}))
    axes.set(xlim=(-8, stem.length + 7), ylim=(-11, WALL + 5))
    axes.set_title("Along the axis, one half")


def slot_views(axes: list[Axes], stem: Stem) -> None:
    """Draw the slotted tip along both planes."""
    slot = stem.slot
    assert slot is not None
    levels = np.linspace(32.0, stem.length, 800)
    radius = stem.profile.at(levels)
    whole = [(levels[0], -radius[0]), *zip(levels, radius, strict=True)]
    whole += [(level, -r) for level, r in zip(levels[::-1], radius[::-1], strict=True)]
    angle = np.linspace(-math.pi / 2, math.pi / 2, 91)
    root = stem.length - slot.depth + slot.width / 2
    open_ = [(stem.length, -slot.width / 2)]
    open_ += [(root - slot.width / 2 * math.cos(a), slot.width / 2 * math.sin(a)) for a in angle]
    open_ += [(stem.length, slot.width / 2)]
    for panel, words in zip(axes, ("Across the slot's plane", "In the slot's plane"), strict=True):
        panel.add_patch(Polygon(whole, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
        panel.set_title(words)
        panel.set(xlim=(30, stem.length + 12), ylim=(-14, 14))
    axes[0].add_patch(Polygon(open_, fc=tokens.PAPER, ec=tokens.INK, lw=tokens.HAIR))
    axes[0].plot([stem.length] * 2, [-1.35, 1.35], color=tokens.PAPER, lw=2.5, solid_capstyle="butt")
    for level in (stem.length - slot.depth, stem.length):
        lead(axes[0], (level, 0.0 if level < stem.length else 4.0), (level, -11.4))
    measure(axes[0], (stem.length - slot.depth, -11.0), (stem.length, -11.0), "depth_mm")
    for side in (-1, 1):
        lead(axes[0], (stem.length, side * slot.width / 2), (stem.length + 4.4, side * slot.width / 2))
    measure(
        axes[0], (stem.length + 4, -slot.width / 2), (stem.length + 4, slot.width / 2), "width_mm",
        xytext=(6, 0), ha="left", va="center",
    )  # fmt: skip
    edge = stem.length - slot.depth
    axes[1].plot([edge, edge], [-RADIUS, RADIUS], color=tokens.INK, lw=tokens.HAIR, ls=(0, (4, 3)))
    axes[1].annotate("root", (edge - 0.8, 0.0), ha="right", va="center")
    axes[1].annotate(
        "seen from the front:\nplane = \"coronal\"\nopens the slot to both sides", (47.5, -13.6), ha="center",
        fontsize=tokens.SIZE_SMALL, color=tokens.QUIET,
    )  # fmt: skip


def drawing(name: str) -> str:
    """Draw one of ``flutes``, ``splines`` and ``slot`` as SVG text."""
    with mpl.rc_context(tokens.style()):
        drawn, axes = figure(HEIGHT, 2)
        if name == "slot":
            slot_views(axes, SLOTTED)
        else:
            stem, size = (FLUTED, "depth_mm") if name == "flutes" else (SPLINED, "height_mm")
            section(axes[0], stem, size)
            along(axes[1], stem, 58.0)
        for panel in axes:
            panel.set_aspect("equal")
            panel.set_axis_off()
        return stable(svg_of(drawn))


if __name__ == "__main__":
    for name in ("flutes", "splines", "slot"):
        path = Path(__file__).with_name(f"{name}.svg")
        path.write_text(drawing(name), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
