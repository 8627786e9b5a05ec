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
    reference, weights, values, slopes = triangle_shapes(degree)
    corners = points[facets]
    places = np.einsum("qa,kad->kqd", values, corners)
    tangents = np.einsum("qar,kad->kqrd", slopes, corners)
    normals = np.cross(tangents[:, :, 0], tangents[:, :, 1])
    stretch = np.linalg.norm(normals, axis=2)
    count, hats = len(facets), np.column_stack([1 - reference.sum(axis=0), *reference])
    return FacetPoints(
        facet=np.repeat(np.arange(count), len(weights)),
        places=places.reshape(-1, 3),
        normals=(normals / stretch[:, :, None]).reshape(-1, 3),
        area=(stretch * weights).ravel(),
        hats=np.tile(hats, (count, 1)),
        shapes=np.tile(values, (count, 1)),
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
