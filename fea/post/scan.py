"""A bone from a surface: its sections with what was fitted to them, and how near the fit is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from fea.case.case import Case
from fea.ct.density import ImagedMaterial
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of
from fea.post.whole import whole_facts, whole_planes, whole_table
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
#: Steps of the modulus on its scale, about.
_BANDS = 6
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
    if scanned.whole is not None:
        with mpl.rc_context(tokens.style()):
            return ScanPage((whole_planes(case, scanned),), tuple(whole_facts(case, scanned)), "")
    with mpl.rc_context(tokens.style()):
        plots = (_sections(case, scanned), _distances(case, scanned), *_densities(case))
    near = scanned.fitted.closeness
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
    if scanned.whole is not None:
        return whole_table(case, scanned)
    near = scanned.fitted.closeness
    return _imaged(case, scanned) | {
        "file": scanned.file,
        "digest": scanned.digest,
        "mended": list(scanned.mended),
        "triangles": len(scanned.surface.corners),
        "cut_above_distal_end_mm": scanned.shaft.cut,
        "shaft_length_mm": scanned.shaft.length,
        "distal_flare": scanned.flare,
        "centroids_off_axis_mm": scanned.shaft.straightness,
        "axes_in_file": scanned.shaft.turn.tolist(),
        "origin_in_file_mm": scanned.shaft.origin.tolist(),
        "canal": "volume"
        if scanned.imaging
        else "file"
        if scanned.fitted.canal is not None
        else "cortical thickness",
        "distance_percentile_95_mm": near.percentile_95,
        "distance_largest_mm": near.largest,
        "distance_largest_place_mm": list(near.place),
    }


def _facts(case: Case, scanned: Scanned) -> list[tuple[str, str]]:
    near, shaft = scanned.fitted.closeness, scanned.shaft
    x, y, z = near.place
    canal = (
        "the second shell of the file"
        if scanned.fitted.canal is not None
        else "the stated cortical thickness"
    )
    file = f"{scanned.file}, {len(scanned.surface.corners):,} triangles"
    if (imaging := scanned.imaging) is not None:
        canal = f"rays across the axis, where the volume has {imaging.levels.inner:.0f} HU"
        file = f"{scanned.file}, {imaging.bone.found.voxels:,} voxels of bone"
    shafts = f"{shaft.length:.0f} mm, of which {case.bone.length:g} mm of bone are modelled"
    if scanned.imaging is not None:
        shafts = f"{case.bone.length:g} mm of bone are modelled, and the axis follows these alone"
    rows = [
        ("File", file),
        ("Distance between given and fitted surface, 95th percentile", f"{near.percentile_95:.2f} mm"),
        (
            "Largest distance",
            f"{near.largest:.2f} mm at x = {x:.1f}, y = {y:.1f}, z = {z:.1f} mm, {near.vertices:,} vertices",
        ),
        ("Cut", f"{shaft.cut:.1f} mm above the surface's most distal point, across the axis"),
        ("Shaft above the cut", shafts),
        ("Centroids of sections off the axis, at most", f"{shaft.straightness:.2f} mm"),
        ("Canal", f"by {canal}, smoothed with closed splines"),
    ]
    return rows + _imaged_facts(case, scanned) + [("Mended", words) for words in scanned.mended]


def _imaged_facts(case: Case, scanned: Scanned) -> list[tuple[str, str]]:
    """Say how a CT volume was read; nothing of a surface."""
    if (imaging := scanned.imaging) is None:
        return []
    levels, found = imaging.levels, imaging.bone.found
    spacing = " x ".join(f"{value:.3g}" for value in found.volume.spacing)
    by = "a mask" if imaging.masked else f"{imaging.bone.threshold:g} HU"
    which = "that at the stated point" if imaging.pointed else "the largest"
    rows = [
        ("Voxels", f"{spacing} mm; {which} of {found.pieces} pieces by {by}"),
        (
            "Outer wall",
            f"where the volume has {levels.outer:.0f} HU, half way from soft tissue ({levels.soft:.0f} HU) to"
            f" cortical bone ({levels.cortical:.0f} HU; marrow {levels.marrow:.0f} HU)",
        ),
        ("Voxels of bone at the scanner's largest number", f"{found.clipped:,}"),
    ]
    if isinstance(material := case.bone_material, ImagedMaterial):
        density, total = material.by_place, material.by_place.summary
        rows += [
            ("Apparent density", f"{_three(total.apparent, 3)} g/cm³ (least, mean, largest in the wall)"),
            ("Young's modulus", f"{_three(total.modulus, 0)} MPa, by {material.note}"),
            (
                "Density out of the law's range",
                f"{100 * total.below:.2f} % of the wall raised to {density.law.low:g} g/cm³,"
                f" {100 * total.above:.2f} % lowered to {density.law.high:g} g/cm³",
            ),
            ("Skin that gives no number", f"{density.inset:.2f} mm inside either wall"),
        ]
    return rows


def _three(values: tuple[float, float, float], digits: int) -> str:
    return ", ".join(f"{value:,.{digits}f}" for value in values)


def _imaged(case: Case, scanned: Scanned) -> dict[str, Any]:
    """Return what ``summary.json`` has of a CT volume beside what it has of a surface."""
    if (imaging := scanned.imaging) is None:
        return {}
    levels, found = imaging.levels, imaging.bone.found
    rows: dict[str, Any] = {
        "voxels_of_bone": found.voxels,
        "pieces": found.pieces,
        "voxels_at_largest_number": found.clipped,
        "spacing_mm": found.volume.spacing.tolist(),
        "soft_tissue_HU": levels.soft,
        "marrow_HU": levels.marrow,
        "cortical_HU": levels.cortical,
    }
    if isinstance(material := case.bone_material, ImagedMaterial):
        total = material.by_place.summary
        rows |= {
            "density_app_g_cm3": list(total.apparent),
            "youngs_modulus_MPa": list(total.modulus),
            "share_below_law": total.below,
            "share_above_law": total.above,
        }
    return rows


def _densities(case: Case) -> Iterator[Plot]:
    """Draw the modulus that the bone has from its density, over sections of the wall."""
    scanned, material = case.scanned, case.bone_material
    if scanned is None or scanned.canal is None or not isinstance(material, ImagedMaterial):
        return
    density = material.by_place
    levels = np.linspace(0.02, 0.98, _SECTIONS) * case.bone.length
    turns, shares = np.linspace(-np.pi, np.pi, 181), np.linspace(0.0, 1.0, 25)
    drawn, panels = figure(235.0, _SECTIONS)
    found = []
    for level in levels.tolist():
        flat = np.full(len(turns), level)
        low, high = scanned.canal.radius(turns, flat), scanned.fitted.outer.radius(turns, flat)
        away = low[:, None] + shares * (high - low)[:, None]
        x, y = away * np.cos(turns)[:, None], away * np.sin(turns)[:, None]
        places = np.stack([x, y, np.full_like(x, level)], axis=-1).reshape(-1, 3)
        found.append((x, y, density.modulus_at(density.bone.axis.bend(places)).reshape(x.shape) / 1000))
    least, most = min(float(e.min()) for *_, e in found), max(float(e.max()) for *_, e in found)
    edges = MaxNLocator(_BANDS).tick_values(least, max(most, least + 0.01))
    norm = BoundaryNorm(edges, 256)
    reach = 1.08 * max(float(np.hypot(x, y).max()) for x, y, _ in found)
    for axes, level, (x, y, modulus) in zip(panels, levels.tolist(), found, strict=True):
        shown = axes.pcolormesh(-y, x, modulus, cmap="cividis", norm=norm, shading="gouraud", rasterized=True)
        if case.reaming is not None and level < case.reaming.depth:
            radius = float(case.reaming.profile.at(np.array([level]))[0])
            _circle(axes, radius, _REAMER, _reamer_centre(case, level))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
        axes.set_title(f"z = {level:.0f} mm", size=tokens.SIZE_SMALL)
        for side in ("left", "right", "top", "bottom"):
            axes.spines[side].set_visible(False)
    panels[0].text(
        0.0, 0.98 * reach, "anterior", ha="center", va="top", size=tokens.SIZE_SMALL, color=tokens.ANTERIOR
    )
    bar = drawn.colorbar(shown, ax=panels, orientation="horizontal", ticks=list(edges), aspect=50, shrink=0.7)
    bar.set_label("Young's modulus, GPa")
    total = density.summary
    alt = (
        f"Sections at {_SECTIONS} levels from the cut to the held end, seen from the body, with the modulus"
        f" by density: {total.modulus[0]:,.0f}"
        f" to {total.modulus[2]:,.0f} MPa, {total.modulus[1]:,.0f} MPa"
        f" in the mean, from apparent densities of {total.apparent[0]:.2f} to {total.apparent[2]:.2f} g/cm³;"
        " the reamer as a circle."
    )
    yield Plot("scan_modulus", "How stiff is the bone, and where?", svg_of(drawn), alt)


def _sections(case: Case, scanned: Scanned) -> Plot:
    """Draw the given sections, and over them what was fitted, the reamer and the stem."""
    levels = np.linspace(0.02, 0.98, _SECTIONS) * case.bone.length
    drawn, panels = figure(230.0, _SECTIONS)
    turns = np.linspace(-np.pi, np.pi, 361)
    reach = 1.08 * max(
        float(scanned.fitted.outer.radius(turns, np.full(361, level)).max()) for level in levels
    )
    for axes, level in zip(panels, levels.tolist(), strict=True):
        given = section(scanned.surface, level)[:, :, ::-1] * [-1.0, 1.0]
        axes.add_collection(LineCollection(list(given), colors=tokens.QUIET, linewidths=2.6, alpha=0.45))
        _outline(axes, scanned.fitted.outer, level, tokens.INK)
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
            (
                "surface as given" if scanned.imaging is None else "found in the volume",
                tokens.QUIET,
                2.6,
                0.45,
            ),
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
    away = scanned.fitted.outer.outside(points)
    if scanned.fitted.canal is not None:
        mine = np.abs(away) <= np.abs(scanned.fitted.canal.outside(points))
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
    near = scanned.fitted.closeness
    alt = (
        "Distance of the given surface outside the fitted one, mean by cell of 5 degrees and some"
        f" {_ALONG:g} mm: {near.percentile_95:.2f} mm at the 95th percentile of the vertices,"
        f" {near.largest:.2f} mm at most."
    )
    return Plot("scan_distance", "How near is the fitted surface to the given one?", svg_of(drawn), alt)
