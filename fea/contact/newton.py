"""Semi-smooth Newton for unilateral contact with Coulomb friction (Alart and Curnier 1991).

Each iteration classifies the active vertices by their augmented tractions, drops the open
ones, writes the friction of the slipping ones as mu p e + s e', with e the direction of the
trial friction and e' across it, and solves one dense system for what is left and for the
rigid motions.

References
----------
P. Alart, A. Curnier, Comput. Methods Appl. Mech. Engrg. 92 (1991) 353-375.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.elimination import Load
from fea.contact.law import Trial, law_residual, trial
from fea.contact.problem import System
from fea.errors import SolverError
from fea.solution import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: In single or double precision; the result has the argument's.
Matrix = NDArray[np.floating[Any]]

#: Relative nonsmooth residual at which an instant counts as solved.
TOLERANCE = 3e-10
MAX_ITERATIONS = 60
#: Iterations of full steps before the length of a step is searched for.
_FULL_STEPS = 8
#: Corrections of a solution that was found with single-precision factors.
_REFINEMENTS = 8
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.12, 0.06)
#: Largest change of a jump in one iteration, mm: lets a sliding stem find its next support.
_LONGEST_STEP = 0.05
#: Spring that resists a change of rigid motion within one iteration, N/mm; exact at convergence.
_PROXIMAL = 1e-2


class NoConvergence(SolverError):
    """Newton's method found no equilibrium."""


@dataclass(frozen=True, eq=False)
class Iterate:
    """Unknowns of the reduced problem.

    Attributes
    ----------
    forces : ndarray, shape (k, 3), N
    motion : ndarray, shape (m,)
    jump : ndarray, shape (k, 3), mm
    """

    forces: FloatArray
    motion: FloatArray
    jump: FloatArray


@dataclass(frozen=True, eq=False)
class Increment:
    """What an increment is given, on the active vertices.

    Attributes
    ----------
    load
        Right-hand side of the system.
    gap : ndarray, shape (k,), mm
        Gap at zero jump.
    anchor : ndarray, shape (k, 2), mm
        Tangential jump at the last converged instant.
    pressure_scale, force_scale
        Pressure in MPa and force in N that residuals are relative to.
    """

    load: Load
    gap: FloatArray
    anchor: FloatArray
    pressure_scale: float
    force_scale: float


def solve_increment(system: System, increment: Increment, start: Iterate) -> tuple[Iterate, IntArray, int]:
    """Iterate to the converged state of one increment.

    Parameters
    ----------
    system
        The vertices whose state is iterated.
    increment
        Loads, gaps and anchors.
    start
        First guess.

    Returns
    -------
    iterate : Iterate
    status : ndarray, shape (k,)
    iterations : int

    Raises
    ------
    NoConvergence
        When the residual does not fall below `TOLERANCE`.
    """
    current = start
    for iteration in range(MAX_ITERATIONS):
        traction = current.forces / system.area[:, None]
        gap, slip = increment.gap + current.jump[:, 0], current.jump[:, 1:] - increment.anchor
        now = trial(traction, gap, slip, system.friction, system.scale)
        residual = _residual(system, increment, current)
        if iteration and residual < TOLERANCE:
            return current, _settled(now.status, traction), iteration
        solved = _linear_step(system, increment, current, now, max(1e-3 * min(residual, 1.0), 1e-13))
        shares = _SHARES if iteration >= _FULL_STEPS else _SHARES[:1]
        current = _best_step(system, increment, current, solved, shares)
    raise NoConvergence(f"no equilibrium after {MAX_ITERATIONS} iterations")


def _settled(status: IntArray, traction: FloatArray) -> IntArray:
    """Count a vertex that touches without pressure as open."""
    return np.where(traction[:, 0] > 0.0, status, Status.OPEN)


def _residual(system: System, increment: Increment, current: Iterate) -> float:
    law, drive = _defects(system, increment, current)
    return max(float(np.abs(law).max(initial=0.0)), float(np.abs(drive).max(initial=0.0)))


