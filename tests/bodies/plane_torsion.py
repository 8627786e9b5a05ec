r"""Torsional constant of a hollow section with two planes of symmetry, by its warping function.

Saint-Venant: with the warping w per twist, harmonic and free on the outlines,

    integral grad w . grad v = integral (y v_x - x v_y)  for all v,
    J = integral (x^2 + y^2 + x w_y - y w_x).

A quarter is solved with biquadratic quadrilaterals; w is none on the planes of symmetry.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from skfem import Basis, BilinearForm, ElementQuad2, Functional, LinearForm, MeshQuad, condense, solve
from skfem.helpers import dot, grad


def torsional_constant(
    bore: float, outline: Callable[[float], float], ticks: NDArray[np.float64], cells: int
) -> float:
    """Compute J, mm^4.

    Parameters
    ----------
    bore : float, mm
        Inner radius.
    outline : callable
        Outer radius, mm, at an angle in rad.
    ticks : ndarray
        Angles of the grid from 0 to pi/2, with every corner of the outline among them.
    cells : int
        Over the radius.
    """
    grid = MeshQuad.init_tensor(1 - (1 - np.linspace(0.0, 1.0, cells + 1)) ** 1.5, ticks)
    surface = np.array([outline(angle) for angle in grid.p[1]])
    radius = bore + (surface - bore) * grid.p[0]
    mesh = MeshQuad(np.stack([radius * np.cos(grid.p[1]), radius * np.sin(grid.p[1])]), grid.t)
    basis = Basis(mesh, ElementQuad2(), intorder=6)

    @BilinearForm
    def harmonic(w, v, at):
        return dot(grad(w), grad(v))

    @LinearForm
    def turn(v, at):
        return at.x[1] * grad(v)[0] - at.x[0] * grad(v)[1]

    @Functional
    def stiffness(at):
        x, y = at.x
        return x**2 + y**2 + x * at["w"].grad[1] - y * at["w"].grad[0]

    held = np.flatnonzero((np.abs(basis.doflocs) < 1e-9).any(axis=0))
    warping = solve(*condense(harmonic.assemble(basis), turn.assemble(basis), D=held))
    return 4 * float(stiffness.assemble(basis, w=basis.interpolate(warping)))
