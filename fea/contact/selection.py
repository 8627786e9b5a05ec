"""Which vertices can change state: guesses that are checked after every solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fea.contact.elimination import Elimination, Selection, eliminate
from fea.contact.problem import InterfaceProblem, System, unknowns
from fea.status import Status

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


#: Over the next instants.
INSTANT = Margins(usage=0.6, gap=0.00003)


@dataclass(frozen=True, eq=False)
class Outlook:
    """How far vertices come towards a change of state.

    Attributes
    ----------
    usage : ndarray, shape (k,)
        Largest share of the friction limit.
    gap : ndarray, shape (k,), mm
        Least gap.
    """

    usage: FloatArray
    gap: FloatArray


def friction_usage(forces: FloatArray, friction: FloatArray) -> FloatArray:
    """Friction over its limit, infinite where nothing presses.

    Parameters
    ----------
    forces : ndarray, shape (..., k, 3), N
    friction : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (..., k)
    """
    limit = friction * forces[..., 0]
    shear = np.hypot(forces[..., 1], forces[..., 2])
    return np.where(limit > 0.0, shear / np.where(limit > 0.0, limit, 1.0), np.inf)


def select(status: IntArray, outlook: Outlook) -> Selection:
    """Keep the vertices whose state is not sure.

    Parameters
    ----------
    status : ndarray, shape (k,)
    outlook
        Of the same vertices.
    """
    sticks = (status == Status.STICK) & (outlook.usage < INSTANT.usage)
    away = (status == Status.OPEN) & (outlook.gap > INSTANT.gap)
    return Selection(np.flatnonzero(~sticks & ~away), np.flatnonzero(sticks))


def enlarge(system: System, known: Elimination, outlook: Outlook) -> Elimination:
    """Keep, beside the violators, the vertices that come close to violating.

    Parameters
    ----------
    system
        All vertices.
    known
        What was eliminated.
    outlook
        What was found.
    """
    near = known.idle[~(outlook.gap[known.idle] >= INSTANT.gap)]
    close = known.stuck[~(outlook.usage[known.stuck] <= INSTANT.usage)]
    if not len(near):
        return known.released(close)
    active = np.union1d(known.active, np.concatenate([close, near]))
    return eliminate(system, Selection(active, np.setdiff1d(known.stuck, active)))


@dataclass(frozen=True, eq=False)
class Response:
    """What unit loads do to the interface with every closed vertex held where it is.

    Attributes
    ----------
    forces : ndarray, shape (v, 3, 6 + p)
    gap : ndarray, shape (v, 6 + p), mm
    """

    forces: FloatArray
    gap: FloatArray

    def outlook(
        self, forces: FloatArray, gap: FloatArray, changes: FloatArray, friction: FloatArray
    ) -> Outlook:
        """Look ahead over changes of the loads.

        Parameters
        ----------
        forces : ndarray, shape (v, 3), N
        gap : ndarray, shape (v,), mm
        changes : ndarray, shape (n, 6 + p)
        friction : ndarray, shape (v,)
        """
        usage, least = np.zeros(len(gap)), np.full(len(gap), np.inf)
        for change in changes:
            usage = np.maximum(usage, friction_usage(forces + self.forces @ change, friction))
            least = np.minimum(least, gap + self.gap @ change)
        return Outlook(usage, least)


def held_response(problem: InterfaceProblem, status: IntArray) -> Response | None:
    """Return the response with every closed vertex held.

    Parameters
    ----------
    problem
        The interface.
    status : ndarray, shape (v,)

    Returns
    -------
    Response or None
        None where the closed vertices do not hold the stem.
    """
    solved = problem.equilibrium.stiffness
    opened, closed = unknowns(np.flatnonzero(status == Status.OPEN)), unknowns(np.flatnonzero(status))
    forces = np.zeros_like(solved.load_force)
    jump = np.zeros_like(forces)
    if len(opened):
        block = solved.matrix[opened[:, None], opened]
        try:
            factor = linalg.cho_factor(block, lower=True, overwrite_a=True, check_finite=False)
        except linalg.LinAlgError:
            return None
        jump[opened] = -linalg.cho_solve(factor, solved.load_force[opened])
    if not len(closed):
        return None
    forces[closed] = solved.load_force[closed] + solved.matrix[closed] @ jump
    return Response(forces.reshape(problem.vertices, 3, -1), jump[0::3])
