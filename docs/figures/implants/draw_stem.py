"""Draw what the keys of a stem, its coatings, collar and bow mean, from the program's own shapes.

Run from the repository's root: it writes stem.svg and bow.svg beside itself.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from draw import HEIGHT, ROOT, lead, measure
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fea.post import tokens
from fea.post.plots import figure, svg_of
from geometry.axis import Axis
from geometry.coating import Coating
from geometry.stem import Collar, Stem
from tests.verification.drawing import stable

STEM = Stem(
    16.0, 70.0, 24.0, 12.0, tip_radius=3.0, bore_diameter=4.0, collar=Collar(26.0, 5.0, 0.0),
    coatings=(Coating(0.0, 22.0, "sprayed"), Coating(28.0, 52.0, "printed", thickness=1.8)),
)  # fmt: skip
WALL = 15.0
#: Tighter than any stem, so that the bow is seen.
BOW, LENGTH, HALF = 260.0, 150.0, 8.0
SMALL = {"fontsize": tokens.SIZE_SMALL}


def half(axes: Axes, stem: Stem) -> None:
    """Draw the upper half of a section along the axis: levels to the right."""
    assert stem.collar is not None
    profile, collar, bore = stem.profile, stem.collar, stem.bore_diameter / 2
    levels = np.linspace(-stem.protrusion, stem.length, 1200)
    radius = profile.at(levels)
    bone = [(0.0, WALL), (stem.length + 8, WALL), (stem.length + 8, 0.0), (0.0, 0.0)]
    axes.add_patch(Polygon(bone, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    metal = [(levels[0], bore), *zip(levels, radius, strict=True), (levels[-1], bore)]
    axes.add_patch(Polygon(metal, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    ring = [(-collar.thickness, profile.radius), (-collar.thickness, collar.diameter / 2),
            (0.0, collar.diameter / 2), (0.0, profile.radius)]  # fmt: skip
    axes.add_patch(Polygon(ring, fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.fill_between([levels[0], levels[-1]], 0.0, bore, color=tokens.PAPER, lw=0)
    for row, zone in enumerate(stem.coatings):
        along = np.linspace(zone.start, zone.end, 50)
        outer = profile.at(along)
        inner = outer - (zone.thickness or 0.9)
        colour = tokens.coating_colour(row)
        axes.fill_between(along, inner, outer, color=colour, lw=0)
        for level in (zone.start, zone.end):
            lead(axes, (level, float(profile.at(np.array([level]))[0])), (level, -4.6 - 5.0 * row))
        y = -4.2 - 5.0 * row
        measure(axes, (0.0, y), (zone.end, y), f"{zone.name}: to_mm", **SMALL)
        if zone.start > 0:
            axes.annotate("from_mm", (zone.start, y - 2.6), ha="center", **SMALL)
    layer = stem.coatings[1]
    where = float(profile.at(np.array([48.0]))[0])
    style = {"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}
    words = f"thickness_mm = {layer.thickness:g}: a layer"
    axes.annotate(words, (48.0, where - 0.9), (46.0, WALL + 1.6), arrowprops=style, ha="center", **SMALL)
    axes.plot(
        [-stem.protrusion - 4, stem.length + 14], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2))
    )
    for level in (0.0, stem.length, -stem.protrusion):
        lead(axes, (level, 0.0), (level, -18.4))
    measure(axes, (0.0, -18.0), (stem.length, -18.0), "length_mm")
    measure(axes, (-stem.protrusion, -18.0), (0.0, -18.0), "protrusion_mm", **SMALL)
    for x, high, at, text in (
        (-stem.protrusion - 11.0, bore, 1.0, "bore_diameter_mm / 2"),
        (-stem.protrusion - 7.0, profile.radius, 6.0, "diameter_mm / 2"),
        (-stem.protrusion - 3.0, collar.diameter / 2, 11.0, "collar.diameter_mm / 2"),
    ):
        lead(axes, (x - 1, high), (-collar.thickness, high))
        measure(axes, (x, 0.0), (x, high), "")
        axes.annotate(text, (x - 1.2, at), ha="right", va="center", **SMALL)
    measure(axes, (stem.length + 12, 0.0), (stem.length + 12, 6.0), "tip_diameter_mm / 2",
            xytext=(6, 0), ha="left", va="center", **SMALL)  # fmt: skip
    lead(axes, (stem.length - 4, 6.0), (stem.length + 13, 6.0))
    axes.annotate(
        "tip_radius_mm", (stem.length - 0.9, 5.0), (stem.length + 6, 10.2), arrowprops=style, **SMALL
    )
    measure(
        axes,
        (-collar.thickness, 15.2),
        (0.0, 15.2),
        "collar.thickness_mm",
        xytext=(2, 4),
        ha="right",
        **SMALL,
    )
    axes.annotate("cut", (0.6, WALL + 0.6), ha="left", color=tokens.QUIET, **SMALL)
    axes.set(xlim=(-74, stem.length + 36), ylim=(-21, 21))
    axes.set_title("Along the axis, one half")


def bowed(axes: Axes) -> None:
    """Draw a bowed stem from the left: anterior to the left, proximal up."""
    axis = Axis(BOW)
    along = np.linspace(-40.0, LENGTH, 400)

    def line(x: float) -> np.ndarray:
        bent = axis.bend(np.column_stack([0 * along + x, 0 * along, along]))
        return np.column_stack([-bent[:, 0], bent[:, 2]])

    front, back, middle = line(HALF), line(-HALF), line(0.0)
    axes.add_patch(Polygon(np.r_[front, back[::-1]], fc=tokens.STEM, ec=tokens.INK, lw=tokens.HAIR))
    axes.plot(*middle.T, color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    axes.plot([-34, 60], [0, 0], color=tokens.QUIET, lw=0.5)
    axes.annotate("cut", (-33, 2), color=tokens.QUIET, **SMALL)
    place = axis.bend(np.array([0.0, 0.0, 96.0]))
    towards = np.array([BOW, 0.0]) - np.array([-place[0], place[2]])
    towards *= 82.0 / np.linalg.norm(towards)
    foot = np.array([-place[0], place[2]])
    arrow = {"arrowstyle": "<|-", "color": tokens.INK, "lw": tokens.HAIR, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", foot, foot + towards, arrowprops=arrow | {"mutation_scale": 8})
    axes.annotate(
        "bow_radius_mm", foot + 0.62 * towards, xytext=(22, 10), textcoords="offset points", ha="center"
    )
    axes.annotate("the arc is tangent to\nthe adapter's axis here", (0, 0), (18, -34), va="center",
                  arrowprops={"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5}, **SMALL)  # fmt: skip
    up = {"arrowstyle": "-|>", "color": tokens.ANTERIOR, "lw": tokens.LINE}
    axes.annotate("", (-36, 120), (-14, 120), arrowprops=up)
    axes.annotate("anterior", (-25, 124), ha="center", color=tokens.ANTERIOR, **SMALL)
    axes.set(xlim=(-45, 150), ylim=(-48, 160))
    axes.set_title("Bowed, from the left")


if __name__ == "__main__":
    for name, height in (("stem", 300.0), ("bow", HEIGHT)):
        with mpl.rc_context(tokens.style()):
            drawn, (panel,) = figure(height, 1)
            if name == "stem":
                half(panel, STEM)
            else:
                bowed(panel)
            panel.set_aspect("equal")
            panel.set_axis_off()
            path = Path(__file__).with_name(f"{name}.svg")
            path.write_text(stable(svg_of(drawn)), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
