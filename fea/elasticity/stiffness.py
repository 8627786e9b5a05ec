"""Stiffness matrix of one body.

With g_a the gradient of shape function a, the 3 x 3 block of nodes a and b of an element is

    K_ab[i, j] = D[i, k, j, l] H_ab[k, l],        H_ab = integral of g_a g_b^T,

so that the quadrature runs over the scalar basis only and the elasticity, constant in an
element, comes in by one product. Of the symmetric matrix only the pairs a <= b are computed,
with the nodes of an element in ascending order, which makes them the upper triangle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.gradients import STIFFNESS_DEGREE, STRAIGHT_DEGREE, element_gradients, straight_elements
from fea.elasticity.summing import pointer, sort_pairs, sum_blocks
from fea.mesh.parts import IntArray, Part

FloatArray = NDArray[np.float64]

#: Local nodes a <= b of the pairs of an element, each shape (55,).
PAIRS = np.triu_indices(10)

#: Elements per batch: keeps the products of a batch within the processor's cache.
_BATCH = 512
#: Row of the Voigt order XX YY ZZ XY YZ XZ of each pair of axes.
_VOIGT = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2]])
#: Where H_ab[k, l] of each pair stands in an element's 30 x 30 matrix of H, shape (495,).
_PLACES = (
    30 * (3 * PAIRS[0][:, None, None] + np.arange(3)[:, None]) + 3 * PAIRS[1][:, None, None] + np.arange(3)
).ravel()


def element_blocks(part: Part, material: FloatArray, degree: int | None = None) -> FloatArray:
    """Integrate the stiffness of every element.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    material : ndarray, shape (m, 6, 6), MPa
        Stiffness of each element in global axes, Voigt order XX YY ZZ XY YZ XZ.
    degree
        Degree of the quadrature; by default the least that is exact for a constant stress,
        which is lower on elements with straight edges.

    Returns
    -------
    ndarray, shape (m, 55, 3, 3), N/mm
        Blocks of the `PAIRS` of the element's nodes in ascending order.
    """
    blocks = np.zeros((len(part.tets), len(PAIRS[0]), 3, 3))
    order = np.argsort(part.tets, axis=1)[:, None, :, None]
    straight = straight_elements(part)
    for rule, members in (
        (STRAIGHT_DEGREE, np.flatnonzero(straight)),
        (STIFFNESS_DEGREE, np.flatnonzero(~straight)),
    ):
        for start in range(0, len(members), _BATCH):
            batch = members[start : start + _BATCH]
            gradients = element_gradients(part, degree or rule, batch)
            basis = np.take_along_axis(gradients.values, order[batch], axis=2)
            basis = basis.reshape(*gradients.volume.shape, 30)
            scalar = np.matmul((basis * gradients.volume[:, :, None]).swapaxes(1, 2), basis)
            pairs = scalar.reshape(len(batch), 900)[:, _PLACES].reshape(len(batch), -1, 9)
            blocks[batch] = np.matmul(pairs, _contraction(material[batch])).reshape(len(batch), -1, 3, 3)
    return blocks


def element_stiffness(part: Part, material: FloatArray) -> FloatArray:
    """Return the whole matrices of the elements, their nodes in their own order.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    material : ndarray, shape (m, 6, 6), MPa

    Returns
    -------
    ndarray, shape (m, 30, 30), N/mm
    """
    blocks = element_blocks(part, material)
    whole = np.zeros((len(blocks), 10, 10, 3, 3))
    whole[:, PAIRS[1], PAIRS[0]] = blocks.swapaxes(2, 3)
    whole[:, PAIRS[0], PAIRS[1]] = blocks
    rank = np.argsort(np.argsort(part.tets, axis=1), axis=1)
    element = np.arange(len(blocks))[:, None, None]
    own = whole[element, rank[:, :, None], rank[:, None, :]]
    return own.swapaxes(2, 3).reshape(-1, 30, 30)


def assemble(blocks: FloatArray, tets: IntArray, nodes: int) -> sparse.csr_matrix:
    """Sum element blocks into the body's matrix.

    Parameters
    ----------
    blocks : ndarray, shape (m, 55, 3, 3), N/mm
        From `element_blocks`.
    tets : ndarray, shape (m, 10)
    nodes
        Number of nodes.

    Returns
    -------
    csr_matrix, shape (3 nodes, 3 nodes), N/mm
        Symmetric, indices sorted; unknown ``3 node + component``.
    """
    ascending = np.sort(tets, axis=1)
    row, column = (ascending[:, local].ravel() for local in PAIRS)
    row, column, upper = sum_blocks(row, column, blocks.reshape(-1, 9), (nodes, nodes))
    upper = upper.reshape(-1, 3, 3)
    off = np.flatnonzero(row < column)
    whole = np.concatenate([upper, upper[off].swapaxes(1, 2)])
    row, column = np.r_[row, column[off]], np.r_[column, row[off]]
    order = sort_pairs(row, column, (nodes, nodes))
    matrix = sparse.bsr_matrix(
        (whole[order], column[order], pointer(row, nodes)), shape=(3 * nodes, 3 * nodes)
    ).tocsr()
    matrix.has_sorted_indices = True
    return matrix


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
    return assemble(element_blocks(part, material), part.tets, len(part.points))


def _contraction(material: FloatArray) -> FloatArray:
    """Return D[i, k, j, l] as matrices from the pair (k, l) to the pair (i, j), shape (m, 9, 9)."""
    i, j = np.divmod(np.arange(9), 3)
    k, l = i[:, None], j[:, None]  # noqa: E741 - the letters of the formula
    return material[:, _VOIGT[i, k], _VOIGT[j, l]]
