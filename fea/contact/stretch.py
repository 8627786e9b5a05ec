"""A stretch of a history on one elimination: instants on the vertices that are expected to change.

Every instant is looked over on the eliminated vertices too, in single precision; where one of them
breaks a law the stretch ends before that instant. At its end the stretch is expanded to all
vertices at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fea.contact.elimination import Elimination
from fea.contact.newton import Increment, NoConvergence, solve_increment
from fea.contact.point import Point
from fea.contact.problem import InterfaceProblem
from fea.contact.selection import Outlook, friction_usage
from fea.contact.tangent import Tangent
from fea.errors import SolverError
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Scales of the augmentation with which a wedge is solved once more; any has the same solutions.
_STIFFER = (1.0, 10.0)


@dataclass(frozen=True)
class Control:
    """How an instant is solved.

    Attributes
    ----------
    least_pressure : float, MPa
        As in `fea.contact.newton.Increment`.
    cut_backs
        How often an instant may be halved.
    farthest : float, mm
        Change of a jump in one solve beyond which it is halved. A wedge can be in equilibrium in more than
        one way: locked, and sprung out of its seat. What the load leads to is near what was before.
    """

    least_pressure: float
    cut_backs: int
    farthest: float = math.inf


@dataclass(frozen=True, eq=False)
class Step:
    """A converged instant on the active vertices.

    Attributes
    ----------
    jump, forces : ndarray, shape (k, 3)
        In mm and N.
    anchor : ndarray, shape (k, 2), mm
    status : ndarray, shape (k,)
    loads, seated, iterations, dissipation
        As in `Point`.
    """

    jump: FloatArray
    forces: FloatArray
    anchor: FloatArray
    status: IntArray
    loads: FloatArray
    seated: float
    iterations: int = 0
    dissipation: float = 0.0


@dataclass(frozen=True, eq=False)
class Surprise:
    """An instant at which an eliminated vertex breaks a law.

    Attributes
    ----------
    outlook
        Usage and gap of all vertices at that instant.
    jump : ndarray, shape (v, 3), mm
        Jumps with the elimination as it was: a guess for the next try.
    """

    outlook: Outlook
    jump: FloatArray


class NoEquilibrium(SolverError):
    """Halving has ended.

    Attributes
    ----------
    step
        The last converged part of the instant.
    loads : ndarray, shape (6 + p,)
        What was not held.
    """

    def __init__(self, message: str, step: Step, loads: FloatArray) -> None:
        super().__init__(message)
        self.step, self.loads = step, loads


class Stretch:
    """Instants from a converged point on.

    Parameters
    ----------
    problem
        The interface.
    elimination
        Of what is not expected to change.
    start
        Where the stretch begins.
    control
        How instants are solved.
    """

    def __init__(
        self, problem: InterfaceProblem, elimination: Elimination, start: Point, control: Control
    ) -> None:
        self._problem, self._start, self._control = problem, start, control
        here = elimination.active
        self.last = Step(
            start.jump[here],
            start.forces[here],
            start.anchor[here],
            start.status[here],
            start.loads,
            start.seated,
        )
        self._held = start.jump[elimination.stuck].ravel()
        # Unit loads, and what is held.
        self._reduced = elimination.reduce(problem.equilibrium.stiffness.load_force, self._held)
        self._tangent: Tangent | None = None
        self.elimination = elimination
        self.steps: list[Step] = []

    def advance(self, loads: FloatArray, seated: float, guess: FloatArray | None = None) -> Surprise | None:
        """Solve the next instant, halving where needed.

        Parameters
        ----------
        loads : ndarray, shape (6 + p,)
        seated
            Share of the fit.
        guess : ndarray, shape (v, 3), mm, optional
            Expected jumps.

        Returns
        -------
        Surprise or None
            What was wrong with the elimination; the instant then does not count.

        Raises
        ------
        NoEquilibrium
            When halving ends.
        """
        start = step = self.last
        done, part, iterations, dissipation = 0.0, 1.0, 0, 0.0
        while done < 1.0:
            reach = min(done + part, 1.0)
            goal = start.loads + reach * (loads - start.loads)
            guesses = [step.jump]
            if guess is not None and reach == 1.0:
                guesses.append(guess[self.elimination.active])
            seating = start.seated + reach * (seated - start.seated)
            try:
                step = self._near(step, goal, seating, guesses)
            except NoConvergence as error:
                guess, part, self._tangent = None, 0.5 * part, None
                if part < 0.5**self._control.cut_backs:
                    said = f"no equilibrium beyond {100 * done:.1f} % of the increment"
                    raise NoEquilibrium(said, step, goal) from error
                continue
            surprise = self._look_over(step)
            if surprise is not None:
                return surprise
            done, iterations = reach, iterations + step.iterations
            dissipation += step.dissipation
        self.last = replace(step, iterations=iterations, dissipation=dissipation)
        self.steps.append(self.last)
        return None

    def expand(self, steps: list[Step]) -> list[Point]:
        """Return instants on all vertices; forces of held vertices come from equilibrium.

        Parameters
        ----------
        steps
            Instants of this stretch, in order.
        """
        if not steps:
            return []
        known, solved = self.elimination, self._problem.equilibrium.stiffness
        loads = np.column_stack([step.loads for step in steps])
        reduced = self._reduced.combined(np.vstack([loads, np.ones(len(steps))]))
        jumps = known.expand(np.column_stack([step.jump.ravel() for step in steps]), self._held, reduced)
        stuck = (solved.matrix @ jumps + solved.load_force @ loads).reshape(-1, 3, len(steps))[known.stuck]
        motions = solved.jump_motion @ jumps + solved.load_motion @ loads
        points, before = [], self._start.jump[:, 1:]
        for k, step in enumerate(steps):
            forces = np.zeros_like(self._start.forces)
            forces[known.active], forces[known.stuck] = step.forces, stuck[:, :, k]
            status = np.full(len(forces), int(Status.OPEN))
            status[known.active], status[known.stuck] = step.status, Status.STICK
            anchor = before.copy()
            anchor[known.active] = step.anchor
            jump = np.ascontiguousarray(jumps[:, k]).reshape(-1, 3)
            before = jump[:, 1:]
            points.append(
                Point(
                    forces, motions[:, k].copy(), jump, anchor, status, step.loads, step.seated,
                    step.iterations, step.dissipation,
                )
            )  # fmt: skip
        return points

    def _near(self, last: Step, loads: FloatArray, seated: float, guesses: list[FloatArray]) -> Step:
        """Solve for the equilibrium that the last one leads to; of a wedge, once more from all stuck."""
        farthest = self._control.farthest
        try:
            found = self._solve(last, loads, seated, guesses)
            if np.abs(found.jump - last.jump).max(initial=0.0) <= farthest:
                return found
        except NoConvergence:
            if farthest == math.inf:
                raise
        for stiffer in _STIFFER:
            try:
                found = self._solve(last, loads, seated, [last.jump], stiffer)
            except NoConvergence:
                continue
            if np.abs(found.jump - last.jump).max(initial=0.0) <= farthest:
                return found
        raise NoConvergence("the bodies sprang to another equilibrium, far off")

    def _solve(
        self, last: Step, loads: FloatArray, seated: float, guesses: list[FloatArray], stiffer: float = 0.0
    ) -> Step:
        """Solve; with `stiffer` from all that touches stuck, the augmentation's scale that much larger."""
        known = self.elimination
        system = known.system
        force = self._reduced.force @ np.append(loads, 1.0)
        gap = self._problem.seated_gap(seated)[known.active]
        increment = Increment(force, gap, last.jump[:, 1:], self._control.least_pressure)
        if stiffer:
            system = replace(system, scale=stiffer * system.scale)
            stuck = np.where(last.status == Status.OPEN, Status.OPEN, Status.STICK)
            found = solve_increment(system, increment, guesses, Tangent.of_status(system, stuck))
            self._tangent = None
        else:
            tangent = self._tangent or Tangent.of_status(system, last.status)
            found = solve_increment(system, increment, guesses, tangent)
            self._tangent = found.tangent
        loss = -float(np.sum(found.forces[:, 1:] * (found.jump[:, 1:] - last.jump[:, 1:])))
        return Step(
            found.jump, found.forces, last.jump[:, 1:], found.status, loads, seated, found.iterations, loss
        )

    def _look_over(self, step: Step) -> Surprise | None:
        """Hold the eliminated vertices against the laws."""
        known, problem = self.elimination, self._problem
        if len(known.active) == problem.vertices:
            return None
        load = self._reduced.combined(np.append(step.loads, 1.0)[:, None])
        away, stuck = known.glance(step.jump.ravel(), load)
        usage, gap = np.zeros(problem.vertices), problem.seated_gap(step.seated)
        usage[known.stuck] = friction_usage(stuck, problem.friction[known.stuck])
        gap[known.idle] += away[:, 0]
        if (usage[known.stuck] <= 1.0).all() and (gap[known.idle] >= 0.0).all():
            return None
        jump = self._start.jump.copy()
        jump[known.active], jump[known.idle] = step.jump, away
        return Surprise(Outlook(usage, gap), jump)
