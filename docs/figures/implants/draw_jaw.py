"""Draw what the keys of a segment of the jaw and of a cancellous core mean, from the program's own shapes.

Run from the repository's root: it writes jaw.svg and core.svg beside itself.
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
from geometry.bone import Bone, Station
from geometry.core import Core
from geometry.jaw import Jaw
from geometry.reaming import Reaming
from tests.verification.drawing import stable

JAW = Jaw(14.0, 20.0, 9.0, 12.0, 1.8, 1.8, 1.8, 2.8, shift=-0.7)
DRILL = Reaming(3.4, 10.6, 0.6)
BONE = Bone(
    25.0,
    (Station(0.0, 5.2, 5.2, 2.1, 2.1, 2.2), Station(12.0, 5.2, 5.2, 2.0, 2.0, 2.0),
     Station(25.0, 6.4, 6.4, 2.0, 2.0, 1.4)),
    core=Core(8.0, 23.0),
)  # fmt: skip
SMALL = {"fontsize": tokens.SIZE_SMALL}


def upright(section: object, shift: float) -> np.ndarray:
    """Outline of a section of the jaw, shape (n, 2), mm: lingual to the right, depth downwards."""
    level = np.linspace(section.top, section.bottom, 400)  # type: ignore[attr-defined]
    width = section.half_width(level)  # type: ignore[attr-defined]
    right, left = np.column_stack([shift + width, -level]), np.column_stack([shift - width, -level])
    return np.concatenate([right, left[::-1]])


def across(axes: Axes) -> None:
    """Draw the bucco-lingual section: the crest above, as the surgeon sees it."""
    jaw, section, core = JAW, JAW.section, JAW.core
    axes.add_patch(Polygon(upright(section, jaw.shift), fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR))
    axes.add_patch(Polygon(upright(core, jaw.shift), fc=tokens.CANCELLOUS, ec=tokens.QUIET, lw=tokens.HAIR))
    level = np.linspace(0.0, DRILL.depth, 300)
    radius = DRILL.profile.at(level)
    hole = np.concatenate([np.column_stack([radius, -level]), np.column_stack([-radius, -level])[::-1]])
    axes.add_patch(Polygon(hole, fc=tokens.PAPER, ec=tokens.QUIET, lw=tokens.HAIR))
    axes.plot([0, 0], [3.2, -21.6], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    axes.plot([jaw.shift] * 2, [2.0, -21.6], color=tokens.QUIET, lw=0.5, ls=(0, (3, 2)))
    left, right = jaw.shift - jaw.crest_width / 2, jaw.shift + jaw.crest_width / 2
    for x in (left, right):
        lead(axes, (x, 0.0), (x, 4.2))
    measure(axes, (left, 3.8), (right, 3.8), "crest_width_mm")
    wide = jaw.base_width / 2
    for x in (jaw.shift - wide, jaw.shift + wide):
        lead(axes, (x, -20.0), (x, -23.4))
    measure(axes, (jaw.shift - wide, -23.0), (jaw.shift + wide, -23.0), "base_width_mm", xytext=(0, -13))
    axes.annotate(
        "axis_offset_left_mm", (jaw.shift / 2, 1.4), (4.6, 1.4), va="center", **SMALL,
        arrowprops={"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5},
    )  # fmt: skip
    out = jaw.shift - wide - 2.0
    for y in (0.0, -20.0):
        lead(axes, (jaw.shift - 4.0, y), (out - 0.4, y))
    measure(axes, (out, 0.0), (out, -20.0), "bone.length_mm", xytext=(-6, 0), ha="right", va="center")
    beside = 7.2
    for y in (0.0, -jaw.crest):
        lead(axes, (2.0, y), (beside + 0.4, y))
    measure(axes, (beside, 0.0), (beside, -jaw.crest), "cortical_crest_mm", xytext=(6, 0), ha="left",
            va="center", **SMALL)  # fmt: skip
    for y in (-20.0 + jaw.base, -20.0):
        lead(axes, (1.0, y), (beside + 0.4, y))
    measure(axes, (beside, -20.0 + jaw.base), (beside, -20.0), "cortical_base_mm", xytext=(6, 0), ha="left",
            va="center", **SMALL)  # fmt: skip
    middle = np.array([12.0])
    outer, inner = float(section.half_width(middle)[0]), float(core.half_width(middle)[0])
    measure(axes, (jaw.shift + inner, -12.0), (jaw.shift + outer, -12.0), "cortical_side_mm", xytext=(14, 0),
            ha="left", va="center", **SMALL)  # fmt: skip
    turn = np.pi / 4
    centre = np.array([right - jaw.edge_radius, -jaw.edge_radius])
    rim = centre + jaw.edge_radius * np.array([np.cos(turn), np.sin(turn)])
    axes.annotate("edge_radius_mm", rim, (beside + 0.3, -4.4), va="center", **SMALL,
                  arrowprops={"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5})  # fmt: skip
    axes.annotate("cancellous\n[bone.core]", (jaw.shift, -14.4), ha="center", color=tokens.QUIET, **SMALL)
    axes.annotate("drill", (0, -6.4), ha="center", color=tokens.QUIET, **SMALL)
    up = {"arrowstyle": "-|>", "color": tokens.LEFT, "lw": tokens.LINE}
    axes.annotate("", (6.5, -25.6), (2.5, -25.6), arrowprops=up)
    axes.annotate("left (y): lingual on the right side", (7.0, -25.9), color=tokens.LEFT, **SMALL)
    axes.set(xlim=(-13.5, 17.0), ylim=(-26.6, 6.2))
    axes.set_title("Across the arch, crest upwards", y=1.0)


def along(axes: Axes) -> None:
    """Draw the segment from the buccal side: the implant's axis, the two cuts."""
    half = JAW.length / 2
    axes.add_patch(Polygon([(-half, 0), (half, 0), (half, -20), (-half, -20)], fc=tokens.CORTICAL,
                           ec=tokens.QUIET, lw=tokens.HAIR))  # fmt: skip
    axes.add_patch(Polygon([(-half, -JAW.crest), (half, -JAW.crest), (half, -20 + JAW.base),
                            (-half, -20 + JAW.base)], fc=tokens.CANCELLOUS, ec=tokens.QUIET,
                           lw=tokens.HAIR))  # fmt: skip
    axes.plot([0, 0], [3.2, -21.6], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    for x in (-half, half):
        lead(axes, (x, -20.0), (x, -23.4))
        for y in np.arange(-19.5, 0.0, 1.5):
            axes.plot([x, x + np.sign(x) * 0.9], [y, y - 0.8], color=tokens.SUPPORT, lw=0.8)
    measure(axes, (-half, -23.0), (half, -23.0), "mesiodistal_length_mm", xytext=(0, -13))
    axes.annotate('bone_ends = "clamped"', (half + 1.0, -8.0), (half + 1.6, -8.0), rotation=90, va="center",
                  **SMALL)  # fmt: skip
    ahead = {"arrowstyle": "-|>", "color": tokens.ANTERIOR, "lw": tokens.LINE}
    axes.annotate("", (-half - 4.0, 2.6), (-half - 0.5, 2.6), arrowprops=ahead)
    axes.annotate("mesial (x)", (-half + 0.1, 2.3), color=tokens.ANTERIOR, **SMALL)
    down = {"arrowstyle": "-|>", "color": tokens.PROXIMAL, "lw": tokens.LINE}
    axes.annotate("", (1.6, 0.2), (1.6, 4.2), arrowprops=down)
    axes.annotate("z, the level\n(proximal)", (2.2, 2.2), color=tokens.PROXIMAL, va="center", **SMALL)
    axes.set(xlim=(-12.0, 12.0), ylim=(-26.6, 6.2))
    axes.set_title("From buccal, right side", y=1.0)


def core(axes: Axes) -> None:
    """Draw a bone with a core along the axis: levels to the right."""
    bone, level = BONE, np.linspace(0.0, BONE.length, 400)
    outer, canal = bone.outer_semi_axes(level)[:, 0], bone.canal_semi_axes(level)[:, 0]
    inside = np.linspace(bone.core.start, bone.core.end, 200)  # type: ignore[union-attr]
    edge, bore = bone.core_semi_axes(inside)[:, 0], bone.canal_semi_axes(inside)[:, 0]
    for sign in (1, -1):
        axes.fill_between(
            level, sign * canal, sign * outer, fc=tokens.CORTICAL, ec=tokens.QUIET, lw=tokens.HAIR
        )
        axes.fill_between(
            inside, sign * bore, sign * edge, fc=tokens.CANCELLOUS, ec=tokens.QUIET, lw=tokens.HAIR
        )
    axes.plot([-2, 27], [0, 0], color=tokens.QUIET, lw=0.5, ls=(0, (8, 2, 1, 2)))
    at = np.array([16.0])
    top, low = float(bone.outer_semi_axes(at)[0, 0]), float(bone.core_semi_axes(at)[0, 0])
    measure(axes, (16.0, low), (16.0, top), "cortical_thickness_mm", xytext=(0, 26), **SMALL)
    for end, key in ((8.0, "from_mm"), (23.0, "to_mm")):
        y = -8.0 if key == "from_mm" else -9.8
        lead(axes, (end, -2.0), (end, y - 0.4))
        measure(axes, (0.0, y), (end, y), key, **SMALL)
    lead(axes, (0.0, -2.1), (0.0, -10.2))
    axes.annotate(
        "cortical shell\nbone.material", (3.6, 3.65), ha="center", va="center", color=tokens.INK, **SMALL
    )
    axes.annotate(
        "cancellous\nbone.core.material",
        (21.0, -3.0),
        (24.6, -8.8),
        va="center",
        arrowprops={"arrowstyle": "-", "color": tokens.QUIET, "lw": 0.5},
        **SMALL,
    )
    axes.annotate("canal", (12.0, 0.4), ha="center", color=tokens.QUIET, **SMALL)
    axes.annotate("cut", (-0.3, 5.6), ha="right", color=tokens.QUIET, **SMALL)
    axes.set(xlim=(-3.0, 34.0), ylim=(-11.0, 9.4))


if __name__ == "__main__":
    for name, count, height in (("jaw", 2, HEIGHT), ("core", 1, 300.0)):
        with mpl.rc_context(tokens.style()):
            drawn, panels = figure(height, count)
            for panel, draw in zip(panels, (across, along) if name == "jaw" else (core,), strict=True):
                draw(panel)
                panel.set_aspect("equal")
                panel.set_axis_off()
            path = Path(__file__).with_name(f"{name}.svg")
            path.write_text(stable(svg_of(drawn)), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
