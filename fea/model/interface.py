"""The interface of a meshed case: contact facets paired, with fit and friction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fea.contact.operators import ContactSide, GapFunction, Operators, build_operators
from fea.mesh.parts import Mesh, Part
from fea.solution import Interface
from geometry.zones import THREAD

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def contact_facets(part: Part, names: tuple[str, ...]) -> tuple[IntArray, IntArray]:
    """Collect facets by name.

    Returns
    -------
    facets : ndarray, shape (k, 6)
    codes : ndarray, shape (k,)
        Position of each facet's name in `names`.
    """
    none = np.zeros((0, 6), dtype=np.int64)
    groups = [part.facets.get(name, none) for name in names]
    codes = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return np.concatenate(groups), codes


def pair_surfaces(mesh: Mesh, gap: GapFunction) -> Operators:
    """Pair the stem's contact zones with the bone's canal and cut."""
    stem_facets, zones = contact_facets(mesh.stem, mesh.zones)
    bone_facets, _ = contact_facets(mesh.bone, ("canal", "cut"))
    return build_operators(
        ContactSide(mesh.stem.points, stem_facets), ContactSide(mesh.bone.points, bone_facets), zones, gap
    )


def describe(mesh: Mesh, operators: Operators, friction: Mapping[str, float], reach: float) -> Interface:
    """Describe the interface for those who read results.

    Parameters
    ----------
    mesh
        The mesh.
    operators
        The paired surfaces.
    friction : mapping of zone name to float
    reach
        Distance in mm from a singular rim within which stress is not judged.

    Returns
    -------
    Interface
    """
    stem_facets, _ = contact_facets(mesh.stem, mesh.zones)
    kept = stem_facets[operators.facet]
    points = mesh.stem.points[operators.vertices]
    return Interface(
        points=points,
        normal=operators.frames[:, 0],
        axial=operators.frames[:, 1],
        circumferential=operators.frames[:, 2],
        area=operators.area,
        facets=operators.triangles,
        middles=mesh.stem.points[kept[:, 3:]],
        zone=operators.zone,
        zones=mesh.zones,
        friction=friction_by_vertex(operators.zone, mesh.zones, friction),
        fit=operators.gap,
        rim=_near_rim(points, _welded(mesh, operators)[operators.triangles], reach),
        axis=mesh.axis,
    )


def friction_by_vertex(zone: IntArray, zones: tuple[str, ...], friction: Mapping[str, float]) -> FloatArray:
    """Return the friction of each vertex from its zone's: `zone` holds rows of `zones`."""
    by_code = np.array([friction.get(name, 0.0) for name in zones])
    return np.asarray(by_code[zone])


def _welded(mesh: Mesh, operators: Operators) -> IntArray:
    """Give vertices that the edges of a thread have split one number again, shape (v,)."""
    number = np.arange(len(operators.vertices))
    if THREAD in mesh.zones:
        own = np.flatnonzero(operators.zone == mesh.zones.index(THREAD))
        _, first, back = np.unique(operators.vertices[own], return_index=True, return_inverse=True)
        number[own] = own[first[back]]
    return number


def _near_rim(points: FloatArray, triangles: IntArray, reach: float) -> NDArray[np.bool_]:
    """Mark vertices near the border of a zone: split vertices make zone limits borders too.

    Parameters
    ----------
    points : ndarray, shape (v, 3), mm
    triangles : ndarray, shape (k, 3)
        Rows of `points`.
    reach : float, mm
    """
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    pairs, uses = np.unique(edges, axis=0, return_counts=True)
    border = points[np.unique(pairs[uses == 1])]
    if not len(border):
        return np.zeros(len(points), dtype=bool)
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(border).query(points)
    return np.asarray(distance <= reach)
