"""Tetrahedra with two faces on a smooth surface, split so that none has more than one.

At both ends of the edge that the two faces share, all three edges of such an element lie in one tangent
plane: its Jacobian vanishes there however its middles are moved. Its opposite edge, which runs through
the body, is split by a vertex that is moved away from the surface, and with it every element round it.
"""

from __future__ import annotations

import numpy as np

from fea.mesh.naming import FACES, boundary_facets
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.quality import EDGES, gamma, scaled_jacobians

#: Where the new vertex is tried: over the length of the split edge, from its middle into the body.
_WAYS = np.linspace(0.0, 0.6, 13)
_PASSES = 4
#: Ratio of radii, times this, that counts as much as a scaled Jacobian.
_FLAT = 4.0


def split_doubly_bound(points: FloatArray, tets: IntArray, goal: float) -> tuple[FloatArray, IntArray]:
    """Split elements with two faces on the surface whose quality is below a goal.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    goal
        Scaled Jacobian below which an element is split; one whose corners are all but flat is, too.

    Returns
    -------
    points, tets : ndarray
        With new vertices, middles and elements last; the surface is as it was.
    """
    for _ in range(_PASSES):
        quality = _worth(points[tets])
        faces = _faces_on_surface(tets)
        bad = np.flatnonzero((quality < goal) & (faces.sum(axis=1) == 2))
        taken: set[int] = set()
        added, made = [points], []
        for row in bad[np.argsort(quality[bad], kind="stable")].tolist():
            opened = _opened_edge(points, tets[row], np.flatnonzero(faces[row]))
            ring = np.flatnonzero(np.isin(tets[:, :4], opened[0]).sum(axis=1) == 2)
            if taken.isdisjoint(ring.tolist()):
                found = _split(points, tets[ring], opened, sum(map(len, added)))
                if found is not None:
                    added.append(found[0])
                    made.append(found[1])
                    taken.update(ring.tolist())
        if not taken:
            break
        points = np.concatenate(added)
        tets = np.concatenate([np.delete(tets, sorted(taken), axis=0), *made])
    used, numbered = np.unique(tets, return_inverse=True)
    return points[used], numbered.reshape(tets.shape)


def _worth(nodes: FloatArray) -> FloatArray:
    """Return the scaled Jacobian of elements, shape (m, 10, 3), or less where corners are all but flat."""
    rows = np.arange(10 * len(nodes)).reshape(-1, 10)
    return np.minimum(scaled_jacobians(nodes), _FLAT * gamma(nodes.reshape(-1, 3), rows))


def _faces_on_surface(tets: IntArray) -> IntArray:
    """Tell which faces of each element lie on the surface, as numbers 0 or 1, shape (m, 4)."""
    weights = (int(tets.max()) + 1) ** np.array([2, 1, 0])
    surface = np.sort(boundary_facets(tets)[:, :3], axis=1) @ weights
    faces = np.sort(tets[:, FACES[:, :3]], axis=2) @ weights
    return np.isin(faces, surface).astype(np.int64)


def _opened_edge(points: FloatArray, tet: IntArray, faces: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the ends of the edge opposite the two faces' common one, and the direction into the body."""
    first, second = FACES[faces, :3]
    ends = tet[np.setxor1d(first, second)]
    outward = np.zeros(3)
    for face in (first, second):
        a, b, c = points[tet[face]]
        outward += np.cross(b - a, c - a)
    return ends, -outward / np.linalg.norm(outward)


def _split(
    points: FloatArray, ring: IntArray, opened: tuple[IntArray, FloatArray], first: int
) -> tuple[FloatArray, IntArray] | None:
    """Split all elements round an edge; their new nodes and themselves, None where that is no better."""
    ends, inward = opened
    others = np.unique(ring[:, :4])
    elements = []
    for end in ends.tolist():
        for tet in ring:
            new, corner = tet.copy(), int(np.flatnonzero(tet[:4] == end)[0])
            new[corner] = first
            for slot, edge in enumerate(EDGES):
                if corner in edge:
                    other = tet[edge[0] + edge[1] - corner]
                    new[4 + slot] = first + 1 + int(np.searchsorted(others, other))
            elements.append(new)
    split = np.array(elements)
    a, b = points[ends]
    vertices = (a + b) / 2 + np.linalg.norm(b - a) * _WAYS[:, None] * inward
    best, chosen = float(_worth(points[ring]).min()) + 1e-3, None
    for vertex in vertices:
        places = np.concatenate([vertex[None], (vertex + points[others]) / 2])
        nodes = np.where(
            (split >= first)[:, :, None],
            places[np.clip(split - first, 0, len(places) - 1)],
            points[np.minimum(split, len(points) - 1)],
        )
        worst = float(_worth(nodes).min())
        if worst > best:
            best, chosen = worst, places
    return None if chosen is None else (chosen, split)
