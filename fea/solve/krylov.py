"""Generalised conjugate residuals with a memory.

Each iteration applies the preconditioner once, the operator once, makes the image orthogonal
to the images before it, and takes the residual's part along it away: GMRES, preconditioned
from the right, written so that directions and images are kept. A later solve with nearly the
same operator starts by projecting its residual onto what the earlier ones left.

References
----------
S. C. Eisenstat, H. C. Elman, M. H. Schultz, SIAM J. Numer. Anal. 20 (1983) 345-357.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

FloatArray = NDArray[np.float64]
Apply = Callable[[FloatArray], FloatArray]

#: Part of a direction's image that must be new for it to be kept when a space is renewed.
_NEW = 1e-6
#: Share of the memory that is given up, oldest first, when it is full.
_FORGOTTEN = 0.25
#: Columns handled at a time where a whole basis is rotated.
_CHUNK = 65536


@dataclass(frozen=True)
class LinearGoal:
    """When to stop: the residual's length to reach, and the most iterations."""

    length: float
    iterations: int


class KrylovSpace:
    """Directions and their images; the images are orthonormal.

    Parameters
    ----------
    size
        Number of unknowns.
    capacity
        Number of directions kept; two vectors each, in double precision: in single precision the
        residual was seen to stop at some 1e-7.
    """

    def __init__(self, size: int, capacity: int) -> None:
        self._directions = np.zeros((capacity, size))
        self._images = np.zeros((capacity, size))
        self._count = 0

    @property
    def directions(self) -> FloatArray:
        """The kept directions, shape (k, n)."""
        return self._directions[: self._count]

    @property
    def images(self) -> FloatArray:
        """Their images, shape (k, n)."""
        return self._images[: self._count]

    def renew(self, tail: FloatArray) -> None:
        """Replace the last components of the images, and make them orthonormal again.

        Parameters
        ----------
        tail : ndarray, shape (k, j)
            What the last j equations make of the directions now.
        """
        if not self._count:
            return
        self.images[:, self._images.shape[1] - tail.shape[1] :] = tail
        # Rows that would soon be in the way go now, when all are rewritten anyway.
        capacity = len(self._directions)
        oldest = max(0, self._count - (capacity - int(_FORGOTTEN * capacity)))
        images = self._images[oldest : self._count]
        gram = np.zeros((len(images), len(images)))
        for start in range(0, images.shape[1], _CHUNK):
            part = images[:, start : start + _CHUNK]
            gram += part @ part.T
        kept, rotation = _orthonormal(gram)
        kept += oldest
        for start in range(0, images.shape[1], _CHUNK):
            chunk = slice(start, start + _CHUNK)
            self._directions[: len(kept), chunk] = rotation @ self._directions[kept, chunk]
            self._images[: len(kept), chunk] = rotation @ self._images[kept, chunk]
        self._count = len(kept)

    def append(self, direction: FloatArray, image: FloatArray) -> None:
        """Keep one more direction, giving up the oldest ones where there is no room."""
        if self._count == len(self._directions):
            lost = max(1, int(_FORGOTTEN * self._count))
            for basis in (self._directions, self._images):
                for row in range(self._count - lost):
                    basis[row] = basis[row + lost]
            self._count -= lost
        self._directions[self._count], self._images[self._count] = direction, image
        self._count += 1


def _orthonormal(gram: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Choose independent rows, newest first, and the triangle that makes them orthonormal.

    Returns
    -------
    kept : ndarray, shape (j,)
        Rows in their order.
    rotation : ndarray, shape (j, j)
    """
    scale = 1.0 / np.sqrt(np.maximum(np.diag(gram), 1e-300))
    scaled = scale[:, None] * gram * scale
    order: list[int] = []
    factor = np.zeros_like(gram)
    for row in range(len(gram) - 1, -1, -1):
        known = len(order)
        part = linalg.solve_triangular(factor[:known, :known], scaled[order, row], lower=True)
        rest = scaled[row, row] - float(part @ part)
        if rest > _NEW:
            factor[known, :known], factor[known, known] = part, np.sqrt(rest)
            order.append(row)
    kept = np.array(order[::-1], dtype=np.int64)
    triangle = factor[: len(order), : len(order)]
    inverse = linalg.solve_triangular(triangle, np.diag(scale[order]), lower=True)
    return kept, inverse[::-1, ::-1].copy()


def solve(
    apply: Apply, precondition: Apply, right: FloatArray, goal: LinearGoal, space: KrylovSpace
) -> tuple[FloatArray, FloatArray, int]:
    """Solve A x = b.

    Parameters
    ----------
    apply, precondition
        A, and about its inverse; both linear, the second need not be symmetric.
    right : ndarray, shape (n,)
    goal
        When to stop.
    space
        What earlier solves left, renewed for this operator; takes up the new directions.

    Returns
    -------
    solution : ndarray, shape (n,)
    residual : ndarray, shape (n,)
        b - A x as it was updated.
    iterations : int
        Applications of the preconditioner.
    """
    share = space.images @ right
    solution, residual = share @ space.directions, right - share @ space.images
    for iteration in range(goal.iterations):
        if np.linalg.norm(residual) <= goal.length:
            return solution, residual, iteration
        direction = precondition(residual)
        image = apply(direction)
        size = np.linalg.norm(image)
        for _ in range(2):  # once more where much cancels
            before = np.linalg.norm(image)
            share = space.images @ image
            image -= share @ space.images
            direction -= share @ space.directions
            length = np.linalg.norm(image)
            if length > 0.3 * before:
                break
        if not length > 1e-12 * size:
            return solution, residual, iteration + 1
        direction /= length
        image /= length
        step = float(image @ residual)
        solution += step * direction
        residual -= step * image
        space.append(direction, image)
    return solution, residual, goal.iterations
