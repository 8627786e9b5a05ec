"""Nodal fields as combinations: what is read equals what would have been kept."""

from __future__ import annotations

import numpy as np
import pytest

from fea.solution import CombinedField, instants_of

INSTANTS, NODES, VERTICES, RANK = 37, 11, 4, 5


def combined(law: str = "none", ends: bool = False) -> tuple[CombinedField, np.ndarray]:
    """A random field, and all its instants by the textbook sum."""
    random = np.random.default_rng(3)
    places = VERTICES if ends else NODES
    basis, share = random.standard_normal((places, 6, RANK)), random.standard_normal((RANK, INSTANTS))
    between = random.integers(0, VERTICES, (NODES, 2)) if ends else None
    matrix = {
        "none": None,
        "one": random.standard_normal((6, 6)),
        "each": random.standard_normal((NODES, 6, 6)),
    }
    every = np.einsum("ncr,rk->knc", basis, share)
    if between is not None:
        every = 0.5 * (every[:, between[:, 0]] + every[:, between[:, 1]])
    if matrix[law] is not None:
        every = np.einsum("...ij,k...j->k...i", np.broadcast_to(matrix[law], (NODES, 6, 6)), every)
    return CombinedField(basis, share, between, matrix[law]), every


@pytest.mark.parametrize("law", ["none", "one", "each"])
@pytest.mark.parametrize("ends", [False, True])
def test_every_instant_is_the_sum_of_its_parts(law: str, ends: bool) -> None:
    field, every = combined(law, ends)
    assert field.shape == every.shape
    assert len(field) == INSTANTS
    assert np.asarray(field) == pytest.approx(every, abs=1e-12)
    assert field[5] == pytest.approx(every[5], abs=1e-12)
    assert field[-1] == pytest.approx(every[-1], abs=1e-12)
    assert np.stack(list(instants_of(field))) == pytest.approx(every, abs=1e-12)


def test_an_instant_beyond_the_last_is_refused() -> None:
    field, _ = combined()
    with pytest.raises(IndexError):
        field[INSTANTS]


def test_an_array_is_read_the_same_way() -> None:
    _, every = combined()
    assert np.array_equal(np.stack(list(instants_of(every))), every)
