"""Layers behind a surface, of a coating or a thread: wedges, each cut into three tetrahedra.

A tetrahedron as small in every direction as half a coating is thick would make hundreds of
thousands of elements. Instead every facet of the flank is copied inwards, along the radius, in
equal steps; between two copies stand wedges whose size along the surface is the interface's.
A wedge whose vertices are a < b < c by number is cut at the diagonals that start at the lower
number outside and end at the higher one inside, which neighbours see the same way. Middles of
edges are moved as the surface is, so that every copy is as curved as the flank.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.sizes import MeshSizes
from geometry.stem import Stem

#: Least number of elements through the thickness of a layer.
LEAST_COUNT = 2


class Stack(Protocol):
    """How copies of a surface lie one under the other."""

    @property
    def start(self) -> float:
        """Level of the lower end, mm."""

    @property
    def end(self) -> float:
        """Level of the upper end, mm."""

    @property
    def count(self) -> int:
        """Elements through the thickness."""

    def inside(self, points: FloatArray, share: float) -> FloatArray:
        """Move points of the surface, shape (n, 3), by a share of the way to the last copy."""


@dataclass(frozen=True)
class Sheath:
    """What lies between a surface and a cylinder about the axis, on either side of it.

    Attributes
    ----------
    start, end : float, mm
        Levels.
    radius : float, mm
        Of the cylinder.
    count
        Elements through the thickness.
    """

    start: float
    end: float
    radius: float
    count: int

    def inside(self, points: FloatArray, share: float) -> FloatArray:
        """Move points towards the cylinder, along the radius.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        share
            0 on the surface, 1 on the cylinder.

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        across = np.hypot(points[:, 0], points[:, 1])[:, None]
        moved = points.copy()
        moved[:, :2] *= 1.0 + share * (self.radius - across) / across
        return moved


@dataclass(frozen=True)
class Layer:
    """A coating that is meshed.

    Attributes
    ----------
    name
        Its zone.
    start, end : float, mm
        Levels.
    depth : float, mm
        Along the radius.
    count
        Elements through the thickness.
    """

    name: str
    start: float
    end: float
    depth: float
    count: int

    def inside(self, points: FloatArray, share: float) -> FloatArray:
        """Move points of the flank inwards by a share of the depth.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        share
            0 on the flank, 1 on the core.

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        across = np.hypot(points[:, 0], points[:, 1])[:, None]
        moved = points.copy()
        moved[:, :2] *= 1.0 - share * self.depth / across
        return moved


@dataclass(frozen=True, eq=False)
class Grown:
    """A layer's elements, and what they leave for the core.

    Attributes
    ----------
    vertices : ndarray, shape (k, 3), mm
        New ones, numbered from the number that `grow` was given.
    tets : ndarray, shape (m, 4)
    edges : ndarray, shape (e, 2)
    middles : ndarray, shape (e, 3), mm
        Middles of the edges that are curved.
    inner : ndarray, shape (f, 3)
        Facets between layer and core.
    walls : mapping of float to ndarray, shape (w, 3)
        Facets of the layer's two ends by their level.
    """

    vertices: FloatArray
    tets: IntArray
    edges: IntArray
    middles: FloatArray
    inner: IntArray
    walls: dict[float, IntArray]


def layers_of(stem: Stem, sizes: MeshSizes) -> tuple[Layer, ...]:
    """List the layers that a stem asks for.

    Parameters
    ----------
    stem : Stem
    sizes : MeshSizes

    Returns
    -------
    tuple of Layer
    """
    return tuple(
        Layer(
            zone.name,
            zone.start,
            zone.end,
            zone.thickness * math.hypot(1.0, stem.profile.slope),
            max(LEAST_COUNT, zone.elements or 0, math.ceil(zone.thickness / sizes.interface)),
        )
        for zone in stem.coatings
        if zone.thickness is not None
    )


def grow(layer: Stack, points: FloatArray, flank: IntArray, first: int) -> Grown:
    """Fill a layer with elements.

    Parameters
    ----------
    layer : Stack
    points : ndarray, shape (n, 3), mm
    flank : ndarray, shape (f, 6)
        Facets of the zone, rows of `points`.
    first
        Number of the first new vertex.

    Returns
    -------
    Grown
    """
    outer = np.unique(flank[:, :3])
    copies = [layer.inside(points[outer], step / layer.count) for step in range(1, layer.count + 1)]
    columns = np.zeros((layer.count + 1, int(outer.max()) + 1), dtype=np.int64)
    columns[0, outer] = outer
    for step in range(layer.count):
        columns[step + 1, outer] = first + step * len(outer) + np.arange(len(outer))
    corners = np.sort(flank[:, :3], axis=1)
    tets = [_wedges(columns[step][corners], columns[step + 1][corners]) for step in range(layer.count)]
    edges, middles = _edges_of(flank)
    curved, places = [], []
    for step in range(layer.count + 1):
        curved.append(columns[step][edges])
        places.append(layer.inside(points[middles], step / layer.count))
    for step in range(layer.count):
        curved.append(np.column_stack([columns[step][edges[:, 0]], columns[step + 1][edges[:, 1]]]))
        places.append(layer.inside(points[middles], (step + 0.5) / layer.count))
    rims = {level: _rim(points, flank, level) for level in (layer.start, layer.end)}
    return Grown(
        vertices=np.concatenate(copies),
        tets=np.concatenate(tets),
        edges=np.concatenate(curved),
        middles=np.concatenate(places),
        inner=columns[layer.count][flank[:, :3]],
        walls={level: _wall(columns, rim) for level, rim in rims.items()},
    )


def _wedges(outer: IntArray, inner: IntArray) -> IntArray:
    """Cut wedges, whose vertices stand in rising order, into three tetrahedra each, shape (3 f, 4)."""
    a, b, c = outer.T
    u, v, w = inner.T
    pieces = [np.column_stack(nodes) for nodes in ((a, b, c, w), (a, b, v, w), (a, u, v, w))]
    return np.stack(pieces, axis=1).reshape(-1, 4)


def _edges_of(facets: IntArray) -> tuple[IntArray, IntArray]:
    """Edges of 6-node facets, lower vertex first, and the nodes in their middles."""
    pairs = np.sort(np.concatenate([facets[:, [0, 1]], facets[:, [1, 2]], facets[:, [2, 0]]]), axis=1)
    edges, row = np.unique(pairs, axis=0, return_index=True)
    return edges, facets[:, 3:].T.ravel()[row]


def _rim(points: FloatArray, flank: IntArray, level: float) -> IntArray:
    """Edges of the flank at one end, lower vertex first."""
    edges, _ = _edges_of(flank)
    at_level: NDArray[np.bool_] = np.abs(points[edges, 2] - level).max(axis=1) < 1e-6
    return edges[at_level]


def _wall(columns: IntArray, rim: IntArray) -> IntArray:
    """Cut the faces of a layer's end into triangles as the wedges beside them are."""
    triangles = [np.zeros((0, 3), dtype=np.int64)]
    for step in range(len(columns) - 1):
        a, b = columns[step][rim].T
        u, v = columns[step + 1][rim].T
        triangles += [np.column_stack([a, b, v]), np.column_stack([a, v, u])]
    return np.concatenate(triangles)
