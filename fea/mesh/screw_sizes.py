"""Smaller elements on a lag screw and in its hole, growing away from them.

Along its surface the size is a quarter of its turn over `PER_QUARTER` at the recommended interface size,
and finer or coarser in proportion. Narrow rings of it, between stem and canal where they stand apart,
beyond the bone, and below a hole that ends in bone, ask for h <= sqrt(0.8 r w), as in `fea.mesh.caps`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from fea.mesh.parts import FloatArray
from geometry.canal import Canal
from geometry.lag_screw import LagScrew
from geometry.profile import Profile
from geometry.screw_seat import DEEPER, ends
from geometry.stem import Stem

SizeField = Callable[[float, float, float], float]

#: Elements over a quarter of the turn at the recommended interface size, over the stem's diameter.
PER_QUARTER = 3.0
USUAL = 0.14
#: Least and largest factor on the size at another interface size.
_RANGE = (0.5, 1.5)
#: Growth of the element size per length away from the screw, and away from a narrow ring.
GROWTH, GROWTH_OF_RING = 0.4, 0.3
#: Rings wider than this ask for nothing, narrower than the least are none, mm.
_WIDE, _NONE = 1.5, 1e-6


def screw_field(stem: Stem, interface: float) -> SizeField | None:
    """Make the element size that a screw asks for a function of position.

    Parameters
    ----------
    stem : Stem
    interface : float, mm
        Size on the interface.

    Returns
    -------
    callable or None
        Size in mm at (x, y, z) in mm; None for a stem without a screw.
    """
    screw = stem.lag_screw
    if screw is None:
        return None
    share = min(max(interface / (USUAL * stem.diameter), _RANGE[0]), _RANGE[1])
    fine = share * math.pi * screw.radius / 2 / PER_QUARTER
    (ux, uy, uz), level, radius = screw.axis.tolist(), screw.level, screw.radius
    tip, head = screw.tip, screw.head

    def size(x: float, y: float, z: float) -> float:
        along = x * ux + y * uy + (z - level) * uz
        across = math.sqrt(max(x * x + y * y + (z - level) ** 2 - along * along, 0.0))
        beyond = max(along - tip, -head - along, 0.0)
        return fine + GROWTH * math.hypot(beyond, across - radius)

    return size


def ring_field(canal: Canal, stem: Stem, blank: Profile) -> SizeField | None:
    """Make the element size that narrow rings of a screw's surface ask for a function of position.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    blank : Profile
        The stem's flank and tip as they are meshed.

    Returns
    -------
    callable or None
        Size in mm at (x, y, z) in mm; None where no ring is narrow.
    """
    screw = stem.lag_screw
    if screw is None:
        return None
    rings = []
    for end, sign, way in zip(ends(screw, canal, stem), (1.0, -1.0), (screw.tip, screw.head), strict=True):
        if end.place in (None, "stem"):
            continue
        width = end.out if end.place == "out" else DEEPER
        rings.append((_for_width(width, screw.radius), sign * way, sign * way))
        gap, low, high = _apart(canal, screw, blank, sign)
        if gap > _NONE:
            rings.append((_for_width(gap, screw.radius), low, high))
    rings = [ring for ring in rings if math.isfinite(ring[0])]
    if not rings:
        return None
    (ux, uy, uz), level, radius = screw.axis.tolist(), screw.level, screw.radius

    def size(x: float, y: float, z: float) -> float:
        along = x * ux + y * uy + (z - level) * uz
        across = math.sqrt(max(x * x + y * y + (z - level) ** 2 - along * along, 0.0))
        return min(
            cap + GROWTH_OF_RING * math.hypot(across - radius, max(low - along, along - high, 0.0))
            for cap, low, high in rings
        )

    return size


def _apart(canal: Canal, screw: LagScrew, blank: Profile, sign: float) -> tuple[float, float, float]:
    """Least width of a screw's ring between stem and canal, and the ways along it between which it lies."""
    turn = np.linspace(0.0, math.tau, 48, endpoint=False)
    leaves = _first(lambda p: blank.outside(np.hypot(p[:, 0], p[:, 1]), p[:, 2]), screw, turn, sign)
    enters = _first(canal.outside, screw, turn, sign)
    width = np.abs(enters - leaves)
    ways = sign * np.concatenate([leaves, enters])
    return float(width.min()), float(ways.min()), float(ways.max())


def _first(
    outside: Callable[[FloatArray], FloatArray], screw: LagScrew, turn: FloatArray, sign: float
) -> FloatArray:
    """Find where lines along the screw's surface first turn from inside to outside, seen from its middle."""
    ways = np.linspace(0.0, screw.tip if sign > 0 else screw.head, 200)
    points = screw.at(np.repeat(turn, len(ways)), sign * np.tile(ways, len(turn)))
    out = (outside(points) > 0).reshape(len(turn), -1)
    row = np.maximum(np.argmax(out, axis=1), 1)
    start, end = ways[row - 1], ways[row]
    for _ in range(40):
        middle = (start + end) / 2
        beyond = outside(screw.at(turn, sign * middle)) > 0
        start, end = np.where(beyond, start, middle), np.where(beyond, middle, end)
    return np.asarray((start + end) / 2)


def _for_width(width: float, radius: float) -> float:
    return math.sqrt(0.8 * radius * width) if width < _WIDE else math.inf
