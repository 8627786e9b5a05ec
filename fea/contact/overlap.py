"""Integration cells: where the facets of one surface overlap those of another.

A shape function of the other surface breaks at the edges of its facets, so that no rule on whole
facets integrates it exactly. Each facet of the first surface is cut, in its own reference triangle,
along the edges of the facets opposite it; every cell then sees one facet, and a patch test passes to
round-off. Where both surfaces share a facet, or a whole facet lies opposite a single one, the rule on
the whole facet is kept.

The nodes of a facet opposite are brought into the reference triangle along the mean normal of the
facet that is cut, corners and middles of edges alike, so that neighbours share their edges and the
cells neither overlap nor leave a gap. What lies opposite nothing has no cell.

References
----------
M. A. Puso, T. A. Laursen, Comput. Methods Appl. Mech. Eng. 193 (2004) 601-629: segments.
I. E. Sutherland, G. W. Hodgman, Commun. ACM 17 (1974) 32-42: clipping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.contact.projection import Partners, meet, project
from fea.contact.surface import FacetPoints, facet_points, place_and_tangents, points_in_facets
from fea.elasticity.wrench import triangle_shapes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Degree of the quadrature of a cell (6 points): hat times quadratic shape is cubic on flat facets.
CELL_DEGREE = 4
#: Outline of a facet: its corners with the middles of its edges between them.
_OUTLINE = np.array([0, 3, 1, 4, 2, 5])
#: Half-planes of the reference triangle, a + b r + c s >= 0.
_SIDES = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, -1.0, -1.0]])
#: Cells smaller than this share of the reference triangle are round-off.
_SMALLEST = 1e-14
#: How far beyond its facet's edge a partner may lie, in reference coordinates: edges that are cut
#: straight are curved by less.
_EDGE = 0.1
_NEWTON_STEPS = 6


@dataclass(frozen=True, eq=False)
class Pairing:
    """Quadrature points of one surface with their partners on another.

    Attributes
    ----------
    points
        On the first surface.
    partners
        On the other one.
    """

    points: FacetPoints
    partners: Partners


@dataclass(frozen=True, eq=False)
class _Surface:
    points: FloatArray
    facets: IntArray


def pair(
    points: FloatArray, facets: IntArray, other_points: FloatArray, other_facets: IntArray, reach: float
) -> Pairing:
    """Lay quadrature points on a surface, cell by cell where it needs them, and find their partners.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
        The surface that carries the points.
    other_points : ndarray, shape (m, 3), mm
    other_facets : ndarray, shape (j, 6)
        The surface opposite.
    reach
        Largest distance in mm, along the normal, between partners.

    Returns
    -------
    Pairing
    """
    own, other = _Surface(points, facets), _Surface(other_points, other_facets)
    whole = facet_points(points, facets)
    partners = project(whole.places, whole.normals, other_points, other_facets, reach)
    cut = np.flatnonzero(~_undivided(own, other, whole, partners, reach))
    if not len(cut) or not len(other_facets):
        return Pairing(whole, partners)
    cells = _cells(own, other, cut, reach)
    kept = np.flatnonzero(~np.isin(whole.facet, cut))
    return Pairing(
        whole.take(kept).join(cells.points),
        Partners(
            np.r_[partners.facet[kept], cells.partners.facet],
            np.hstack([partners.reference[:, kept], cells.partners.reference]),
            np.r_[partners.distance[kept], cells.partners.distance],
        ),
    )


def _undivided(
    own: _Surface, other: _Surface, whole: FacetPoints, partners: Partners, reach: float
) -> NDArray[np.bool_]:
    """Facets that lie, corners and all, opposite a single one."""
    count = len(own.facets)
    each = partners.facet.reshape(count, -1)
    single = (each == each[:, :1]).all(axis=1) & (each[:, 0] >= 0)
    rows = np.flatnonzero(single)
    normals = whole.normals.reshape(count, -1, 3).mean(axis=1)
    for corner in range(3):
        at, along = meet(
            own.points[own.facets[rows, corner]],
            normals[rows] / np.linalg.norm(normals[rows], axis=1)[:, None],
            other.points[other.facets[each[rows, 0]]],
        )
        inside = (at.min(axis=0) >= -1e-3) & (at.sum(axis=0) <= 1 + 1e-3) & (np.abs(along) <= reach)
        single[rows] &= inside
    return np.asarray(single)


def _cells(own: _Surface, other: _Surface, cut: IntArray, reach: float) -> Pairing:
    facet, opposite = _candidates(own, other, cut, reach)
    outline = _into_reference(own, facet, other.points[other.facets[opposite][:, _OUTLINE]])
    polygons, corners = _clip(outline)
    origin, triangles = _fan(polygons, corners)
    reference, weights, _, _ = triangle_shapes(CELL_DEGREE)
    first, second = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    # Signed: the outline of a curved facet need not be convex.
    size = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    places = triangles[:, 0, :, None] + first[:, :, None] * reference[0] + second[:, :, None] * reference[1]
    points = points_in_facets(
        own.points,
        own.facets,
        np.repeat(facet[origin], len(weights)),
        places.swapaxes(0, 1).reshape(2, -1),
        (size[:, None] * weights).ravel(),
    )
    return Pairing(points, _partners(points, other, np.repeat(opposite[origin], len(weights)), reach))


def _candidates(own: _Surface, other: _Surface, cut: IntArray, reach: float) -> tuple[IntArray, IntArray]:
    """Pairs of facets whose surrounding spheres come within reach and that face each other."""
    mine, theirs = own.points[own.facets[cut]], other.points[other.facets]
    centres = mine[:, :3].mean(axis=1), theirs[:, :3].mean(axis=1)
    radii = [
        np.linalg.norm(corners - centre[:, None], axis=2).max(axis=1)
        for corners, centre in zip((mine, theirs), centres, strict=True)
    ]
    near = cKDTree(centres[1]).query_ball_point(centres[0], radii[0] + radii[1].max() + reach)
    row = np.repeat(np.arange(len(cut)), [len(found) for found in near])
    column = np.concatenate([np.asarray(found, dtype=np.int64) for found in near])
    distance = np.linalg.norm(centres[0][row] - centres[1][column], axis=1)
    facing = np.einsum("pd,pd->p", _mean_normals(mine)[row], _mean_normals(theirs)[column]) < 0.0
    kept = facing & (distance <= radii[0][row] + radii[1][column] + reach)
    return cut[row[kept]], column[kept]


def _mean_normals(corners: FloatArray) -> FloatArray:
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(normal / np.linalg.norm(normal, axis=1)[:, None])


def _into_reference(own: _Surface, facet: IntArray, places: FloatArray) -> FloatArray:
    """Bring places, shape (p, k, 3), along the mean normal into reference triangles, shape (p, k, 2)."""
    corners = own.points[own.facets[facet]]
    normal = _mean_normals(corners)[:, None]
    count = places.shape[1]
    many = np.repeat(corners, count, axis=0)
    at = np.full((2, len(many)), 1.0 / 3.0)
    for _ in range(_NEWTON_STEPS):
        on_facet, tangents = place_and_tangents(many, at)
        miss = places - on_facet.reshape(places.shape)
        miss -= np.sum(miss * normal, axis=2)[:, :, None] * normal
        across = tangents.reshape(len(places), count, 2, 3)
        across = across - np.sum(across * normal[:, :, None], axis=3)[..., None] * normal[:, :, None]
        gram = np.einsum("pkrd,pksd->pkrs", across, across)
        drive = np.einsum("pkrd,pkd->pkr", across, miss)
        determinant = np.maximum(gram[..., 0, 0] * gram[..., 1, 1] - gram[..., 0, 1] ** 2, 1e-300)
        step = np.stack(
            [
                gram[..., 1, 1] * drive[..., 0] - gram[..., 0, 1] * drive[..., 1],
                gram[..., 0, 0] * drive[..., 1] - gram[..., 0, 1] * drive[..., 0],
            ],
            axis=-1,
        )
        step /= determinant[..., None]
        at = np.clip(at + step.reshape(-1, 2).T, -20.0, 20.0)
    return np.asarray(at.T.reshape(len(places), count, 2))


def _clip(outline: FloatArray) -> tuple[FloatArray, IntArray]:
    """Clip polygons, shape (p, 6, 2), by the reference triangle; return them padded, with their corners."""
    polygon, corners = outline, np.full(len(outline), outline.shape[1])
    for offset, along, across in _SIDES:
        width = polygon.shape[1]
        slot = np.arange(width)
        real = slot < corners[:, None]
        following = np.where(slot + 1 < corners[:, None], slot + 1, 0)
        height = offset + along * polygon[..., 0] + across * polygon[..., 1]
        after = np.take_along_axis(height, following, axis=1)
        end = np.take_along_axis(polygon, following[:, :, None], axis=1)
        inside = (height >= 0.0) & real
        crosses = ((height >= 0.0) != (after >= 0.0)) & real
        share = np.where(crosses, height / np.where(crosses, height - after, 1.0), 0.0)
        crossing = polygon + share[:, :, None] * (end - polygon)
        places = np.stack([polygon, crossing], axis=2).reshape(len(polygon), 2 * width, 2)
        kept = np.stack([inside, crosses], axis=2).reshape(len(polygon), 2 * width)
        corners = kept.sum(axis=1)
        order = np.argsort(~kept, axis=1, kind="stable")[:, : corners.max(initial=0)]
        polygon = np.take_along_axis(places, order[:, :, None], axis=1)
    return polygon, corners


def _fan(polygons: FloatArray, corners: IntArray) -> tuple[IntArray, FloatArray]:
    """Cut polygons into triangles from their first corner; return their polygon and shape (t, 3, 2)."""
    origin, triangles = [], []
    for corner in range(1, max(polygons.shape[1] - 1, 2)):
        rows = np.flatnonzero(corners > corner + 1)
        origin.append(rows)
        triangles.append(polygons[rows][:, [0, corner, corner + 1]] if len(rows) else np.zeros((0, 3, 2)))
    cells, polygon = np.concatenate(triangles), np.concatenate(origin)
    first, second = cells[:, 1] - cells[:, 0], cells[:, 2] - cells[:, 0]
    kept = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) > _SMALLEST
    # A facet opposite runs the other way round, so that its image is negative.
    return polygon[kept], cells[kept][:, ::-1]


def _partners(points: FacetPoints, other: _Surface, opposite: IntArray, reach: float) -> Partners:
    """Partners in the facet that each cell was cut along, or in a neighbour where its edge is curved."""
    at, along = meet(points.places, points.normals, other.points[other.facets[opposite]])
    beyond = np.maximum(-at.min(axis=0), at.sum(axis=0) - 1.0)
    facet = np.where((beyond <= _EDGE) & (np.abs(along) <= reach), opposite, -1)
    astray = np.flatnonzero(beyond > 1e-9)
    if len(astray):
        found = project(points.places[astray], points.normals[astray], other.points, other.facets, reach)
        hit = found.facet >= 0
        chosen = astray[hit]
        facet[chosen] = found.facet[hit]
        at[:, chosen], along[chosen] = found.reference[:, hit], found.distance[hit]
    return Partners(facet, at, np.where(facet >= 0, along, np.inf))
