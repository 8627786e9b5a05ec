"""The solid of a lag screw, or of its hole, for gmsh's OCC kernel."""

from __future__ import annotations

import math

import gmsh

from fea.mesh.revolve import DimTag, half_section, revolved
from geometry.lag_screw import LagScrew
from geometry.profile import Profile


def screw_solid(screw: LagScrew) -> DimTag:
    """Build a screw as a cylinder with flat ends.

    It is turned in two halves, and one that is only longer has the same seams, so that screw and
    hole share their faces.

    Parameters
    ----------
    screw : LagScrew
    """
    occ = gmsh.model.occ
    solid = revolved(half_section(Profile(screw.radius, 0.0, screw.tip, 0.0), -screw.head, [], 0.0))
    occ.rotate([solid], 0, 0, 0, 0, 1, 0, math.pi - screw.angle)
    occ.rotate([solid], 0, 0, 0, 0, 0, 1, screw.direction)
    occ.translate([solid], *screw.centre)
    return solid
