"""What stands in a view: the bodies of a mesh as painted triangles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.mesh.regions import element_regions
from fea.post import tokens
from fea.post.render.clip import Patch, clip, section
from fea.post.render.paint import NO_CONTACT, Paint
from fea.post.render.shot import Body, Lines
from fea.post.render.surface import FOLD, PIECES, contact_surface, subdivide
from fea.solution import Interface

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: The halving plane stands this far off y = 0, so that no node lies in it, mm.
OFF_PLANE = 1e-5
#: Faces of a tetrahedron with their middles, normals outwards.
_FACES = np.array([[0, 2, 1, 6, 5, 4], [0, 1, 3, 4, 8, 7], [1, 2, 3, 5, 9, 8], [0, 3, 2, 7, 9, 6]])
#: How far below the contact surface the stem itself is drawn, mm.
BELOW_CONTACT = 0.05


def facets_of(part: Part, names: Iterable[str] | None = None) -> IntArray:
    """Return the named boundary facets, or all of them.

    Parameters
    ----------
    part : Part
    names : iterable of str, optional

    Returns
    -------
    ndarray, shape (k, 6)
    """
    chosen = part.facets if names is None else names
    return np.concatenate([np.zeros((0, 6), np.int64), *(part.facets[name] for name in chosen)])


def skin(
    part: Part,
    names: Iterable[str] | None,
    paint: Paint,
    values: FloatArray | None = None,
    inset: float = 0.0,
) -> list[Body]:
    """Return boundary facets, coloured by nodal values where they are given.

    Parameters
    ----------
    part : Part
    names : iterable of str or None
    paint : Paint
    values : ndarray, shape (n,), optional
    inset : float, mm
        How far below the surface it is drawn, so that what lies on the surface covers it.

    Returns
    -------
    list of Body
    """
    facets = facets_of(part, names)
    if not len(facets):
        return []
    surface = subdivide(part.points[facets], PIECES)
    fine = None if values is None else surface.from_nodes(values[facets])
    points = surface.points - inset * surface.normals
    return [Body(points, surface.normals, surface.triangles, fine, paint)]


def painted_contact(
    interface: Interface, values: FloatArray, contact: FloatArray, paint: Paint
) -> list[Body]:
    """Return the contact surface: painted where bone and stem touch, hatched elsewhere.

    Parameters
    ----------
    interface : Interface
    values : ndarray, shape (n,)
    contact : ndarray, shape (n,)
        Positive where they touch, negative where not; 0 in between is the border.
    paint : Paint

    Returns
    -------
    list of Body
    """
    surface, facets = contact_surface(interface)
    fine = surface.from_corners(values[facets])
    level = surface.from_corners(contact[facets])
    patch = Patch(np.column_stack([surface.points, surface.normals, fine]), surface.triangles)
    return [_body(clip(patch, level), paint), _body(clip(patch, -level), NO_CONTACT)]


def half(
    part: Part, side: float, paint: Paint, values: FloatArray | None = None, axis: int = 1
) -> list[Body]:
    """Return one half of a body, cut along the antero-posterior plane, or along that across it.

    Parameters
    ----------
    part : Part
    side : float
        -1 for the right half, 1 for the left one.
    paint : Paint
    values : ndarray, shape (n,), optional
    axis : int
        Across which it is cut: 1 for y, 0 for x.

    Returns
    -------
    list of Body
        The half's skin and the cut face.
    """
    facets = facets_of(part)
    surface = subdivide(part.points[facets], PIECES)
    nodal = np.zeros(len(part.points)) if values is None else values
    fine = surface.from_nodes(nodal[facets])
    patch = Patch(np.column_stack([surface.points, surface.normals, fine]), surface.triangles)
    level = side * (part.points[:, axis] + OFF_PLANE)
    skin_half = clip(patch, side * (surface.points[:, axis] + OFF_PLANE))
    face = section(np.column_stack([part.points, np.zeros_like(part.points), nodal]), part.tets, level)
    face.data[:, 3:6] = np.where(np.arange(3) == axis, -side, 0.0)
    return [_body(skin_half, paint), _body(_facing(face), paint)]


def border(part: Part, side: float, axis: int) -> list[Lines]:
    """Return the line along which two materials of a body meet on the face of its cut.

    Parameters
    ----------
    part : Part
        Not taken apart.
    side : float
        As for `half`.
    axis : int
        As for `half`.

    Returns
    -------
    list of Lines
        None of a body of one material, or where the materials do not meet on the cut.
    """
    code = element_regions(part)
    faces = part.tets[:, _FACES[:, :3]].reshape(-1, 3)
    owner = np.repeat(code, len(_FACES))
    _, number = np.unique(np.sort(faces, axis=1), axis=0, return_inverse=True)
    number = number.ravel()
    least, most = np.full(number.max() + 1, owner.max()), np.zeros(number.max() + 1, dtype=np.int64)
    np.minimum.at(least, number, owner)
    np.maximum.at(most, number, owner)
    _, first = np.unique(number, return_index=True)
    corners = part.points[faces[first[least < most]]]
    off = corners[:, :, axis] + OFF_PLANE
    crossed = np.abs(np.sign(off).sum(axis=1)) == 1
    corners, off = corners[crossed], off[crossed]
    if not len(corners):
        return []
    # The corner that lies alone on its side, and its edges to the two others.
    alone = np.argmax(np.sign(off) == -np.sign(np.sign(off).sum(axis=1))[:, None], axis=1)
    row = np.arange(len(corners))
    ends = []
    for step in (1, 2):
        other = (alone + step) % 3
        share = off[row, alone] / (off[row, alone] - off[row, other])
        ends.append(corners[row, alone] + share[:, None] * (corners[row, other] - corners[row, alone]))
    segments = np.stack(ends, axis=1)
    segments[:, :, axis] -= side * 0.02
    return [Lines(segments, tokens.QUIET, 1.6)]


def _facing(patch: Patch) -> Patch:
    """Turn the triangles that look against their normals."""
    corners = patch.data[patch.triangles]
    out = np.cross(corners[:, 1, :3] - corners[:, 0, :3], corners[:, 2, :3] - corners[:, 0, :3])
    wrong = np.einsum("ij,ij->i", out, corners[:, 0, 3:6]) < 0.0
    turned = np.where(wrong[:, None], patch.triangles[:, ::-1], patch.triangles)
    return Patch(patch.data, turned)


def elements(part: Part, chosen: NDArray[np.bool_], colour: str, fold: float = FOLD) -> list[Body | Lines]:
    """Return some elements with their curved edges.

    Parameters
    ----------
    part : Part
    chosen : ndarray of bool, shape (m,)
    colour : str
    fold : float, degrees
        Faces that meet at more than this angle are shaded apart.

    Returns
    -------
    list of Body or Lines
    """
    faces = part.tets[chosen][:, _FACES].reshape(-1, 6)
    _, first, count = np.unique(np.sort(faces[:, :3], axis=1), axis=0, return_index=True, return_counts=True)
    surface = subdivide(part.points[faces[first[count == 1]]], PIECES, fold)
    lifted = surface.points + 0.03 * surface.normals
    return [
        Body(surface.points, surface.normals, surface.triangles, None, Paint(colour=colour)),
        Lines(lifted[surface.outlines()], tokens.INK, 1.6),
    ]


def _body(patch: Patch, paint: Paint) -> Body:
    data = patch.data
    values = None if paint.table is None else data[:, 6]
    return Body(data[:, :3], data[:, 3:6], patch.triangles, values, paint)
