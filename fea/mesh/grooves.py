"""Solids of flutes, splines and slot, for gmsh's OCC kernel.

A bar is drawn on the flank's front, where the flank's line runs along z at x = R, then
tilted by the taper and copied about the axis.
"""

from __future__ import annotations

import math

import gmsh
import numpy as np

from fea.mesh.revolve import SEAM, DimTag
from geometry.bone import Bone
from geometry.groove_faults import ROOT
from geometry.grooves import Bars, chord_depth
from geometry.slot import Slot
from geometry.stem import Stem

#: Least angle between a hole through the bone and the seam of its loft, rad.
_LEAST_ROOM = math.radians(40.0)
#: How far bars and slot reach beyond the stem where they run through, mm.
_BEYOND = 1.0


def seam_of(stem: Stem, bone: Bone | None = None) -> float:
    """Choose where the seams of revolved bodies lie: as far as can be from the edges of grooves.

    Parameters
    ----------
    stem : Stem
    bone : Bone, optional
        Of one within an outline the natural canal leaves the reamed wall along edges that turn round in
        the plane of its bow: beside a lag screw seams keep off that plane, too, or they would cut slivers
        off these edges.

    Returns
    -------
    float, rad
        `SEAM` for a stem without grooves.
    """
    edges = []
    for bars in stem.grooves:
        half = math.asin(bars.width / (2 * bars.flank_radius))
        edges += [angle + turn for angle in bars.angles for turn in (-half, 0.0, half)]
    if stem.slot is not None:
        half = math.asin(stem.slot.width / stem.diameter)
        middle = 0.0 if stem.slot.plane == "sagittal" else math.pi / 2
        edges += [middle + turn + side for turn in (0.0, math.pi) for side in (-half, half)]
    if stem.lag_screw is not None:
        half = math.asin(min(stem.lag_screw.diameter / stem.diameter, 1.0))
        edges += [stem.lag_screw.direction + side for side in (-half, 0.0, half)]
        edges += [0.0] if bone is not None and bone.outline is not None else []
    if not edges:
        return SEAM
    seams = SEAM + np.radians(np.arange(-90.0, 90.0, 0.5))
    off = np.abs(np.remainder(seams[:, None] - np.array(edges) + math.pi / 2, math.pi) - math.pi / 2)
    room = np.round(off.min(axis=1), 9)
    best = np.flatnonzero(room == room.max())
    return float(seams[best[np.argmin(np.abs(seams[best] - SEAM))]])


def loft_seam_of(stem: Stem) -> float:
    """Choose where the closed splines of a bone's loft begin: posterior, or where no hole crosses the seam.

    Parameters
    ----------
    stem : Stem

    Returns
    -------
    float, rad
    """
    holes = [] if stem.anchor is None else [pin.direction for pin in stem.anchor.pins]
    if stem.lag_screw is not None:
        holes.append(stem.lag_screw.direction)
    seams = -math.pi + np.radians(np.arange(0.0, 180.0, 1.0))
    off = np.abs(np.remainder(seams[:, None] - np.array(holes or [0.5 * math.pi]) + math.pi / 2, math.pi))
    room = np.round(np.abs(off - math.pi / 2).min(axis=1), 9)
    return -math.pi if room[0] >= _LEAST_ROOM else float(seams[int(np.argmax(room))])


def flute_solids(bars: Bars, low: float, high: float) -> list[DimTag]:
    """Build what flutes take out.

    Parameters
    ----------
    bars : Bars
    low, high : float, mm
        Levels of the stem's ends.
    """
    clear = 0.3 + 0.5 * abs(bars.rise)
    return _round_the_axis(bars, _bar(bars, low - _BEYOND, high + _BEYOND, None, clear))


def spline_solids(bars: Bars) -> list[DimTag]:
    """Build splines, rooted below the flank.

    Parameters
    ----------
    bars : Bars
    """
    root = ROOT + chord_depth(bars.flank_radius, bars.width)
    return _round_the_axis(bars, _bar(bars, -_BEYOND, 0.0, root, 0.3))


def spline_path(bars: Bars) -> list[DimTag]:
    """Build what splines take out of the bone on their way from the cut.

    Parameters
    ----------
    bars : Bars
    """
    return spline_solids(bars.from_below)


