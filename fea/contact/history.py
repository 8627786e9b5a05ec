"""Walk a history of wrenches from one equilibrium to the next.

Each instant starts from the last converged state; friction remembers the tangential jump there
and nothing else. A failed instant is halved towards the last converged one; when halving ends,
there is no equilibrium beyond it and the motion that ran away is named.

What is not expected to change over the next instants is eliminated. That is a guess, held against
the laws at every instant; where it fails, the walk goes on from the instant before with more
vertices. No equilibrium is missing before all vertices have been tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.elimination import Elimination, Selection, eliminate
from fea.contact.point import Point, audit, unloaded
from fea.contact.problem import InterfaceProblem
from fea.contact.selection import Outlook, enlarge, friction_usage, held_response, select
from fea.contact.stretch import Control, NoEquilibrium, Stretch, Surprise
from fea.errors import SolverError
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

__all__ = ["LOOSE", "CameOff", "History", "LostFixation", "Point", "audit"]

#: How far the stem may slide or come off since the press-fit, mm, before it counts as loose: pairing is
#: for small sliding. Of stems thinner than 10 mm it is that share of the diameter.
LOOSE, LOOSE_SHARE = 0.5, 0.05
#: Gap, mm, up to which bodies that are to be pressed together touch already.
_TOUCHING = 1e-9
#: Instants on one elimination: in a first cycle, and in later ones, of which more is known.
_FIRST, _LATER = 10, 25


def strayed(now: Point, seated: Point) -> float:
    """Return how far the stem has slid or come off since the press-fit, at most.

    What has never touched may open or close: there the stem swings in a wider canal. A gap that
    closes is no slide either: it is bounded by itself.

    Parameters
    ----------
    now, seated

    Returns
    -------
    float, mm
        0 where nothing touches.
    """
    change, held = now.jump - seated.jump, seated.status != Status.OPEN
    touching = held | (now.status != Status.OPEN)
    return float(max(change[held, 0].max(initial=0.0), np.abs(change[touching, 1:]).max(initial=0.0)))


class LostFixation(SolverError):
    """No equilibrium exists beyond a part of an increment.

    Attributes
    ----------
    direction : ndarray, shape (m,)
        The rigid motion that nothing holds.
    loads : ndarray, shape (6 + p,)
        The loads that were not held.
    """

    def __init__(self, message: str, direction: FloatArray, loads: FloatArray) -> None:
        super().__init__(message)
        self.direction, self.loads = direction, loads


class CameOff(LostFixation):
    """Bodies that were pressed together come apart as the force is released."""


class History:
    """A history on one interface problem.

    Parameters
    ----------
    problem
        The interface.
    cut_backs
        How often an instant may be halved.
    farthest : float, mm
        As in `fea.contact.stretch.Control`; not while an assembly presses.
    loose : float, mm
        How far the stem may slide or come off since the press-fit before it counts as loose.
    """

    def __init__(
        self,
        problem: InterfaceProblem,
        cut_backs: int = 8,
        farthest: float = math.inf,
        loose: float = LOOSE,
    ) -> None:
        self._problem, self._cut_backs, self._farthest = problem, cut_backs, farthest
        self._loose = loose
        self._seated: Point | None = None
        # Where nothing touches yet, residuals are measured by the size of the gaps.
        depth = max(float(np.abs(problem.gap).max(initial=0.0)), 1e-3)
        self._least_pressure = 1e-3 * depth * problem.scale

    @property
    def unloaded(self) -> Point:
        """The start: nothing pressed in yet, pressed vertices expected to stick."""
        return unloaded(self._problem)

    def press_fit(self, increments: int = 1, like: Point | None = None) -> Point:
        """Ramp interference and preloads in place, friction active from zero slip.

        Parameters
        ----------
        increments
            Number of equal parts of the ramp.
        like
            The press-fit with other inputs, as a first guess.

        Returns
        -------
        Point

        Raises
        ------
        LostFixation
            When no equilibrium is found.
        """
        problem = self._problem
        everything = Elimination(problem.system, Selection.everything(problem.vertices))
        stretch = self._stretch(self.unloaded, everything, pressing=True)
        for step in range(1, increments + 1):
            # The ramp is proportional and so, nearly, is what it does.
            guess = stretch.last.jump * (step / (step - 1)) if step > 1 else self._alike(like, 1 / increments)
            self._advance(stretch, problem.loads(np.zeros(6), step / increments), step / increments, guess)
        (point,) = stretch.expand(stretch.steps[-1:])
        self._seated = point
        return point

    def assemble(self, wrenches: FloatArray) -> list[Point]:
        """Press the bodies together by wrenches, from where they just touch.

        The fit stays as it is: what presses is the load alone. Afterwards jumps are small if they are so
        against the last of these states.

        Parameters
        ----------
        wrenches : ndarray, shape (k, 6), N and N mm

        Returns
        -------
        list of Point
            The equilibrium at each wrench.

        Raises
        ------
        LostFixation
            Where equilibrium ends; `CameOff` where it ends while the force is released.
        """
        problem = self._problem
        touching = np.where(problem.gap <= _TOUCHING, Status.STICK, Status.OPEN).astype(np.int64)
        start = replace(self.unloaded, status=touching, seated=1.0, loads=problem.loads(np.zeros(6), 1.0))
        everything = Elimination(problem.system, Selection.everything(problem.vertices))
        stretch, before = self._stretch(start, everything, pressing=True), 0.0
        points: list[Point] = []
        for loads in problem.loads(wrenches, 1.0):
            size = float(np.abs(loads).max())
            if size < before and not points:
                points = stretch.expand(stretch.steps)
                stretch = self._stretch(points[-1], everything)
            # As long as the area in contact is the same, pressing is proportional. Releasing is not: that
            # nothing presses any more would be an equilibrium too, but not the one that is led to.
            guess = stretch.last.jump * (size / before) if 0.0 < before < size else None
            try:
                self._advance(stretch, loads, 1.0, guess)
            except LostFixation as error:
                if size < before:
                    raise CameOff(str(error), error.direction, error.loads) from error
                raise
            before = size
        points += stretch.expand(stretch.steps)
        for point in points:
            self._require_small(float(np.abs(point.jump).max(initial=0.0)), point)
        self._seated = points[-1]
        return points

    def walk(self, point: Point, wrenches: FloatArray, last_cycle: Sequence[Point] = ()) -> Iterator[Point]:
        """Yield the equilibrium at each wrench in turn.

        Parameters
        ----------
        point
            Start.
        wrenches : ndarray, shape (k, 6), N and N mm
        last_cycle
            The same instants of an earlier cycle, or with other inputs, as first guesses.

        Raises
        ------
        LostFixation
            Where equilibrium ends.
        """
        loads = self._problem.loads(wrenches, point.seated)
        index, length = 0, _LATER if last_cycle else _FIRST
        known: Elimination | None = None
        guess: FloatArray | None = None
        while index < len(loads):
            part = slice(index, min(index + length, len(loads)))
            if known is None:
                known = eliminate(self._problem.system, self._selected(point, loads[part], last_cycle[part]))
            stretch, surprise, lost = self._stretch(point, known), None, None
            for k in range(part.start, part.stop):
                if guess is None:
                    guess = self._repeated(stretch, point, last_cycle, k)
                try:
                    surprise = self._advance(stretch, loads[k], point.seated, guess)
                except LostFixation as error:
                    lost = error
                guess = None
                if surprise is not None or lost is not None:
                    break
            for found in stretch.expand(stretch.steps):
                self._require_fixed(found, point)
                yield found
                point, index = found, index + 1
            all_active = len(stretch.elimination.active) == self._problem.vertices
            known = guess = None
            if lost is not None and all_active:
                raise lost
            if lost is not None:
                # What was left out may be what holds, as a collar does that the stem has yet to reach.
                known = eliminate(self._problem.system, Selection.everything(self._problem.vertices))
            if surprise is not None:
                known = enlarge(self._problem.system, stretch.elimination, surprise.outlook)
                guess = surprise.jump

    def _stretch(self, point: Point, known: Elimination, *, pressing: bool = False) -> Stretch:
        farthest = math.inf if pressing else self._farthest
        return Stretch(self._problem, known, point, Control(self._least_pressure, self._cut_backs, farthest))

    def _advance(
        self, stretch: Stretch, loads: FloatArray, seated: float, guess: FloatArray | None
    ) -> Surprise | None:
        try:
            return stretch.advance(loads, seated, guess)
        except NoEquilibrium as error:
            (point,) = stretch.expand([error.step])
            motion = self._loosest_motion(point, error.loads)
            raise LostFixation(str(error), motion, error.loads) from error

    def _selected(self, point: Point, loads: FloatArray, last_cycle: Sequence[Point]) -> Selection:
        ahead = self._ahead(point, loads, last_cycle)
        if ahead is None:
            return Selection.everything(self._problem.vertices)
        return select(point.status, ahead)

    def _ahead(self, point: Point, loads: FloatArray, last_cycle: Sequence[Point]) -> Outlook | None:
        """Look ahead: as it went in the last cycle, else by the response of held vertices."""
        friction, gap = self._problem.friction, self._problem.seated_gap(point.seated)
        if last_cycle:
            around = (point, *last_cycle)
            usage = np.max([friction_usage(near.forces, friction) for near in around], axis=0)
            return Outlook(usage, gap + np.min([near.jump[:, 0] for near in around], axis=0))
        response = held_response(self._problem, point.status)
        if response is None:
            return None
        changes = loads - point.loads
        return response.outlook(point.forces, gap + point.jump[:, 0], changes, friction)

    def _repeated(
        self, stretch: Stretch, point: Point, last_cycle: Sequence[Point], k: int
    ) -> FloatArray | None:
        """In a settled cycle the increments repeat, though states may still creep."""
        if not last_cycle or not k:
            return None
        guess = last_cycle[k].jump - last_cycle[k - 1].jump + point.jump
        active = stretch.elimination.active
        guess[active] += stretch.last.jump - point.jump[active]
        return guess

    def _alike(self, like: Point | None, seated: float) -> FloatArray | None:
        """Return the jumps of another press-fit, closed where that one is."""
        if like is None:
            return None
        jump = seated * like.jump
        closed = like.status != Status.OPEN
        jump[closed, 0] = -self._problem.seated_gap(seated)[closed]
        return jump

    def _require_fixed(self, point: Point, before: Point) -> None:
        """Refuse a jump that leaves small sliding."""
        if self._seated is not None:
            self._require_small(strayed(point, self._seated), point, before)

    def _require_small(self, moved: float, point: Point, before: Point | None = None) -> None:
        if moved > self._loose:
            raise LostFixation(
                f"the stem slid more than {self._loose:.3g} mm since it was seated",
                self._loosest_motion(before or point, point.loads),
                point.loads,
            )

    def _loosest_motion(self, point: Point, loads: FloatArray) -> FloatArray:
        """Where the load drives the stem against what the closed vertices resist.

        A sticking vertex resists in all directions, a slipping one along its normal.
        """
        problem = self._problem
        resists = np.zeros((problem.vertices, 3))
        resists[point.status == Status.STICK] = 1.0
        resists[point.status == Status.SLIP, 0] = 1.0
        weight = (resists * problem.area[:, None]).ravel()
        motions = problem.equilibrium.motions
        resistance = motions.T @ (weight[:, None] * motions) / problem.area.sum()
        floor = 1e-6 * max(float(np.trace(resistance)), 1e-6) * np.eye(len(resistance))
        return np.asarray(linalg.solve(resistance + floor, problem.equilibrium.load_thrust @ loads))
