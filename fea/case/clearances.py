"""What is wrong between bone, reamer and stem: samples of their surfaces, before any mesh.

Every surface is sampled at rings of points; a distance function of the other body says
how far each point lies inside or outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fea.case.anchor_tables import key_of
from fea.case.mistake import Mistake
from fea.case.screw_tables import seat_mistakes
from fea.case.thread_table import KEYS
from fea.case.uncertainty import Uncertain
from geometry.anchor_seat import anchor_seat_faults, clearance_fault, plate_fault
from geometry.bone import Bone
from geometry.cad_seat import cad_faults, cad_seat
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.engagement import LARGEST_OVERLAP
from geometry.errors import GeometryError, direction_in_words
from geometry.jaw import Jaw
from geometry.reaming import Reaming
from geometry.scanned.whole import Whole
from geometry.sheet_stem import SheetStem
from geometry.spline_seat import spline_faults
from geometry.stem import Stem
from geometry.thread_seat import seat_faults
from geometry.wall import least_wall

FloatArray = NDArray[np.float64]

#: Largest nominal overlap plus interference, as a fraction of the stem's radius: bone that
#: is stretched by more has long cracked, and small strains no longer describe it.
LARGEST_STRETCH = 0.05

#: Where a stem may be pressed: this near to the wall, mm.
NEAR_WALL = 0.1

#: What triangles may leave open of the flank's surface: of the radial interference stated, and at the least;
#: where none is stated, mm.
LEFT_SHARE, LEAST_LEFT, LEFT_WITHOUT = 0.1, 1e-3, 5e-3

_LEVELS, _ANGLES = 121, 48
_TOLERANCE_mm = 1e-6


def shape_mistakes(
    bone: Bone, reaming: Reaming | None, stem: Stem, interference: float, protrudes_proximally: bool
) -> Iterator[Mistake]:
    """Yield what does not go together between the shapes.

    Parameters
    ----------
    bone, reaming, stem
        The shapes, each sound in itself.
    interference : float, mm
        The largest radial interference that the case asks for.
    protrudes_proximally : bool
        Whether the stem may come out above the bone.
    """
    tip_leaves = stem.length > bone.length and not protrudes_proximally
    if tip_leaves:
        message = f"the tip leaves the bone, which is {bone.length:g} mm long; shorten the stem"
        if not isinstance(bone.outline, Whole):
            message += " or write stem.protrudes_proximally = true"
        key = "stem.file" if isinstance(stem, CadStem) else "stem.length_mm"
        yield Mistake(key, message, stem.length)
        if isinstance(bone.outline, Whole):
            return
    outside = None if isinstance(stem, CadStem) else next(_stem_outside_bone(bone, stem), None)
    if outside:
        yield outside
        return
    canal = Canal(bone, reaming)
    if reaming is not None:
        if reaming.depth > bone.length and stem.length < bone.length:
            message = f"the reamer leaves the bone, which is {bone.length:g} mm long; ream less deep"
            yield Mistake("reaming.depth_mm", message, reaming.depth)
        yield from _broken_wall(bone, reaming, canal)
    if isinstance(stem, CadStem):
        yield from _badly_seated(canal, stem, interference)
        return
    yield from _anchor_seat(canal, stem)
    if not tip_leaves and stem.anchor is None:
        yield from _overlap(canal, stem, interference)
    yield from _useless_collar(canal, stem)
    for requirement in spline_faults(canal, stem):
        assert stem.splines is not None
        yield Mistake("stem.splines.height_mm", requirement, stem.splines.height)
    for size, requirement in seat_faults(canal, stem):
        yield Mistake(f"stem.thread.{KEYS[size]}", requirement, getattr(stem.thread, size))
    for found in seat_mistakes(canal, stem):
        yield Mistake(*found)


def extreme_mistakes(
    shapes: Mapping[str, Any], inputs: Iterable[Uncertain], protrudes_proximally: bool
) -> Iterator[Mistake]:
    """Yield ends of uncertain ranges at which the shapes do not go together.

    Parameters
    ----------
    shapes : mapping
        ``bone``, ``reaming`` and ``stem``, which go together as they are stated.
    inputs : iterable of Uncertain
    protrudes_proximally : bool
    """
    bone, reaming, stem = shapes["bone"], shapes["reaming"], shapes["stem"]
    by_name = {item.name: item for item in inputs}
    if tight := by_name.get("diametral_interference_um"):
        found = shape_mistakes(bone, reaming, stem, tight.most / 2000.0, protrudes_proximally)
        for mistake in found:
            yield Mistake("uncertainty.diametral_interference_um.most", mistake.message, tight.most)
            break
    if wall := by_name.get("wall_change_mm"):
        for key, change in (("least", wall.least), ("most", wall.most)):
            if message := _broken_by(bone, reaming, stem, change):
                yield Mistake(f"uncertainty.wall_change_mm.{key}", message, change)


def _broken_by(bone: Bone, reaming: Reaming | None, stem: Stem, change: float) -> str | None:
    """Say why the bone cannot have a wall changed by so many mm; None where it can."""
    try:
        found = next(shape_mistakes(bone.thickened(change), reaming, stem, 0.0, True), None)
        return None if found is None else found.message
    except GeometryError as error:
        message = str(error).rstrip(".")
        return message[:1].lower() + message[1:]


def _rings(levels: FloatArray, radii: FloatArray) -> FloatArray:
    """Points, shape (levels x angles, 3), of circles about the implant axis."""
    angles = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    across = radii[:, None] * np.cos(angles), radii[:, None] * np.sin(angles)
    along = np.repeat(levels[:, None], _ANGLES, axis=1)
    return np.stack([*across, along], axis=-1).reshape(-1, 3)


def _stem_outside_bone(bone: Bone, stem: Stem) -> Iterator[Mistake]:
    """Yield where the stem is wider than the bone or comes out at its side."""
    levels = np.linspace(0.0, min(stem.length, bone.length), _LEVELS)
    points = _rings(levels, stem.profile.at(levels)).reshape(_LEVELS, _ANGLES, 3)
    outside = bone.outside_outer(points.reshape(-1, 3)).reshape(_LEVELS, _ANGLES)
    first = int((outside.max(axis=1) >= -_TOLERANCE_mm).argmax())
    worst = int(outside[first].argmax())
    if outside[first, worst] < -_TOLERANCE_mm:
        return
    x, y, level = points[first, worst]
    width = 2 * float(bone.outer_semi_axes(np.array([level])).min())
    thickness = 2 * float(np.hypot(x, y))
    if thickness >= width:
        message = f"the stem is wider than the bone, which is {width:.4g} mm wide at level {level:.4g} mm"
        yield Mistake("stem.diameter_mm", f"{message}; give a thinner stem", stem.diameter)
    else:
        side = direction_in_words(x, y)
        message = f"the stem leaves the bone on its {side} side at level {level:.4g} mm"
        if bone.posed:
            yield Mistake("seating", f"{message}; correct this pose, or give a shorter or thinner stem")
            return
        if isinstance(bone.outline, Jaw):
            advice = "give another bone.jaw.axis_offset_left_mm, less rounding or a wider segment"
            yield Mistake("stem.diameter_mm", f"{message}; {advice}", stem.diameter)
            return
        if isinstance(bone.outline, Whole):
            advice = 'give a shorter or thinner stem, or another axis with bone.surface.axis = "stated"'
            yield Mistake("stem.length_mm", f"{message}; {advice}", stem.length)
            return
        yield Mistake(
            "stem.length_mm",
            f"{message}; give a shorter stem, a larger bow_radius_mm or another axis_offset_anterior_mm",
            stem.length,
        )


def _broken_wall(bone: Bone, reaming: Reaming, canal: Canal) -> Iterator[Mistake]:
    """Yield where the reamer comes through the outer surface."""
    if isinstance(bone.outline, Whole):
        yield from _broken_whole(reaming, canal)
        return
    levels = np.linspace(*bone.span, _LEVELS)
    angles = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    points = bone.outer_places(np.tile(angles, _LEVELS), np.repeat(levels, _ANGLES))
    points = points[(points[:, 2] >= -_TOLERANCE_mm) & (points[:, 2] <= bone.length + _TOLERANCE_mm)]
    wall = canal.outside_reamer(points)
    least = int(wall.argmin())
    if wall[least] > _TOLERANCE_mm:
        return
    x, y, level = points[least]
    front, left = (float(way(np.array([level]))[0]) for way in (bone.centre, bone.centre_left))
    side = direction_in_words(x - front, y - left)
    message = (
        f"the reamer breaks the {side} wall of the bone at level {level:.4g} mm by {-wall[least]:.2g} mm;"
        " ream narrower or less deep"
    )
    if bone.posed:
        yield Mistake("seating", f"{message}, or correct this pose")
        return
    key = "reaming.train" if reaming.train else "reaming.diameter_mm"
    yield Mistake(key, message, ... if reaming.train else reaming.diameter)


def _broken_whole(reaming: Reaming, canal: Canal) -> Iterator[Mistake]:
    """Yield where canal or reamer come through a whole bone's surface."""
    wall = least_wall(canal)
    if wall.thickness > _TOLERANCE_mm:
        return
    x, y, level = wall.place
    message = (
        f"the reamer breaks the {direction_in_words(x, y)} wall of the bone at level {level:.4g} mm by"
        f" {-wall.thickness:.2g} mm; ream narrower or less deep"
    )
    key = "reaming.train" if reaming.train else "reaming.diameter_mm"
    yield Mistake(key, message, ... if reaming.train else reaming.diameter)


