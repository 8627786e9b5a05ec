"""Many nodal fields as combinations of a few.

The instants of a history differ in loads and contact forces whose numerical rank is smaller
than their number. The instants that span the others are chosen by a pivoted QR factorisation;
what is linear is computed for those alone, and combined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Largest error of an instant rebuilt from the chosen ones, relative to the instant.
TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Superposition:
    """Fields as combinations of basis fields; reads like the array of all of them.

    Attributes
    ----------
    basis : ndarray, shape (n, r)
    coefficients : ndarray, shape (r, k)
    """

    basis: FloatArray
    coefficients: FloatArray

    #: Of the array of all fields.
    ndim = 2

    @property
    def shape(self) -> tuple[int, int]:
        """Unknowns and instants."""
        return len(self.basis), self.coefficients.shape[1]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> FloatArray:
        """Return all fields, ndarray, shape (n, k)."""
        return np.asarray(self.basis @ self.coefficients, dtype=dtype)

    def __getitem__(self, key: Any) -> FloatArray:
        """Return the fields at an index of the array of all of them; whole columns cost one product."""
        if isinstance(key, tuple) and len(key) == 2 and key[0] == slice(None):
            return np.asarray(self.basis @ self.coefficients[:, key[1]])
        return np.asarray(np.asarray(self)[key])

    def against(self, forces: FloatArray) -> FloatArray:
        """Return the products of all fields with forces, shape (n, c), as ndarray, shape (k, c)."""
        return np.asarray(self.coefficients.T @ (self.basis.T @ forces))


def spanning(columns: FloatArray, tolerance: float = TOLERANCE) -> tuple[IntArray, FloatArray]:
    """Choose columns of which all are combinations.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
    tolerance
        Largest error of a column, relative to its norm.

    Returns
    -------
    chosen : ndarray of int, shape (r,)
        Ascending.
    coefficients : ndarray, shape (r, k)
        ``columns[:, chosen] @ coefficients`` gives all; a chosen column is itself.
    """
    if not columns.any():  # nothing moves: one field of zeros stands for all
        return np.zeros(1, dtype=np.int64), np.zeros((1, columns.shape[1]))
    size = np.linalg.norm(columns, axis=0)
    size[size == 0.0] = 1.0
    triangle, order = linalg.qr(columns / size, mode="r", pivoting=True)
    triangle = triangle[: min(columns.shape)]
    # What the first r pivots leave of each column.
    left = np.sqrt(np.cumsum(triangle[::-1] ** 2, axis=0)[::-1]).max(axis=1)
    rank = int(np.count_nonzero(left > tolerance))
    combined = linalg.solve_triangular(triangle[:rank, :rank], triangle[:rank])
    coefficients = np.zeros((rank, columns.shape[1]))
    coefficients[:, order] = combined * size[order] / size[order[:rank], None]
    coefficients[:, order[:rank]] = np.eye(rank)
    ascending = np.argsort(order[:rank])
    return order[:rank][ascending], coefficients[ascending]
