"""The ranges that are taken where a case states none, each with its source and grade.

Ranges that follow from the case: a band of the case stands for its input; ends are moved so
that the case's own value lies within.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from fea.case.case import Bands, Case
from fea.case.uncertainty import LOG_UNIFORM, TRIANGULAR, UNIFORM, Uncertain, Uncertainty
from fea.loads.history import sample
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.wall import least_wall
from geometry.zones import COLLAR, fitted

_BAND = "band in the case file"
#: Ends of the effective diametral interference, um.
_INTERFERENCE_um = (2.5, 50.0)
_INTERFERENCE = (
    "engineering assumption: from the 2.5 um that full contact needs to give the pull-out force measured in"
    " synthetic femora (Welke 2013, abstract read; derived) to 50 um, taken as the optimum of a hip stem"
    " (Abdul-Kadir 2008, text not read)"
)
_FRICTION = (0.3, 0.9)
_FRICTION_SOURCE = (
    "engineering assumption: 0.3 to 0.9 about 0.5 for porous titanium on bone; 0.37 to 0.95 were measured on"
    " cancellous bone (Abedi 2025, abstract read)"
)
#: Transverse moduli of the softest and the stiffest cortical set over the default's 11.5 GPa.
_MODULUS = (0.6, 1.6)
_MODULUS_SOURCE = (
    "derived: Young's moduli across the bone of the library's four cortical sets, 6.9 (Knets) to 18.8 GPa"
    " (Yoon and Katz), over the 11.5 GPa of Reilly and Burstein (all from Cowin 1989, read second-hand)"
)
#: Half the spread of mid-shaft outer diameters, 26 to 30 mm, over their middle, as change of the wall.
_WALL_SHARE = 1.0 / 28.0
_WALL_SOURCE = (
    "engineering assumption: outer diameters of 26 to 30 mm about 28 mm in the middle of the femoral shaft,"
    " in proportion to this bone, but at most half its least wall"
)
#: Step and least size of the change where what stands in the bone leaves it less room, mm.
_LEAST_CHANGE = 0.1
_TO_SEAT = ", and less as far as {} it"
_WHO_ASKS = {
    "lag_screw": "the lag screw's ends ask for",
    "thread": "the wall beyond the thread asks for",
    "splines": "the wall beyond the splines asks for",
    "anchor": "the anchor's plate asks for",
}
_WEIGHT_SOURCE = (
    "engineering assumption, a placeholder: change of weight and what is carried, 10 % either way"
)
_WEIGHT_SHARE = 0.1
_BENDING = (0.8, 1.2)
_BENDING_SOURCE = (
    "derived: means of peak bending of 26.5 to 39.8 N m over level walking, stairs and slopes, over their"
    " middle (Thesleff, Ahmed et al. 2020, 20 persons, abstract read); single persons differ by more"
)


def uncertainty_of(case: Case) -> tuple[Uncertainty, bool]:
    """Return the ranges that a case is studied with.

    Parameters
    ----------
    case : Case

    Returns
    -------
    uncertainty : Uncertainty
        The case's own, or the defaults.
    stated : bool
        Whether they are the case's own.
    """
    if case.uncertainty is not None:
        return case.uncertainty, True
    zone = case.bands[0].zone if case.bands else fitted(case.fit)[0]
    inputs = (*_fit(case, zone), *_bone(case), *_load(case))
    return Uncertainty(zone, inputs), False


def _fit(case: Case, zone: str) -> Iterator[Uncertain]:
    """Yield interference and friction: the case's bands, else the defaults round the case's values."""
    own = 2000.0 * case.fit[zone].radial_interference
    bands = next((bands for bands in case.bands if bands.zone == zone), Bands(zone))
    band = bands.radial_interference
    low, high = (2000.0 * band[0], 2000.0 * band[1]) if band is not None else _holding(_INTERFERENCE_um, own)
    if low < high and zone != COLLAR:  # a collar has a gap, and no interference
        name, how = "diametral_interference_um", LOG_UNIFORM if low > 0.0 else UNIFORM
        source, grade = (_BAND, None) if band is not None else (_INTERFERENCE, "C1")
        yield Uncertain(name, how, source, grade, _plain(low), _plain(high))
    friction, stated = case.fit[zone].friction, bands.friction
    if stated is not None and stated[0] < stated[1]:
        yield Uncertain("friction", UNIFORM, _BAND, None, *stated)
    elif stated is None:
        ends = _holding(_FRICTION, friction)
        yield Uncertain("friction", TRIANGULAR, _FRICTION_SOURCE, "C2", *ends, peak=friction)


def _bone(case: Case) -> Iterator[Uncertain]:
    yield Uncertain("bone_modulus_factor", TRIANGULAR, _MODULUS_SOURCE, "D", *_MODULUS, peak=1.0)
    if not case.bone.stations:
        return  # a segment of the jaw has faces of their own thickness, which no one number varies
    # A default may thin no wall to nothing.
    thinnest = least_wall(Canal(case.bone, case.reaming), case.stem).thickness / 2.0
    outer = [
        width for station in case.bone.stations for width in (station.outer_anterior, station.outer_left)
    ]
    change = float(f"{min(2.0 * float(np.mean(outer)) * _WALL_SHARE, thinnest):.2g}")
    source = _WALL_SOURCE
    while change >= _LEAST_CHANGE and not _seats(case, change):
        who = next(words for part, words in _WHO_ASKS.items() if getattr(case.stem, part) is not None)
        change, source = float(f"{change - _LEAST_CHANGE:.2g}"), _WALL_SOURCE + _TO_SEAT.format(who)
    if change >= _LEAST_CHANGE:
        yield Uncertain("wall_change_mm", UNIFORM, source, "C2", -change, change)


def _seats(case: Case, change: float) -> bool:
    """Tell whether what stands in the bone seats at both ends of a change of the wall.

    The edge of an anchor's plate grazes that of a bone within a fifth of a millimetre, between the ends too.
    """
    if all(getattr(case.stem, part) is None for part in _WHO_ASKS):
        return True
    count = 2 if case.stem.anchor is None else 1 + math.ceil(2 * change / _LEAST_CHANGE)
    try:
        for wall in np.linspace(-change, change, count):
            engage(Canal(case.bone.thickened(float(wall)), case.reaming), case.stem)
    except GeometryError:
        return False
    return True


def _load(case: Case) -> Iterator[Uncertain]:
    """Yield body weight and bending where there is an activity, and where it bends."""
    if case.activity is None:
        return
    weight = case.activity.body_weight
    if weight is not None:
        ends = (_plain((1.0 - _WEIGHT_SHARE) * weight), _plain((1.0 + _WEIGHT_SHARE) * weight))
        yield Uncertain("body_weight_N", TRIANGULAR, _WEIGHT_SOURCE, "C3", *ends, peak=weight)
    _, components = sample(case.activity.history, case.activity.instants_per_cycle)
    if components[:, 3:5].any():
        yield Uncertain("bending_factor", UNIFORM, _BENDING_SOURCE, "D", *_BENDING)


def _holding(ends: tuple[float, float], value: float) -> tuple[float, float]:
    """Return ends moved so that they hold a value."""
    return min(ends[0], value), max(ends[1], value)


def _plain(value: float) -> float:
    """Return a value free of round-off in the tenth digit."""
    return float(f"{value:.10g}")