def _overlap(canal: Canal, stem: Stem, interference: float) -> Iterator[Mistake]:
    """Yield a stem that stands so deep in bone that no press-fit can mean it."""
    end = min(stem.length, canal.bone.length)
    levels = np.linspace(0.0, end, _LEVELS)
    points = _rings(levels, stem.profile.at(levels))
    if stem.length < canal.bone.length:
        flat = np.linspace(stem.bore_diameter / 2, stem.profile.fillet_centre_radius, 8)
        points = np.concatenate([points, _rings(np.full(8, stem.length), flat)])
    inside = canal.outside(points)
    worst = int(inside.argmax())
    overlap, level = max(float(inside[worst]), 0.0), float(points[worst, 2])
    reaming = canal.reaming
    if overlap > LARGEST_OVERLAP and reaming is not None and level > reaming.profile.fillet_start:
        message = (
            f"the reamer ends before the stem, whose tip is at {stem.length:g} mm, in bone that is not open"
        )
        yield Mistake("reaming.depth_mm", f"{message}; ream deeper", reaming.depth)
    elif overlap > LARGEST_OVERLAP:
        message = f"the stem overlaps the bone by {overlap:.4g} mm at level {level:.4g} mm"
        message += f", and more than {LARGEST_OVERLAP:g} mm is no fit"
        advice = "ream wider" if reaming else "ream the canal"
        if canal.bowed_reamer:
            advice = f"ream at least {2 * (overlap - LARGEST_OVERLAP):.2g} mm wider, ream straight"
        yield Mistake("stem.diameter_mm", f"{message}; {advice} or choose a thinner stem", stem.diameter)
    else:
        yield from _overstretched(overlap + interference, stem)


