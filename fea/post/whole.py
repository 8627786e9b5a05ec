"""A whole bone from a surface: its planes through the implant's axis, its shell, canal, head and support."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from fea.case.case import Case
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of
from geometry.scanned.bone import Scanned
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.slices import Triangles, section
from geometry.scanned.whole import Held, Whole

FloatArray = NDArray[np.float64]

_CANAL, _REAMER = tokens.LINES[3], tokens.LINES[1]
#: Grid on which the shell's inner side is drawn, mm.
_GRID = 1.5


def whole_of(scanned: Scanned) -> Whole:
    """Return the whole bone that a file gave."""
    assert scanned.whole is not None
    return scanned.whole


def held_in_words(held: Held) -> str:
    """Say what of the bone is held."""
    if held.head is None:
        return f"the outer surface above {held.above:g} mm"
    return f"the outer surface within {held.within:.1f} mm of the head's centre"


def whole_facts(case: Case, scanned: Scanned) -> list[tuple[str, str]]:
    """Return what the report says of a whole bone, in rows: what, and how much.

    Parameters
    ----------
    case : Case
    scanned : Scanned
    """
    whole, shaft = whole_of(scanned), scanned.shaft
    canal = scanned.canal
    chord, (x, y, z) = whole.chord
    levels = ", ".join(f"{thick:g} mm at {level:g} mm" for level, thick in whole.thickness)
    axis = "through the centroids of the shaft"
    if shaft.length == 0.0:
        axis = "along the stated direction, through the middle of the cut"
    rows = [
        ("File", f"{scanned.file}, {len(scanned.surface.corners):,} triangles"),
        (
            "Outer surface",
            "the given one itself, made curved between its points; straight triangles miss it by at most"
            f" {chord:.2f} mm, at x = {x:.1f}, y = {y:.1f}, z = {z:.1f} mm",
        ),
        ("Cut", f"{shaft.cut:.1f} mm above the surface's most distal point, across the axis"),
        ("Bone above the cut", f"{case.bone.length:.1f} mm"),
        ("Implant's axis", axis),
    ]
    if shaft.length > 0.0:
        rows += [
            ("Shaft above the cut", f"{shaft.length:.0f} mm, until sections widen by half"),
            ("Centroids of sections off the axis, at most", f"{shaft.straightness:.2f} mm"),
        ]
    rows.append(("Cortical shell", levels or "none: one material throughout"))
    ends = "none: cancellous bone throughout" if whole.thickness else "none"
    if isinstance(canal, ClosedCanal):
        ends = f"within the shell up to {canal.end:.0f} mm, rounded from {canal.start:.0f} mm on"
    rows.append(("Natural canal", ends))
    if (head := whole.held.head) is not None:
        cx, cy, cz = head.centre
        found = f"sphere of {head.radius:.1f} mm about x = {cx:.1f}, y = {cy:.1f}, z = {cz:.1f} mm"
        if head.points:
            found += f", fitted to {head.points:,} points, {head.off:.2f} mm off in the root mean square"
        rows.append(("Head", found if head.points else f"stated about x = {cx:g}, y = {cy:g}, z = {cz:g} mm"))
    rows.append(("Proximal support", held_in_words(whole.held)))
    return rows + [("Mended", words) for words in scanned.mended]


def whole_table(case: Case, scanned: Scanned) -> dict[str, Any]:
    """Return the same for ``summary.json``."""
    whole, shaft, canal = whole_of(scanned), scanned.shaft, scanned.canal
    head, held = whole.held.head, whole.held
    return {
        "file": scanned.file,
        "digest": scanned.digest,
        "mended": list(scanned.mended),
        "triangles": len(scanned.surface.corners),
        "proximal_part": "whole",
        "length_mm": case.bone.length,
        "cut_above_distal_end_mm": shaft.cut,
        "shaft_length_mm": shaft.length or None,
        "centroids_off_axis_mm": shaft.straightness if shaft.length else None,
        "axes_in_file": shaft.turn.tolist(),
        "origin_in_file_mm": shaft.origin.tolist(),
        "cortical_thickness_mm": [list(pair) for pair in whole.thickness],
        "canal": "cortical thickness" if canal is not None else "none",
        "canal_end_mm": canal.end if isinstance(canal, ClosedCanal) else None,
        "chord_error_mm": whole.chord[0],
        "head_centre_mm": None if head is None else list(head.centre),
        "head_radius_mm": None if head is None or not head.points else head.radius,
        "head_off_sphere_mm": None if head is None or not head.points else head.off,
        "held_within_mm": None if head is None else held.within,
        "held_above_mm": held.above,
    }


def whole_planes(case: Case, scanned: Scanned) -> Plot:
    """Draw the frontal and the sagittal plane through the implant's axis.

    Parameters
    ----------
    case : Case
    scanned : Scanned
    """
    whole = whole_of(scanned)
    drawn, panels = figure(430.0, 2)
    points = whole.triangles.points
    low, high = points[points[:, 2] > -5.0].min(axis=0), points.max(axis=0)
    for axes, across, title in zip(panels, (1, 0), ("frontal plane", "sagittal plane"), strict=True):
        sign = 1.0 if across == 1 else -1.0
        order = [across, 2, 1 - across]
        cut = section(Triangles(points[:, order], whole.triangles.corners), 0.0) * [sign, 1.0]
        axes.add_collection(LineCollection(list(cut), colors=tokens.INK, linewidths=1.2))
        _shell(axes, whole, across, sign, (low, high))
        _hole(axes, case, scanned, across, sign)
        if (head := whole.held.head) is not None:
            turn = np.linspace(-np.pi, np.pi, 181)
            middle = sign * head.centre[across], head.centre[2]
            for size, style in ((head.radius, "-"), (whole.held.within, ":")):
                axes.plot(
                    middle[0] + size * np.cos(turn), middle[1] + size * np.sin(turn),
                    color=tokens.SUPPORT, lw=1.0, ls=style,
                )  # fmt: skip
        elif whole.held.above is not None:
            axes.axhline(whole.held.above, color=tokens.SUPPORT, lw=1.0, ls=":")
        axes.axhline(0.0, color=tokens.QUIET, lw=0.8)
        side = sorted((sign * low[across], sign * high[across]))
        axes.set(xlim=(side[0] - 5, side[1] + 5), ylim=(-8.0, high[2] + 8.0), aspect="equal")
        axes.set_title(f"{title}, from {'the front' if across == 1 else 'the left'}", size=tokens.SIZE_SMALL)
        axes.set_xlabel("to the left, mm" if across == 1 else "to the back, mm")
    panels[0].set_ylabel("level above the cut, mm")
    handles = [
        Line2D([], [], color=colour, lw=1.2, ls=style, label=words)
        for words, colour, style in (
            ("surface as given", tokens.INK, "-"),
            ("inner side of the shell", tokens.QUIET, "-"),
            ("natural canal", _CANAL, "-"),
            ("reamer", _REAMER, "-"),
            ("head", tokens.SUPPORT, "-"),
            ("held within", tokens.SUPPORT, ":"),
        )
    ]
    drawn.legend(
        handles=handles, loc="outside lower center", ncols=6, frameon=False, fontsize=tokens.SIZE_SMALL
    )
    alt = (
        "The frontal and the sagittal plane through the implant's axis: the bone's surface as given, the"
        " inner side of its cortical shell, the natural canal, the reamed hole, and the sphere of the head."
        f" Held is {held_in_words(whole.held)}."
    )
    return Plot("scan_planes", "Where do canal and hole lie in the bone?", svg_of(drawn), alt)


def _shell(axes: Any, whole: Whole, across: int, sign: float, box: tuple[FloatArray, FloatArray]) -> None:
    """Draw the inner side of the shell as the level 0 of the distance to it."""
    if not whole.thickness:
        return
    low, high = box
    side = np.arange(low[across], high[across], _GRID)
    up = np.arange(0.0, high[2], _GRID)
    wide, level = np.meshgrid(side, up)
    places = np.zeros((wide.size, 3))
    places[:, across], places[:, 2] = wide.ravel(), level.ravel()
    away = whole.outside_core(places).reshape(wide.shape)
    axes.contour(sign * wide, level, away, levels=[0.0], colors=tokens.QUIET, linewidths=1.0)


def _hole(axes: Any, case: Case, scanned: Scanned, across: int, sign: float) -> None:
    """Draw natural canal and reamer."""
    front = (0.0, np.pi) if across == 0 else (np.pi / 2, -np.pi / 2)
    if isinstance(canal := scanned.canal, ClosedCanal):
        levels = np.concatenate([canal.section_levels(0.0, canal.end), canal.round_levels])
        sides = [canal.places(np.full_like(levels, turn), levels)[:, [across, 2]] for turn in front]
        line = np.concatenate([sides[0], sides[1][::-1]])
        axes.plot(sign * line[:, 0], line[:, 1], color=_CANAL, lw=1.2)
    if case.reaming is None:
        return
    for one in case.reaming.passes:
        round_ = one.depth - one.end_radius * (1.0 - np.sin(np.linspace(0.0, np.pi / 2, 25)))
        levels = np.r_[0.0, round_]
        radii = one.profile.at(levels)
        x, z = np.r_[-radii, radii[::-1]], np.r_[levels, levels[::-1]]
        axes.plot(x, z, color=_REAMER, lw=1.2)