def _defects(system: System, increment: Increment, current: Iterate) -> tuple[FloatArray, FloatArray]:
    """Relative defects of the laws and of the equilibrium of rigid motions."""
    traction = current.forces / system.area[:, None]
    gap, slip = increment.gap + current.jump[:, 0], current.jump[:, 1:] - increment.anchor
    law = law_residual(traction, gap, slip, system.friction, system.scale)
    drive = system.motions.T @ current.forces.ravel() + system.give @ current.motion + increment.load.thrust
    return law / increment.pressure_scale, drive / increment.force_scale


def _linear_step(
    system: System, increment: Increment, current: Iterate, now: Trial, accuracy: float
) -> Iterate:
    """Solve the linearised problem for the new forces and motion."""
    tangent = _Tangent(system, now)
    target = np.column_stack([-increment.gap, increment.anchor]).ravel() - increment.load.offset
    thrust = increment.load.thrust + _PROXIMAL * current.motion
    right = np.r_[tangent.columns.rows(target[:, None])[:, 0], -thrust]
    solution = tangent.solve(right, accuracy)
    if solution is None:
        raise NoConvergence("the tangent of the contact problem is singular")
    forces, motion = tangent.split(solution)
    return Iterate(forces, motion, system.jump(forces, motion, increment.load.offset))