def _badly_seated(canal: Canal, stem: CadStem, interference: float) -> Iterator[Mistake]:
    """Yield what is wrong between a stem from a file and the canal."""
    found = list(cad_faults(canal, stem))
    for requirement in found:
        yield Mistake("stem.file", requirement, stem.file)
    if isinstance(stem, SheetStem):
        yield from _coarse(canal, stem, interference)
    if not found:
        yield from _overstretched(max(cad_seat(canal, stem).overlap, 0.0) + interference, stem)


def _coarse(canal: Canal, stem: SheetStem, interference: float) -> Iterator[Mistake]:
    """Yield a triangulation from which the flank is not recovered closely enough for the fit."""
    sheet = stem.sheet
    middles = sheet.surface.middles
    pressed = (middles[:, 2] > 0) & (middles[:, 2] < min(stem.length, canal.bone.length))
    pressed &= canal.outside(middles) > -NEAR_WALL
    left = np.where(pressed, sheet.remainder, 0.0)
    most = max(LEAST_LEFT, LEFT_SHARE * interference) if interference > 0 else LEFT_WITHOUT
    worst = int(left.argmax())
    if left[worst] > most:
        x, y, z = middles[worst].tolist()
        message = (
            f"the triangles are too coarse for this fit: the curved surface that is made of them may be off"
            f" by {1000 * left[worst]:.2g} um, as at ({x:.4g}, {y:.4g}, {z:.4g}) mm, and at most"
            f" {1000 * most:.2g} um may be left (straight, they miss it by up to"
            f" {1000 * sheet.chord_error:.2g} um); export the surface with a finer tolerance"
        )
        yield Mistake("stem.file", message, stem.file)


def _overstretched(tightness: float, stem: Stem) -> Iterator[Mistake]:
    """Yield a fit that would stretch the bone beyond what small strains describe."""
    if tightness > LARGEST_STRETCH * stem.diameter / 2:
        total, most = 2000 * tightness, 1000 * LARGEST_STRETCH * stem.diameter
        message = (
            f"overlap and diametral interference come to {total:.4g} um; give at most {most:.4g} um in all"
        )
        yield Mistake("fit", message)


def _anchor_seat(canal: Canal, stem: Stem) -> Iterator[Mistake]:
    """Yield an anchor's pins that find no bone, and a spindle that does not clear the canal."""
    anchor = stem.anchor
    if anchor is None:
        return
    for fault in anchor_seat_faults(canal, stem):
        row, _, requirement = fault
        yield Mistake(key_of(fault), requirement, anchor.pins[row or 0].level)
    if near := clearance_fault(canal, stem):
        yield Mistake("stem.diameter_mm", near, stem.diameter)
    if stem.collar is not None and (graze := plate_fault(canal.bone, stem)):
        yield Mistake("stem.collar.diameter_mm", graze, stem.collar.diameter)


def _useless_collar(canal: Canal, stem: Stem) -> Iterator[Mistake]:
    """Yield a collar that no bone is under."""
    if stem.collar is None:
        return
    rim = _rings(np.zeros(1), np.array([stem.collar.diameter / 2]))
    if (canal.outside(rim) <= _TOLERANCE_mm).all():
        message = "the collar is no wider than the canal at the cut, so that it cannot bear; give a wider one"
        yield Mistake("stem.collar.diameter_mm", message, stem.collar.diameter)
