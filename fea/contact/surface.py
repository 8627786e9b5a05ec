"""A surface of curved six-node triangles: places, tangents, normals at points of its facets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.wrench import shapes_at, triangle_shapes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Degree of the facet quadrature (12 points): linear times quadratic shapes on curved facets.
FACET_DEGREE = 6


@dataclass(frozen=True, eq=False)
class FacetPoints:
    """Quadrature points on the facets of a surface.

    Attributes
    ----------
    facet : ndarray, shape (p,)
        Facet of each point.
    places, normals : ndarray, shape (p, 3)
        In mm; the unit normal out of the body.
    area : ndarray, shape (p,), mm^2
        Quadrature weight times surface element.
    hats : ndarray, shape (p, 3)
        Linear hat functions of the facet's corners.
    shapes : ndarray, shape (p, 6)
        Quadratic shape functions of the facet's nodes.
    """

    facet: IntArray
    places: FloatArray
    normals: FloatArray
    area: FloatArray
    hats: FloatArray
    shapes: FloatArray

    def take(self, rows: IntArray) -> FacetPoints:
        """Return some of the points."""
        return FacetPoints(
            self.facet[rows],
            self.places[rows],
            self.normals[rows],
            self.area[rows],
            self.hats[rows],
            self.shapes[rows],
        )

    def join(self, other: FacetPoints) -> FacetPoints:
        """Return these points followed by others."""
        return FacetPoints(
            np.concatenate([self.facet, other.facet]),
            np.concatenate([self.places, other.places]),
            np.concatenate([self.normals, other.normals]),
            np.concatenate([self.area, other.area]),
            np.concatenate([self.hats, other.hats]),
            np.concatenate([self.shapes, other.shapes]),
        )


def facet_points(points: FloatArray, facets: IntArray, degree: int = FACET_DEGREE) -> FacetPoints:
    """Lay quadrature points on curved facets.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
    degree
        Degree of the quadrature.

    Returns
    -------
    FacetPoints
    """
    reference, weights, _, _ = triangle_shapes(degree)
    count = len(facets)
    return points_in_facets(
        points,
        facets,
        np.repeat(np.arange(count), len(weights)),
        np.tile(reference, (1, count)),
        np.tile(weights, count),
    )


def points_in_facets(
    points: FloatArray, facets: IntArray, facet: IntArray, reference: FloatArray, weights: FloatArray
) -> FacetPoints:
    """Place given reference points in curved facets.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
    facet : ndarray, shape (p,)
        Facet of each point.
    reference : ndarray, shape (2, p)
    weights : ndarray, shape (p,)
        In the reference triangle, whose area is a half.

    Returns
    -------
    FacetPoints
    """
    values, slopes = shapes_at(reference)
    corners = points[facets[facet]]
    tangents = np.einsum("par,pad->prd", slopes, corners)
    normals = np.cross(tangents[:, 0], tangents[:, 1])
    stretch = np.linalg.norm(normals, axis=1)
    return FacetPoints(
        facet=facet,
        places=np.einsum("pa,pad->pd", values, corners),
        normals=normals / stretch[:, None],
        area=stretch * weights,
        hats=np.column_stack([1 - reference.sum(axis=0), *reference]),
        shapes=values,
    )


def place_and_tangents(corners: FloatArray, reference: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Map one reference point in each of several facets.

    Parameters
    ----------
    corners : ndarray, shape (p, 6, 3), mm
    reference : ndarray, shape (2, p)

    Returns
    -------
    places : ndarray, shape (p, 3), mm
    tangents : ndarray, shape (p, 2, 3), mm
    """
    values, slopes = shapes_at(reference)
    return np.einsum("pa,pad->pd", values, corners), np.einsum("par,pad->prd", slopes, corners)
