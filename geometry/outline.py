"""Outlines: the outer surface of a bone as a radius by angle and level about its centreline.

An outline is star-shaped: every ray across the axis leaves it once, at R(phi, z). Whoever
needs more than that radius (distances, which side a point lies on) finds it here from R and its
slopes; an outline that knows better overrides it. With f = r - R(phi, z) the distance to first
order is f / |grad f|, |grad f|^2 = 1 + (R_phi / R)^2 + R_z^2.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_ANGLES, _ROUNDS, _SHRINK = 48, 24, 0.5


class Outline(ABC):
    """The outer surface of a bone between its end faces, about the straight axis x = y = 0."""

    @property
    def detail(self) -> tuple[int, float]:
        """How many points round the axis show the shape, and how far apart along it, mm."""
        return 48, 5.0

    def section_levels(self, low: float, high: float) -> FloatArray:
        """List the levels of the sections that show the shape of a bone between two levels.

        Parameters
        ----------
        low, high : float, mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        return np.linspace(low, high, 1 + math.ceil((high - low) / self.detail[1]))

    @abstractmethod
    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Give the radius.

        Parameters
        ----------
        angle : ndarray, shape (n,), rad
            0 along x, pi/2 along y.
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """

    @abstractmethod
    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the derivatives of the radius.

        Parameters
        ----------
        angle : ndarray, shape (n,), rad
        level : ndarray, shape (n,), mm

        Returns
        -------
        by_angle : ndarray, shape (n,), mm
        by_level : ndarray, shape (n,)
        """

    def places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Give the points of the surface.

        Parameters
        ----------
        angle : ndarray, shape (n,), rad
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        radius = self.radius(angle, level)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle), level], axis=1)

    def half_extents(self, level: FloatArray) -> FloatArray:
        """Give half the widths along x and y, through the axis.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 2), mm
        """
        turns = np.array([0.0, np.pi, np.pi / 2, -np.pi / 2])
        ways = [self.radius(np.full_like(level, turn), level) for turn in turns]
        return np.stack([(ways[0] + ways[1]) / 2, (ways[2] + ways[3]) / 2], axis=-1)

    def outside(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside, to first order.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            Relative to the axis.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside.
        """
        angle = np.arctan2(points[:, 1], points[:, 0])
        radius = self.radius(angle, points[:, 2])
        by_angle, by_level = self.slopes(angle, points[:, 2])
        steepness = np.sqrt(1.0 + (by_angle / radius) ** 2 + by_level**2)
        return np.asarray((np.hypot(points[:, 0], points[:, 1]) - radius) / steepness)

    def depth(self, points: FloatArray, length: float) -> FloatArray:
        """Measure the distance from points to the nearest place of the outline on the bone.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            Relative to the axis.
        length : float, mm
            Of the bone: places lie between the levels 0 and this.

        Returns
        -------
        ndarray, shape (n,), mm
            Positive inside, negative outside; a search over angle and level whose pattern shrinks
            to a millionth of its first width.
        """
        start = np.arctan2(points[:, 1], points[:, 0])
        turns = np.linspace(-np.pi, np.pi, _ANGLES, endpoint=False)
        level = np.clip(points[:, 2], 0.0, length)
        tried = start[:, None] + turns
        far = self._far(points, tried, np.broadcast_to(level[:, None], tried.shape))
        rows = np.arange(len(points))
        angle = tried[rows, far.argmin(axis=1)]
        turn, climb = 2 * np.pi / _ANGLES, np.maximum(far.min(axis=1), 1e-3)
        steps = np.array([(a, b) for a in (-1.0, 0.0, 1.0) for b in (-1.0, 0.0, 1.0)])
        for _ in range(2 * _ROUNDS):
            angles = angle[:, None] + turn * steps[:, 0]
            levels = np.clip(level[:, None] + climb[:, None] * steps[:, 1], 0.0, length)
            best = self._far(points, angles, levels).argmin(axis=1)
            angle, level = angles[rows, best], levels[rows, best]
            turn, climb = turn * _SHRINK**0.5, climb * _SHRINK**0.5
        distance = self._far(points, angle[:, None], level[:, None])[:, 0]
        return np.asarray(np.where(self.outside(points) > 0, -distance, distance))

    def _far(self, points: FloatArray, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Distances, shape (n, k), of points to places of the outline."""
        radius = self.radius(angle.ravel(), level.ravel()).reshape(angle.shape)
        across = (radius * np.cos(angle) - points[:, :1], radius * np.sin(angle) - points[:, 1:2])
        return np.asarray(np.sqrt(across[0] ** 2 + across[1] ** 2 + (level - points[:, 2:]) ** 2))
