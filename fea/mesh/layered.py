"""A stem whose coating is meshed: the surface that gmsh meshed, layers grown inwards, a core within."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np
from numpy.typing import NDArray

from fea.mesh.caps import SizeField
from fea.mesh.cores import fill_plane, fill_volume
from fea.mesh.layers import Grown, Layer, grow
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.quality import EDGES
from fea.mesh.revolve import DimTag
from geometry.profile import Profile
from geometry.stem import Stem

#: Edges inside the core are straight within this share of its radius and follow the flank's
#: roundness beyond the second one, so that thin elements at a layer's ends do not fold.
_STRAIGHT, _ROUND = 0.4, 0.9


@dataclass(frozen=True, eq=False)
class LayeredBody:
    """A stem's elements by material.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    regions : mapping of str to ndarray
        Rows of `tets` by the layer's name; the others are the core's.
    """

    points: FloatArray
    tets: IntArray
    regions: dict[str, IntArray]


def surface_of(volume: DimTag, grid: float | None = None) -> tuple[FloatArray, IntArray]:
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
    facets = []
    for _, face in gmsh.model.getBoundary([volume], oriented=False):
        facets.append(gmsh.model.mesh.getElementsByType(9, face)[1])
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
    return points, local[nodes]


def layered_body(
    surface: tuple[FloatArray, IntArray],
    layers: tuple[Layer, ...],
    stem: Stem,
    blank: Profile,
    size: SizeField,
    algorithm: int,
) -> LayeredBody:
    """Fill a stem's surface with layers and a core.

    Parameters
    ----------
    surface : pair of ndarray
        From `surface_of`.
    layers : tuple of Layer
    stem : Stem
    blank : Profile
        The flank as it is meshed.
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.

    Returns
    -------
    LayeredBody
    """
    points, facets = surface
    vertices = points[: int(facets[:, :3].max()) + 1]
    skin = np.ones(len(facets), dtype=bool)
    grown: list[Grown] = []
    closing: list[IntArray] = []
    for layer in layers:
        zone = _zone(points, facets, layer, stem, blank)
        made = grow(layer, points, facets[zone], len(vertices))
        vertices = np.concatenate([vertices, made.vertices])
        skin &= ~zone
        closing.append(made.inner)
        for level, wall in made.walls.items():
            at_end = _on_end(points, facets, stem, level)
            skin &= ~at_end
            if not at_end.any():
                closing.append(wall)
        grown.append(made)
    closed = np.concatenate([facets[skin][:, :3], *closing])
    for edges in _open_ends(vertices, closed):
        added, plane = fill_plane(vertices, edges, size)
        vertices = np.concatenate([vertices, added])
        closed = np.concatenate([closed, plane])
    added, core = fill_volume(vertices, closed, size, algorithm)
    vertices = np.concatenate([vertices, added])
    tets = np.concatenate([core, *(made.tets for made in grown)])
    regions, first = {}, len(core)
    for layer, made in zip(layers, grown, strict=True):
        regions[layer.name] = np.arange(first, first + len(made.tets))
        first += len(made.tets)
    curved = _curved(points, facets, closed, vertices, grown)
    return LayeredBody(*_quadratic(vertices, _positive(vertices, tets), curved, blank, layers), regions)


def _zone(
    points: FloatArray, facets: IntArray, layer: Layer, stem: Stem, blank: Profile
) -> NDArray[np.bool_]:
    """Find the facets of the flank from which a layer grows."""
    corners = points[facets[:, :3]]
    middle = corners.mean(axis=1)
    across = np.hypot(middle[:, 0], middle[:, 1])
    outside = across > (stem.bore_diameter / 2 + blank.at(middle[:, 2])) / 2
    return np.asarray(outside & (middle[:, 2] > layer.start) & (middle[:, 2] < layer.end))


def _on_end(points: FloatArray, facets: IntArray, stem: Stem, level: float) -> NDArray[np.bool_]:
    """Find the facets of an end face of the stem in which a layer ends, none where it ends elsewhere."""
    if min(abs(level - stem.distal_level), abs(level - stem.length)) > 1e-9:
        return np.zeros(len(facets), dtype=bool)
    return np.asarray((np.abs(points[facets[:, :3], 2] - level) < 1e-6).all(axis=1))


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
    """List the edges whose middles are given: the stem's surface, the layers, the core's plane ends."""
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
    vertices: FloatArray,
    tets: IntArray,
    curved: tuple[IntArray, FloatArray],
    blank: Profile,
    layers: tuple[Layer, ...],
) -> tuple[FloatArray, IntArray]:
    """Add the middles of the edges, and leave out vertices that no element has."""
    pairs = np.sort(tets[:, EDGES].reshape(-1, 2), axis=1)
    edges, inverse = np.unique(pairs, axis=0, return_inverse=True)
    middles = _rounded(vertices[edges], blank, max(layer.depth for layer in layers))
    many = len(vertices)
    given = curved[0] @ np.array([many, 1])
    row = np.minimum(np.searchsorted(given, edges @ np.array([many, 1])), len(given) - 1)
    found = given[row] == edges @ np.array([many, 1])
    middles[found] = curved[1][row[found]]
    whole = np.hstack([tets, many + inverse.reshape(-1, 6)])
    used, compact = np.unique(whole, return_inverse=True)
    return np.concatenate([vertices, middles])[used], compact.reshape(-1, 10)


def _rounded(ends: FloatArray, blank: Profile, depth: float) -> FloatArray:
    """Put middles of edges halfway in angle and radius near the flank, halfway along the chord inside."""
    straight = ends.mean(axis=1)
    radius = np.hypot(ends[..., 0], ends[..., 1]).mean(axis=1)
    across = np.hypot(straight[:, 0], straight[:, 1])
    core = blank.at(np.minimum(straight[:, 2], blank.fillet_start)) - depth
    weight = np.clip((across / core - _STRAIGHT) / (_ROUND - _STRAIGHT), 0.0, 1.0)
    straight[:, :2] *= 1.0 + (weight * (radius / np.maximum(across, 1e-12) - 1.0))[:, None]
    return np.asarray(straight)
