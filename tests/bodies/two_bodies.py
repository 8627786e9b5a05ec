"""Two bodies with supports of any kind, brought to an interface problem by the product's own parts.

`fea.model.build` knows the supports that a case can state; tests need single components held
and loads on the bone, so this builds the same problem from the same bricks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import Point
from fea.contact.operators import ContactSide, GapFunction, Operators, build_operators
from fea.contact.problem import Equilibrium, InterfaceProblem
from fea.elasticity.rigid import free_motions, rigid_fields, statically_determinate_pins
from fea.mesh.parts import Part
from fea.model.body import Body
from fea.solve.backends import choose_backend, condense
from fea.solve.condensed import CondensedSolver

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def held_body(part: Part, material: FloatArray, fixed: IntArray, carried: FloatArray | None = None) -> Body:
    """Hold any unknowns; pin what stays free.

    Parameters
    ----------
    part
    material : ndarray, shape (6, 6), MPa
    fixed : ndarray of int
        Unknowns ``3 node + component`` that are held.
    carried : ndarray, shape (6, k), optional
        Rigid motions in which whatever holds the body moves with it, as unknowns; a load on the held
        nodes drives them. Without it the body may move as far as its fixed unknowns let it.
    """
    if carried is not None:
        whole = np.broadcast_to(material, (len(part.tets), 6, 6))
        return Body(part, whole, np.unique(fixed), carried, np.zeros(0, dtype=np.int64))
    fields = rigid_fields(part.points)
    motions = free_motions(fields, fixed)
    corners = np.unique(part.tets[:, :4])
    candidates = np.setdiff1d((3 * corners[:, None] + np.arange(3)).ravel(), fixed)
    pins = statically_determinate_pins(fields, motions, candidates)
    return Body(part, np.broadcast_to(material, (len(part.tets), 6, 6)), np.unique(fixed), motions, pins)


def plane(part: Part, axis: int, value: float, components: tuple[int, ...]) -> IntArray:
    """Unknowns of some components of the nodes in a plane."""
    nodes = np.flatnonzero(np.abs(part.points[:, axis] - value) < 1e-9)
    return (3 * nodes[:, None] + np.array(components)).ravel()


def prescribed(body: Body, field: FloatArray) -> FloatArray:
    """Nodal loads that do what given displacements of the fixed unknowns do.

    They are -K u, with u the given ones and zero elsewhere, so that they have no resultant. Fixed
    nodes must not be nodes of the contact facets, whose jump would lack them.

    Parameters
    ----------
    body
    field : ndarray, shape (3 n, k), mm
        Only rows of fixed unknowns count.

    Returns
    -------
    ndarray, shape (3 n, k), N
    """
    given = np.zeros_like(field)
    given[body.fixed] = field[body.fixed]
    return -(body.stiffness @ given)


@dataclass(frozen=True, eq=False)
class TwoBodies:
    """Both bodies, their factors and the problem between them."""

    stem: Body
    bone: Body
    solvers: tuple[CondensedSolver, CondensedSolver]
    loads: tuple[FloatArray, FloatArray]
    operators: Operators
    problem: InterfaceProblem

    def displacement(self, point: Point) -> tuple[FloatArray, FloatArray]:
        """Displacement of stem and bone, each shape (n, 3)."""
        count = self.stem.motions.shape[1]
        amplitudes = self.stem.motions @ point.motion[:count], self.bone.motions @ point.motion[count:]
        stem, bone = (
            body.displacement(
                solver, (load @ point.wrench)[:, None], point.forces.reshape(-1, 1), motion[:, None]
            )
            for body, solver, load, motion in zip(
                (self.stem, self.bone), self.solvers, self.loads, amplitudes, strict=True
            )
        )
        return stem.reshape(-1, 3), bone.reshape(-1, 3)


def join(
    stem: Body,
    bone: Body,
    loads: tuple[FloatArray, FloatArray],
    gap: GapFunction,
    friction: float,
    names: tuple[str, str] = ("contact", "contact"),
) -> TwoBodies:
    """Pair the named facets of two bodies; loads are nodal, shape (3 n, 6) each."""
    operators = build_operators(
        ContactSide(stem.part.points, stem.part.facets[names[0]]),
        ContactSide(bone.part.points, bone.part.facets[names[1]]),
        np.zeros(len(stem.part.facets[names[0]]), dtype=np.int64),
        gap,
    )
    backend = choose_backend()
    solvers = tuple(
        condense(body.stiffness[body.free][:, body.free], rows[:, body.free], backend)
        for body, rows in ((stem, operators.stem), (bone, operators.bone))
    )
    motions = np.hstack(
        [operators.stem @ (stem.rigid @ stem.motions), operators.bone @ (bone.rigid @ bone.motions)]
    )
    thrust = np.vstack(
        [body.motions.T @ (body.rigid.T @ load) for body, load in zip((stem, bone), loads, strict=True)]
    )
    jump = solvers[0].response(loads[0][stem.free]) + solvers[1].response(loads[1][bone.free])
    problem = InterfaceProblem(
        Equilibrium(solvers[0].compliance + solvers[1].compliance, motions, jump, thrust),
        area=operators.area,
        friction=np.full(len(operators.area), friction),
        scale=0.1 * float(bone.material[0, 0, 0]) / float(np.sqrt(operators.area.mean())),
        gap=operators.gap,
    )
    return TwoBodies(stem, bone, (solvers[0], solvers[1]), loads, operators, problem)


def no_gap(points: FloatArray, normals: FloatArray, zones: IntArray) -> FloatArray:
    """Surfaces that touch."""
    return np.zeros(len(points))
