"""A bone from a surface: its sections with what was fitted to them, and how near the fit is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from fea.case.case import Case
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of
from geometry.outline import Outline
from geometry.posed import PosedBone
from geometry.scanned.bone import Scanned
from geometry.scanned.slices import section

FloatArray = NDArray[np.float64]

#: Largest 95th percentile of the distance between given and fitted surface that needs no warning, mm.
CLOSE = 0.3
#: Edges of the bands of that distance, mm, outside positive, and a colour each.
EDGES = (-0.3, -0.1, 0.1, 0.3)
_COLOURS = ("#2166ac", "#92c5de", "#f2f2f2", "#f4a582", "#b2182b")
_SECTIONS = 5
#: Cells of the map round the axis; along it they are about as long, mm.
_AROUND, _ALONG = 72, 2.0
_CANAL, _REAMER = tokens.LINES[3], tokens.LINES[1]


@dataclass(frozen=True)
class ScanPage:
    """What the report says of a scanned bone.

    Attributes
    ----------
    plots : tuple of Plot
        Sections, and the map of distances.
    facts : tuple of pairs of str
        In rows: what, and how much.
    warning : str
        Empty where the fit is close.
    """

    plots: tuple[Plot, ...]
    facts: tuple[tuple[str, str], ...]
    warning: str


def scan_page(case: Case) -> ScanPage | None:
    """Return what is told of a bone from a surface; None of any other.

    Parameters
    ----------
    case : Case
    """
    scanned = case.scanned
    if scanned is None:
        return None
    with mpl.rc_context(tokens.style()):
        plots = (_sections(case, scanned), _distances(case, scanned))
    near = scanned.scan.closeness
    warning = ""
    if near.percentile_95 > CLOSE:
        warning = (
            f"The fitted surface is {near.percentile_95:.2f} mm from the given one at the 95th percentile,"
            f" more than {CLOSE:g} mm: splines about the axis do not follow this bone; end it lower."
        )
    return ScanPage(plots, tuple(_facts(case, scanned)), warning)


def scan_table(case: Case) -> dict[str, Any] | None:
    """Return the same for ``summary.json``; None of a bone that is not from a surface."""
    scanned = case.scanned
    if scanned is None:
        return None
    near = scanned.scan.closeness
    return {
        "file": scanned.file,
        "digest": scanned.digest,
        "mended": list(scanned.mended),
        "triangles": len(scanned.surface.corners),
        "cut_above_distal_end_mm": scanned.shaft.cut,
        "shaft_length_mm": scanned.shaft.length,
        "centroids_off_axis_mm": scanned.shaft.straightness,
        "axes_in_file": scanned.shaft.turn.tolist(),
        "origin_in_file_mm": scanned.shaft.origin.tolist(),
        "canal": "file" if scanned.scan.canal is not None else "cortical thickness",
        "distance_percentile_95_mm": near.percentile_95,
        "distance_largest_mm": near.largest,
        "distance_largest_place_mm": list(near.place),
    }


def _facts(case: Case, scanned: Scanned) -> list[tuple[str, str]]:
    near, shaft = scanned.scan.closeness, scanned.shaft
    x, y, z = near.place
    canal = (
        "the second shell of the file" if scanned.scan.canal is not None else "the stated cortical thickness"
    )
    rows = [
        ("File", f"{scanned.file}, {len(scanned.surface.corners):,} triangles"),
        ("Distance between given and fitted surface, 95th percentile", f"{near.percentile_95:.2f} mm"),
        (
            "Largest distance",
            f"{near.largest:.2f} mm at x = {x:.1f}, y = {y:.1f}, z = {z:.1f} mm, {near.vertices:,} vertices",
        ),
        ("Cut", f"{shaft.cut:.1f} mm above the surface's most distal point, across the axis"),
        (
            "Shaft above the cut",
            f"{shaft.length:.0f} mm, of which {case.bone.length:g} mm of bone are modelled",
        ),
        ("Centroids of sections off the axis, at most", f"{shaft.straightness:.2f} mm"),
        ("Canal", f"by {canal}, smoothed with closed splines"),
    ]
    return rows + [("Mended", words) for words in scanned.mended]


def _sections(case: Case, scanned: Scanned) -> Plot:
    """Draw the given sections, and over them what was fitted, the reamer and the stem."""
    levels = np.linspace(0.02, 0.98, _SECTIONS) * case.bone.length
    drawn, panels = figure(230.0, _SECTIONS)
    turns = np.linspace(-np.pi, np.pi, 361)
    reach = 1.08 * max(float(scanned.scan.outer.radius(turns, np.full(361, level)).max()) for level in levels)
    for axes, level in zip(panels, levels.tolist(), strict=True):
        given = section(scanned.surface, level)[:, :, ::-1] * [-1.0, 1.0]
        axes.add_collection(LineCollection(list(given), colors=tokens.QUIET, linewidths=2.6, alpha=0.45))
        _outline(axes, scanned.scan.outer, level, tokens.INK)
        if scanned.canal is not None:
            _outline(axes, scanned.canal, level, _CANAL)
        if case.reaming is not None and level < case.reaming.depth:
            radius = float(case.reaming.profile.at(np.array([level]))[0])
            _circle(axes, radius, _REAMER, _reamer_centre(case, level))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
        axes.set_title(f"z = {level:.0f} mm", size=tokens.SIZE_SMALL)
        for side in ("left", "right", "top", "bottom"):
            axes.spines[side].set_visible(False)
    panels[0].plot([-reach, 10.0 - reach], [-0.98 * reach] * 2, color=tokens.INK, lw=2.0)
    panels[0].text(5.0 - reach, -0.94 * reach, "10 mm", ha="center", size=tokens.SIZE_SMALL)
    panels[0].text(
        0.0, 0.98 * reach, "anterior", ha="center", va="top", size=tokens.SIZE_SMALL, color=tokens.ANTERIOR
    )
    panels[0].text(
        -0.98 * reach, 0.0, "left", rotation=90, va="center", size=tokens.SIZE_SMALL, color=tokens.LEFT
    )
    handles = [
        Line2D([], [], color=colour, lw=width, alpha=alpha, label=words)
        for words, colour, width, alpha in (
            ("surface as given", tokens.QUIET, 2.6, 0.45),
            ("fitted", tokens.INK, 1.0, 1.0),
            ("natural canal", _CANAL, 1.0, 1.0),
            ("reamer", _REAMER, 1.0, 1.0),
        )
    ]
    drawn.legend(
        handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=tokens.SIZE_SMALL
    )
    alt = (
        f"Sections at {_SECTIONS} levels from the cut to the held end, seen from the body: the surface as"
        " given in grey, closed splines through it in black, canal and reamer in colour."
    )
    return Plot("scan_sections", "Does the model have the bone's shape?", svg_of(drawn), alt)


def _outline(axes: Any, outline: Outline, level: float, colour: str) -> None:
    turns = np.linspace(-np.pi, np.pi, 361)
    x, y, _ = outline.places(turns, np.full(361, level)).T
    axes.plot(-y, x, color=colour, lw=1.0)


def _circle(axes: Any, radius: float, colour: str, centre: tuple[float, float]) -> None:
    turns = np.linspace(-np.pi, np.pi, 181)
    front, left = centre
    axes.plot(-left + radius * np.sin(turns), front + radius * np.cos(turns), color=colour, lw=1.0)


def _reamer_centre(case: Case, level: float) -> tuple[float, float]:
    """Where the implant's axis crosses a section of the bone, mm to the front and to the left."""
    if not isinstance(case.bone, PosedBone):
        return 0.0, 0.0
    front, left, _ = case.bone.pose.to_bone(np.array([[0.0, 0.0, level]]))[0].tolist()
    return front, left


