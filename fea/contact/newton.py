"""Semi-smooth Newton for unilateral contact with Coulomb friction (Alart and Curnier 1991).

Each iteration classifies the active vertices by their augmented tractions and solves for the jumps
that the state leaves free (`fea.contact.tangent`). Forces follow from the jumps, so that every
iterate is in equilibrium and only the laws are iterated on. While the state stays the same and the
residual falls fast, the last matrix serves again.

References
----------
P. Alart, A. Curnier, Comput. Methods Appl. Mech. Engrg. 92 (1991) 353-375.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.law import Trial, law_residual, trial
from fea.contact.problem import System
from fea.contact.tangent import Tangent
from fea.errors import SolverError
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Relative nonsmooth residual at which an instant counts as solved, and one at which it still does
#: where round-off lets it fall no further.
TOLERANCE, ROUND_OFF = 5e-12, 3e-10
MAX_ITERATIONS = 80
#: New matrices after which no equilibrium is expected any more.
MAX_TURNS = 40
#: Change of a jump within an increment, mm, that no small sliding is.
RUNAWAY = 1.0
#: New matrices with full steps before the length of a step is searched for.
_FULL_STEPS = 8
#: New matrices that may stand on an old factor, and that may be in single precision.
_ROUGH_STEPS, _SINGLE_STEPS = 6, 20
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.12, 0.06)
#: Largest change of a jump in one iteration, mm: lets a sliding stem find its next support.
_LONGEST_STEP = 0.05
#: A matrix serves again while it lowers the residual by at least this factor.
_FAST = 0.2


class NoConvergence(SolverError):
    """Newton's method found no equilibrium."""


@dataclass(frozen=True, eq=False)
class Increment:
    """What an increment is given, on the active vertices.

    Attributes
    ----------
    force : ndarray, shape (3 k,), N
        Forces at zero jump.
    gap : ndarray, shape (k,), mm
        Gap at zero jump.
    anchor : ndarray, shape (k, 2), mm
        Tangential jump at the last converged instant.
    least_pressure : float, MPa
        Residuals are relative to the largest traction, or to this where that is less.
    """

    force: FloatArray
    gap: FloatArray
    anchor: FloatArray
    least_pressure: float


@dataclass(frozen=True, eq=False)
class Solved:
    """A converged increment.

    Attributes
    ----------
    jump : ndarray, shape (k, 3), mm
    forces : ndarray, shape (k, 3), N
    status : ndarray, shape (k,)
    iterations
    tangent
        The last matrix, for the next increment's first guess.
    """

    jump: FloatArray
    forces: FloatArray
    status: IntArray
    iterations: int
    tangent: Tangent | None


class _Iterate:
    """Jumps with their forces, trial state and residual."""

    def __init__(self, system: System, increment: Increment, jump: FloatArray, forces: FloatArray) -> None:
        self.jump, self.forces = jump, forces
        traction = forces / system.area[:, None]
        gap, slip = increment.gap + jump[:, 0], jump[:, 1:] - increment.anchor
        self.traction = traction
        self.trial = trial(traction, gap, slip, system.friction, system.scale)
        self.defect = law_residual(traction, gap, slip, system.friction, system.scale)
        self.defect /= max(float(np.abs(traction).max(initial=0.0)), increment.least_pressure)
        self.residual = float(np.abs(self.defect).max(initial=0.0))


def solve_increment(
    system: System, increment: Increment, guesses: list[FloatArray], tangent: Tangent | None = None
) -> Solved:
    """Iterate to the converged state of one increment.

    Parameters
    ----------
    system
        The vertices whose state is iterated.
    increment
        Loads, gaps and anchors.
    guesses : list of ndarray, shape (k, 3), mm
        Jumps to start from, the first of them those of the last converged instant.
    tangent
        The last matrix of the increment before, on the same system: its step is a guess too.

    Returns
    -------
    Solved

    Raises
    ------
    NoConvergence
        When the residual does not fall below `TOLERANCE`.
    """
    target = np.column_stack([-increment.gap, increment.anchor])

    def at(jump: FloatArray) -> _Iterate:
        return _Iterate(system, increment, jump, system.forces(jump, increment.force))

    starts = [at(jump) for jump in guesses]
    if tangent is not None:
        change = tangent.step(system, starts[0].jump, starts[0].forces, target, tangent.trial)
        if change is not None and np.abs(change).max(initial=0.0) < _LONGEST_STEP:
            starts.append(at(starts[0].jump + change))
    current = min(starts[1:] or starts, key=lambda start: start.residual)
    slow, turns = 0, 0
    for iteration in range(MAX_ITERATIONS):
        if current.residual < (ROUND_OFF if slow > 1 else TOLERANCE):
            forces, status = _settled(system, current)
            return Solved(current.jump, forces, status, iteration, tangent)
        if (
            tangent is None
            or tangent.cheap
            or slow
            or not np.array_equal(tangent.status, current.trial.status)
        ):
            tangent, turns = _next_tangent(system, tangent, current.trial, turns), turns + 1
        change = tangent.step(system, current.jump, current.forces, target, current.trial)
        if change is None:
            if turns > _SINGLE_STEPS:
                raise NoConvergence("the tangent of the contact problem is singular")
            turns, tangent = _SINGLE_STEPS, None
            continue
        shares = _SHARES if turns > _FULL_STEPS else _SHARES[:1]
        last, current = current, _best_step(at, current, change, shares)
        slow = 0 if current.residual < _FAST * last.residual else slow + 1
        if turns > MAX_TURNS or np.abs(current.jump - guesses[0]).max(initial=0.0) > RUNAWAY:
            break
    raise NoConvergence(f"no equilibrium after {turns} matrices")


def _next_tangent(system: System, old: Tangent | None, now: Trial, turns: int) -> Tangent:
    """Return the matrix at a state: on the last factor where that pays, else factored anew."""
    if (
        old is not None
        and turns < _ROUGH_STEPS
        and not old.cheap
        and not np.array_equal(old.status, now.status)
    ):
        moved = old.moved(system, now)
        if moved is not None:
            return moved
    return Tangent.at(system, now, precise=turns >= _SINGLE_STEPS)


def _settled(system: System, found: _Iterate) -> tuple[FloatArray, IntArray]:
    """Put forces on the laws that they meet within the tolerance; touching without pressure is open."""
    status = np.where(found.traction[:, 0] > 0.0, found.trial.status, Status.OPEN)
    forces, slip = found.forces.copy(), status == Status.SLIP
    forces[status == Status.OPEN] = 0.0
    forces[slip, 1:] = (system.friction * forces[:, 0])[slip, None] * found.trial.direction[slip]
    return forces, status


def _best_step(
    at: Callable[[FloatArray], _Iterate], old: _Iterate, change: FloatArray, shares: tuple[float, ...]
) -> _Iterate:
    """Go the share of a step with the least defect, and no further than a step may be."""
    size = float(np.abs(change).max(initial=0.0))
    longest = min(1.0, _LONGEST_STEP / size) if size > 0.0 else 1.0
    steps = (at(old.jump + (share * longest) * change) for share in shares)
    return min(steps, key=lambda step: float(np.square(step.defect).sum()))
