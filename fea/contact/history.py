"""Walk a history of wrenches from one equilibrium to the next.

Each instant starts from the last converged state; friction remembers the tangential jump
there and nothing else. A failed instant is halved towards the last converged one; when
halving ends, there is no equilibrium beyond it and the motion that ran away is named.

Two nested eliminations keep the iterations small: one of what is not expected to change
during the whole history, one of what is not expected to change next. Both are guesses;
every solution is checked on all vertices and repeated with more of them where a law fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.elimination import Elimination, Load, Selection
from fea.contact.law import law_residual
from fea.contact.newton import Increment, Iterate, NoConvergence, solve_increment
from fea.contact.problem import InterfaceProblem
from fea.contact.selection import HISTORY, INSTANT, enlarge, friction_usage, predict, select, violators
from fea.errors import SolverError
from fea.solution import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Change of a jump since the press-fit, mm, beyond which the stem counts as loose: pairing is
#: for small sliding.
LOOSE = 0.5


#: Instants after which the inner elimination is chosen anew: it only ever grows.
_RENEWAL = 25


class LostFixation(SolverError):
    """No equilibrium exists beyond a part of an increment.

    Attributes
    ----------
    direction : ndarray, shape (m,)
        The rigid motion that nothing holds.
    wrench : ndarray, shape (6,)
        The load that was not held.
    """

    def __init__(self, message: str, direction: FloatArray, wrench: FloatArray) -> None:
        super().__init__(message)
        self.direction, self.wrench = direction, wrench


@dataclass(frozen=True, eq=False)
class Point:
    """A converged equilibrium on the interface.

    Attributes
    ----------
    forces : ndarray, shape (v, 3), N
    motion : ndarray, shape (m,)
    jump : ndarray, shape (v, 3), mm
    anchor : ndarray, shape (v, 2), mm
        Tangential jump that friction was measured from: the last converged one.
    status : ndarray, shape (v,)
    wrench : ndarray, shape (6,)
    seated
        Share of the fit that is in place, 1 after the press-fit.
    iterations, dissipation
        As in `fea.solution.State`.
    """

    forces: FloatArray
    motion: FloatArray
    jump: FloatArray
    anchor: FloatArray
    status: IntArray
    wrench: FloatArray
    seated: float
    iterations: int = 0
    dissipation: float = 0.0


class History:
    """A history on one interface problem.

    Parameters
    ----------
    problem
        The interface.
    cut_backs
        How often an instant may be halved.
    """

    def __init__(self, problem: InterfaceProblem, cut_backs: int = 8) -> None:
        self._problem, self._cut_backs = problem, cut_backs
        self._outer = Elimination(problem.system, Selection.everything(problem.vertices))
        self._inner: Elimination | None = None
        self._seated: FloatArray | None = None
        depth = max(-float(problem.gap.min(initial=0.0)), 1e-3)
        self._pressure_scale = depth * problem.system.scale
        self._force_scale = self._pressure_scale * float(problem.system.area.sum())

    @property
    def unloaded(self) -> Point:
        """The start: nothing pressed in yet, pressed vertices expected to stick."""
        count = self._problem.vertices
        pressed = np.where(self._problem.gap < 0.0, Status.STICK, Status.OPEN).astype(np.int64)
        return Point(
            forces=np.zeros((count, 3)),
            motion=np.zeros(self._problem.motions),
            jump=np.zeros((count, 3)),
            anchor=np.zeros((count, 2)),
            status=pressed,
            wrench=np.zeros(6),
            seated=0.0,
        )

    def press_fit(self, increments: int = 1) -> Point:
        """Ramp the interference in place, friction active from zero slip.

        Parameters
        ----------
        increments
            Number of equal parts of the ramp.

        Returns
        -------
        Point

        Raises
        ------
        LostFixation
            When no equilibrium is found.
        """
        point = self.unloaded
        for step in range(1, increments + 1):
            point = self.advance(point, np.zeros(6), step / increments)
        self._seated = point.jump
        return point

    def narrow(self, point: Point, wrenches: FloatArray) -> None:
        """Eliminate what is not expected to change over the given wrenches.

        Parameters
        ----------
        point
            Where the history stands.
        wrenches : ndarray, shape (k, 6)
        """
        problem = self._problem
        gap = self._gap(point.seated) + point.jump[:, 0]
        ahead = predict(problem, point.forces, gap, point.status, wrenches - point.wrench)
        chosen = Selection.everything(problem.vertices)
        if ahead is not None:
            chosen = select(point.status, *ahead, HISTORY)
        self._outer, self._inner = Elimination(problem.system, chosen), None

    def walk(self, point: Point, wrenches: FloatArray, last_cycle: Sequence[Point] = ()) -> Iterator[Point]:
        """Yield the equilibrium at each wrench in turn.

        Parameters
        ----------
        point
            Start.
        wrenches : ndarray, shape (k, 6), N and N mm
        last_cycle
            The same instants of an earlier cycle, as first guesses.

        Raises
        ------
        LostFixation
            Where equilibrium ends.
        """
        previous = None
        for index, wrench in enumerate(wrenches):
            # In a settled cycle the increments repeat, not the states; in the first they change little.
            guess = None
            if index % _RENEWAL == 0:
                self._inner = None
            if index and last_cycle:
                guess = _repeat(point, last_cycle[index - 1], last_cycle[index])
            elif previous is not None:
                guess = _repeat(point, previous, point)
            point, previous = self.advance(point, wrench, point.seated, guess), point
            yield point

    def advance(self, start: Point, wrench: FloatArray, seated: float, guess: Point | None = None) -> Point:
        """Go from a converged point to a wrench and a share of the fit, halving where needed."""
        point, done, part = start, 0.0, 1.0
        iterations, dissipation = 0, 0.0
        while done < 1.0:
            reach = min(done + part, 1.0)
            goal = start.wrench + reach * (wrench - start.wrench)
            first = guess if guess is not None and reach == 1.0 else point
            try:
                point = self._checked_step(point, first, goal, start.seated + reach * (seated - start.seated))
            except NoConvergence as error:
                guess, part, self._inner = None, 0.5 * part, None
                if part < 0.5**self._cut_backs:
                    raise LostFixation(
                        f"no equilibrium beyond {100 * done:.1f} % of the increment",
                        self._loosest_motion(point, goal),
                        goal,
                    ) from error
                continue
            done, iterations = reach, iterations + point.iterations
            dissipation += point.dissipation
        if self._seated is not None and np.abs(point.jump - self._seated).max(initial=0.0) > LOOSE:
            raise LostFixation(
                f"the stem slid more than {LOOSE} mm since it was seated",
                self._loosest_motion(start, wrench),
                wrench,
            )
        return replace(point, iterations=iterations, dissipation=dissipation)

    def _checked_step(self, old: Point, guess: Point, wrench: FloatArray, seated: float) -> Point:
        """Solve, and solve again with more vertices where the outer elimination was wrong."""
        friction, iterations = self._problem.system.friction, 0
        while True:
            new = self._outer_step(old, guess, wrench, seated)
            iterations += new.iterations
            gap = self._gap(seated) + new.jump[:, 0]
            wrong = violators(self._outer, new.forces, gap, friction)
            if not len(wrong):
                break
            chosen = enlarge(self._outer, wrong, friction_usage(new.forces, friction), gap, HISTORY)
            chosen = _worth_it(chosen, self._problem.vertices, 0.9)
            self._outer, self._inner, guess = Elimination(self._problem.system, chosen), None, new
        loss = -float(np.sum(new.forces[:, 1:] * (new.jump[:, 1:] - old.jump[:, 1:])))
        return replace(new, iterations=iterations, dissipation=loss)

    def _outer_step(self, old: Point, guess: Point, wrench: FloatArray, seated: float) -> Point:
        problem, outer = self._problem, self._outer
        gap = self._gap(seated)
        target = np.column_stack([-gap, old.jump[:, 1:]])
        load = Load(problem.wrench_jump @ wrench, problem.wrench_thrust @ wrench)
        reduced, held = outer.load(load, target)
        active = outer.active
        increment = Increment(
            reduced, gap[active], old.jump[active, 1:], self._pressure_scale, self._force_scale
        )
        first = Iterate(guess.forces[active], guess.motion, guess.jump[active])
        iterate, state, iterations = self._inner_step(increment, first, guess.status[active])
        forces = outer.expand(iterate.forces, iterate.motion, held)
        jump = outer.complete(iterate.jump, target, forces, iterate.motion, load)
        status = np.full(problem.vertices, int(Status.OPEN))
        status[outer.stuck], status[active] = Status.STICK, state
        return Point(forces, iterate.motion, jump, old.jump[:, 1:], status, wrench, seated, iterations)

    def _inner_step(
        self, increment: Increment, first: Iterate, status: IntArray
    ) -> tuple[Iterate, IntArray, int]:
        """Solve on the outer elimination's active vertices, iterating on few of them."""
        system, iterations = self._outer.system, 0
        if self._inner is None:
            usage = friction_usage(first.forces, system.friction)
            if not first.forces.any():
                usage = np.where(status == Status.STICK, 0.0, np.inf)
            self._inner = Elimination(
                system,
                _worth_it(select(status, usage, increment.gap + first.jump[:, 0], INSTANT), len(usage)),
            )
        while True:
            inner = self._inner
            target = np.column_stack([-increment.gap, increment.anchor])
            reduced, held = inner.load(increment.load, target)
            active = inner.active
            smaller = replace(
                increment, load=reduced, gap=increment.gap[active], anchor=increment.anchor[active]
            )
            start = Iterate(first.forces[active], first.motion, first.jump[active])
            found, state, spent = solve_increment(inner.system, smaller, start)
            iterations += spent
            forces = inner.expand(found.forces, found.motion, held)
            jump = inner.complete(found.jump, target, forces, found.motion, increment.load)
            gap = increment.gap + jump[:, 0]
            first = Iterate(forces, found.motion, jump)
            wrong = violators(inner, forces, gap, system.friction)
            if not len(wrong):
                break
            usage = friction_usage(forces, system.friction)
            self._inner = Elimination(
                system, _worth_it(enlarge(inner, wrong, usage, gap, INSTANT), len(usage))
            )
        whole = np.full(len(system.area), int(Status.OPEN))
        whole[inner.stuck], whole[active] = Status.STICK, state
        return first, whole, iterations

    def _loosest_motion(self, point: Point, wrench: FloatArray) -> FloatArray:
        """Where the load drives the stem against what the closed vertices resist.

        A sticking vertex resists in all directions, a slipping one along its normal.
        """
        problem = self._problem
        resists = np.zeros((problem.vertices, 3))
        resists[point.status == Status.STICK] = 1.0
        resists[point.status == Status.SLIP, 0] = 1.0
        weight = (resists * problem.system.area[:, None]).ravel()
        motions = problem.system.motions
        resistance = motions.T @ (weight[:, None] * motions) / problem.system.area.sum()
        floor = 1e-6 * max(float(np.trace(resistance)), 1e-6) * np.eye(len(resistance))
        return np.asarray(linalg.solve(resistance + floor, problem.wrench_thrust @ wrench))

    def _gap(self, seated: float) -> FloatArray:
        """Gap at zero jump: open gaps are there from the start, interference is ramped."""
        gap = self._problem.gap
        return np.where(gap < 0.0, seated * gap, gap)


