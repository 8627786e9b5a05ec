"""Where a surface crosses itself: edges of triangles through other triangles.

Candidates are triangles of which pieces, cut so that none is much longer than the others, have centres
within reach in a spatial tree; then boxes; then each edge of one against the face of the other.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from geometry.curved import FloatArray, IntArray

#: A piece is at most this many times the root of the mean area long, and no smaller than this part
#: of the surface's extent.
_PIECE, _SMALLEST = 3.0, 1 / 400
#: How far within a triangle and an edge a crossing must lie, as shares of them.
_WITHIN = 1e-7
#: Neighbours whose normals are opposed by more than this cosine lie folded on one another.
_FOLDED = -1.0 + 1e-6
_AT_ONCE = 500_000


def first_crossing(points: FloatArray, triangles: IntArray) -> tuple[tuple[float, float, float], int] | None:
    """Find where a closed surface crosses itself, or lies folded on itself.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 3)

    Returns
    -------
    place : tuple of 3 floats, mm
        Of the first crossing.
    count : int
        Of pairs of triangles.
    None where there is none.
    """
    places = [_folds(points, triangles)]
    found = _pairs(points, triangles)
    for low in range(0, len(found), _AT_ONCE):
        places.append(_crossings(points, triangles, found[low : low + _AT_ONCE]))
    all_places = np.concatenate(places)
    if not len(all_places):
        return None
    x, y, z = all_places[0].tolist()
    return (x, y, z), len(all_places)


def _folds(points: FloatArray, triangles: IntArray) -> FloatArray:
    corners = points[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-300)[:, None]
    pairs = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    order = np.lexsort(np.sort(pairs, axis=1).T)
    one, other = order[::2], order[1::2]
    folded = np.einsum("ed,ed->e", normal[one // 3], normal[other // 3]) < _FOLDED
    return np.asarray(points[pairs[one[folded]]].mean(axis=1))


def _pairs(points: FloatArray, triangles: IntArray) -> IntArray:
    """Pairs of triangles that may touch, neighbours across an edge left out."""
    corners, parent = _pieces(points[triangles])
    centre = corners.mean(axis=1)
    radius = np.linalg.norm(corners - centre[:, None], axis=2).max(axis=1)
    near = cKDTree(centre).query_pairs(2 * float(radius.max()), output_type="ndarray")
    off = np.linalg.norm(centre[near[:, 0]] - centre[near[:, 1]], axis=1)
    near = near[off <= radius[near[:, 0]] + radius[near[:, 1]]]
    found = np.sort(parent[near], axis=1)
    found = found[found[:, 0] != found[:, 1]]
    code = np.unique(found[:, 0] * len(triangles) + found[:, 1])
    found = np.stack([code // len(triangles), code % len(triangles)], axis=1)
    low, high = points[triangles].min(axis=1), points[triangles].max(axis=1)
    one, other = found.T
    boxes = ((low[one] <= high[other]) & (low[other] <= high[one])).all(axis=1)
    found = found[boxes]
    shared = (triangles[found[:, 0]][:, :, None] == triangles[found[:, 1]][:, None]).sum(axis=(1, 2))
    return np.asarray(found[shared < 2])


def _pieces(corners: FloatArray) -> tuple[FloatArray, IntArray]:
    """Halve triangles, shape (m, 3, 3), across their longest edge until none is long."""
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    extent = float(np.ptp(corners.reshape(-1, 3), axis=0).max())
    most = max(_PIECE * float(np.sqrt(area.mean())), _SMALLEST * extent)
    parent = np.arange(len(corners))
    done, owners = [], []
    while len(corners):
        sides = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
        longest = sides.argmax(axis=1)
        short = sides.max(axis=1) <= most
        done.append(corners[short])
        owners.append(parent[short])
        corners, parent, longest = corners[~short], parent[~short], longest[~short]
        turned = corners[np.arange(len(corners))[:, None], (longest[:, None] + np.arange(3)) % 3]
        a, b, c = turned[:, 0], turned[:, 1], turned[:, 2]
        middle = (a + b) / 2
        corners = np.concatenate([np.stack([a, middle, c], axis=1), np.stack([middle, b, c], axis=1)])
        parent = np.concatenate([parent, parent])
    return np.concatenate(done), np.concatenate(owners)


def _crossings(points: FloatArray, triangles: IntArray, pairs: IntArray) -> FloatArray:
    """Return a place for each pair of which an edge runs through the other's face."""
    place = np.full((len(pairs), 3), np.nan)
    for first, second in ((0, 1), (1, 0)):
        faces, edges = triangles[pairs[:, first]], triangles[pairs[:, second]]
        a, b, c = points[faces].transpose(1, 0, 2)
        normal = np.cross(b - a, c - a)
        square = np.einsum("pd,pd->p", normal, normal)
        for start, end in ((0, 1), (1, 2), (2, 0)):
            # An edge that ends in a corner of the face meets the face there and nowhere else.
            apart = ~((faces == edges[:, [start]]) | (faces == edges[:, [end]])).any(axis=1)
            p, q = points[edges[:, start]], points[edges[:, end]]
            up, down = np.einsum("pd,pd->p", p - a, normal), np.einsum("pd,pd->p", q - a, normal)
            crosses = apart & (up * down < 0)
            share = up / np.where(crosses, up - down, 1.0)
            at = p + share[:, None] * (q - p)
            inside = crosses & (share > _WITHIN) & (share < 1 - _WITHIN)
            for one, other in ((a, b), (b, c), (c, a)):
                weight = np.einsum("pd,pd->p", np.cross(other - one, at - one), normal)
                inside &= weight > _WITHIN * square
            place[inside] = at[inside]
    return np.asarray(place[np.isfinite(place[:, 0])])
