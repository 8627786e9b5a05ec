"""A body of several materials taken apart where they meet: nodes of its own for each.

Stress jumps where a stiff material is bonded to a soft one, and a field with one value a node
cannot say so. Fields of strain and stress therefore live on the body taken apart, in which
the nodes between a region and the rest stand twice, at one place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fea.mesh.naming import FACES
from fea.mesh.parts import IntArray, Part


@dataclass(frozen=True, eq=False)
class Apart:
    """A body taken apart.

    Attributes
    ----------
    part : Part
        Its nodes are those of the whole body, then the copies that its regions have.
    source : ndarray, shape (n,)
        Node of the whole body for each node.
    region : ndarray, shape (n,)
        Which material a node is of: 0 the body's own, then the regions in their order.
    """

    part: Part
    source: IntArray
    region: IntArray


def take_apart(part: Part) -> Apart:
    """Give the regions of a body nodes of their own.

    Parameters
    ----------
    part : Part

    Returns
    -------
    Apart
        The part itself where it has no region.
    """
    own = np.arange(len(part.points))
    if not part.regions:
        return Apart(part, own, np.zeros(len(own), dtype=np.int64))
    code = element_regions(part)
    tets, source, region = part.tets.copy(), [own], np.full(len(own), -1)
    extra: list[IntArray] = []
    count = len(own)
    for number in range(len(part.regions) + 1):
        rows = np.flatnonzero(code == number)
        nodes = np.unique(part.tets[rows])
        shared = nodes[region[nodes] >= 0]
        region[nodes[region[nodes] < 0]] = number
        renumbered = own.copy()
        renumbered[shared] = count + np.arange(len(shared))
        tets[rows] = renumbered[part.tets[rows]]
        source.append(shared)
        extra.append(np.full(len(shared), number))
        count += len(shared)
    nodes = np.concatenate(source)
    facets = {name: _moved(part, tets, rows) for name, rows in part.facets.items()}
    apart = replace(part, points=part.points[nodes], tets=tets, facets=facets)
    return Apart(apart, nodes, np.concatenate([region, *extra]))


def element_regions(part: Part) -> IntArray:
    """Return which material each element is of, shape (m,): 0 the body's own, then the regions in order."""
    code = np.zeros(len(part.tets), dtype=np.int64)
    for number, rows in enumerate(part.regions.values(), start=1):
        code[rows] = number
    return code


def _moved(part: Part, tets: IntArray, facets: IntArray) -> IntArray:
    """Return boundary facets with the nodes of the elements that they belong to."""
    if not len(facets):
        return facets
    many = len(part.points)
    weights = np.array([many * many, many, 1])
    faces = np.sort(part.tets[:, FACES[:, :3]].reshape(-1, 3), axis=1) @ weights
    order = np.argsort(faces, kind="stable")
    wanted = np.sort(facets[:, :3], axis=1) @ weights
    owner = order[np.searchsorted(faces[order], wanted)] // len(FACES)
    before, after = part.tets[owner], tets[owner]
    places = np.argmax(before[:, None, :] == facets[:, :, None], axis=2)
    return np.asarray(np.take_along_axis(after, places, axis=1))
