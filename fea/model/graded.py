"""Stiffness of elements whose modulus varies within them: the mean of the modulus.

The modulus of a graded lattice is integrated over each element by quadrature, so that an
element has the mean of the modulus, never the modulus of the mean density.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from skfem import ElementTetP2

from fea.ct.density import ImagedMaterial
from fea.elasticity.gradients import element_gradients
from fea.mesh.parts import IntArray, Part
from materials.lattice import Lattice

FloatArray = NDArray[np.float64]

#: Degree of the quadrature over an element.
DEGREE = 4


def element_stiffness(part: Part, rows: IntArray, lattice: Lattice) -> FloatArray:
    """Return the stiffness of the elements of a lattice.

    Parameters
    ----------
    part : Part
    rows : ndarray, shape (k,)
        Its elements that are of the lattice.
    lattice : Lattice

    Returns
    -------
    ndarray, shape (k, 6, 6), MPa
        Bit for bit that of `lattice.elasticity` where the density is the same everywhere.
    """
    if lattice.uniform:
        return np.broadcast_to(lattice.elasticity.stiffness(), (len(rows), 6, 6))
    return lattice.stiffness_of(element_modulus(part, rows, lattice)[0])


def element_modulus(part: Part, rows: IntArray, lattice: Lattice) -> tuple[FloatArray, FloatArray]:
    """Return the mean modulus of elements, and their volumes.

    Parameters
    ----------
    part, rows, lattice
        As for `element_stiffness`.

    Returns
    -------
    modulus : ndarray, shape (k,), MPa
    volume : ndarray, shape (k,), mm^3
        Of the curved elements.
    """
    return _means(part, rows, lattice.modulus_at)


def element_density(part: Part, rows: IntArray, lattice: Lattice) -> tuple[FloatArray, FloatArray]:
    """Return the mean relative density of elements, and their volumes.

    Parameters
    ----------
    part, rows, lattice
        As for `element_stiffness`.

    Returns
    -------
    density : ndarray, shape (k,)
    volume : ndarray, shape (k,), mm^3
        Of the curved elements.
    """
    return _means(part, rows, lattice.density_at)


def imaged_modulus(part: Part, material: ImagedMaterial) -> FloatArray:
    """Return the modulus of the elements of bone from a CT volume, shape (m,), MPa.

    Parameters
    ----------
    part : Part
    material : ImagedMaterial
        The mean of the modulus over each element, or the modulus of the mean density where it asks for that.
    """
    density, rows = material.by_place, np.arange(len(part.tets))
    if density.mean == "density":
        return density.law(_means(part, rows, density.law_density_at)[0])
    return _means(part, rows, density.modulus_at)[0]


def imaged_density(part: Part, material: ImagedMaterial) -> FloatArray:
    """Return the mean apparent density of elements of bone from a CT volume, shape (m,), g/cm3."""
    return _means(part, np.arange(len(part.tets)), material.by_place.apparent_at)[0]


def _means(
    part: Part, rows: IntArray, values: Callable[[FloatArray], FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return the means over curved elements of what is known at points, and the volumes."""
    gradients = element_gradients(part, DEGREE, rows)
    element = ElementTetP2()
    shapes = np.stack([element.lbasis(gradients.reference, node)[0] for node in range(10)])
    places = np.einsum("aq,mad->mqd", shapes, part.points[part.tets[rows]])
    weights = gradients.volume
    whole = weights.sum(axis=1)
    return (values(places.reshape(-1, 3)).reshape(weights.shape) * weights).sum(axis=1) / whole, whole