def slot_solid(slot: Slot, stem: Stem) -> DimTag:
    """Build what the slot takes out.

    Parameters
    ----------
    slot : Slot
    stem : Stem
    """
    occ = gmsh.model.occ
    half, reach = slot.width / 2, stem.diameter
    root, top = stem.length - slot.depth + half, stem.length + _BEYOND
    places = ((half, root), (half, top), (-half, top), (-half, root))
    a, b, c, d = (occ.addPoint(-reach, y, z) for y, z in places)
    deepest, middle = occ.addPoint(-reach, 0, root - half), occ.addPoint(-reach, 0, root)
    curves = [occ.addLine(a, b), occ.addLine(b, c), occ.addLine(c, d)]
    curves += [occ.addCircleArc(d, middle, deepest), occ.addCircleArc(deepest, middle, a)]
    face = occ.addPlaneSurface([occ.addCurveLoop(curves)])
    solid = _solid_of(occ.extrude([(2, face)], 2 * reach, 0, 0), face)
    if slot.plane == "coronal":
        occ.rotate([solid], 0, 0, 0, 0, 0, 1, math.pi / 2)
    return solid


def _bar(bars: Bars, low: float, high: float, root: float | None, sunk: float) -> list[DimTag]:
    """Build one bar at the front: a straight piece, and an arc at each end with a run-out.

    Parameters
    ----------
    bars : Bars
    low, high : float, mm
        Ends of the straight piece where the bar runs through.
    root : float or None, mm
        Depth below the flank at which the section is cut off; None for the whole circle.
    sunk : float, mm
        How far an arc goes on beyond the flank.
    """
    occ = gmsh.model.occ
    start = bars.low + bars.low_run_out if math.isfinite(bars.low) else low
    end = bars.high - bars.high_run_out if math.isfinite(bars.high) else high
    face = _section(bars, start, root)
    solids = [_solid_of(occ.extrude([(2, face)], 0, 0, end - start), face)]
    for level, run_out, turn in ((start, bars.low_run_out, 1), (end, bars.high_run_out, -1)):
        if run_out == 0:
            continue
        arc = bars.arc_radius(run_out)
        centre = bars.flank_radius + bars.arc_centre(run_out)
        angle = math.acos(1.0 - (abs(bars.rise) + sunk) / arc)
        turn = turn if bars.rise > 0 else -turn
        face = _section(bars, level, root)
        solids.append(_solid_of(occ.revolve([(2, face)], centre, 0, level, 0, 1, 0, turn * angle), face))
    if bars.slope:
        occ.rotate(solids, bars.flank_radius, 0, 0, 0, 1, 0, -math.atan(bars.slope))
    return solids


def _section(bars: Bars, level: float, root: float | None) -> int:
    """Draw a bar's section across the flank's line; its circle starts opposite the chord."""
    occ = gmsh.model.occ
    middle = bars.flank_radius + bars.centre
    if root is None or bars.centre + root > 0.98 * bars.radius:
        disk: int = occ.addDisk(middle, 0, level, bars.radius, bars.radius)
        return disk
    foot = bars.flank_radius - root
    half = math.sqrt(bars.radius**2 - (bars.centre + root) ** 2)
    right, left = occ.addPoint(foot, -half, level), occ.addPoint(foot, half, level)
    crest, centre = occ.addPoint(middle + bars.radius, 0, level), occ.addPoint(middle, 0, level)
    arcs = [occ.addCircleArc(right, centre, crest), occ.addCircleArc(crest, centre, left)]
    face: int = occ.addPlaneSurface([occ.addCurveLoop([*arcs, occ.addLine(left, right)])])
    return face


def _solid_of(made: list[DimTag], face: int) -> DimTag:
    gmsh.model.occ.remove([(2, face)], recursive=False)
    return next(entity for entity in made if entity[0] == 3)


def _round_the_axis(bars: Bars, solids: list[DimTag]) -> list[DimTag]:
    """Copy the solids of the bar at the front to every bar, and take the first away."""
    occ = gmsh.model.occ
    found = []
    for angle in bars.angles.tolist():
        copies = occ.copy(solids)
        occ.rotate(copies, 0, 0, 0, 0, 0, 1, angle)
        found += copies
    occ.remove(solids, recursive=True)
    return found
