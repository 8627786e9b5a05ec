"""A plain factorisation of a symmetric positive definite matrix, solved from at will."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from fea.errors import SolverError
from fea.solve.blocks import mkl

FloatArray = NDArray[np.float64]

#: Relative residual above which a factorisation is refused.
RESIDUAL_LIMIT = 1e-9

_NOT_HELD = "the stiffness matrix is not positive definite: a body is not held or has inverted elements"


class Factor(Protocol):
    """A factored matrix A."""

    def solve(self, right: FloatArray) -> FloatArray:
        """Return A^-1 b, shape (n,), for b of shape (n,)."""
        ...

    def renew(self, matrix: sparse.csr_matrix) -> None:
        """Take up another matrix with the same pattern."""
        ...


def factor(matrix: sparse.csr_matrix, backend: str) -> Factor:
    """Factor a matrix and check the factorisation.

    Parameters
    ----------
    matrix : csr_matrix, shape (n, n)
        Symmetric positive definite, with every diagonal entry stored.
    backend
        One of `fea.solve.backends.BACKENDS`.

    Raises
    ------
    SolverError
        When the matrix is not positive definite, or the factorisation fails its check.
    """
    kinds: dict[str, type[_Pardiso | _Cholmod | _Superlu]] = {
        "pardiso": _Pardiso,
        "cholmod": _Cholmod,
        "superlu": _Superlu,
    }
    made = kinds[backend](matrix)
    right = np.random.default_rng(7).standard_normal(matrix.shape[0])
    solution = made.solve(right)
    size = float(np.linalg.norm(right) + np.linalg.norm(abs(matrix) @ abs(solution)))
    residual = float(np.linalg.norm(matrix @ solution - right)) / size
    if not residual < RESIDUAL_LIMIT:
        raise SolverError(
            f"the factorisation by {backend} is wrong: relative residual {residual:.1e}, "
            f"limit {RESIDUAL_LIMIT:.0e}; choose another backend with OSSEOFIT_SOLVER"
        )
    return made


class _Pardiso:
    """MKL PARDISO with the matrix type for symmetric positive definite ones."""

    _POSITIVE_DEFINITE, _FACTOR, _FACTOR_AGAIN, _SOLVE, _RELEASE = 2, 12, 22, 33, -1

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._library = mkl()
        upper = sparse.triu(matrix, format="csr")
        upper.sort_indices()
        self._size, self._data = matrix.shape[0], upper.data
        self._pointer = (upper.indptr + 1).astype(np.int32)
        self._columns = (upper.indices + 1).astype(np.int32)
        self._handle = np.zeros(64, dtype=np.int64)
        self._options = np.zeros(64, dtype=np.int32)
        self._options[[0, 1]] = 1, 2  # values of our own; METIS ordering
        if self._call(self._FACTOR, np.zeros(1)) is None:
            raise SolverError(_NOT_HELD)

    def renew(self, matrix: sparse.csr_matrix) -> None:
        """Factor again in the same order."""
        upper = sparse.triu(matrix, format="csr")
        upper.sort_indices()
        assert len(upper.data) == len(self._data), "the pattern is another"
        self._data = upper.data
        if self._call(self._FACTOR_AGAIN, np.zeros(1)) is None:
            raise SolverError(_NOT_HELD)

    def solve(self, right: FloatArray) -> FloatArray:
        """Return A^-1 b."""
        solution = self._call(self._SOLVE, np.ascontiguousarray(right))
        assert solution is not None
        return solution

    def _call(self, phase: int, right: FloatArray) -> FloatArray | None:
        solution, error, zero = np.zeros_like(right), ctypes.c_int32(0), ctypes.c_int32(0)
        one, kind = ctypes.c_int32(1), ctypes.c_int32(self._POSITIVE_DEFINITE)
        step, size = ctypes.c_int32(phase), ctypes.c_int32(self._size)
        arrays = [_address(array) for array in (self._data, self._pointer, self._columns)]
        self._library.pardiso(
            _address(self._handle), *map(ctypes.byref, (one, one, kind, step, size)), *arrays, None,
            ctypes.byref(one), _address(self._options), ctypes.byref(zero),
            _address(right), _address(solution), ctypes.byref(error),
        )  # fmt: skip
        if error.value == -4:
            return None
        if error.value:
            raise SolverError(f"MKL PARDISO stopped in phase {phase} with error {error.value}")
        return solution

    def __del__(self) -> None:
        """Give PARDISO's memory back."""
        if not sys.is_finalizing() and getattr(self, "_handle", None) is not None and self._handle.any():
            self._call(self._RELEASE, np.zeros(1))


class _Cholmod:
    """CHOLMOD through cvxopt."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._factored: Any = None
        self.renew(matrix)

    def renew(self, matrix: sparse.csr_matrix) -> None:
        """Factor again in the same order."""
        from cvxopt import cholmod, spmatrix

        lower = sparse.tril(matrix).tocoo()
        held = spmatrix(lower.data, lower.row.astype(int), lower.col.astype(int), matrix.shape)
        if self._factored is None:
            self._factored = cholmod.symbolic(held)
        try:
            cholmod.numeric(held, self._factored)
        except ArithmeticError as error:
            raise SolverError(_NOT_HELD) from error

    def solve(self, right: FloatArray) -> FloatArray:
        """Return A^-1 b."""
        from cvxopt import cholmod
        from cvxopt import matrix as dense

        solution = dense(right.reshape(-1, 1))
        cholmod.solve(self._factored, solution)
        return np.array(solution).ravel()


class _Superlu:
    """SciPy's SuperLU."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._factored: Any = None
        self.renew(matrix)

    def renew(self, matrix: sparse.csr_matrix) -> None:
        """Factor again."""
        self._factored = None  # its memory goes before the next one's comes
        try:
            self._factored = splu(
                matrix.tocsc(),
                permc_spec="MMD_AT_PLUS_A",
                diag_pivot_thresh=0.0,
                options={"SymmetricMode": True},
            )
        except RuntimeError as error:
            raise SolverError(_NOT_HELD) from error

    def solve(self, right: FloatArray) -> FloatArray:
        """Return A^-1 b."""
        return np.asarray(self._factored.solve(right))


def _address(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
