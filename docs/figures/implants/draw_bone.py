"""Draw what the keys of a triangular section, of its wall and of a site mean, from the program's own shapes.

Run from the repository's root: it writes sections.svg beside itself.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import HEIGHT, ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fea.case.site_filling import fill
from fea.case.site_library import read_sites
from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.outline import Outline
from geometry.sectioned_bone import SectionedBone
from geometry.station import Station, Triangle
from tests.verification.drawing import stable

APEX, SHARE, FRONT, SIDE, WALL = 25.0, 0.07, 13.0, 11.5, 4.6
BONE = SectionedBone(
    40.0, (Station(0.0, FRONT, SIDE, 0.0, 0.0, triangle=Triangle(SHARE, np.radians(APEX)), wall=WALL),)
)
SMALL = {"fontsize": tokens.SIZE_SMALL}
TURNS = np.linspace(-np.pi, np.pi, 721)
THIN = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}


def seen(outline: Outline) -> np.ndarray:
    """Outline of a section, shape (n, 2), mm: left to the right, anterior upwards."""
    x, y, _ = outline.places(TURNS, np.zeros_like(TURNS)).T
    return np.column_stack([y, x])


def section(axes: Axes) -> None:
    """Draw a section with its keys, and the ellipse that it stands on."""
    assert BONE.outline is not None
    assert BONE.canal_outline is not None
    for outline, colour in ((BONE.outline, tokens.CORTICAL), (BONE.canal_outline, tokens.PAPER)):
        axes.add_patch(Polygon(seen(outline), fc=colour, ec=tokens.QUIET, lw=tokens.HAIR))
    axes.plot(SIDE * np.sin(TURNS), FRONT * np.cos(TURNS), color=tokens.QUIET, lw=tokens.HAIR, ls=(0, (4, 2)))
    across = float(BONE.outline.radius(np.array([np.pi / 2]), np.zeros(1))[0])
    other = float(BONE.outline.radius(np.array([-np.pi / 2]), np.zeros(1))[0])
    front = float(BONE.outline.radius(np.array([0.0]), np.zeros(1))[0])
    back = float(BONE.outline.radius(np.array([np.pi]), np.zeros(1))[0])
    for x in (-other, across):
        lead(axes, (x, 0.0), (x, -17.4))
    measure(axes, (-other, -17.0), (across, -17.0), "outer_mediolateral_mm", xytext=(0, -13))
    for y in (-back, front):
        lead(axes, (0.0, y), (-17.4, y))
    measure(axes, (-17.0, -back), (-17.0, front), "outer_anteroposterior_mm", xytext=(-6, 0), ha="right",
            va="center", rotation=90)  # fmt: skip
    turn = np.radians(APEX)
    tip = float(BONE.outline.radius(np.array([turn]), np.zeros(1))[0])
    axes.plot([0, 16.6 * np.sin(turn)], [0, 16.6 * np.cos(turn)], color=tokens.QUIET, lw=0.5)
    axes.plot([0, 0], [0, 16.6], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    arc = np.linspace(0.0, turn, 40)
    axes.plot(15.6 * np.sin(arc), 15.6 * np.cos(arc), color=tokens.INK, lw=tokens.HAIR)
    axes.annotate("outer_apex_deg", (15.6 * np.sin(turn / 2), 15.6 * np.cos(turn / 2)), (8.6, 17.4),
                  arrowprops=THIN, **SMALL)  # fmt: skip
    ellipse = 1.0 / np.hypot(np.cos(turn) / FRONT, np.sin(turn) / SIDE)
    spot = 0.5 * (tip + ellipse)
    axes.annotate("outer_triangularity:\nshare of the ellipse's\nradius added here",
                  (spot * np.sin(turn), spot * np.cos(turn)), (11.0, 10.4), va="center", arrowprops=THIN,
                  **SMALL)  # fmt: skip
    # The wall, at right angles to the outer curve.
    at = np.array([np.radians(118.0)])
    place = BONE.outline.places(at, np.zeros(1))[0, :2]
    by_angle, _ = BONE.outline.slopes(at, np.zeros(1))
    radius = float(np.hypot(*place))
    out, round_ = place / radius, np.array([-place[1], place[0]]) / radius
    normal = out - float(by_angle[0]) / radius * round_
    normal /= np.linalg.norm(normal)
    inner = place - WALL * normal
    measure(axes, (inner[1], inner[0]), (place[1], place[0]), "cortical_wall_mm", xytext=(26, -12),
            ha="left", va="center", **SMALL)  # fmt: skip
    ahead = {"arrowstyle": "-|>", "color": tokens.ANTERIOR, "lw": tokens.LINE}
    axes.annotate("", (0.0, 5.6), (0.0, 0.0), arrowprops=ahead)
    axes.annotate("anterior (x)", (-0.5, 3.2), color=tokens.ANTERIOR, ha="right", **SMALL)
    left = {"arrowstyle": "-|>", "color": tokens.LEFT, "lw": tokens.LINE}
    axes.annotate("", (5.6, 0.0), (0.0, 0.0), arrowprops=left)
    axes.annotate("left (y)", (1.6, -1.9), color=tokens.LEFT, **SMALL)
    axes.set(xlim=(-22.0, 27.0), ylim=(-20.5, 20.0))
    axes.set_title("Section, seen from distal", y=1.0)


def site(axes: Axes) -> None:
    """Draw where a site's stump, its cut and the modelled length lie on the whole bone."""
    tibia = read_sites()["tibia"]
    whole, stump = tibia.whole_length_mm.value, 200.0
    filled = fill({"site": "tibia", "stump_length_mm": stump})
    cut, length = whole - stump, filled.keys["length_mm"]
    places = np.array([part.share * whole for part in tibia.section])
    half = np.array([part.outer_mediolateral_mm / 2 for part in tibia.section])
    level = np.linspace(places[0], places[-1], 200)
    wide = np.interp(level, places, half)
    kept = level >= cut
    for part, colour in ((~kept, tokens.PAPER), (kept, tokens.CORTICAL)):
        axes.fill_betweenx(level[part], -wide[part], wide[part], fc=colour, ec=tokens.QUIET, lw=tokens.HAIR)
    for low, high, at in ((0.0, places[0], half[0]), (places[-1], whole, half[-1])):
        axes.add_patch(Polygon([(-at, low), (at, low), (at, high), (-at, high)], fc="none", ec=tokens.QUIET,
                               lw=tokens.HAIR, ls=(0, (3, 2))))  # fmt: skip
    for station in filled.keys["station"]:
        y, x = cut + station["level_mm"], station["outer_mediolateral_mm"] / 2
        axes.plot([-x, x], [y, y], color=tokens.INK, lw=tokens.HAIR)
    for y in (0.0, whole):
        lead(axes, (-20.0, y), (-74.0, y))
    measure(axes, (-70.0, 0.0), (-70.0, whole), "whole_length_mm", xytext=(-6, 0), ha="right", va="center",
            rotation=90)  # fmt: skip
    for y in (cut, cut + length):
        lead(axes, (-18.0, y), (74.0, y))
    measure(axes, (-44.0, cut), (-44.0, whole), "stump_length_mm", xytext=(-6, 0), ha="right", va="center",
            rotation=90)  # fmt: skip
    lead(axes, (-18.0, cut), (-48.0, cut))
    measure(axes, (44.0, cut), (44.0, cut + length), "length_mm", xytext=(6, 0), ha="left", va="center")
    axes.annotate("cut", (78.0, cut), va="center", **SMALL)
    axes.annotate("end of the shaft, held", (78.0, cut + length), va="center", **SMALL)
    axes.annotate("[[bone.station]]", (half[2], cut + filled.keys["station"][1]["level_mm"]), (70.0, 175.0),
                  va="center", arrowprops=THIN, **SMALL)  # fmt: skip
    axes.set(xlim=(-110.0, 190.0), ylim=(-12.0, whole + 12.0))
    axes.set_title('site = "tibia"', y=1.0)


if __name__ == "__main__":
    with mpl.rc_context(tokens.style()):
        drawn, panels = figure(HEIGHT, 2)
        for panel, draw in zip(panels, (section, site), strict=True):
            draw(panel)
            panel.set_aspect("equal")
            panel.set_axis_off()
        path = Path(__file__).with_name("sections.svg")
        path.write_text(stable(svg_of(drawn)), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
