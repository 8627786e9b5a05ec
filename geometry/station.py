"""Sections of the bone at stations, and what lies between them.

Semi-axes are constant for one station, linear between two, and the monotone cubic of
Fritsch and Carlson (PCHIP) through three or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import PchipInterpolator, PPoly

from geometry.errors import GeometryError, require_positive


@dataclass(frozen=True)
class Station:
    """Semi-axes of the bone at one level, along x (anterior) and y (left).

    Attributes
    ----------
    level : float, mm
    outer_anterior, outer_left : float, mm
        Semi-axes of the outer (periosteal) ellipse.
    canal_anterior, canal_left : float, mm
        Semi-axes of the natural canal's (endosteal) ellipse.

    Raises
    ------
    GeometryError
        When a semi-axis is not positive or the canal is not inside the outer ellipse.
    """

    level: float
    outer_anterior: float
    outer_left: float
    canal_anterior: float
    canal_left: float

    def __post_init__(self) -> None:
        where = f"of the bone at level {self.level:g} mm"
        pairs = (
            ("anterior", self.outer_anterior, self.canal_anterior),
            ("left", self.outer_left, self.canal_left),
        )
        for side, outer, canal in pairs:
            require_positive(f"The outer semi-axis ({side}) {where}", outer)
            require_positive(f"The canal's semi-axis ({side}) {where}", canal)
            if canal >= outer:
                raise GeometryError(
                    f"The canal {where} must be narrower than the bone, but its semi-axis ({side})"
                    f" is {canal:g} mm where the bone's is {outer:g} mm."
                )


def check_levels(stations: tuple[Station, ...], length: float) -> None:
    """Refuse stations that are missing, off the bone or out of order.

    Parameters
    ----------
    stations : tuple of Station
    length : float, mm
        Of the bone.

    Raises
    ------
    GeometryError
        With one sentence.
    """
    levels = [station.level for station in stations]
    if not levels:
        raise GeometryError("The bone needs at least one station.")
    if levels[0] < 0 or levels[-1] > length:
        raise GeometryError(
            f"The bone's stations must lie between its ends at 0 and {length:g} mm,"
            f" but they run from {levels[0]:g} to {levels[-1]:g} mm."
        )
    for below, above in pairwise(levels):
        if above <= below:
            raise GeometryError(
                f"The bone's stations must stand in rising order, but {above:g} mm follows {below:g} mm."
            )


def semi_axes_by_level(stations: tuple[Station, ...]) -> PPoly:
    """Interpolate the semi-axes of stations in rising order.

    Parameters
    ----------
    stations : tuple of Station

    Returns
    -------
    PPoly
        Values of shape (4,): outer along x and y, canal along x and y, in mm.
    """
    levels = np.array([station.level for station in stations])
    values = np.array([[s.outer_anterior, s.outer_left, s.canal_anterior, s.canal_left] for s in stations])
    if len(levels) == 1:
        return PPoly(values[None], np.array([levels[0], levels[0] + 1.0]))
    if len(levels) == 2:
        slope = (values[1:] - values[:-1]) / (levels[1] - levels[0])
        return PPoly(np.stack([slope, values[:-1]]), levels)
    curve = PchipInterpolator(levels, values)
    return PPoly(curve.c, curve.x)
