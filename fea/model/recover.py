"""Nodal fields and the balance of forces, from states on the interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.contact.history import Point
from fea.elasticity.recovery import StrainRecovery
from fea.elasticity.rigid import LEVER
from fea.mesh.regions import take_apart
from fea.model.body import Body
from fea.model.build import Model
from fea.model.superposition import Superposition, spanning
from fea.solution import CombinedField, Fields

FloatArray = NDArray[np.float64]

#: Instants, by largest displacement, at which the stress error is estimated beside the press-fit.
_ERROR_INSTANTS = 2


def displacements(model: Model, points: Sequence[Point]) -> tuple[Superposition, Superposition]:
    """Return the nodal displacements of both bodies.

    Parameters
    ----------
    model
        The factored model.
    points
        Converged states.

    Returns
    -------
    stem, bone : Superposition, shape (3 n, k), mm
        Solved for the states that span the others.
    """
    forces = np.column_stack([point.forces.ravel() for point in points])
    loads = np.column_stack([point.loads for point in points])
    motions = np.column_stack([np.concatenate(model.split_motion(point.motion)) for point in points])
    # Forces, loads and motions have units of their own, and each counts by its own size.
    chosen, coefficients = spanning(np.vstack([_scaled(part) for part in (forces, loads, motions)]))
    held = model.solver.displacement(model.free_loads, forces[:, chosen], loads[:, chosen])
    split = len(model.bone.free)
    bone, stem = model.bone.rigid @ motions[:6, chosen], model.stem.rigid @ motions[6:, chosen]
    bone[model.bone.free] += held[:split]
    stem[model.stem.free] += held[split:]
    return Superposition(stem, coefficients), Superposition(bone, coefficients)


def recover_fields(body: Body, displacement: Superposition | FloatArray, node_material: FloatArray) -> Fields:
    """Recover strain and stress at the nodes of a body.

    Parameters
    ----------
    body
        The body.
    displacement : Superposition or ndarray, shape (3 n, k), mm
    node_material : ndarray, shape (n, 6, 6), or (6, 6), MPa
        Stiffness at the nodes in global axes.

    Returns
    -------
    Fields
        On the body taken apart by its materials (`fea.mesh.regions.take_apart`), whose nodes
        `node_material` has.
    """
    fields = _superposed(displacement)
    apart = take_apart(body.part)
    if body.part.regions:
        nodes = (3 * apart.source[:, None] + np.arange(3)).ravel()
        fields = Superposition(fields.basis[nodes], fields.coefficients)
    recovery = StrainRecovery(apart.part)
    moved = CombinedField(fields.basis.reshape(len(apart.part.points), 3, -1), fields.coefficients)
    strain = CombinedField(recovery.at_vertices(fields.basis), fields.coefficients, recovery.ends)
    size = np.einsum("rk,rs,sk->k", fields.coefficients, fields.basis.T @ fields.basis, fields.coefficients)
    chosen = sorted({0, *np.argsort(size)[-_ERROR_INSTANTS:].tolist()})
    error = np.max([recovery.scatter(moved[k].ravel(), body.material) for k in chosen], axis=0)
    return Fields(moved, strain, replace(strain, law=node_material), error)


def reaction_wrench(
    body: Body, displacement: Superposition | FloatArray, loads: sparse.csr_matrix | FloatArray
) -> FloatArray:
    """Sum the support reactions about the origin.

    Parameters
    ----------
    body
        The supported body.
    displacement : Superposition or ndarray, shape (3 n, k), mm
    loads : ndarray, shape (3 n, k), N
        What acts on the body besides the supports.

    Returns
    -------
    ndarray, shape (k, 6), N and N mm
        Force and moment that the supports exert on the body.
    """
    fields = _superposed(displacement)
    held = np.r_[body.fixed, body.pins]
    # Work of nodal forces on the unit translations and rotations: their resultant about the origin.
    work = body.rigid[held] * np.array([1.0, 1.0, 1.0, LEVER, LEVER, LEVER])
    inner = (body.stiffness[held].T @ work).T @ fields.basis
    return np.asarray((inner @ fields.coefficients - work.T @ loads[held]).T)


def _scaled(rows: FloatArray) -> FloatArray:
    size = float(np.abs(rows).max(initial=0.0))
    return rows / size if size > 0.0 else rows


def _superposed(fields: Superposition | FloatArray) -> Superposition:
    if isinstance(fields, Superposition):
        return fields
    return Superposition(fields, np.eye(fields.shape[1]))
