"""The matrix of one Newton step: rows of the laws on the unknowns that a state leaves free.

A sticking vertex has no unknown, a slipping one its two tangential jumps, an open one all three.
Equations: no force where it is open; where it slips, friction times pressure along the trial
direction e, and across it, along e',

    q . e = mu q_n,        (1 - m) q . e' + m c A s . e' = 0,

with m the mobility of `fea.contact.law.Trial`, s the slip and c A the augmentation.

From one state to the next few vertices change. So a factored matrix M serves many states: what a
state adds, and what it takes away, border it,

    [ M    B   E ]
    [ C    D   0 ],
    [ E^T  0   0 ]

with B, C, D the rows and columns of what is added and E the unit columns of what is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.law import Trial
from fea.contact.problem import System, unknowns
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Matrix = NDArray[np.floating[Any]]

#: Resistance to a change of jump within one step, as a share of the stiffness; exact at convergence.
_PROXIMAL = 1e-9
#: Unknowns below which a matrix is factored in double precision, and anew at every step.
_CHEAP = 120
#: Share of the factored unknowns that a border may have.
_BORDER = 0.12
#: Cosine of the turn of the friction, and change of mobility, that leave a row as it is.
_TURN, _CHANGE = 0.95, 0.2


@dataclass(frozen=True, eq=False)
class _Factor:
    """A factored matrix with the state that it belongs to."""

    trial: Trial
    free: IntArray
    factors: Matrix
    pivots: NDArray[Any]
    singular: bool
    size: float

    @classmethod
    def of(cls, system: System, now: Trial, precise: bool) -> _Factor:
        precise = precise or 3 * int((now.status != Status.STICK).sum()) < _CHEAP
        free, matrix = _rows(system, now, now.status, None, precise)
        if not len(free):
            return cls(now, free, matrix, free, False, 1.0)
        places = np.arange(len(free))
        size = float(np.abs(matrix[places, places]).mean(dtype=np.float64))
        matrix[places, places] *= 1.0 + _PROXIMAL
        factor = linalg.lapack.dgetrf if precise else linalg.lapack.sgetrf
        # The transpose is what LAPACK finds in memory, so it factors that, without a copy.
        factors, pivots, failed = factor(matrix.T, overwrite_a=True)
        return cls(now, free, factors, pivots, bool(failed), size)

    def solve(self, right: Matrix) -> FloatArray:
        if not right.size:
            return right.astype(np.float64)
        solve = linalg.lapack.dgetrs if self.factors.dtype == np.float64 else linalg.lapack.sgetrs
        solved, _ = solve(self.factors, self.pivots, right.astype(self.factors.dtype), trans=1)
        return np.asarray(solved, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Border:
    """What a state adds to a factored matrix and takes away from it.

    Attributes
    ----------
    added : ndarray of int
        Unknowns of the system.
    taken : ndarray of int
        Rows of the factored matrix.
    cross : ndarray, shape (b, n)
        C and E^T above.
    spread : ndarray, shape (n, b)
        Solutions for B and E.
    schur
        Factors of the complement.
    """

    added: IntArray
    taken: IntArray
    cross: FloatArray
    spread: FloatArray
    schur: tuple[FloatArray, IntArray]


@dataclass(frozen=True, eq=False)
class Tangent:
    """Newton's matrix at a state, factored.

    Attributes
    ----------
    trial
        State, directions and mobilities.
    """

    trial: Trial
    _factor: _Factor
    _border: _Border | None = None

    @classmethod
    def at(cls, system: System, now: Trial, precise: bool) -> Tangent:
        """Factor the matrix at a state.

        Parameters
        ----------
        system
            The active vertices.
        now
            State, directions and mobilities.
        precise
            Factor in double precision; else in single, which a convergent iteration corrects.
        """
        return cls(now, _Factor.of(system, now, precise))

    @classmethod
    def of_status(cls, system: System, status: IntArray) -> Tangent:
        """Return the matrix at a state whose friction has no direction yet."""
        direction = np.broadcast_to(np.array([1.0, 0.0]), (len(status), 2))
        return cls.at(system, Trial(status, direction, np.ones(len(status))), False)

    def moved(self, system: System, now: Trial) -> Tangent | None:
        """Return the matrix at another state on the same factor; None where it would not pay."""
        factor, old = self._factor, self._factor.trial
        turned = np.einsum("vd,vd->v", old.direction, now.direction) < _TURN
        turned |= np.abs(old.mobility - now.mobility) > _CHANGE
        other = (old.status != now.status) | ((now.status == Status.SLIP) & turned)
        if factor.singular or 3 * int(other.sum()) > max(_BORDER * len(factor.free), 30.0):
            return None
        gone = other & (old.status != Status.STICK)
        taken = np.flatnonzero(gone[factor.free // 3])
        news = np.where(other, now.status, Status.STICK)
        added, cross = _rows(system, now, news, factor.free, False)
        corner = _rows(system, now, news, added, False)[1]
        unit = np.zeros((len(factor.free), len(taken)))
        unit[taken, np.arange(len(taken))] = factor.size
        spread = factor.solve(np.hstack([_rows(system, old, old.status, added, False)[1], unit]))
        across = np.vstack([cross, unit.T], dtype=np.float64)
        schur = -across @ spread
        schur[: len(added), : len(added)] += corner
        if not len(schur):
            return Tangent(now, factor)
        factored = linalg.lu_factor(schur, check_finite=False)
        return Tangent(now, factor, _Border(added, taken, across, spread, factored))

    @property
    def cheap(self) -> bool:
        """Whether factoring anew costs no more than a second use."""
        return len(self._factor.free) < _CHEAP

    @property
    def status(self) -> IntArray:
        """State that the matrix belongs to, shape (k,)."""
        return self.trial.status

    def step(
        self, system: System, jump: FloatArray, forces: FloatArray, target: FloatArray, now: Trial
    ) -> FloatArray | None:
        """Return the change of the jumps, shape (k, 3); None where the matrix is singular.

        Parameters
        ----------
        system
            The active vertices.
        jump : ndarray, shape (k, 3), mm
        forces : ndarray, shape (k, 3), N
            In equilibrium with the jumps.
        target : ndarray, shape (k, 3), mm
            Jumps of closed vertices: minus the gap, and the anchor.
        now
            Directions and mobilities of the equations; those of the matrix may be older.
        """
        stick, slip = self.status == Status.STICK, self.status == Status.SLIP
        change = np.where(stick[:, None], target - jump, 0.0)
        change[slip, 0] = target[slip, 0] - jump[slip, 0]
        if self._factor.singular:
            return None
        flat = change.ravel()
        known = np.flatnonzero(flat)
        if 3 * len(known) > len(flat):
            forces = forces + (system.stiffness @ flat).reshape(-1, 3)
        elif len(known):
            forces = forces + (flat[known] @ system.stiffness[known]).reshape(-1, 3)
        right = -_defects(system, jump, forces, target, now, self.status).ravel()
        border = self._border
        first = right[self._factor.free]
        if border is None:
            flat[self._factor.free] = self._factor.solve(first)
        else:
            first[border.taken] = 0.0
            solved = self._factor.solve(first)
            rest = np.concatenate([right[border.added], np.zeros(len(border.taken))]) - border.cross @ solved
            rest = linalg.lu_solve(border.schur, rest, check_finite=False)
            solved -= border.spread @ rest
            solved[border.taken] = 0.0
            flat[self._factor.free] += solved
            flat[border.added] += rest[: len(border.added)]
        return change if np.isfinite(flat).all() else None


def _rows(
    system: System, now: Trial, status: IntArray, columns: IntArray | None, precise: bool
) -> tuple[IntArray, Matrix]:
    """Return the unknowns of open and slipping vertices, and their rows on some columns.

    Parameters
    ----------
    system, now
        The vertices and their trial.
    status : ndarray, shape (k,)
        Which of them have rows.
    columns
        Unknowns; by default those of the rows.
    precise
        In double precision.
    """
    opened, slip = np.flatnonzero(status == Status.OPEN), np.flatnonzero(status == Status.SLIP)
    out, count = 3 * len(opened), len(slip)
    free = np.concatenate([unknowns(opened), 3 * slip + 1, 3 * slip + 2])
    columns = free if columns is None else columns
    stiffness: Matrix = system.stiffness if precise else system.single
    needed = np.concatenate([free, 3 * slip])
    rows: Matrix
    if len(needed) <= len(columns):
        rows = stiffness.take(needed, axis=0).take(columns, axis=1)
    else:  # symmetric, and short in this direction
        rows = stiffness.take(columns, axis=0).take(needed, axis=1).T.copy()
    matrix, normal = rows[: len(free)], rows[len(free) :]
    sliding = matrix[out:]
    along, mobility = now.direction[slip], now.mobility[slip]
    e, friction, rest = (
        weight.astype(rows.dtype) for weight in (along, system.friction[slip, None], 1.0 - mobility[:, None])
    )
    one, two = sliding[:count].copy(), sliding[count:].copy()
    sliding[:count] = e[:, :1] * one + e[:, 1:] * two - friction * normal
    sliding[count:] = rest * (e[:, :1] * two - e[:, 1:] * one)
    place = np.full(3 * len(status), -1)
    place[columns] = np.arange(len(columns))
    lag = mobility * system.scale * system.area[slip]
    for component, weight in ((1, -along[:, 1]), (2, along[:, 0])):
        at = place[3 * slip + component]
        here = np.flatnonzero(at >= 0)
        sliding[count + here, at[here]] += (lag * weight)[here]
    return free, matrix


def _defects(
    system: System, jump: FloatArray, forces: FloatArray, target: FloatArray, now: Trial, status: IntArray
) -> FloatArray:
    """Return what the equations miss, shape (k, 3): forces of open vertices, laws of slipping ones."""
    slip = np.flatnonzero(status == Status.SLIP)
    e, mobility = now.direction[slip], now.mobility[slip]
    normal, one, two = forces[slip].T
    moved = jump[slip, 1:] - target[slip, 1:]
    lag = mobility * system.scale * system.area[slip]
    defects = forces.copy()
    defects[slip, 1] = e[:, 0] * one + e[:, 1] * two - system.friction[slip] * normal
    across = (1.0 - mobility) * (e[:, 0] * two - e[:, 1] * one)
    defects[slip, 2] = across + lag * (e[:, 0] * moved[:, 1] - e[:, 1] * moved[:, 0])
    return defects
