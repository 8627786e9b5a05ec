"""How an anchor seats in the bone: where its pins run, what is wrong with them, with spindle and plate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geometry.anchor import LEAST_EDGE, Fault, Pin
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.errors import direction_in_words
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Least radial clearance of the spindle in the canal, mm: what contact would pair ends there.
LEAST_CLEARANCE = 0.5
#: Least room in the canal beside a pin, so that its two holes stay apart, mm.
LEAST_BESIDE = 1.0
#: How near the edges of plate and bone may run along each other where they are not concentric, mm.
LEAST_GRAZE = 0.1


def walls(pin: Pin, canal: Canal) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Measure where a pin's axis runs in the two cortices.

    Parameters
    ----------
    pin : Pin
    canal : Canal

    Returns
    -------
    pair of pairs of float, mm, or None
        Distances of canal and outer surface from the implant's axis, ahead along the pin and behind;
        None where the axis does not lie in the canal or a cortex has no wall.
    """
    found = []
    for sense in (1.0, -1.0):
        inner = _leaves(canal.outside, pin, sense, canal)
        outer = _leaves(canal.bone.outside_outer, pin, sense, canal)
        if not 0.0 < inner < outer:
            return None
        found.append((inner, outer))
    return found[0], found[1]


def _leaves(outside: Callable[[FloatArray], FloatArray], pin: Pin, sense: float, canal: Canal) -> float:
    """Measure the way from the implant's axis along a pin to where `outside` turns positive first."""
    level = np.array([pin.level])
    reach = float(canal.bone.reach(level)[0]) + 1.0
    way = np.linspace(0.0, reach, 400)

    def at(distance: FloatArray) -> FloatArray:
        points = np.outer(sense * distance, pin.along)
        points[:, 2] = pin.level
        return np.asarray(outside(points))

    out = at(way) > 0
    if out[0] or not out.any():
        return -1.0
    row = int(np.argmax(out))
    low, high = float(way[row - 1]), float(way[row])
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if at(np.array([middle]))[0] > 0 else (middle, high)
    return (low + high) / 2


def anchor_seat_faults(canal: Canal, stem: Stem) -> Iterator[Fault]:
    """Yield what is wrong between an anchor's pins and the bone.

    Parameters
    ----------
    canal : Canal
    stem : Stem
        Sound in itself; none are yielded without an anchor.
    """
    anchor = stem.anchor
    if anchor is None:
        return
    half = anchor.pin_diameter / 2
    margin = LEAST_EDGE * anchor.pin_diameter
    highest = canal.bone.length - half - margin
    segments: list[tuple[int, FloatArray]] = []
    for row, pin in enumerate(anchor.pins):
        if pin.level > highest:
            yield (
                row,
                "level",
                f"the pin must lie {LEAST_EDGE:g} diameters below the bone's end: give at most {highest:.4g}",
            )
            continue
        wall = walls(pin, canal)
        if wall is None or not _beside(pin, half + LEAST_BESIDE, canal):
            yield (
                row,
                "level",
                f"the pin needs a canal that is open round the implant's axis, {LEAST_BESIDE:g} mm wider on"
                " either side than the pin, between two cortices; ream deeper, or give another level or a"
                " thinner pin",
            )
            continue
        if _at_end_of_reaming(pin, half, canal):
            assert canal.reaming is not None
            yield (
                row,
                "level",
                f"the hole lies where the reamer ends, {canal.reaming.profile.fillet_start:.4g} to"
                f" {canal.reaming.depth:.4g} mm; ream deeper, or give another level",
            )
            continue
        for sense, (inner, outer) in zip((1.0, -1.0), wall, strict=True):
            points = np.outer(sense * np.linspace(inner, outer, 60), pin.along)
            points[:, 2] = pin.level
            segments.append((row, points))
    yield from _too_near(segments, anchor.pin_diameter, margin)


def _too_near(segments: list[tuple[int, FloatArray]], diameter: float, margin: float) -> Iterator[Fault]:
    """Yield pins with holes too near to those of one before, each once."""
    told: set[int] = set()
    for (first, a), (second, b) in combinations(segments, 2):
        if first != second and second not in told and abs(a[0, 2] - b[0, 2]) < diameter:
            told.add(second)
            yield (
                second,
                "level",
                f"the pin would run into pin {first + 1} on the implant's axis; give levels at least a"
                f" diameter, {diameter:g} mm, apart",
            )
        bridge = float(np.linalg.norm(a[:, None] - b[None], axis=2).min()) - diameter
        if first != second and second not in told and bridge < margin:
            told.add(second)
            yield (
                second,
                "level",
                f"the hole lies {max(bridge, 0.0):.3g} mm from that of pin {first + 1}; leave {margin:.4g} mm"
                f" ({LEAST_EDGE:g} diameters) of bone between holes",
            )


