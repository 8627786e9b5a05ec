"""Strain at the nodes, from the superconvergent points of each element.

In every element the strain at the four points of the degree-2 rule is extended linearly to
the vertices; at a vertex the elements' values are averaged by volume; at an edge's middle
the two vertices' mean stands. All of it is one sparse matrix on the displacements.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.gradients import STRESS_DEGREE, element_gradients, strain_matrices
from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class StrainRecovery:
    """Strain recovery on one body.

    Parameters
    ----------
    part
        The body.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        gradients = element_gradients(part, STRESS_DEGREE)
        hats = np.vstack([1 - gradients.reference.sum(axis=0), gradients.reference]).T
        self._hats = hats
        self._strain = strain_matrices(gradients.values)
        self._volume = gradients.volume.sum(axis=1)
        corners = part.tets[:, :4]
        self._vertices, local = np.unique(corners, return_inverse=True)
        self._corners = local.reshape(-1, 4)
        total = np.bincount(self._corners.ravel(), np.repeat(self._volume, 4), minlength=len(self._vertices))
        self._weight = self._volume[:, None] / total[self._corners]
        self._matrix = self._vertex_matrix()
        self._middles, self._ends = _edge_middles(part.tets, len(part.points), self._vertices)

    def _vertex_matrix(self) -> sparse.csr_matrix:
        extended = np.einsum("cq,mqsi->mcsi", np.linalg.inv(self._hats), self._strain, optimize=True)
        data = extended * self._weight[:, :, None, None]
        row = np.broadcast_to((6 * self._corners)[:, :, None, None] + np.arange(6)[:, None], data.shape)
        unknown = (3 * self._part.tets[:, :, None] + np.arange(3)).reshape(-1, 1, 1, 30)
        column = np.broadcast_to(unknown, data.shape)
        shape = (6 * len(self._vertices), 3 * len(self._part.points))
        kept = data.ravel() != 0.0
        return sparse.coo_matrix(
            (data.ravel()[kept], (row.ravel()[kept], column.ravel()[kept])), shape=shape
        ).tocsr()

    def at_nodes(self, displacement: FloatArray) -> FloatArray:
        """Return the strain at all nodes.

        Parameters
        ----------
        displacement : ndarray, shape (3 n, k), mm

        Returns
        -------
        ndarray, shape (k, n, 6)
            XX, YY, ZZ, XY, YZ, XZ, engineering shear.
        """
        count = displacement.shape[1]
        at_vertices = (self._matrix @ displacement).reshape(len(self._vertices), 6, count)
        result = np.zeros((count, len(self._part.points), 6))
        result[:, self._vertices] = np.moveaxis(at_vertices, 2, 0)
        result[:, self._middles] = 0.5 * (result[:, self._ends[:, 0]] + result[:, self._ends[:, 1]])
        return result

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
        local = displacement.reshape(-1, 3)[self._part.tets].reshape(-1, 30)
        raw = np.einsum("mqsi,mi->mqs", self._strain, local, optimize=True)
        smooth = (self._matrix @ displacement).reshape(-1, 6)[self._corners]
        difference = np.einsum("mst,mqt->mqs", material, raw - np.einsum("qc,mcs->mqs", self._hats, smooth))
        xx, yy, zz, xy, yz, xz = np.moveaxis(difference, -1, 0)
        squared = 0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3 * (xy**2 + yz**2 + xz**2)
        size = np.sqrt(squared.mean(axis=1))
        at_vertices = np.bincount(
            self._corners.ravel(), (self._weight * size[:, None]).ravel(), minlength=len(self._vertices)
        )
        result = np.zeros(len(self._part.points))
        result[self._vertices] = at_vertices
        result[self._middles] = result[self._ends].max(axis=1)
        return result


def _edge_middles(tets: IntArray, nodes: int, vertices: IntArray) -> tuple[IntArray, IntArray]:
    """Return every edge's middle node and its two ends."""
    ends = np.zeros((nodes, 2), dtype=np.int64)
    for middle, (first, second) in enumerate(((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)), start=4):
        ends[tets[:, middle]] = tets[:, [first, second]]
    middles = np.setdiff1d(np.arange(nodes), vertices)
    return middles, ends[middles]
