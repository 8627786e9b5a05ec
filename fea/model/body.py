"""One body: stiffness, supports, and the rigid motions that the supports leave free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.elasticity.rigid import free_motions, rigid_fields, statically_determinate_pins
from fea.elasticity.stiffness import stiffness_matrix
from fea.mesh.parts import Part
from fea.solve.condensed import CondensedSolver

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Body:
    """A body held well enough to be factored.

    Attributes
    ----------
    part
        Its mesh.
    material : ndarray, shape (m, 6, 6), MPa
        Stiffness of each element in global axes.
    fixed : ndarray of int
        Unknowns that supports hold at zero.
    motions : ndarray, shape (6, k)
        Rigid motions that the supports leave free.
    pins : ndarray of int, shape (k,)
        Unknowns held so that the stiffness can be factored; in equilibrium they carry nothing.
    """

    part: Part
    material: FloatArray
    fixed: IntArray
    motions: FloatArray
    pins: IntArray

    @cached_property
    def stiffness(self) -> sparse.csr_matrix:
        """Assembled stiffness, csr_matrix, shape (3 n, 3 n), N/mm."""
        return stiffness_matrix(self.part, self.material)

    @cached_property
    def rigid(self) -> FloatArray:
        """Fields of the six rigid motions, ndarray, shape (3 n, 6)."""
        return rigid_fields(self.part.points)

    @cached_property
    def free(self) -> IntArray:
        """Unknowns that are neither fixed nor pinned."""
        return np.setdiff1d(np.arange(3 * len(self.part.points)), np.r_[self.fixed, self.pins])

    def displacement(
        self, solver: CondensedSolver, loads: FloatArray, forces: FloatArray, motions: FloatArray
    ) -> FloatArray:
        """Return nodal displacements.

        Parameters
        ----------
        solver
            The factored body.
        loads : ndarray, shape (3 n, k), N
        forces : ndarray, shape (3 v, k), N
            Contact forces on the bone.
        motions : ndarray, shape (6, k)
            Rigid motions on top.

        Returns
        -------
        ndarray, shape (3 n, k), mm
        """
        field = self.rigid @ motions
        field[self.free] += solver.displacement(loads[self.free], forces)
        return field


def hold(part: Part, material: FloatArray, kinds: Mapping[str, str]) -> Body:
    """Apply supports to a body and pin what they leave free.

    Parameters
    ----------
    part
        The body.
    material : ndarray, shape (m, 6, 6), MPa
    kinds : mapping of facet name to str
        ``"clamped"``, ``"symmetric"`` (no displacement along z) or ``"free"``.

    Returns
    -------
    Body
    """
    fixed = [np.zeros(0, dtype=np.int64)]
    for name, kind in kinds.items():
        nodes = np.unique(part.facets[name])
        if kind == "clamped":
            fixed.append((3 * nodes[:, None] + np.arange(3)).ravel())
        elif kind == "symmetric":
            fixed.append(3 * nodes + 2)
    held = np.unique(np.concatenate(fixed))
    fields = rigid_fields(part.points)
    motions = free_motions(fields, held)
    corners = np.unique(part.tets[:, :4])
    candidates = np.setdiff1d((3 * corners[:, None] + np.arange(3)).ravel(), held)
    return Body(part, material, held, motions, statically_determinate_pins(fields, motions, candidates))
