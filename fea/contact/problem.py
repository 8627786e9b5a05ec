"""The contact problem on the interface alone.

With q the contact forces on the bone at the interface vertices, a the rigid motions that
the supports leave free and w the wrench, equilibrium of both bodies reads

    jump = C q + G a + U w,        G^T q + H a + T w = 0,

with C the compliance of the two held bodies, and H = 0 until vertices are eliminated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class System:
    """Interface equilibrium on some of the vertices.

    Attributes
    ----------
    compliance : ndarray, shape (3 k, 3 k), mm/N
    motions : ndarray, shape (3 k, m), mm
        Jump of each free rigid motion.
    give : ndarray, shape (m, m), N
        What eliminated vertices do against the motions; negative semi-definite.
    area : ndarray, shape (k,), mm^2
    friction : ndarray, shape (k,)
    scale
        Stiffness of the augmented tractions, MPa/mm; any positive value gives the same answer.
    """

    compliance: FloatArray
    motions: FloatArray
    give: FloatArray
    area: FloatArray
    friction: FloatArray
    scale: float

    @cached_property
    def single(self) -> NDArray[np.float32]:
        """The compliance in single precision, for factors that are refined in double."""
        return self.compliance.astype(np.float32)

    def jump(self, forces: FloatArray, motion: FloatArray, offset: FloatArray) -> FloatArray:
        """Return the jumps, shape (k, 3), of forces (k, 3) and motion (m,) on top of an offset."""
        return (self.compliance @ forces.ravel() + self.motions @ motion + offset).reshape(-1, 3)


@dataclass(frozen=True, eq=False)
class InterfaceProblem:
    """Everything that a history needs to know of the two bodies.

    Attributes
    ----------
    system
        All vertices.
    wrench_jump : ndarray, shape (3 v, 6), mm
        Jump of the held bodies under unit wrenches.
    wrench_thrust : ndarray, shape (m, 6)
        Work of unit wrenches on the rigid motions.
    gap : ndarray, shape (v,), mm
        Initial gap minus interference.
    """

    system: System
    wrench_jump: FloatArray
    wrench_thrust: FloatArray
    gap: FloatArray

    @property
    def vertices(self) -> int:
        """Number of interface vertices."""
        return len(self.gap)

    @property
    def motions(self) -> int:
        """Number of free rigid motions."""
        return len(self.wrench_thrust)


def unknowns(vertices: IntArray) -> IntArray:
    """Return the three unknowns of each vertex."""
    return (3 * vertices[:, None] + np.arange(3)).ravel()
