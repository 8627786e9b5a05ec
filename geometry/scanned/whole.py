"""A whole bone's outer surface: the given triangulated surface itself, above the cut.

It is no radius by angle and level: below a trochanter and at the neck a ray across the axis leaves the bone
more than once. Distances are those to the curved surface that was recovered from the triangles, exact to
round-off. The cortical shell is what lies within its thickness of that surface.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geometry.curved import CurvedSurface
from geometry.outline import FloatArray, Outline
from geometry.scanned.slices import Triangles, ray_crossings, section
from geometry.sheet import Sheet

#: Directions in which half extents are taken, rad: front, back, left, right.
_FOUR = np.array([0.0, np.pi, np.pi / 2, -np.pi / 2])
#: Levels at which extents are known, mm apart.
_PITCH = 1.0
#: Samples from which the nearest place is looked for.
_TRIED = 3
#: The axis leaves the bone where the surface comes nearer to it than this share of its distance at the cut.
_NEARER = 0.5


@dataclass(frozen=True)
class Head:
    """The sphere of a joint's head.

    Attributes
    ----------
    centre : tuple of 3 floats, mm
        In the implant's frame.
    radius : float, mm
    off : float, mm
        Root mean square of the distance of the points from the sphere; 0 where it is stated.
    points
        How many were fitted; 0 where it is stated.
    """

    centre: tuple[float, float, float]
    radius: float
    off: float = 0.0
    points: int = 0


@dataclass(frozen=True)
class Held:
    """The part of the outer surface that is the bone's proximal support.

    Attributes
    ----------
    head : Head, or None
        About whose centre the support lies.
    within : float, mm
        Distance from that centre up to which the surface belongs to it.
    above : float, mm, or None
        Without a head: the level above which all of the surface does.

    """

    head: Head | None = None
    within: float = 0.0
    above: float | None = None

    def holds(self, points: FloatArray) -> FloatArray:
        """Say by how much points lie within the support, shape (n,), mm; negative outside it."""
        if self.head is None:
            assert self.above is not None
            return np.asarray(points[:, 2] - self.above)
        return np.asarray(self.within - np.linalg.norm(points - np.array(self.head.centre), axis=1))


@dataclass(frozen=True, eq=False)
class Whole(Outline):
    """The outer surface of a whole bone.

    Attributes
    ----------
    sheet : Sheet
        In the straight frame of the implant, closed; what lies below the cut, z = 0, is cut off.
    held : Held
    thickness : tuple of pairs of floats, mm
        Level and thickness of the cortical shell, linear between, constant beyond; empty without a shell.
    """

    sheet: Sheet
    held: Held
    thickness: tuple[tuple[float, float], ...] = ()

    def __repr__(self) -> str:
        """Say the content, as digests of meshes need it."""
        surface = self.sheet.surface
        content = hashlib.sha256(surface.points.tobytes() + surface.triangles.tobytes()).hexdigest()
        return f"Whole(held={self.held}, thickness={self.thickness}, content={content})"

    @cached_property
    def length(self) -> float:
        """Level of the highest point, mm."""
        return float(self.sheet.surface.points[:, 2].max())

    @cached_property
    def triangles(self) -> Triangles:
        """The straight triangles."""
        return Triangles(self.sheet.vertices, self.sheet.straight)

    @cached_property
    def surface(self) -> CurvedSurface:
        """The curved triangles that reach above the cut: what lies below is no surface of the bone."""
        whole = self.sheet.surface
        above = whole.points[whole.triangles, 2].max(axis=1) > 0.0
        return CurvedSurface(whole.points, whole.triangles[above], whole.curvature)

    @cached_property
    def chord(self) -> tuple[float, tuple[float, float, float]]:
        """By how much straight edges above the cut miss the curved surface at most, mm, and where."""
        points, nodes = self.surface.points, self.surface.triangles
        off = points[nodes[:, 3:]] - (points[nodes[:, :3]] + points[nodes[:, [1, 2, 0]]]) / 2
        far = np.where(points[nodes[:, 3:], 2] > 0.0, np.linalg.norm(off, axis=2), 0.0)
        worst = np.unravel_index(int(far.argmax()), far.shape)
        x, y, z = points[nodes[:, 3:]][worst].tolist()
        return float(far[worst]), (x, y, z)

    @cached_property
    def _extents(self) -> tuple[FloatArray, FloatArray]:
        """Levels and half extents about the axis: of the section round the axis, the last one beyond."""
        levels = np.arange(0.5 * _PITCH, self.length, _PITCH)
        found, first = np.zeros((len(levels), 2)), np.zeros(4)
        for row, level in enumerate(levels.tolist()):
            rays = ray_crossings(section(self.triangles, level), _FOUR)
            ways = np.array([float(ray[0]) if len(ray) % 2 else 0.0 for ray in rays])
            if row == 0:
                first = ways
            if (ways < _NEARER * first).any():
                # The axis leaves the bone.
                found[row:] = found[row - 1]
                break
            found[row] = ways[:2].mean(), ways[2:].mean()
        return levels, found

    def half_extents(self, level: FloatArray) -> FloatArray:
        """See `Outline.half_extents`: above the level at which the axis leaves the bone the last ones."""
        levels, found = self._extents
        return np.stack([np.interp(level, levels, column) for column in found.T], axis=-1)

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Outline.radius`: to where a ray first leaves the bone, 0 where the axis is outside."""
        angle, level = np.broadcast_arrays(np.asarray(angle, dtype=np.float64), level)
        found = np.zeros(angle.shape)
        for each in np.unique(level).tolist():
            rows = np.flatnonzero(level == each)
            order = rows[np.argsort(angle[rows], kind="stable")]
            rays = ray_crossings(section(self.triangles, each), angle[order])
            found[order] = [ray[0] if len(ray) % 2 else 0.0 for ray in rays]
        return found

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Outline.slopes`: of the surface where the ray leaves it, from its normal n.

        Along the surface n is square to every way: n_r dr + n_a r da + n_z dz = 0.
        """
        cosine, sine, radius = np.cos(angle), np.sin(angle), self.radius(angle, level)
        _, normals = self.surface.closest(self.places(angle, level), _TRIED)
        outwards = normals[:, 0] * cosine + normals[:, 1] * sine
        around = normals[:, 1] * cosine - normals[:, 0] * sine
        return -radius * around / outwards, -normals[:, 2] / outwards

    def outside(self, points: FloatArray) -> FloatArray:
        """See `Outline.outside`: exact."""
        return self.surface.outside(points, _TRIED)

    def depth(self, points: FloatArray, length: float) -> FloatArray:
        """See `Outline.depth`: exact."""
        return np.asarray(-self.surface.outside(points, _TRIED))

    def nearly_depth(self, points: FloatArray) -> FloatArray:
        """Measure the depth to the nearest sample of the surface, shape (n,), mm: fast, and rough."""
        return np.asarray(-self.surface.nearly_outside(points))

    def shell_at(self, level: FloatArray) -> FloatArray:
        """Thickness of the cortical shell by level, shape (n,), mm."""
        levels, thicknesses = np.array(self.thickness).T
        return np.asarray(np.interp(level, levels, thicknesses))

    def outside_core(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside what the cortical shell encloses.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside.
        """
        return np.asarray(self.shell_at(points[:, 2]) + self.surface.outside(points, _TRIED))
