"""Shape-function gradients of curved 10-node tetrahedra.

A `Part` lists its nodes in VTK's order, which is also scikit-fem's local order of
``ElementTetP2``: shape functions and quadrature are scikit-fem's, the mapping is one product
for all elements. Where the edges of an element are straight its Jacobian is constant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skfem import ElementTetP2
from skfem.quadrature import get_quadrature
from skfem.refdom import RefTet

from fea.mesh.parts import IntArray, Part

FloatArray = NDArray[np.float64]

#: Degree that integrates a constant stress exactly on a curved tetrahedron.
STIFFNESS_DEGREE = 3
#: Degree that integrates the stiffness of a straight tetrahedron exactly.
STRAIGHT_DEGREE = 2
#: Degree whose points are the superconvergent ones of quadratic displacement.
STRESS_DEGREE = 2


def _positive_cubic() -> tuple[FloatArray, FloatArray]:
    """Return the rule of eight points that is exact to degree 3 and has no negative weight.

    With the usual one of five points, one weight of which is negative, strongly curved elements can
    have a stiffness with negative eigenvalues, and a body of few of them cannot be factored.
    """
    points, weights = [], []
    for near, weight in (
        (0.3280546967114266, 0.13852796651186214),
        (0.10695227393293068, 0.11147203348813786),
    ):
        points += [[near] * 3, *(near + (1.0 - 4.0 * near) * np.eye(3)).tolist()]
        weights += [weight / 6.0] * 4
    return np.array(points).T, np.array(weights)


_CUBIC = _positive_cubic()

#: Edges of a tetrahedron in the order of their middle nodes 4 to 9.
EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))
#: A middle node this far from its edge's middle, relative to the body's extent, is round-off.
_STRAIGHT = 1e-14


@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients at the quadrature points of every element.

    Attributes
    ----------
    values : ndarray, shape (m, q, 10, 3), 1/mm
    volume : ndarray, shape (m, q), mm^3
        Quadrature weight times Jacobian determinant.
    reference : ndarray, shape (3, q)
        The points in the reference tetrahedron.
    """

    values: FloatArray
    volume: FloatArray
    reference: FloatArray


def element_gradients(part: Part, degree: int, chosen: IntArray | slice = slice(None)) -> Gradients:
    """Evaluate the gradients of the ten shape functions of every element.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    degree
        Polynomial degree that the quadrature integrates exactly.
    chosen
        Elements to evaluate; all of them by default.

    Returns
    -------
    Gradients
    """
    reference, weights = _CUBIC if degree == STIFFNESS_DEGREE else get_quadrature(RefTet, degree)
    slopes = _reference_slopes(reference)
    count = len(weights)
    # d x_d / d xi_e = sum over nodes a of x_ad dN_a / d xi_e, for all points at once.
    places = part.points[part.tets[chosen]].swapaxes(1, 2).reshape(-1, 10)
    jacobian = (places @ slopes.transpose(1, 0, 2).reshape(10, -1)).reshape(-1, 3, count, 3)
    inverse, determinant = _inverse(jacobian.swapaxes(1, 2))
    return Gradients(np.matmul(slopes, inverse), determinant * weights, reference)


def straight_elements(part: Part) -> NDArray[np.bool_]:
    """Tell which elements have straight edges with their nodes in the middle.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    first, second = np.array(EDGES).T
    bulge = part.points[part.tets[:, 4:]] - 0.5 * (
        part.points[part.tets[:, first]] + part.points[part.tets[:, second]]
    )
    limit = _STRAIGHT * float(np.abs(part.points).max(initial=0.0))
    return np.asarray(np.abs(bulge).max(axis=(1, 2)) <= limit)


def strain_matrices(gradients: FloatArray) -> FloatArray:
    """Return the matrices that turn nodal displacements into strain.

    Parameters
    ----------
    gradients : ndarray, shape (..., 10, 3), 1/mm

    Returns
    -------
    ndarray, shape (..., 6, 30), 1/mm
        Rows XX, YY, ZZ, XY, YZ, XZ (engineering shear); columns node by node.
    """
    strain = np.zeros((*gradients.shape[:-2], 6, 10, 3))
    x, y, z = (gradients[..., axis] for axis in range(3))
    strain[..., 0, :, 0] = strain[..., 3, :, 1] = strain[..., 5, :, 2] = x
    strain[..., 1, :, 1] = strain[..., 3, :, 0] = strain[..., 4, :, 2] = y
    strain[..., 2, :, 2] = strain[..., 4, :, 1] = strain[..., 5, :, 0] = z
    return strain.reshape(*gradients.shape[:-2], 6, 30)


def _reference_slopes(reference: FloatArray) -> FloatArray:
    """Slopes of the ten shape functions in the reference tetrahedron, shape (q, 10, 3)."""
    element = ElementTetP2()
    return np.stack([element.lbasis(reference, node)[1].T for node in range(10)], axis=1)


def _inverse(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Invert 3 x 3 matrices by their cofactors; return inverses and the determinants' sizes."""
    (a, b, c), (d, e, f), (g, h, i) = np.moveaxis(matrices, (-2, -1), (0, 1))
    adjugate = np.stack(
        [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
         d * h - e * g, b * g - a * h, a * e - b * d], axis=-1,
    )  # fmt: skip
    determinant = a * adjugate[..., 0] + b * adjugate[..., 3] + c * adjugate[..., 6]
    return (adjugate / determinant[..., None]).reshape(matrices.shape), np.abs(determinant)
