"""A fluted stem in a round tube as a plane problem of its own: biquadratic quadrilaterals, own contact.

A quarter of the section, with planes of symmetry at 0 and 90 degrees through the middles of flutes, so
that the number of flutes is a multiple of four. Both bodies have the same nodes on the lands; there the
normal jump is the interference where they touch and the nodal force is none where they do not, found
by an active set. The outline of the stem is a function given from outside. Nothing of the product's
meshing, elements or contact is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve
from skfem import Basis, BilinearForm, ElementQuad2, ElementVector, MeshQuad
from skfem.helpers import ddot, sym_grad, trace

FloatArray = NDArray[np.float64]
Law = tuple[float, float]


@dataclass(frozen=True)
class PlaneLands:
    """Section, laws and fit.

    Attributes
    ----------
    bore, radius, outer : float, mm
    outline : callable
        Radius of the stem's section, mm, at an angle in rad.
    half : float, rad
        Half the angle that a flute takes.
    number
        Flutes, a multiple of four.
    stem, bone
        Young's modulus in MPa and Poisson's ratio; plane strain.
    interference : float, mm
        Radial.
    """

    bore: float
    radius: float
    outer: float
    outline: Callable[[float], float]
    half: float
    number: int
    stem: Law
    bone: Law
    interference: float

    def mean_pressure(self, cells: int) -> tuple[float, float]:
        """Return the mean pressure over the lands, MPa, and the share of the lands' nodes that touch.

        Parameters
        ----------
        cells : int
            Over a land, and over half a flute.
        """
        angles, land = self._angles(cells)
        surface = np.array([self.outline(angle) for angle in angles])
        stem = _Section(angles, np.full(len(angles), self.bore), surface, cells, self.stem)
        bone = _Section(
            angles, np.full(len(angles), self.outer), np.full(len(angles), self.radius), cells, self.bone
        )
        at = np.flatnonzero(land)
        rows = [body.normal_rows(angles[at]) for body in (stem, bone)]
        jump = sparse.hstack([-rows[0], rows[1]]).tocsr()
        free = np.concatenate([stem.free, bone.free + stem.size])
        stiffness = sparse.block_diag([stem.stiffness, bone.stiffness]).tocsr()[free][:, free]
        jump = jump[:, free]
        closed = np.ones(len(at), dtype=bool)
        for _ in range(30):
            matrix = sparse.bmat([[stiffness, jump[closed].T], [jump[closed], None]]).tocsc()
            right = np.r_[np.zeros(len(free)), np.full(closed.sum(), self.interference)]
            found = spsolve(matrix, right)
            force = np.zeros(len(at))
            force[closed] = -found[len(free) :]
            gap = jump @ found[: len(free)] - self.interference
            before, closed = closed, np.where(closed, force > 0, gap < -1e-12)
            if np.array_equal(before, closed):
                break
        lands = self.radius * (np.pi / 2 - self.number / 4 * 2 * self.half)
        return float(force.sum() / lands), float(closed.mean())

    def _angles(self, cells: int) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Angles of vertices and middles, crowded at the flutes' edges, and which belong to lands."""
        pitch = 2 * np.pi / self.number
        limits = [0.0]
        for k in range(self.number // 4):
            limits += [k * pitch + self.half, (k + 1) * pitch - self.half, (k + 1) * pitch]
        crowd = (1 - np.cos(np.pi * np.arange(cells + 1) / cells)) / 2
        ticks = [low + (high - low) * crowd for low, high in pairwise(limits)]
        vertices = np.unique(np.round(np.concatenate(ticks), 13))
        angles = np.sort(np.r_[vertices, (vertices[1:] + vertices[:-1]) / 2])
        off = np.abs((angles + pitch / 2) % pitch - pitch / 2)
        return angles, off >= self.half - 1e-9


class _Section:
    """One body's stiffness on a grid between two radii."""

    def __init__(
        self, angles: FloatArray, far: FloatArray, surface: FloatArray, cells: int, law: Law
    ) -> None:
        self._angles = angles
        share = 1 - (1 - np.linspace(0.0, 1.0, cells + 1)) ** 2
        grid = MeshQuad.init_tensor(share, np.arange(len(angles[::2]), dtype=float))
        row = np.round(grid.p[1]).astype(int)
        radius = far[::2][row] + (surface - far)[::2][row] * grid.p[0]
        place = np.stack([radius * np.cos(angles[::2][row]), radius * np.sin(angles[::2][row])])
        mesh = MeshQuad(place, grid.t)
        basis = Basis(mesh, ElementVector(ElementQuad2()), intorder=5)
        modulus, poisson = law
        shear = modulus / (2 * (1 + poisson))
        lame = modulus * poisson / ((1 + poisson) * (1 - 2 * poisson))

        @BilinearForm
        def form(u, v, w):
            return lame * trace(sym_grad(u)) * trace(sym_grad(v)) + 2 * shear * ddot(sym_grad(u), sym_grad(v))

        self.stiffness = form.assemble(basis).tocsr()
        self.size = basis.N
        x, y = basis.doflocs
        component = self._components(basis)
        held = (component == 1) & (np.abs(y) < 1e-9) | (component == 0) & (np.abs(x) < 1e-9)
        self.free = np.flatnonzero(~held)
        self._dofs = self._on_surface(basis, mesh, grid, component)

    @staticmethod
    def _components(basis: Basis) -> NDArray[np.int64]:
        component = np.zeros(basis.N, dtype=np.int64)
        for part in ("u^1", "u^2"):
            component[basis.get_dofs(elements=True).all(part)] = int(part[-1]) - 1
        return component

    @staticmethod
    def _on_surface(basis, mesh, grid, component):
        facets = np.flatnonzero((np.abs(grid.p[0][mesh.facets] - 1.0) < 1e-12).all(axis=0))
        dofs = basis.get_dofs(facets=facets).flatten()
        angle = np.arctan2(basis.doflocs[1, dofs], basis.doflocs[0, dofs])
        return [dofs[component[dofs] == c][np.argsort(angle[component[dofs] == c])] for c in (0, 1)]

    def normal_rows(self, angles: FloatArray) -> sparse.csr_matrix:
        """Rows that give the displacement along the radius at some of the surface's nodes."""
        at = np.searchsorted(self._angles, angles - 1e-12)
        row = np.arange(len(at))
        data = np.r_[np.cos(angles), np.sin(angles)]
        column = np.r_[self._dofs[0][at], self._dofs[1][at]]
        return sparse.coo_matrix((data, (np.r_[row, row], column)), shape=(len(at), self.size)).tocsr()
