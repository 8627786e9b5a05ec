"""Consistent nodal forces of body forces and of tractions on facets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from skfem import ElementTetP2
from skfem.quadrature import get_quadrature
from skfem.refdom import RefTet

from fea.contact.surface import facet_points
from fea.elasticity.gradients import element_gradients
from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Degree of the quadrature: a quadratic shape function times a load that is nearly cubic.
DEGREE = 5


def body_force(part: Part, force: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Nodal forces of a force per volume.

    Parameters
    ----------
    part
    force
        N/mm^3, shape (k, 3), of places in mm, shape (k, 3).

    Returns
    -------
    ndarray, shape (3 n,), N
    """
    reference, _ = get_quadrature(RefTet, DEGREE)
    shapes = np.stack([ElementTetP2().lbasis(reference, a)[0] for a in range(10)], axis=1)
    places = np.einsum("qa,mad->mqd", shapes, part.points[part.tets])
    volume = element_gradients(part, DEGREE).volume
    density = force(places.reshape(-1, 3)).reshape(places.shape)
    nodal = np.einsum("mq,qa,mqd->mad", volume, shapes, density)
    loads = np.zeros_like(part.points)
    np.add.at(loads, part.tets, nodal)
    return loads.ravel()


def traction(
    part: Part, facets: IntArray, load: Callable[[FloatArray, FloatArray], FloatArray]
) -> FloatArray:
    """Nodal forces of a traction on facets.

    Parameters
    ----------
    part
    facets : ndarray, shape (k, 6)
    load
        MPa, shape (k, 3), of places in mm and normals out of the body, shape (k, 3) each.

    Returns
    -------
    ndarray, shape (3 n,), N
    """
    points = facet_points(part.points, facets)
    forces = points.area[:, None] * load(points.places, points.normals)
    nodal = points.shapes[:, :, None] * forces[:, None, :]
    loads = np.zeros_like(part.points)
    np.add.at(loads, facets[points.facet], nodal)
    return loads.ravel()


def pressure(part: Part, facets: IntArray, size: float) -> FloatArray:
    """Nodal forces, shape (3 n,), of a uniform pressure in MPa on facets of shape (k, 6)."""
    return traction(part, facets, lambda places, normals: -size * normals)
