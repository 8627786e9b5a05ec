"""Where stress has no converged peak, as shapes: circles, edges, holes, threads, curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geometry.anchor import Anchor
from geometry.axis import STRAIGHT, Axis
from geometry.scanned.whole import Held

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Rim:
    """A place without a converged stress.

    Attributes
    ----------
    name
        In words, for reports.
    bodies : tuple of str
        ``"stem"``, ``"bone"`` or both.
    level : float, mm
        From the cut.
    reach : float, mm
        How far the rim disturbs.
    radius : float, mm
        Of a circle about the implant axis; None for the whole section at `level`.
    axis : Axis
        The implant's, along which levels count.
    """

    name: str
    bodies: tuple[str, ...]
    level: float
    reach: float
    radius: float | None = None
    axis: Axis = STRAIGHT

    def distance(self, points: FloatArray) -> FloatArray:
        """Return how far points lie from the rim.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        points = self.axis.straighten(points)
        along = points[:, 2] - self.level
        if self.radius is None:
            return np.asarray(np.abs(along))
        return np.asarray(np.hypot(np.hypot(points[:, 0], points[:, 1]) - self.radius, along))

    @property
    def spot(self) -> tuple[float, float, float]:
        """A place on the rim, mm, that is seen from the left: at its back, or on the axis."""
        return -(self.radius or 0.0), 0.0, self.level

    def covers(self, points: FloatArray) -> BoolArray:
        """Tell which points, shape (n, 3), mm, lie within the reach."""
        return np.asarray(self.distance(points) <= self.reach)


@dataclass(frozen=True)
class SideRim(Rim):
    """Two faces across x, the cuts of a segment of the jaw.

    Attributes
    ----------
    side : float, mm
        How far they lie from the implant's axis.
    """

    side: float = 0.0

    def distance(self, points: FloatArray) -> FloatArray:
        """As `Rim.distance`."""
        return np.asarray(np.abs(np.abs(self.axis.straighten(points)[:, 0]) - self.side))

    @property
    def spot(self) -> tuple[float, float, float]:
        """As `Rim.spot`."""
        return -self.side, 0.0, self.level


@dataclass(frozen=True)
class HeldRim(Rim):
    """The edge of the part of a whole bone's surface that is held.

    Attributes
    ----------
    held : Held, or None
    """

    held: Held | None = None

    def distance(self, points: FloatArray) -> FloatArray:
        """As `Rim.distance`."""
        assert self.held is not None
        return np.abs(self.held.holds(self.axis.straighten(points)))

    @property
    def spot(self) -> tuple[float, float, float]:
        """As `Rim.spot`: below the head's centre, or on the axis."""
        assert self.held is not None
        if self.held.head is None:
            return 0.0, 0.0, self.level
        x, y, _ = self.held.head.centre
        return x, y, self.level


@dataclass(frozen=True)
class EdgeRim(Rim):
    """Edges along the stem: of flutes or splines, or of a slot.

    Attributes
    ----------
    end : float, mm
        Level at which the edges end; they begin at `level`, at `radius` about the axis.
    angles : tuple of float, rad
        Of the edges about the axis.
    """

    end: float = 0.0
    angles: tuple[float, ...] = ()

    def distance(self, points: FloatArray) -> FloatArray:
        """Return how far points lie from the nearest edge.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        assert self.radius is not None
        points = self.axis.straighten(points)
        along = points[:, 2] - np.clip(points[:, 2], self.level, self.end)
        nearest = np.full(len(points), np.inf)
        for angle in self.angles:
            x, y = self.radius * np.cos(angle), self.radius * np.sin(angle)
            nearest = np.minimum(nearest, np.hypot(points[:, 0] - x, points[:, 1] - y))
        return np.asarray(np.hypot(nearest, along))


@dataclass(frozen=True)
class HoleRim(Rim):
    """The holes of an anchor's pins: how pins bear is assumed, so that stress beside them is not judged.

    Attributes
    ----------
    anchor : Anchor
    """

    anchor: Anchor | None = None

    def distance(self, points: FloatArray) -> FloatArray:
        """Return how far points, shape (n, 3), mm, lie from the nearest hole."""
        assert self.anchor is not None
        return np.maximum(self.anchor.outside_holes(points), 0.0)


@dataclass(frozen=True)
class ThreadRim(Rim):
    """The ridges of a thread, whose every edge is sharp: all between core and crest.

    Attributes
    ----------
    end : float, mm
        Level at which the thread ends; it begins at `level`, at `radius` about the axis.
    depth : float, mm
        Of the thread.
    """

    end: float = 0.0
    depth: float = 0.0

    def distance(self, points: FloatArray) -> FloatArray:
        """Return how far points lie from what is between core and crest.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        assert self.radius is not None
        points = self.axis.straighten(points)
        across = np.hypot(points[:, 0], points[:, 1])
        away = across - np.clip(across, self.radius, self.radius + self.depth)
        along = points[:, 2] - np.clip(points[:, 2], self.level, self.end)
        return np.asarray(np.hypot(away, along))


@dataclass(frozen=True)
class CurveRim(Rim):
    """An edge that follows no circle about the implant's axis: a mouth of a lag screw's hole, an outline.

    Attributes
    ----------
    curve : tuple of tuples of 3 floats, mm
        Points along it, near one another; `level` is their mean, `radius` their largest distance from
        the implant's axis.
    """

    curve: tuple[tuple[float, float, float], ...] = ()

    @property
    def spot(self) -> tuple[float, float, float]:
        """Its hindmost point, mm."""
        return min(self.curve)

    def distance(self, points: FloatArray) -> FloatArray:
        """Return how far points lie from the nearest point of the curve.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        return np.asarray(cKDTree(np.array(self.curve)).query(points)[0])
