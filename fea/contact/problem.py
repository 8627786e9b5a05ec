"""The contact problem on the interface alone.

With q the contact forces on the bone at the interface vertices, d the jumps, a the rigid motions
that the supports leave free and w the loads (the wrench, then the preloads), equilibrium of both
bodies reads

    d = C q + G a + U w,        G^T q + T w = 0,

with C the compliance of the two held bodies. Solved for the forces, the motions gone,

    q = S d + Q w,              S = X - X G (G^T X G)^-1 G^T X,        X = C^-1,

S is the stiffness that the interface sees: it resists no rigid motion, and G^T q + T w = 0 holds
for every d. In this form a vertex that sticks costs nothing, because its jump is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.errors import SolverError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Relative defect of S against C beyond which the inversion is refused.
_DEFECT_LIMIT = 1e-8


@dataclass(frozen=True, eq=False)
class Stiffness:
    """Equilibrium solved for the forces.

    Attributes
    ----------
    matrix : ndarray, shape (3 v, 3 v), N/mm
        S above; symmetric, positive semi-definite.
    load_force : ndarray, shape (3 v, 6 + p)
        Q above: forces at zero jump under unit loads.
    jump_motion : ndarray, shape (m, 3 v)
    load_motion : ndarray, shape (m, 6 + p)
        Rigid motions that belong to jumps and to loads.
    """

    matrix: FloatArray
    load_force: FloatArray
    jump_motion: FloatArray
    load_motion: FloatArray


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Both bodies as their interface sees them, whatever fit and friction.

    Attributes
    ----------
    compliance : ndarray, shape (3 v, 3 v), mm/N
    motions : ndarray, shape (3 v, m), mm
        Jump of each free rigid motion.
    load_jump : ndarray, shape (3 v, 6 + p), mm
        Jump of the held bodies under unit loads: six wrenches, then p preloads.
    load_thrust : ndarray, shape (m, 6 + p)
        Work of unit loads on the rigid motions.
    """

    compliance: FloatArray
    motions: FloatArray
    load_jump: FloatArray
    load_thrust: FloatArray

    @cached_property
    def stiffness(self) -> Stiffness:
        """The same, solved for the forces.

        Raises
        ------
        SolverError
            When the compliance is not positive definite, or its inverse is wrong.
        """
        motions, count = self.motions, self.motions.shape[1]
        gram = linalg.inv(motions.T @ motions) if count else np.zeros((0, 0))
        spread = motions @ gram
        # Rigid parts of C do not show in S. Without them C is well conditioned, wherever the pins are.
        drift = self.compliance @ motions
        size = float(np.trace(self.compliance)) / max(len(self.compliance), 1)
        plain = self.compliance - drift @ spread.T
        plain -= spread @ (motions.T @ plain)
        plain += size * spread @ motions.T
        factor, failed = linalg.lapack.dpotrf(plain.T, lower=0, clean=0, overwrite_a=True)
        if failed:
            raise SolverError(
                f"the interface's compliance is not positive definite at its unknown {failed - 1}: two "
                "contact surfaces are held at one place; free one of them in [supports]"
            )
        matrix, _ = linalg.lapack.dpotri(factor, lower=0, overwrite_c=True)
        matrix = mirrored(matrix)
        matrix -= (spread / size) @ motions.T
        balancing = -spread @ self.load_thrust
        load_force = balancing - matrix @ (self.load_jump + self.compliance @ balancing)
        solved = Stiffness(
            matrix,
            load_force,
            spread.T - (gram @ drift.T) @ matrix,
            -gram @ (drift.T @ load_force + motions.T @ self.load_jump),
        )
        self._check(solved)
        return solved

    def _check(self, solved: Stiffness) -> None:
        """Hold both forms against each other with jumps and loads drawn at random."""
        random = np.random.default_rng(5)
        count: int = self.load_jump.shape[1]
        jump, loads = random.standard_normal(len(self.compliance)), random.standard_normal(count)
        parts = [(jump, np.zeros(count)), (np.zeros_like(jump), loads)]
        for given, load in parts:
            forces = solved.matrix @ given + solved.load_force @ load
            motion = solved.jump_motion @ given + solved.load_motion @ load
            terms = (self.compliance @ forces, self.motions @ motion, self.load_jump @ load, -given)
            size = max(float(np.abs(term).max(initial=0.0)) for term in terms)
            defect = float(np.abs(sum(terms)).max(initial=0.0)) / max(size, 1e-300)
            if not defect < _DEFECT_LIMIT:
                raise SolverError(
                    f"the interface's compliance cannot be inverted: relative defect {defect:.1e}, limit "
                    f"{_DEFECT_LIMIT:.0e}; look for slivers on the contact surfaces"
                )


