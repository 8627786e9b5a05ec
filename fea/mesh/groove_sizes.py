"""Smaller elements on flutes, splines and slot, growing away from them.

Along a bar the size is its arc from edge to edge over `PER_ARC` where the interface size is `USUAL` of
the stem's diameter; with the interface size it is finer or coarser, so that a coarser mesh is coarser
on grooves too. Where it runs out, its edges turn
round with the radius rho' m, with m the slope at which floor or crest meets the flank and 1/rho' the
sum of the curvatures of flute and flank, or the difference of those of spline and flank; chords of
0.7 times that radius follow the turn. Walls keep two elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from geometry.grooves import Bars
from geometry.stem import Stem

SizeField = Callable[[float, float, float], float]

#: Elements over the arc of a bar at the usual interface size, over the stem's diameter.
PER_ARC = 3.0
USUAL = 0.2
#: Least and largest factor on the size at another interface size.
_RANGE = (0.5, 1.4)
#: Growth of the element size per length away from bars and slot.
GROWTH = 0.5
#: Elements across a wall between a groove and the next surface.
_PER_WALL = 2


def groove_field(stem: Stem, interface: float) -> SizeField | None:
    """Make the element size that the grooves ask for a function of position.

    Parameters
    ----------
    stem : Stem
    interface : float, mm
        Size on the interface.

    Returns
    -------
    callable or None
        Size in mm at (x, y, z) in mm; None for a stem without grooves.
    """
    bore = stem.bore_diameter / 2
    share = min(max(interface / (USUAL * stem.diameter), _RANGE[0]), _RANGE[1])
    fields = [_bar_field(bars, bore, share) for bars in stem.grooves]
    if stem.spline_path is not None:
        fields.append(_bar_field(replace(stem.spline_path, low=0.0), bore, share))
    if stem.slot is not None:
        fields.append(_slot_field(stem, share))
    if not fields:
        return None

    def size(x: float, y: float, z: float) -> float:
        return min(field(x, y, z) for field in fields)

    return size


def _bar_field(bars: Bars, bore: float, share: float) -> SizeField:
    fine = share * bars.arc_length / PER_ARC
    if bars.rise < 0 and bore:
        fine = min(fine, (bars.flank_radius + bars.rise - bore) / _PER_WALL)
    half, tall = bars.width / 2, abs(bars.rise)
    long = math.hypot(1.0, bars.slope)
    turns = [
        (end, 0.7 * _turn(bars, run_out))
        for end, run_out in ((bars.low, bars.low_run_out), (bars.high, bars.high_run_out))
        if run_out
    ]

    def size(x: float, y: float, z: float) -> float:
        turn = math.atan2(y, x) - bars.first_angle
        turn = bars.first_angle + bars.pitch * round(turn / bars.pitch)
        cosine, sine = math.cos(turn), math.sin(turn)
        outward = x * cosine + y * sine - bars.flank_radius
        across = abs(y * cosine - x * sine)
        above = abs(outward + bars.slope * z) / long
        along = (z - bars.slope * outward) / long
        beyond = max(bars.low - along, along - bars.high, 0.0)
        best = fine + GROWTH * math.hypot(beyond, max(across - half, 0.0), max(above - tall, 0.0))
        for end, tight in turns:
            best = min(best, tight + GROWTH * math.hypot(along - end, across, above))
        return best

    return size


def _turn(bars: Bars, run_out: float) -> float:
    """Radius in which the edges turn round at the end of a run-out, mm."""
    rise = abs(bars.rise)
    slope = run_out / (bars.arc_radius(run_out) - rise)
    bend = 1.0 / bars.radius - math.copysign(1.0 / bars.flank_radius, bars.rise)
    return slope / bend


def _slot_field(stem: Stem, share: float) -> SizeField:
    slot = stem.slot
    assert slot is not None
    tip = stem.profile.flank(stem.length)
    fine = min(0.6 * share * slot.width, (tip - slot.width / 2) / _PER_WALL)
    root, half = stem.length - slot.depth, slot.width / 2
    sagittal, reach = slot.plane == "sagittal", stem.diameter / 2

    def size(x: float, y: float, z: float) -> float:
        across = abs(abs(y if sagittal else x) - half)
        beyond = max(math.hypot(x, y) - reach, 0.0)
        return fine + GROWTH * math.hypot(across, beyond, max(root - z, z - stem.length, 0.0))

    return size
