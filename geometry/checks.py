"""Everything about the shapes that can be known before meshing, as plain sentences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from geometry.bone import Bone
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.errors import GeometryError, direction_in_words
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.wall import check_wall


def problems(
    bone: Bone, reaming: Reaming | None, stem: Stem, *, protrudes_proximally: bool = False
) -> tuple[str, ...]:
    """Find what is wrong with shapes that are sound each on its own.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
    stem : Stem
    protrudes_proximally : bool
        True where the stem may come out of the bone's proximal end.

    Returns
    -------
    tuple of str
        One sentence each; empty where the shapes go together.
    """
    wide = _wider_than_bone(bone, reaming, stem)
    found = [*wide, *_tip_outside(bone, stem, protrudes_proximally), *_collar(bone, reaming, stem)]
    canal = Canal(bone, reaming)
    if not wide:
        found += _raised(lambda: check_wall(canal))
    if not found:
        found += _raised(lambda: engage(canal, stem))
    return tuple(found)


def check(bone: Bone, reaming: Reaming | None, stem: Stem, *, protrudes_proximally: bool = False) -> None:
    """Refuse shapes that do not go together.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
    stem : Stem
    protrudes_proximally : bool
        True where the stem may come out of the bone's proximal end.

    Raises
    ------
    GeometryError
        With every sentence of `problems`, one a line.
    """
    found = problems(bone, reaming, stem, protrudes_proximally=protrudes_proximally)
    if found:
        raise GeometryError("\n".join(found))


def _raised(task: Callable[[], object]) -> list[str]:
    try:
        task()
    except GeometryError as error:
        return [str(error)]
    return []


def _wider_than_bone(bone: Bone, reaming: Reaming | None, stem: Stem) -> list[str]:
    """Find a stem or reamer that is wider than the bone somewhere along it."""
    found = []
    tools = [("stem", stem.profile)]
    if reaming is not None:
        tools.append(("reamer", reaming.profile))
    for name, profile in tools:
        level = np.linspace(0.0, min(profile.length, bone.length), 200)
        room = bone.outer_semi_axes(level).min(axis=1) - profile.at(level)
        row = int(np.argmin(room))
        if room[row] <= 0:
            width = 2 * float(bone.outer_semi_axes(level[row : row + 1]).min())
            found.append(
                f"The {name} is wider than the bone at z = {level[row]:.0f} mm:"
                f" {2 * float(profile.at(level[row : row + 1])[0]):g} mm in a bone of {width:g} mm."
            )
    return found


def _tip_outside(bone: Bone, stem: Stem, protrudes: bool) -> list[str]:
    """Find a tip beyond the bone's end or beside it."""
    if stem.length > bone.length and not protrudes:
        return [
            f"The stem's tip at z = {stem.length:g} mm leaves the bone, which ends at"
            f" {bone.length:g} mm: choose a shorter stem."
        ]
    profile = stem.profile
    level = np.linspace(0.0, min(stem.length, bone.length), 200)
    angle = np.linspace(0.0, 2 * math.pi, 72, endpoint=False)
    grid_level, grid_angle = (grid.ravel() for grid in np.meshgrid(level, angle, indexing="ij"))
    radius = profile.at(grid_level)
    points = np.stack([radius * np.cos(grid_angle), radius * np.sin(grid_angle), grid_level], axis=1)
    beyond = bone.outside_outer(points)
    row = int(np.argmax(beyond))
    if beyond[row] <= 0:
        return []
    x, y, z = points[row]
    side = direction_in_words(float(x - bone.centre(np.array([z]))[0]), float(y))
    return [
        f"The stem leaves the bone by {beyond[row]:.2f} mm at z = {z:.0f} mm ({side}):"
        " choose a thinner or shorter stem, or move the implant axis."
    ]


def _collar(bone: Bone, reaming: Reaming | None, stem: Stem) -> list[str]:
    """Find a collar that no bone is under."""
    if stem.collar is None:
        return []
    canal = Canal(bone, reaming)
    angle = np.linspace(0.0, 2 * math.pi, 360, endpoint=False)
    rim = stem.collar.diameter / 2
    points = np.stack([rim * np.cos(angle), rim * np.sin(angle), np.zeros_like(angle)], axis=1)
    if (canal.outside(points) > 0).any():
        return []
    return [f"The collar of {stem.collar.diameter:g} mm has no bone under its rim: choose a wider collar."]
