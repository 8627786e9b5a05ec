"""One factorisation of a body, condensed to its interface.

With K the stiffness of a held body and J the matrix of its interface rows, everything a
contact history needs is the compliance C = J K^-1 J^T, the response J K^-1 f to unit
loads, and, for the fields, u = K^-1 (f + J^T q). All three come from one factorisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.errors import SolverError
from fea.solve.memory import MemoryPlan

FloatArray = NDArray[np.float64]

#: Relative residual above which a factorisation is refused.
RESIDUAL_LIMIT = 1e-9


class CondensedSolver(Protocol):
    """A factored body with an interface."""

    name: str
    reused: bool
    plan: MemoryPlan

    @property
    def compliance(self) -> FloatArray:
        """J K^-1 J^T, ndarray, shape (n, n), mm/N."""
        ...

    def response(self, loads: FloatArray) -> FloatArray:
        """Return J K^-1 f, shape (n, k), mm, for nodal loads f of shape (N, k), N."""
        ...

    def displacement(
        self, loads: FloatArray, forces: FloatArray, amplitudes: FloatArray | None = None
    ) -> FloatArray:
        """Return K^-1 (f a + J^T q).

        Parameters
        ----------
        loads : ndarray, shape (N, j), N
            Nodal loads f.
        forces : ndarray, shape (n, k), N
            Interface forces q.
        amplitudes : ndarray, shape (j, k), optional
            Of the loads in each case; by default each case has its own column of them.

        Returns
        -------
        ndarray, shape (N, k), mm
        """
        ...


def check_factorisation(
    solver: CondensedSolver, matrix: sparse.csr_matrix, coupling: sparse.csr_matrix
) -> float:
    """Solve with a fixed right-hand side and measure the residual.

    Parameters
    ----------
    solver
        The factored body.
    matrix, coupling
        K, shape (N, N), and J, shape (n, N).

    Returns
    -------
    float
        Largest relative residual: of K u = f + J^T q, of the response against J u, and of the
        compliance against the jump of u that the interface forces cause.

    Raises
    ------
    SolverError
        When it exceeds `RESIDUAL_LIMIT`, or is not a number.
    """
    random = np.random.default_rng(7)
    loads = random.standard_normal((matrix.shape[0], 1))
    forces = random.standard_normal((coupling.shape[0], 1))
    # With interface forces, then without: K u = f + J^T q, and K v = f.
    both = solver.displacement(np.hstack([loads, loads]), np.hstack([forces, 0.0 * forces]))
    solution, free = both[:, :1], both[:, 1:]
    right = loads + coupling.T @ forces
    # Scaled by the size of the terms that cancel, so that ill-posed pins do not hide a wrong factor.
    size = float(np.linalg.norm(right) + np.linalg.norm(_absolute(matrix) @ abs(solution)))
    residual = float(np.linalg.norm(matrix @ solution - right) / size)
    response, expected = solver.response(loads), coupling @ free
    size = max(float(np.linalg.norm(abs(coupling) @ abs(free))), 1e-300)
    residual = max(residual, float(np.linalg.norm(response - expected)) / size)
    # The compliance: J (u - v) = C q.
    driven = coupling @ (solution - free)
    size = max(float(np.linalg.norm(abs(coupling) @ (abs(solution) + abs(free)))), 1e-300)
    residual = max(residual, float(np.linalg.norm(solver.compliance @ forces - driven)) / size)
    if not residual < RESIDUAL_LIMIT:
        raise SolverError(
            f"the factorisation by {solver.name} is wrong: relative residual {residual:.1e}, "
            f"limit {RESIDUAL_LIMIT:.0e}; choose another backend with OSSEOFIT_SOLVER"
        )
    return residual


def block_diagonal(matrices: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
    """Put square matrices on the diagonal of one.

    Parameters
    ----------
    matrices : sequence of csr_matrix

    Returns
    -------
    csr_matrix
        Indices sorted where theirs are.
    """
    sizes = np.cumsum([0, *(matrix.shape[0] for matrix in matrices)])
    entries = np.cumsum([0, *(matrix.nnz for matrix in matrices)])
    pointer = np.concatenate(
        [[0], *(matrix.indptr[1:] + start for matrix, start in zip(matrices, entries, strict=False))]
    )
    indices = np.concatenate(
        [matrix.indices + start for matrix, start in zip(matrices, sizes.astype(np.int32), strict=False)]
    )
    data = np.concatenate([matrix.data for matrix in matrices])
    return sparse.csr_matrix((data, indices, pointer), shape=(sizes[-1],) * 2)


def _absolute(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.abs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def in_blocks(solve: object, columns: FloatArray, width: int = 48) -> FloatArray:
    """Apply a solver to the columns of a matrix, a block at a time."""
    assert callable(solve)
    blocks = [solve(columns[:, start : start + width]) for start in range(0, columns.shape[1], width)]
    return np.hstack(blocks)
