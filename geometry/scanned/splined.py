"""An outline of closed splines: cubic round the axis and along it, fitted by least squares.

R(phi, z) = sum c_ij B_i(phi) B_j(z), with periodic B-splines B_i. On a grid of rays the fit
separates into one round the axis and one along it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import BSpline, NdBSpline, make_lsq_spline

from geometry.errors import GeometryError
from geometry.outline import FloatArray, Outline

_DEGREE = 3


@dataclass(frozen=True, eq=False)
class SplinedOutline(Outline):
    """A radius by angle and level.

    Attributes
    ----------
    levels : ndarray, shape (k + 4,), mm
        Knots along the axis, the ends fourfold; beyond them the nearest level holds.
    coefficients : ndarray, shape (m, k), mm
        By closed spline and level; closed splines have equal intervals from -pi on.
    """

    levels: FloatArray
    coefficients: FloatArray

    @cached_property
    def _spline(self) -> NdBSpline:
        count = len(self.coefficients)
        pitch = 2 * np.pi / count
        knots = -np.pi + pitch * np.arange(-_DEGREE, count + _DEGREE + 1)
        wrapped = np.concatenate([self.coefficients, self.coefficients[:_DEGREE]])
        return NdBSpline((knots, self.levels), wrapped, _DEGREE)

    def _at(self, angle: FloatArray, level: FloatArray, order: tuple[int, int]) -> FloatArray:
        angle, level = np.broadcast_arrays(np.asarray(angle, dtype=np.float64), level)
        turned = np.mod(angle + np.pi, 2 * np.pi) - np.pi
        inside = np.clip(level, self.levels[0], self.levels[-1])
        found = self._spline(np.stack([turned, inside], axis=-1), nu=order)
        if order[1]:
            found = np.where(inside == level, found, 0.0)
        return np.asarray(found, dtype=np.float64)

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Outline.radius`."""
        return self._at(angle, level, (0, 0))

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Outline.slopes`."""
        return self._at(angle, level, (1, 0)), self._at(angle, level, (0, 1))


def fit_outline(
    angles: FloatArray, levels: FloatArray, radii: FloatArray, round_axis: int, pitch: float
) -> SplinedOutline:
    """Fit closed splines to radii on a grid, by least squares.

    Parameters
    ----------
    angles : ndarray, shape (a,), rad
        Of the rays.
    levels : ndarray, shape (l,), mm
        In rising order.
    radii : ndarray, shape (a, l), mm
    round_axis
        Number of closed splines; less than half the rays.
    pitch : float, mm
        Distance of the knots along the axis, about; no less than twice that of the levels.

    Returns
    -------
    SplinedOutline

    Raises
    ------
    GeometryError
        When the grid is too coarse for the splines.
    """
    spans = max(1, round(float(levels[-1] - levels[0]) / pitch))
    if len(angles) < 2 * round_axis or len(levels) < 2 * (spans + _DEGREE):
        raise GeometryError(
            f"{round_axis} closed splines with knots every {pitch:g} mm need at least {2 * round_axis} rays at"
            f" {2 * (spans + _DEGREE)} levels, but there are {len(angles)} at {len(levels)}."
        )
    basis = _closed_basis(angles, round_axis)
    by_level, *_ = np.linalg.lstsq(basis, radii, rcond=None)
    inner = np.linspace(levels[0], levels[-1], spans + 1)
    knots = np.r_[[inner[0]] * _DEGREE, inner, [inner[-1]] * _DEGREE]
    along = make_lsq_spline(levels, by_level.T, knots, _DEGREE)
    return SplinedOutline(np.asarray(along.t), np.ascontiguousarray(np.asarray(along.c).T))


def _closed_basis(angles: FloatArray, count: int) -> FloatArray:
    """Values of the periodic B-splines at angles, shape (a, count)."""
    pitch = 2 * np.pi / count
    knots = -np.pi + pitch * np.arange(-_DEGREE, count + _DEGREE + 1)
    turned = np.mod(angles + np.pi, 2 * np.pi) - np.pi
    whole = BSpline.design_matrix(turned, knots, _DEGREE).toarray()
    found: FloatArray = whole[:, :count].copy()
    found[:, :_DEGREE] += whole[:, count:]
    return found
