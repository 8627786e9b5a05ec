"""Triangulated bones whose shape is known: what a scanner would give of an analytic outline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from geometry.scanned.slices import Triangles

FloatArray = NDArray[np.float64]
Radius = Callable[[FloatArray, FloatArray], FloatArray]


def shell(
    radius: Radius, low: float, high: float, around: int, along: int, inward: bool = False
) -> Triangles:
    """Triangles of the surface r = radius(angle, level), closed by a fan at either end."""
    angles = np.linspace(-np.pi, np.pi, around, endpoint=False)
    levels = np.linspace(low, high, along + 1)
    angle, level = (grid.ravel() for grid in np.meshgrid(angles, levels, indexing="ij"))
    r = radius(angle, level)
    points = np.column_stack([r * np.cos(angle), r * np.sin(angle), level])
    points = np.vstack([points, [[0.0, 0.0, low], [0.0, 0.0, high]]])
    number = np.arange(around * (along + 1)).reshape(around, along + 1)
    ahead = np.roll(number, -1, axis=0)
    a, b, c, d = number[:, :-1], ahead[:, :-1], ahead[:, 1:], number[:, 1:]
    flank = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    foot, top = np.full(around, len(points) - 2), np.full(around, len(points) - 1)
    caps = [
        np.column_stack([foot, ahead[:, 0], number[:, 0]]),
        np.column_stack([top, number[:, -1], ahead[:, -1]]),
    ]
    corners = np.concatenate([flank, *caps])
    return Triangles(points, corners[:, ::-1] if inward else corners)


def joined(*surfaces: Triangles) -> Triangles:
    """Several shells as one surface."""
    starts = np.cumsum([0, *(len(surface.points) for surface in surfaces)])
    corners = [surface.corners + start for surface, start in zip(surfaces, starts, strict=False)]
    return Triangles(np.vstack([surface.points for surface in surfaces]), np.vstack(corners))


def as_scanned(surface: Triangles, turn: Rotation, shift: FloatArray) -> Triangles:
    """Put a bone somewhere in a scanner."""
    return Triangles(turn.apply(surface.points) + shift, surface.corners)


def write_stl(path: Path, surface: Triangles, scale: float = 1.0) -> Path:
    """Write a binary STL file, whose numbers are the coordinates times a scale."""
    rows = np.zeros(
        len(surface.corners), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")]
    )
    rows["corners"] = scale * surface.points[surface.corners]
    path.write_bytes(bytes(80) + np.uint32(len(rows)).tobytes() + rows.tobytes())
    return path
