"""What a deck needs that the case says otherwise: interference as moved nodes, faces by number.

Other solvers take interference from overlapping meshes. The nodes of the stem's contact
facets are moved along their normal n by minus the fit, ``d = -gap n``, so that the overlap at
every node is the interference of the case. That is linear theory up to O(interference/radius).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.contact.operators import GapFunction, Operators
from fea.elasticity.rigid import null_space, statically_determinate_pins
from fea.elasticity.wrench import shapes_at
from fea.mesh.parts import Mesh, Part
from fea.model.body import Body
from fea.model.interface import contact_facets
from geometry.zones import COLLAR, LAG_SCREW, OFF_FLANK, SPLINES, THREAD

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Nodes of the two bodies nearer than this are the same place, mm.
COINCIDENT = 1e-6

#: Vertices of the faces S1 to S4 of a tetrahedron, as Abaqus and CalculiX number them.
FACES = np.array([[0, 1, 2], [0, 3, 1], [1, 3, 2], [2, 3, 0]])

#: The six nodes of a triangle in its own coordinates.
_TRIANGLE = np.array([[0.0, 1.0, 0.0, 0.5, 0.5, 0.0], [0.0, 0.0, 1.0, 0.0, 0.5, 0.5]])

#: Cosine of the angle to the mean normal beyond which facets meet at a sharp edge, as those of a thread do.
_SHARP = 0.97

#: Ratio of singular values below which a sharp edge's normals say nothing, as along the edge.
_SAME = 0.05

#: Share of the interface's resistance below which a motion of the stem needs a pin.
_UNRESISTED = 1e-5


def faces_of(part: Part, facets: IntArray) -> tuple[IntArray, IntArray]:
    """Find the element and the face number of boundary facets.

    Parameters
    ----------
    part
        The body.
    facets : ndarray, shape (k, 6)

    Returns
    -------
    elements : ndarray, shape (k,)
        Rows of ``part.tets``.
    faces : ndarray, shape (k,)
        0 to 3 for S1 to S4.
    """
    if not len(facets):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    candidates = np.sort(part.tets[:, FACES].reshape(-1, 3), axis=1)
    size = len(part.points)
    weights = np.array([size * size, size, 1])
    keys = candidates @ weights
    order = np.argsort(keys)
    wanted = np.sort(facets[:, :3], axis=1) @ weights
    found = order[np.searchsorted(keys, wanted, sorter=order)]
    assert np.array_equal(keys[found], wanted)
    return found // 4, found % 4


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A zone at one of its nodes: mean normal, normals of facets, shape (k, 3), and distance, mm."""

    normal: FloatArray
    facets: FloatArray
    distance: float


def facet_normals(points: FloatArray, facets: IntArray) -> FloatArray:
    """Return the normals of curved facets at their own nodes, as long as the facet is large there.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)

    Returns
    -------
    ndarray, shape (k, 6, 3), mm^2
    """
    _, slopes = shapes_at(_TRIANGLE)
    tangents = np.einsum("qar,kad->kqrd", slopes, points[facets])
    return np.asarray(np.cross(tangents[:, :, 0], tangents[:, :, 1]))


def node_normals(points: FloatArray, facets: IntArray) -> tuple[IntArray, FloatArray]:
    """Average the facets' normals at their nodes.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)

    Returns
    -------
    nodes : ndarray, shape (j,)
    normals : ndarray, shape (j, 3)
    """
    nodes, place = np.unique(facets, return_inverse=True)
    summed = np.zeros((len(nodes), 3))
    np.add.at(summed, place.ravel(), facet_normals(points, facets).reshape(-1, 3))
    return nodes, summed / np.linalg.norm(summed, axis=1)[:, None]


