r"""The head of a whole bone: the sphere through its most proximal and medial part.

A sphere |p - c| = R is linear in c and R^2 - |c|^2: 2 c . p + (R^2 - |c|^2) = |p|^2, which least squares
solve exactly where all points lie on one. It is fitted in turn to the points that lie near it.
"""

from __future__ import annotations

import numpy as np

from geometry.errors import GeometryError
from geometry.outline import FloatArray
from geometry.scanned.whole import Head

#: Radii between which a head's lies, mm.
RADII = (10.0, 40.0)
#: Points that are taken first: within this distance of the outermost one, mm.
_FIRST = 15.0
#: Points belong to the head up to this share of the radius from the sphere.
_NEAR = 0.04
_ROUNDS = 60
#: Share of the sphere's directions from which points must look at it: heads are about two thirds of one.
LEAST_COVER = 0.4


def fit_sphere(points: FloatArray) -> Head:
    """Fit a sphere by least squares.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm

    Returns
    -------
    Head
    """
    middle = points.mean(axis=0)
    near = points - middle
    design = np.column_stack([2 * near, np.ones(len(near))])
    (x, y, z, rest), *_ = np.linalg.lstsq(design, (near**2).sum(axis=1), rcond=None)
    centre = np.array([x, y, z])
    radius = float(np.sqrt(max(rest + centre @ centre, 0.0)))
    off = np.linalg.norm(near - centre, axis=1) - radius
    cx, cy, cz = (middle + centre).tolist()
    return Head((cx, cy, cz), radius, float(np.sqrt((off**2).mean())), len(points))


def find_head(points: FloatArray) -> Head:
    """Find the head of a whole bone about the axis of its shaft.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
        Of the outer surface above the cut, z along the shaft towards the body.

    Returns
    -------
    Head

    Raises
    ------
    GeometryError
        When no sphere of a head's size fits the part that lies farthest up and aside.
    """
    upper = points[points[:, 2] > 0.5 * float(points[:, 2].max())]
    aside = upper[np.argmax(np.hypot(upper[:, 0], upper[:, 1]))].copy()
    aside[2] = 0.0
    way = np.array([0.0, 0.0, 1.0]) + aside / max(float(np.linalg.norm(aside)), 1e-9)
    outermost = upper[np.argmax(upper @ way)]
    chosen = np.linalg.norm(points - outermost, axis=1) < _FIRST
    head = fit_sphere(points[chosen])
    for _ in range(_ROUNDS):
        off = np.linalg.norm(points - np.array(head.centre), axis=1) - head.radius
        now = np.abs(off) < _NEAR * head.radius
        if now.sum() < 20 or (now == chosen).all():
            break
        chosen = now
        head = fit_sphere(points[chosen])
    if not RADII[0] <= head.radius <= RADII[1] or _cover(points, head) < LEAST_COVER:
        raise GeometryError(
            "No joint's head is found in the bone's most proximal and medial part, by which it would be held:"
            f" the sphere that fits best has a radius of {head.radius:.3g} mm about"
            f" x = {head.centre[0]:.0f}, y = {head.centre[1]:.0f}, z = {head.centre[2]:.0f} mm and lies on"
            f" {100 * _cover(points, head):.0f} % of its own surface on bone: state"
            " bone.surface.held.centre_mm with within_mm, or bone.surface.held.above_mm."
        )
    return head


def _cover(points: FloatArray, head: Head) -> float:
    """Share of equally spread directions from a sphere's centre in which the surface lies on it."""
    count = 400
    z = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.pi * (1.0 + 5.0**0.5) * np.arange(count)
    across = np.sqrt(1.0 - z**2)
    spread = np.column_stack([across * np.cos(turn), across * np.sin(turn), z])
    way = points - np.array(head.centre)
    far = np.linalg.norm(way, axis=1)
    on = np.abs(far - head.radius) < _NEAR * head.radius
    if not on.any():
        return 0.0
    unit = way[on] / far[on][:, None]
    # Directions nearer than their own spread to some point of the surface on the sphere.
    nearest = np.array([float((unit @ each).max()) for each in spread])
    return float((nearest > np.cos(2.0 * np.sqrt(4.0 * np.pi / count) / 2.0)).mean())
