"""Stiffness matrix of one body: the sum over elements of B^T D B, as one batched product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.gradients import STIFFNESS_DEGREE, element_gradients, strain_matrices
from fea.mesh.parts import IntArray, Part

FloatArray = NDArray[np.float64]

#: Elements per batch: keeps the strain matrices of a batch within about 100 MB.
_BATCH = 4096


def element_stiffness(part: Part, material: FloatArray, degree: int = STIFFNESS_DEGREE) -> FloatArray:
    """Integrate the stiffness of every element.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    material : ndarray, shape (m, 6, 6), MPa
        Stiffness of each element in global axes, Voigt order XX YY ZZ XY YZ XZ.
    degree
        Degree of the quadrature.

    Returns
    -------
    ndarray, shape (m, 30, 30), N/mm
    """
    gradients = element_gradients(part, degree)
    count, points = gradients.volume.shape
    stiffness = np.zeros((count, 30, 30))
    for start in range(0, count, _BATCH):
        batch = slice(start, start + _BATCH)
        strain = strain_matrices(gradients.values[batch])
        stress = np.matmul(material[batch, None], strain) * gradients.volume[batch, :, None, None]
        stacked = strain.reshape(-1, points * 6, 30)
        np.matmul(stacked.swapaxes(1, 2), stress.reshape(-1, points * 6, 30), out=stiffness[batch])
    return stiffness


def assemble(elements: FloatArray, tets: IntArray, nodes: int) -> sparse.csr_matrix:
    """Sum element matrices into the body's matrix.

    Parameters
    ----------
    elements : ndarray, shape (m, 30, 30), N/mm
    tets : ndarray, shape (m, 10)
    nodes
        Number of nodes.

    Returns
    -------
    csr_matrix, shape (3 nodes, 3 nodes), N/mm
        Symmetric; unknown ``3 node + component``.
    """
    rows = np.repeat(tets, 10, axis=1).ravel()
    columns = np.tile(tets, (1, 10)).ravel()
    order = np.argsort(rows * nodes + columns, kind="stable")
    key = (rows * nodes + columns)[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    blocks = elements.reshape(-1, 10, 3, 10, 3).swapaxes(2, 3).reshape(-1, 9)[order]
    data = np.add.reduceat(blocks, first, axis=0).reshape(-1, 3, 3)
    row, column = np.divmod(key[first], nodes)
    pointer = np.r_[0, np.cumsum(np.bincount(row, minlength=nodes))]
    return sparse.bsr_matrix((data, column, pointer), shape=(3 * nodes, 3 * nodes)).tocsr()


def stiffness_matrix(part: Part, material: FloatArray) -> sparse.csr_matrix:
    """Assemble the stiffness matrix of a body.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    material : ndarray, shape (m, 6, 6), MPa
        Stiffness of each element in global axes.

    Returns
    -------
    csr_matrix, shape (3 n, 3 n), N/mm
    """
    return assemble(element_stiffness(part, material), part.tets, len(part.points))