def _distances(case: Case, scanned: Scanned) -> Plot:
    """Draw the distance of the given vertices outside the fitted surface, unrolled."""
    points = scanned.surface.points[np.unique(scanned.surface.corners)]
    points = points[(points[:, 2] > 0.0) & (points[:, 2] < case.bone.length)]
    away = scanned.scan.outer.outside(points)
    if scanned.scan.canal is not None:
        mine = np.abs(away) <= np.abs(scanned.scan.canal.outside(points))
        points, away = points[mine], away[mine]
    rows = max(4, round(case.bone.length / _ALONG))
    edges = np.linspace(-180.0, 180.0, _AROUND + 1), np.linspace(0.0, case.bone.length, rows + 1)
    place = np.degrees(np.arctan2(points[:, 1], points[:, 0])), points[:, 2]
    number, *_ = np.histogram2d(*place, edges)
    total, *_ = np.histogram2d(*place, edges, weights=away)
    with np.errstate(invalid="ignore"):
        mean = np.where(number > 0, total / number, np.nan)
    drawn, (axes,) = figure(300.0)
    colours = ListedColormap(_COLOURS[1:-1]).with_extremes(
        under=_COLOURS[0], over=_COLOURS[-1], bad=tokens.FAINT
    )
    norm = BoundaryNorm(EDGES, len(EDGES) - 1)
    shown = axes.pcolormesh(*edges, mean.T, cmap=colours, norm=norm, rasterized=True)
    axes.set(
        xlabel="angle about the axis, degrees", ylabel="level above the cut, mm", xticks=range(-180, 181, 90)
    )
    axes.set_xticklabels(["posterior\n−180", "right\n−90", "anterior\n0", "left\n90", "posterior\n180"])
    bar = drawn.colorbar(shown, ax=axes, extend="both", ticks=list(EDGES))
    bar.set_label("given surface outside the fitted one, mm")
    near = scanned.scan.closeness
    alt = (
        "Distance of the given surface outside the fitted one, mean by cell of 5 degrees and some"
        f" {_ALONG:g} mm: {near.percentile_95:.2f} mm at the 95th percentile of the vertices,"
        f" {near.largest:.2f} mm at most."
    )
    return Plot("scan_distance", "How near is the fitted surface to the given one?", svg_of(drawn), alt)
