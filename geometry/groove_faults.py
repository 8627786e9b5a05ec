"""What is wrong with flutes, splines and slot of a stem: one requirement for each size.

Every function yields pairs of the size's name (an attribute of the shape) and what it must be, so that
shapes and case files say the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from geometry.grooves import Flutes, Splines, chord_depth, section_radius
from geometry.profile import Profile
from geometry.slot import Slot

#: Least depth of a flute, mm: a floor nearer than this could touch bone, and it is not paired.
LEAST_DEPTH = 0.5
#: Least height of a spline, mm.
LEAST_HEIGHT = 0.2
#: Least width of a flute or a spline, and of the flank that is left between neighbours, mm.
LEAST_WIDTH, LEAST_LAND = 1.0, 0.5
#: Least wall between a flute's floor, a spline's foot or a slot and the next surface, mm.
LEAST_WALL = 1.0
#: How far below the flank a spline is rooted where it is joined to the stem, mm, below its edges' chord.
ROOT = 0.4
#: How near an edge of the slot may lie to one of a flute or spline, mm.
_LEAST_STEP = 0.3

Fault = tuple[str, str]


@dataclass(frozen=True)
class Turned:
    """The stem as it is turned, before anything is cut out of it or added to it."""

    profile: Profile
    bottom: float
    bore_radius: float
    collared: bool


def groove_faults(
    turned: Turned, flutes: Flutes | None, splines: Splines | None, slot: Slot | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong, as ``flutes``, ``splines`` or ``slot``, the size and the requirement.

    Parameters
    ----------
    turned : Turned
    flutes, splines, slot
        None for a stem without.
    """
    found = [("flutes", *fault) for fault in _flute_faults(turned, flutes)] if flutes else []
    found += [("splines", *fault) for fault in _spline_faults(turned, splines)] if splines else []
    found += [("slot", *fault) for fault in _slot_faults(turned, slot)] if slot else []
    yield from found
    if not found:
        yield from _together(turned.profile, flutes, splines, slot)


def _flute_faults(turned: Turned, flutes: Flutes) -> Iterator[Fault]:
    profile, depth = turned.profile, flutes.depth
    fixed = turned.collared or profile.slope != 0
    lowest = 0.0 if fixed else turned.bottom
    if flutes.start < lowest:
        reason = "the collar" if turned.collared else "the taper" if fixed else "the stem's distal end"
        yield "start", f"the flutes must begin at or above {reason}, at {lowest:g} mm"
    if flutes.end > profile.length:
        yield "end", f"the flutes must end on the stem, at most at {profile.length:g} mm"
    ends = (flutes.start > turned.bottom) + (flutes.end < profile.fillet_start)
    yield from _common_faults("flutes", flutes, profile, ends)
    flank = _thinnest(profile, flutes)
    if flutes.width >= 2 * flank:
        return
    below = chord_depth(flank, flutes.width)
    least, most = max(LEAST_DEPTH, 1.1 * below), below + flutes.width / 2
    if depth < least:
        reason = "surfaces nearer to the bone than that may touch it"
        reason = reason if least == LEAST_DEPTH else "the flank is as curved as that over their width"
        yield "depth", f"the flutes must be at least {least:.3g} mm deep, because {reason}"
    elif depth > most:
        yield "depth", f"flutes of this width can be at most {most:.3g} mm deep, a half circle"
    core = flank - depth - turned.bore_radius
    if core < LEAST_WALL:
        most = flank - turned.bore_radius - LEAST_WALL
        where = "between the flutes and the bore" if turned.bore_radius else "round the axis"
        yield "depth", f"the stem must keep {LEAST_WALL:g} mm {where}: give at most {most:.3g} mm"
    if least <= depth <= most:
        yield from _run_out_faults(flutes.run_out, depth, section_radius(flank, flutes.width, -depth), 0.0)


def _spline_faults(turned: Turned, splines: Splines) -> Iterator[Fault]:
    profile, height = turned.profile, splines.height
    if splines.start < 0:
        yield "start", "the splines must begin at the cut or above it"
    if splines.end > profile.fillet_start + 1e-9:
        yield "end", f"the splines must end where the tip's rounding begins, at {profile.fillet_start:g} mm"
    yield from _common_faults("splines", splines, profile, 1)
    flank = _thinnest(profile, splines)
    if splines.width >= 2 * flank:
        return
    below = chord_depth(flank, splines.width)
    most = splines.width / 2 - below
    if height < LEAST_HEIGHT:
        yield "height", f"the splines must be at least {LEAST_HEIGHT:g} mm high"
    elif height > most:
        yield "height", f"splines of this width can be at most {most:.3g} mm high, a half circle"
    root = below + ROOT
    foot = flank - turned.bore_radius - root - (height + root if splines.run_out else 0.0)
    if turned.bore_radius and foot < LEAST_WALL:
        yield "height", "the bore leaves no wall under the splines: give a narrower bore"
    if LEAST_HEIGHT <= height <= most:
        radius = section_radius(flank, splines.width, height)
        yield from _run_out_faults(splines.run_out, height, radius, height + root + 0.1)


