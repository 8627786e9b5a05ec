"""Rays in planes through the implant axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rays:
    """Many rays, each in its plane through the implant axis.

    Attributes
    ----------
    angle : ndarray, shape (n,), rad
        About the axis, from anterior towards the left.
    radius, level : ndarray, shape (n,), mm
        Where they start.
    radial, axial : ndarray, shape (n,)
        Their unit directions.
    """

    angle: FloatArray
    radius: FloatArray
    level: FloatArray
    radial: FloatArray
    axial: FloatArray

    def at(self, way: FloatArray) -> FloatArray:
        """Locate points, shape (n, 3), after a way of shape (n,) in mm."""
        across = self.radius + way * self.radial
        return np.stack(
            [across * np.cos(self.angle), across * np.sin(self.angle), self.level + way * self.axial], axis=1
        )

    def take(self, rows: NDArray[np.bool_]) -> Rays:
        """Select some of the rays."""
        return Rays(
            self.angle[rows], self.radius[rows], self.level[rows], self.radial[rows], self.axial[rows]
        )
