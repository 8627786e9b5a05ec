"""Where points lie within a coating's layer: shares of its thickness and of its length."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geometry.axis import Axis
from geometry.profile import Profile
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Gauss points along each direction of a layer.
_GAUSS = 12


@dataclass(frozen=True)
class LayerPlaces:
    """The place of a layer on its stem.

    Attributes
    ----------
    axis : Axis
        Of the stem.
    profile : Profile
        The stem's flank, from which the depth counts.
    start, end : float, mm
        Levels.
    depth : float, mm
        Of the layer along the radius.
    """

    axis: Axis
    profile: Profile
    start: float
    end: float
    depth: float

    @classmethod
    def of(cls, stem: Stem, name: str) -> LayerPlaces:
        """Return the place of a stem's coating that is a layer.

        Parameters
        ----------
        stem : Stem
        name
            Of the coating.
        """
        (zone,) = (zone for zone in stem.coatings if zone.name == name)
        assert zone.thickness is not None, "a surface has no places within"
        depth = zone.thickness * math.hypot(1.0, stem.profile.slope)
        return cls(stem.axis, stem.profile, zone.start, zone.end, depth)

    def shares(self, points: FloatArray) -> FloatArray:
        """Measure how deep and how far along the layer points lie.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            In space, on a bowed stem too.

        Returns
        -------
        ndarray, shape (n, 2)
            Share of the thickness, 0 at the flank and 1 at the core, and of the length, 0 at the
            distal end; what lies outside is that of the nearest place of the layer.
        """
        straight = self.axis.straighten(points)
        across = np.hypot(straight[:, 0], straight[:, 1])
        inwards = (self.profile.at(straight[:, 2]) - across) / self.depth
        along = (straight[:, 2] - self.start) / (self.end - self.start)
        return np.clip(np.column_stack([inwards, along]), 0.0, 1.0)

    def quadrature(self) -> tuple[FloatArray, FloatArray]:
        """Return points of a rule over the layer's exact volume.

        Returns
        -------
        shares : ndarray, shape (k, 2)
            As `shares` measures them.
        volumes : ndarray, shape (k,), mm^3
            Of the ring that each point stands for.
        """
        places, weights = np.polynomial.legendre.leggauss(_GAUSS)
        unit, half = (places + 1) / 2, weights / 2
        depth, height = (axis.ravel() for axis in np.meshgrid(unit, unit))
        radius = self.profile.at(self.start + height * (self.end - self.start)) - depth * self.depth
        area = self.depth * (self.end - self.start) * np.outer(half, half).ravel()
        return np.column_stack([depth, height]), 2 * np.pi * radius * area
