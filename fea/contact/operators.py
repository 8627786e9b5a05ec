"""Weak gaps and slips at the interface vertices, as sparse rows on the displacements.

For vertex i with hat function h_i and weight w_i = integral of h_i,

    jump_i = (1 / w_i) * integral h_i F_i(x) (u_bone(x') - u_stem(x)) dA,

where F_i(x) has as rows the normal at x, out of the stem, and the vertex's two tangents
projected into the tangent plane at x; x' is the partner point on the bone. The frame is
taken at the quadrature points: with vertex-averaged normals the pressure of a press fit
comes out about a percent high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.contact.overlap import pair
from fea.contact.surface import FacetPoints, facet_points
from fea.contact.vertices import split_vertices
from fea.elasticity.wrench import shapes_at

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Vertices that keep less than this share of their area opposite bone are left out.
LEAST_SHARE = 0.05
#: Largest initial distance, mm, between points that are paired: gaps of up to a millimetre may close.
REACH = 1.0


@dataclass(frozen=True, eq=False)
class ContactSide:
    """One body's surface on its side of the interface.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
        All nodes of the body.
    facets : ndarray, shape (k, 6)
        Contact facets, rows of `points`, normals out of the body.
    """

    points: FloatArray
    facets: IntArray


@dataclass(frozen=True, eq=False)
class Operators:
    """The discrete interface.

    Attributes
    ----------
    vertices : ndarray, shape (v,)
        Stem node of each interface vertex.
    triangles : ndarray, shape (k, 3)
        Interface vertices of each kept facet.
    facet : ndarray, shape (k,)
        Row of the stem's facets that each kept facet is.
    zone : ndarray, shape (v,)
    area : ndarray, shape (v,), mm^2
    frames : ndarray, shape (v, 3, 3)
        Rows normal, axial, circumferential at the vertex.
    gap : ndarray, shape (v,), mm
        Weak value of the initial gap.
    stem, bone : csr_matrix, shape (3 v, 3 n)
        Jump rows: jump = stem @ u_stem + bone @ u_bone (the stem's sign is included).
    """

    vertices: IntArray
    triangles: IntArray
    facet: IntArray
    zone: IntArray
    area: FloatArray
    frames: FloatArray
    gap: FloatArray
    stem: sparse.csr_matrix
    bone: sparse.csr_matrix


GapFunction = Callable[[FloatArray, FloatArray, IntArray], FloatArray]


def build_operators(
    stem: ContactSide, bone: ContactSide, zones: IntArray, gap: GapFunction, reach: float = REACH
) -> Operators:
    """Pair two surfaces and assemble the weak jump.

    Parameters
    ----------
    stem, bone
        The two sides; tractions and hats live on the stem's.
    zones : ndarray, shape (k,)
        Zone of each facet of the stem.
    gap
        Initial gap minus interference, mm, of points, normals and zones.
    reach
        Largest initial distance, mm, between points that are paired.

    Returns
    -------
    Operators
    """
    whole = facet_points(stem.points, stem.facets)
    pairing = pair(stem.points, stem.facets, bone.points, bone.facets, reach)
    points, partners = pairing.points, pairing.partners
    initial = gap(points.places, points.normals, zones[points.facet])
    paired = (partners.facet >= 0) & np.isfinite(initial)
    mean_normal = _facet_normals(whole, len(stem.facets))
    corner_vertices, nodes = split_vertices(stem.facets[:, :3], zones, mean_normal)
    weight = np.where(paired, points.area, 0.0)
    area = _sum_hats(corner_vertices, points, weight)
    kept = area > LEAST_SHARE * _sum_hats(corner_vertices, whole, whole.area)
    used = np.flatnonzero(paired & kept[corner_vertices][points.facet].any(axis=1))
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    frames = _vertex_frames(corner_vertices, points, weight)[kept]
    pairs = _Pairs(points, used, number[corner_vertices][points.facet[used]], frames, area[kept])
    opposite = shapes_at(partners.reference[:, used])[0]
    zone_of_vertex = np.zeros(len(nodes), dtype=np.int64)
    zone_of_vertex[corner_vertices] = zones[:, None]
    complete = np.flatnonzero(kept[corner_vertices].all(axis=1))
    return Operators(
        vertices=nodes[kept],
        triangles=number[corner_vertices][complete],
        facet=complete,
        zone=zone_of_vertex[kept],
        area=area[kept],
        frames=frames,
        gap=pairs.average(initial[used]),
        stem=-pairs.rows(points.shapes[used], stem.facets[points.facet[used]], len(stem.points)),
        bone=pairs.rows(opposite, bone.facets[partners.facet[used]], len(bone.points)),
    )


class _Pairs:
    """Quadrature points seen from the up to three vertices that each belongs to."""

    def __init__(
        self, points: FacetPoints, used: IntArray, vertices: IntArray, frames: FloatArray, area: FloatArray
    ) -> None:
        self._point, corner = np.nonzero(vertices >= 0)
        self._vertex = vertices[self._point, corner]
        share = points.hats[used][self._point, corner] * points.area[used][self._point]
        self._share = share / area[self._vertex]
        self._count = len(area)
        normal = points.normals[used][self._point]
        axial = frames[self._vertex, 1]
        axial = axial - np.einsum("pd,pd->p", axial, normal)[:, None] * normal
        axial /= np.linalg.norm(axial, axis=1)[:, None]
        self._frame = np.stack([normal, axial, np.cross(normal, axial)], axis=1)

    def average(self, values: FloatArray) -> FloatArray:
        """Weak value of a field at the vertices."""
        return np.asarray(
            np.bincount(self._vertex, self._share * values[self._point], self._count), np.float64
        )

    def rows(self, shapes: FloatArray, nodes: IntArray, node_count: int) -> sparse.csr_matrix:
        """Assemble (1/w) integral of hat times frame times shape functions."""
        data = np.einsum("p,pa,pcd->pcad", self._share, shapes[self._point], self._frame)
        row = np.broadcast_to(3 * self._vertex[:, None, None, None] + np.arange(3)[:, None, None], data.shape)
        column = np.broadcast_to(3 * nodes[self._point][:, None, :, None] + np.arange(3), data.shape)
        matrix = sparse.coo_matrix(
            (data.ravel(), (row.ravel(), column.ravel())), shape=(3 * self._count, 3 * node_count)
        ).tocsr()
        matrix.sort_indices()
        return matrix


def _facet_normals(points: FacetPoints, count: int) -> FloatArray:
    normal = np.stack(
        [np.bincount(points.facet, points.area * points.normals[:, d], minlength=count) for d in range(3)],
        axis=1,
    )
    return np.asarray(normal / np.linalg.norm(normal, axis=1)[:, None])


def _sum_hats(vertices: IntArray, points: FacetPoints, weight: FloatArray) -> FloatArray:
    shares = points.hats * weight[:, None]
    count = vertices.max() + 1
    return np.asarray(np.bincount(vertices[points.facet].ravel(), shares.ravel(), count), np.float64)


def _vertex_frames(vertices: IntArray, points: FacetPoints, weight: FloatArray) -> FloatArray:
    """Average the normals round each vertex; its axial tangent is z, or x on faces across z."""
    at = vertices[points.facet].ravel()
    shares = (points.hats * weight[:, None]).ravel()
    normals = np.repeat(points.normals, 3, axis=0)
    count = vertices.max() + 1
    normal = np.stack([np.bincount(at, shares * normals[:, d], minlength=count) for d in range(3)], axis=1)
    length = np.linalg.norm(normal, axis=1)
    normal = np.where(length[:, None] > 0, normal / np.maximum(length, 1e-300)[:, None], np.eye(3)[0])
    along = np.where(np.abs(normal[:, 2:]) > 0.9, np.eye(3)[0], np.eye(3)[2])
    axial = along - np.einsum("vd,vd->v", along, normal)[:, None] * normal
    axial /= np.linalg.norm(axial, axis=1)[:, None]
    return np.stack([normal, axial, np.cross(normal, axial)], axis=1)
