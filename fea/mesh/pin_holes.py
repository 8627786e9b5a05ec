"""The holes of an anchor's pins in the bone: solids, element sizes and facets.

A hole is cut in four strips of a quarter turn, so that the half that a pin bears on ends at edges and
no face meets itself. Strips get `PER_QUARTER` elements round the hole where the interface size is
`USUAL`, and more or fewer in proportion, so that a coarser mesh is coarser there too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import gmsh
import numpy as np
from numpy.typing import NDArray

from geometry.anchor import Anchor
from geometry.bone import Bone

SizeField = Callable[[float, float, float], float]
FloatArray = NDArray[np.float64]

#: Name of the holes' facets on the bone.
PIN_HOLES = "pin_holes"
#: Elements over a quarter turn at the usual interface size, in diameters of the pin.
PER_QUARTER = 3.0
USUAL = 0.5
#: Least and largest factor on the size at another interface size.
_RANGE = (0.5, 1.5)
#: Growth of the element size per length away from the holes, and from the plate's plane.
GROWTH, GROWTH_PLATE = 0.4, 0.2
#: How far a node may lie off its hole, mm; the solids are true to less.
_OFF_SURFACE = 1e-4


def pin_solids(anchor: Anchor, bone: Bone) -> list[tuple[int, int]]:
    """Build what the pins take out of the bone, for gmsh's OCC kernel.

    Parameters
    ----------
    anchor : Anchor
    bone : Bone

    Returns
    -------
    list of (3, tag)
    """
    occ, radius, found = gmsh.model.occ, anchor.pin_diameter / 2, []
    for pin in anchor.pins:
        level = np.array([pin.level])
        reach = float(bone.reach(level)[0]) + 5.0
        start = -reach * pin.along + [0.0, 0.0, pin.level]
        rim = (pin.across, np.array([0.0, 0.0, 1.0]), -pin.across, np.array([0.0, 0.0, -1.0]))
        middle = occ.addPoint(*start)
        points = [occ.addPoint(*(start + radius * place)) for place in rim]
        arcs = [occ.addCircleArc(a, middle, b) for a, b in pairwise([*points, points[0]])]
        face = occ.addPlaneSurface([occ.addCurveLoop(arcs)])
        made = occ.extrude([(2, face)], *(2 * reach * pin.along))
        occ.remove([(2, face)], recursive=False)
        found += [entity for entity in made if entity[0] == 3]
    return found


def on_holes(nodes: FloatArray, anchor: Anchor) -> NDArray[np.bool_]:
    """Find facets of the holes.

    Parameters
    ----------
    nodes : ndarray, shape (k, 6, 3), mm
        Of each facet: all six, because the edge of a hole can hold all three corners.
    anchor : Anchor

    Returns
    -------
    ndarray of bool, shape (k,)
    """
    off = np.abs(anchor.outside_holes(nodes.reshape(-1, 3))).reshape(-1, 6)
    return np.asarray(off.max(axis=1) < _OFF_SURFACE)


def anchor_field(anchor: Anchor, interface: float) -> SizeField:
    """Make the element size that holes and plate ask for a function of position.

    Parameters
    ----------
    anchor : Anchor
    interface : float, mm
        Size on the interface.

    Returns
    -------
    callable
        Size in mm at (x, y, z) in mm.
    """
    share = min(max(interface / (USUAL * anchor.pin_diameter), _RANGE[0]), _RANGE[1])
    fine, radius = share * math.pi * anchor.pin_diameter / (4.0 * PER_QUARTER), anchor.pin_diameter / 2
    pins = [(pin.level, math.cos(pin.direction), math.sin(pin.direction)) for pin in anchor.pins]

    def size(x: float, y: float, z: float) -> float:
        best = interface + GROWTH_PLATE * abs(z)
        for level, cosine, sine in pins:
            off = abs(math.hypot(y * cosine - x * sine, z - level) - radius)
            best = min(best, fine + GROWTH * off)
        return best

    return size
