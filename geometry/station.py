"""Sections of the bone at stations, and what lies between them.

Semi-axes are constant for one station, linear between two, and the monotone cubic of
Fritsch and Carlson (PCHIP) through three or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator, PPoly

from geometry.errors import GeometryError, require_positive

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Triangle:
    """The triangular share of an outer section: a third harmonic on its ellipse.

    Attributes
    ----------
    share : float
        Amplitude over the radius of the ellipse.
    apex : float, rad
        Where one of the three apexes points, 0 along x, pi/2 along y.
    """

    share: float
    apex: float = 0.0


@dataclass(frozen=True)
class Station:
    """Semi-axes of the bone at one level, along x (anterior) and y (left).

    Attributes
    ----------
    level : float, mm
    outer_anterior, outer_left : float, mm
        Semi-axes of the outer (periosteal) ellipse.
    canal_anterior, canal_left : float, mm
        Semi-axes of the natural canal's (endosteal) ellipse; all 0 where there is none, or where
        `wall` gives it.
    shell : float, mm, or None
        Thickness of the cortical shell about a cancellous core, measured on the axes; None
        without a core.
    triangle : Triangle, or None
        The outer section's triangular share; only in a `geometry.sectioned_bone.SectionedBone`.
    wall : float, mm, or None
        Thickness of the wall round the natural canal, across the section at right angles to its outer
        curve, in place of the canal's semi-axes; only in a `SectionedBone`.

    Raises
    ------
    GeometryError
        When a semi-axis is not positive, the canal is not inside the outer ellipse, or the shell
        leaves no core.
    """

    level: float
    outer_anterior: float
    outer_left: float
    canal_anterior: float
    canal_left: float
    shell: float | None = None
    triangle: Triangle | None = None
    wall: float | None = None

    @property
    def hollow(self) -> bool:
        """True where there is a natural canal."""
        return self.canal_anterior != 0.0 or self.canal_left != 0.0 or self.wall is not None

    def __post_init__(self) -> None:
        where = f"of the bone at level {self.level:g} mm"
        pairs = (
            ("anterior", self.outer_anterior, self.canal_anterior),
            ("left", self.outer_left, self.canal_left),
        )
        for side, outer, canal in pairs:
            require_positive(f"The outer semi-axis ({side}) {where}", outer)
            if self.hollow and self.wall is None:
                require_positive(f"The canal's semi-axis ({side}) {where}", canal)
            if canal >= outer:
                raise GeometryError(
                    f"The canal {where} must be narrower than the bone, but its semi-axis ({side})"
                    f" is {canal:g} mm where the bone's is {outer:g} mm."
                )
            if self.wall is not None:
                self._require_canal(side, outer, where)
            if self.shell is not None:
                self._require_core(side, outer, canal, where)

    def _require_canal(self, side: str, outer: float, where: str) -> None:
        """Refuse a wall beside a canal, or one that leaves none."""
        assert self.wall is not None
        require_positive(f"The cortical wall {where}", self.wall)
        if self.canal_anterior != 0.0 or self.canal_left != 0.0:
            raise GeometryError(f"The canal {where} is given by its width or by its wall, not by both.")
        if self.wall >= outer:
            raise GeometryError(
                f"The cortical wall {where} must be thinner than the bone's semi-axis ({side}), {outer:g} mm,"
                f" but it is {self.wall:g} mm."
            )

    def _require_core(self, side: str, outer: float, canal: float, where: str) -> None:
        """Refuse a shell that leaves no cancellous bone between itself and the canal."""
        assert self.shell is not None
        require_positive(f"The thickness of the cortical shell {where}", self.shell)
        if outer - self.shell <= canal:
            raise GeometryError(
                f"The cortical shell {where} must leave room for a core, but it is {self.shell:g} mm thick"
                f" where the bone's wall ({side}) has {outer - canal:g} mm."
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
    if len({station.hollow for station in stations}) > 1:
        raise GeometryError("All stations of the bone must have a natural canal, or none of them.")
    if len({station.shell is None for station in stations}) > 1:
        raise GeometryError("All stations of the bone must state a cortical shell, or none of them.")
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
        Values of shape (4,): outer along x and y, canal along x and y, in mm; with a shell two
        more, of the core along x and y.
    """
    levels = np.array([station.level for station in stations])
    return through_levels(levels, np.array([_values(station) for station in stations]))


def through_levels(levels: NDArray[np.float64], values: NDArray[np.float64]) -> PPoly:
    """Interpolate values at levels: constant for one, linear for two, PCHIP through more.

    Parameters
    ----------
    levels : ndarray, shape (k,), mm
        In rising order.
    values : ndarray, shape (k, m)

    Returns
    -------
    PPoly
        Values of shape (m,), for levels between the first and the last.
    """
    if len(levels) == 1:
        return PPoly(values[None], np.array([levels[0], levels[0] + 1.0]))
    if len(levels) == 2:
        slope = (values[1:] - values[:-1]) / (levels[1] - levels[0])
        return PPoly(np.stack([slope, values[:-1]]), levels)
    curve = PchipInterpolator(levels, values)
    return PPoly(curve.c, curve.x)


def _values(station: Station) -> list[float]:
    outer = [station.outer_anterior, station.outer_left]
    core = [] if station.shell is None else [semi_axis - station.shell for semi_axis in outer]
    return [*outer, station.canal_anterior, station.canal_left, *core]


def outside_ellipses(x: FloatArray, y: FloatArray, axes: FloatArray) -> FloatArray:
    """Measure how far places lie outside ellipses, to first order; exact for circles.

    Parameters
    ----------
    x, y : ndarray, shape (n,), mm
        From the ellipses' middles.
    axes : ndarray, shape (n, 2), mm
        Semi-axes along x and y, of each place's own ellipse.

    Returns
    -------
    ndarray, shape (n,), mm
        Negative inside.
    """
    scaled = np.stack([x, y], axis=1) / axes
    ratio = np.hypot(scaled[:, 0], scaled[:, 1])
    steepness = np.hypot(scaled[:, 0] / axes[:, 0], scaled[:, 1] / axes[:, 1])
    least = axes.min(axis=1)
    scale = np.divide(ratio, steepness, out=least.copy(), where=steepness > 1e-9 / least)
    return np.asarray((ratio - 1.0) * scale)
