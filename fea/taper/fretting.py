r"""Fretting of an interface over the judged cycle, vertex by vertex.

Between two instants a vertex moves by D, the change of its tangential jump. Friction is the solver's own,
that of the increment's end, so that the sum over all vertices is the friction work of the solver's
increments, and what is told of a place belongs to a whole that is balanced:

    work per area   w = -t . D,         p x slip   i = p |D|,

with t the tangential traction on the socket. A sticking vertex does not move, an open one has no t. *Slip*
is the largest distance between any two tangential positions that a vertex has while it touches.

The work of the loads over the cycle is the rise of the elastic energy and the work of friction. The
first two are exact for linear bodies, by trapezoids between the instants; so what is missing is the error
of the steps, which falls with their square.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.micromotion import largest_distance
from fea.solution import Interface, State
from fea.status import Status
from fea.study import Loop

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: J/m2 in a N/mm, and MPa um in a MPa mm.
PER_AREA = 1000.0


@dataclass(frozen=True, eq=False)
class Fretting:
    """What one cycle does to each vertex.

    Attributes
    ----------
    slip : ndarray, shape (n,), mm
        Peak to peak, while touching.
    path : ndarray, shape (n,), mm
        Way of slip in the cycle.
    energy : ndarray, shape (n,), N/mm
        Friction work per area in the cycle; 1 N/mm are 1000 J/m2.
    index : ndarray, shape (n,), MPa mm
        Pressure times way of slip.
    touching : ndarray of bool, shape (n,)
        False for a vertex that is open at every instant.
    opening : ndarray, shape (n,), mm
        Largest gap in the cycle of a vertex that touches after assembly; 0 for the others.
    """

    slip: FloatArray
    path: FloatArray
    energy: FloatArray
    index: FloatArray
    touching: BoolArray
    opening: FloatArray

    def total(self, area: FloatArray) -> float:
        """Return the friction work of the cycle, N mm (mJ); vertex areas in mm^2."""
        return float(self.energy @ area)


def fretting(
    interface: Interface, seated: State, states: Sequence[State], before: State | None = None
) -> Fretting:
    """Return what the judged cycle does.

    Parameters
    ----------
    interface : Interface
    seated : State
        After assembly.
    states : sequence of State
        One cycle.
    before : State or None
        The instant before it; where None the cycle's last one.
    """
    every = [states[-1] if before is None else before, *states]
    way = np.diff([state.jump[:, 1:] for state in every], axis=0)
    jumps = np.stack([state.jump for state in states])
    traction = np.stack([state.traction for state in states])
    closed = np.stack([state.status for state in states]) != Status.OPEN
    step = np.linalg.norm(way, axis=2)
    gap = interface.fit + jumps[:, :, 0]
    pressed = seated.status != Status.OPEN
    return Fretting(
        slip=largest_distance(_held_while_open(jumps[:, :, 1:], closed)),
        path=np.where(closed, step, 0.0).sum(axis=0),
        energy=-np.sum(traction[:, :, 1:] * way, axis=(0, 2)),
        index=np.sum(traction[:, :, 0] * step, axis=0),
        touching=closed.any(axis=0),
        opening=np.where(pressed & (~closed).any(axis=0), np.maximum(gap, 0.0).max(axis=0), 0.0),
    )


def _held_while_open(slides: FloatArray, closed: BoolArray) -> FloatArray:
    """Put a vertex that is open where it last touched, shape (k, n, 2)."""
    found = slides.copy()
    count = len(slides)
    for turn in range(2 * count):
        here = turn % count
        away = ~closed[here]
        found[here, away] = found[here - 1, away]
    found[:, ~closed.any(axis=0)] = 0.0
    return found


@dataclass(frozen=True)
class EnergyBalance:
    """Work of the loads in the judged cycle against what becomes of it.

    Attributes
    ----------
    work : float, N mm
        Of the loads.
    stored : float, N mm
        Rise of the elastic energy over the cycle.
    friction : float, N mm
        Work of friction, as the solver's increments say.
    """

    work: float
    stored: float
    friction: float

    @property
    def defect(self) -> float:
        """What is missing over the largest of the three, 0 where nothing moves."""
        size = max(abs(self.work), abs(self.stored), abs(self.friction))
        return abs(self.work - self.stored - self.friction) / size if size > 1e-9 else 0.0


def energy_balance(loop: Loop, friction: float) -> EnergyBalance:
    """Hold the work of the loads against elastic energy and friction.

    Parameters
    ----------
    loop : Loop
    friction : float, N mm
        Work of friction in the cycle.
    """
    mean = 0.5 * (loop.loads[1:] + loop.loads[:-1])
    work = float(np.sum(mean * np.diff(loop.moved, axis=0)))
    return EnergyBalance(work, float(loop.stored[-1] - loop.stored[0]), friction)
