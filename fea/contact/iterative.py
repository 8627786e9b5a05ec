"""Walk a history of wrenches by Newton's method on displacements and forces together.

The same story as `fea.contact.history`, for meshes whose dense interface compliance, or whose
factor, does not fit: press-fit, then each instant from the last converged one, halved where it
does not converge, refused where no equilibrium is left. Nothing is condensed or eliminated, so
the displacements of both bodies come with every point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.history import LOOSE, LostFixation, Point, strayed
from fea.contact.law import law_residual
from fea.contact.monolithic import Fields, Instant, MonolithicNewton, TwoBodies
from fea.contact.newton import NoConvergence
from fea.contact.problem import with_preloads
from fea.solve.multigrid import Preconditioner
from fea.status import Status

FloatArray = NDArray[np.float64]

#: Directions of earlier linear solves that are kept; two vectors of the whole problem each.
MEMORY = 60


@dataclass(frozen=True, eq=False)
class FieldPoint(Point):
    """A converged equilibrium with its displacements; `motion` is empty.

    Attributes
    ----------
    displacement : ndarray, shape (n,), mm
        Of all bodies, in the order of the stiffness.
    linear_iterations
        Applications of the preconditioner that it took.
    """

    displacement: FloatArray = field(default_factory=lambda: np.zeros(0))
    linear_iterations: int = 0


class IterativeHistory:
    """A history of two bodies.

    Parameters
    ----------
    bodies
        Equilibrium and interface.
    preconditioner
        Of the stiffness tied at the interface.
    motions : ndarray, shape (n, m)
        Rigid motions that only the interface holds; the one that runs away is named by them.
    cut_backs
        How often an instant may be halved.
    memory
        Directions of earlier linear solves that are kept.
    """

    def __init__(
        self,
        bodies: TwoBodies,
        preconditioner: Preconditioner,
        motions: FloatArray,
        cut_backs: int = 8,
        loose: float = LOOSE,
        memory: int = MEMORY,
    ) -> None:
        self._bodies, self._cut_backs, self._loose = bodies, cut_backs, loose
        self._newton = MonolithicNewton(bodies, preconditioner, memory)
        self._motion_jumps, self._thrust = bodies.matrix.rows @ motions, motions.T @ bodies.loads
        self._seated: Point | None = None

    @property
    def unloaded(self) -> FieldPoint:
        """The start: nothing pressed in yet."""
        count = len(self._bodies.gap)
        pressed = np.where(self._bodies.gap < 0.0, Status.STICK, Status.OPEN).astype(np.int64)
        return FieldPoint(
            forces=np.zeros((count, 3)),
            motion=np.zeros(0),
            jump=np.zeros((count, 3)),
            anchor=np.zeros((count, 2)),
            status=pressed,
            loads=self._loads(np.zeros(6), 0.0),
            seated=0.0,
            displacement=np.zeros(len(self._bodies.loads)),
        )

    def press_fit(self, increments: int = 1) -> FieldPoint:
        """Ramp interference and preloads in place, friction active from zero slip.

        Parameters
        ----------
        increments
            Number of equal parts of the ramp.

        Raises
        ------
        LostFixation
            When no equilibrium is found.
        """
        point = self.unloaded
        for step in range(1, increments + 1):
            point = self.advance(point, self._loads(np.zeros(6), step / increments), step / increments)
        self._seated = point
        return point

    def walk(
        self, point: FieldPoint, wrenches: FloatArray, last_cycle: Sequence[FieldPoint] = ()
    ) -> Iterator[FieldPoint]:
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
        for index, loads in enumerate(self._loads(wrenches, point.seated)):
            guess = None
            if index and last_cycle:
                guess = _repeat(point, last_cycle[index - 1], last_cycle[index])
            elif previous is not None:
                guess = _repeat(point, previous, point)
            point, previous = self.advance(point, loads, point.seated, guess), point
            yield point

    def advance(
        self, start: FieldPoint, loads: FloatArray, seated: float, guess: FieldPoint | None = None
    ) -> FieldPoint:
        """Go from a converged point to loads and a share of the fit, halving where needed."""
        point, done, part = start, 0.0, 1.0
        spent = np.zeros(2, dtype=np.int64)
        dissipation = 0.0
        while done < 1.0:
            reach = min(done + part, 1.0)
            goal = start.loads + reach * (loads - start.loads)
            first = guess if guess is not None and reach == 1.0 else point
            try:
                point = self._step(point, first, goal, start.seated + reach * (seated - start.seated))
            except NoConvergence as error:
                guess, part = None, 0.5 * part
                if part < 0.5**self._cut_backs:
                    raise LostFixation(
                        f"no equilibrium beyond {100 * done:.1f} % of the increment",
                        self._loosest_motion(point, goal),
                        goal,
                    ) from error
                continue
            done, spent = reach, spent + np.array([point.iterations, point.linear_iterations])
            dissipation += point.dissipation
        if self._seated is not None and strayed(point, self._seated) > self._loose:
            raise LostFixation(
                f"the stem slid more than {self._loose:.3g} mm since it was seated",
                self._loosest_motion(start, loads),
                loads,
            )
        return replace(
            point, iterations=int(spent[0]), linear_iterations=int(spent[1]), dissipation=dissipation
        )

    def _step(self, old: FieldPoint, guess: FieldPoint, loads: FloatArray, seated: float) -> FieldPoint:
        gap = self._bodies.gap
        instant = Instant(self._bodies.loads @ loads, np.where(gap < 0.0, seated * gap, gap), old.jump[:, 1:])
        found = self._newton.solve(instant, Fields(guess.displacement, guess.forces, guess.jump))
        fields = found.fields
        loss = -float(np.sum(fields.forces[:, 1:] * (fields.jump[:, 1:] - old.jump[:, 1:])))
        return FieldPoint(
            forces=fields.forces,
            motion=np.zeros(0),
            jump=fields.jump,
            anchor=old.jump[:, 1:],
            status=found.status,
            loads=loads,
            seated=seated,
            iterations=found.newton_steps,
            dissipation=loss,
            displacement=fields.displacement,
            linear_iterations=found.linear_iterations,
        )

    def _loads(self, wrenches: FloatArray, seated: float) -> FloatArray:
        return with_preloads(wrenches, seated * self._bodies.preloads)

    def _loosest_motion(self, point: Point, loads: FloatArray) -> FloatArray:
        """Where the load drives the stem against what the closed vertices resist."""
        resists = np.zeros((len(self._bodies.gap), 3))
        resists[point.status == Status.STICK] = 1.0
        resists[point.status == Status.SLIP, 0] = 1.0
        area = self._bodies.surface.area
        weight = (resists * area[:, None]).ravel()
        resistance = self._motion_jumps.T @ (weight[:, None] * self._motion_jumps) / area.sum()
        floor = 1e-6 * max(float(np.trace(resistance)), 1e-6) * np.eye(len(resistance))
        return np.asarray(linalg.solve(resistance + floor, self._thrust @ loads))


def audit(bodies: TwoBodies, points: Sequence[FieldPoint]) -> tuple[FloatArray, FloatArray]:
    """Measure every state on every vertex and every node, from its displacements and forces alone.

    Parameters
    ----------
    bodies
        Equilibrium and interface.
    points
        Converged states.

    Returns
    -------
    residual : ndarray, shape (k,)
        Nonsmooth residual of each state relative to its largest traction.
    imbalance : ndarray, shape (k,)
        Length of the unbalanced nodal forces relative to that of the vertices' forces or of
        the load, whichever is larger.
    """
    residual, imbalance = np.zeros(len(points)), np.zeros(len(points))
    surface, matrix = bodies.surface, bodies.matrix
    for k, point in enumerate(points):
        jump = (matrix.rows @ point.displacement).reshape(-1, 3)
        gap = np.where(bodies.gap < 0.0, point.seated * bodies.gap, bodies.gap) + jump[:, 0]
        traction = point.forces / surface.area[:, None]
        law = law_residual(traction, gap, jump[:, 1:] - point.anchor, surface.friction, surface.scale)
        residual[k] = np.abs(law).max(initial=0.0) / max(np.abs(traction).max(initial=0.0), 1e-12)
        load = bodies.loads @ point.loads
        drive = load + matrix.rows.T @ point.forces.ravel() - matrix.stiffness @ point.displacement
        size = max(float(np.linalg.norm(point.forces)), float(np.linalg.norm(load)), 1e-12)
        imbalance[k] = float(np.linalg.norm(drive)) / size
    return residual, imbalance


def _repeat(point: FieldPoint, before: FieldPoint, after: FieldPoint) -> FieldPoint:
    return replace(
        point,
        forces=point.forces + after.forces - before.forces,
        jump=point.jump + after.jump - before.jump,
        displacement=point.displacement + after.displacement - before.displacement,
        status=after.status,
    )
