"""The wall that reaming leaves: distance from the canal's wall to the bone's outer surface.

The nearest point of the outer surface P(phi, zeta) = (x_c + A cos phi, B sin phi, zeta)
is found by Newton's method on half the squared distance, with zeta kept on the bone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geometry.bone import Bone, FloatArray
from geometry.canal import Canal
from geometry.errors import GeometryError, direction_in_words
from geometry.posed import PosedBone
from geometry.scanned.whole import Whole
from geometry.stem import Stem

#: A surface of the canal: points, shape (n, 3), by angle in rad and level in mm, shape (n,).
Surface = Callable[[FloatArray, FloatArray], FloatArray]

_ANGLES = 96
_REFINEMENTS = 6
_STEP = 1e-3
#: By how much rough depths may be wrong, mm.
_ROUGH = 1.0


@dataclass(frozen=True)
class Wall:
    """The thinnest wall.

    Attributes
    ----------
    thickness : float, mm
        Negative where the canal breaks through the bone.
    place : tuple of 3 floats, mm
        On the wall of the canal.
    """

    thickness: float
    place: tuple[float, float, float]


def least_wall(canal: Canal, stem: Stem | None = None) -> Wall:
    """Find the least thickness of the wall round the canal, reamed or natural, and beyond a thread's crest.

    Parameters
    ----------
    canal : Canal
    stem : Stem, optional
        Whose thread is cut into the wall.

    Returns
    -------
    Wall
    """
    found = []
    if canal.bone.hollow:
        found.append(_least_on(canal, canal.bone.canal_places, canal.bone.length, "natural"))
    if canal.reaming is not None:
        for one in (canal.main, *canal.steps):
            assert one.reaming is not None
            found.append(_least_on(canal, _reamed_surface(one), one.reaming.depth, "reamer"))
            if isinstance(canal.bone.outline, Whole):
                flat = one.reaming.profile.fillet_centre_radius
                found.append(_least_on(canal, _reamed_floor(one), max(flat, 1e-6), "reamer"))
    if stem is not None and stem.thread is not None:
        found.append(_least_on(canal, _tapped_surface(stem), stem.thread.end, "thread"))
    return min(found, key=lambda wall: wall.thickness)


def check_wall(canal: Canal) -> Wall:
    """Find the least wall and refuse a reamer that breaks it.

    Parameters
    ----------
    canal : Canal

    Returns
    -------
    Wall

    Raises
    ------
    GeometryError
        When the canal leaves the bone.
    """
    wall = least_wall(canal)
    if wall.thickness > 0:
        return wall
    x, y, z = wall.place
    front, left = (float(way(np.array([z]))[0]) for way in (canal.bone.centre, canal.bone.centre_left))
    raise GeometryError(
        f"The reamer breaks through the bone's wall by {-wall.thickness:.2f} mm at z = {z:.0f} mm"
        f" ({direction_in_words(x - front, y - left)}): ream narrower or less deep, or move the implant axis."
    )


def outer_distance(bone: Bone, points: FloatArray) -> FloatArray:
    """Measure the distance of points to the bone's outer surface.

    Parameters
    ----------
    bone : Bone
    points : ndarray, shape (n, 3), mm

    Returns
    -------
    ndarray, shape (n,), mm
        Positive inside the bone's outline, negative outside. The surface of a bone that stands askew goes
        on beyond its ends as far as `Bone.span`, an outline ends with its own levels.
    """
    low, high = bone.span
    if isinstance(bone, PosedBone):
        points = bone.pose.to_bone(points)
        bone = bone.stated
    if bone.outline is not None:
        return bone.outline.depth(points, bone.length)
    level = np.clip(points[:, 2], low, high)
    axes = bone.outer_semi_axes(level)
    angle = np.arctan2(points[:, 1] / axes[:, 1], (points[:, 0] - bone.centre(level)) / axes[:, 0])
    for _ in range(12):
        angle, level = _newton_step(bone, points, angle, np.clip(level, low, high))
    nearest = bone.outer_places(angle, np.clip(level, low, high))
    distance = np.linalg.norm(points - nearest, axis=1)
    return np.asarray(np.where(bone.outside_outer(points) > 0, -distance, distance))


def _newton_step(
    bone: Bone, points: FloatArray, angle: FloatArray, level: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Make one step towards the nearest point; curvature along the axis by differences."""
    axes = bone.outer_semi_axes(level)
    here = bone.outer_places(angle, level)
    above, below = (bone.outer_places(angle, level + step) for step in (_STEP, -_STEP))
    along = (above - below) / (2 * _STEP)
    bend = (above - 2 * here + below) / _STEP**2
    zero = np.zeros_like(angle)
    around = np.stack([-axes[:, 0] * np.sin(angle), axes[:, 1] * np.cos(angle), zero], axis=1)
    turn = np.stack([-axes[:, 0] * np.cos(angle), -axes[:, 1] * np.sin(angle), zero], axis=1)
    offset = here - points
    gradient = np.einsum("ij,ij->i", offset, around), np.einsum("ij,ij->i", offset, along)
    h11 = np.einsum("ij,ij->i", around, around) + np.einsum("ij,ij->i", offset, turn)
    h12 = np.einsum("ij,ij->i", around, along)
    h22 = np.einsum("ij,ij->i", along, along) + np.einsum("ij,ij->i", offset, bend)
    h11, h22 = np.maximum(h11, 1e-3 * axes.min(axis=1) ** 2), np.maximum(h22, 0.1)
    det = np.maximum(h11 * h22 - h12**2, 1e-3 * h11 * h22)
    d_angle = (h22 * gradient[0] - h12 * gradient[1]) / det
    d_level = (h11 * gradient[1] - h12 * gradient[0]) / det
    return angle - np.clip(d_angle, -0.5, 0.5), level - np.clip(d_level, -5.0, 5.0)


