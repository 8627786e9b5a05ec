"""A closed curved surface that was made of straight triangles, with its smooth patches and sharp edges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geometry.curved import CurvedSurface, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Sheet:
    """A curved surface in smooth patches.

    Attributes
    ----------
    vertices : ndarray, shape (n, 3), mm
        Of the straight triangles; they lie on the curved surface.
    straight : ndarray, shape (k, 3)
        Straight triangles, which share their vertices, pointing outwards.
    straight_patch : ndarray, shape (k,)
        Number of the smooth patch of each, from 0 on.
    surface : CurvedSurface
        Curved triangles, none much longer than wide; neighbours need share no nodes.
    patch : ndarray, shape (m,)
        Smooth patch of each curved triangle.
    sharp : ndarray, shape (e, 3, 3), mm
        Sharp edges: both ends and the middle.
    chord_error : float, mm
        The most by which the straight triangles miss the curved surface at an edge's middle.
    chord_place : tuple of 3 floats, mm
        Where they do.
    remainder : ndarray, shape (m,), mm
        Estimate of how far each curved triangle may be from the shape that the triangulation was made of.
    """

    vertices: FloatArray
    straight: IntArray
    straight_patch: IntArray
    surface: CurvedSurface
    patch: IntArray
    sharp: FloatArray
    chord_error: float
    chord_place: tuple[float, float, float]
    remainder: NDArray[np.float64]

    @property
    def patches(self) -> int:
        """Number of smooth patches."""
        return int(self.straight_patch.max()) + 1

    @cached_property
    def surfaces(self) -> tuple[CurvedSurface, ...]:
        """Each smooth patch as a surface of its own."""
        whole = self.surface
        return tuple(
            CurvedSurface(whole.points, whole.triangles[self.patch == number], whole.curvature)
            for number in range(self.patches)
        )
