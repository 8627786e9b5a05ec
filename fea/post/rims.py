"""Rims: places where linear elasticity has a singular stress, so that no peak converges.

A sharp edge of contact, a step of friction and fit, a clamped face: the maximum
there grows as the mesh is refined. Points within the reach of a rim are left out of
judged peaks, and the rims are named wherever a peak is reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.post.rim_shapes import CurveRim, EdgeRim, HeldRim, HoleRim, Rim, SideRim, ThreadRim
from geometry.anchor import Anchor
from geometry.anchor_seat import mouth, outline
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.jaw import Jaw
from geometry.scanned.whole import Whole
from geometry.screw_seat import mouths
from geometry.stem import Stem

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Least distance from a rim at which a peak is judged, mm; at least one element. Of stems thinner than
#: 10 mm it is the second one of the diameter instead, because 2 mm would be half of a dental implant.
LEAST_REACH_mm = 2.0
LEAST_REACH_SHARE = 0.2

#: How far from a thread's ridges a peak is not judged, mm; of pitches below 2 mm a quarter of the pitch, but
#: at least a row of elements.
THREAD_REACH_mm = 0.5

#: Directions about the implant's axis in which an edge on the cut is sought.
_ANGLES = np.linspace(-np.pi, np.pi, 720, endpoint=False)

#: What a peak of the interface leaves out, in words: see `fea.model.interface.describe`.
RIMS_OF_ZONES = (
    "within one element of the interface of an edge of its zone (canal mouth, coating limits, end of contact)"
)


def least_reach(stem: Stem) -> float:
    """Return the least reach of a rim of a stem, mm."""
    return min(LEAST_REACH_mm, LEAST_REACH_SHARE * stem.diameter)


def thread_reach(case: Case) -> float:
    """Return how far the edges of a stem's thread disturb, mm."""
    assert case.stem.thread is not None
    return min(THREAD_REACH_mm, max(case.stem.thread.pitch / 4, case.mesh.interface / 4))


def rims(case: Case) -> tuple[Rim, ...]:
    """Return the rims of a case.

    Parameters
    ----------
    case : Case

    Returns
    -------
    tuple of Rim
    """
    found = (*_contact_rims(case), *_face_rims(case))
    return tuple(replace(rim, axis=case.stem.axis) for rim in found)


