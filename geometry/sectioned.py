r"""Outlines by sections that are no ellipses: triangular outer surfaces, and canals at a wall's thickness.

About the centreline the outer section is rho(psi) = e(psi) (1 + t cos 3 (psi - apex)), e the polar radius of
an ellipse. An odd harmonic leaves the widths through the centreline as they are. The canal is the curve a
wall's thickness w inside, across the section, at right angles to that curve: p = c + q - w n. By level
everything is interpolated as semi-axes are; t and apex through the components of the harmonic.

A ray from the implant's axis at angle phi meets p at a psi that Newton's method finds. As q' is along the
tangent, and so is what the normal changes by, the radius's slopes need first derivatives of rho alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.interpolate import PPoly
from scipy.spatial import cKDTree

from geometry.centreline import Centreline
from geometry.outline import FloatArray, Outline
from geometry.station import Station, through_levels

_ROUNDS, _STEP, _CLOSE = 40, 0.5, 1e-13
#: Points round the axis, of an outer curve and of the parallel one inside, and distance of sections, mm, that
#: show the shape to the kernel: closed splines through them are right to about 0.5 and 1.5 um.
_POINTS, _INNER_POINTS, _PITCH = 36, 48, 5.0
#: Grid from which the nearest place is looked for: angles, and pitch of levels, mm.
_GRID = (180, 1.0)


class Curve(NamedTuple):
    """A section's outer curve about the centreline: places and derivatives by the angle, shape (n, 2)."""

    place: FloatArray
    tangent: FloatArray
    bend: FloatArray

    @property
    def normal(self) -> FloatArray:
        """Outward unit normals, shape (n, 2)."""
        along = self.tangent / np.linalg.norm(self.tangent, axis=-1)[..., None]
        return np.stack([along[..., 1], -along[..., 0]], axis=-1)

    @property
    def curvature(self) -> FloatArray:
        """Curvature, shape (n,), 1/mm, positive where the section bulges."""
        return np.asarray(_cross(self.tangent, self.bend) / np.linalg.norm(self.tangent, axis=-1) ** 3)


