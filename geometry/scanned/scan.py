"""A bone's outer surface, and its canal, as splines through the sections of a triangulated surface.

Rays across the axis at every level give the radii on a grid; a ray that leaves the bone more than
once shows an overhang, as below a trochanter, where no outline about the axis exists. Where the surface
has the canal as a second wall inside, every ray meets both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geometry.errors import GeometryError, direction_in_words
from geometry.outline import FloatArray
from geometry.scanned.slices import Triangles, ray_crossings, section
from geometry.scanned.splined import SplinedOutline, fit_outline, through_points

#: Rays round the axis and distance of levels along it, mm.
RAYS, LEVEL_PITCH = 192, 1.0
#: Closed splines round the axis and distance of their knots along it, mm: of the outer surface, with its
#: ridges, and of the canal, whose wall is smoother than any scan shows it.
OUTER_SPLINES, CANAL_SPLINES = (40, 5.0), (12, 15.0)


@dataclass(frozen=True)
class Closeness:
    """How near splines come to the surface that was given, over its vertices.

    Attributes
    ----------
    percentile_95, largest : float, mm
        Of the distance, without sign.
    place : tuple of 3 floats, mm
        Of the largest one, in the implant's frame.
    vertices
        How many were measured.
    """

    percentile_95: float
    largest: float
    place: tuple[float, float, float]
    vertices: int


@dataclass(frozen=True, eq=False)
class Scan:
    """What was fitted.

    Attributes
    ----------
    outer : SplinedOutline
    canal : SplinedOutline, or None
        Where the surface has one.
    closeness : Closeness
        Of the outer surface.
    """

    outer: SplinedOutline
    canal: SplinedOutline | None
    closeness: Closeness


def fit_scan(seen: Triangles, length: float, ended: str = "bone") -> Scan:
    """Fit closed splines to a bone from its cut to a level.

    Parameters
    ----------
    seen : Triangles
        In the implant's frame, the cut at z = 0.
    length : float, mm
    ended : str
        What must be shorter where an outline cannot follow the bone.

    Returns
    -------
    Scan

    Raises
    ------
    GeometryError
        When a ray across the axis does not leave the bone just once.
    """
    angles = np.linspace(-np.pi, np.pi, RAYS, endpoint=False)
    levels = level_grid(length)
    count = len(levels)
    crossings = [ray_crossings(section(seen, level), angles) for level in levels.tolist()]
    walls = 2 if len(crossings[count // 2][0]) == 2 else 1
    for level, rays in zip(levels.tolist(), crossings, strict=True):
        _require(rays, angles, level, walls, ended)
    radii = np.array(crossings)  # (levels, rays, walls)
    splines = (CANAL_SPLINES, OUTER_SPLINES)[-walls:]
    rough = [fit_outline(angles, levels, radii[:, :, wall].T, *splines[wall]) for wall in range(walls)]
    points = seen.points[np.unique(seen.corners)]
    points = points[(points[:, 2] > 0.0) & (points[:, 2] < length)]
    nearest = np.argmin([np.abs(wall.outside(points)) for wall in rough], axis=0)
    own = [points[nearest == wall] for wall in range(walls)]
    fits = [
        through_points(wall, np.arctan2(p[:, 1], p[:, 0]), p[:, 2], np.hypot(p[:, 0], p[:, 1]))
        for wall, p in zip(rough, own, strict=True)
    ]
    return Scan(fits[-1], fits[0] if walls == 2 else None, closeness(fits[-1], own[-1]))


def level_grid(length: float) -> FloatArray:
    """Levels at which a bone of a length is cut, ndarray, shape (l,), mm: enough for all splines."""
    return np.linspace(
        0.0, length, 1 + max(2 * (round(length / OUTER_SPLINES[1]) + 3), round(length / LEVEL_PITCH))
    )


def _require(rays: list[FloatArray], angles: FloatArray, level: float, walls: int, ended: str) -> None:
    """Refuse a section that is not one wall, or two, about the axis."""
    counts = np.array([len(found) for found in rays])
    wrong = int(np.argmax(np.abs(counts - walls)))
    if counts[wrong] == walls:
        return
    x, y = float(np.cos(angles[wrong])), float(np.sin(angles[wrong]))
    where = f"At z = {level:.1f} mm ({direction_in_words(x, y)})"
    if counts[wrong] < walls:
        raise GeometryError(
            f"{where} a ray from the implant's axis meets {counts[wrong]} walls of the bone's surface where"
            f" {walls} are expected: the axis leaves the bone there, or the surface ends: shorten the"
            f" {ended}."
        )
    raise GeometryError(
        f"{where} a ray from the implant's axis meets {counts[wrong]} walls of the bone's surface where"
        f" {walls} are expected: the bone overhangs there, as below a trochanter, and splines about the axis"
        f" cannot follow: end the {ended} below {level:.0f} mm."
    )


def closeness(outer: SplinedOutline, points: FloatArray) -> Closeness:
    """Measure the distance of the given surface's vertices from the fitted splines.

    Parameters
    ----------
    outer : SplinedOutline
    points : ndarray, shape (n, 3), mm
        In the implant's frame.

    Returns
    -------
    Closeness
    """
    away = np.abs(outer.outside(points))
    worst = int(np.argmax(away))
    x, y, z = (float(value) for value in points[worst])
    return Closeness(float(np.percentile(away, 95)), float(away[worst]), (x, y, z), len(points))
