"""Strain at the nodes, from the superconvergent points of each element.

In every element the displacement gradient at the four points of the degree-2 rule is extended
linearly to the vertices; at a vertex the elements' values are averaged by volume; at an edge's
middle the two vertices' mean stands. Up to the vertices it is one sparse matrix, the same for
the three components of the displacement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.gradients import EDGES, STRESS_DEGREE, element_gradients
from fea.elasticity.summing import pointer, sum_blocks
from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class StrainRecovery:
    """Strain recovery on one body.

    Parameters
    ----------
    part
        The body.

    Attributes
    ----------
    ends : ndarray, shape (n, 2)
        Vertices, in the order of `at_vertices`, whose mean is the value at each node.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        gradients = element_gradients(part, STRESS_DEGREE)
        hats = np.vstack([1 - gradients.reference.sum(axis=0), gradients.reference]).T
        self._hats = hats
        self._gradients = gradients.values
        volume = gradients.volume.sum(axis=1)
        corners = part.tets[:, :4]
        self._vertices, local = np.unique(corners, return_inverse=True)
        self._corners = local.reshape(-1, 4)
        total = np.bincount(self._corners.ravel(), np.repeat(volume, 4), minlength=len(self._vertices))
        self._weight = volume[:, None] / total[self._corners]
        self._matrix = self._vertex_matrix()
        self.ends = _edge_ends(part.tets, len(part.points), self._vertices)

    def _vertex_matrix(self) -> sparse.csr_matrix:
        """Gradients at the vertices, row ``3 vertex + axis``, of a scalar on the nodes."""
        elements, vertices, nodes = len(self._corners), len(self._vertices), len(self._part.points)
        extended = np.matmul(np.linalg.inv(self._hats), self._gradients.reshape(elements, 4, 30))
        extended *= self._weight[:, :, None]
        row = np.broadcast_to(self._corners[:, :, None], (elements, 4, 10)).ravel()
        column = np.broadcast_to(self._part.tets[:, None, :], (elements, 4, 10)).ravel()
        row, column, blocks = sum_blocks(row, column, extended.reshape(-1, 3), (vertices, nodes))
        return sparse.bsr_matrix(
            (blocks[:, :, None], column, pointer(row, vertices)), shape=(3 * vertices, nodes)
        ).tocsr()

    def at_vertices(self, displacement: FloatArray) -> FloatArray:
        """Return the strain at the vertices.

        Parameters
        ----------
        displacement : ndarray, shape (3 n, k), mm

        Returns
        -------
        ndarray, shape (v, 6, k)
            XX, YY, ZZ, XY, YZ, XZ, engineering shear.
        """
        count = displacement.shape[1]
        columns = np.ascontiguousarray(displacement).reshape(-1, 3 * count)
        gradient: FloatArray = self._matrix @ columns
        return _strain(gradient.reshape(-1, 3, 3, count))

    def at_nodes(self, displacement: FloatArray) -> FloatArray:
        """Return the strain at all nodes.

        Parameters
        ----------
        displacement : ndarray, shape (3 n, k), mm

        Returns
        -------
        ndarray, shape (k, n, 6)
            XX, YY, ZZ, XY, YZ, XZ, engineering shear; in memory the columns lie innermost.
        """
        at_vertices = self.at_vertices(displacement)
        strain: FloatArray = at_vertices[self.ends[:, 0]]
        strain += at_vertices[self.ends[:, 1]]
        strain *= 0.5
        return np.moveaxis(strain, 2, 0)

    def scatter(self, displacement: FloatArray, material: FloatArray) -> FloatArray:
        """Measure how far element stresses are from the recovered ones.

        Parameters
        ----------
        displacement : ndarray, shape (3 n,), mm
        material : ndarray, shape (m, 6, 6), MPa

        Returns
        -------
        ndarray, shape (n,), MPa
            Von Mises norm of the difference, averaged by volume round each node.
        """
        local = displacement.reshape(-1, 3)[self._part.tets]
        gradient = np.matmul(self._gradients.swapaxes(2, 3), local[:, None])
        raw = _strain(gradient[..., None])[..., 0]
        smooth = self.at_vertices(displacement[:, None])[self._corners, :, 0]
        difference = np.matmul(raw - np.matmul(self._hats, smooth), material.swapaxes(1, 2))
        xx, yy, zz, xy, yz, xz = np.moveaxis(difference, -1, 0)
        squared = 0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3 * (xy**2 + yz**2 + xz**2)
        size = np.sqrt(squared.mean(axis=1))
        at_vertices = np.bincount(
            self._corners.ravel(), (self._weight * size[:, None]).ravel(), minlength=len(self._vertices)
        )
        return np.asarray(at_vertices[self.ends].max(axis=1))


def _strain(gradient: FloatArray) -> FloatArray:
    """Strain, shape (..., 6, k), of du_c / dx_d, shape (..., 3 d, 3 c, k)."""
    xx, yy, zz = (gradient[..., axis, axis, :] for axis in range(3))
    xy, yz, xz = (gradient[..., i, j, :] + gradient[..., j, i, :] for i, j in ((0, 1), (1, 2), (0, 2)))
    return np.stack([xx, yy, zz, xy, yz, xz], axis=-2)


def _edge_ends(tets: IntArray, nodes: int, vertices: IntArray) -> IntArray:
    """Return the two vertices of the edge in whose middle a node lies; for a vertex, itself twice."""
    number = np.full(nodes, -1)
    number[vertices] = np.arange(len(vertices))
    ends = np.column_stack([number, number])
    for middle, edge in enumerate(EDGES, start=4):
        ends[tets[:, middle]] = number[tets[:, edge]]
    return ends