@dataclass(frozen=True, eq=False)
class Sectioned(Outline):
    """The outer surface of a bone, or the wall of its natural canal.

    Attributes
    ----------
    levels : ndarray, shape (k,), mm
        Of the stations.
    shapes : ndarray, shape (k, 5)
        Semi-axes of the ellipse along x and y, mm; cosine and sine part of the third harmonic over the
        ellipse's radius; thickness of the wall outside the curve, mm.
    centreline : Centreline
    """

    levels: FloatArray
    shapes: FloatArray
    centreline: Centreline

    def __repr__(self) -> str:
        """Say the content, as digests of meshes need it."""
        content = hashlib.sha256(self.levels.tobytes() + self.shapes.tobytes()).hexdigest()
        return f"Sectioned(content={content}, centreline={self.centreline})"

    @property
    def detail(self) -> tuple[int, float]:
        """See `Outline.detail`."""
        return _INNER_POINTS if self.shapes[:, 4].any() else _POINTS, _PITCH

    def section_levels(self, low: float, high: float) -> FloatArray:
        """See `Outline.section_levels`: two of a prism, else every station, and between them the pitch."""
        if len(self.levels) == 1 and self.centreline.bow_radius is None:
            return np.array([low, high])
        marks = np.unique(np.r_[low, np.clip(self.levels, low, high), high])
        pieces = [
            np.linspace(below, above, 1 + int(np.ceil((above - below) / _PITCH)))
            for below, above in pairwise(marks)
        ]
        return np.unique(np.concatenate(pieces))

    @cached_property
    def _by_level(self) -> PPoly:
        return through_levels(self.levels, self.shapes)

    @cached_property
    def _climb(self) -> PPoly:
        return self._by_level.derivative()

    @cached_property
    def _plain(self) -> bool:
        """True where the curve stands about the axis itself, without a wall: its radius is rho."""
        return self.centreline.on_axis and not self.shapes[:, 4].any()

    def shape_at(self, level: FloatArray) -> FloatArray:
        """Give `shapes` at levels, shape (n, 5)."""
        return np.asarray(self._by_level(np.clip(level, self.levels[0], self.levels[-1])))

    def _shape_slope(self, level: FloatArray) -> FloatArray:
        inside = (level >= self.levels[0]) & (level <= self.levels[-1]) & (len(self.levels) > 1)
        slope = self._climb(np.clip(level, self.levels[0], self.levels[-1]))
        return np.asarray(np.where(inside[..., None], slope, 0.0))

    def curve(self, psi: FloatArray, shape: FloatArray) -> Curve:
        """Give the section's outer curve.

        Parameters
        ----------
        psi : ndarray, shape (n,), rad
            About the centreline.
        shape : ndarray, shape (n, 5)

        Returns
        -------
        Curve
        """
        rho, first, second = _polar(psi, shape)
        out = np.stack([np.cos(psi), np.sin(psi)], axis=-1)
        turn = np.stack([-out[..., 1], out[..., 0]], axis=-1)
        return Curve(
            rho[..., None] * out,
            first[..., None] * out + rho[..., None] * turn,
            (second - rho)[..., None] * out + 2.0 * first[..., None] * turn,
        )

    def _inner(self, psi: FloatArray, level: FloatArray, shape: FloatArray) -> tuple[FloatArray, Curve]:
        """Places of the outline itself, shape (n, 2), and the outer curve they belong to."""
        curve = self.curve(psi, shape)
        place = curve.place - shape[..., 4:5] * curve.normal
        place[..., 0] += self.centreline.at(level)
        return place, curve

    def _met(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, Curve]:
        """Find where rays from the axis meet the outline: psi, shape, place and outer curve there."""
        angle, level = np.broadcast_arrays(np.asarray(angle, dtype=np.float64), level)
        shape, psi = self.shape_at(level), np.array(angle)
        for _ in range(_ROUNDS):
            place, curve = self._inner(psi, level, shape)
            off = np.arctan2(place[..., 1], place[..., 0]) - angle
            off = np.mod(off + np.pi, 2 * np.pi) - np.pi
            ahead = (1.0 - shape[..., 4] * curve.curvature)[..., None] * curve.tangent
            rate = _cross(place, ahead) / (place**2).sum(axis=-1)
            step = np.clip(off / np.maximum(rate, 0.05), -_STEP, _STEP)
            psi = psi - step
            if not step.size or np.abs(step).max() < _CLOSE:
                break
        return psi, shape, *self._inner(psi, level, shape)

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Outline.radius`."""
        if self._plain:
            angle, level = np.broadcast_arrays(np.asarray(angle, dtype=np.float64), level)
            return _polar(angle, self.shape_at(level))[0]
        _, _, place, _ = self._met(angle, level)
        return np.asarray(np.hypot(place[..., 0], place[..., 1]))

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Outline.slopes`."""
        psi, shape, place, curve = self._met(angle, level)
        level = np.broadcast_to(level, psi.shape)
        size = np.hypot(place[..., 0], place[..., 1])
        out = place / size[..., None]
        by_angle = size**2 * (out * curve.tangent).sum(axis=-1) / _cross(place, curve.tangent)
        climb = self._shape_slope(level)
        rise = _polar_slope(psi, shape, climb)[..., None] * np.stack([np.cos(psi), np.sin(psi)], axis=-1)
        rise = rise - climb[..., 4:5] * curve.normal
        rise[..., 0] += self.centreline.slope(level)
        by_level = (out * rise).sum(axis=-1) - by_angle * _cross(place, rise) / size**2
        return np.asarray(by_angle), np.asarray(by_level)

    def depth(self, points: FloatArray, length: float) -> FloatArray:
        """See `Outline.depth`: of an outer surface, by Newton's method from the nearest of a grid."""
        assert not self.shapes[:, 4].any(), "distances are measured to outer surfaces"
        angles = np.linspace(-np.pi, np.pi, _GRID[0], endpoint=False)
        levels = np.linspace(0.0, length, 1 + max(2, round(length / _GRID[1])))
        psi, level = (grid.ravel() for grid in np.meshgrid(angles, levels, indexing="ij"))
        _, nearest = cKDTree(self._surface(psi, level)[0]).query(points)
        psi, level = psi[nearest], level[nearest]
        for _ in range(_ROUNDS):
            psi, level, moved = self._nearer(points, psi, level, length)
            if not len(points) or moved < 1e-12:
                break
        distance = np.linalg.norm(self._surface(psi, level)[0] - points, axis=1)
        return np.asarray(np.where(self.outside(points) > 0, -distance, distance))

    def _surface(self, psi: FloatArray, level: FloatArray) -> tuple[FloatArray, Curve]:
        place, curve = self._inner(psi, level, self.shape_at(level))
        return np.concatenate([place, level[:, None]], axis=1), curve

    def _nearer(
        self, points: FloatArray, psi: FloatArray, level: FloatArray, length: float
    ) -> tuple[FloatArray, FloatArray, float]:
        """Make one step towards the nearest places, and tell how large it was."""
        here, curve = self._surface(psi, level)
        shape = self.shape_at(level)
        rise = _polar_slope(psi, shape, self._shape_slope(level))
        along = np.stack(
            [rise * np.cos(psi) + self.centreline.slope(level), rise * np.sin(psi), np.ones_like(psi)], axis=1
        )
        off = here - points
        gradient = (off[:, :2] * curve.tangent).sum(axis=1), (off * along).sum(axis=1)
        least = 1e-2 * (curve.tangent**2).sum(axis=1)
        h11 = np.maximum((curve.tangent**2).sum(axis=1) + (off[:, :2] * curve.bend).sum(axis=1), least)
        h12 = (curve.tangent * along[:, :2]).sum(axis=1)
        h22 = (along**2).sum(axis=1)
        size = np.maximum(h11 * h22 - h12**2, 1e-2 * h11 * h22)
        turn = np.clip((h22 * gradient[0] - h12 * gradient[1]) / size, -0.05, 0.05)
        climb = np.clip((h11 * gradient[1] - h12 * gradient[0]) / size, -_GRID[1], _GRID[1])
        # At an end face the level stays, and the angle alone is sought.
        ends = ((level <= 0.0) & (climb > 0.0)) | ((level >= length) & (climb < 0.0))
        turn = np.where(ends, np.clip(gradient[0] / h11, -0.05, 0.05), turn)
        moved = np.clip(level - climb, 0.0, length)
        far = float(max(np.abs(turn).max(), np.abs(moved - level).max())) if len(points) else 0.0
        return psi - turn, moved, far


