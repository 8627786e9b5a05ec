"""Eliminate the vertices whose state does not change.

A vertex that sticks has a prescribed jump: its forces follow from the others' by a
Cholesky factor of its block of the compliance. A vertex that is open carries nothing and
drops out. What is left is a smaller system of the same form; eliminations can be nested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.problem import System, unknowns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Load:
    """Right-hand side of a system.

    Attributes
    ----------
    offset : ndarray, shape (3 k,), mm
        Jump without forces and motions.
    thrust : ndarray, shape (m,)
        Work of the load on the rigid motions.
    """

    offset: FloatArray
    thrust: FloatArray


@dataclass(frozen=True, eq=False)
class Selection:
    """Vertices to keep and vertices taken to stick; the others are taken to be open."""

    active: IntArray
    stuck: IntArray

    @classmethod
    def everything(cls, count: int) -> Self:
        """Keep all vertices."""
        return cls(np.arange(count), np.zeros(0, dtype=np.int64))


class Elimination:
    """A system reduced to its active vertices.

    Parameters
    ----------
    system
        The larger system.
    chosen
        Which of its vertices to keep and which to hold.
    """

    def __init__(self, system: System, chosen: Selection) -> None:
        self.active, self.stuck, self._whole = chosen.active, chosen.stuck, system
        rest = np.ones(len(system.area), dtype=bool)
        rest[self.active] = rest[self.stuck] = False
        self.idle = np.flatnonzero(rest)
        here, there = unknowns(self.active), unknowns(self.stuck)
        everything = len(self.active) == len(system.area)
        compliance = system.compliance if everything else system.compliance[np.ix_(here, here)]
        motions, give = system.motions[here], system.give
        if len(there):
            self._factor = linalg.cho_factor(
                system.compliance[np.ix_(there, there)], overwrite_a=True, check_finite=False
            )
            self._border = np.hstack([system.compliance[np.ix_(there, here)], system.motions[there]])
            self._spread = linalg.cho_solve(self._factor, self._border, check_finite=False)
            correction = self._border.T @ self._spread
            count = len(here)
            compliance = compliance - correction[:count, :count]
            motions = motions - correction[:count, count:]
            give = give - correction[count:, count:]
        self.system = System(
            compliance, motions, give, system.area[self.active], system.friction[self.active], system.scale
        )

    def load(self, load: Load, target: FloatArray) -> tuple[Load, FloatArray]:
        """Reduce a load and the jumps prescribed at the stuck vertices.

        Parameters
        ----------
        load
            On the larger system.
        target : ndarray, shape (k, 3), mm
            Prescribed jumps of the larger system; only the stuck vertices' are used.

        Returns
        -------
        reduced : Load
        held : ndarray, shape (3 stuck,), N
            Forces on the stuck vertices with the active forces and motions at zero.
        """
        offset = load.offset[unknowns(self.active)]
        if not len(self.stuck):
            return Load(offset, load.thrust), np.zeros(0)
        right = target[self.stuck].ravel() - load.offset[unknowns(self.stuck)]
        held = linalg.cho_solve(self._factor, right, check_finite=False)
        spread = self._border.T @ held
        return Load(offset + spread[: len(offset)], load.thrust + spread[len(offset) :]), held

    def expand(self, forces: FloatArray, motion: FloatArray, held: FloatArray) -> FloatArray:
        """Return the forces on all vertices of the larger system, shape (k, 3)."""
        full = np.zeros((len(self._whole.area), 3))
        full[self.active] = forces
        if len(self.stuck):
            full[self.stuck] = (held - self._spread @ np.r_[forces.ravel(), motion]).reshape(-1, 3)
        return full

    def complete(
        self, jump: FloatArray, target: FloatArray, forces: FloatArray, motion: FloatArray, load: Load
    ) -> FloatArray:
        """Return the jumps on all vertices of the larger system, shape (k, 3).

        Parameters
        ----------
        jump : ndarray, shape (active, 3), mm
        target : ndarray, shape (k, 3), mm
            Prescribed jumps; the stuck vertices have theirs.
        forces : ndarray, shape (k, 3), N
            On the larger system.
        motion : ndarray, shape (m,)
        load
            On the larger system.
        """
        full = target.copy()
        full[self.active] = jump
        if len(self.idle):
            rows = unknowns(self.idle)
            away = self._whole.compliance[rows] @ forces.ravel() + self._whole.motions[rows] @ motion
            full[self.idle] = (away + load.offset[rows]).reshape(-1, 3)
        return full
