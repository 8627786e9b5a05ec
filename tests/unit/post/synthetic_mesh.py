"""The mesh of the synthetic study: a solid cylinder with a collar in a tube, prisms cut into tets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Mesh, Part, Quality

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STEM_RADIUS, COLLAR_RADIUS, BONE_RADIUS = 8.0, 11.0, 14.0  # mm
STEM_LENGTH, BONE_LENGTH, COATED_TO = 140.0, 160.0, 100.0  # mm

EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))
FACES = ((0, 2, 1, 6, 5, 4), (0, 1, 3, 4, 8, 7), (1, 2, 3, 5, 9, 8), (0, 3, 2, 7, 9, 6))


def _disk(radii: Sequence[float], sectors: int) -> tuple[FloatArray, IntArray]:
    """Triangulated rings of points; a first radius of 0 is one point at the centre."""
    angle = 2 * np.pi * np.arange(sectors) / sectors
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    solid = radii[0] == 0
    points = [np.zeros((1, 2))] if solid else []
    points += [radius * circle for radius in radii if radius > 0]
    first = 1 if solid else 0
    here, after = np.arange(sectors), (np.arange(sectors) + 1) % sectors
    triangles = (
        [np.column_stack([np.zeros(sectors, dtype=int), first + here, first + after])] if solid else []
    )
    for ring in range(len(radii) - 1 - first):
        inner = first + ring * sectors
        outer = inner + sectors
        triangles.append(np.column_stack([inner + here, outer + here, outer + after]))
        triangles.append(np.column_stack([inner + here, outer + after, inner + after]))
    return np.vstack(points), np.vstack(triangles)


def _extrude(
    points: FloatArray, layers: Sequence[tuple[float, float, IntArray]]
) -> tuple[FloatArray, IntArray]:
    """Tets of prisms; each layer has its own triangles and its levels below and above."""
    levels = sorted({level for low, high, _ in layers for level in (low, high)})
    count = len(points)
    vertices = np.vstack([np.column_stack([points, np.full(count, level)]) for level in levels])
    tets = []
    for low, high, triangles in layers:
        a, b, c = np.sort(triangles, axis=1).T + count * levels.index(low)
        up = count * (levels.index(high) - levels.index(low))
        tets += [[a, b, c, c + up], [a, b, b + up, c + up], [a, a + up, b + up, c + up]]
    tet = np.hstack([np.array(rows) for rows in tets]).T
    used, inverse = np.unique(tet, return_inverse=True)
    vertices, tet = vertices[used], inverse.reshape(tet.shape)
    sides = vertices[tet[:, 1:]] - vertices[tet[:, :1]]
    wrong = np.linalg.det(sides) < 0
    tet[wrong] = tet[wrong][:, [1, 0, 2, 3]]
    return vertices, tet


def _quadratic(vertices: FloatArray, tets: IntArray) -> tuple[FloatArray, IntArray]:
    """Add midside nodes; those between points of one radius lie on that radius."""
    pairs = np.sort(np.concatenate([tets[:, list(edge)] for edge in EDGES]), axis=1)
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    middle = vertices[unique].mean(axis=1)
    radius = np.hypot(vertices[unique][:, :, 0], vertices[unique][:, :, 1])
    same = (np.abs(radius[:, 0] - radius[:, 1]) < 1e-9) & (radius[:, 0] > 0)
    flat = np.hypot(middle[:, 0], middle[:, 1])
    middle[same, :2] *= (radius[same, 0] / flat[same])[:, None]
    middle_rows = len(vertices) + inverse.reshape(len(EDGES), -1).T
    return np.vstack([vertices, middle]), np.hstack([tets, middle_rows])


def _skin(tets: IntArray) -> IntArray:
    faces = np.concatenate([tets[:, list(face)] for face in FACES])
    _, index, counts = np.unique(np.sort(faces[:, :3], axis=1), axis=0, return_index=True, return_counts=True)
    return faces[index[counts == 1]]


def _split(points: FloatArray, skin: IntArray, rules: dict[str, Any]) -> dict[str, IntArray]:
    """Facets by name: the first rule that holds for all three corners wins."""
    corner = points[skin[:, :3]]
    radius, level = np.hypot(corner[..., 0], corner[..., 1]), corner[..., 2]
    left = np.ones(len(skin), dtype=bool)
    facets = {}
    for name, rule in rules.items():
        hit = rule(radius, level).all(axis=1) & left
        facets[name] = skin[hit]
        left &= ~hit
    assert not left.any(), "every facet has a name"
    return facets


def synthetic_mesh(sectors: int = 16, step: float = 10.0) -> Mesh:
    """Return the two bodies; `sectors` divides the circle, `step` (mm) the axis."""

    def near(values: FloatArray, target: float) -> NDArray[np.bool_]:
        return np.abs(values - target) < 1e-9

    points, inner = _disk((0.0, 4.0, STEM_RADIUS, COLLAR_RADIUS), sectors)
    shaft = inner[(np.hypot(*points[inner].transpose(2, 0, 1)) < STEM_RADIUS + 1e-9).all(axis=1)]
    levels = np.arange(0.0, STEM_LENGTH + step / 2, step)
    layers = [(-4.0, 0.0, inner)]
    layers += [(low, high, shaft) for low, high in pairwise(levels)]
    stem_points, stem_tets = _quadratic(*_extrude(points, layers))
    stem = _split(
        stem_points,
        _skin(stem_tets),
        {
            "distal_end": lambda r, z: near(z, -4.0),
            "proximal_end": lambda r, z: near(z, STEM_LENGTH),
            "collar": lambda r, z: near(z, 0.0),
            "coated": lambda r, z: near(r, STEM_RADIUS) & (z > -1e-9) & (z < COATED_TO + 1e-9),
            "uncoated": lambda r, z: near(r, STEM_RADIUS) & (z > COATED_TO - 1e-9),
            "free": lambda r, z: near(r, COLLAR_RADIUS),
        },
    )
    points, ring = _disk((STEM_RADIUS, COLLAR_RADIUS, BONE_RADIUS), sectors)
    levels = np.arange(0.0, BONE_LENGTH + step / 2, step)
    layers = [(low, high, ring) for low, high in pairwise(levels)]
    bone_points, bone_tets = _quadratic(*_extrude(points, layers))
    bone = _split(
        bone_points,
        _skin(bone_tets),
        {
            "cut": lambda r, z: near(z, 0.0),
            "proximal": lambda r, z: near(z, BONE_LENGTH),
            "canal": lambda r, z: near(r, STEM_RADIUS),
            "outer": lambda r, z: near(r, BONE_RADIUS),
        },
    )
    quality = Quality(0.42, 0.31, 0, (8.0, 0.0, 5.0))
    return Mesh(
        Part("stem", stem_points, stem_tets, stem),
        Part("bone", bone_points, bone_tets, bone),
        quality,
        f"synthetic{sectors:04d}",
        ("coated", "uncoated", "collar"),
    )