def _common_faults(name: str, stated: Flutes | Splines, profile: Profile, ends: int) -> Iterator[Fault]:
    if stated.number < 2:
        yield "number", f"the {name} must be at least 2"
    length = stated.end - stated.start
    if length <= 0:
        yield "end", f"the {name} must end above their start, {stated.start:g} mm"
    elif ends * stated.run_out >= length:
        yield "run_out", f"the run-outs must be shorter than the {name}, which are {length:g} mm long"
    flank = _thinnest(profile, stated)
    if stated.width < LEAST_WIDTH:
        yield "width", f"the {name} must be at least {LEAST_WIDTH:g} mm wide"
    elif stated.width >= 2 * flank:
        yield "width", f"the {name} must be narrower than the stem, {2 * flank:g} mm"
    elif stated.number >= 2:
        land = 2 * flank * (math.pi / stated.number - math.asin(stated.width / (2 * flank)))
        if land < LEAST_LAND:
            most = 2 * flank * math.sin(math.pi / stated.number - LEAST_LAND / (2 * flank))
            yield (
                "width",
                f"{stated.number} {name} of this width leave less than {LEAST_LAND:g} mm of the flank between"
                f" them: give at most {max(most, 0.0):.3g} mm, or fewer {name}",
            )


def _run_out_faults(run_out: float, rise: float, section: float, floor: float) -> Iterator[Fault]:
    """Refuse arcs that are tighter than the section's circle."""
    if run_out <= 0 or rise <= 0:
        return
    tightest = 1.05 * max(section, floor, rise)
    least = math.sqrt(max(2 * rise * tightest - rise**2, 0.0))
    if run_out < least:
        yield "run_out", f"must be at least {math.ceil(100 * least) / 100:g} mm, or 0 for an end wall"


def _slot_faults(turned: Turned, slot: Slot) -> Iterator[Fault]:
    profile = turned.profile
    tip = profile.flank(profile.length)
    flat = min(tip, max(profile.fillet_centre_radius, tip / 2))
    most = 2 * (flat - LEAST_WALL)
    if most < LEAST_WIDTH:
        least = tip + LEAST_WALL + LEAST_WIDTH / 2 - flat
        yield (
            "width",
            f"the tip is too thin for a slot, which is {LEAST_WIDTH:g} mm wide at the least and leaves"
            f" {LEAST_WALL:g} mm on either side: give a tip of {2 * least:.3g} mm or less rounding",
        )
        return
    if slot.width > most:
        yield (
            "width",
            f"the slot must leave {LEAST_WALL:g} mm of the tip on either side: give at most {most:.3g} mm",
        )
    if slot.width < LEAST_WIDTH:
        yield "width", f"the slot must be at least {LEAST_WIDTH:g} mm wide"
    deepest = profile.length - LEAST_WALL
    if slot.depth > deepest:
        yield "depth", f"the slot must end above the cut: give at most {deepest:g} mm"
    if slot.depth < slot.width:
        yield "depth", f"the slot must be at least as deep as it is wide, {slot.width:g} mm"


def _together(
    profile: Profile, flutes: Flutes | None, splines: Splines | None, slot: Slot | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what overlaps: flutes and splines, or edges of the slot that all but meet theirs."""
    if flutes and splines and flutes.start < splines.end and splines.start < flutes.end:
        land = _least_land(profile, flutes, splines)
        if land < LEAST_LAND:
            yield (
                "splines",
                "first_angle",
                f"the splines must stand at least {LEAST_LAND:g} mm beside the flutes or end before them",
            )
    if slot is None:
        return
    root = profile.length - slot.depth
    for name, stated in (("flutes", flutes), ("splines", splines)):
        if stated is None or stated.end < root:
            continue
        step = min(
            abs(abs(edge) - slot.width / 2)
            for angle in _angles(stated)
            for edge in _edges_from_slot(stated, slot, angle, _thinnest(profile, stated))
        )
        if step < _LEAST_STEP:
            yield (
                "slot",
                "width",
                f"an edge of the slot lies {step:.2g} mm beside one of the {name}: leave at least"
                f" {_LEAST_STEP:g} mm between them, or let the {name} end below the slot, at {root:g} mm",
            )


def _edges_from_slot(stated: Flutes | Splines, slot: Slot, angle: float, flank: float) -> Iterator[float]:
    """Distances of a bar's two edges from the slot's middle plane, mm."""
    half = math.asin(stated.width / (2 * flank))
    for edge in (angle - half, angle + half):
        yield flank * (math.sin(edge) if slot.plane == "sagittal" else math.cos(edge))


def _least_land(profile: Profile, flutes: Flutes, splines: Splines) -> float:
    """Least flank between a flute and a spline, mm; negative where they overlap."""
    flank = min(_thinnest(profile, flutes), _thinnest(profile, splines))
    halves = math.asin(flutes.width / (2 * flank)) + math.asin(splines.width / (2 * flank))
    apart = min(abs(math.remainder(a - b, math.tau)) for a in _angles(flutes) for b in _angles(splines))
    return flank * (apart - halves)


def _angles(stated: Flutes | Splines) -> list[float]:
    return [stated.first_angle + math.tau * k / stated.number for k in range(stated.number)]


def _thinnest(profile: Profile, stated: Flutes | Splines) -> float:
    """Radius of the flank where bars end towards the tip, mm."""
    return profile.flank(max(min(stated.end, profile.fillet_start), profile.start))
