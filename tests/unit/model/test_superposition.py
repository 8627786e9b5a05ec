"""Fields that are combinations of others are rebuilt to the tolerance, column by column."""

from __future__ import annotations

import numpy as np
import pytest

from fea.model.superposition import TOLERANCE, Superposition, spanning


def low_rank(rank: int, count: int) -> np.ndarray:
    """Columns of very different size, of a rank that is known."""
    random = np.random.default_rng(11)
    columns = random.normal(size=(200, rank)) @ random.normal(size=(rank, count))
    return columns * 10.0 ** random.uniform(-6, 6, count)


@pytest.mark.parametrize(("rank", "count"), [(1, 1), (5, 40), (30, 30), (7, 300)])
def test_as_many_columns_are_chosen_as_the_rank_and_rebuild_every_other(rank: int, count: int) -> None:
    """Each column to the tolerance of its own norm, however small it is; round-off of the sum, 10 times."""
    columns = low_rank(rank, count)
    chosen, coefficients = spanning(columns)
    assert len(chosen) == rank
    error = np.linalg.norm(columns[:, chosen] @ coefficients - columns, axis=0)
    assert (error <= 10 * TOLERANCE * np.linalg.norm(columns, axis=0)).all()
    assert np.array_equal(coefficients[:, chosen], np.eye(rank))


def test_a_part_above_the_tolerance_raises_the_rank_and_one_below_does_not() -> None:
    columns = low_rank(3, 12)
    columns /= np.linalg.norm(columns, axis=0)
    other = np.random.default_rng(2).normal(size=len(columns))
    other /= np.linalg.norm(other)
    for size, rank in ((1e-10, 4), (1e-14, 3)):
        bent = columns.copy()
        bent[:, 5] += size * other
        assert len(spanning(bent)[0]) == rank


def test_columns_of_zeros_are_spanned_too() -> None:
    columns = np.zeros((20, 4))
    columns[:, 2] = 1.0
    chosen, coefficients = spanning(columns)
    assert np.array_equal(columns[:, chosen] @ coefficients, columns)


def test_a_superposition_reads_like_its_array() -> None:
    columns = low_rank(4, 9)
    chosen, coefficients = spanning(columns)
    fields = Superposition(columns[:, chosen], coefficients)
    whole = np.asarray(fields)
    assert fields.shape == whole.shape == columns.shape
    assert np.array_equal(fields[:, 3], whole[:, 3]) or fields[:, 3] == pytest.approx(whole[:, 3], rel=1e-12)
    assert np.array_equal(fields[5:7, 2], whole[5:7, 2])
    assert fields[:, [1, 8]] == pytest.approx(whole[:, [1, 8]], rel=1e-10)


def test_a_history_in_which_nothing_moves_is_one_field_of_zeros() -> None:
    chosen, coefficients = spanning(np.zeros((9, 4)))
    assert list(chosen) == [0]
    assert coefficients.shape == (1, 4)
    assert not coefficients.any()
