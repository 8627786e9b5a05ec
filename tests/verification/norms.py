"""Computed fields at quadrature points, and errors in the L2 norm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from skfem import ElementTetP2

from fea.elasticity.gradients import element_gradients, strain_matrices
from fea.mesh.parts import Part

FloatArray = NDArray[np.float64]
Field = Callable[[FloatArray], FloatArray]

#: Degree of the quadrature of squared errors.
DEGREE = 6


@dataclass(frozen=True, eq=False)
class Sampled:
    """A solution at the quadrature points of every element.

    Attributes
    ----------
    places, displacement : ndarray, shape (m, q, 3), mm
    strain : ndarray, shape (m, q, 6)
        Of the element itself, not recovered; engineering shear, XX YY ZZ XY YZ XZ.
    volume : ndarray, shape (m, q), mm^3
        Quadrature weight times Jacobian determinant.
    """

    places: FloatArray
    displacement: FloatArray
    strain: FloatArray
    volume: FloatArray


def sample(part: Part, moved: FloatArray, degree: int = DEGREE) -> Sampled:
    """Evaluate displacements of the nodes, shape (n, 3), at quadrature points."""
    gradients = element_gradients(part, degree)
    shapes = np.stack([ElementTetP2().lbasis(gradients.reference, a)[0] for a in range(10)], axis=1)
    local = moved[part.tets]
    strain = strain_matrices(gradients.values) @ local.reshape(-1, 1, 30, 1)
    return Sampled(
        np.einsum("qa,mad->mqd", shapes, part.points[part.tets]),
        np.einsum("qa,mad->mqd", shapes, local),
        strain[..., 0],
        gradients.volume,
    )


def relative_error(sampled: Sampled, values: FloatArray, exact: Field) -> float:
    """L2 norm of the error of values, shape (m, q, k), over that of the exact field, a function of places."""
    expected = exact(sampled.places.reshape(-1, 3)).reshape(values.shape)
    error, size = (np.einsum("mq,mqk->", sampled.volume, part**2) for part in (values - expected, expected))
    return float(np.sqrt(error / size))
