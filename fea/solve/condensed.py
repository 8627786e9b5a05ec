"""One factorisation of a body, condensed to its interface.

With K the stiffness of a held body and J the matrix of its interface rows, everything a
contact history needs is the compliance C = J K^-1 J^T, the response J K^-1 f to unit
loads, and, for the fields, u = K^-1 (f + J^T q). All three come from one factorisation.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.errors import SolverError

FloatArray = NDArray[np.float64]

#: Relative residual above which a factorisation is refused.
RESIDUAL_LIMIT = 1e-9


class CondensedSolver(Protocol):
    """A factored body with an interface."""

    name: str
    reused: bool

    @property
    def compliance(self) -> FloatArray:
        """J K^-1 J^T, ndarray, shape (n, n), mm/N."""
        ...

    def response(self, loads: FloatArray) -> FloatArray:
        """Return J K^-1 f, shape (n, k), mm, for nodal loads f of shape (N, k), N."""
        ...

    def displacement(self, loads: FloatArray, forces: FloatArray) -> FloatArray:
        """Return K^-1 (f + J^T q), shape (N, k), mm, for interface forces q of shape (n, k), N."""
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
        Relative residual of K u = f + J^T q, and of the response against J u.

    Raises
    ------
    SolverError
        When it exceeds `RESIDUAL_LIMIT`, or is not a number.
    """
    random = np.random.default_rng(7)
    loads = random.standard_normal((matrix.shape[0], 1))
    forces = random.standard_normal((coupling.shape[0], 1))
    right = loads + coupling.T @ forces
    solution = solver.displacement(loads, forces)
    # Scaled by the size of the terms that cancel, so that ill-posed pins do not hide a wrong factor.
    size = float(np.linalg.norm(right) + np.linalg.norm(abs(matrix) @ abs(solution)))
    residual = float(np.linalg.norm(matrix @ solution - right) / size)
    free = solver.displacement(loads, np.zeros_like(forces))
    response, expected = solver.response(loads), coupling @ free
    size = max(float(np.linalg.norm(abs(coupling) @ abs(free))), 1e-300)
    residual = max(residual, float(np.linalg.norm(response - expected)) / size)
    if not residual < RESIDUAL_LIMIT:
        raise SolverError(
            f"the factorisation by {solver.name} is wrong: relative residual {residual:.1e}, "
            f"limit {RESIDUAL_LIMIT:.0e}; choose another backend with OSSEOFIT_SOLVER"
        )
    return residual


def in_blocks(solve: object, columns: FloatArray, width: int = 48) -> FloatArray:
    """Apply a solver to the columns of a matrix, a block at a time."""
    assert callable(solve)
    blocks = [solve(columns[:, start : start + width]) for start in range(0, columns.shape[1], width)]
    return np.hstack(blocks)
