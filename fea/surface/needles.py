"""Curved triangles cut across where they are long: a part of a quadratic triangle is one, nothing changes.

The nearest place on a surface is looked for from sample points, between which a needle would be missed.
"""

from __future__ import annotations

import numpy as np

from geometry.curved import FloatArray, IntArray

#: Longest a part may be over its triangle's short side, and the least short side over the surface's extent.
_LONG, _SHORT = 3.0, 1 / 400


def without_needles(
    points: FloatArray, triangles: IntArray, curvature: FloatArray
) -> tuple[FloatArray, IntArray, FloatArray, IntArray]:
    """Cut needles into strips across.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 6)
    curvature : ndarray, shape (n,), 1/mm

    Returns
    -------
    points, triangles, curvature
        With parts in the place of needles, whose nodes are their own.
    origin : ndarray, shape (k,)
        The triangle that each is, or is a part of.
    """
    corners = points[triangles[:, :3]]
    sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
    shortest = sides.argmin(axis=1)
    extent = float(np.ptp(points, axis=0).max())
    strips = np.ceil(sides.max(axis=1) / (_LONG * np.maximum(sides.min(axis=1), _SHORT * extent)))
    parts = [triangles[strips <= 1]]
    origin = [np.flatnonzero(strips <= 1)]
    places, bends, count = [points], [curvature], len(points)
    for number in np.unique(strips[strips > 1]).astype(int).tolist():
        rows = np.flatnonzero(strips == number)
        # Turned so that the short side lies between the first two corners.
        turn = (shortest[rows, None] + np.arange(3)) % 3
        nodes = np.hstack([triangles[rows[:, None], turn], triangles[rows[:, None], 3 + turn]])
        bend = curvature[nodes[:, 3:]].max(axis=1)
        for shares in _strips(number):
            ends = np.concatenate([shares, (shares + np.roll(shares, -1, axis=0)) / 2])
            places.append(np.einsum("sa,tad->tsd", _shapes(ends), points[nodes]).reshape(-1, 3))
            bends.append(np.repeat(bend, 6))
            parts.append(count + np.arange(6 * len(rows)).reshape(-1, 6))
            origin.append(rows)
            count += 6 * len(rows)
    return np.concatenate(places), np.concatenate(parts), np.concatenate(bends), np.concatenate(origin)


def _strips(number: int) -> list[FloatArray]:
    """Barycentric corners, shape (3, 3), of the parts between equal cuts along the first side."""
    parts = []
    for row in range(number):
        low, high = row / number, (row + 1) / number
        a, b = np.array([1 - low, 0, low]), np.array([0, 1 - low, low])
        c, d = np.array([0, 1 - high, high]), np.array([1 - high, 0, high])
        parts.append(np.stack([a, b, c]))
        if row < number - 1:
            parts.append(np.stack([a, c, d]))
    return parts


def _shapes(shares: FloatArray) -> FloatArray:
    w, u, v = shares.T
    columns = (w * (2 * w - 1), u * (2 * u - 1), v * (2 * v - 1), 4 * w * u, 4 * u * v, 4 * v * w)
    return np.stack(columns, axis=1)
