"""The flank on a flat, regular grid: angle round the stem against depth from the cut.

What `fea.post.unrolled` does for pictures this does for numbers that are compared or pointed at: a
field stands at the same angles and depths whatever the mesh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

from fea.solution import Interface
from geometry.zones import OFF_FLANK

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Steps of the grid: degrees, and mm, a hundredth of the flank where that is less.
ANGLE, DEPTH = 3.0, 1.0


@dataclass(frozen=True, eq=False)
class Grid:
    """Places on the unrolled flank.

    Attributes
    ----------
    angle : ndarray, shape (a,), degrees
        -180 to 180; 0 anterior, 90 left.
    depth : ndarray, shape (d,), mm
        From the cut towards the hip.
    radius : float, mm
        That turns angles into lengths.
    """

    angle: FloatArray
    depth: FloatArray
    radius: float

    @property
    def places(self) -> FloatArray:
        """Around and along, mm, shape (d a, 2)."""
        around, along = np.meshgrid(np.radians(self.angle) * self.radius, self.depth)
        return np.column_stack([around.ravel(), along.ravel()])


def grid_over(interfaces: Sequence[Interface]) -> Grid | None:
    """Return a grid over the flanks of stems.

    Parameters
    ----------
    interfaces : sequence of Interface

    Returns
    -------
    Grid or None
        None where one has no flank that faces bone, as an anchor.
    """
    flanks = [interface.straight[~interface.within(*OFF_FLANK)] for interface in interfaces]
    if not all(len(flank) > 2 for flank in flanks):
        return None
    low, high = min(f[:, 2].min() for f in flanks), max(f[:, 2].max() for f in flanks)
    step = min(DEPTH, (high - low) / 100)
    count = int(np.ceil((high - low) / step - 1e-9))
    radius = max(float(np.hypot(*flank[:, :2].T).max()) for flank in flanks)
    angle = np.arange(-180.0, 180.0 + ANGLE / 2, ANGLE)
    return Grid(angle, np.linspace(low, low + count * step, count + 1), radius)


def laid(grid: Grid, interface: Interface, values: FloatArray, says: BoolArray | None = None) -> FloatArray:
    """Interpolate a field at the grid's places.

    Parameters
    ----------
    grid : Grid
    interface : Interface
    values : ndarray, shape (n,)
        At its vertices.
    says : ndarray of bool, shape (n,), optional
        Vertices at which the field means something; all where left out.

    Returns
    -------
    ndarray, shape (d, a)
        Not a number beyond the flank, and nearest to a vertex that says nothing.
    """
    points, rows = _wrapped(grid, interface)
    found = np.asarray(LinearNDInterpolator(points, values[rows])(grid.places))
    if says is not None:
        found[nearest(grid, interface, says.astype(np.float64)).ravel() < 0.5] = np.nan
    return found.reshape(len(grid.depth), len(grid.angle))


def nearest(grid: Grid, interface: Interface, values: FloatArray) -> FloatArray:
    """Return the value of the nearest vertex at each of the grid's places, shape (d, a)."""
    points, rows = _wrapped(grid, interface)
    found = np.asarray(NearestNDInterpolator(points, values[rows])(grid.places))
    return found.reshape(len(grid.depth), len(grid.angle))


def _wrapped(grid: Grid, interface: Interface) -> tuple[FloatArray, NDArray[np.int64]]:
    """Unroll the flank's vertices; the seam is closed by what lies beyond it, a quarter on either side."""
    rows = np.flatnonzero(~interface.within(*OFF_FLANK))
    places = interface.straight[rows]
    around = np.arctan2(places[:, 1], places[:, 0])
    copies = ((0.0, np.full(len(rows), True)), (1.0, around < -np.pi / 2), (-1.0, around > np.pi / 2))
    points = [
        np.column_stack([(around[kept] + 2 * np.pi * turn) * grid.radius, places[kept, 2]])
        for turn, kept in copies
    ]
    return np.concatenate(points), np.concatenate([rows[kept] for _, kept in copies])
