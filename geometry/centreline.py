"""The line on which a bone's sections stand: straight, or the arc of its bow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Centreline:
    """A line in the plane y = 0, in the implant's straight frame.

    Attributes
    ----------
    bow_radius : float, mm, or None
        Anterior where positive; None for a straight line.
    half_chord : float, mm
        Level of the top of the bow.
    axis_offset : float, mm
        How far the implant axis runs in front of the chord.
    """

    bow_radius: float | None = None
    half_chord: float = 0.0
    axis_offset: float = 0.0

    @property
    def on_axis(self) -> bool:
        """True where the line is the implant's axis."""
        return self.bow_radius is None and self.axis_offset == 0.0

    @property
    def bow_centre(self) -> float:
        """Position x of the centre of the bow's circle, mm (only for a bowed line)."""
        assert self.bow_radius is not None
        return -self.axis_offset - self._sign * math.sqrt(self.bow_radius**2 - self.half_chord**2)

    @property
    def _sign(self) -> float:
        assert self.bow_radius is not None
        return math.copysign(1.0, self.bow_radius)

    def at(self, level: FloatArray) -> FloatArray:
        """Give the position x at levels, shape (n,), mm."""
        level = np.asarray(level, dtype=np.float64)
        if self.bow_radius is None:
            return np.full_like(level, -self.axis_offset)
        rise = np.sqrt(self.bow_radius**2 - (level - self.half_chord) ** 2)
        return self.bow_centre + self._sign * rise

    def slope(self, level: FloatArray) -> FloatArray:
        """Give dx/dz at levels, shape (n,)."""
        level = np.asarray(level, dtype=np.float64)
        if self.bow_radius is None:
            return np.zeros_like(level)
        along = level - self.half_chord
        return -self._sign * along / np.sqrt(self.bow_radius**2 - along**2)
