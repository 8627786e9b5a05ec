"""Sums of element blocks over the pairs of nodes that they belong to, without comparison sorts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def sum_blocks(
    row: IntArray, column: IntArray, blocks: FloatArray, shape: tuple[int, int]
) -> tuple[IntArray, IntArray, FloatArray]:
    """Add up the blocks of equal row and column.

    Parameters
    ----------
    row, column : ndarray, shape (k,)
    blocks : ndarray, shape (k, j)
    shape : tuple of 2 int
        Numbers of rows and columns.

    Returns
    -------
    row, column : ndarray, shape (u,)
        Ascending by row, then by column; each pair once.
    blocks : ndarray, shape (u, j)
    """
    order = sort_pairs(row, column, shape)
    row, column = row[order], column[order]
    new = np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 0)][: len(row)]
    first = np.flatnonzero(new)
    # One row for each sum, with ones at the blocks that it is the sum of.
    summing = sparse.csr_matrix(
        (np.ones(len(order)), order, np.r_[first, len(order)]), shape=(len(first), len(order))
    )
    return row[first], column[first], np.asarray(summing @ blocks)


def sort_pairs(row: IntArray, column: IntArray, shape: tuple[int, int]) -> IntArray:
    """Return the order by row, then by column: two sorts by counting.

    Parameters
    ----------
    row, column : ndarray, shape (k,)
    shape : tuple of 2 int
        Numbers of rows and columns.
    """
    by_column = _count_sort(column, shape[1])
    return by_column[_count_sort(row[by_column], shape[0])]


def pointer(row: IntArray, count: int) -> IntArray:
    """Return where each of `count` rows begins and the last one ends, for sorted rows."""
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=count))])


def _count_sort(keys: IntArray, count: int) -> IntArray:
    """Return the stable order of keys below `count`: SciPy's transposition of one entry a row."""
    marks = np.ones(len(keys), dtype=np.int8)
    one_a_row = sparse.csr_matrix((marks, keys, np.arange(len(keys) + 1)), shape=(len(keys), count))
    return np.asarray(one_a_row.tocsc().indices)
