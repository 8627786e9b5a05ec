"""The solid of an abutment for gmsh's OCC kernel, and the rings on it that its screw acts on."""

from __future__ import annotations

from itertools import pairwise

import gmsh

from fea.mesh.revolve import DimTag, revolved
from geometry.profile import Profile
from geometry.stem import Stem


def abutment_radius(stem: Stem, blank: Profile) -> float:
    """Return the abutment's radius as it is meshed, mm: as wide as the fixture where both are stated alike.

    Parameters
    ----------
    stem : Stem
        With an abutment.
    blank : Profile
        The fixture's flank as it is meshed.
    """
    assert stem.abutment is not None
    wide = stem.abutment.diameter >= stem.diameter
    return blank.radius if wide else stem.abutment.diameter / 2


def abutment_solid(stem: Stem, blank: Profile) -> DimTag:
    """Build the abutment, a tube whose bore is the fixture's, with an edge round the screw's head.

    Parameters
    ----------
    stem : Stem
        With an abutment.
    blank : Profile
        The fixture's flank as it is meshed.
    """
    abutment = stem.abutment
    assert abutment is not None
    inner, outer, occ = stem.bore_diameter / 2, abutment_radius(stem, blank), gmsh.model.occ
    low, high = abutment.distal_level, abutment.seat
    head = abutment.screw.head_diameter
    ring = [] if head is None or head / 2 > outer - 1e-6 else [(head / 2, low)]
    corners = [(inner, low), *ring, (outer, low), (outer, high), (inner, high)]
    points = [occ.addPoint(x, 0, z) for x, z in corners]
    lines = [occ.addLine(a, b) for a, b in pairwise([*points, points[0]])]
    return revolved(occ.addPlaneSurface([occ.addCurveLoop(lines)]))
