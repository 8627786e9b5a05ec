"""Bodies of revolution about the implant axis, for gmsh's OCC kernel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import gmsh
import numpy as np

from geometry.profile import Profile

DimTag = tuple[int, int]

#: Where the seams of revolved bodies lie about the axis, rad: off the planes of symmetry,
#: in which crescents of a wider natural canal begin and end.
SEAM = math.radians(45.0)


def half_section(
    profile: Profile, bottom: float, marks: list[float], bore: float, bore_marks: Sequence[float] = ()
) -> int:
    """Draw the half section (x >= 0, y = 0) of a revolved body as a face.

    Parameters
    ----------
    profile : Profile
    bottom : float, mm
        Level of its lower end.
    marks : list of float, mm
        Levels at which the flank carries an edge.
    bore : float, mm
        Inner radius.
    bore_marks : sequence of float, mm
        Levels at which the bore carries an edge.

    Returns
    -------
    int
        Tag of the face.
    """
    occ = gmsh.model.occ
    start = profile.fillet_start if profile.end_radius > 0 else profile.length
    levels = sorted(
        {bottom, start, *(level for level in (0.0, profile.start, *marks) if bottom < level < start)}
    )
    radii = profile.at(np.array(levels)).tolist()
    corners = [(bore, bottom), *zip(radii, levels, strict=True)]
    points = [occ.addPoint(x, 0, z) for x, z in corners]
    curves = [occ.addLine(a, b) for a, b in pairwise(points)]
    last = points[-1]
    flat = radii[-1]
    if profile.end_radius > 0:
        flat = max(profile.fillet_centre_radius, 0.0)
        flat = bore if flat - bore < 1e-6 else flat
        centre = occ.addPoint(flat, 0, profile.fillet_centre_level)
        top = occ.addPoint(flat, 0, profile.length)
        curves.append(occ.addCircleArc(last, centre, top))
        last = top
    if flat - bore > 1e-6:
        inner = occ.addPoint(bore, 0, profile.length)
        curves.append(occ.addLine(last, inner))
        last = inner
    for level in sorted({mark for mark in bore_marks if bottom < mark < profile.length}, reverse=True):
        inner = occ.addPoint(bore, 0, level)
        curves.append(occ.addLine(last, inner))
        last = inner
    curves.append(occ.addLine(last, points[0]))
    face: int = occ.addPlaneSurface([occ.addCurveLoop(curves)])
    return face


def turned_section(radii: Sequence[float], levels: Sequence[float]) -> int:
    """Draw the half section of a body without a bore whose radius is linear between levels.

    Parameters
    ----------
    radii, levels : sequence of float, mm
        In rising order of level.

    Returns
    -------
    int
        Tag of the face.
    """
    occ = gmsh.model.occ
    corners = [(0.0, levels[0]), *zip(radii, levels, strict=True), (0.0, levels[-1])]
    points = [occ.addPoint(x, 0, z) for x, z in corners]
    curves = [occ.addLine(a, b) for a, b in pairwise([*points, points[0]])]
    face: int = occ.addPlaneSurface([occ.addCurveLoop(curves)])
    return face


def revolved(face: int) -> DimTag:
    """Turn a half section round the implant axis, in two halves: no surface meets itself.

    Parameters
    ----------
    face
        Tag of the half section, which is consumed.
    """
    occ = gmsh.model.occ
    first = _half_turn(face)
    second = occ.copy([first])[0]
    occ.rotate([second], 0, 0, 0, 0, 0, 1, math.pi)
    solid: DimTag = occ.fuse([first], [second])[0][0]
    occ.rotate([solid], 0, 0, 0, 0, 0, 1, SEAM)
    return solid


def _half_turn(face: int) -> DimTag:
    made = gmsh.model.occ.revolve([(2, face)], 0, 0, 0, 0, 0, 1, math.pi)
    solid: DimTag = next(entity for entity in made if entity[0] == 3)
    gmsh.model.occ.remove([(2, face)], recursive=False)
    return solid
