"""Where bone and stem touch, with a smooth border, and which band a motion lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.solution import State
from fea.status import Status

FloatArray = NDArray[np.float64]


def contact_level(states: Sequence[State], fit: FloatArray) -> FloatArray:
    """Return a function of the vertices whose sign says where there is contact at any of the instants.

    Pressure over its mean where the vertex touches, minus gap over its mean where it does
    not: between vertices it vanishes where neither pressure nor gap would be left.

    Parameters
    ----------
    states : sequence of State
    fit : ndarray, shape (n,), mm
        The interface's initial gap minus interference.

    Returns
    -------
    ndarray, shape (n,)
        Positive in contact, negative where every instant is open.
    """
    touching = np.any([state.status != Status.OPEN for state in states], axis=0)
    pressure = np.max([state.traction[:, 0] for state in states], axis=0)
    gap = np.min([state.jump[:, 0] for state in states], axis=0) + fit
    level = np.where(touching, _relative(pressure, touching), -_relative(gap, ~touching))
    return np.asarray(np.where(touching, np.maximum(level, 0.05), np.minimum(level, -0.05)))


def _relative(values: FloatArray, where: NDArray[np.bool_]) -> FloatArray:
    mean = float(values[where].mean()) if where.any() else 0.0
    return np.asarray(values / mean if mean > 0.0 else np.zeros_like(values))


def band_parts(motion: FloatArray) -> list[NDArray[np.bool_]]:
    """Tell for each band which vertices lie in it.

    Parameters
    ----------
    motion : ndarray, shape (n,), um

    Returns
    -------
    list of ndarray of bool, shape (n,)
        From the lowest band; the last is above the largest edge.
    """
    last = len(tokens.BAND_EDGES) - 1
    band = np.searchsorted(tokens.BAND_EDGES, motion, side="right") - 1
    band[motion == tokens.BAND_EDGES[last]] = last - 1
    return [band == index for index in range(last + 1)]
