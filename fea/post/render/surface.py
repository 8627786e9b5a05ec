"""Curved facets as fine smooth triangles.

A quadratic facet is x(l) = sum_a N_a(l) x_a over its barycentric coordinates l, with
N_a = l_a (2 l_a - 1) at the corners and 4 l_a l_b at the middles. It is cut into n^2
triangles; normals are averaged over neighbours that meet within `FOLD` degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.solution import Interface

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Facets that meet at more than this angle keep an edge between them, unless told otherwise.
FOLD = 35.0
#: Pieces per edge of a facet.
PIECES = 4


@dataclass(frozen=True, eq=False)
class Surface:
    """Fine triangles of some curved facets.

    Attributes
    ----------
    points, normals : ndarray, shape (m, 3)
        Every facet has its own points.
    triangles : ndarray, shape (t, 3)
    quadratic : ndarray, shape (q, 6)
        Values of the six shape functions at the q points of one facet.
    linear : ndarray, shape (q, 3)
        Barycentric coordinates of these points.
    outline : ndarray, shape (3 n + 1,)
        Points of one facet along its boundary, closed.
    """

    points: FloatArray
    normals: FloatArray
    triangles: IntArray
    quadratic: FloatArray
    linear: FloatArray
    outline: IntArray

    def from_nodes(self, values: FloatArray) -> FloatArray:
        """Interpolate values at the six nodes of each facet.

        Parameters
        ----------
        values : ndarray, shape (k, 6) or (k, 6, c)

        Returns
        -------
        ndarray, shape (m,) or (m, c)
        """
        return _spread(self.quadratic, values)

    def from_corners(self, values: FloatArray) -> FloatArray:
        """Interpolate values at the three corners of each facet.

        Parameters
        ----------
        values : ndarray, shape (k, 3) or (k, 3, c)

        Returns
        -------
        ndarray, shape (m,) or (m, c)
        """
        return _spread(self.linear, values)

    def outlines(self) -> IntArray:
        """Points along the boundary of each facet, closed.

        Returns
        -------
        ndarray, shape (k, 3 n + 1)
        """
        starts = np.arange(0, len(self.points), len(self.linear))
        return starts[:, None] + self.outline[None]


def subdivide(nodes: FloatArray, pieces: int, fold: float = FOLD) -> Surface:
    """Cut each edge of curved facets into equal pieces.

    Parameters
    ----------
    nodes : ndarray, shape (k, 6, 3), mm
        Corners and middles of the edges 01, 12, 20 of each facet.
    pieces : int
        Per edge.
    fold : float, degrees
        Facets that meet at more than this angle keep an edge between them.

    Returns
    -------
    Surface
    """
    linear, triangles, outline = _lattice(pieces)
    quadratic = _shape_functions(linear)
    starts = np.arange(len(nodes)) * len(linear)
    normals = _spread(quadratic, _node_normals(nodes, fold))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return Surface(
        points=_spread(quadratic, nodes),
        normals=normals / np.where(length > 0.0, length, 1.0),
        triangles=(starts[:, None, None] + triangles[None]).reshape(-1, 3),
        quadratic=quadratic,
        linear=linear,
        outline=outline,
    )


def contact_surface(interface: Interface, where: BoolArray | None = None) -> tuple[Surface, IntArray]:
    """Return the fine contact surface and the corners of its facets.

    Parameters
    ----------
    interface : Interface
    where : ndarray of bool, shape (n,), optional
        The vertices of whole zones; all where left out.

    Returns
    -------
    surface : Surface
    facets : ndarray, shape (k, 3)
        Rows of the interface's points.
    """
    chosen = np.ones(len(interface.facets), dtype=bool)
    if where is not None:
        chosen = where[interface.facets[:, 0]]
    facets = interface.facets[chosen]
    nodes = np.concatenate([interface.points[facets], interface.middles[chosen]], axis=1)
    return subdivide(nodes, PIECES), facets


def _spread(weights: FloatArray, values: FloatArray) -> FloatArray:
    spread = np.tensordot(values, weights, axes=([1], [1]))
    if values.ndim == 3:
        spread = np.swapaxes(spread, 1, 2)
        return np.ascontiguousarray(spread.reshape(-1, values.shape[2]))
    return np.ascontiguousarray(spread.reshape(-1))


def _lattice(pieces: int) -> tuple[FloatArray, IntArray, IntArray]:
    """Barycentric points of one facet, its small triangles, and its boundary."""
    index: dict[tuple[int, int], int] = {}
    for i in range(pieces + 1):
        for j in range(pieces + 1 - i):
            index[i, j] = len(index)
    linear = np.array([[pieces - i - j, i, j] for i, j in index]) / pieces
    triangles = [[index[i, j], index[i + 1, j], index[i, j + 1]] for i, j in index if i + j < pieces]
    triangles += [
        [index[i + 1, j], index[i + 1, j + 1], index[i, j + 1]] for i, j in index if i + j < pieces - 1
    ]
    steps = range(pieces)
    outline = [index[i, 0] for i in steps]
    outline += [index[pieces - i, i] for i in steps]
    outline += [index[0, pieces - i] for i in range(pieces + 1)]
    return linear, np.array(triangles), np.array(outline)


def _shape_functions(linear: FloatArray) -> FloatArray:
    corners = linear * (2.0 * linear - 1.0)
    middles = 4.0 * linear * np.roll(linear, -1, axis=1)
    return np.concatenate([corners, middles], axis=1)


def _shape_slopes() -> FloatArray:
    """Slopes of the shape functions at the six nodes along edges 01 and 02, (6, 6, 2)."""
    nodes = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5]])
    slopes = np.zeros((6, 6, 3))
    for a in range(3):
        b = (a + 1) % 3
        slopes[:, a, a] = 4.0 * nodes[:, a] - 1.0
        slopes[:, 3 + a, a] = 4.0 * nodes[:, b]
        slopes[:, 3 + a, b] = 4.0 * nodes[:, a]
    return np.stack([slopes[..., 1] - slopes[..., 0], slopes[..., 2] - slopes[..., 0]], axis=-1)


def _node_normals(nodes: FloatArray, fold: float) -> FloatArray:
    """Return unit normals at the six nodes of each facet, shared across smooth neighbours."""
    tangents = np.einsum("pad,kai->kpdi", _shape_slopes(), nodes)
    normals = np.cross(tangents[:, :, 0], tangents[:, :, 1])
    own = normals.reshape(-1, 3)
    length = np.linalg.norm(own, axis=1, keepdims=True)
    own = own / np.where(length > 0.0, length, 1.0)
    _, place = np.unique(np.round(nodes.reshape(-1, 3), 5), axis=0, return_inverse=True)
    meets = sparse.csr_matrix(
        (np.ones(len(own)), (np.arange(len(own)), place.reshape(-1))), shape=(len(own), place.max() + 1)
    )
    pairs = (meets @ meets.T).tocoo()
    smooth = np.einsum("ij,ij->i", own[pairs.row], own[pairs.col]) > np.cos(np.radians(fold))
    shared = np.zeros_like(own)
    np.add.at(shared, pairs.row[smooth], own[pairs.col[smooth]])
    length = np.linalg.norm(shared, axis=1, keepdims=True)
    return (shared / np.where(length > 0.0, length, 1.0)).reshape(nodes.shape)
