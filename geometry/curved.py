"""A closed surface of curved six-node triangles, and the nearest point on it.

The nearest point of x = sum N_a(u, v) X_a to p is found by Newton's method on half the squared
distance in the triangles whose sample points lie nearest, with (u, v) kept in the triangle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NEAREST, _STEPS, _AT_ONCE = 10, 10, 20_000
#: Samples that are tried where the nearest place seems missed: where the way to it leans by more, mm.
_MORE, _ASTRAY = 80, 1e-5
#: Where a triangle is sampled, barycentric.
_SAMPLES = np.array(
    [[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4], [2, 2, 0.2], [2, 0.2, 2], [0.2, 2, 2]], dtype=np.float64
)
_SAMPLES /= _SAMPLES.sum(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class CurvedSurface:
    """Curved triangles.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 6)
        Corners, then middles of the edges 0-1, 1-2, 2-0; they point outwards.
    curvature : ndarray, shape (n,), 1/mm
        The larger principal curvature's magnitude at the points; at an edge that of any of its faces.
    """

    points: FloatArray
    triangles: IntArray
    curvature: FloatArray

    @cached_property
    def _tree(self) -> cKDTree:
        values = _shapes(_SAMPLES[:, 1], _SAMPLES[:, 2])
        return cKDTree(np.einsum("sa,tad->tsd", values, self.points[self.triangles]).reshape(-1, 3))

    @cached_property
    def normals(self) -> FloatArray:
        """Outward unit normals at the triangles' middles, ndarray, shape (m, 3)."""
        third = np.full(len(self.triangles), 1 / 3)
        return _normals(self.points[self.triangles], third, third)

    @cached_property
    def middles(self) -> FloatArray:
        """Middles of the triangles, ndarray, shape (m, 3), mm."""
        third = np.full(1, 1 / 3)
        return np.asarray(np.einsum("a,tad->td", _shapes(third, third)[0], self.points[self.triangles]))

    @property
    def volume(self) -> float:
        """Volume inside, mm^3; negative where the triangles point inwards."""
        # Degree 2 nodes: a rule of degree 6 would be exact; seven points of degree 5 leave 1e-6 and less.
        a, b = (6 - 15**0.5) / 21, (6 + 15**0.5) / 21
        u = np.array([1 / 3, a, 1 - 2 * a, a, b, 1 - 2 * b, b])
        v = np.array([1 / 3, a, a, 1 - 2 * a, b, b, 1 - 2 * b])
        weight = np.array([0.225, *3 * [(155 - 15**0.5) / 1200], *3 * [(155 + 15**0.5) / 1200]]) / 2
        nodes, total = self.points[self.triangles], 0.0
        for at, beside, share in zip(u, v, weight, strict=True):
            where, other = np.full(len(nodes), at), np.full(len(nodes), beside)
            along = _slopes(where, other)
            place = np.einsum("ta,tad->td", _shapes(where, other), nodes)
            tangents = np.einsum("rta,tad->rtd", along, nodes)
            total += share * float(np.einsum("td,td->", place, np.cross(tangents[0], tangents[1]))) / 3
        return total

    def closest(self, points: FloatArray, tried: int = _NEAREST) -> tuple[FloatArray, FloatArray]:
        """Find the nearest point of the surface, and its outward normal.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            On the surface or near it.
        tried : int
            From how many samples it is looked for; from more where the way is not along the normal.

        Returns
        -------
        places : ndarray, shape (n, 3), mm
        normals : ndarray, shape (n, 3)
        """
        places, normals = np.zeros((len(points), 3)), np.zeros((len(points), 3))
        for low in range(0, len(points), _AT_ONCE):
            part = slice(low, low + _AT_ONCE)
            places[part], normals[part] = self._closest(np.asarray(points[part], dtype=np.float64), tried)
        # Where the way is not along the normal the triangle may have been missed among smaller ones.
        way = points - places
        across = way - np.einsum("nd,nd->n", way, normals)[:, None] * normals
        astray = np.flatnonzero(np.linalg.norm(across, axis=1) > _ASTRAY)
        for low in range(0, len(astray), _AT_ONCE // 8):
            rows = astray[low : low + _AT_ONCE // 8]
            again, theirs = self._closest(np.asarray(points[rows], dtype=np.float64), _MORE)
            nearer = np.linalg.norm(again - points[rows], axis=1) < np.linalg.norm(way[rows], axis=1) - 1e-9
            places[rows[nearer]], normals[rows[nearer]] = again[nearer], theirs[nearer]
        return places, normals

    def nearly_outside(self, points: FloatArray) -> FloatArray:
        """Measure the distance to the nearest sample of the surface, shape (n,), mm."""
        far, sample = self._tree.query(points)
        way = points - self._tree.data[sample]
        normal = self.normals[sample // len(_SAMPLES)]
        return np.asarray(np.where(np.einsum("nd,nd->n", way, normal) < 0, -far, far))

    def outside(self, points: FloatArray, tried: int = _NEAREST) -> FloatArray:
        """Measure the distance to the surface.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        tried : int
            See `closest`.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside; beside a sharp edge the sign is that of one of its faces.
        """
        places, normals = self.closest(points, tried)
        offset = points - places
        sign = np.where(np.einsum("nd,nd->n", offset, normals) < 0, -1.0, 1.0)
        return np.asarray(sign * np.linalg.norm(offset, axis=1))

    def section(self, level: float) -> FloatArray:
        """Cut the surface across the axis.

        Parameters
        ----------
        level : float, mm

        Returns
        -------
        ndarray, shape (k, 3), mm
            Points on the outline at the level, less than an edge of a triangle from one another.
        """
        corners = self.triangles[:, [0, 3, 3, 1, 1, 4, 4, 2, 2, 5, 5, 0, 3, 4, 4, 5, 5, 3]].reshape(-1, 2)
        ends = self.points[np.unique(np.sort(corners, axis=1), axis=0)]
        low, high = ends[:, 0, 2] - level, ends[:, 1, 2] - level
        crossing = (low <= 0) != (high <= 0)
        share = (low / np.where(crossing, low - high, 1.0))[crossing, None]
        found = ends[crossing, 0] + share * (ends[crossing, 1] - ends[crossing, 0])
        found[:, 2] = level
        return np.asarray(found)

    def _closest(self, points: FloatArray, nearest: int) -> tuple[FloatArray, FloatArray]:
        _, sample = self._tree.query(points, k=min(nearest, len(_SAMPLES) * len(self.triangles)))
        triangle = sample // len(_SAMPLES)
        start = _SAMPLES[sample % len(_SAMPLES)]
        count = triangle.shape[1]
        nodes = self.points[self.triangles[triangle.ravel()]]
        target = np.repeat(points, count, axis=0)
        u, v = _refined(nodes, target, start[..., 1].ravel(), start[..., 2].ravel())
        place = np.einsum("ta,tad->td", _shapes(u, v), nodes)
        off = np.linalg.norm(place - target, axis=1).reshape(-1, count)
        best = np.argmin(off, axis=1) + count * np.arange(len(points))
        return place[best], _normals(nodes[best], u[best], v[best])


def _refined(nodes: FloatArray, target: FloatArray, u: FloatArray, v: FloatArray) -> tuple[FloatArray, ...]:
    """Move (u, v) to the nearest point within each triangle."""
    bends = np.einsum("ra,tad->rtd", _BENDS, nodes)
    for _ in range(_STEPS):
        place = np.einsum("ta,tad->td", _shapes(u, v), nodes)
        along = np.einsum("rta,tad->rtd", _slopes(u, v), nodes)
        offset = place - target
        g0, g1 = (np.einsum("td,td->t", offset, along[k]) for k in (0, 1))
        plain = [np.einsum("td,td->t", along[i], along[j]) for i, j in ((0, 0), (0, 1), (1, 1))]
        bent = [np.einsum("td,td->t", offset, bends[k]) for k in range(3)]
        h00, h01, h11 = (flat + more for flat, more in zip(plain, bent, strict=True))
        det = h00 * h11 - h01**2
        # Where the distance is no longer convex, the flat part alone is.
        sound = (h00 > 0.1 * plain[0]) & (det > 0.01 * (plain[0] * plain[2] - plain[1] ** 2))
        h00, h01, h11 = (
            np.where(sound, whole, flat) for whole, flat in zip((h00, h01, h11), plain, strict=True)
        )
        det = h00 * h11 - h01**2
        u, v = _kept(u - (h11 * g0 - h01 * g1) / det, v - (h00 * g1 - h01 * g0) / det)
    return u, v


def _kept(u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bring (u, v) back into the triangle, to a point of the edge that was crossed."""
    share = np.clip(np.stack([1 - u - v, u, v]), 0.0, None)
    share /= share.sum(axis=0)
    return share[1], share[2]


def _shapes(u: FloatArray, v: FloatArray) -> FloatArray:
    w = 1 - u - v
    columns = (w * (2 * w - 1), u * (2 * u - 1), v * (2 * v - 1), 4 * w * u, 4 * u * v, 4 * v * w)
    return np.stack(columns, axis=1)


def _slopes(u: FloatArray, v: FloatArray) -> FloatArray:
    w, zero = 1 - u - v, np.zeros_like(u)
    by_u = (1 - 4 * w, 4 * u - 1, zero, 4 * (w - u), 4 * v, -4 * v)
    by_v = (1 - 4 * w, zero, 4 * v - 1, -4 * u, 4 * u, 4 * (w - v))
    return np.stack([np.stack(by_u, axis=1), np.stack(by_v, axis=1)])


#: Second derivatives of the shapes by uu, uv, vv.
_BENDS = np.array([[4, 4, 0, -8, 0, 0], [4, 0, 0, -4, 4, -4], [4, 0, 4, 0, 0, -8]], dtype=np.float64)


def _normals(nodes: FloatArray, u: FloatArray, v: FloatArray) -> FloatArray:
    along = np.einsum("rta,tad->rtd", _slopes(u, v), nodes)
    normal = np.cross(along[0], along[1])
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))
