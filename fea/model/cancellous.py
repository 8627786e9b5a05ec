r"""Bone of two materials: which share of each element is cancellous, and how stiff it is.

Where the mesh follows the border of the cortical shell an element is of one material. Where it cannot
(round a thread, whose net is the only mesh of the wall, and in a whole bone) an element that the border
crosses has the mean of both stiffnesses by their share of its volume. That share is taken with the border
as a plane, by the signed distances d_i of the four vertices, negative in the core:

    share = sum over d_i < 0 of prod over j != i of d_i / (d_i - d_j),

the exact volume of the tetrahedron on the negative side of a linear function.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.ct.density import ImagedMaterial
from fea.mesh.parts import IntArray, Mesh, Part
from fea.mesh.regions import element_regions, take_apart
from fea.model.graded import imaged_modulus
from geometry.scanned.whole import Whole
from materials.rotation import rotate_stiffness

FloatArray = NDArray[np.float64]

#: An element is crossed by the border where vertices lie farther off on both sides than this share of its
#: size; lofted borders are true to less.
CROSSED = 0.02

#: The parts of a 10-node tetrahedron with straight edges, of an eighth of its volume each: rows of its nodes.
EIGHTHS = np.array(
    [[0, 4, 6, 7], [4, 1, 5, 8], [6, 5, 2, 9], [7, 8, 9, 3], [4, 5, 6, 8], [4, 6, 7, 8], [6, 7, 8, 9],
     [5, 6, 8, 9]]
)  # fmt: skip


def negative_share(distance: FloatArray) -> FloatArray:
    """Return the share of tetrahedra on which a linear function is negative.

    Parameters
    ----------
    distance : ndarray, shape (m, 4)
        Values at the vertices.

    Returns
    -------
    ndarray, shape (m,)
    """
    # Equal values would divide zero by zero: apart by so little that the share stays to nine digits.
    size = np.maximum(np.abs(distance).max(axis=1, keepdims=True), 1e-300)
    apart = distance + 1e-5 * size * np.array([0.0, 0.31, 0.67, 1.0])
    apart = np.where(np.abs(apart) < 1e-12 * size, 1e-12 * size, apart)
    share = np.zeros(len(distance))
    for i in range(4):
        others = [j for j in range(4) if j != i]
        term = np.prod([apart[:, i] / (apart[:, i] - apart[:, j]) for j in others], axis=0)
        share += np.where(apart[:, i] < 0, term, 0.0)
    share = np.where((apart < 0).all(axis=1), 1.0, np.where((apart > 0).all(axis=1), 0.0, share))
    return np.asarray(np.clip(share, 0.0, 1.0))


def core_shares(part: Part, distance: FloatArray, *, parts: bool = False) -> FloatArray:
    """Return the share of each element that is cancellous.

    Parameters
    ----------
    part : Part
        The bone, with its region.
    distance : ndarray, shape (n,), mm
        How far its nodes lie outside the core.
    parts : bool
        Whether the border is a plane in each of an element's eight parts, with the distances of its middles
        too, instead of in the whole element.

    Returns
    -------
    ndarray, shape (m,)
        0 or 1 but where the border crosses an element.
    """
    corners = part.tets[:, :4]
    found = (element_regions(part) > 0).astype(np.float64)
    off = distance[corners]
    edges = part.points[corners[:, 1:]] - part.points[corners[:, :1]]
    size = np.cbrt(np.abs(np.linalg.det(edges)))
    crossed = (off.min(axis=1) < -CROSSED * size) & (off.max(axis=1) > CROSSED * size)
    if not parts:
        found[crossed] = negative_share(off[crossed])
        return found
    off = distance[part.tets]
    crossed = (off.min(axis=1) < -CROSSED * size) & (off.max(axis=1) > CROSSED * size)
    eighths = off[crossed][:, EIGHTHS]
    found[crossed] = negative_share(eighths.reshape(-1, 4)).reshape(-1, len(EIGHTHS)).mean(axis=1)
    return found


def bone_materials(case: Case, mesh: Mesh) -> FloatArray:
    """Return the stiffness of the bone's elements in global axes.

    Parameters
    ----------
    case : Case
    mesh : Mesh

    Returns
    -------
    ndarray, shape (m, 6, 6), MPa
    """
    part = mesh.bone
    material = case.bone_material
    if isinstance(material, ImagedMaterial):
        return imaged_modulus(part, material)[:, None, None] * material.unit_stiffness
    frames = case.bone_frames(part.points[part.tets[:, :4]].mean(axis=1))
    found = rotate_stiffness(case.bone_material.elasticity.stiffness(), frames)
    if case.core_material is None:
        return found
    core = rotate_stiffness(case.core_material.elasticity.stiffness(), frames)
    distance = case.bone.outside_core(case.stem.axis.straighten(part.points))
    whole = isinstance(case.bone.outline, Whole)
    share = core_shares(part, distance, parts=whole)[:, None, None]
    return np.asarray(
        np.where(share == 0.0, found, np.where(share == 1.0, core, (1 - share) * found + share * core))
    )


def bone_at_nodes(case: Case, part: Part) -> FloatArray:
    """Return the stiffness at the nodes of the bone taken apart by its materials, in global axes.

    Parameters
    ----------
    case : Case
    part : Part
        The bone, not taken apart.

    Returns
    -------
    ndarray, shape (n, 6, 6), MPa
    """
    apart = take_apart(part)
    material = case.bone_material
    if isinstance(material, ImagedMaterial):
        modulus = material.by_place.modulus_at(apart.part.points)
        return np.asarray(modulus[:, None, None] * material.unit_stiffness)
    frames = case.bone_frames(apart.part.points)
    found = rotate_stiffness(case.bone_material.elasticity.stiffness(), frames)
    if case.core_material is not None:
        inside: IntArray = np.flatnonzero(apart.region == 1)
        found[inside] = rotate_stiffness(case.core_material.elasticity.stiffness(), frames[inside])
    return found