def _reamed_surface(canal: Canal) -> Surface:
    def surface(angle: FloatArray, level: FloatArray) -> FloatArray:
        assert canal.reaming is not None
        centre, front, _ = canal.path_frame(level)
        radius = canal.reaming.profile.at(level)[:, None]
        left = np.array([0.0, 1.0, 0.0])
        return np.asarray(centre + radius * (np.cos(angle)[:, None] * front + np.sin(angle)[:, None] * left))

    return surface


def _reamed_floor(canal: Canal) -> Surface:
    """Where the reamer ends, by angle and distance from its axis: bone lies above it in a whole bone."""

    def surface(angle: FloatArray, across: FloatArray) -> FloatArray:
        assert canal.reaming is not None
        centre, front, _ = canal.path_frame(np.full_like(across, canal.reaming.depth))
        left = np.array([0.0, 1.0, 0.0])
        way = np.cos(angle)[:, None] * front + np.sin(angle)[:, None] * left
        return np.asarray(centre + across[:, None] * way)

    return surface


def _tapped_surface(stem: Stem) -> Surface:
    """Where a thread's crest passes, at every angle within a turn."""
    thread = stem.thread
    assert thread is not None

    def surface(angle: FloatArray, level: FloatArray) -> FloatArray:
        crest = stem.diameter / 2 + thread.depth * thread.fullness(level)
        return np.stack([crest * np.cos(angle), crest * np.sin(angle), level], axis=1)

    return surface


def _least_on(canal: Canal, surface: Surface, top: float, kind: str) -> Wall:
    """Find the least thickness behind one surface, where it is the canal's wall: a grid, then finer ones."""
    # Out of a whole bone a reamer may come at the top.
    last = np.inf if isinstance(canal.bone.outline, Whole) else canal.bone.length
    bottom, top = 0.0, min(top, last)
    if kind == "natural":
        bottom, top = canal.bone.span
    covers: dict[str, Callable[[FloatArray], FloatArray]] = {
        "natural": canal.outside_reamer,
        "reamer": canal.outside if canal.steps else canal.bone.outside_canal,
        "thread": lambda points: np.zeros(len(points)),
    }
    other = covers[kind]
    low, high = np.array([0.0, bottom]), np.array([2 * np.pi, top])
    counts = (_ANGLES + 1, max(9, round(top)))
    best = Wall(np.inf, (0.0, 0.0, 0.0))
    for _ in range(_REFINEMENTS):
        axes = [np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True)]
        angle, level = (grid.ravel() for grid in np.meshgrid(*axes, indexing="ij"))
        points = surface(angle, level)
        level_is_on = (points[:, 2] > -1e-9) & (points[:, 2] < last + 1e-9)
        wall = level_is_on & (other(points) >= -1e-9)
        thickness = np.full(len(points), np.inf)
        wall &= _thin(canal.bone, points, wall)
        thickness[wall] = outer_distance(canal.bone, points[wall])
        row = int(np.argmin(thickness))
        if thickness[row] < best.thickness:
            x, y, z = (float(value) for value in points[row])
            best = Wall(float(thickness[row]), (x, y, z))
        pitch = (high - low) / (np.array(counts) - 1)
        middle = np.array([angle[row], level[row]])
        low, high = middle - pitch, middle + pitch
        low[1], high[1] = max(low[1], bottom), min(high[1], top)
        counts = (17, 17)
    return best


def _thin(bone: Bone, points: FloatArray, wall: np.ndarray) -> np.ndarray:
    """Find the points behind which the wall may be thinnest; every place but of a whole bone."""
    if not isinstance(bone.outline, Whole) or not wall.any():
        return wall
    rough = bone.outline.nearly_depth(points)
    return np.asarray(rough < float(rough[wall].min()) + _ROUGH)
