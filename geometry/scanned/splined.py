"""An outline of closed splines: cubic round the axis and along it, fitted by least squares.

R(phi, z) = sum c_ij B_i(phi) B_j(z), with periodic B-splines B_i. On a grid of rays the fit
separates into one round the axis and one along it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.interpolate import BSpline, NdBSpline, make_lsq_spline
from scipy.sparse.linalg import spsolve
from scipy.spatial import cKDTree

from geometry.errors import GeometryError
from geometry.outline import FloatArray, Outline

_DEGREE = 3
#: Levels of the grid from which the nearest place is looked for, mm, and steps towards it.
_GRID, _STEPS = 1.0, 8
#: How strongly splines are held where points say nothing of them, as a share of what points say in the mean.
_HOLD = 1e-4


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

    @property
    def detail(self) -> tuple[int, float]:
        """See `Outline.detail`: two points and more for each spline."""
        spans = len(self.levels) - 2 * _DEGREE - 1
        return round(2.4 * len(self.coefficients)), float(np.ptp(self.levels)) / (2 * spans)

    def __repr__(self) -> str:
        """Say the content, as digests of meshes need it."""
        content = hashlib.sha256(self.levels.tobytes() + self.coefficients.tobytes()).hexdigest()
        return f"SplinedOutline(coefficients={self.coefficients.shape}, content={content})"

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

    def depth(self, points: FloatArray, length: float) -> FloatArray:
        """See `Outline.depth`: from the nearest of a grid of places by Gauss and Newton's method."""
        angles = np.linspace(-np.pi, np.pi, 4 * len(self.coefficients), endpoint=False)
        levels = np.linspace(0.0, length, 1 + max(2, round(length / _GRID)))
        angle, level = (grid.ravel() for grid in np.meshgrid(angles, levels, indexing="ij"))
        _, nearest = cKDTree(self.places(angle, level)).query(points)
        angle, level = angle[nearest], level[nearest]
        for _ in range(_STEPS):
            angle, level = self._nearer(points, angle, level, length)
        distance = np.linalg.norm(self.places(angle, level) - points, axis=1)
        return np.asarray(np.where(self.outside(points) > 0, -distance, distance))

    def _nearer(
        self, points: FloatArray, angle: FloatArray, level: FloatArray, length: float
    ) -> tuple[FloatArray, FloatArray]:
        radius = self.radius(angle, level)
        by_angle, by_level = self.slopes(angle, level)
        cosine, sine, zero = np.cos(angle), np.sin(angle), np.zeros_like(angle)
        miss = points - np.stack([radius * cosine, radius * sine, level], axis=1)
        around = np.stack(
            [by_angle * cosine - radius * sine, by_angle * sine + radius * cosine, zero], axis=1
        )
        along = np.stack([by_level * cosine, by_level * sine, zero + 1.0], axis=1)
        gram = [np.einsum("nd,nd->n", *pair) for pair in ((around, around), (around, along), (along, along))]
        drive = np.einsum("nd,nd->n", around, miss), np.einsum("nd,nd->n", along, miss)
        size = gram[0] * gram[2] - gram[1] ** 2
        turn = (gram[2] * drive[0] - gram[1] * drive[1]) / size
        climb = (gram[0] * drive[1] - gram[1] * drive[0]) / size
        moved = np.clip(level + np.clip(climb, -_GRID, _GRID), 0.0, length)
        return angle + np.clip(turn, -0.05, 0.05), moved


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
            f"{round_axis} closed splines with knots every {pitch:g} mm need at least {2 * round_axis} rays"
            f" at {2 * (spans + _DEGREE)} levels, but there are {len(angles)} at {len(levels)}."
        )
    basis = _closed_basis(angles, round_axis)
    by_level, *_ = np.linalg.lstsq(basis, radii, rcond=None)
    inner = np.linspace(levels[0], levels[-1], spans + 1)
    knots = np.r_[[inner[0]] * _DEGREE, inner, [inner[-1]] * _DEGREE]
    along = make_lsq_spline(levels, by_level.T, knots, _DEGREE)
    return SplinedOutline(np.asarray(along.t), np.ascontiguousarray(np.asarray(along.c).T))


def through_points(
    first: SplinedOutline, angles: FloatArray, levels: FloatArray, radii: FloatArray
) -> SplinedOutline:
    """Fit an outline's splines to scattered points, by least squares.

    Points of a curved surface's triangulation lie on it; what its straight triangles show lies inside by
    two thirds of the height of their arcs. Where points are too few for the splines the first fit holds.

    Parameters
    ----------
    first : SplinedOutline
        The splines, fitted to triangles.
    angles, levels, radii : ndarray, shape (n,)
        In rad and mm, within the levels of the splines.

    Returns
    -------
    SplinedOutline
    """
    count, rows = len(first.coefficients), len(first.levels) - _DEGREE - 1
    around = _closed_design(angles, count)
    along = BSpline.design_matrix(levels, first.levels, _DEGREE)
    weights = [part.data.reshape(len(angles), _DEGREE + 1) for part in (around, along)]
    places = [part.indices.reshape(len(angles), _DEGREE + 1) for part in (around, along)]
    data = weights[0][:, :, None] * weights[1][:, None, :]
    column = (places[0][:, :, None] % count) * rows + places[1][:, None, :]
    start = np.arange(len(angles) + 1) * (_DEGREE + 1) ** 2
    design = sparse.csr_matrix((data.ravel(), column.ravel(), start), shape=(len(angles), count * rows))
    misfit = radii - design @ first.coefficients.ravel()
    normal = design.T @ design
    hold = _HOLD * float(normal.diagonal().mean())
    change = spsolve((normal + hold * sparse.eye_array(count * rows)).tocsc(), design.T @ misfit)
    return SplinedOutline(first.levels, first.coefficients + change.reshape(count, rows))


def _closed_design(angles: FloatArray, count: int) -> sparse.csr_array:
    """Values of the B-splines round the axis, shape (a, count + 3), the last three being the first again."""
    pitch = 2 * np.pi / count
    knots = -np.pi + pitch * np.arange(-_DEGREE, count + _DEGREE + 1)
    turned = np.mod(angles + np.pi, 2 * np.pi) - np.pi
    return BSpline.design_matrix(turned, knots, _DEGREE)


def _closed_basis(angles: FloatArray, count: int) -> FloatArray:
    """Values of the periodic B-splines at angles, shape (a, count)."""
    whole = _closed_design(angles, count).toarray()
    found: FloatArray = whole[:, :count].copy()
    found[:, :_DEGREE] += whole[:, count:]
    return found
