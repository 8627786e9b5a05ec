"""Structured bodies without a mesher: bricks and hollow cylinders cut into 10-node tetrahedra.

Every cell of a grid is cut into the six tetrahedra of Kuhn, the same way everywhere, so that
two bricks on one grid have matching facets. `mapped` bends a grid; middles of edges are
mapped too, so that the elements are curved where the map is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from fea.mesh.naming import boundary_facets
from fea.mesh.parts import Mesh, Part, Quality

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Rules = dict[str, Callable[[FloatArray], NDArray[np.bool_]]]

EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))


def grid_tets(counts: Sequence[int], *, ring: bool = False) -> tuple[FloatArray, IntArray]:
    """Vertices in the unit cube and the tetrahedra of a grid; a ring closes on its second axis."""
    nx, ny, nz = counts
    axes = [np.linspace(0.0, 1.0, n + 1) for n in counts]
    vertices = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    number = np.arange(len(vertices)).reshape(nx + 1, ny + 1, nz + 1)
    if ring:
        number[:, -1] = number[:, 0]
    cells = np.stack(np.meshgrid(*(np.arange(n) for n in counts), indexing="ij"), axis=-1).reshape(-1, 3)
    tets = []
    for order in permutations(range(3)):
        path = [cells]
        for axis in order:
            path.append(path[-1] + np.eye(3, dtype=int)[axis])
        tet = np.stack([number[tuple(place.T)] for place in path], axis=1)
        parity = np.linalg.det(np.eye(3)[list(order)])
        tets.append(tet if parity > 0 else tet[:, [1, 0, 2, 3]])
    return vertices, np.concatenate(tets)


def quadratic(
    vertices: FloatArray, tets: IntArray, mapped: Callable[[FloatArray], FloatArray], *, ring: bool = False
) -> tuple[FloatArray, IntArray]:
    """Add the middles of the edges, map all points."""
    pairs = np.sort(np.concatenate([tets[:, list(edge)] for edge in EDGES]), axis=1)
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    ends = vertices[unique].copy()
    if ring:  # an edge across the seam goes the short way round
        far = np.abs(ends[:, 0, 1] - ends[:, 1, 1]) > 0.5
        ends[far, :, 1] = np.where(ends[far, :, 1] < 0.5, ends[far, :, 1] + 1.0, ends[far, :, 1])
    points = mapped(np.vstack([vertices, ends.mean(axis=1)]))
    middles = len(vertices) + inverse.ravel().reshape(len(EDGES), -1).T
    tets = np.hstack([tets, middles])
    used, compact = np.unique(tets, return_inverse=True)
    return points[used], compact.reshape(-1, 10)


def named(name: str, points: FloatArray, tets: IntArray, rules: Rules) -> Part:
    """A part whose facets bear the first name whose rule holds at their six nodes."""
    skin = boundary_facets(tets)
    left = np.ones(len(skin), dtype=bool)
    facets = {}
    for key, rule in rules.items():
        hit = rule(points)[skin].all(axis=1) & left
        facets[key] = skin[hit]
        left &= ~hit
    facets["rest"] = skin[left]
    return Part(name, points, tets, facets)


def brick(
    name: str,
    low: Sequence[float],
    high: Sequence[float],
    counts: Sequence[int],
    rules: Rules,
    bent: Callable[[FloatArray], FloatArray] = lambda points: points,
) -> Part:
    """A brick between two corners, bent by a map of its points."""
    low_, size = np.array(low), np.subtract(high, low)
    points, tets = quadratic(*grid_tets(counts), lambda unit: bent(low_ + size * unit))
    return named(name, points, tets, rules)


def graded(name: str, ticks: Sequence[FloatArray], rules: Rules) -> Part:
    """A brick whose grid has the given coordinates along x, y and z."""
    counts = [len(along) - 1 for along in ticks]

    def place(steps: FloatArray) -> FloatArray:
        return np.column_stack(
            [np.interp(steps[:, k], np.arange(n + 1), ticks[k]) for k, n in enumerate(counts)]
        )

    return brick(name, (0, 0, 0), counts, counts, rules, bent=place)


def growing(first: float, factor: float, end: float) -> FloatArray:
    """Coordinates from 0 to `end` in steps that grow by about a factor, the last one at `end`."""
    ticks = [0.0]
    step = first
    while ticks[-1] < end:
        ticks.append(ticks[-1] + step)
        step *= factor
    return np.array(ticks) * end / ticks[-1]


def at(axis: int, value: float) -> Callable[[FloatArray], NDArray[np.bool_]]:
    """The plane where a coordinate has a value."""
    return lambda points: np.abs(points[:, axis] - value) < 1e-9


def on_radius(value: float) -> Callable[[FloatArray], NDArray[np.bool_]]:
    """The cylinder round z."""
    return lambda points: np.abs(np.hypot(points[:, 0], points[:, 1]) - value) < 1e-9


def tube(
    name: str,
    radii: tuple[float, float],
    levels: tuple[float, float],
    counts: Sequence[int],
    rules: Rules,
    bent: Callable[[FloatArray], FloatArray] = lambda points: points,
) -> Part:
    """A hollow cylinder round z, bent by a map of its points: counts along radius, angle and axis."""

    def bend(unit: FloatArray) -> FloatArray:
        radius = radii[0] + (radii[1] - radii[0]) * unit[:, 0]
        angle = 2 * np.pi * unit[:, 1]
        level = levels[0] + (levels[1] - levels[0]) * unit[:, 2]
        return bent(np.column_stack([radius * np.cos(angle), radius * np.sin(angle), level]))

    vertices, tets = grid_tets(counts, ring=True)
    points, tets = quadratic(vertices, tets, bend, ring=True)
    corners = points[tets[:, :4]]
    assert np.linalg.det(corners[:, 1:] - corners[:, :1]).min() > 0
    return named(name, points, tets, rules)


def tube_in_tube(
    length: float = 20.0,
    sectors: int = 8,
    layers: int = 3,
    radii: tuple[float, float, float] = (3.0, 7.0, 14.0),
) -> Mesh:
    """A hollow stem in a hollow bone, flush, on matching facets."""
    inner, middle, outer = radii
    stem = tube(
        "stem", (inner, middle), (0.0, length), (1, sectors, layers),
        {"distal_end": at(2, 0.0), "proximal_end": at(2, length), "uncoated": on_radius(middle)},
    )  # fmt: skip
    bone = tube(
        "bone", (middle, outer), (0.0, length), (2, sectors, layers),
        {"cut": at(2, 0.0), "proximal": at(2, length), "canal": on_radius(middle)},
    )  # fmt: skip
    return Mesh(stem, bone, Quality(0.5, 0.5, 0, (0.0, 0.0, 0.0)), "structured", ("uncoated",))


def isotropic(modulus: float, poisson: float) -> FloatArray:
    """Stiffness in Voigt order XX YY ZZ XY YZ XZ, by Lamé's constants."""
    shear = modulus / (2 * (1 + poisson))
    lame = modulus * poisson / ((1 + poisson) * (1 - 2 * poisson))
    stiffness = np.zeros((6, 6))
    stiffness[:3, :3] = lame
    stiffness[np.arange(3), np.arange(3)] += 2 * shear
    stiffness[np.arange(3, 6), np.arange(3, 6)] = shear
    return stiffness


def everywhere(part: Part, stiffness: FloatArray) -> FloatArray:
    """The same stiffness in every element."""
    return np.broadcast_to(stiffness, (len(part.tets), 6, 6))
