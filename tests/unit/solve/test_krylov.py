"""Residuals with a memory: exact in as many steps as there are unknowns, and quick the second time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fea.solve.krylov import KrylovSpace, LinearGoal, solve

FloatArray = NDArray[np.float64]
SIZE = 40
#: Round-off: the matrices' condition numbers are below 1e3.
ROUND_OFF = 1e-10


@pytest.fixture
def matrix() -> FloatArray:
    random = np.random.default_rng(3)
    return np.eye(SIZE) * 4.0 + 0.4 * random.standard_normal((SIZE, SIZE))


def right(seed: int) -> FloatArray:
    return np.random.default_rng(seed).standard_normal(SIZE)


def same(vector: FloatArray) -> FloatArray:
    return vector.copy()


def solved(matrix: FloatArray, target: FloatArray, space: KrylovSpace) -> tuple[FloatArray, int]:
    goal = LinearGoal(1e-12 * float(np.linalg.norm(target)), 2 * SIZE)
    solution, residual, iterations = solve(lambda z: matrix @ z, same, target, goal, space)
    assert np.linalg.norm(residual) <= goal.length
    return solution, iterations


def test_solves_an_unsymmetric_system(matrix: FloatArray) -> None:
    solution, iterations = solved(matrix, right(0), KrylovSpace(SIZE, 2 * SIZE))
    assert np.allclose(solution, np.linalg.solve(matrix, right(0)), rtol=0, atol=ROUND_OFF)
    assert iterations <= SIZE


def test_solves_with_less_memory_than_it_takes_iterations(matrix: FloatArray) -> None:
    solution, iterations = solved(matrix, right(0), KrylovSpace(SIZE, 8))
    assert iterations > 8
    assert np.allclose(solution, np.linalg.solve(matrix, right(0)), rtol=0, atol=ROUND_OFF)


def test_a_right_hand_side_that_was_solved_before_takes_no_iteration(matrix: FloatArray) -> None:
    space = KrylovSpace(SIZE, 2 * SIZE)
    first, _ = solved(matrix, right(0), space)
    goal = LinearGoal(1e-9 * float(np.linalg.norm(right(0))), SIZE)
    solution, _, iterations = solve(lambda z: matrix @ z, same, 2.0 * right(0), goal, space)
    assert iterations == 0
    assert np.allclose(solution, 2.0 * first, rtol=0, atol=1e-8)


def test_a_renewed_memory_serves_a_changed_operator(matrix: FloatArray) -> None:
    """Five rows are changed; the memory knows what the others do, so few iterations are left."""
    space = KrylovSpace(SIZE, 2 * SIZE)
    _, cold = solved(matrix, right(0), space)
    changed = matrix.copy()
    changed[-5:] += 0.3 * np.random.default_rng(5).standard_normal((5, SIZE))
    space.renew(space.directions @ changed[-5:].T)
    assert np.allclose(space.images, space.directions @ changed.T, rtol=0, atol=ROUND_OFF)
    assert np.allclose(space.images @ space.images.T, np.eye(len(space.images)), rtol=0, atol=1e-7)
    solution, warm = solved(changed, right(0), space)
    assert warm <= 10 < cold
    assert np.allclose(solution, np.linalg.solve(changed, right(0)), rtol=0, atol=1e-8)


def test_iterations_end_where_they_are_told_to(matrix: FloatArray) -> None:
    _, residual, iterations = solve(
        lambda z: matrix @ z, same, right(0), LinearGoal(0.0, 3), KrylovSpace(SIZE, 10)
    )
    assert iterations == 3
    assert 0.0 < np.linalg.norm(residual) < np.linalg.norm(right(0))
