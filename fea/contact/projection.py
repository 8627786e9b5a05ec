"""Partner points: where the normal of one surface meets another surface.

Solves x + d n = X(r, s) for the facet, its reference point and the distance d by Newton's
method on the nearest facets. Where two bodies share facets the partner is the point itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.contact.surface import place_and_tangents

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NEAREST = 16
_NEWTON_STEPS = 8
#: Overlap beyond a facet's edge that still counts as inside, in reference coordinates.
_EDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Partners:
    """Partner of each point on the other surface.

    Attributes
    ----------
    facet : ndarray, shape (p,)
        Facet of the other surface, -1 where there is none within reach.
    reference : ndarray, shape (2, p)
        Point in the reference triangle.
    distance : ndarray, shape (p,), mm
        Along the normal; infinite where there is no partner.
    """

    facet: IntArray
    reference: FloatArray
    distance: FloatArray


def project(
    places: FloatArray, normals: FloatArray, points: FloatArray, facets: IntArray, reach: float
) -> Partners:
    """Project points along their normals onto a surface of curved facets.

    Parameters
    ----------
    places, normals : ndarray, shape (p, 3), mm
        Points and the unit normals of their own surface.
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
        The other surface.
    reach
        Largest distance in mm at which a partner counts.

    Returns
    -------
    Partners
        The nearest partner of each point.
    """
    count = len(places)
    facet, distance = np.full(count, -1), np.full(count, np.inf)
    reference = np.zeros((2, count))
    if len(facets):
        corners = points[facets]
        width = min(_NEAREST, len(facets))
        _, near = cKDTree(corners[:, :3].mean(axis=1)).query(places, k=width)
        for candidate in np.asarray(near).reshape(count, width).T:
            # A shared surface is found at the first candidates; only the rest search on.
            open_points = np.flatnonzero(np.abs(distance) > 1e-9)
            if not len(open_points):
                break
            chosen = candidate[open_points]
            at, along = meet(places[open_points], normals[open_points], corners[chosen])
            inside = (at.min(axis=0) >= -_EDGE) & (at.sum(axis=0) <= 1 + _EDGE) & (np.abs(along) <= reach)
            better = inside & (np.abs(along) < np.abs(distance[open_points]))
            hit = open_points[better]
            facet[hit], distance[hit], reference[:, hit] = chosen[better], along[better], at[:, better]
    return Partners(facet, np.clip(reference, 0.0, 1.0), distance)


def meet(places: FloatArray, normals: FloatArray, corners: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Intersect lines with facets, one each.

    Parameters
    ----------
    places, normals : ndarray, shape (p, 3), mm
    corners : ndarray, shape (p, 6, 3), mm
        Nodes of the facets.

    Returns
    -------
    reference : ndarray, shape (2, p)
        Where the line meets the facet or its continuation.
    along : ndarray, shape (p,), mm
        Distance on the line; infinite far outside the facet, where the search does not converge.
    """
    at, along = np.full((2, len(places)), 1 / 3), np.zeros(len(places))
    for _ in range(_NEWTON_STEPS):
        on_facet, tangents = place_and_tangents(corners, at)
        gap = places + along[:, None] * normals - on_facet
        jacobian = np.stack([tangents[:, 0], tangents[:, 1], -normals], axis=2)
        singular = np.abs(np.linalg.det(jacobian)) < 1e-12
        jacobian[singular] = np.eye(3)
        step = np.linalg.solve(jacobian, gap[:, :, None])[:, :, 0]
        at = np.clip(at + step[:, :2].T, -2.0, 3.0)
        along = along + step[:, 2]
        at[:, singular] = -2.0
    on_facet, _ = place_and_tangents(corners, at)
    miss = np.linalg.norm(places + along[:, None] * normals - on_facet, axis=1)
    along[miss > 1e-7] = np.inf
    return at, along
