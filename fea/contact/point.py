"""A converged equilibrium on the interface, and its audit on every vertex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.law import law_residual
from fea.contact.problem import InterfaceProblem
from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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
    loads : ndarray, shape (6 + p,), N and N mm
        Wrench, then the preloads in force.
    seated
        Share of the fit, and of the preloads, that is in place, 1 after the press-fit.
    iterations, dissipation
        As in `fea.solution.State`.
    """

    forces: FloatArray
    motion: FloatArray
    jump: FloatArray
    anchor: FloatArray
    status: IntArray
    loads: FloatArray
    seated: float
    iterations: int = 0
    dissipation: float = 0.0

    @property
    def wrench(self) -> FloatArray:
        """Wrench on the stem at the reference point, ndarray, shape (6,), N and N mm."""
        return self.loads[:6]


def unloaded(problem: InterfaceProblem) -> Point:
    """Return the start: nothing pressed in yet, pressed vertices expected to stick."""
    count = problem.vertices
    return Point(
        forces=np.zeros((count, 3)),
        motion=np.zeros(problem.motions),
        jump=np.zeros((count, 3)),
        anchor=np.zeros((count, 2)),
        status=np.where(problem.gap < 0.0, Status.STICK, Status.OPEN).astype(np.int64),
        loads=problem.loads(np.zeros(6), 0.0),
        seated=0.0,
    )


def audit(problem: InterfaceProblem, points: Sequence[Point]) -> tuple[FloatArray, FloatArray]:
    """Measure every state on every vertex, through the compliance and without any elimination.

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
    bodies = problem.equilibrium
    forces = np.stack([point.forces for point in points])
    loads = np.stack([point.loads for point in points])
    motions = np.stack([point.motion for point in points])
    flat = forces.reshape(len(points), -1)
    jumps = flat @ bodies.compliance + motions @ bodies.motions.T + loads @ bodies.load_jump.T
    residual = np.zeros(len(points))
    for k, (point, jump) in enumerate(zip(points, jumps.reshape(forces.shape), strict=True)):
        traction, gap = forces[k] / problem.area[:, None], problem.seated_gap(point.seated) + jump[:, 0]
        law = law_residual(traction, gap, jump[:, 1:] - point.anchor, problem.friction, problem.scale)
        residual[k] = np.abs(law).max(initial=0.0) / max(np.abs(traction).max(initial=0.0), 1e-12)
    drive = flat @ bodies.motions + loads @ bodies.load_thrust.T
    size = np.maximum(np.abs(loads).max(initial=0.0), np.abs(flat).sum(axis=1))
    return residual, np.abs(drive).max(axis=1, initial=0.0) / np.maximum(size, 1e-12)