def near_rim(points: FloatArray, case: Case, body: str) -> BoolArray:
    """Tell which points of a body lie within the reach of one of its rims.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    case : Case
    body
        ``"stem"`` or ``"bone"``.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    found = np.zeros(len(points), dtype=bool)
    for rim in rims(case):
        if body in rim.bodies:
            found |= rim.covers(points)
    return found


def inside_rims(points: FloatArray, case: Case, body: str) -> FloatArray:
    """Return how deep points lie within the reach of a body's rims.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    case : Case
    body
        ``"stem"`` or ``"bone"``.

    Returns
    -------
    ndarray, shape (n,)
        1 on a rim, 0 at its reach, -1 from twice the reach on.
    """
    depth = np.full(len(points), -1.0)
    for rim in rims(case):
        if body in rim.bodies:
            depth = np.maximum(depth, 1.0 - rim.distance(points) / rim.reach)
    return depth


def left_out(case: Case, body: str) -> str:
    """Say which places the maxima of a body leave out.

    Parameters
    ----------
    case : Case
    body
        ``"stem"`` or ``"bone"``.

    Returns
    -------
    str
        Such as ``"within 3.1 mm of canal mouth at the cut, collar edge"``; empty without rims.
    """
    by_reach: dict[float, list[str]] = {}
    for rim in rims(case):
        if body in rim.bodies:
            names = by_reach.setdefault(rim.reach, [])
            names.extend([rim.name] if rim.name not in names else [])
    return "; ".join(f"within {reach:g} mm of {', '.join(names)}" for reach, names in by_reach.items())


def _contact_rims(case: Case) -> Iterator[Rim]:
    """Yield the edges of contact, from the cut to the tip."""
    stem, both = case.stem, ("stem", "bone")
    reach = max(least_reach(stem), case.mesh.interface)
    neck, reaming = stem.diameter / 2, case.reaming
    if reaming is not None and reaming.end_radius == 0.0 and reaming.depth < case.bone.length:
        # A bowed canal ends beside the implant's axis: the whole level is left out.
        radius = reaming.diameter / 2 if reaming.path == "straight" else None
        yield Rim("sharp end of the reamed canal", ("bone",), reaming.depth, reach, radius)
    if reaming is not None:
        straight = reaming.path == "straight"
        for step in reaming.steps:
            radius = reaming.diameter / 2 if straight else None
            yield Rim("step of the reamed canal", both, step.depth, reach, radius)
            if step.end_radius == 0.0 and straight:
                yield Rim("sharp corner of the canal's step", ("bone",), step.depth, reach, step.diameter / 2)
    if isinstance(stem, CadStem):
        yield from _rims_of_file(stem, case.bone.length, reach)
        return
    if stem.anchor is not None:
        yield Rim("corner of plate and spindle", ("stem",), 0.0, reach, neck)
        yield _edge_at_cut("canal mouth at the cut", both, reach, mouth(Canal(case.bone, reaming), _ANGLES))
    else:
        yield Rim("canal mouth at the cut", both, 0.0, reach, neck)
    if stem.collar is not None:
        yield Rim("collar edge", both, 0.0, reach, stem.collar.diameter / 2)
        if stem.anchor is None and _overhangs(case, stem.collar.diameter / 2):
            # The bone's edge is no circle about the implant's axis: the whole level is left out.
            yield Rim("edge of the bone under the collar", both, 0.0, reach)
        if stem.protrusion > stem.collar.thickness:
            yield Rim("corner of collar and neck", ("stem",), -stem.collar.thickness, reach, neck)
    yield from _abutment_rims(stem, reach)
    for level in sorted({limit for zone in stem.coatings for limit in (zone.start, zone.end)}):
        if 0 < level < stem.length:
            yield Rim("coating limit", both, level, reach, float(stem.profile.at(np.array([level]))[0]))
    for zone in stem.coatings:
        for level in (zone.start, zone.end) if zone.thickness is not None else ():
            depth = zone.thickness * np.hypot(1.0, stem.profile.slope)
            inner = float(stem.profile.at(np.array([level]))[0] - depth)
            yield Rim("end of the coating's layer", ("stem",), level, reach, inner)
    yield from _edge_rims(stem)
    if thread := stem.thread:
        yield ThreadRim(
            "sharp edges of the thread",
            both,
            thread.start,
            thread_reach(case),
            neck,
            end=thread.end,
            depth=thread.depth,
        )
    yield from _screw_rims(case)
    if stem.anchor is not None:
        yield from _anchor_rims(case, stem.anchor, reach)
        return
    ends = [("end of contact at the tip", stem.profile.fillet_start)]
    if case.bone.length < stem.length:
        ends = [("end of contact at the bone's end", case.bone.length)]
    for name, level in ends:
        yield Rim(name, both, level, reach, float(stem.profile.at(np.array([level]))[0]))


def _overhangs(case: Case, radius: float) -> bool:
    """Say whether a circle about the implant's axis on the cut lies off the bone anywhere."""
    angle = np.linspace(0.0, 2 * np.pi, 144, endpoint=False)
    ring = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0.0 * angle], axis=1)
    return bool(case.bone.outside_outer(ring).max() > 1e-6)


def _anchor_rims(case: Case, anchor: Anchor, reach: float) -> Iterator[Rim]:
    """Yield the bone's edge under a plate that is wider, and the holes of the pins."""
    assert case.stem.collar is not None
    edge = outline(case.bone, _ANGLES)
    if edge.min() < case.stem.collar.diameter / 2 - 1e-6:
        yield _edge_at_cut("edge of the bone under the plate", ("stem", "bone"), reach, edge)
    level = anchor.pins[0].level
    yield HoleRim("holes of the pins", ("bone",), level, LEAST_REACH_mm, anchor=anchor)


def _edge_at_cut(name: str, bodies: tuple[str, ...], reach: float, radii: FloatArray) -> Rim:
    """Return an edge on the cut by its radii at `_ANGLES`: a circle where it is one, else a curve."""
    if np.ptp(radii) < 1e-6:
        return Rim(name, bodies, 0.0, reach, float(radii[0]))
    x, y = (radii * np.cos(_ANGLES)).tolist(), (radii * np.sin(_ANGLES)).tolist()
    curve = tuple(zip(x, y, [0.0] * len(x), strict=True))
    return CurveRim(name, bodies, 0.0, reach, float(radii.max()), curve=curve)


