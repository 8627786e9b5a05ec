r"""A first guess for an increment on which Newton's method fails: alternating directions.

With S and f the stiffness and the forces at zero jump, contact with known bounds of friction is the
convex problem

    minimise  d^T S d / 2 + f^T d + sum_i b_i |d_t,i - anchor_i|   where  d_n,i >= -gap_i.

It is split into the quadratic part and the rest, tied together with a weight r; the rest falls apart
into vertices, whose solutions are projections. The bounds b follow Coulomb's law with the pressures of
the iteration. One factor of S + r serves all iterations. What comes out is right to about a part in a
thousand, from any start: enough for Newton's method to finish, which then holds it against the laws.

References
----------
S. Boyd, N. Parikh, E. Chu, B. Peleato, J. Eckstein, Found. Trends Mach. Learn. 3 (2011) 1-122.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.newton import Increment
from fea.contact.problem import System

FloatArray = NDArray[np.float64]

#: Weights that are tried, over the mean stiffness of an unknown.
_WEIGHTS = (0.1, 0.01)
_ITERATIONS = 400
#: Change of the jumps and disagreement of both parts, over the largest jump, at which it ends.
_CLOSE = 1e-4


def guess_by_splitting(system: System, increment: Increment, start: FloatArray) -> FloatArray:
    """Estimate the jumps of an increment.

    Parameters
    ----------
    system
        The vertices.
    increment
        Loads, gaps and anchors.
    start : ndarray, shape (k, 3), mm

    Returns
    -------
    ndarray, shape (k, 3), mm
        Anything where there is no equilibrium.
    """
    best, least = start, np.inf
    stiffness = float(np.trace(system.stiffness)) / max(3 * len(system.area), 1)
    shares = system.area / system.area.mean()
    for weight in _WEIGHTS:
        found, left = _alternate(system, increment, start, weight * stiffness * shares)
        if left < least:
            best, least = found, left
        if least < _CLOSE:
            break
    return best


def _alternate(
    system: System, increment: Increment, start: FloatArray, weight: FloatArray
) -> tuple[FloatArray, float]:
    """Iterate with one weight a vertex, N/mm; jumps that keep the gap, and what they disagree by."""
    matrix = system.single.copy()
    matrix[np.diag_indices_from(matrix)] += np.repeat(weight, 3).astype(np.float32)
    factor = linalg.cho_factor(matrix, overwrite_a=True, check_finite=False)
    kept, push, left = start.copy(), np.zeros_like(start), np.inf
    for _ in range(_ITERATIONS):
        right = weight[:, None] * (kept - push) - increment.force.reshape(-1, 3)
        free = linalg.cho_solve(factor, right.ravel().astype(np.float32), check_finite=False)
        free = free.astype(np.float64).reshape(-1, 3)
        before, kept = kept, _projected(free + push, increment, system.friction)
        push += free - kept
        size = max(float(np.abs(kept).max(initial=0.0)), 1e-9)
        left = float(max(np.abs(free - kept).max(initial=0.0), np.abs(kept - before).max(initial=0.0))) / size
        if left < _CLOSE:
            break
    return kept, left


def _projected(jump: FloatArray, increment: Increment, friction: FloatArray) -> FloatArray:
    """Keep jumps out of the bone, and shorten sliding by what friction holds, vertex by vertex."""
    normal = np.maximum(jump[:, 0], -increment.gap)
    slip = jump[:, 1:] - increment.anchor
    length = np.linalg.norm(slip, axis=1)
    held = friction * (normal - jump[:, 0])
    share = np.maximum(0.0, 1.0 - held / np.where(length > 0.0, length, 1.0))
    return np.column_stack([normal, increment.anchor + share[:, None] * slip])
