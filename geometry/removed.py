r"""The bone that each pass of a reamer takes, by quadrature.

In cylindrical coordinates about the reamer's path the volume within radius rho(s) is
V = int int (rho^2 / 2 - k rho^3 cos(phi) / 3) dphi ds, k being the curvature of the path, and what the
natural canal left open, and what lies outside the bone, is taken off along every ray: sections are
convex, so that a ray is in each of them over one interval.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from geometry.bone import FloatArray
from geometry.canal import Canal
from geometry.reaming import Reaming
from geometry.scanned.whole import Whole

_ANGLES, _GAUSS, _PIECE, _SAMPLES, _BISECTIONS = 72, 3, 1.0, 32, 30
#: Of a whole bone: where a ray is looked at, how near the surface makes it worth a closer look, mm, and
#: places of that.
_LOOKS, _CLEAR, _FINE = 6, 1.5, 400


def removed_volumes(canal: Canal) -> tuple[float, ...]:
    """Measure the bone that each pass takes beyond the passes before it.

    Parameters
    ----------
    canal : Canal

    Returns
    -------
    tuple of float, mm^3
        One a pass; empty without a reamer.
    """
    if canal.reaming is None:
        return ()
    passes = canal.reaming.passes
    levels, weights = _rule(canal, passes)
    radii = np.array([_radii(each, levels) for each in passes])
    widest = np.maximum.accumulate(radii, axis=0)
    angle = np.linspace(0.0, 2 * np.pi, _ANGLES, endpoint=False) + 0.5 * np.pi / _ANGLES
    level, turn = (grid.ravel() for grid in np.meshgrid(levels, angle, indexing="ij"))
    most = np.repeat(widest[-1], _ANGLES)
    rays = _Rays(canal, level, turn)
    low, high = rays.inside("canal", most)
    out = rays.inside("outer", most)
    totals = []
    for reach in np.repeat(widest, _ANGLES, axis=1):
        area = rays.sector(*out, reach) - rays.sector(low, high, reach)
        totals.append(float(weights @ area.reshape(len(levels), _ANGLES).sum(axis=1)) * 2 * np.pi / _ANGLES)
    return tuple(np.diff([0.0, *totals]).tolist())


def _rule(canal: Canal, passes: tuple[Reaming, ...]) -> tuple[FloatArray, FloatArray]:
    """Gauss points and weights along the path, shape (n,), in pieces between the ends of all passes."""
    marks = {0.0, *(min(each.depth, canal.bone.length) for each in passes)}
    marks |= {each.profile.fillet_centre_level for each in passes}
    marks |= {station.level for station in canal.bone.stations}
    deepest = min(max(each.depth for each in passes), canal.bone.length)
    ends = np.array(sorted(level for level in marks if 0.0 <= level <= deepest))
    pieces = [np.linspace(a, b, 1 + max(1, round((b - a) / _PIECE))) for a, b in pairwise(ends)]
    ends = np.unique(np.concatenate(pieces))
    at, weight = np.polynomial.legendre.leggauss(_GAUSS)
    half = np.diff(ends)[:, None] / 2
    levels = (ends[:-1, None] + half * (1.0 + at)).ravel()
    weights = (half * weight).ravel()
    if canal.bowed_reamer:
        weights = weights * np.hypot(1.0, canal.bone.centre_slope(levels))
    return levels, weights


def _radii(each: Reaming, levels: FloatArray) -> FloatArray:
    """Radius of a pass at levels, 0 beyond its end."""
    return np.where(levels < each.depth, each.profile.at(levels), 0.0)


class _Rays:
    """Rays across the reamer's path."""

    def __init__(self, canal: Canal, level: FloatArray, turn: FloatArray) -> None:
        self.canal = canal
        self.origin, front, _ = canal.path_frame(level)
        left = np.array([0.0, 1.0, 0.0])
        self.way = np.cos(turn)[:, None] * front + np.sin(turn)[:, None] * left
        bow = canal.bone.bow_radius if canal.bowed_reamer else None
        self.lean = 0.0 * turn if bow is None else -np.cos(turn) / bow

    def sector(self, low: FloatArray, high: FloatArray, reach: FloatArray) -> FloatArray:
        """Volume per angle and length between two radii, none of it beyond a third, shape (n,), mm^2."""
        inner, outer = np.minimum(low, reach), np.minimum(high, reach)
        return np.asarray((outer**2 - inner**2) / 2 - self.lean * (outer**3 - inner**3) / 3)

    def inside(self, surface: str, most: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Find the interval of each ray up to a radius that lies in a convex section, shape (n,) each."""
        bone = self.canal.bone
        if surface == "canal" and not bone.hollow:
            return 0.0 * most, 0.0 * most
        outside = bone.outside_canal if surface == "canal" else bone.outside_outer
        if surface == "outer" and isinstance(bone.outline, Whole):
            return self._within_whole(bone.outline, most)
        tried = np.linspace(0.0, 1.0, _SAMPLES)[:, None] * most
        within = np.array([outside(self.origin + way[:, None] * self.way) < 0 for way in tried])
        any_, first = within.any(axis=0), within.argmax(axis=0)
        last = len(tried) - 1 - within[::-1].argmax(axis=0)
        rows = np.arange(len(most))
        before, after = np.maximum(first - 1, 0), np.minimum(last + 1, len(tried) - 1)
        low = self._edge(outside, tried[first, rows], tried[before, rows])
        high = self._edge(outside, tried[last, rows], tried[after, rows])
        return np.where(any_, low, 0.0), np.where(any_, high, 0.0)

    def _within_whole(self, whole: Whole, most: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Find the same for a whole bone, out of which rays that stay well within it do not come."""
        low, high = 0.0 * most, most.copy()
        ends = np.linspace(0.0, 1.0, _LOOKS)[:, None] * most
        rough = np.array([whole.nearly_depth(self.origin + way[:, None] * self.way) for way in ends])
        for row in np.flatnonzero(rough.min(axis=0) < _CLEAR).tolist():
            ways = np.linspace(0.0, most[row], _FINE)
            within = whole.depth(self.origin[row] + ways[:, None] * self.way[row], 0.0) > 0.0
            low[row] = ways[within.argmax()] if within.any() else 0.0
            high[row] = ways[len(ways) - 1 - within[::-1].argmax()] if within.any() else 0.0
        return low, high

    def _edge(
        self, outside: Callable[[FloatArray], FloatArray], inner: FloatArray, outer: FloatArray
    ) -> FloatArray:
        """Find where a ray leaves a section between a radius inside and one outside or at the end."""
        for _ in range(_BISECTIONS):
            middle = (inner + outer) / 2
            out = outside(self.origin + middle[:, None] * self.way) > 0
            inner, outer = np.where(out, inner, middle), np.where(out, middle, outer)
        return np.asarray((inner + outer) / 2)
