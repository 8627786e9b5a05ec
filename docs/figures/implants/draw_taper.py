"""Draw what the keys of a taper joint mean, from the program's own shapes.

Run from the repository's root: it writes taper.svg beside itself.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import ROOT, lead, measure
from draw_abutment import push
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fea.case.taper import TaperCase, read_taper
from fea.post import tokens
from fea.post.plots import figure, svg_of
from tests.verification.drawing import stable

SMALL = {"fontsize": tokens.SIZE_SMALL}


def half(axes: Axes, joint: TaperCase) -> None:
    """Draw the upper half of a section along the axis: levels to the right."""
    cone, socket = joint.case.stem, joint.socket
    levels = np.array([corner[0] for corner in socket.corners])
    outer, canal = (np.array([corner[k] for corner in socket.corners]) for k in (1, 2))
    shape = [*zip(levels, outer, strict=True), *reversed(list(zip(levels, canal, strict=True)))]
    axes.add_patch(Polygon(shape, fc=tokens.SOCKET, ec=tokens.INK, lw=tokens.HAIR))
    low, bore = cone.distal_level, cone.bore_diameter / 2
    ends = np.array([low, 0.0, cone.length])
    metal = [(low, bore), *zip(ends, cone.profile.at(ends), strict=True), (cone.length, bore)]
    axes.add_patch(Polygon(metal, fc=tokens.ADAPTER, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot([low - 4, socket.length + 4], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    held = [socket.length] * 2
    axes.plot(held, [canal[-1] - 0.8, outer[-1] + 0.8], color=tokens.SUPPORT, lw=2 * tokens.LINE)
    axes.annotate("held", (socket.length + 0.9, outer[-1] + 1.4), color=tokens.SUPPORT, **SMALL)
    for height in np.linspace(bore + 0.8, cone.diameter / 2 - 0.8, 3):
        push(axes, np.array([low - 3.4]), float(height), 3.2, tokens.INK)
    axes.annotate("assembly.force_N", (low - 3.8, 5.0), ha="right", va="center", **SMALL)
    for level in (low, 0.0, cone.length, socket.depth, socket.length):
        lead(axes, (level, 0.0), (level, -14.4 if level in (0.0, socket.length) else -9.4))
    measure(axes, (low, -3.8), (0.0, -3.8), "")
    axes.annotate("cone.neck_length_mm", (low - 0.6, -3.8), ha="right", va="center", **SMALL)
    for end, height, words in (
        (cone.length, -3.8, "cone.engagement_mm"),
        (socket.depth, -8.8, "socket.depth_mm"),
    ):
        measure(axes, (0.0, height), (end, height), "")
        ground = {"fc": tokens.PAPER, "ec": "none", "pad": 0.8}
        axes.annotate(words, (end + 0.9, height), ha="left", va="center", bbox=ground, **SMALL)
    measure(axes, (0.0, -13.8), (socket.length, -13.8), "socket.length_mm", **SMALL)
    for x, high, at, text in (
        (low - 34.0, bore, 1.2, "cone.bore_diameter_mm / 2"),
        (low - 31.0, cone.diameter / 2, 7.8, "cone.large_diameter_mm / 2"),
    ):
        lead(axes, (x - 1, high), (low if high < 4 else 0.0, high))
        measure(axes, (x, 0.0), (x, high), "")
        axes.annotate(text, (x - 1.2, at), ha="right", va="center", **SMALL)
    x = socket.length + 9.0
    lead(axes, (socket.length, outer[-1]), (x + 1, outer[-1]))
    measure(axes, (x, 0.0), (x, float(outer[-1])), "")
    axes.annotate("socket.outer_diameter_mm / 2", (x + 1.2, 4.8), ha="left", va="center", **SMALL)
    axes.annotate("mouth", (-0.4, outer[0] + 0.8), ha="right", color=tokens.QUIET, **SMALL)
    axes.annotate("cone", (5.0, 4.0), ha="center", va="center", **SMALL)
    axes.annotate("socket", (33.0, 7.6), ha="center", va="center", **SMALL)
    axes.set(xlim=(low - 62, socket.length + 36), ylim=(-15.5, 12))
    axes.set_title("Along the axis, one half; radii stretched")


def angles(axes: Axes) -> None:
    """Draw both angles about the point where the cone would end, their difference much enlarged."""
    for slope, colour, line, words in (
        (0.19, tokens.INK, "-", "cone: angle_deg / 2"),
        (0.11, tokens.QUIET, "--", "socket: (angle_deg − angle_mismatch_deg) / 2"),
    ):
        end = 7.6 - slope * 30.0
        axes.plot([0, 30], [7.6, end], color=colour, lw=tokens.LINE, ls=line)
        axes.annotate(words, (30.6, end), ha="left", va="center", color=colour, **SMALL)
    axes.plot([0, 30], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    axes.annotate("a positive mismatch, much enlarged", (0.0, 10.8), ha="left", va="bottom", **SMALL)
    axes.plot([0.0], [7.6], "o", ms=5, mfc=tokens.PAPER, mec=tokens.LOAD)
    axes.annotate(
        "touches first at the mouth, the large end",
        (0.6, 8.3),
        ha="left",
        va="bottom",
        color=tokens.LOAD,
        **SMALL,
    )
    axes.set(xlim=(-3, 66), ylim=(-2, 14))
    axes.set_title("The angles, about the axis")


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, (panel,) = figure(300.0, 1)
        half(panel, read_taper(ROOT / "cases" / "adapter_taper.toml"))
        panel.set_aspect(1.7)
        panel.set_axis_off()
        path = Path(__file__).with_name("taper.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
        drawn, (panel,) = figure(190.0, 1)
        angles(panel)
        panel.set_axis_off()
        other = Path(__file__).with_name("taper_angles.svg")
        other.write_text(stable(svg_of(drawn)), encoding="utf-8")
    for made in (path, other):
        print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1024:.0f} kB")