def outer_and_canal(
    stations: Sequence[Station], centreline: Centreline
) -> tuple[Sectioned, Sectioned | None]:
    """Make the outer surface of stations and the wall of their natural canal, where they have one.

    Parameters
    ----------
    stations : sequence of Station
    centreline : Centreline
    """
    levels = np.array([station.level for station in stations])
    outer = np.array([[*_outer(station), 0.0] for station in stations])
    if not stations[0].hollow:
        return Sectioned(levels, outer, centreline), None
    if stations[0].wall is not None:
        canal = np.array([[*_outer(station), station.wall or 0.0] for station in stations])
    else:
        canal = np.array(
            [[station.canal_anterior, station.canal_left, 0.0, 0.0, 0.0] for station in stations]
        )
    return Sectioned(levels, outer, centreline), Sectioned(levels, canal, centreline)


def _outer(station: Station) -> tuple[float, float, float, float]:
    triangle = station.triangle
    share, apex = (0.0, 0.0) if triangle is None else (triangle.share, triangle.apex)
    harmonic = share * np.cos(3 * apex), share * np.sin(3 * apex)
    return station.outer_anterior, station.outer_left, *harmonic


def _polar(psi: FloatArray, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Radius rho about the centreline with its first and second derivative by the angle, shape (n,)."""
    a, b = shape[..., 0], shape[..., 1]
    cosine, sine = np.cos(psi), np.sin(psi)
    # e = u^(-1/2) with u = cos^2/a^2 + sin^2/b^2
    u = (cosine / a) ** 2 + (sine / b) ** 2
    split = 1.0 / b**2 - 1.0 / a**2
    u1, u2 = 2.0 * split * sine * cosine, 2.0 * split * (cosine**2 - sine**2)
    e = u**-0.5
    e1 = -0.5 * u1 * u**-1.5
    e2 = -0.5 * u2 * u**-1.5 + 0.75 * u1**2 * u**-2.5
    f = 1.0 + shape[..., 2] * np.cos(3 * psi) + shape[..., 3] * np.sin(3 * psi)
    f1 = 3.0 * (shape[..., 3] * np.cos(3 * psi) - shape[..., 2] * np.sin(3 * psi))
    f2 = 9.0 * (1.0 - f)
    return e * f, e1 * f + e * f1, e2 * f + 2.0 * e1 * f1 + e * f2


def _polar_slope(psi: FloatArray, shape: FloatArray, climb: FloatArray) -> FloatArray:
    """Give the derivative of rho by the level at a fixed angle, shape (n,)."""
    a, b = shape[..., 0], shape[..., 1]
    cosine, sine = np.cos(psi), np.sin(psi)
    e = ((cosine / a) ** 2 + (sine / b) ** 2) ** -0.5
    e_z = e**3 * (cosine**2 * climb[..., 0] / a**3 + sine**2 * climb[..., 1] / b**3)
    f = 1.0 + shape[..., 2] * np.cos(3 * psi) + shape[..., 3] * np.sin(3 * psi)
    f_z = climb[..., 2] * np.cos(3 * psi) + climb[..., 3] * np.sin(3 * psi)
    return np.asarray(e_z * f + e * f_z)


def _cross(one: FloatArray, two: FloatArray) -> FloatArray:
    return np.asarray(one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0])
