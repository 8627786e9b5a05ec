"""Normals at the vertices of smooth patches, to the second order of the triangles' size.

A first normal is the mean of the triangles' own, each with the weight |a x b| / (|a|^2 |b|^2) of the two
sides that meet at the vertex, which is exact on a sphere whatever the triangles. About it the quadric

    w = p u + q v + r u^2 + s u v + t v^2

is fitted to the neighbours, and those beyond with less weight, by least squares; its tilt (p, q) is taken
out. What the neighbours leave open, as at the rim of a patch, stays as the first normal has it.

References
----------
N. Max, J. Graphics Tools 4(2) (1999) 1-6: the weights.
F. Cazals, M. Pouget, Comput. Aided Geom. Des. 22 (2005) 121-146: the order of fitted normals.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from geometry.curved import FloatArray, IntArray

#: Parts of the fit below this share of its largest are left open.
_OPEN = 1e-9
#: The steepest tilt that a fit may take out.
_STEEPEST = 0.2


def vertex_normals(places: FloatArray, triangles: IntArray) -> tuple[FloatArray, FloatArray]:
    """Compute unit normals at the nodes of triangles that share nodes within smooth patches alone.

    Parameters
    ----------
    places : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 3)

    Returns
    -------
    near, wide : ndarray, shape (n, 3)
        Both of the second order, with weights that fall with the fourth and the second power of the way:
        their difference tells what is left.
    """
    plain = _means(places, triangles)
    start, end, weight = _neighbours(places, triangles)
    return _fitted(places, plain, start, end, weight), _fitted(places, plain, start, end, np.sqrt(weight))


def _fitted(
    places: FloatArray, plain: FloatArray, start: IntArray, end: IntArray, weight: FloatArray
) -> FloatArray:
    """Take the tilt of the quadric that fits the neighbours out of first normals."""
    across = np.eye(3)[np.abs(plain).argmin(axis=1)]
    first = np.cross(plain, across)
    first /= np.linalg.norm(first, axis=1)[:, None]
    second = np.cross(plain, first)
    way = places[end] - places[start]
    scale = np.maximum(np.bincount(start, np.linalg.norm(way, axis=1) * weight, len(places)), 1e-300)
    scale /= np.bincount(start, weight, len(places))
    u, v, w = (np.einsum("kd,kd->k", way, axis[start]) / scale[start] for axis in (first, second, plain))
    columns = np.stack([u, v, u * u, u * v, v * v], axis=1)
    gram, drive = np.zeros((len(places), 5, 5)), np.zeros((len(places), 5))
    for row in range(5):
        drive[:, row] = np.bincount(start, columns[:, row] * w * weight, len(places))
        for column in range(row, 5):
            value = np.bincount(start, columns[:, row] * columns[:, column] * weight, len(places))
            gram[:, row, column] = gram[:, column, row] = value
    found = np.einsum("nij,nj->ni", np.linalg.pinv(gram, rcond=_OPEN, hermitian=True), drive)
    tilt = np.clip(found[:, :2], -_STEEPEST, _STEEPEST)
    fitted = plain - tilt[:, :1] * first - tilt[:, 1:] * second
    return np.asarray(fitted / np.linalg.norm(fitted, axis=1)[:, None])


def _means(places: FloatArray, triangles: IntArray) -> FloatArray:
    total = np.zeros((len(places), 3))
    for corner in range(3):
        at = places[triangles[:, corner]]
        a = places[triangles[:, (corner + 1) % 3]] - at
        b = places[triangles[:, (corner + 2) % 3]] - at
        share = np.einsum("td,td->t", a, a) * np.einsum("td,td->t", b, b)
        normal = np.cross(a, b) / np.maximum(share, 1e-300)[:, None]
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, corner], normal[:, axis], len(places))
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1), 1e-300)[:, None])


def _neighbours(places: FloatArray, triangles: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Pair nodes at most two edges apart, with weights by the fourth power of the way, 1 for the nearest."""
    pairs = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    count = len(places)
    one = csr_array((np.ones(2 * len(pairs)), (pairs.T.ravel(), pairs[:, ::-1].T.ravel())), (count, count))
    both = (one + one @ one).tocoo()
    start, end = (np.asarray(index, dtype=np.int64) for index in both.coords)
    apart = start != end
    start, end = start[apart], end[apart]
    square = np.einsum("kd,kd->k", places[end] - places[start], places[end] - places[start])
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, start, square)
    return start, end, (nearest[start] / square) ** 2