@dataclass(frozen=True, eq=False)
class InterfaceProblem:
    """Everything that a history needs to know of the two bodies.

    Attributes
    ----------
    equilibrium
        The bodies; shared by all fits and frictions.
    area : ndarray, shape (v,), mm^2
    friction : ndarray, shape (v,)
    scale
        Stiffness of the augmented tractions, MPa/mm; any positive value gives the same answer.
    gap : ndarray, shape (v,), mm
        Initial gap minus interference.
    preloads : ndarray, shape (p,), N
        Preloads of the bodies, in place with the fit.
    """

    equilibrium: Equilibrium
    area: FloatArray
    friction: FloatArray
    scale: float
    gap: FloatArray
    preloads: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def vertices(self) -> int:
        """Number of interface vertices."""
        return len(self.gap)

    @property
    def motions(self) -> int:
        """Number of free rigid motions."""
        return len(self.equilibrium.load_thrust)

    @property
    def system(self) -> System:
        """All vertices as Newton's method sees them."""
        return System(self.equilibrium.stiffness.matrix, self.area, self.friction, self.scale)

    def loads(self, wrenches: FloatArray, seated: float) -> FloatArray:
        """Return wrenches, shape (..., 6), with the preloads in force behind them, (..., 6 + p)."""
        return with_preloads(wrenches, seated * self.preloads)

    def seated_gap(self, seated: float) -> FloatArray:
        """Gap at zero jump, shape (v,): open gaps are there from the start, interference is ramped."""
        return np.where(self.gap < 0.0, seated * self.gap, self.gap)


@dataclass(frozen=True, eq=False)
class System:
    """Interface equilibrium q = K d + f on some of the vertices.

    Attributes
    ----------
    stiffness : ndarray, shape (3 k, 3 k), N/mm
    area : ndarray, shape (k,), mm^2
    friction : ndarray, shape (k,)
    scale
        As in `InterfaceProblem`.
    """

    stiffness: FloatArray
    area: FloatArray
    friction: FloatArray
    scale: float

    @cached_property
    def single(self) -> NDArray[np.float32]:
        """The stiffness in single precision, for factors of Newton's steps."""
        return self.stiffness.astype(np.float32)

    def forces(self, jump: FloatArray, force: FloatArray) -> FloatArray:
        """Return q, shape (k, 3), for jumps (k, 3) and forces at zero jump (3 k,)."""
        return (self.stiffness @ jump.ravel() + force).reshape(-1, 3)


def with_preloads(wrenches: FloatArray, preloads: FloatArray) -> FloatArray:
    """Return wrenches, shape (..., 6), with the same preloads, shape (p,), behind each, (..., 6 + p)."""
    behind = np.broadcast_to(preloads, (*wrenches.shape[:-1], len(preloads)))
    return np.concatenate([wrenches, behind], axis=-1)


def unknowns(vertices: IntArray) -> IntArray:
    """Return the three unknowns of each vertex."""
    return (3 * vertices[:, None] + np.arange(3)).ravel()


def mirrored(upper: FloatArray, block: int = 512) -> FloatArray:
    """Fill the lower triangle of a Fortran-ordered matrix from its upper one, in place."""
    count = len(upper)
    for start in range(0, count, block):
        stop = min(start + block, count)
        square = upper[start:stop, start:stop]
        upper[start:stop, start:stop] = np.triu(square) + np.triu(square, 1).T
        upper[stop:, start:stop] = upper[start:stop, stop:].T
    return upper.T