def seat_by_nodes(mesh: Mesh, gap: GapFunction) -> FloatArray:
    """Return how the stem's nodes are moved to state the fit.

    Only nodes that coincide with a node of the bone are moved; the others keep the distance
    that was meshed. A node on the limit between two zones of the flank gets the mean of both;
    one on a sharp edge, as of a thread or of a spline, and one on the flank and the collar or a
    lag screw gets the shortest move that states the fit of all faces that meet there.

    Parameters
    ----------
    mesh
        The mesh.
    gap
        Initial gap minus interference, mm, of points, normals and zones.

    Returns
    -------
    ndarray, shape (n, 3), mm
    """
    stem = mesh.stem
    bone_facets, _ = contact_facets(mesh.bone, ("canal", "cut"))
    tree = cKDTree(mesh.bone.points[np.unique(bone_facets)])
    flank = [zone for zone in mesh.zones if zone not in OFF_FLANK]
    others = [[zone] for zone in (COLLAR, LAG_SCREW) if zone in mesh.zones]
    groups = [_moves(mesh, gap, tree, zones) for zones in (flank, *others)]
    move = np.zeros_like(stem.points)
    for node in set().union(*groups):
        rows = [row for found in groups for row in found.get(node, ())]
        normals, distances = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
        move[node] = np.linalg.lstsq(normals, distances, rcond=_SAME)[0]
    return move


def _moves(
    mesh: Mesh, gap: GapFunction, tree: cKDTree, zones: Iterable[str]
) -> dict[int, list[tuple[FloatArray, float]]]:
    """Return normals and distances by node: their mean, or those of every facet at a sharp edge."""
    listed: dict[int, list[_Sheet]] = {}
    edged: set[int] = set()
    for zone in zones:
        facets = mesh.stem.facets[zone]
        if not len(facets):
            continue
        nodes, normals = node_normals(mesh.stem.points, facets)
        points = mesh.stem.points[nodes]
        distance = -gap(points, normals, np.full(len(nodes), mesh.zones.index(zone)))
        moved = (tree.query(points)[0] < COINCIDENT) & np.isfinite(distance)
        place = np.searchsorted(nodes, facets.ravel())
        order = np.argsort(place, kind="stable")
        own = facet_normals(mesh.stem.points, facets).reshape(-1, 3)[order]
        each = np.split(own, np.flatnonzero(np.diff(place[order])) + 1)
        for k in np.flatnonzero(moved):
            listed.setdefault(int(nodes[k]), []).append(_Sheet(normals[k], each[k], float(distance[k])))
        if zone in (THREAD, SPLINES):
            edged |= set(nodes.tolist())
    return {node: _rows(sheets, node in edged) for node, sheets in listed.items()}


def _rows(sheets: list[_Sheet], edged: bool) -> list[tuple[FloatArray, float]]:
    """Return the mean of what meets smoothly at a node, and every facet of what meets at an edge."""
    mean = np.sum([sheet.normal for sheet in sheets], axis=0)
    mean = mean / np.linalg.norm(mean)
    if edged:
        each = [(row / np.linalg.norm(row), sheet.distance) for sheet in sheets for row in sheet.facets]
        if min(float(normal @ mean) for normal, _ in each) < _SHARP:
            return each
    return [(mean, float(np.mean([sheet.distance for sheet in sheets])))]


def stem_pins(stem: Body, operators: Operators, resists_sliding: bool) -> IntArray:
    """Choose unknowns of the stem that stop what neither supports nor the interface hold.

    Parameters
    ----------
    stem
        The stem.
    operators
        The interface.
    resists_sliding
        Whether it has friction anywhere.

    Returns
    -------
    ndarray of int
        None for a stem that the interface holds; two for a round one without friction.
    """
    if not stem.motions.shape[1]:
        return np.zeros(0, dtype=np.int64)
    jumps = operators.stem @ (stem.rigid @ stem.motions)
    weight = np.repeat(operators.area, 3)
    if not resists_sliding:
        weight[np.arange(len(weight)) % 3 > 0] = 0.0
    loose = null_space(jumps.T @ (weight[:, None] * jumps) / operators.area.sum(), _UNRESISTED)
    corners = np.unique(stem.part.tets[:, :4])
    candidates = np.setdiff1d((3 * corners[:, None] + np.arange(3)).ravel(), stem.fixed)
    return statically_determinate_pins(stem.rigid, stem.motions @ loose, candidates)
