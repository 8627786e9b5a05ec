"""A stem that is sunk deeper into its bone than planned, or stands proud: moved along its axis.

Bone and reamed hole stay where they are, and so do the collar's distal corner with the cut and all levels
that count from it; whatever belongs to the stem moves by the depth. The taper then begins where the planned
cut has gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from geometry.abutment import Screw
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.grooves import Flutes, Splines
from geometry.stem import Collar, Stem
from geometry.thread import Thread

Part = TypeVar("Part", Flutes, Splines, Thread, Screw)

#: Largest depth, mm, that is taken for an error of seating.
LARGEST_DEPTH = 30.0

#: Overlap of tip and bone that is round-off, mm.
_TOUCH = 1e-6
_ANGLES, _RADII, _LEVELS, _BISECTIONS = 72, 9, 33, 40


def moved(stem: Stem, depth: float) -> Stem:
    """Return a stem that stands deeper than it was planned.

    Parameters
    ----------
    stem : Stem
        As planned.
    depth : float, mm
        Towards the hip; negative for a stem that stands proud.

    Returns
    -------
    Stem
        The same object for a depth of 0.

    Raises
    ------
    GeometryError
        When a part of it cannot stand there: a collar would be pressed into the cut, the distal end would
        vanish in the bone, a coating, thread or spline would stand out of it, or it is bowed or anchored.
    """
    if depth == 0.0:
        return stem
    if not abs(depth) <= LARGEST_DEPTH:
        raise GeometryError(
            f"A stem may stand at most {LARGEST_DEPTH:g} mm off its planned depth, but it stands {depth:g} mm"
            " off it."
        )
    if stem.bow_radius is not None:
        raise GeometryError("A bowed stem sunk or proud is not modelled: its arc begins at the cut.")
    if stem.anchor is not None:
        raise GeometryError("An anchored stem sunk or proud is not modelled: its plate stands on the cut.")
    if stem.length + depth <= 0.0:
        raise GeometryError(
            f"A stem of {stem.length:g} mm that stands proud by {-depth:g} mm is not in the bone."
        )
    collar = None if stem.collar is None else _lifted(stem.collar, depth)
    return replace(
        stem,
        length=stem.length + depth,
        protrusion=_protrusion(stem, depth),
        collar=collar,
        coatings=tuple(_shifted(zone, depth) for zone in stem.coatings),
        flutes=stem.flutes and _between(stem.flutes, depth),
        splines=stem.splines and _between(stem.splines, depth),
        thread=stem.thread and _between(stem.thread, depth),
        lag_screw=stem.lag_screw and replace(stem.lag_screw, level=stem.lag_screw.level + depth),
        abutment=stem.abutment
        and replace(
            stem.abutment,
            seat=stem.abutment.seat + depth,
            screw=_between(stem.abutment.screw, depth),
        ),
        taper_start=depth if stem.profile.slope else 0.0,
    )


def _between(part: Part, depth: float) -> Part:
    """Move a part between two levels."""
    return replace(part, start=part.start + depth, end=part.end + depth)


def _lifted(collar: Collar, depth: float) -> Collar:
    gap = collar.gap - depth
    if gap < -1e-9:
        raise GeometryError(
            f"The collar stands on the cut after {collar.gap:g} mm, so that the stem cannot be sunk by"
            f" {depth:g} mm."
        )
    return replace(collar, gap=max(gap, 0.0))


def _protrusion(stem: Stem, depth: float) -> float:
    if stem.abutment is not None:
        return 0.0
    left = -stem.distal_level - depth
    if left < -1e-9 and stem.collar is None:
        raise GeometryError(
            f"A stem that protrudes by {stem.protrusion:g} mm vanishes in the bone when it is sunk by"
            f" {depth:g} mm."
        )
    return max(left, 0.0)


def _shifted(zone: Coating, depth: float) -> Coating:
    end = zone.end + depth
    if end <= 0.0:
        raise GeometryError(
            f"The coating '{zone.name}' ends at {zone.end:g} mm, so that nothing of it is in the bone when"
            f" the stem stands proud by {-depth:g} mm."
        )
    return replace(zone, start=max(zone.start + depth, 0.0), end=end)


def deepest(canal: Canal, stem: Stem, depth: float) -> float | None:
    """Find how far a stem may be sunk before its tip runs onto the bottom of the reamed hole.

    Parameters
    ----------
    canal : Canal
    stem : Stem
        As planned.
    depth : float, mm
        By which it is sunk.

    Returns
    -------
    float, mm, or None
        None where it may be sunk by this depth: the tip stands clear of the bottom, or the natural canal goes
        on as wide as the tip.
    """
    if depth <= 0.0 or canal.reaming is None or _on_bottom(canal, stem, depth) <= _TOUCH:
        return None
    low, high = 0.0, depth
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if _on_bottom(canal, stem, middle) > _TOUCH else (middle, high)
    return low


def _on_bottom(canal: Canal, stem: Stem, depth: float) -> float:
    """How deep the tip stands in the bone beyond the reamer's flank, mm; negative where it is clear."""
    assert canal.reaming is not None
    profile = stem.profile
    levels = np.linspace(profile.fillet_start, profile.length, _LEVELS)
    flat = np.linspace(stem.bore_diameter / 2, profile.fillet_centre_radius, _RADII)
    radius = np.concatenate([profile.at(levels), flat])
    level = np.concatenate([levels, np.full(_RADII, profile.length)]) + depth
    angle = np.linspace(0.0, 2 * np.pi, _ANGLES, endpoint=False)
    across, turn = (grid.ravel() for grid in np.meshgrid(radius, angle, indexing="ij"))
    points = np.stack([across * np.cos(turn), across * np.sin(turn), np.repeat(level, _ANGLES)], axis=1)
    points = points[(points[:, 2] > canal.reaming.profile.fillet_start) & (points[:, 2] <= canal.bone.length)]
    return float(canal.outside(points).max()) if len(points) else -np.inf
