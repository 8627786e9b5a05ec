"""Bodies from their surface: layers grown from parts of it, and a volume of tetrahedra within.

The surface keeps its triangles, curved as they are. What is grown from it stands between copies
of its facets (`fea.mesh.layers`); gmsh fills what is left, and edges inside get straight or
rounded middles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import gmsh
import numpy as np
from numpy.typing import NDArray

from fea.mesh.caps import SizeField
from fea.mesh.cores import fill_plane, fill_volume
from fea.mesh.layers import Grown, Stack, grow
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.quality import EDGES
from fea.mesh.revolve import DimTag

BoolArray = NDArray[np.bool_]
Surface = tuple[FloatArray, IntArray]
#: Middles of edges inside, shape (e, 3), mm, from their ends, shape (e, 2, 3).
Rounding = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Base:
    """What a stack of layers grows from.

    Attributes
    ----------
    stack
        How copies of the surface lie.
    zone : ndarray of bool, shape (k,)
        Facets of the surface.
    ends : mapping of float to ndarray of bool, shape (k,)
        By the stack's two levels: facets of an end face of the body that its layers end in,
        which are laid anew.
    """

    stack: Stack
    zone: BoolArray
    ends: dict[float, BoolArray]


@dataclass(frozen=True, eq=False)
class Filled:
    """A body's elements.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    grown : tuple of ndarray
        Rows of `tets` of each stack; the others are the volume's within.
    """

    points: FloatArray
    tets: IntArray
    grown: tuple[IntArray, ...]


def surface_of(volume: DimTag, grid: float | None = None) -> Surface:
    """Take the curved surface of a solid out of gmsh, numbered on its own with the vertices first.

    Parameters
    ----------
    volume : tuple
    grid : float, mm
        To which coordinates are rounded; not at all where None.

    Returns
    -------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
    """
    return surface_and_border([volume], grid)[0]


def surface_and_border(volumes: Sequence[DimTag], grid: float | None = None) -> tuple[Surface, int]:
    """Take the curved surface of solids that touch out of gmsh, and behind it the faces between them.

    Parameters
    ----------
    volumes : sequence of tuple
    grid : float, mm
        To which coordinates are rounded; not at all where None.

    Returns
    -------
    surface : pair of ndarray
        As `surface_of` returns it; the last facets are those between the solids.
    between : int
        How many they are.
    """
    faces = [face for volume in volumes for _, face in gmsh.model.getBoundary([volume], oriented=False)]
    unique, count = np.unique(faces, return_counts=True)
    # In the order in which the solids have them, those between two of them last.
    outer = [face for face in faces if count[np.searchsorted(unique, face)] == 1]
    shared = unique[count > 1].tolist()
    facets = [gmsh.model.mesh.getElementsByType(9, face)[1] for face in (*outer, *shared)]
    between = sum(len(rows) for rows in facets[len(outer) :]) // 6
    nodes = np.concatenate(facets).astype(np.int64).reshape(-1, 6)
    corners, middles = np.unique(nodes[:, :3]), np.unique(nodes[:, 3:])
    used = np.concatenate([corners, middles])
    local = np.zeros(int(used.max()) + 1, dtype=np.int64)
    local[used] = np.arange(len(used))
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    rows = np.argsort(tags)[np.searchsorted(np.sort(tags), used)]
    points = np.asarray(coordinates, dtype=np.float64).reshape(-1, 3)[rows]
    if grid is not None:
        points = np.round(points / grid) * grid
    return (points, local[nodes]), between


def straight(ends: FloatArray) -> FloatArray:
    """Put middles halfway along the chord."""
    return np.asarray(ends.mean(axis=1))


def fill(
    surface: Surface,
    bases: Sequence[Base],
    rounding: Rounding,
    size: SizeField,
    algorithm: int,
    inside: slice = slice(0, 0),
) -> Filled:
    """Fill a surface with layers and a volume within.

    Parameters
    ----------
    surface : pair of ndarray
        From `surface_of`.
    bases : sequence of Base
    rounding : callable
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.
    inside : slice
        Facets of the surface that lie inside and that elements end on.

    Returns
    -------
    Filled
    """
    points, facets = surface
    vertices = points[: int(facets[:, :3].max()) + 1]
    skin = np.ones(len(facets), dtype=bool)
    skin[inside] = False
    grown: list[Grown] = []
    closing: list[IntArray] = []
    for base in bases:
        made = grow(base.stack, points, facets[base.zone], len(vertices))
        vertices = np.concatenate([vertices, made.vertices])
        skin &= ~base.zone
        closing.append(made.inner)
        for level, wall in made.walls.items():
            skin &= ~base.ends[level]
            if not base.ends[level].any():
                closing.append(wall)
        grown.append(made)
    closed = np.concatenate([facets[skin][:, :3], *closing])
    for edges in _open_ends(vertices, closed):
        added, plane = fill_plane(vertices, edges, size)
        vertices = np.concatenate([vertices, added])
        closed = np.concatenate([closed, plane])
    added, core = fill_volume(vertices, closed, size, algorithm, facets[inside][:, :3])
    vertices = np.concatenate([vertices, added])
    counts = np.cumsum([len(core), *(len(made.tets) for made in grown)])
    rows = tuple(np.arange(low, high) for low, high in pairwise(counts.tolist()))
    tets = _positive(vertices, np.concatenate([core, *(made.tets for made in grown)]))
    curved = _curved(points, facets, closed, vertices, grown)
    return Filled(*_quadratic(vertices, tets, curved, rounding), rows)


def _open_ends(vertices: FloatArray, triangles: IntArray) -> list[IntArray]:
    """Find the edges that only one triangle has, level by level."""
    pairs = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    edges, count = np.unique(pairs, axis=0, return_counts=True)
    edges = edges[count == 1]
    levels = np.round(vertices[edges, 2].mean(axis=1), 6)
    return [edges[levels == level] for level in np.unique(levels)]


def _curved(
    points: FloatArray, facets: IntArray, closed: IntArray, vertices: FloatArray, grown: list[Grown]
) -> tuple[IntArray, FloatArray]:
    """List the edges whose middles are given: the surface, the layers, the plane ends."""
    on_skin = facets[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    plane = closed[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    edges = [*(made.edges for made in grown), on_skin, plane]
    middles = [*(made.middles for made in grown), points[facets[:, 3:].ravel()], vertices[plane].mean(axis=1)]
    unique, row = np.unique(np.sort(np.concatenate(edges), axis=1), axis=0, return_index=True)
    return unique, np.concatenate(middles)[row]


def _positive(vertices: FloatArray, tets: IntArray) -> IntArray:
    """Give every tetrahedron the orientation of a positive volume."""
    corners = vertices[tets]
    wrong = np.linalg.det(corners[:, 1:] - corners[:, :1]) < 0
    turned = tets.copy()
    turned[wrong] = tets[wrong][:, [1, 0, 2, 3]]
    return turned


def _quadratic(
    vertices: FloatArray, tets: IntArray, curved: tuple[IntArray, FloatArray], rounding: Rounding
) -> tuple[FloatArray, IntArray]:
    """Add the middles of the edges, and leave out vertices that no element has."""
    pairs = np.sort(tets[:, EDGES].reshape(-1, 2), axis=1)
    edges, inverse = np.unique(pairs, axis=0, return_inverse=True)
    middles = rounding(vertices[edges])
    many = len(vertices)
    given = curved[0] @ np.array([many, 1])
    row = np.minimum(np.searchsorted(given, edges @ np.array([many, 1])), len(given) - 1)
    found = given[row] == edges @ np.array([many, 1])
    middles[found] = curved[1][row[found]]
    whole = np.hstack([tets, many + inverse.reshape(-1, 6)])
    used, compact = np.unique(whole, return_inverse=True)
    return np.concatenate([vertices, middles])[used], compact.reshape(-1, 10)
