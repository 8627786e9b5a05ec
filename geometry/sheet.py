"""A closed curved surface with its smooth patches and the sharp edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geometry.curved import CurvedSurface

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A curved surface in smooth patches.

    Attributes
    ----------
    surface : CurvedSurface
        Neighbouring triangles share their nodes, those of sharp edges, too.
    patch : ndarray, shape (m,)
        Number of the smooth patch of each triangle, from 0 on.
    sharp : ndarray, shape (e, 3)
        Sharp edges: both ends and the middle, rows of the surface's points.
    chord_error : float, mm
        The most by which the straight triangles miss the curved ones.
    chord_place : tuple of 3 floats, mm
        Where they do.
    remainder : ndarray, shape (m,), mm
        Estimate of how far each curved triangle may be from the shape that the triangulation was made of.
    """

    surface: CurvedSurface
    patch: IntArray
    sharp: IntArray
    chord_error: float
    chord_place: tuple[float, float, float]
    remainder: NDArray[np.float64]

    @property
    def patches(self) -> int:
        """Number of smooth patches."""
        return int(self.patch.max()) + 1

    @cached_property
    def surfaces(self) -> tuple[CurvedSurface, ...]:
        """Each smooth patch as a surface of its own."""
        whole = self.surface
        return tuple(
            CurvedSurface(whole.points, whole.triangles[self.patch == number], whole.curvature)
            for number in range(self.patches)
        )
