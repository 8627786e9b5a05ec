"""Shape-function gradients of curved 10-node tetrahedra, from scikit-fem.

A `Part` lists its nodes in VTK's order, which is also scikit-fem's local order of
``ElementTetP2``; only the numbering of the edge nodes differs, and is mapped here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skfem import Basis, ElementTetP2, MeshTet1, MeshTet2

from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]

#: Degree that integrates a constant stress exactly on a curved tetrahedron.
STIFFNESS_DEGREE = 3
#: Degree whose points are the superconvergent ones of quadratic displacement.
STRESS_DEGREE = 2


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


def curved_mesh(part: Part) -> MeshTet2:
    """Return scikit-fem's mesh of a part, curved edges included.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.

    Returns
    -------
    MeshTet2
        With the elements in the part's order.
    """
    vertices, corners = np.unique(part.tets[:, :4], return_inverse=True)
    straight = MeshTet1(part.points[vertices].T.copy(), corners.reshape(-1, 4).T.copy())
    curved = MeshTet2.from_mesh(straight)
    places = curved.doflocs.copy()
    places[:, curved.dofs.element_dofs] = np.moveaxis(part.points[part.tets], (0, 1, 2), (2, 1, 0))
    return MeshTet2(places, curved.t)


def element_gradients(part: Part, degree: int) -> Gradients:
    """Evaluate the gradients of the ten shape functions of every element.

    Parameters
    ----------
    part
        A body of 10-node tetrahedra.
    degree
        Polynomial degree that the quadrature integrates exactly.

    Returns
    -------
    Gradients
    """
    basis = Basis(curved_mesh(part), ElementTetP2(), intorder=degree, disable_doflocs=True)
    values = np.stack([function[0].grad for function in basis.basis])
    return Gradients(np.ascontiguousarray(np.moveaxis(values, (0, 1, 2, 3), (2, 3, 0, 1))), basis.dx, basis.X)


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