def _rims_of_file(stem: CadStem, bone_end: float, reach: float) -> Iterator[Rim]:
    """Yield the edges of contact of a stem from a file: its outline at the levels where contact ends."""
    levels = [("canal mouth at the cut", 0.0)]
    limits = sorted({limit for zone in stem.coatings for limit in (zone.start, zone.end)})
    levels += [("coating limit", level) for level in limits if 0 < level < stem.length]
    if bone_end < stem.length:
        levels.append(("end of contact at the bone's end", bone_end))
    else:
        levels.append(("end of contact at the tip", stem.flank_end))
    for name, level in levels:
        outline = stem.rim(level)
        points = tuple((float(x), float(y), float(z)) for x, y, z in outline)
        radius = float(np.hypot(outline[:, 0], outline[:, 1]).max())
        yield CurveRim(name, ("stem", "bone"), level, reach, radius, curve=points)


def _abutment_rims(stem: Stem, reach: float) -> Iterator[Rim]:
    """Yield the edge of the joint where it is one, and where the screw's tractions end."""
    joint, abutment = stem.joint, stem.abutment
    if joint is None or abutment is None:
        return
    if abutment.own_material or abutment.diameter < stem.diameter:
        yield Rim(
            "edge of the joint of fixture and abutment", ("stem",), joint.level, reach, joint.outer_radius
        )
    if abutment.own_material:
        yield Rim("edge of the joint in the bore", ("stem",), joint.level, reach, joint.inner_radius)
    for level in (abutment.screw.start, abutment.screw.end):
        yield Rim("end of the screw's thread", ("stem",), level, reach, joint.inner_radius)
    head = abutment.screw.head_diameter
    if head is not None and head < abutment.diameter:
        yield Rim("edge of the screw's head", ("stem",), abutment.distal_level, reach, head / 2)


def _edge_rims(stem: Stem) -> Iterator[Rim]:
    """Yield the edges of flutes, splines and slot; they are meshed finer than the rest."""
    both, reach = ("stem", "bone"), least_reach(stem)
    for name, stated in (("edges of the flutes", stem.flutes), ("feet of the splines", stem.splines)):
        if stated is None:
            continue
        radius = float(stem.profile.at(np.array([(max(stated.start, 0.0) + stated.end) / 2]))[0])
        half = math.asin(stated.width / (2 * radius))
        middles = [stated.first_angle + math.tau * k / stated.number for k in range(stated.number)]
        angles = tuple(middle + side for middle in middles for side in (-half, half))
        end = min(stated.end, stem.length)
        yield EdgeRim(name, both, stated.start, reach, radius, end=end, angles=angles)
    if stem.slot is not None:
        radius = float(stem.profile.at(np.array([stem.length - stem.slot.depth]))[0])
        half = math.asin(stem.slot.width / (2 * radius))
        middle = 0.0 if stem.slot.plane == "sagittal" else math.pi / 2
        angles = tuple(middle + turn + side for turn in (0.0, math.pi) for side in (-half, half))
        yield EdgeRim(
            "edges of the slot",
            both,
            stem.length - stem.slot.depth,
            reach,
            radius,
            end=stem.length,
            angles=angles,
        )


def _screw_rims(case: Case) -> Iterator[Rim]:
    """Yield the edges between which a lag screw touches bone; they are meshed finer than the rest."""
    screw = case.stem.lag_screw
    if screw is None:
        return
    for name, curve in mouths(screw, Canal(case.bone, case.reaming), case.stem).items():
        words = f"{name.partition(' ')[2]} edge of the lag screw"
        points = tuple((float(x), float(y), float(z)) for x, y, z in curve)
        level, radius = float(curve[:, 2].mean()), float(np.hypot(curve[:, 0], curve[:, 1]).max())
        yield CurveRim(words, ("stem", "bone"), level, LEAST_REACH_mm, radius, curve=points)


def _face_rims(case: Case) -> Iterator[Rim]:
    """Yield the faces that are clamped."""
    stem, reach = case.stem, max(least_reach(case.stem), case.mesh.far)
    faces = (
        ("bone_proximal", "bone", case.bone.length),
        ("bone_distal", "bone", 0.0),
        ("stem_proximal", "stem", stem.length),
        ("stem_distal", "stem", stem.distal_level),
    )
    for key, body, level in faces:
        if getattr(case.supports, key) != "clamped":
            continue
        if body == "bone" and level > 0.0 and isinstance(whole := case.bone.outline, Whole):
            held = whole.held
            low = held.above if held.head is None else held.head.centre[2] - held.within
            assert low is not None
            yield HeldRim("edge of the held part of the bone", (body,), low, reach, held=held)
        else:
            yield Rim(f"clamped face of the {body}", (body,), level, reach)
    if case.supports.bone_ends == "clamped" and isinstance(jaw := case.bone.outline, Jaw):
        yield SideRim("clamped cuts of the bone", ("bone",), 0.0, reach, side=jaw.length / 2)
