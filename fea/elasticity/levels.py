"""Stiffness on the quadratic and on the linear level of one mesh, in 3x3 blocks, a batch at a time.

The linear level is spanned by the corners of the tetrahedra: a field on it is continued to
the middle of an edge as the mean of its two ends. Its matrix is P^T K P, with P that
continuation, summed element by element, so that curved elements keep their geometry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.stiffness import element_stiffness
from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Ends of the edges whose middles are nodes 4 to 9 of a tetrahedron.
EDGES = np.array([[0, 1], [1, 2], [0, 2], [0, 3], [1, 3], [2, 3]])
#: Elements per batch: their matrices take 60 MB.
_BATCH = 8192


@dataclass(frozen=True, eq=False)
class Levels:
    """One or more bodies on two levels.

    Attributes
    ----------
    fine : bsr_matrix, shape (3 n, 3 n), N/mm
    coarse : bsr_matrix, shape (3 c, 3 c), N/mm
    prolongation : csr_matrix, shape (3 n, 3 c)
        Empty in the rows and columns of unknowns that are held.
    """

    fine: sparse.bsr_matrix
    coarse: sparse.bsr_matrix
    prolongation: sparse.csr_matrix


def assemble_levels(parts: tuple[Part, ...], materials: tuple[FloatArray, ...], fixed: IntArray) -> Levels:
    """Assemble bodies side by side on both levels, and hold what is fixed.

    Parameters
    ----------
    parts
        The bodies; their nodes are numbered one body after the other.
    materials : tuple of ndarray, shape (m, 6, 6), MPa
        Stiffness of each body's elements in global axes.
    fixed : ndarray of int
        Unknowns of all bodies that are held at zero, whole facets of nodes.

    Returns
    -------
    Levels
        Rows and columns of fixed unknowns are zero but for their own entry.
    """
    first = np.cumsum([0, *(len(part.points) for part in parts)])
    tets = np.concatenate([part.tets + start for part, start in zip(parts, first[:-1], strict=True)])
    corners = np.unique(tets[:, :4])
    number = np.full(first[-1], -1)
    number[corners] = np.arange(len(corners))
    coarse_tets = number[tets[:, :4]]
    fine, coarse = _Blocks(tets, first[-1]), _Blocks(coarse_tets, len(corners))
    continuation = np.zeros((10, 4))
    continuation[np.arange(4), np.arange(4)] = 1.0
    continuation[np.arange(4, 10)[:, None], EDGES] = 0.5
    both = np.kron(continuation, np.eye(3))
    start = 0
    for elements in _batches(parts, materials):
        batch = slice(start, start + len(elements))
        fine.add(tets[batch], elements)
        coarse.add(coarse_tets[batch], both.T @ elements @ both)
        start = batch.stop
    held = np.zeros((first[-1], 3), dtype=bool)
    held.reshape(-1)[fixed] = True
    scalar = _prolongation(tets, number, len(corners), first[-1])
    spread = sparse.kron(scalar, sparse.eye_array(3), format="csr")
    inside = [sparse.diags_array(1.0 - mask.ravel()) for mask in (held, held[corners])]
    prolongation = (inside[0] @ spread @ inside[1]).tocsr()
    prolongation.eliminate_zeros()
    return Levels(fine.matrix(held), coarse.matrix(held[corners]), prolongation)


def _batches(parts: tuple[Part, ...], materials: tuple[FloatArray, ...]) -> Iterator[FloatArray]:
    for part, material in zip(parts, materials, strict=True):
        for start in range(0, len(part.tets), _BATCH):
            batch = slice(start, start + _BATCH)
            nodes, tets = np.unique(part.tets[batch], return_inverse=True)
            piece = Part(part.name, part.points[nodes], tets.reshape(-1, 10), {})
            yield element_stiffness(piece, material[batch])


def _prolongation(tets: IntArray, number: IntArray, corners: int, nodes: int) -> sparse.csr_matrix:
    middles, place = np.unique(tets[:, 4:], return_index=True)
    element, edge = np.divmod(place, 6)
    ends = number[tets[element[:, None], EDGES[edge]]]
    own = np.flatnonzero(number >= 0)
    rows = np.concatenate([own, np.repeat(middles, 2)])
    columns = np.concatenate([number[own], ends.ravel()])
    values = np.concatenate([np.ones(len(own)), np.full(2 * len(middles), 0.5)])
    return sparse.csr_matrix((values, (rows, columns)), shape=(nodes, corners))


class _Blocks:
    """A matrix of 3x3 blocks that element matrices are summed into."""

    def __init__(self, tets: IntArray, nodes: int) -> None:
        self._nodes, members = nodes, tets.shape[1]
        ones = np.ones(tets.size, dtype=np.int32)
        belongs = sparse.csr_matrix((ones, tets.ravel(), np.arange(0, tets.size + 1, members)))
        belongs.resize(len(tets), nodes)
        pattern = (belongs.T @ belongs).tocsr()
        pattern.sort_indices()
        self._pointer, self._column = pattern.indptr, pattern.indices
        rows = np.repeat(np.arange(nodes), np.diff(self._pointer))
        self._key = rows * nodes + self._column
        self._data = np.zeros((len(self._column), 3, 3))

    def add(self, tets: IntArray, elements: FloatArray) -> None:
        """Sum a batch of element matrices, shape (m, 3 k, 3 k)."""
        members = tets.shape[1]
        key = (tets[:, :, None] * self._nodes + tets[:, None, :]).ravel()
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        blocks = elements.reshape(-1, members, 3, members, 3).swapaxes(2, 3).reshape(-1, 9)[order]
        places = np.searchsorted(self._key, key[first])
        self._data[places] += np.add.reduceat(blocks, first, axis=0).reshape(-1, 3, 3)

    def matrix(self, held: NDArray[np.bool_]) -> sparse.bsr_matrix:
        """Return the matrix with the held unknowns, shape (n, 3), uncoupled."""
        row = self._key // self._nodes
        diagonal = self._key == row * (self._nodes + 1)
        size = float(np.abs(self._data[diagonal]).mean())
        touched = np.asarray(held.any(axis=1))
        near = np.flatnonzero(touched[row] | touched[self._column])
        keep = np.logical_not(held)
        self._data[near] *= keep[row[near], :, None] & keep[self._column[near], None, :]
        stops = np.flatnonzero(diagonal & touched[row])
        self._data[stops] += size * (held[row[stops], :, None] & np.eye(3, dtype=bool))
        del self._key
        return sparse.bsr_matrix(
            (self._data, self._column, self._pointer), shape=(3 * self._nodes, 3 * self._nodes)
        )
