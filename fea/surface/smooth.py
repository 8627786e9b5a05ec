"""From straight triangles back to the curved surface that they were cut from.

The surface is split where its triangles turn by more than 30 degrees. Within a smooth patch every vertex
has a normal; from the normals n1, n2 at its ends a chord c gets the height of an arc that leaves either
end at the angle a to the chord,

    h = (|c| / 4) (tan(a1 / 2) + tan(a2 / 2)),   sin(a1) = -c . n1 / |c|,   sin(a2) = c . n2 / |c|,

along the mean of the normals: a circle is met exactly, and any smooth curve as the cubic Hermite rule
meets it, to the fourth order of |c|. The middle of a sharp edge has the height that either patch asks
for, h1 along its mean normal m1 and h2 along m2: the way d across the chord with d . m1 = h1, d . m2 = h2.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fea.surface.mending import Closed
from fea.surface.needles import without_needles
from fea.surface.normals import vertex_normals
from geometry.curved import CurvedSurface, FloatArray, IntArray
from geometry.errors import GeometryError
from geometry.sheet import Sheet

#: Neighbouring triangles that turn by more are apart by a sharp edge.
SHARP = float(np.cos(np.radians(30.0)))
#: Sine of the angle within which neighbours lie in one plane.
_LEVEL = 2e-4
#: More smooth patches are no stem or bone, but a lattice or a rough skin.
MOST_PATCHES = 200
#: Largest value of s (s - 1/2) (s - 1), the cubic part that a quadratic edge leaves.
_CUBIC = 3**0.5 / 36
#: Of height^3 / chord^2, what a quadratic triangle with an edge askew on a circle leaves.
_QUARTIC = 5.0
#: Steepest angle between chord and surface that is bent, as a sine.
_STEEPEST = 0.9
#: How much one another's patches' normals at a sharp edge may hold of each other, as a cosine.
_PARALLEL = 0.98


def smooth_sheet(closed: Closed, file: str) -> Sheet:
    """Make a surface of straight triangles curved.

    Parameters
    ----------
    closed : Closed
    file : str
        Its name, for the sentence.

    Returns
    -------
    Sheet

    Raises
    ------
    GeometryError
        When the surface is in too many smooth patches.
    """
    points, triangles = closed.points, closed.triangles
    edges = _Edges(points, triangles)
    patch = edges.patches(len(triangles))
    _require_few(points, triangles, patch, file)
    code = triangles + len(points) * patch[:, None]
    nodes, corner = np.unique(code, return_inverse=True)
    corner = corner.reshape(-1, 3)
    near, wide = vertex_normals(points[nodes % len(points)], corner)
    for normals in (near, wide):
        normals[corner[edges.flat]] = edges.normals[edges.flat][:, None]
    heights, ways, doubts, bends = [], [], [], []
    for side in (0, 1):
        rows = [
            np.searchsorted(nodes, edges.ends[:, end] + len(points) * patch[edges.sides[:, side]])
            for end in (0, 1)
        ]
        chord = points[edges.ends[:, 1]] - points[edges.ends[:, 0]]
        ends, way = _bulge(chord, near[rows[0]], near[rows[1]])
        others, _ = _bulge(chord, wide[rows[0]], wide[rows[1]])
        square = np.einsum("ed,ed->e", chord, chord)
        heights.append(ends.sum(axis=0))
        ways.append(way)
        doubts.append(
            8 * _CUBIC * np.abs(ends[0] - ends[1])
            + np.abs(ends - others).sum(axis=0)
            + _QUARTIC * np.abs(heights[-1]) ** 3 / square
        )
        bends.append(8 * np.abs(heights[-1]) / square)
    middles = points[edges.ends].mean(axis=1)
    off = np.where(edges.sharp[:, None], _meeting(heights, ways), heights[0][:, None] * ways[0])
    worst = int(np.linalg.norm(off, axis=1).argmax())
    whole = np.concatenate([points, middles + off])
    curved = np.hstack([triangles, len(points) + edges.of_triangle])
    bend = np.maximum(*bends)
    curvature = np.zeros(len(whole))
    np.maximum.at(curvature, edges.ends.ravel(), np.repeat(bend, 2))
    curvature[len(points) :] = bend
    sharp = whole[np.hstack([edges.ends, len(points) + np.arange(len(edges.ends))[:, None]])[edges.sharp]]
    doubt = np.maximum(*doubts)[edges.of_triangle].max(axis=1)
    whole, curved, curvature, origin = without_needles(whole, curved, curvature)
    remainder, patches = doubt[origin], patch[origin]
    for array in (points, triangles, patch, whole, curved, curvature, patches, sharp, remainder):
        array.flags.writeable = False
    x, y, z = middles[worst].tolist()
    return Sheet(
        points, triangles, patch, CurvedSurface(whole, curved, curvature), patches, sharp,
        float(np.linalg.norm(off[worst])), (x, y, z), remainder,
    )  # fmt: skip


class _Edges:
    """The edges of a closed surface, each with its two triangles."""

    def __init__(self, points: FloatArray, triangles: IntArray) -> None:
        pairs = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
        self.ends, inverse = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
        self.of_triangle = inverse.reshape(-1, 3)
        self.sides = np.argsort(inverse.ravel(), kind="stable").reshape(-1, 2) // 3
        corners = points[triangles]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self.normals = normal / np.maximum(np.linalg.norm(normal, axis=1), 1e-300)[:, None]
        one, other = self.normals[self.sides[:, 0]], self.normals[self.sides[:, 1]]
        self.sharp = np.einsum("ed,ed->e", one, other) < SHARP
        #: Triangles of flat faces, in one plane with all neighbours or with all about one of their corners:
        #: what is round runs out into that plane.
        bent = np.linalg.norm(np.cross(one, other), axis=1) >= _LEVEL
        turned = np.zeros(len(points), dtype=bool)
        turned[self.ends[bent].ravel()] = True
        self.flat = ~bent[self.of_triangle].any(axis=1) | ~turned[triangles].all(axis=1)

    def patches(self, count: int) -> IntArray:
        """Return the number of the smooth patch of each of `count` triangles."""
        one, other = self.sides[~self.sharp].T
        graph = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _require_few(points: FloatArray, triangles: IntArray, patch: IntArray, file: str) -> None:
    count = int(patch.max()) + 1
    if count > MOST_PATCHES:
        small = int(np.bincount(patch).argmin())
        x, y, z = points[triangles[patch == small][0]].mean(axis=0)
        raise GeometryError(
            f"The surface in {file} is in {count} smooth parts between edges sharper than 30 degrees, one at"
            f" ({x:.4g}, {y:.4g}, {z:.4g}) mm, more than the {MOST_PATCHES} that are modelled: it is a"
            " lattice, a rough skin or too coarsely triangulated; export the smooth envelope with a finer"
            " tolerance."
        )


def _bulge(chord: FloatArray, first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what either end adds to the height, shape (2, e), mm, and its unit direction, shape (e, 3)."""
    length = np.linalg.norm(chord, axis=1)
    unit = chord / length[:, None]
    sines = np.stack([-np.einsum("ed,ed->e", unit, first), np.einsum("ed,ed->e", unit, second)])
    sines = np.clip(sines, -_STEEPEST, _STEEPEST)
    mean = first + second
    mean -= np.einsum("ed,ed->e", mean, unit)[:, None] * unit
    mean /= np.maximum(np.linalg.norm(mean, axis=1), 1e-300)[:, None]
    return length / 4 * sines / (1 + np.sqrt(1 - sines**2)), mean


def _meeting(heights: list[FloatArray], ways: list[FloatArray]) -> FloatArray:
    """Return the way to where the surfaces of both sides meet, shape (e, 3), mm."""
    along = np.clip(np.einsum("ed,ed->e", *ways), -_PARALLEL, _PARALLEL)
    one, other = (heights[k] - along * heights[1 - k] for k in (0, 1))
    return np.asarray((one[:, None] * ways[0] + other[:, None] * ways[1]) / (1 - along**2)[:, None])
