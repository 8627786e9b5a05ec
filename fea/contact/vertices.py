"""Interface vertices: corners of the contact facets, split where zones meet or the surface folds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Cosine of the fold, in degrees, beyond which a vertex is split.
FOLD = float(np.cos(np.radians(30.0)))


def split_vertices(facets: IntArray, zones: IntArray, normals: FloatArray) -> tuple[IntArray, IntArray]:
    """Give numbers to the vertices of each facet, apart on either side of a zone limit or fold.

    Parameters
    ----------
    facets : ndarray, shape (k, 3)
        Corner nodes.
    zones : ndarray, shape (k,)
        Zone of each facet.
    normals : ndarray, shape (k, 3)
        Unit normal of each facet.

    Returns
    -------
    vertices : ndarray, shape (k, 3)
        Vertex of each facet corner, numbered from 0.
    nodes : ndarray, shape (v,)
        Node of each vertex.
    """
    corner = facets.ravel()
    side = np.zeros(len(corner), dtype=np.int64)
    normal = np.repeat(normals, 3, axis=0)
    key = np.stack([corner, np.repeat(zones, 3)], axis=1)
    _, group = np.unique(key, axis=0, return_inverse=True)
    group = group.ravel()
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) > 0])
    for members in np.split(order, starts[1:]):
        cosines = normal[members] @ normal[members].T
        if cosines.min() < FOLD:
            side[members] = _sides(cosines)
    _, vertices = np.unique(np.column_stack([group, side]), axis=0, return_inverse=True)
    vertices = vertices.ravel()
    nodes = np.zeros(vertices.max(initial=-1) + 1, dtype=np.int64)
    nodes[vertices] = corner
    return vertices.reshape(-1, 3), nodes


def _sides(cosines: FloatArray) -> IntArray:
    """Group facets round a vertex that are linked by folds below the limit."""
    side = np.full(len(cosines), -1)
    for first in range(len(cosines)):
        if side[first] < 0:
            side[first] = label = side.max() + 1
            reached = [first]
            while reached:
                near = np.flatnonzero((cosines[reached.pop()] > FOLD) & (side < 0))
                side[near] = label
                reached.extend(near.tolist())
    return side
