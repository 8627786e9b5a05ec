r"""The implant's axis: straight, or an arc that follows the anterior bow of the femur.

The arc of radius R is tangent to z at the cut and bends backwards on its way to the hip.
Shapes are stated about a straight axis; `bend` carries them onto the arc, section by
section without stretch across:
(x, y, s) -> ((R + x) cos(s/R) - R, y, (R + x) sin(s/R)) for s > 0, and nothing moves
distal of the cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError

FloatArray = NDArray[np.float64]

#: No implant is bowed more tightly, mm.
LEAST_RADIUS = 200.0


@dataclass(frozen=True)
class Axis:
    """The axis that the implant's sections stand on.

    Attributes
    ----------
    bow_radius : float, mm
        None for a straight axis.

    Raises
    ------
    GeometryError
        When the radius is no bow of an implant.
    """

    bow_radius: float | None = None

    def __post_init__(self) -> None:
        radius = self.bow_radius
        if radius is not None and not (math.isfinite(radius) and radius >= LEAST_RADIUS):
            raise GeometryError(
                f"The stem's bow radius must be at least {LEAST_RADIUS:g} mm, but it is {radius:g} mm."
            )

    def straighten(self, points: FloatArray) -> FloatArray:
        """Give positions in the straight frame of the implant.

        Parameters
        ----------
        points : ndarray, shape (..., 3), mm

        Returns
        -------
        ndarray, shape (..., 3), mm
            Forwards and to the left of the axis, and along it from the cut.
        """
        radius = self.bow_radius
        if radius is None:
            return points
        x, y, z = np.moveaxis(points, -1, 0)
        away = np.hypot(radius + x, z)
        straight = np.stack([away - radius, y, radius * np.arctan2(z, radius + x)], axis=-1)
        return np.where((z > 0.0)[..., None], straight, points)

    def bend(self, straight: FloatArray) -> FloatArray:
        """Carry positions from the straight frame into space.

        Parameters
        ----------
        straight : ndarray, shape (..., 3), mm

        Returns
        -------
        ndarray, shape (..., 3), mm
        """
        radius = self.bow_radius
        if radius is None:
            return straight
        x, y, along = np.moveaxis(straight, -1, 0)
        angle, away = along / radius, radius + x
        bent = np.stack([away * np.cos(angle) - radius, y, away * np.sin(angle)], axis=-1)
        return np.where((along > 0.0)[..., None], bent, straight)

    def frames(self, straight: FloatArray) -> FloatArray:
        """Give the directions of the straight frame as they stand in space.

        Parameters
        ----------
        straight : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n, 3, 3)
            Columns: forwards, left, along the axis.
        """
        if self.bow_radius is None:
            return np.broadcast_to(np.eye(3), (len(straight), 3, 3))
        angle = np.maximum(straight[:, 2], 0.0) / self.bow_radius
        frames = np.zeros((len(straight), 3, 3))
        frames[:, 0, 0] = frames[:, 2, 2] = np.cos(angle)
        frames[:, 2, 0], frames[:, 0, 2] = np.sin(angle), -np.sin(angle)
        frames[:, 1, 1] = 1.0
        return frames


#: The axis of every implant that is not bowed.
STRAIGHT = Axis()

#: Curvature below which two bows are the same, 1/mm: a thousandth of a micrometre over 300 mm.
_SAME = 1e-10


def relative_bow(bone: float | None, implant: float | None) -> float | None:
    """Give the bow that a bone has more than the implant in it.

    Parameters
    ----------
    bone, implant : float, mm, or None
        Radii of their bows; None for straight ones.

    Returns
    -------
    float, mm, or None
        Radius of the bone's bow in the implant's straight frame: the difference of the
        curvatures, right to s^4/R^3 at a distance s from the cut; negative where the implant
        is the more bowed one, None where they agree.
    """
    curvature = (1.0 / bone if bone else 0.0) - (1.0 / implant if implant else 0.0)
    return None if abs(curvature) < _SAME else (bone if not implant else 1.0 / curvature)
