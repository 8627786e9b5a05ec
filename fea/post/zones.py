"""Gruen-like zones of the stem, and what each reports.

A zone is a level and a quadrant. Levels follow the coatings: each of several, or both halves
of a single one, and what lies uncoated below, between and above. A stem without has thirds; of an
anchor, whose flank touches nothing, the plate's quadrants are its zones.
Quadrants are centred on anterior (+x), left (+y), posterior and right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fea.post.micromotion import Micromotion, area_bands, area_percent, area_percentile
from fea.solution import Interface, State
from fea.status import Status
from geometry.coating import Coating
from geometry.stem import Stem
from geometry.zones import COLLAR, OFF_FLANK, SPLINES, THREAD, UNCOATED

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

QUADRANTS = ("anterior", "left", "posterior", "right")


@dataclass(frozen=True)
class Level:
    """A stretch of the stem.

    Attributes
    ----------
    name
    start, end : float, mm
        From the cut.
    zone
        Name of the stem's zone that it is a part of.
    """

    name: str
    start: float
    end: float
    zone: str


@dataclass(frozen=True)
class ZoneValues:
    """What one zone reports.

    Attributes
    ----------
    name, level, quadrant
    area : float, mm^2
    contact_percent
        Share of the zone in contact after the press-fit.
    mean_pressure : float, MPa
        After the press-fit, over the whole zone.
    micromotion_mean_um, micromotion_p95_um, micromotion_max_um : float or None, um
        Resulting micromotion where the zone touches; None where it never does, or where
        no cycle is judged.
    bands : mapping of str to float, percent, or None
        Shares of the zone, as `fea.post.micromotion.area_bands` names them; None where
        no cycle is judged.
    migration_mean_um, largest_opening_um : float or None, um
    """

    name: str
    level: str
    quadrant: str
    area: float
    contact_percent: float
    mean_pressure: float
    micromotion_mean_um: float | None = None
    micromotion_p95_um: float | None = None
    micromotion_max_um: float | None = None
    bands: Mapping[str, float] | None = None
    migration_mean_um: float | None = None
    largest_opening_um: float | None = None


def levels(stem: Stem) -> tuple[Level, ...]:
    """Return the levels of a stem, from the cut to the tip."""
    if stem.anchor is not None:
        return (Level("plate", 0.0, 0.0, COLLAR),)
    if not stem.coatings:
        names = ("distal third", "middle third", "proximal third")
        edges = [stem.length * part / 3 for part in range(4)]
        return tuple(
            Level(name, low, high, UNCOATED) for name, (low, high) in zip(names, pairwise(edges), strict=True)
        )
    found, reached, below = [], 0.0, ""
    for zone in stem.coatings:
        bare = f"between {below} and {zone.name}" if below else "uncoated distal"
        found += [Level(bare, reached, zone.start, UNCOATED), *_coated_levels(zone, len(stem.coatings) == 1)]
        reached, below = zone.end, zone.name
    found.append(Level("uncoated proximal", reached, stem.length, UNCOATED))
    return tuple(level for level in found if level.end > level.start + 1e-9)


def _coated_levels(zone: Coating, alone: bool) -> tuple[Level, ...]:
    if not alone:
        return (Level(zone.name, zone.start, zone.end, zone.name),)
    middle = (zone.start + zone.end) / 2
    return (
        Level(f"{zone.name} distal", zone.start, middle, zone.name),
        Level(f"{zone.name} proximal", middle, zone.end, zone.name),
    )


def zone_names(stem: Stem) -> tuple[str, ...]:
    """Return the names of the zones in the order of their codes."""
    return tuple(f"{level.name}, {quadrant}" for level in levels(stem) for quadrant in QUADRANTS)


def zone_codes(interface: Interface, stem: Stem) -> IntArray:
    """Return the zone of each interface vertex.

    Parameters
    ----------
    interface : Interface
    stem : Stem

    Returns
    -------
    ndarray, shape (n,)
        Rows of `zone_names`; -1 on a lag screw, and on the collar that is no anchor's plate. A vertex
        at the end of a coating belongs to the level of its own surface.
    """
    stretches = levels(stem)
    start, end = np.array([[level.start, level.end] for level in stretches]).T
    straight = interface.straight
    height = straight[:, 2, None]
    distance = np.maximum(np.maximum(start - height, height - end), 0.0)
    foreign = np.array([~interface.within(level.zone) for level in stretches]).T
    foreign &= ~(interface.within(SPLINES) | interface.within(THREAD))[:, None]
    row = np.argmin(distance + 2 * stem.length * foreign, axis=1)
    angle = np.arctan2(straight[:, 1], straight[:, 0])
    quadrant = np.floor(angle / (np.pi / 2) + 0.5 + 1e-9).astype(np.int64) % 4
    apart = interface.within(*OFF_FLANK) & (stem.anchor is None)
    return np.where(apart, -1, 4 * row + quadrant)


def zone_table(
    interface: Interface, stem: Stem, press_fit: State, motion: Micromotion | None
) -> tuple[ZoneValues, ...]:
    """Return the values of every zone that holds a vertex.

    Parameters
    ----------
    interface : Interface
    stem : Stem
    press_fit : State
    motion : Micromotion, or None
        None where no cycle is judged.

    Returns
    -------
    tuple of ZoneValues
    """
    codes, found = zone_codes(interface, stem), []
    for code, name in enumerate(zone_names(stem)):
        here = codes == code
        if not here.any():
            continue
        area = interface.area[here]
        level, quadrant = name.split(", ")
        values = ZoneValues(
            name=name,
            level=level,
            quadrant=quadrant,
            area=float(area.sum()),
            contact_percent=area_percent(press_fit.status != Status.OPEN, interface.area, here),
            mean_pressure=float(np.average(press_fit.traction[here, 0], weights=area)),
        )
        found.append(values if motion is None else _with_motion(values, here, interface, motion))
    return tuple(found)


def _with_motion(
    values: ZoneValues, here: BoolArray, interface: Interface, motion: Micromotion
) -> ZoneValues:
    touching = here & motion.touching
    area, moved = interface.area[touching], 1000 * motion.resulting[touching]
    values = replace(
        values,
        bands=area_bands(motion.resulting, motion.touching, interface.area, here),
        migration_mean_um=1000 * float(np.average(motion.migration[here], weights=interface.area[here])),
        largest_opening_um=1000 * float(motion.opening[here].max()),
    )
    if not touching.any():
        return values
    return replace(
        values,
        micromotion_mean_um=float(np.average(moved, weights=area)),
        micromotion_p95_um=area_percentile(moved, area, 95.0),
        micromotion_max_um=float(moved.max()),
    )
