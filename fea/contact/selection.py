"""Which vertices can change state: guesses that are checked after every solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.elimination import Elimination, Load, Selection
from fea.contact.problem import InterfaceProblem
from fea.solution import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Margins:
    """How sure a state must be to be taken for granted.

    Attributes
    ----------
    usage
        Share of the friction limit up to which a sticking vertex is held.
    gap : float, mm
        Gap above which an open vertex is left out.
    """

    usage: float
    gap: float


#: Over a whole history, and over the next instant.
HISTORY = Margins(usage=0.45, gap=0.006)
INSTANT = Margins(usage=0.7, gap=0.001)


def friction_usage(forces: FloatArray, friction: FloatArray) -> FloatArray:
    """Friction over its limit, infinite where nothing presses.

    Parameters
    ----------
    forces : ndarray, shape (k, 3), N
    friction : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (k,)
    """
    limit = friction * forces[:, 0]
    shear = np.linalg.norm(forces[:, 1:], axis=1)
    return np.where(limit > 0.0, shear / np.where(limit > 0.0, limit, 1.0), np.inf)


def select(status: IntArray, usage: FloatArray, gap: FloatArray, margins: Margins) -> Selection:
    """Keep the vertices whose state is not sure.

    Parameters
    ----------
    status : ndarray, shape (k,)
    usage : ndarray, shape (k,)
        From `friction_usage`.
    gap : ndarray, shape (k,), mm
    margins
        What counts as sure.
    """
    sticks = (status == Status.STICK) & (usage < margins.usage)
    away = (status == Status.OPEN) & (gap > margins.gap)
    return Selection(np.flatnonzero(~sticks & ~away), np.flatnonzero(sticks))


def violators(
    elimination: Elimination, forces: FloatArray, gap: FloatArray, friction: FloatArray
) -> IntArray:
    """Vertices outside the active set whose assumed state breaks a law.

    Parameters
    ----------
    elimination
        The assumption.
    forces, gap, friction
        On the larger system.
    """
    stuck, idle = elimination.stuck, elimination.idle
    broken = friction_usage(forces[stuck], friction[stuck]) > 1.0
    return np.concatenate([stuck[broken], idle[gap[idle] < 0.0]])


def enlarge(
    elimination: Elimination, wrong: IntArray, usage: FloatArray, gap: FloatArray, margins: Margins
) -> Selection:
    """Keep, beside the violators, the vertices that come close to violating."""
    close = elimination.stuck[usage[elimination.stuck] > margins.usage]
    near = elimination.idle[gap[elimination.idle] < margins.gap]
    active = np.union1d(elimination.active, np.concatenate([wrong, close, near]))
    return Selection(active, np.setdiff1d(elimination.stuck, active))


def predict(
    problem: InterfaceProblem, forces: FloatArray, gap: FloatArray, status: IntArray, changes: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    """Predict over a history, every closed vertex held where it is.

    Parameters
    ----------
    problem
        The interface.
    forces : ndarray, shape (v, 3), N
    gap : ndarray, shape (v,), mm
    status : ndarray, shape (v,)
    changes : ndarray, shape (k, 6)
        Changes of the wrench.

    Returns
    -------
    usage, gap : ndarray, shape (v,)
        The largest usage of friction and the least gap; None where the closed vertices do
        not hold the stem.
    """
    closed = np.flatnonzero(status != Status.OPEN)
    held = Elimination(problem.system, Selection(np.zeros(0, dtype=np.int64), closed))
    give = held.system.give
    if not len(closed) or (give.size and linalg.eigvalsh(-give).min() <= 1e-9 * np.abs(give).max()):
        return None
    still = np.zeros_like(forces)
    units = [Load(problem.wrench_jump[:, k], problem.wrench_thrust[:, k]) for k in range(6)]
    answers = [held.load(unit, still) for unit in units]
    thrust = np.column_stack([reduced.thrust for reduced, _ in answers])
    motion = linalg.solve(-give, thrust) if give.size else thrust
    none = np.zeros((0, 3))
    unit_forces = np.stack([held.expand(none, motion[:, k], answers[k][1]) for k in range(6)], axis=-1)
    unit_gap = problem.system.compliance[0::3] @ unit_forces.reshape(-1, 6)
    unit_gap += problem.system.motions[0::3] @ motion + problem.wrench_jump[0::3]
    usage, least = np.zeros(len(gap)), np.full(len(gap), np.inf)
    for change in changes:
        usage = np.maximum(usage, friction_usage(forces + unit_forces @ change, problem.system.friction))
        least = np.minimum(least, gap + unit_gap @ change)
    return usage, least
