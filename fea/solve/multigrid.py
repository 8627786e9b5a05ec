"""Preconditioners of a stiffness matrix tied along rows: one two-level cycle, or one exact solve.

The matrix is K + J^T D J with K symmetric in 3x3 blocks, J rows in blocks of three, and D one
symmetric 3x3 matrix a block of rows, which may change. It is never formed on the fine level.

A cycle smooths by Chebyshev polynomials of the block-Jacobi iteration, corrects on the coarse
level, whose matrix P^T (K + J^T D J) P is factored, and smooths again; it is symmetric.

References
----------
M. Adams, M. Brezina, J. Hu, R. Tuminaro, J. Comput. Phys. 188 (2003) 593-610.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.solve.blocks import BlockMatrix
from fea.solve.factor import Factor, factor

FloatArray = NDArray[np.float64]
#: Smoothing works in the precision of its argument.
Vector = NDArray[np.floating[Any]]

#: Matrix products before and after the coarse correction, each.
DEGREE = 4
#: Largest over least eigenvalue that the smoother damps: the coarse level sees the rest.
_BAND = 15.0
_POWER_STEPS, _MORE_POWER_STEPS = 12, 3
_SAFETY = 1.1


class Preconditioner(Protocol):
    """Something that nearly solves with K + J^T D J."""

    name: str

    def renew(self, ties: FloatArray) -> None:
        """Take up new ties D, shape (v, 3, 3)."""
        ...

    def adjust(self, ties: FloatArray) -> None:
        """Take up ties that differ little from the last ones, as far as it costs little."""
        ...

    def __call__(self, right: FloatArray) -> FloatArray:
        """Return about (K + J^T D J)^-1 b, shape (n,)."""
        ...


@dataclass(frozen=True, eq=False)
class TiedMatrix:
    """K and J.

    Attributes
    ----------
    stiffness : bsr_matrix, shape (n, n)
        Blocks of 3x3.
    rows : csr_matrix, shape (3 v, n)
    """

    stiffness: sparse.bsr_matrix
    rows: sparse.csr_matrix

    @cached_property
    def product(self) -> BlockMatrix:
        """K for products with vectors."""
        return BlockMatrix(self.stiffness)


class ExactPreconditioner:
    """A factorisation of K + J^T D J.

    Parameters
    ----------
    matrix
        K and J.
    backend
        Sparse solver.
    """

    name = "factorisation"

    def __init__(self, matrix: TiedMatrix, backend: str) -> None:
        self._tied, self._backend = _Tied(matrix.stiffness.tocsr(), matrix.rows), backend
        self._factor: Factor | None = None

    def renew(self, ties: FloatArray) -> None:
        """Factor again with new ties, shape (v, 3, 3)."""
        matrix = self._tied.matrix(ties)
        if self._factor is None:
            self._factor = factor(matrix, self._backend)
        else:
            self._factor.renew(matrix)

    def adjust(self, ties: FloatArray) -> None:
        """Keep the factor as it is."""

    def __call__(self, right: FloatArray) -> FloatArray:
        """Solve with K + J^T D J."""
        assert self._factor is not None, "renew() comes first"
        return self._factor.solve(right)


class TwoLevelPreconditioner:
    """One two-level cycle.

    Parameters
    ----------
    matrix
        K and J.
    coarse : csr_matrix, shape (3 c, 3 c)
        P^T K P.
    prolongation : csr_matrix, shape (n, 3 c)
        P.
    backend
        Sparse solver of the coarse level.
    """

    name = "two-level multigrid"

    def __init__(
        self,
        matrix: TiedMatrix,
        coarse: sparse.csr_matrix,
        prolongation: sparse.csr_matrix,
        backend: str,
    ) -> None:
        self._backend = backend
        self._up = prolongation.tocsr()
        self._down = self._up.T.tocsr()
        fine = matrix.stiffness
        self._single = BlockMatrix(
            sparse.bsr_matrix((fine.data.astype(np.float32), fine.indices, fine.indptr), shape=fine.shape)
        )
        self._rows = matrix.rows.astype(np.float32)
        self._rows_back = self._rows.T.tocsr()
        self._tied = _Tied(coarse, (matrix.rows @ self._up).tocsr())
        self._jump = matrix.rows.tobsr((3, 3))
        diagonal = _diagonal_blocks(fine)
        self._inverse = np.linalg.inv(diagonal).astype(np.float32)
        count = len(diagonal)
        # Shares the inverse blocks, which change in place.
        self._jacobi = BlockMatrix(
            sparse.bsr_matrix((self._inverse, np.arange(count), np.arange(count + 1)), shape=fine.shape)
        )
        self._tied_nodes, self._place = np.unique(self._jump.indices, return_inverse=True)
        self._diagonal = diagonal[self._tied_nodes]
        self._ties = np.zeros((0, 3, 3), dtype=np.float32)
        self._largest, self._direction = 0.0, np.random.default_rng(1).standard_normal(fine.shape[0])
        self._factor: Factor | None = None

    def renew(self, ties: FloatArray) -> None:
        """Take up new ties, shape (v, 3, 3): factor the coarse level, renew the smoother."""
        self.adjust(ties)
        vector = self._direction.astype(np.float32)
        for _ in range(_POWER_STEPS if self._factor is None else _MORE_POWER_STEPS):
            vector /= np.linalg.norm(vector)
            vector = self._scaled(self._product(vector))
        self._largest = _SAFETY * float(np.linalg.norm(vector))
        self._direction = vector
        matrix = self._tied.matrix(ties)
        if self._factor is None:
            self._factor = factor(matrix, self._backend)
        else:
            self._factor.renew(matrix)

    def adjust(self, ties: FloatArray) -> None:
        """Take up new ties on the fine level only."""
        self._ties = ties.astype(np.float32)
        vertex = np.repeat(np.arange(len(ties)), np.diff(self._jump.indptr))
        share = self._jump.data.swapaxes(1, 2) @ ties[vertex] @ self._jump.data
        blocks = self._diagonal.copy()
        np.add.at(blocks, self._place, share)
        self._inverse[self._tied_nodes] = np.linalg.inv(blocks)

    def __call__(self, right: FloatArray) -> FloatArray:
        """Run one cycle from zero."""
        assert self._factor is not None, "renew() comes first"
        size = float(np.abs(right).max(initial=0.0)) or 1.0
        target = (right / size).astype(np.float32)
        solution = self._smooth(np.zeros_like(target), target, target)
        defect = target - self._product(solution)
        high = self._up @ self._factor.solve(self._down @ defect.astype(np.float64))
        solution += high.astype(np.float32)
        solution = self._smooth(solution, target, target - self._product(solution))
        return size * solution.astype(np.float64)

    def _smooth(self, solution: Vector, target: Vector, defect: Vector) -> Vector:
        """Chebyshev's iteration on the upper part of the spectrum."""
        centre = 0.5 * self._largest * (1.0 + 1.0 / _BAND)
        half = 0.5 * self._largest * (1.0 - 1.0 / _BAND)
        ratio = half / centre
        step = self._scaled(defect) / np.float32(centre)
        solution = solution + step
        for _ in range(DEGREE - 1):
            following = 1.0 / (2.0 * centre / half - ratio)
            defect = target - self._product(solution)
            step = np.float32(following * ratio) * step
            step += np.float32(2.0 * following / half) * self._scaled(defect)
            solution = solution + step
            ratio = following
        return solution

    def _product(self, vector: Vector) -> Vector:
        jump = (self._rows @ vector).reshape(-1, 3)
        pull = np.matmul(self._ties, jump[:, :, None]).ravel()
        return np.asarray(self._single @ vector + self._rows_back @ pull)

    def _scaled(self, vector: Vector) -> Vector:
        return self._jacobi @ vector


