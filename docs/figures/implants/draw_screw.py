"""Draw what the keys of a lag screw mean, from the shapes that the program itself uses.

Run from the repository's root: it writes lag_screw.svg beside itself.
"""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import HEIGHT, ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle, Polygon

from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.lag_screw import LagScrew
from geometry.stem import Stem
from tests.verification.drawing import stable

WALL, BONE = 13.0, 62.0
SCREW = LagScrew(7.0, 26.0, 23.0, 22.0, math.radians(130.0), math.radians(60.0))
STEM = Stem(16.0, 54.0, tip_radius=4.0, lag_screw=SCREW)
#: Where the axes cross, in the plane of both.
FOOT = np.array([0.0, SCREW.level])
SMALL = {"fontsize": tokens.SIZE_SMALL}
AXIS = {"color": tokens.QUIET, "lw": 0.5, "ls": (0, (8, 2, 1, 2))}


def bar(screw: LagScrew, x: float, y: float) -> list[tuple[float, float]]:
    """Outline of the screw whose axis runs along (x, y) from the origin, as seen across it."""
    r = screw.radius
    return [
        (way * x - side * r * y, way * y + side * r * x)
        for way, side in ((-screw.head, 1), (screw.tip, 1), (screw.tip, -1), (-screw.head, -1))
    ]


def along(axes: Axes) -> None:
    """Draw the plane of both axes, proximal up, the tip to the right."""
    levels = np.linspace(-8.0, STEM.length, 600)
    radius = STEM.profile.at(levels)
    for side in (-1, 1):
        wall = [(side * 8.0, 0.0), (side * WALL, 0.0), (side * WALL, BONE), (side * 8.0, BONE)]
        axes.add_patch(Polygon(wall, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    metal = np.r_[np.column_stack([radius, levels]), np.column_stack([-radius, levels])[::-1]]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    x, y = math.sin(SCREW.angle), -math.cos(SCREW.angle)
    solid = np.array(bar(SCREW, x, y)) + FOOT
    axes.add_patch(Polygon(solid, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot([0, 0], [-12, STEM.length + 5], **AXIS)
    ends = np.array([(-SCREW.head - 5) * np.array([x, y]), (SCREW.tip + 5) * np.array([x, y])])
    axes.plot(*(ends + FOOT).T, **AXIS)
    off = np.array([-y, x]) * 10.5
    for way, key in ((SCREW.tip, "tip_mm"), (-SCREW.head, "head_mm")):
        start, end = off + FOOT, off + way * np.array([x, y]) + FOOT
        lead(axes, tuple(end - off), tuple(end * 1.02 - off * 0.02))
        turn = {"rotation": math.degrees(math.atan2(y, x)), "rotation_mode": "anchor"}
        measure(axes, tuple(start), tuple(end), key, xytext=(-3, 4), ha="center", **turn)
    lead(axes, (0.0, SCREW.level), tuple(off + FOOT))
    middle = np.array([x, y]) * (SCREW.tip + 2.4) + FOOT
    half = np.array([-y, x]) * SCREW.radius
    for side in (-1, 1):
        lead(
            axes,
            tuple(middle - 2.4 * np.array([x, y]) + side * half),
            tuple(middle + side * half + 0.4 * np.array([x, y])),
        )
    measure(
        axes, tuple(middle - half), tuple(middle + half), "diameter_mm", xytext=(8, 2), ha="left", va="center"
    )
    for level in (0.0, SCREW.level):
        lead(axes, (0.0 if level else -WALL, level), (-WALL - 14.0, level))
    measure(
        axes,
        (-WALL - 13.4, 0.0),
        (-WALL - 13.4, SCREW.level),
        "level_mm",
        xytext=(-5, 0),
        ha="right",
        va="center",
    )
    axes.add_patch(
        Arc((0.0, SCREW.level), 24.0, 24.0, theta1=-90.0, theta2=40.0, color=tokens.INK, lw=tokens.HAIR)
    )
    axes.annotate("angle_deg", (9.4, SCREW.level - 8.6), ha="left", va="top", **SMALL)
    axes.annotate("cut", (WALL + 1.0, 0.0), va="center", color=tokens.QUIET, **SMALL)
    axes.set(xlim=(-44, 42), ylim=(-13, BONE + 8))
    axes.set_title("In the plane of both axes", y=0.97)


def across(axes: Axes) -> None:
    """Draw the section across the implant's axis, seen from the hip, anterior up and left on the left."""
    axes.add_patch(Circle((0, 0), WALL, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    x, y = -math.sin(SCREW.direction), math.cos(SCREW.direction)
    flat = LagScrew(
        SCREW.diameter, 0.0, SCREW.tip * math.sin(SCREW.angle), SCREW.head * math.sin(SCREW.angle)
    )
    axes.add_patch(Polygon(bar(flat, x, y), fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.add_patch(Circle((0, 0), 8.0, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot([0, 0], [0, WALL + 5], color=tokens.ANTERIOR, lw=tokens.LINE)
    axes.annotate("anterior", (0, WALL + 5.6), ha="center", color=tokens.ANTERIOR, **SMALL)
    axes.plot([0, (WALL + 9) * x], [0, (WALL + 9) * y], **AXIS)
    turn = 90.0 + math.degrees(SCREW.direction)
    axes.add_patch(Arc((0, 0), 34.0, 34.0, theta1=90.0, theta2=turn, color=tokens.INK, lw=tokens.HAIR))
    axes.annotate("direction_deg", (-10.0, 15.2), ha="right", **SMALL)
    axes.annotate("tip", (21.0 * x - 2.4, 21.0 * y - 5.0), **SMALL)
    axes.annotate("left", (-WALL - 1.6, -1.0), color=tokens.QUIET, ha="right", va="center", **SMALL)
    axes.annotate("bone", (-7.4, -9.9), ha="center", color=tokens.QUIET, **SMALL)
    axes.set(xlim=(-28, 24), ylim=(-22, 26))
    axes.set_title("Seen from the hip", y=0.97)


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, (left, right) = figure(HEIGHT, 2)
        along(left)
        across(right)
        for panel in (left, right):
            panel.set_aspect("equal")
            panel.set_axis_off()
        path = Path(__file__).with_name("lag_screw.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
