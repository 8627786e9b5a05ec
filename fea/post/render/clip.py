"""Clipping of triangles where a scalar is negative, and plane sections of curved tetrahedra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Corners of a tetrahedron's eight pieces between its ten nodes.
_PIECES = np.array(
    [
        [0, 4, 6, 7], [4, 1, 5, 8], [6, 5, 2, 9], [7, 8, 9, 3],
        [4, 5, 6, 7], [4, 8, 5, 7], [5, 8, 9, 7], [5, 9, 6, 7],
    ]
)  # fmt: skip
_EDGES = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])


@dataclass(frozen=True, eq=False)
class Patch:
    """Triangles over rows of data: position, normal, values.

    Attributes
    ----------
    data : ndarray, shape (m, c)
        What is interpolated linearly where a triangle is cut.
    triangles : ndarray, shape (t, 3)
    """

    data: FloatArray
    triangles: IntArray


def clip(patch: Patch, level: FloatArray) -> Patch:
    """Keep what lies where a scalar is not negative.

    Parameters
    ----------
    patch : Patch
    level : ndarray, shape (m,)
        The scalar at the points.

    Returns
    -------
    Patch
    """
    inside = level[patch.triangles] >= 0.0
    count = inside.sum(axis=1)
    kept = [patch.triangles[count == 3]]
    data = [patch.data]
    size = len(patch.data)
    for number in (1, 2):
        cut = patch.triangles[count == number]
        if not len(cut):
            continue
        # The odd corner comes first: the one inside, or the one outside.
        odd = np.argmax(inside[count == number] == (number == 1), axis=1)
        turned = np.take_along_axis(cut, (odd[:, None] + np.arange(3)) % 3, axis=1)
        first, second, third = turned.T
        here = [_between(patch.data, level, first, other) for other in (second, third)]
        data += here
        one = size + np.arange(len(cut))
        two = one + len(cut)
        size += 2 * len(cut)
        if number == 1:
            kept.append(np.column_stack([first, one, two]))
        else:
            kept += [np.column_stack([one, second, third]), np.column_stack([one, third, two])]
    return Patch(np.concatenate(data), np.concatenate(kept).astype(np.int64))


def _between(data: FloatArray, level: FloatArray, start: IntArray, end: IntArray) -> FloatArray:
    part = level[start] / (level[start] - level[end])
    return np.asarray(data[start] + part[:, None] * (data[end] - data[start]))


def section(data: FloatArray, tets: IntArray, level: FloatArray) -> Patch:
    """Cut 10-node tetrahedra where a scalar vanishes, each as eight straight pieces.

    Parameters
    ----------
    data : ndarray, shape (n, c)
        What is wanted on the cut, at the nodes.
    tets : ndarray, shape (k, 10)
        In VTK's order of nodes.
    level : ndarray, shape (n,)
        The scalar at the nodes; it should vanish at none of them.

    Returns
    -------
    Patch
        The cut, of unordered orientation.
    """
    signs = level[tets] > 0.0
    crossed = tets[signs.any(axis=1) & ~signs.all(axis=1)]
    pieces = crossed[:, _PIECES].reshape(-1, 4)
    edges = pieces[:, _EDGES]
    start, end = edges[..., 0], edges[..., 1]
    ends = level[start] * level[end] < 0.0
    part = np.where(ends, level[start] / np.where(ends, level[start] - level[end], 1.0), 0.0)
    found, triangles, size = [], [], 0
    for number, fans in ((3, [[0, 1, 2]]), (4, [[0, 1, 2], [1, 2, 3]])):
        rows = np.flatnonzero(ends.sum(axis=1) == number)
        which = np.nonzero(ends[rows])[1].reshape(len(rows), number)
        a, b, t = (np.take_along_axis(array[rows], which, axis=1) for array in (start, end, part))
        found.append((data[a] + t[..., None] * (data[b] - data[a])).reshape(-1, data.shape[1]))
        corners = size + np.arange(len(rows) * number).reshape(len(rows), number)
        triangles += [corners[:, fan] for fan in fans]
        size += len(rows) * number
    return Patch(np.concatenate(found), np.concatenate(triangles).astype(np.int64))
