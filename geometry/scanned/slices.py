"""Sections of a closed triangulated surface across the z axis.

A triangle that a plane crosses gives a segment, directed so that the solid lies on its left; the
segments of a level are its outline, in no order. Areas and centroids need no order, and neither do
rays: a ray across the axis leaves the solid where it crosses a segment from inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: A triangle lies across the axis, as a surface's own end face does, where its normal is along it by more.
_ACROSS = 0.8
#: What lies no higher above the lowest point belongs to the foot, mm.
_FOOT = 0.5


@dataclass(frozen=True, eq=False)
class Triangles:
    """A closed surface.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    corners : ndarray, shape (m, 3)
        Rows of `points`, anticlockwise seen from outside.
    """

    points: FloatArray
    corners: IntArray

    def moved(self, turn: FloatArray, origin: FloatArray, axis: Axis = STRAIGHT) -> Triangles:
        """Return the surface in the straight frame of an implant.

        Parameters
        ----------
        turn : ndarray, shape (3, 3)
            Rows: the directions of the frame.
        origin : ndarray, shape (3,), mm
        axis : Axis
            The implant's.
        """
        return Triangles(axis.straighten((self.points - origin) @ turn.T), self.corners)

    @property
    def settled(self) -> float:
        """See `shaft.Solid`."""
        return 1e-7

    @property
    def extent(self) -> tuple[float, float]:
        """See `shaft.Solid`."""
        return float(self.points[:, 2].min()), float(self.points[:, 2].max())

    def lowest(self, direction: FloatArray) -> float:
        """See `shaft.Solid`."""
        return float((self.points @ direction).min())

    def end_face(self, reach: float) -> float:
        """See `shaft.Solid`: what faces along the axis; the end of a canal faces up, the outer one down."""
        corners = self.points[self.corners]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        across = np.abs(normal[:, 2]) > _ACROSS * np.linalg.norm(normal, axis=1)
        height = corners[:, :, 2].max(axis=1) - self.extent[0]
        near = height < min(reach, 0.5 * float(height.max()))
        return float(height[across & near].max(initial=0.0))

    def foot_face(self) -> float:
        """How far above the foot the face reaches that the foot is part of, mm; 0 without one."""
        corners = self.points[self.corners]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        across = self.corners[np.abs(normal[:, 2]) > _ACROSS * np.linalg.norm(normal, axis=1)]
        ends = across[:, [[0, 1], [1, 2]]].reshape(-1, 2)
        graph = coo_array((np.ones(len(ends)), ends.T), shape=(len(self.points),) * 2)
        part = connected_components(graph, directed=False)[1]
        height = self.points[:, 2] - self.extent[0]
        reached = np.unique(part[across[height[across].min(axis=1) < _FOOT].ravel()])
        return float(height[across[np.isin(part[across[:, 0]], reached)]].max(initial=0.0))

    def sections(self, levels: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `shaft.Solid`."""
        areas, centres = np.full(len(levels), np.nan), np.full((len(levels), 3), np.nan)
        for row, level in enumerate(levels.tolist()):
            area, centroid = area_and_centroid(section(self, level))
            if area > 0.0:
                areas[row], centres[row] = area, [*centroid, level]
        return areas, centres


def section(surface: Triangles, level: float) -> FloatArray:
    """Cut the surface with the plane z = level.

    Parameters
    ----------
    surface : Triangles
    level : float, mm

    Returns
    -------
    ndarray, shape (k, 2, 2), mm
        Segments, from and to, in x and y, with the solid on the left.
    """
    height = surface.points[:, 2] - level
    above = height > 0.0  # a vertex on the plane counts as below, so that no segment is met twice
    count = above[surface.corners].sum(axis=1)
    crossed = surface.corners[(count > 0) & (count < 3)]
    if not len(crossed):
        return np.zeros((0, 2, 2))
    high = above[crossed]
    # The corner that stands alone on its side comes first.
    alone = np.where(high.sum(axis=1) == 1, high.argmax(axis=1), (~high).argmax(axis=1))
    turned = np.take_along_axis(crossed, (alone[:, None] + np.arange(3)) % 3, axis=1)
    ends = [_between(surface.points, height, turned[:, 0], turned[:, k]) for k in (1, 2)]
    up = above[turned[:, 0]]
    first = np.where(up[:, None], ends[0], ends[1])
    second = np.where(up[:, None], ends[1], ends[0])
    return np.stack([first, second], axis=1)


def _between(points: FloatArray, height: FloatArray, one: IntArray, other: IntArray) -> FloatArray:
    """Cut edges, shape (k,) each end; both triangles of an edge get the same place, bit for bit."""
    one, other = np.minimum(one, other), np.maximum(one, other)
    share = height[one] / (height[one] - height[other])
    return np.asarray(points[one, :2] + share[:, None] * (points[other, :2] - points[one, :2]))


def area_and_centroid(segments: FloatArray) -> tuple[float, FloatArray]:
    """Integrate over what segments enclose, holes taken out.

    Parameters
    ----------
    segments : ndarray, shape (k, 2, 2), mm

    Returns
    -------
    area : float, mm^2
    centroid : ndarray, shape (2,), mm
        NaN where nothing is enclosed.
    """
    if not len(segments):
        return 0.0, np.full(2, np.nan)
    origin = segments[:, 0].mean(axis=0)  # far from the origin products would cancel
    one, two = segments[:, 0] - origin, segments[:, 1] - origin
    double = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    area = float(double.sum() / 2)
    if area <= 0.0:
        return area, np.full(2, np.nan)
    return area, origin + ((one + two) * double[:, None]).sum(axis=0) / (6 * area)


def ray_crossings(segments: FloatArray, angles: FloatArray) -> list[FloatArray]:
    """Find where rays from the z axis cross segments.

    Parameters
    ----------
    segments : ndarray, shape (k, 2, 2), mm
    angles : ndarray, shape (a,), rad

    Returns
    -------
    list of ndarray
        For each ray the distances from the axis, mm, in rising order.
    """
    direction = np.column_stack([np.cos(angles), np.sin(angles)])
    one, two = segments[:, 0], segments[:, 1]
    side = [end[:, 0] * direction[:, 1:] - end[:, 1] * direction[:, :1] for end in (one, two)]
    ray, segment = np.nonzero((side[0] > 0.0) != (side[1] > 0.0))
    share = side[0][ray, segment] / (side[0][ray, segment] - side[1][ray, segment])
    place = one[segment] + share[:, None] * (two[segment] - one[segment])
    along = np.einsum("pd,pd->p", place, direction[ray])
    ahead = along > 0.0
    ray, along = ray[ahead], along[ahead]
    order = np.lexsort((along, ray))
    return np.split(along[order], np.searchsorted(ray[order], np.arange(1, len(angles))))
