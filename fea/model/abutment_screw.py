"""The abutment's screw as a preload, and what the joint that it holds together carries.

The screw is no solid: it pulls the thread in the fixture's bore distally and presses its head on the
abutment's distal end, each by a uniform axial traction. The joint is part of one solid; what it
carries is the internal force of the abutment's elements at its nodes,

    F_J = sum over the nodes of the joint of (K_A u),

with K_A the stiffness of the abutment alone, so that it balances what acts on the abutment.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.rigid import LEVER, rigid_fields
from fea.elasticity.stiffness import stiffness_matrix
from fea.elasticity.wrench import end_face_loads
from fea.mesh.naming import boundary_facets
from fea.mesh.parts import Mesh, Part
from fea.model.preload import Preload
from geometry.stem import Stem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: How far a corner may lie off its surface or level, mm.
_OFF = 1e-5


def screw_preload(name: str, force: float, stem: Stem, mesh: Mesh) -> Preload:
    """Return the preload of an abutment's screw.

    Parameters
    ----------
    name
        Its name.
    force : float, N
    stem : Stem
        With an abutment.
    mesh : Mesh

    Returns
    -------
    Preload
        On the stem alone, and without a resultant there.
    """
    thread, head = thread_facets(mesh.stem, stem), head_facets(mesh.stem, stem)
    # Uniform but for what keeps a mesh that is not symmetric from turning: 1 N along z on the axis.
    pull, push = (_axial(mesh.stem, facets) for facets in (thread, head))
    return Preload(name, force, push - pull, np.zeros(3 * len(mesh.bone.points)))


def thread_facets(part: Part, stem: Stem) -> IntArray:
    """Return the facets of the bore that the screw's thread engages, shape (k, 6)."""
    assert stem.abutment is not None
    screw, facets = stem.abutment.screw, boundary_facets(part.tets)
    corners = part.points[facets[:, :3]]
    on_bore = np.abs(np.hypot(corners[..., 0], corners[..., 1]) - stem.bore_diameter / 2) < _OFF
    engaged = (corners[..., 2] > screw.start - _OFF) & (corners[..., 2] < screw.end + _OFF)
    found = facets[(on_bore & engaged).all(axis=1)]
    assert len(found), "the mesh has edges at the ends of the thread"
    return found


def head_facets(part: Part, stem: Stem) -> IntArray:
    """Return the facets of the abutment's distal end that the screw's head bears on, shape (k, 6)."""
    assert stem.abutment is not None
    facets, head = part.facets["distal_end"], stem.abutment.screw.head_diameter
    if head is None:
        return facets
    corners = part.points[facets[:, :3]]
    found = facets[(np.hypot(corners[..., 0], corners[..., 1]) < head / 2 + _OFF).all(axis=1)]
    assert len(found), "the mesh has an edge round the head"
    return found


def joint_wrenches(part: Part, material: FloatArray, stem: Stem, displacement: FloatArray) -> FloatArray:
    """Return what the abutment exerts on the fixture through the joint.

    Parameters
    ----------
    part : Part
        The stem's mesh.
    material : ndarray, shape (m, 6, 6), MPa
        Stiffness of its elements.
    stem : Stem
        With an abutment.
    displacement : ndarray, shape (n, 3, k), mm
        Nodal fields.

    Returns
    -------
    ndarray, shape (k, 6), N and N mm
        Force, and moment about the joint's middle on the axis.
    """
    assert stem.abutment is not None
    seat = stem.abutment.seat
    below = part.points[part.tets[:, :4], 2].mean(axis=1) < seat
    nodes, tets = np.unique(part.tets[below], return_inverse=True)
    abutment = replace(part, points=part.points[nodes], tets=tets.reshape(-1, 10), facets={}, regions={})
    on_joint = np.zeros(len(part.points), dtype=bool)
    on_joint[part.tets[~below]] = True
    shared = (3 * np.flatnonzero(on_joint[nodes])[:, None] + np.arange(3)).ravel()
    inner = stiffness_matrix(abutment, material[below])[shared]
    # Work of nodal forces on unit translations and rotations: their resultant about the joint's middle.
    work = rigid_fields(abutment.points - [0.0, 0.0, seat])[shared]
    work = work * np.array([1.0, 1.0, 1.0, LEVER, LEVER, LEVER])
    moved = displacement[nodes].reshape(3 * len(nodes), -1)
    # The elements' internal force is what the node, and through it the fixture, exerts on them.
    return -np.asarray((inner @ moved).T @ work)


def _axial(part: Part, facets: IntArray) -> FloatArray:
    return np.ascontiguousarray(end_face_loads(part.points, facets, np.zeros(3))[:, 2])
