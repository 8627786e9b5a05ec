"""How an interference is spread over a zone: patterns of mean 1, and their weak values.

With s the share of the zone's length from its distal end (0) to its proximal end (1) and
a the angle round the implant axis (0 anterior, 90 degrees left), the interference is its
stated value times

    uniform          1
    distal           2 (1 - s)
    proximal         2 s
    middle           6 s (1 - s)
    ends             3 (2 s - 1)^2
    anteroposterior  1 + cos 2a
    mediolateral     1 - cos 2a

Each has the mean 1 over length and circumference, so that patterns compare at the same mean
interference. The first five are what taper and reamer make; the last two are the two ways in
which a canal that is oval, or a reamer that wandered, presses on two sides only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fea.solution import Interface

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Factor on the interference, from share and angle, shape (n,) each.
PATTERNS: Mapping[str, Callable[[FloatArray, FloatArray], FloatArray]] = MappingProxyType(
    {
        "uniform": lambda share, angle: np.ones_like(share),
        "distal": lambda share, angle: 2.0 * (1.0 - share),
        "proximal": lambda share, angle: 2.0 * share,
        "middle": lambda share, angle: 6.0 * share * (1.0 - share),
        "ends": lambda share, angle: 3.0 * (2.0 * share - 1.0) ** 2,
        "anteroposterior": lambda share, angle: 1.0 + np.cos(2.0 * angle),
        "mediolateral": lambda share, angle: 1.0 - np.cos(2.0 * angle),
    }
)
#: Largest factor of each.
PEAKS: Mapping[str, float] = MappingProxyType(
    {
        "uniform": 1.0,
        "distal": 2.0,
        "proximal": 2.0,
        "middle": 1.5,
        "ends": 3.0,
        "anteroposterior": 2.0,
        "mediolateral": 2.0,
    }
)


def weak_factor(interface: Interface, zone: BoolArray, pattern: str) -> FloatArray:
    r"""Return a pattern's weak value at each vertex: the average under the vertex's hat function.

    Integrated with the middles of each facet's edges, which is exact where pattern times
    hat function is quadratic over a flat facet.

    Parameters
    ----------
    interface : Interface
    zone : ndarray of bool, shape (n,)
        Vertices of the zone, whose extent along the axis the pattern spans.
    pattern : str
        Key of `PATTERNS`.

    Returns
    -------
    ndarray, shape (n,)
        1 outside the zone.
    """
    level = interface.straight[zone, 2]
    bottom, length = level.min(), max(float(np.ptp(level)), 1e-12)
    middles = interface.axis.straighten(interface.middles)
    share = np.clip((middles[:, :, 2] - bottom) / length, 0.0, 1.0)
    at_middles = PATTERNS[pattern](share, np.arctan2(middles[:, :, 1], middles[:, :, 0]))
    corners = interface.points[interface.facets]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    # Edges 01, 12, 20: corner k meets edges k and k - 1, and has half a hat on each.
    at_corners = (at_middles + np.roll(at_middles, 1, axis=1)) / 2.0
    count = len(interface.points)
    whole = np.bincount(interface.facets.ravel(), np.repeat(area, 3), count)
    summed = np.bincount(interface.facets.ravel(), (area[:, None] * at_corners).ravel(), count)
    weak = np.divide(summed, whole, out=np.ones(count), where=whole > 0.0)
    return np.where(zone, weak, 1.0)
