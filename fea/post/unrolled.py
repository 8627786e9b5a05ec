"""The interface unrolled: angle round the stem against depth from the cut, closed at the seam.

A point at angle a and level z stands at (R a, z), R the stem's largest radius, so that
lengths are true on a cylinder. Facets are cut into small triangles first; each triangle
is unwrapped as a whole, and one that reaches over the seam is drawn at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.render.surface import contact_surface
from fea.solution import Interface
from geometry.zones import OFF_FLANK

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: The seam is at the back: the map runs from -180 (posterior) over 0 (anterior) to 180 degrees.
SEAM = 180.0
#: A triangle nearer to the axis than this part of the radius has no angle worth drawing.
POLE = 0.02
WIDEST = 60.0
#: Patches over which friction is averaged for arrows: round the stem, and their height in mm.
COLUMNS, PATCH = 10, 9.0


@dataclass(frozen=True, eq=False)
class Unrolled:
    """The interface as a flat map.

    Attributes
    ----------
    angle : ndarray, shape (m,), degrees
        0 anterior, 90 left; beyond +-180 for what is drawn at both ends of the map.
    depth : ndarray, shape (m,), mm
        From the cut towards the hip.
    triangles : ndarray, shape (t, 3)
    repeated : ndarray of bool, shape (t,)
        True for the copy of a triangle that reaches over the seam.
    facet : ndarray, shape (m, 3)
        Interface vertices that a point lies between.
    weight : ndarray, shape (m, 3)
        Its barycentric coordinates among them.
    radius : float, mm
        That turns angles into lengths.
    """

    angle: FloatArray
    depth: FloatArray
    triangles: IntArray
    repeated: NDArray[np.bool_]
    facet: IntArray
    weight: FloatArray
    radius: float

    @property
    def across(self) -> FloatArray:
        """Position round the stem, mm, shape (m,)."""
        return np.asarray(np.radians(self.angle) * self.radius)

    def spread(self, values: FloatArray) -> FloatArray:
        """Interpolate values at the interface's vertices.

        Parameters
        ----------
        values : ndarray, shape (n,)

        Returns
        -------
        ndarray, shape (m,)
        """
        return np.asarray(np.einsum("mi,mi->m", self.weight, values[self.facet]))

    def areas(self) -> FloatArray:
        """Areas of the triangles on the map.

        Returns
        -------
        ndarray, shape (t,), mm^2
        """
        x, y = self.across[self.triangles], self.depth[self.triangles]
        return np.asarray(
            np.abs((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])) / 2
        )


def unroll(interface: Interface) -> Unrolled:
    """Unroll the flank of the stem; collar and lag screw, which are no part of it, are left out.

    Parameters
    ----------
    interface : Interface

    Returns
    -------
    Unrolled
    """
    surface, facets = contact_surface(interface, ~interface.within(*OFF_FLANK))
    each = len(surface.linear)
    facet = np.repeat(facets, each, axis=0)
    weight = np.tile(surface.linear, (len(facets), 1))
    points = interface.axis.straighten(surface.points)
    distance = np.hypot(points[:, 0], points[:, 1])
    radius = float(distance.max(initial=0.0))
    triangles = surface.triangles
    # Every triangle gets its own points: at the pole and at the seam neighbours disagree about the angle.
    flat = triangles.reshape(-1)
    angle = np.degrees(np.arctan2(points[flat, 1], points[flat, 0])).reshape(-1, 3)
    angle = _unwrapped(angle, distance[flat].reshape(-1, 3) > POLE * radius)
    sound = np.ptp(angle, axis=1) < WIDEST
    depth = points[flat, 2].reshape(-1, 3)[sound]
    angle, rows = angle[sound], flat.reshape(-1, 3)[sound]
    over, under = angle.max(axis=1) > SEAM + 1e-9, angle.min(axis=1) < -SEAM - 1e-9
    parts = [(angle, np.ones(len(angle), bool)), (angle - 360.0, over), (angle + 360.0, under)]
    return Unrolled(
        angle=np.concatenate([turned[which] for turned, which in parts]).reshape(-1),
        depth=np.concatenate([depth[which] for _, which in parts]).reshape(-1),
        triangles=np.arange(3 * sum(int(which.sum()) for _, which in parts)).reshape(-1, 3),
        repeated=np.concatenate([np.full(int(w.sum()), index > 0) for index, (_, w) in enumerate(parts)]),
        facet=np.concatenate([facet[rows[which]] for _, which in parts]).reshape(-1, 3),
        weight=np.concatenate([weight[rows[which]] for _, which in parts]).reshape(-1, 3),
        radius=radius,
    )


def _unwrapped(angle: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Bring the corners of each triangle next to one another, the middle within the map.

    A corner on the axis takes the mean of the others.
    """
    first = np.take_along_axis(angle, np.argmax(known, axis=1)[:, None], axis=1)
    near = first + (angle - first + 180.0) % 360.0 - 180.0
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, near, 0.0).sum(axis=1, keepdims=True) / count
    near = np.where(known, near, mean)
    middle = near.mean(axis=1, keepdims=True)
    return np.asarray(near - 360.0 * np.round(middle / 360.0))


@dataclass(frozen=True, eq=False)
class Patches:
    """Friction on the bone, averaged over patches of the flank.

    Attributes
    ----------
    angle, depth : ndarray, shape (k,), degrees and mm
        Middles of the patches.
    around, axial : ndarray, shape (k,), MPa
        Components towards rising angle and towards the hip.
    """

    angle: FloatArray
    depth: FloatArray
    around: FloatArray
    axial: FloatArray

    @property
    def size(self) -> FloatArray:
        """Magnitudes, MPa, shape (k,)."""
        return np.asarray(np.hypot(self.around, self.axial))


def average_friction(interface: Interface, traction: FloatArray, low: float, high: float) -> Patches:
    """Average friction over patches between two levels.

    Parameters
    ----------
    interface : Interface
    traction : ndarray, shape (n, 3), MPa
        Pressure, axial and circumferential friction.
    low, high : float, mm

    Returns
    -------
    Patches
    """
    vector = traction[:, 1:2] * interface.axial + traction[:, 2:3] * interface.circumferential
    straight = interface.straight
    angle = np.arctan2(straight[:, 1], straight[:, 0])
    vector = np.einsum("nba,nb->na", interface.axis.frames(straight), vector)
    around = vector[:, 1] * np.cos(angle) - vector[:, 0] * np.sin(angle)
    flank = ~interface.within(*OFF_FLANK)
    rows = max(round((high - low) / PATCH), 1)
    column = np.floor((angle[flank] / np.pi + 1.0) / 2.0 * COLUMNS).astype(np.int64) % COLUMNS
    row = ((straight[flank, 2] - low) / (high - low) * rows).astype(np.int64).clip(0, rows - 1)
    patch, area = row * COLUMNS + column, interface.area[flank]
    total = np.bincount(patch, area, minlength=rows * COLUMNS)
    number = np.flatnonzero(total > 0.0)
    sums = (
        np.bincount(patch, area * part[flank], minlength=rows * COLUMNS) for part in (around, vector[:, 2])
    )
    means = [found[number] / total[number] for found in sums]
    middle = low + (number // COLUMNS + 0.5) * (high - low) / rows
    return Patches((number % COLUMNS + 0.5) / COLUMNS * 360.0 - 180.0, middle, *means)
