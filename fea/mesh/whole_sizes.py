"""Element sizes on a whole bone's surface: smaller where it bends within less than an element."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from geometry.scanned.whole import Whole

#: Size over the surface's least radius of curvature.
_PER_RADIUS = 0.8
#: Least size, over the largest one.
_LEAST = 0.25
#: Sizes that are told apart, over the largest one.
_STEPS = np.linspace(_LEAST, 1.0, 7)
#: Growth away from the surface per length, and pitch of the grid, mm.
_GROWTH, _PITCH = 0.3, 3.0


def whole_field(whole: Whole, far: float) -> Callable[[float, float, float], float]:
    """Make the element size a function of position, from values on a grid.

    Parameters
    ----------
    whole : Whole
    far : float, mm
        Largest size.

    Returns
    -------
    callable
        Size in mm at (x, y, z) in mm.
    """
    surface = whole.surface
    used = np.unique(surface.triangles)
    # The rim of the surface's own end face may lie just below the cut.
    used = used[surface.points[used, 2] > 0.0]
    points, bend = surface.points[used], surface.curvature[used]
    low = points.min(axis=0) - _PITCH
    counts = np.ceil((points.max(axis=0) + _PITCH - low) / _PITCH).astype(int) + 1
    axes = [start + _PITCH * np.arange(count) for start, count in zip(low, counts, strict=True)]
    at = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    asked = _PER_RADIUS / np.maximum(bend, 1e-9) / far
    steps = np.searchsorted(_STEPS, asked, side="right") - 1
    best = np.full(len(at), far)
    for step, share in enumerate(_STEPS[:-1].tolist()):
        mine = steps == step if step else steps <= 0
        if mine.any():
            best = np.minimum(best, share * far + _GROWTH * cKDTree(points[mine]).query(at)[0])
    values = best.reshape(counts).tolist()
    x0, y0, z0 = low.tolist()
    last = [int(count) - 1 for count in counts]

    def size(x: float, y: float, z: float) -> float:
        i = min(max(round((x - x0) / _PITCH), 0), last[0])
        j = min(max(round((y - y0) / _PITCH), 0), last[1])
        k = min(max(round((z - z0) / _PITCH), 0), last[2])
        return float(values[i][j][k])

    return size
