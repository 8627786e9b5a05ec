"""One body under loads and prescribed displacements, by the product's stiffness and factorisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.recovery import StrainRecovery
from fea.elasticity.stiffness import stiffness_matrix
from fea.mesh.parts import Part
from fea.mesh.quality import LATTICE, jacobian_determinants
from fea.solve.backends import choose_backend
from fea.solve.factor import factor

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def displacement(
    part: Part, material: FloatArray, held: IntArray, forces: FloatArray, given: FloatArray | None = None
) -> FloatArray:
    """Solve K u = f with some unknowns held.

    Parameters
    ----------
    part
        The body.
    material : ndarray, shape (m, 6, 6) or (6, 6), MPa
    held : ndarray of int
        Unknowns ``3 node + component`` that are held.
    forces : ndarray, shape (3 n,), N
    given : ndarray, shape (3 n,), mm
        Displacement of the held unknowns; by default zero.

    Returns
    -------
    ndarray, shape (n, 3), mm
    """
    stiffness = stiffness_matrix(part, np.broadcast_to(material, (len(part.tets), 6, 6)))
    field = np.zeros(3 * len(part.points))
    if given is not None:
        field[held] = given[held]
    free = np.setdiff1d(np.arange(len(field)), held)
    right = (forces - stiffness @ field)[free]
    field[free] = factor(stiffness[free][:, free].tocsr(), choose_backend()).solve(right)
    return field.reshape(-1, 3)


def stress_at_nodes(part: Part, material: FloatArray, moved: FloatArray) -> FloatArray:
    """Recovered stress of a homogeneous body, shape (n, 6), MPa, Voigt order XX YY ZZ XY YZ XZ."""
    strain = StrainRecovery(part).at_nodes(moved.reshape(-1, 1))[0]
    return np.asarray(strain @ material.T)


def volume(part: Part) -> float:
    """Volume of the curved elements, mm^3: determinants on the quality's lattice, cubic and so exact."""
    powers = [(a, b, c) for a in range(4) for b in range(4 - a) for c in range(4 - a - b)]
    vandermonde = np.stack([np.prod(LATTICE[:, 1:] ** power, axis=1) for power in powers], axis=1)
    factorial = np.array([1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0])
    exact = [np.prod(factorial[list(power)]) / factorial[sum(power) + 3] for power in powers]
    weights = np.linalg.solve(vandermonde.T, np.array(exact))
    return float((jacobian_determinants(part.points, part.tets) @ weights).sum())
