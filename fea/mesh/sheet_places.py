"""Nodes of a surface that was meshed anew, brought onto the curved surface, and onto the wall where bone is.

Where the surface lies in bone, or within a band of the wall, the meshed stem has the wall: bodies touch and
never overlap, and what the shapes overlap or clear by is data of the fit. Beyond the band the stem fades
back to its own surface within as much again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from fea.cad.step import outward
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.sheet_pieces import NONE, Pieces
from fea.mesh.sheet_remesh import Line, Remeshed
from geometry.canal import Canal
from geometry.sheet import Sheet

#: A gap up to which stem and bone share the wall, mm, and beyond which the stem has its own surface.
BAND, FADED = 0.1, 0.2
_TURNS, _STEPS = 12, 4
#: Of central differences, mm.
_STEP = 1e-5
#: Samples of a sharp edge, how many are tried, and Newton's steps to the nearest point from each.
_SAMPLES, _NEAR, _NEWTON = 9, 8, 8
_ENDS = 1e-9


@dataclass(frozen=True, eq=False)
class Targets:
    """What nodes are brought onto.

    Attributes
    ----------
    sheet : Sheet
    levels : list of float, mm
    canal : Canal
    """

    sheet: Sheet
    levels: list[float]
    canal: Canal

    @cached_property
    def _sharp(self) -> tuple[cKDTree, FloatArray]:
        nodes = self.sheet.sharp
        at = np.linspace(0.0, 1.0, _SAMPLES)
        places = np.einsum("sa,ead->esd", _line_shapes(at), nodes)
        return cKDTree(places.reshape(-1, 3)), nodes

    def nearest(self, points: FloatArray, sharp: bool, patch: int) -> FloatArray:
        """Return the nearest places on the sharp edges, or on a smooth patch.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        sharp : bool
        patch : int

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        if not sharp:
            return self.sheet.surfaces[patch].closest(points)[0]
        tree, edges = self._sharp
        # Several, because edges that meet in a corner share its sample.
        sample = tree.query(points, k=min(_NEAR, tree.n))[1].reshape(len(points), -1)
        nodes = edges[sample // _SAMPLES]
        at = (sample % _SAMPLES) / (_SAMPLES - 1)
        for _ in range(_NEWTON):
            off = np.einsum("nka,nkad->nkd", _line_shapes(at), nodes) - points[:, None]
            along = np.einsum("nka,nkad->nkd", _line_slopes(at), nodes)
            square = np.einsum("nkd,nkd->nk", along, along)
            at = np.clip(at - np.einsum("nkd,nkd->nk", off, along) / np.maximum(square, 1e-300), 0.0, 1.0)
        places = np.einsum("nka,nkad->nkd", _line_shapes(at), nodes)
        best = np.linalg.norm(places - points[:, None], axis=2).argmin(axis=1)
        return np.asarray(places[np.arange(len(points)), best])

    def on_surface(self, points: FloatArray, sharp: bool, patch: int, level: int) -> FloatArray:
        """Bring points onto the surface, those of a level on where the surface crosses it."""
        if level == NONE:
            return self.nearest(points, sharp, patch)
        points = points.copy()
        for _ in range(_TURNS):
            points[:, 2] = self.levels[level]
            points = self.nearest(points, sharp, patch)
        points[:, 2] = self.levels[level]
        return points

    def on_wall(self, points: FloatArray, across: bool) -> FloatArray:
        """Bring points that lie in bone or near the wall onto it.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        across
            Whether they move across the axis alone.
        """
        canal = self.canal
        level = points[:, 2]
        rows = np.flatnonzero((level > -_ENDS) & (level < canal.bone.length + _ENDS))
        depth = canal.outside(points[rows])
        rows, depth = rows[depth > -FADED], depth[depth > -FADED]
        share = np.clip((FADED + depth) / (FADED - BAND), 0.0, 1.0)
        # From the whole way within the band to none where it has faded, without a kink at either end.
        share = share**2 * (3 - 2 * share)
        found, goal = points.copy(), depth * (1 - share)
        for _ in range(_STEPS):
            at = found[rows]
            slope = np.stack(
                [
                    (canal.outside(at + _STEP * e) - canal.outside(at - _STEP * e)) / (2 * _STEP)
                    for e in np.eye(3)
                ],
                axis=1,
            )
            if across:
                slope[:, 2] = 0.0
            square = np.maximum(np.einsum("nd,nd->n", slope, slope), 1e-6)
            found[rows] -= ((canal.outside(at) - goal) / square)[:, None] * slope
        return found


def placed(
    made: Remeshed, pieces: Pieces, lines: tuple[Line, ...], targets: Targets
) -> tuple[FloatArray, IntArray]:
    """Bring nodes and the middles between them where they belong.

    Parameters
    ----------
    made : Remeshed
    pieces : Pieces
    lines : tuple of Line
    targets : Targets

    Returns
    -------
    points : ndarray, shape (n, 3), mm
        Vertices first.
    facets : ndarray, shape (m, 6)
        Pointing outwards.
    """
    pairs = made.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    edges, inverse = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    inverse = inverse.ravel()
    weights = np.array([len(made.points), 1])
    code = edges @ weights
    on_edge = np.full((len(edges), 3), [0, 0, NONE])
    on_edge[inverse, 1] = np.repeat(made.patch, 3)
    on_node = np.full((len(made.points), 3), [0, 0, NONE])
    on_node[made.triangles.ravel(), 1] = np.repeat(made.patch, 3)
    kinds = np.array([(line.sharp, line.patch, line.level) for line in lines]).reshape(-1, 3)
    on_edge[np.searchsorted(code, np.sort(made.edges, axis=1) @ weights)] = kinds[made.line]
    for number in np.unique(made.line):
        on_node[made.edges[made.line == number].ravel()] = kinds[number]
    fixed = _line_ends(made, lines, on_node, pieces.given)
    vertices = _each(made.points, on_node, targets)
    vertices[fixed] = made.points[fixed]
    middles = _each(vertices[edges].mean(axis=1), on_edge, targets)
    nodes = np.concatenate([vertices, middles])
    levels = np.concatenate([on_node, on_edge])[:, 2]
    walled = nodes.copy()
    for across in (True, False):
        rows = (levels != NONE) == across
        walled[rows] = targets.on_wall(nodes[rows], across)
    facets = np.hstack([made.triangles, len(vertices) + inverse.reshape(-1, 3)])
    return walled, outward(walled, facets)


def _line_ends(made: Remeshed, lines: tuple[Line, ...], on_node: IntArray, given: int) -> IntArray:
    """Say on what the ends of lines lie, and return those that are the file's own vertices."""
    row = {int(vertex): index for index, vertex in enumerate(made.vertex.tolist()) if vertex != NONE}
    kinds: dict[int, list[tuple[bool, int, int]]] = {}
    for line in lines:
        for end in (int(line.vertices[0]), int(line.vertices[-1])):
            kinds.setdefault(row[end], []).append((line.sharp, line.patch, line.level))
    for node, around in kinds.items():
        sharp = [kind for kind in around if kind[0]]
        level = max(kind[2] for kind in around)
        on_node[node] = (bool(sharp), (sharp or around)[0][1], level)
    own = [row[end] for end in row if end < given and on_node[row[end], 2] == NONE]
    return np.array(sorted(own), dtype=np.int64)


def _each(points: FloatArray, kinds: IntArray, targets: Targets) -> FloatArray:
    found = points.copy()
    unique, inverse = np.unique(kinds, axis=0, return_inverse=True)
    for number, (sharp, patch, level) in enumerate(unique.tolist()):
        rows = np.flatnonzero(inverse.ravel() == number)
        found[rows] = targets.on_surface(points[rows], bool(sharp), patch, level)
    return found


def _line_shapes(at: FloatArray) -> FloatArray:
    """Shapes of an edge with ends and middle, shape (..., 3)."""
    return np.stack([(1 - at) * (1 - 2 * at), at * (2 * at - 1), 4 * at * (1 - at)], axis=-1)


def _line_slopes(at: FloatArray) -> FloatArray:
    return np.stack([4 * at - 3, 4 * at - 1, 4 - 8 * at], axis=-1)
