"""Nodal fields and the balance of forces, from states on the interface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import Point
from fea.elasticity.recovery import StrainRecovery
from fea.model.body import Body
from fea.model.build import Model
from fea.solution import Fields

FloatArray = NDArray[np.float64]

#: Instants, by largest displacement, at which the stress error is estimated beside the press-fit.
_ERROR_INSTANTS = 2


def displacements(model: Model, points: Sequence[Point]) -> tuple[FloatArray, FloatArray]:
    """Return the nodal displacements of both bodies.

    Parameters
    ----------
    model
        The factored model.
    points
        Converged states.

    Returns
    -------
    stem, bone : ndarray, shape (3 n, k), mm
    """
    forces = np.column_stack([point.forces.ravel() for point in points])
    wrenches = np.column_stack([point.wrench for point in points])
    motions = [model.split_motion(point.motion) for point in points]
    held = model.solver.displacement(model.free_loads, forces, wrenches)
    fields = []
    start = 0
    for body, motion in zip((model.bone, model.stem), zip(*motions, strict=True), strict=True):
        field = body.rigid @ np.column_stack(motion)
        field[body.free] += held[start : start + len(body.free)]
        start += len(body.free)
        fields.append(field)
    bone, stem = fields
    return stem, bone


def recover_fields(body: Body, displacement: FloatArray, node_material: FloatArray) -> Fields:
    """Recover strain and stress at the nodes of a body.

    Parameters
    ----------
    body
        The body.
    displacement : ndarray, shape (3 n, k), mm
    node_material : ndarray, shape (n, 6, 6), or (6, 6), MPa
        Stiffness at the nodes in global axes.

    Returns
    -------
    Fields
    """
    recovery = StrainRecovery(body.part)
    strain = recovery.at_nodes(displacement)
    if node_material.ndim == 2:
        stress = strain @ node_material
    else:
        stress = np.stack([np.matmul(node_material, instant[:, :, None])[:, :, 0] for instant in strain])
    size = np.linalg.norm(displacement, axis=0)
    chosen = {0, *np.argsort(size)[-_ERROR_INSTANTS:].tolist()}
    error = np.max([recovery.scatter(displacement[:, k], body.material) for k in sorted(chosen)], axis=0)
    count = displacement.shape[1]
    return Fields(np.moveaxis(displacement.reshape(-1, 3, count), 2, 0), strain, stress, error)


def reaction_wrench(body: Body, displacement: FloatArray, loads: FloatArray) -> FloatArray:
    """Sum the support reactions about the origin.

    Parameters
    ----------
    body
        The supported body.
    displacement : ndarray, shape (3 n, k), mm
    loads : ndarray, shape (3 n, k), N
        What acts on the body besides the supports.

    Returns
    -------
    ndarray, shape (k, 6), N and N mm
        Force and moment that the supports exert on the body.
    """
    forces = np.zeros_like(displacement)
    held = np.r_[body.fixed, body.pins]
    forces[held] = body.stiffness[held] @ displacement - loads[held]
    nodal = forces.reshape(-1, 3, displacement.shape[1])
    moment = np.cross(body.part.points[:, :, None], nodal, axis=1)
    return np.concatenate([nodal.sum(axis=0), moment.sum(axis=0)]).T
