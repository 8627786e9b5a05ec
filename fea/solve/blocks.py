"""Products with a matrix of 3x3 blocks: by MKL on all its threads, or by SciPy where MKL is not."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.errors import SolverError
from fea.solve import pardiso

Vector = NDArray[np.floating[Any]]

_AS_IT_IS, _GENERAL, _ROW_MAJOR, _FROM_ZERO, _SIZE = 10, 20, 101, 0, 3


class _Description(ctypes.Structure):
    """MKL's ``matrix_descr``."""

    _fields_ = (("type", ctypes.c_int), ("mode", ctypes.c_int), ("diag", ctypes.c_int))


@cache
def mkl() -> Any:
    """Return MKL's library, found once; None where it is not."""
    return pardiso._library() if pardiso.available() else None


class BlockMatrix:
    """A square matrix of 3x3 blocks in single or double precision.

    Parameters
    ----------
    matrix : bsr_matrix, shape (n, n)
        Its arrays are used as they are, not copied.
    """

    def __init__(self, matrix: sparse.bsr_matrix) -> None:
        self._matrix = matrix
        self._library = mkl()
        if self._library is None:
            return
        single = matrix.dtype == np.float32
        self._real: Any = ctypes.c_float if single else ctypes.c_double
        self._product = getattr(self._library, f"mkl_sparse_{'s' if single else 'd'}_mv")
        create = getattr(self._library, f"mkl_sparse_{'s' if single else 'd'}_create_bsr")
        # MKL keeps these addresses for as long as its handle lives.
        self._arrays = matrix.data, matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        data, pointer, columns = self._arrays
        self._handle = ctypes.c_void_p()
        count = ctypes.c_int32(len(pointer) - 1)
        error = create(
            ctypes.byref(self._handle), _FROM_ZERO, _ROW_MAJOR, count, count, _SIZE,
            _address(pointer), _address(pointer[1:]), _address(columns), _address(data),
        )  # fmt: skip
        if error:
            raise SolverError(f"MKL refused a sparse matrix with error {error}; set OSSEOFIT_SOLVER=superlu")

    def __matmul__(self, vector: Vector) -> Vector:
        """Return the product with a vector of the matrix's precision, shape (n,)."""
        if self._library is None:
            return np.asarray(self._matrix @ vector)
        vector, result = np.ascontiguousarray(vector, dtype=self._matrix.dtype), np.zeros_like(vector)
        error = self._product(
            _AS_IT_IS, self._real(1.0), self._handle, _Description(_GENERAL, 0, 0),
            _address(vector), self._real(0.0), _address(result),
        )  # fmt: skip
        if error:
            raise SolverError(f"MKL's sparse product failed with error {error}")
        return result

    def __del__(self) -> None:
        """Give MKL's handle back."""
        if not sys.is_finalizing() and getattr(self, "_handle", None):
            self._library.mkl_sparse_destroy(self._handle)


def _address(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
