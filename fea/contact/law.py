"""Signorini's and Coulomb's laws as projections, vertex by vertex.

With pressure p, friction traction q on the bone, gap g, increment s of the tangential
jump and any scale c > 0, the laws hold exactly where

    p = max(0, p - c g),        q = projection of (q - c s) on the disk of radius mu p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.status import Status

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trial:
    """Augmented tractions, and the state that they indicate.

    Attributes
    ----------
    status : ndarray, shape (v,)
    direction : ndarray, shape (v, 2)
        Unit vector of the trial friction; (1, 0) where there is none.
    mobility : ndarray, shape (v,)
        Radius of Coulomb's disk over the length of the trial friction, within [0, 1].
    """

    status: IntArray
    direction: FloatArray
    mobility: FloatArray


def trial(
    traction: FloatArray, gap: FloatArray, slip: FloatArray, friction: FloatArray, scale: float
) -> Trial:
    """Classify vertices by their augmented tractions.

    Parameters
    ----------
    traction : ndarray, shape (v, 3), MPa
    gap : ndarray, shape (v,), mm
    slip : ndarray, shape (v, 2), mm
        Increment of the tangential jump.
    friction : ndarray, shape (v,)
    scale
        MPa/mm.

    Returns
    -------
    Trial
    """
    pressure = traction[:, 0] - scale * gap
    shear = traction[:, 1:] - scale * slip
    length = np.linalg.norm(shear, axis=1)
    radius = friction * np.maximum(pressure, 0.0)
    slides = (length > radius) | (friction == 0.0)
    status = np.where(pressure <= 0.0, Status.OPEN, np.where(slides, Status.SLIP, Status.STICK))
    safe = np.where(length > 0.0, length, 1.0)
    direction = np.where(length[:, None] > 0.0, shear / safe[:, None], np.array([1.0, 0.0]))
    return Trial(status.astype(np.int64), direction, np.where(slides, np.minimum(radius / safe, 1.0), 1.0))


def law_residual(
    traction: FloatArray, gap: FloatArray, slip: FloatArray, friction: FloatArray, scale: float
) -> FloatArray:
    """Return how far tractions are from their own projections.

    Parameters
    ----------
    traction, gap, slip, friction, scale
        As for `trial`.

    Returns
    -------
    ndarray, shape (v, 3), MPa
        Zero where both laws hold.
    """
    normal = traction[:, 0] - np.maximum(traction[:, 0] - scale * gap, 0.0)
    shear = traction[:, 1:] - scale * slip
    length = np.linalg.norm(shear, axis=1)
    radius = friction * np.maximum(traction[:, 0], 0.0)
    shrink = np.minimum(1.0, radius / np.where(length > 0.0, length, 1.0))
    return np.column_stack([normal, traction[:, 1:] - shrink[:, None] * shear])
