"""Semi-smooth Newton on displacements and interface forces together, solved by iteration.

With u the displacements of both bodies and q the forces on the bone at the interface
vertices,

    K u - J^T q = f,        the laws between J u and q.

Each step linearises the laws vertex by vertex (`fea.contact.linearised`) and corrects u and q
by preconditioned conjugate residuals, no more accurately than Newton's own convergence
deserves. One iteration costs one application of the preconditioner of K + J^T D J, with D the
ties of the current state.

References
----------
S. C. Eisenstat, H. F. Walker, SIAM J. Sci. Comput. 17 (1996) 16-32.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.contact.law import Trial, law_residual, trial
from fea.contact.linearised import Linearised, Surface, linearise
from fea.contact.newton import NoConvergence
from fea.solve.krylov import KrylovSpace, LinearGoal, solve
from fea.solve.multigrid import Preconditioner, TiedMatrix
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Relative residual of laws and equilibrium at which an instant counts as solved.
TOLERANCE = 3e-10
MAX_ITERATIONS = 60
MAX_LINEAR_ITERATIONS = 150
#: Iterations of full steps before the length of a step is searched for.
_FULL_STEPS = 8
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.12, 0.06)
#: Largest change of a jump in one iteration, mm.
_LONGEST_STEP = 0.05
#: Loosest relative accuracy of a linear solve, and the factor of Eisenstat and Walker's second choice.
_LOOSEST, _FORCING = 0.1, 0.9
#: The preconditioner is renewed when this part of its ties has changed and when, since it last
#: was, linear solves took so many iterations more than a new one takes for as many digits.
RENEWAL, EXCESS = 0.02, 15.0
_ITERATIONS_PER_DIGIT = 3.2


@dataclass(frozen=True, eq=False)
class TwoBodies:
    """Equilibrium of both bodies and what their interface is.

    Attributes
    ----------
    matrix
        K with supports held, and J with the columns of held unknowns empty.
    loads : ndarray, shape (n, 6 + p)
        Nodal forces of unit loads: six wrenches, then p preloads.
    surface
        Areas, friction and the two stiffnesses.
    gap : ndarray, shape (v,), mm
        Initial gap minus interference.
    preloads : ndarray, shape (p,), N
        Preloads of the bodies, in place with the fit.
    """

    matrix: TiedMatrix
    loads: FloatArray
    surface: Surface
    gap: FloatArray
    preloads: FloatArray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False)
class Fields:
    """An iterate: displacement, shape (n,), mm; forces, shape (v, 3), N; jump, shape (v, 3), mm."""

    displacement: FloatArray
    forces: FloatArray
    jump: FloatArray


@dataclass(frozen=True, eq=False)
class Instant:
    """What one equilibrium is given.

    Attributes
    ----------
    load : ndarray, shape (n,), N
    gap : ndarray, shape (v,), mm
        Gap at zero jump.
    anchor : ndarray, shape (v, 2), mm
        Tangential jump at the last converged instant.
    """

    load: FloatArray
    gap: FloatArray
    anchor: FloatArray


@dataclass(frozen=True, eq=False)
class Found:
    """A converged iterate, its state, and what it took."""

    fields: Fields
    status: IntArray
    newton_steps: int
    linear_iterations: int


def _held_where_touching(now: Trial, gap: FloatArray) -> Trial:
    """Let vertices that touch stick where none is closed: a body that nothing holds has no first step."""
    if (now.status != Status.OPEN).any():
        return now
    return replace(now, status=np.where(gap <= 0.0, Status.STICK, now.status).astype(np.int64))


class MonolithicNewton:
    """Newton's method on one pair of bodies.

    Parameters
    ----------
    bodies
        The equations.
    preconditioner
        Of K + J^T D J.
    memory
        Directions of earlier solves that are kept.
    """

    def __init__(self, bodies: TwoBodies, preconditioner: Preconditioner, memory: int) -> None:
        self._bodies, self._precondition = bodies, preconditioner
        self._rows = bodies.matrix.rows
        self._rows_back: sparse.csr_matrix = self._rows.T.tocsr()
        self._size, count = self._rows.shape[1], 3 * len(bodies.gap)
        self._space = KrylovSpace(self._size + count, memory)
        self._ties, self._excess = np.zeros((0, 3, 3)), 0.0

    def solve(self, instant: Instant, start: Fields) -> Found:
        """Iterate to the equilibrium of one instant.

        Parameters
        ----------
        instant
            Load, gaps and anchors.
        start
            First guess.

        Raises
        ------
        NoConvergence
            When the residual does not fall below `TOLERANCE`.
        """
        current, linear, before = start, 0, np.inf
        drive = self._drive(instant, current)
        for iteration in range(MAX_ITERATIONS):
            now = self._trial(instant, current)
            residual = self.residual(instant, current, drive)
            if iteration and residual < TOLERANCE:
                return Found(current, _settled(now.status, current.forces), iteration, linear)
            if not iteration:
                now = _held_where_touching(now, instant.gap + current.jump[:, 0])
            laws = linearise(self._bodies.surface, now, np.column_stack([-instant.gap, instant.anchor]))
            right = np.r_[drive, (laws.target - laws.rows(current.jump, current.forces)).ravel()]
            size = float(np.linalg.norm(right))
            loosest = min(_LOOSEST, _FORCING * (size / before) ** 2) if iteration else _LOOSEST
            goal = LinearGoal(max(loosest * size, self._finest(current)), MAX_LINEAR_ITERATIONS)
            step, spent = self._linear_step(laws, right, goal)
            linear, before = linear + spent, size
            shares = _SHARES if iteration >= _FULL_STEPS else _SHARES[:1]
            current, drive = self._best_step(instant, current, step, shares)
        raise NoConvergence(f"no equilibrium after {MAX_ITERATIONS} iterations")

    def residual(self, instant: Instant, fields: Fields, drive: FloatArray | None = None) -> float:
        """Return the larger of both relative residuals, of the laws and of equilibrium.

        The laws' is relative to the largest traction, that of equilibrium, as a length, to the
        length of the vertices' forces.
        """
        if drive is None:
            drive = self._drive(instant, fields)
        law, traction = self._law(instant, fields)
        size = max(float(np.abs(traction).max(initial=0.0)), self._least_traction)
        forces = max(
            float(np.linalg.norm(fields.forces)),
            self._least_traction * float(np.linalg.norm(self._bodies.surface.area)),
        )
        return max(float(np.abs(law).max(initial=0.0)) / size, float(np.linalg.norm(drive)) / forces)

    @property
    def _least_traction(self) -> float:
        return 1e-3 * max(-float(self._bodies.gap.min(initial=0.0)), 1e-3) * self._bodies.surface.scale

    def _finest(self, fields: Fields) -> float:
        """Length of a linear residual below which nothing is gained."""
        surface = self._bodies.surface
        traction = max(
            float(np.abs(fields.forces / surface.area[:, None]).max(initial=0.0)), self._least_traction
        )
        return 0.3 * TOLERANCE * traction * float(surface.area.mean())

    def _drive(self, instant: Instant, fields: Fields) -> FloatArray:
        stiffness = self._bodies.matrix.product
        return np.asarray(
            instant.load - stiffness @ fields.displacement + self._rows_back @ fields.forces.ravel()
        )

    def _augmented(self, instant: Instant, fields: Fields) -> tuple[FloatArray, FloatArray, FloatArray]:
        traction = fields.forces / self._bodies.surface.area[:, None]
        return traction, instant.gap + fields.jump[:, 0], fields.jump[:, 1:] - instant.anchor

    def _trial(self, instant: Instant, fields: Fields) -> Trial:
        surface = self._bodies.surface
        return trial(*self._augmented(instant, fields), surface.friction, surface.scale)

    def _law(self, instant: Instant, fields: Fields) -> tuple[FloatArray, FloatArray]:
        surface = self._bodies.surface
        traction, gap, slip = self._augmented(instant, fields)
        return law_residual(traction, gap, slip, surface.friction, surface.scale), traction

    def _linear_step(self, laws: Linearised, right: FloatArray, goal: LinearGoal) -> tuple[Fields, int]:
        """Solve for a correction of displacement and forces."""
        self._renew(laws)
        space, size = self._space, self._size
        tail = np.zeros((len(space.directions), len(right) - size))
        for row, direction in zip(tail, space.directions, strict=True):
            jump = (self._rows @ direction[:size]).reshape(-1, 3)
            row[:] = laws.rows(jump, direction[size:].reshape(-1, 3)).ravel()
        space.renew(tail)
        step, _, spent = solve(
            lambda z: self._apply(laws, z), lambda r: self._approximate(laws, r), right, goal, space
        )
        digits = float(np.log10(max(float(np.linalg.norm(right)) / goal.length, 1.0)))
        self._excess += max(0.0, spent - _ITERATIONS_PER_DIGIT * digits)
        displacement = step[:size]
        return Fields(
            displacement, step[size:].reshape(-1, 3), (self._rows @ displacement).reshape(-1, 3)
        ), spent

    def _renew(self, laws: Linearised) -> None:
        if len(self._ties):
            change = float(np.abs(laws.ties - self._ties).sum() / np.abs(self._ties).sum())
            if change < RENEWAL or self._excess < EXCESS:
                self._precondition.adjust(laws.ties)
                return
        self._ties, self._excess = laws.ties, 0.0
        self._precondition.renew(laws.ties)

    def _apply(self, laws: Linearised, vector: FloatArray) -> FloatArray:
        displacement, forces = vector[: self._size], vector[self._size :]
        jump = (self._rows @ displacement).reshape(-1, 3)
        body = self._bodies.matrix.product @ displacement - self._rows_back @ forces
        return np.concatenate([body, laws.rows(jump, forces.reshape(-1, 3)).ravel()])

    def _approximate(self, laws: Linearised, right: FloatArray) -> FloatArray:
        rows = right[self._size :].reshape(-1, 3)
        pull = laws.force(rows, np.zeros_like(rows))
        displacement = self._precondition(right[: self._size] + self._rows_back @ pull.ravel())
        jump = (self._rows @ displacement).reshape(-1, 3)
        return np.concatenate([displacement, laws.force(rows, jump).ravel()])

    def _best_step(
        self, instant: Instant, old: Fields, step: Fields, shares: tuple[float, ...]
    ) -> tuple[Fields, FloatArray]:
        """Go the share of a step with the least defect, and no further than a step may be."""
        change = float(np.abs(step.jump).max(initial=0.0))
        longest = min(1.0, _LONGEST_STEP / change) if change > 0.0 else 1.0
        area = self._bodies.surface.area
        best, least = None, np.inf
        for share in shares:
            there = Fields(
                old.displacement + share * longest * step.displacement,
                old.forces + share * longest * step.forces,
                old.jump + share * longest * step.jump,
            )
            drive = self._drive(instant, there)
            law, _ = self._law(instant, there)
            merit = float(np.linalg.norm(area[:, None] * law)) + float(np.linalg.norm(drive))
            if merit < least or best is None:
                best, least = (there, drive), merit
        assert best is not None
        return best


def _settled(status: IntArray, forces: FloatArray) -> IntArray:
    """Count a vertex that touches without pressure as open."""
    return np.where(forces[:, 0] > 0.0, status, Status.OPEN)
