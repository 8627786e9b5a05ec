r"""A line that is revolved about the implant axis: straight flank, rounded end.

The flank is r(z) = r_0 - k (z - s) from the taper's start s up to the fillet, and r_0 below s;
the fillet of radius t touches the flank and the end plane z = L, its centre at z_c = L - t and
rho_c = r_0 - k (z_c - s) - t sqrt(1 + k^2), so that there r(z) = rho_c + sqrt(t^2 - (z - z_c)^2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """Radius along an axis.

    Attributes
    ----------
    radius : float, mm
        Where the taper starts, and below.
    slope
        Loss of radius per length beyond the taper's start.
    length : float, mm
        Level of the end plane.
    end_radius : float, mm
        Of the fillet between flank and end plane; 0 for a sharp edge.
    start : float, mm
        Level of the taper's start: the cut, unless the stem is sunk or stands proud.
    """

    radius: float
    slope: float
    length: float
    end_radius: float
    start: float = 0.0

    @property
    def fillet_centre_level(self) -> float:
        """Level of the fillet's centre, mm."""
        return self.length - self.end_radius

    @property
    def fillet_centre_radius(self) -> float:
        """Radius of the fillet's centre, which is that of the flat end, mm."""
        flank = self.flank(self.fillet_centre_level)
        return flank - self.end_radius * math.hypot(1.0, self.slope)

    @property
    def fillet_start(self) -> float:
        """Level at which the flank ends and the fillet starts, mm."""
        return self.fillet_centre_level + self.end_radius * self.slope / math.hypot(1.0, self.slope)

    def flank(self, level: float) -> float:
        """Radius of the flank's line at a level beyond the taper's start, fillet or not, mm."""
        return self.radius - self.slope * (level - self.start)

    def at(self, level: FloatArray) -> FloatArray:
        """Give the radius at levels.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Above the end plane the radius of the flat end.
        """
        level = np.asarray(level, dtype=np.float64)
        flank = self.radius - self.slope * (np.clip(level, self.start, self.length) - self.start)
        if self.end_radius == 0:
            return flank
        rise = np.clip(level - self.fillet_centre_level, 0.0, self.end_radius)
        fillet = self.fillet_centre_radius + np.sqrt(self.end_radius**2 - rise**2)
        return np.where(level > self.fillet_start, fillet, flank)

    def normal(self, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give radial and axial component of the unit normal out of the revolved body.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        radial, axial : ndarray, shape (n,)
        """
        level = np.asarray(level, dtype=np.float64)
        slope = np.where(level > self.start, self.slope, 0.0)
        axial = slope / np.hypot(1.0, slope)
        if self.end_radius > 0:
            rise = np.clip(level - self.fillet_centre_level, 0.0, self.end_radius) / self.end_radius
            axial = np.where(level > self.fillet_start, rise, axial)
        return np.sqrt(1.0 - axial**2), axial

    def outside(self, across: FloatArray, level: FloatArray) -> FloatArray:
        """Measure the distance to the flank and the fillet, without the end plane.

        Parameters
        ----------
        across, level : ndarray, shape (n,), mm
            Distance from the axis, and level.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside.
        """
        slope = np.where(level > self.start, self.slope, 0.0)
        flank = (across - self.radius + slope * (level - self.start)) / np.hypot(1.0, slope)
        if self.end_radius == 0:
            return np.asarray(flank)
        over = np.hypot(across - self.fillet_centre_radius, level - self.fillet_centre_level)
        return np.asarray(np.where(level > self.fillet_start, over - self.end_radius, flank))