def _worth_it(chosen: Selection, count: int, most: float = 0.6) -> Selection:
    """Keep everything where an elimination would leave most of it."""
    return chosen if len(chosen.active) < most * count else Selection.everything(count)


def _repeat(point: Point, before: Point, after: Point) -> Point:
    return replace(
        point,
        forces=point.forces + after.forces - before.forces,
        motion=point.motion + after.motion - before.motion,
        jump=point.jump + after.jump - before.jump,
        status=after.status,
    )


def audit(problem: InterfaceProblem, points: Sequence[Point]) -> tuple[FloatArray, FloatArray]:
    """Measure every state on every vertex, without any elimination.

    Parameters
    ----------
    problem
        The interface.
    points
        Converged states in the order of the history, from the unloaded start on.

    Returns
    -------
    residual : ndarray, shape (k,)
        Nonsmooth residual of each state relative to its largest pressure.
    imbalance : ndarray, shape (k,)
        Contact forces against the load, relative to the largest load or contact force.
    """
    system = problem.system
    forces = np.stack([point.forces for point in points])
    wrenches = np.stack([point.wrench for point in points])
    motions = np.stack([point.motion for point in points])
    flat = forces.reshape(len(points), -1)
    jumps = (
        flat @ system.compliance + motions @ system.motions.T + wrenches @ problem.wrench_jump.T
    ).reshape(forces.shape)
    residual = np.zeros(len(points))
    for k, point in enumerate(points):
        gap = np.where(problem.gap < 0.0, point.seated * problem.gap, problem.gap) + jumps[k, :, 0]
        traction = forces[k] / system.area[:, None]
        law = law_residual(traction, gap, jumps[k, :, 1:] - point.anchor, system.friction, system.scale)
        residual[k] = np.abs(law).max(initial=0.0) / max(np.abs(traction).max(initial=0.0), 1e-12)
    drive = flat @ system.motions + wrenches @ problem.wrench_thrust.T
    size = np.maximum(np.abs(wrenches).max(initial=0.0), np.abs(flat).sum(axis=1))
    return residual, np.abs(drive).max(axis=1, initial=0.0) / np.maximum(size, 1e-12)
