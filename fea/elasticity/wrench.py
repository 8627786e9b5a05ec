"""Nodal forces of a wrench brought in through an end face by a rigid lever.

The lever carries force and moment from the reference point to the face; over the face
the traction is the linear one, t(x) = a + b x (x - c), with the same resultants, so that
the face is not clamped and no stress peak arises at its edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skfem import ElementTriP2
from skfem.quadrature import get_quadrature
from skfem.refdom import RefTri

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def triangle_shapes(degree: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return quadrature and quadratic shape functions of the reference triangle.

    Returns
    -------
    reference : ndarray, shape (2, q)
    weights : ndarray, shape (q,)
    values : ndarray, shape (q, 6)
    slopes : ndarray, shape (q, 6, 2)
    """
    reference, weights = get_quadrature(RefTri, degree)
    values, slopes = shapes_at(reference)
    return reference, weights, values, slopes


def shapes_at(reference: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Evaluate the six quadratic shape functions and their slopes.

    Parameters
    ----------
    reference : ndarray, shape (2, q)

    Returns
    -------
    values : ndarray, shape (q, 6)
    slopes : ndarray, shape (q, 6, 2)
    """
    element = ElementTriP2()
    functions = [element.lbasis(reference, index) for index in range(6)]
    values = np.stack([np.broadcast_to(value, reference.shape[1]) for value, _ in functions], axis=1)
    slopes = np.stack([slope.T for _, slope in functions], axis=1)
    return values, slopes


def end_face_loads(
    points: FloatArray, facets: IntArray, reference_point: FloatArray, degree: int = 4
) -> FloatArray:
    """Return the nodal forces of the six unit wrenches at the reference point.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
        The end face.
    reference_point : ndarray, shape (3,), mm

    Returns
    -------
    ndarray, shape (3 n, 6)
        Nodal forces of 1 N along x, y, z and of 1 N mm about x, y, z.
    """
    _, weights, values, slopes = triangle_shapes(degree)
    corners = points[facets]
    places = np.einsum("qa,kad->kqd", values, corners)
    tangents = np.einsum("qar,kad->kqrd", slopes, corners)
    area = np.linalg.norm(np.cross(tangents[:, :, 0], tangents[:, :, 1]), axis=2) * weights
    centre = np.einsum("kq,kqd->d", area, places) / area.sum()
    arms = places - centre
    inertia = np.einsum("kq,kq,de->de", area, np.einsum("kqd,kqd->kq", arms, arms), np.eye(3)) - np.einsum(
        "kq,kqd,kqe->de", area, arms, arms
    )
    loads = np.zeros((len(points), 3, 6))
    for column in range(6):
        force, moment = np.eye(6)[column, :3], np.eye(6)[column, 3:]
        moment = moment + np.cross(reference_point - centre, force)
        traction = force / area.sum() + np.cross(np.linalg.solve(inertia, moment), arms)
        nodal = np.einsum("kq,qa,kqd->kad", area, values, traction)
        np.add.at(loads[:, :, column], facets, nodal)
    return loads.reshape(-1, 6)