class _Tangent:
    """Newton's matrix: factored in single precision, refined in double.

    The product with the matrix goes through the system's compliance, so that the matrix
    itself is only built in single precision.
    """

    def __init__(self, system: System, now: Trial) -> None:
        self.columns = chosen = _Columns(system, now)
        self._system, count = system, chosen.count
        rigid = system.motions.shape[1]
        whole = np.zeros((count + rigid, count + rigid), dtype=np.float32)
        whole[:count, :count] = chosen.columns(chosen.rows(system.single))
        whole[chosen.sliding_diagonal] += chosen.lag.astype(np.float32)
        size = float(np.abs(np.diag(whole)).mean(dtype=np.float64)) if count else 1.0
        self._scale = np.r_[np.ones(count), np.full(rigid, size)]
        self._give = system.give - _PROXIMAL * np.eye(rigid)
        whole[:count, count:] = size * chosen.rows(system.motions)
        whole[count:, :count] = size * chosen.columns(system.motions.T)
        whole[count:, count:] = size * size * self._give
        if not len(whole):
            return
        # The transpose is what LAPACK finds in memory, so it factors that, without a copy.
        self._factors, self._pivots, self._singular = linalg.lapack.sgetrf(whole.T, overwrite_a=True)

    def solve(self, right: FloatArray, accuracy: float) -> FloatArray | None:
        """Return the solution to a relative accuracy; None where the matrix is singular."""
        solution, defect, best = np.zeros_like(right), right, np.inf
        if not len(right):
            return solution
        size = float(np.linalg.norm(self._scale * right)) or 1.0
        for _ in range(_REFINEMENTS):
            correction, _ = linalg.lapack.sgetrs(
                self._factors, self._pivots, (self._scale * defect).astype(np.float32), trans=1
            )
            if self._singular or not np.isfinite(correction).all():
                return None
            solution = solution + self._scale * correction
            defect = right - self._product(solution)
            error = float(np.linalg.norm(self._scale * defect)) / size
            if error < accuracy or error > 0.5 * best:
                break
            best = error
        return solution if error < max(accuracy, 1e-2) else None

    def split(self, solution: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return forces, shape (k, 3), and motion, shape (m,)."""
        count = self.columns.count
        return self.columns.expand(solution[:count]), solution[count:]

    def _product(self, solution: FloatArray) -> FloatArray:
        chosen, system = self.columns, self._system
        forces, motion = self.split(solution)
        jump = system.compliance @ forces.ravel() + system.motions @ motion
        rows = chosen.rows(jump[:, None])[:, 0]
        across = slice(chosen.count - len(chosen.lag), chosen.count)
        rows[across] += chosen.lag * solution[across]
        drive = system.motions.T @ forces.ravel() + self._give @ motion
        return np.concatenate([rows, drive])


def _best_step(
    system: System, increment: Increment, old: Iterate, new: Iterate, shares: tuple[float, ...]
) -> Iterate:
    """Go the share of a step with the least defect, and no further than a step may be."""
    change = np.abs(new.jump - old.jump).max(initial=0.0)
    longest = min(1.0, _LONGEST_STEP / change) if change > 0.0 else 1.0
    steps = [_blend(old, new, share * longest) for share in shares]
    if len(steps) == 1:
        return steps[0]
    weight = system.area[:, None] / system.area.sum()
    merits = []
    for step in steps:
        law, drive = _defects(system, increment, step)
        merits.append(float(np.sqrt(np.sum(weight * law**2))) + float(np.linalg.norm(drive)))
    return steps[int(np.argmin(merits))]


def _blend(old: Iterate, new: Iterate, share: float) -> Iterate:
    if share == 1.0:
        return new
    return Iterate(
        old.forces + share * (new.forces - old.forces),
        old.motion + share * (new.motion - old.motion),
        old.jump + share * (new.jump - old.jump),
    )


class _Columns:
    """Map between forces on the active vertices and the unknowns of one Newton step.

    A sticking vertex keeps its three forces; a slipping one its normal force, which drags
    friction along e, and the force across e. Order: sticking, slipping normal, slipping across.
    """

    def __init__(self, system: System, now: Trial) -> None:
        self._stick = np.flatnonzero(now.status == Status.STICK)
        self._slip = np.flatnonzero(now.status == Status.SLIP)
        self._vertices = len(system.area)
        self._along = now.direction[self._slip]
        self._across = np.column_stack([-self._along[:, 1], self._along[:, 0]])
        self._friction = system.friction[self._slip]
        self._mobility = now.mobility[self._slip]
        self._places = (3 * self._stick[:, None] + np.arange(3)).ravel(), 3 * self._slip
        first = 3 * len(self._stick) + len(self._slip)
        self.count = first + len(self._slip)
        self.lag = (1.0 - self._mobility) / (system.scale * system.area[self._slip])
        places = np.arange(first, self.count)
        self.sliding_diagonal = (places, places)

    def rows(self, matrix: Matrix) -> Matrix:
        """Rows of the unknowns: (3 k, c) to (r, c)."""
        stick, normal = self._places
        weight = (self._mobility[:, None] * self._across).astype(matrix.dtype)
        across = weight[:, :1] * matrix[normal + 1] + weight[:, 1:] * matrix[normal + 2]
        return np.concatenate([matrix[stick], matrix[normal], across])

    def columns(self, matrix: Matrix) -> Matrix:
        """Columns of the unknowns: (c, 3 k) to (c, r)."""
        stick, normal = self._places
        axial, round_ = matrix.take(normal + 1, axis=1), matrix.take(normal + 2, axis=1)
        drag = matrix.take(normal, axis=1)
        along = (self._friction[:, None] * self._along).astype(matrix.dtype)
        across = self._across.astype(matrix.dtype)
        drag += along[:, 0] * axial
        drag += along[:, 1] * round_
        axial *= across[:, 0]
        round_ *= across[:, 1]
        axial += round_
        return np.concatenate([matrix.take(stick, axis=1), drag, axial], axis=1)

    def expand(self, values: FloatArray) -> FloatArray:
        """Return the forces, shape (k, 3), from the unknowns."""
        count = len(self._slip)
        stuck, normal, across = np.split(values, [self.count - 2 * count, self.count - count])
        forces = np.zeros((self._vertices, 3))
        forces[self._stick] = stuck.reshape(-1, 3)
        forces[self._slip, 0] = normal
        forces[self._slip, 1:] = (self._friction * normal)[:, None] * self._along + across[
            :, None
        ] * self._across
        return forces