def _beside(pin: Pin, reach: float, canal: Canal) -> bool:
    """Tell whether the canal is open as far as `reach` across a pin, on the implant's axis."""
    points = np.outer(np.linspace(-reach, reach, 21), pin.across)
    points[:, 2] = pin.level
    return bool((canal.outside(points) < 0).all())


def _at_end_of_reaming(pin: Pin, half: float, canal: Canal) -> bool:
    reaming = canal.reaming
    if reaming is None or reaming.depth >= canal.bone.length:
        return False
    clear = half + LEAST_BESIDE
    return reaming.profile.fillet_start - clear < pin.level < reaming.depth + clear


def outline(bone: Bone, angle: FloatArray) -> FloatArray:
    """Measure how far from the implant's axis the bone reaches at the cut.

    Parameters
    ----------
    bone : Bone
    angle : ndarray, shape (n,), rad

    Returns
    -------
    ndarray, shape (n,), mm
    """
    return _way_out(bone.outside_outer, bone, angle)


def mouth(canal: Canal, angle: FloatArray) -> FloatArray:
    """Measure how far from the implant's axis the canal reaches at the cut, as `outline` does of the bone."""
    return _way_out(canal.outside, canal.bone, angle)


def _way_out(outside: Callable[[FloatArray], FloatArray], bone: Bone, angle: FloatArray) -> FloatArray:
    reach = float(bone.reach(np.zeros(1))[0])
    low, high = np.zeros_like(angle), np.full_like(angle, reach + 1.0)
    for _ in range(48):
        middle = (low + high) / 2
        points = np.stack([middle * np.cos(angle), middle * np.sin(angle), 0 * angle], axis=1)
        out = outside(points) > 0
        low, high = np.where(out, low, middle), np.where(out, middle, high)
    return (low + high) / 2


def plate_fault(bone: Bone, stem: Stem) -> str | None:
    """Say where the edge of an anchor's plate grazes the bone's, so that neither covers the other clearly.

    Parameters
    ----------
    bone : Bone
    stem : Stem

    Returns
    -------
    str or None
        None where it does not.
    """
    if stem.collar is None:
        return None
    angle = np.linspace(-np.pi, np.pi, 720, endpoint=False)
    beyond = stem.collar.diameter / 2 - outline(bone, angle)
    if np.ptp(beyond) < 1e-6:
        return None
    before, after = np.roll(beyond, 1) - beyond, np.roll(beyond, -1) - beyond
    for row in np.flatnonzero(before * after >= 0.0):
        if abs(beyond[row]) < LEAST_GRAZE:
            side = direction_in_words(float(np.cos(angle[row])), float(np.sin(angle[row])))
            return (
                f"the plate's edge grazes that of the bone, {abs(beyond[row]):.2f} mm apart ({side}); give a"
                f" plate {4 * LEAST_GRAZE:g} mm wider or narrower"
            )
    return None


def clearance_fault(canal: Canal, stem: Stem) -> str | None:
    """Say where a spindle comes too near to the wall of the canal; None where it clears it.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    profile, top = stem.profile, min(stem.length, canal.bone.length)
    levels = np.linspace(0.0, top, 2 + 2 * round(top))
    angles = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    radius = profile.at(levels)
    rings = [(radius[:, None], levels[:, None])]
    if stem.length < canal.bone.length:
        radii = np.linspace(0.0, profile.fillet_centre_radius, 8)[:, None]
        rings.append((radii, np.full_like(radii, stem.length)))
    points = np.concatenate(
        [
            np.stack(
                [r * np.cos(angles), r * np.sin(angles), np.repeat(z, len(angles), axis=1)], axis=-1
            ).reshape(-1, 3)
            for r, z in rings
        ]
    )
    clear = -canal.outside(points)
    row = int(np.argmin(clear))
    if clear[row] >= LEAST_CLEARANCE - 1e-9:
        return None
    x, y, z = points[row]
    side = direction_in_words(float(x), float(y))
    what = f"clears the canal by {clear[row]:.3g} mm" if clear[row] > 0 else "touches the bone"
    return (
        f"the spindle {what} at level {z:.4g} mm ({side}), and must stand {LEAST_CLEARANCE:g} mm off it"
        " everywhere; ream wider or deeper, or give a thinner or shorter one"
    )
