"""Eliminate the vertices whose state does not change.

A vertex that sticks has a known jump, which acts as a load on the others. A vertex that is open
carries no force; its jump follows from the others' by a Cholesky factor of its block of the
stiffness. What is left is a smaller system of the same form; eliminations can be nested.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.problem import System, mirrored, unknowns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SingleArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Selection:
    """Vertices to keep and vertices taken to stick; the others are taken to be open."""

    active: IntArray
    stuck: IntArray

    @classmethod
    def everything(cls, count: int) -> Self:
        """Keep all vertices."""
        return cls(np.arange(count), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Reduced:
    """Loads on the active vertices, and what they do to the eliminated ones.

    Attributes
    ----------
    force : ndarray, shape (3 active, n), N
        Forces at zero jump of the active vertices.
    whole : ndarray, shape (3 k, n), N
        Forces on the larger system with the stuck jumps and nothing else.
    away : ndarray, shape (3 idle, n)
        What the open vertices would feel, through the forward half of their factor.
    """

    force: FloatArray
    whole: FloatArray
    away: FloatArray

    def combined(self, weights: FloatArray) -> Reduced:
        """Combine loads by weights, shape (n, m), to m others."""
        parts = (self.force, self.whole, self.away)
        return Reduced(*(part @ weights for part in parts))


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
        self._larger = system
        rest = np.ones(len(system.area), dtype=bool)
        rest[chosen.active] = rest[chosen.stuck] = False
        self.idle = np.flatnonzero(rest)
        self._out = unknowns(self.idle)
        self._factor = self._spread = np.zeros((0, 0))
        stiffness = system.stiffness
        if len(chosen.active) < len(system.area):
            here = unknowns(chosen.active)
            stiffness = system.stiffness[here[:, None], here]
            if len(self.idle):
                out = system.stiffness[self._out[:, None], self._out]
                self._factor = linalg.cholesky(out, lower=True, overwrite_a=True, check_finite=False)
                self._spread = self._forward(system.stiffness[self._out[:, None], here])
                if len(here):
                    stiffness = _less_square(stiffness, self._spread)
        self._keep(chosen, stiffness)

    def _keep(self, chosen: Selection, stiffness: FloatArray) -> None:
        self.active, self.stuck = chosen.active, chosen.stuck
        self._here, self._there = unknowns(chosen.active), unknowns(chosen.stuck)
        large = self._larger
        self.system = System(stiffness, large.area[self.active], large.friction[self.active], large.scale)

    def released(self, vertices: IntArray) -> Elimination:
        """Return the elimination with some stuck vertices kept too, behind the active ones.

        Parameters
        ----------
        vertices : ndarray of int
            Of the larger system.
        """
        other = object.__new__(Elimination)
        other._larger, other.idle, other._out, other._factor = (
            self._larger, self.idle, self._out, self._factor,
        )  # fmt: skip
        new = unknowns(vertices)
        rows = self._larger.stiffness.take(new, axis=0)
        beside, corner = rows.take(self._here, axis=1), rows.take(new, axis=1)
        other._spread = self._spread
        if len(self.idle):
            spread = self._forward(rows.take(self._out, axis=1).T)
            beside -= spread.T @ self._spread
            corner -= spread.T @ spread
            other._spread = np.hstack([self._spread, spread])
        stiffness = np.block([[self.system.stiffness, beside.T], [beside, corner]])
        chosen = Selection(np.r_[self.active, vertices], np.setdiff1d(self.stuck, vertices))
        other._keep(chosen, stiffness)
        return other

    def reduce(self, force: FloatArray, held: FloatArray) -> Reduced:
        """Reduce loads, and last of all the jumps of the stuck vertices as a load of their own.

        Parameters
        ----------
        force : ndarray, shape (3 k, n), N
            Forces at zero jump of the larger system.
        held : ndarray, shape (3 stuck,), mm

        Returns
        -------
        Reduced
            Of n + 1 loads.
        """
        jump = np.zeros(len(force))
        jump[self._there] = held
        force = np.column_stack([force, self._larger.stiffness @ jump])
        here = force[self._here]
        if not len(self.idle):
            return Reduced(here, force, np.zeros((0, force.shape[1])))
        away = self._forward(force[self._out])
        return Reduced(here - self._spread.T @ away, force, away)

    def expand(self, jump: FloatArray, held: FloatArray, load: Reduced) -> FloatArray:
        """Return jumps of the larger system, shape (3 k, n).

        Parameters
        ----------
        jump : ndarray, shape (3 active, n), mm
        held : ndarray, shape (3 stuck,), mm
        load
            The reduced loads.
        """
        full = np.zeros((3 * len(self._larger.area), jump.shape[1]))
        full[self._here], full[self._there] = jump, held[:, None]
        if len(self.idle):
            full[self._out] = -self._backward(self._spread @ jump + load.away)
        return full

    def glance(self, jump: FloatArray, load: Reduced) -> tuple[FloatArray, FloatArray]:
        """As `expand` for one load, in single precision: jumps of the open, forces on the stuck vertices.

        Parameters
        ----------
        jump : ndarray, shape (3 active,), mm
        load
            One reduced load.

        Returns
        -------
        away : ndarray, shape (idle, 3), mm
        forces : ndarray, shape (stuck, 3), N
        """
        short, factor, watch = self._single
        moved = jump.astype(np.float32)
        if len(self.idle):
            right = short @ moved + load.away[:, 0].astype(np.float32)
            away = -linalg.solve_triangular(factor, right, lower=True, trans=1, check_finite=False)
            moved = np.concatenate([moved, away])
        away = moved[len(jump) :].astype(np.float64)
        forces = watch @ moved + load.whole[self._there, 0]
        return away.reshape(-1, 3), forces.reshape(-1, 3)

    def _forward(self, right: FloatArray) -> FloatArray:
        return np.asarray(linalg.solve_triangular(self._factor, right, lower=True, check_finite=False))

    def _backward(self, right: FloatArray) -> FloatArray:
        solved = linalg.solve_triangular(self._factor, right, lower=True, trans=1, check_finite=False)
        return np.asarray(solved)

    @cached_property
    def _moved(self) -> IntArray:
        return np.concatenate([self._here, self._out])

    @cached_property
    def _single(self) -> tuple[SingleArray, SingleArray, SingleArray]:
        watch = self._larger.single.take(self._there, axis=0).take(self._moved, axis=1)
        if not len(self.idle):
            return watch[:0], watch[:0], watch
        return self._spread.astype(np.float32), self._factor.astype(np.float32), watch


def _less_square(matrix: FloatArray, root: FloatArray) -> FloatArray:
    """Return K - Y^T Y for a symmetric K, which is overwritten: half the work of a product."""
    lower = linalg.blas.dsyrk(-1.0, root, beta=1.0, c=matrix.T, trans=1, lower=0, overwrite_c=1)
    return mirrored(lower)


def eliminate(system: System, chosen: Selection) -> Elimination:
    """Eliminate; keep everything where what is kept would not hold what is left out."""
    try:
        return Elimination(system, chosen)
    except linalg.LinAlgError:
        return Elimination(system, Selection.everything(len(system.area)))
