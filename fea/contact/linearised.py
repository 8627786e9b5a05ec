"""The laws linearised at each vertex, as 3x3 matrices on jumps and on forces.

At a state the laws read  A j + B q = b  at each vertex, in newtons: the rows on jumps are
multiplied by a stiffness r w, with w the vertex's area. The preconditioner solves the
neighbouring system in which a jump may give way by its own force over that stiffness,

    A j + (B + A / (r w)) q = b,   so that   q = M^-1 (b - A j),  M = B + A / (r w),

and the force follows from the jump at the vertex itself. Its symmetric part is a tie between
the bodies; a slipping vertex has none along its slip but a small share of r w, which keeps a
floating stem in place while nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.law import Trial
from fea.status import Status

FloatArray = NDArray[np.float64]

#: Share of a tie that a vertex keeps in directions that its state leaves free, slipping and open.
SLIDING_SHARE = 0.02
OPEN_SHARE = 1e-3


@dataclass(frozen=True, eq=False)
class Linearised:
    """Laws at a state.

    Attributes
    ----------
    on_jump : ndarray, shape (v, 3, 3), N/mm
        A.
    on_force : ndarray, shape (v, 3, 3)
        B.
    target : ndarray, shape (v, 3), N
        b.
    inverse : ndarray, shape (v, 3, 3)
        M^-1.
    ties : ndarray, shape (v, 3, 3), N/mm
        Symmetric.
    """

    on_jump: FloatArray
    on_force: FloatArray
    target: FloatArray
    inverse: FloatArray
    ties: FloatArray

    def rows(self, jump: FloatArray, forces: FloatArray) -> FloatArray:
        """Return A j + B q, shape (v, 3), of jumps and forces of that shape."""
        return _product(self.on_jump, jump) + _product(self.on_force, forces)

    def force(self, rows: FloatArray, jump: FloatArray) -> FloatArray:
        """Return M^-1 (b - A j), shape (v, 3)."""
        return _product(self.inverse, rows - _product(self.on_jump, jump))


@dataclass(frozen=True, eq=False)
class Surface:
    """What the laws need of the vertices.

    Attributes
    ----------
    area : ndarray, shape (v,), mm^2
    friction : ndarray, shape (v,)
    scale
        Stiffness of the augmented tractions, MPa/mm.
    tie
        Stiffness r of the preconditioner's ties, MPa/mm.
    """

    area: FloatArray
    friction: FloatArray
    scale: float
    tie: float


def linearise(surface: Surface, now: Trial, target_jump: FloatArray) -> Linearised:
    """Linearise the laws at a trial state.

    Parameters
    ----------
    surface
        The vertices.
    now
        Their state: as in `fea.contact.newton`, a slipping vertex has friction mu p along the
        trial direction and a part across it.
    target_jump : ndarray, shape (v, 3), mm
        Jump at which gap and slip increment are zero.

    Returns
    -------
    Linearised
    """
    count = len(surface.area)
    stick, slip = now.status == Status.STICK, np.flatnonzero(now.status == Status.SLIP)
    strength = surface.tie * surface.area
    on_jump, on_force, inverse = (np.zeros((count, 3, 3)) for _ in range(3))
    on_jump[stick] = strength[stick, None, None] * np.eye(3)
    on_force[now.status == Status.OPEN] = np.eye(3)
    ties = on_jump.copy()
    inverse[:] = np.eye(3)
    along = now.direction[slip]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    mobility, friction = now.mobility[slip], surface.friction[slip]
    lag = (1.0 - mobility) * surface.tie / surface.scale
    size = mobility + lag
    on_jump[slip, 0, 0] = strength[slip]
    on_force[slip, 1, 1:] = along
    on_force[slip, 1, 0] = -friction
    on_jump[slip, 2, 1:] = (strength[slip] * mobility / size)[:, None] * across
    on_force[slip, 2, 1:] = (lag / size)[:, None] * across
    # Rows of M there: normal; along e minus friction; across e. Its inverse is written out.
    inverse[slip, 1:, 0] = friction[:, None] * along
    inverse[slip, 1:, 1], inverse[slip, 1:, 2] = along, across
    ties[slip, 0, 0] = strength[slip]
    held = (strength[slip] * mobility / size)[:, None, None] * across[:, :, None] * across[:, None, :]
    ties[slip, 1:, 1:] = held + SLIDING_SHARE * strength[slip, None, None] * np.eye(2)
    free = now.status == Status.OPEN
    ties[free] = OPEN_SHARE * strength[free, None, None] * np.eye(3)
    return Linearised(on_jump, on_force, _product(on_jump, target_jump), inverse, ties)


def _product(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    return np.asarray(np.matmul(matrices, vectors[:, :, None])[:, :, 0])
