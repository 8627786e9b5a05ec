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
    points, corners = _closed(points, around, along + 1, (low, high))
    return Triangles(points, corners[:, ::-1] if inward else corners)


def turned(radii: FloatArray, levels: FloatArray, around: int) -> Triangles:
    """Triangles of a surface of revolution through rings, closed by a pole at either end of the line."""
    angles = np.linspace(-np.pi, np.pi, around, endpoint=False)
    angle, ring = (grid.ravel() for grid in np.meshgrid(angles, np.arange(len(radii)), indexing="ij"))
    points = np.column_stack([radii[ring] * np.cos(angle), radii[ring] * np.sin(angle), levels[ring]])
    return Triangles(*_closed(points, around, len(radii), (levels[0], levels[-1])))


def rod(radius: float, straight: float, foot: float, around: int = 96, pitch: float = 2.0) -> Triangles:
    """A rod with a flat foot at a level below 0, straight up to another, and half a ball on top."""
    rings = np.linspace(0.0, radius, 5)[1:-1]
    along = np.linspace(foot, straight, 1 + round((straight - foot) / pitch))
    turn = np.linspace(0.0, np.pi / 2, 1 + round(radius * np.pi / 2 / pitch))[1:-1]
    radii = np.concatenate([rings, np.full(len(along), radius), radius * np.cos(turn)])
    levels = np.concatenate([np.full(3, foot), along, straight + radius * np.sin(turn)])
    found = turned(radii, levels, around)
    points = found.points.copy()
    points[-1, 2] = straight + radius
    return Triangles(points, found.corners)


def _closed(
    rings: FloatArray, around: int, along: int, ends: tuple[float, float]
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Points with a pole at either end, and triangles between rings and poles that point outwards."""
    points = np.vstack([rings, [[0.0, 0.0, ends[0]], [0.0, 0.0, ends[1]]]])
    number = np.arange(around * along).reshape(around, along)
    ahead = np.roll(number, -1, axis=0)
    a, b, c, d = number[:, :-1], ahead[:, :-1], ahead[:, 1:], number[:, 1:]
    flank = [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    foot, top = np.full(around, len(points) - 2), np.full(around, len(points) - 1)
    caps = [
        np.column_stack([foot, ahead[:, 0], number[:, 0]]),
        np.column_stack([top, number[:, -1], ahead[:, -1]]),
    ]
    return points, np.concatenate([*flank, *caps])


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