class _Tied:
    """K + J^T D J, always with the same pattern, so that an ordering serves every D."""

    def __init__(self, stiffness: sparse.csr_matrix, rows: sparse.csr_matrix) -> None:
        self._rows, self._size = rows, stiffness.shape[0]
        pattern = abs(rows)
        full = np.ones((rows.shape[0] // 3, 3, 3))
        reach = pattern.T @ (_block_diagonal(full) @ pattern)
        union = (abs(stiffness) + reach + sparse.eye_array(self._size)).tocsr()
        union.sort_indices()
        self._pointer, self._columns = union.indptr, union.indices
        self._key = self._keys(union)
        self._values = np.zeros(union.nnz)
        self._add(self._values, stiffness)

    def matrix(self, ties: FloatArray) -> sparse.csr_matrix:
        """Return the matrix for ties of shape (v, 3, 3)."""
        values = self._values.copy()
        self._add(values, (self._rows.T @ (_block_diagonal(ties) @ self._rows)).tocsr())
        return sparse.csr_matrix((values, self._columns, self._pointer), shape=(self._size, self._size))

    def _keys(self, matrix: sparse.csr_matrix) -> NDArray[np.int64]:
        row = np.repeat(np.arange(self._size), np.diff(matrix.indptr))
        return np.asarray(row * self._size + matrix.indices, dtype=np.int64)

    def _add(self, values: FloatArray, matrix: sparse.csr_matrix) -> None:
        matrix.sum_duplicates()
        values[np.searchsorted(self._key, self._keys(matrix))] += matrix.data


def _block_diagonal(blocks: FloatArray) -> sparse.csr_matrix:
    count = len(blocks)
    return sparse.bsr_matrix((blocks, np.arange(count), np.arange(count + 1))).tocsr()


def _diagonal_blocks(matrix: sparse.bsr_matrix) -> FloatArray:
    row = np.repeat(np.arange(len(matrix.indptr) - 1), np.diff(matrix.indptr))
    blocks = np.zeros((len(matrix.indptr) - 1, 3, 3))
    own = np.flatnonzero(row == matrix.indices)
    blocks[row[own]] = matrix.data[own]
    return blocks
