"""Curved elements made sound by moving the middles of their inner edges, the same way each time.

Where two curved faces of a body meet at an edge, a tetrahedron that has a face on either may be too
thin for both faces' bulges. Its one inner edge then has to bulge with them: its middle is moved, step
by step along fixed directions, to where the worst of the elements round that edge is best. Nodes on the
surface and all vertices stay.
"""

from __future__ import annotations

import numpy as np

from fea.mesh.naming import boundary_facets
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.quality import scaled_jacobians

#: Along axes, and along the diagonals of a cube.
_DIRECTIONS = np.array(
    [
        (x / length, y / length, z / length)
        for x in (-1, 0, 1)
        for y in (-1, 0, 1)
        for z in (-1, 0, 1)
        if (length := (x * x + y * y + z * z) ** 0.5) in (1.0, 3**0.5)
    ]
)
#: First and last step over the length of the edge.
_FIRST, _LAST = 0.12, 0.01
_PASSES = 4


def relaxed(points: FloatArray, tets: IntArray, goal: float) -> FloatArray:
    """Move middles of inner edges until no element, or none that can be mended, is below a quality.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    goal
        Scaled Jacobian below which an element is worked on.

    Returns
    -------
    ndarray, shape (n, 3), mm
    """
    points = points.copy()
    inner = np.ones(len(points), dtype=bool)
    inner[np.unique(boundary_facets(tets))] = False
    middles = tets[:, 4:].ravel()
    order = np.argsort(middles, kind="stable")
    sorted_middles = middles[order]
    for _ in range(_PASSES):
        quality = scaled_jacobians(points[tets])
        bad = np.flatnonzero(quality < goal)
        before = quality[bad].sum()
        for element in bad[np.argsort(quality[bad], kind="stable")].tolist():
            for node in tets[element, 4:].tolist():
                if inner[node]:
                    low, high = np.searchsorted(sorted_middles, [node, node + 1])
                    _move(points, tets[order[low:high] // 6], node)
        if not len(bad) or scaled_jacobians(points[tets[bad]]).sum() - before < 1e-3:
            break
    return points


def _move(points: FloatArray, ring: IntArray, node: int) -> None:
    """Move one node to where the worst of the elements round it is best."""
    place = ring == node
    nodes = points[ring]
    corners = nodes[0, :4]
    length = float(np.linalg.norm(corners[:, None] - corners[None], axis=2).max())
    step, best = _FIRST * length, float(scaled_jacobians(nodes).min())
    while step > _LAST * length:
        tried = np.repeat(nodes[None], len(_DIRECTIONS), axis=0)
        tried[:, place] += step * _DIRECTIONS[:, None]
        worst = scaled_jacobians(tried.reshape(-1, 10, 3)).reshape(len(_DIRECTIONS), -1).min(axis=1)
        row = int(np.argmax(worst))
        if worst[row] > best + 1e-6:
            best, nodes = float(worst[row]), tried[row]
        else:
            step /= 2
    points[node] = nodes[place][0]
