"""The backends that need no MKL: CHOLMOD through cvxopt, and SciPy's SuperLU.

Neither returns a Schur complement, so the compliance is solved for column by column, in
blocks; slower than PARDISO's, the same numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from fea.errors import SolverError
from fea.solve.condensed import in_blocks
from fea.solve.memory import MemoryPlan, plan_memory

FloatArray = NDArray[np.float64]


class _Direct(ABC):
    """A body behind a plain solve of K u = f."""

    name: str
    reused = False

    def __init__(
        self, matrix: sparse.csr_matrix, coupling: sparse.csr_matrix, plan: MemoryPlan | None = None
    ) -> None:
        self.plan = plan or plan_memory(matrix.shape[0], coupling.shape[0])
        self._coupling = coupling.tocsr()
        self._factor(matrix.tocsc())
        columns = self._coupling.T.tocsc()
        width = 48
        blocks = [
            self._coupling @ self._solve(columns[:, start : start + width].toarray())
            for start in range(0, columns.shape[1], width)
        ]
        compliance = np.hstack(blocks)
        self.compliance: FloatArray = 0.5 * (compliance + compliance.T)

    def response(self, loads: FloatArray) -> FloatArray:
        """Return J K^-1 f, shape (n, k), mm, for nodal loads f of shape (N, k), N."""
        return np.asarray(self._coupling @ in_blocks(self._solve, loads))

    def displacement(
        self, loads: FloatArray, forces: FloatArray, amplitudes: FloatArray | None = None
    ) -> FloatArray:
        """Return K^-1 (f a + J^T q), shape (N, k), mm; see `CondensedSolver`."""
        total = loads if amplitudes is None else loads @ amplitudes
        return in_blocks(self._solve, total + self._coupling.T @ forces)

    @abstractmethod
    def _factor(self, matrix: sparse.csc_matrix) -> None: ...

    @abstractmethod
    def _solve(self, right: FloatArray) -> FloatArray: ...


class CholmodCondensed(_Direct):
    """A body factored by CHOLMOD (cvxopt)."""

    name = "CHOLMOD"

    def _factor(self, matrix: sparse.csc_matrix) -> None:
        from cvxopt import cholmod, spmatrix

        lower = sparse.tril(matrix).tocoo()
        self._held: Any = spmatrix(lower.data, lower.row.astype(int), lower.col.astype(int), matrix.shape)
        self._factored = cholmod.symbolic(self._held)
        try:
            cholmod.numeric(self._held, self._factored)
        except ArithmeticError as error:
            raise SolverError(
                "the stiffness matrix is not positive definite: a body is not held or has inverted elements"
            ) from error

    def _solve(self, right: FloatArray) -> FloatArray:
        from cvxopt import cholmod
        from cvxopt import matrix as dense

        solution = dense(np.asfortranarray(right))
        cholmod.solve(self._factored, solution)
        return np.array(solution)


class SuperluCondensed(_Direct):
    """A body factored by SciPy's SuperLU."""

    name = "SuperLU"

    def _factor(self, matrix: sparse.csc_matrix) -> None:
        try:
            self._factored = splu(
                matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
            )
        except RuntimeError as error:
            raise SolverError(
                "the stiffness matrix is singular: a body is not held or has inverted elements"
            ) from error

    def _solve(self, right: FloatArray) -> FloatArray:
        return np.asarray(self._factored.solve(right))
