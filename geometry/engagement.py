"""How stem and canal go together: which shape of the stem may be meshed without overlap.

Where the canal follows the stem's flank within `shared_within`, both share the canal's
surface and the difference is a datum of the fit; elsewhere the stem keeps the smaller
of its own and the canal's radius, and the bodies have surfaces of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geometry.anchor_seat import anchor_seat_faults, clearance_fault, plate_fault
from geometry.canal import Canal
from geometry.errors import GeometryError, direction_in_words
from geometry.profile import Profile
from geometry.rays import Rays
from geometry.reaming import Reaming
from geometry.screw_seat import require_seat
from geometry.socket import Socket
from geometry.spline_seat import spline_faults
from geometry.stem import Stem
from geometry.thread_seat import seat_faults

FloatArray = NDArray[np.float64]

#: Largest radial difference of stem and canal that is a datum of the fit alone, mm.
SHARED = 0.1
#: The same over the stem's diameter, which holds for stems thinner than 10 mm: moved by more, the shared
#: surface would change the bending stiffness of a thin stem by more than the mesh does.
SHARED_SHARE = 0.01

#: Largest radial overlap of a stem that is taken, mm.
LARGEST_OVERLAP = 0.25

_ANGLES = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)


@dataclass(frozen=True)
class Engagement:
    """What is meshed for a stem in a canal.

    Attributes
    ----------
    shared
        True where stem and bone share the canal's surface over the whole flank.
    blank : Profile
        The stem's flank and tip before the bone is taken out of it.
    reaming
        The reamer's sweep to take out of the bone; straight where its bow is a datum
        of the fit.
    clipped
        True where `blank` reaches into the bone, which must be taken out of it.
    """

    shared: bool
    blank: Profile
    reaming: Reaming | None
    clipped: bool


def engage(canal: Canal, stem: Stem) -> Engagement:
    """Decide which shapes are meshed.

    Parameters
    ----------
    canal : Canal
    stem : Stem

    Returns
    -------
    Engagement

    Raises
    ------
    GeometryError
        When the stem overlaps the bone by more than the fit can carry, splines, a thread or a lag screw
        do not seat, a coating's layer ends where bone is taken out of the stem, or an anchor's spindle
        does not clear the canal or its pins find no bone.
    """
    for requirement in spline_faults(canal, stem):
        assert stem.splines is not None
        raise GeometryError(f"The splines' height of {stem.splines.height:g} mm: {requirement}.")
    for size, requirement in seat_faults(canal, stem):
        raise GeometryError(f"The thread's {size} of {getattr(stem.thread, size):g} mm: {requirement}.")
    require_seat(canal, stem)
    if stem.anchor is not None:
        for pin, size, requirement in anchor_seat_faults(canal, stem):
            raise GeometryError(f"The {size} of the anchor's pin {1 + (pin or 0)}: {requirement}.")
        if fault := clearance_fault(canal, stem):
            raise GeometryError(f"An anchored stem: {fault}.")
        if fault := plate_fault(canal.bone, stem):
            raise GeometryError(f"An anchored stem: {fault}.")
        return Engagement(False, stem.profile, canal.reaming, False)
    if isinstance(canal.bone, Socket):
        # The cone stands on the socket's own surface; what its angle differs by is a datum of the fit.
        bore = Profile(canal.bone.mouth_radius, canal.bone.slope, stem.length, 0.0)
        return Engagement(True, bore, None, False)
    reaming = canal.reaming
    flank = _flank(canal, stem)
    wall = _along_wall(canal, flank)
    shared = shared_within(stem)
    if np.abs(wall).max() <= shared:
        meshed = replace(canal, reaming=None if reaming is None else replace(reaming, path="straight"))
        radius = meshed.round_natural_radius if reaming is None else reaming.diameter / 2
        if radius is None:
            blank = replace(stem.profile, radius=stem.diameter / 2 + max(float(wall.max()), 0.0))
        else:
            blank = Profile(radius, 0.0, stem.length, stem.tip_radius)
        overlap, _ = _overlap(meshed, stem, blank)
        _refuse_overlap(canal, stem)
        _refuse_cut_layer(stem, overlap)
        return Engagement(True, blank, meshed.reaming, bool(overlap > 1e-9))
    overlap, _ = _overlap(canal, stem, stem.profile)
    _refuse_overlap(canal, stem)
    _refuse_cut_layer(stem, overlap)
    return Engagement(False, stem.profile, reaming, bool(overlap > 1e-9))


def shared_within(stem: Stem) -> float:
    """Return the radial difference up to which a stem shares the canal's surface, mm."""
    return min(SHARED, SHARED_SHARE * stem.diameter)


def _flank(canal: Canal, stem: Stem) -> Rays:
    """Cast radial rays from the stem's flank inside the bone, 72 round it, one a millimetre."""
    top = min(stem.profile.fillet_start, canal.bone.length)
    return _rays(stem.profile, np.linspace(0.0, top, 2 + round(top)), radial_only=True)


def _rays(profile: Profile, levels: FloatArray, *, radial_only: bool = False) -> Rays:
    level, angle = (grid.ravel() for grid in np.meshgrid(levels, _ANGLES, indexing="ij"))
    radial, axial = profile.normal(level)
    if radial_only:
        radial, axial = np.ones_like(level), np.zeros_like(level)
    return Rays(angle, profile.at(level), level, radial, axial)


def _along_wall(canal: Canal, flank: Rays) -> FloatArray:
    """Measure the radial way from the flank to the surface that guides the stem: the reamed one, if any."""
    way = canal.way(flank, "natural" if canal.reaming is None else "reamer")
    return np.nan_to_num(way, posinf=1e3, neginf=-1e3)


def _overlap(canal: Canal, stem: Stem, profile: Profile) -> tuple[float, FloatArray]:
    """Find the greatest depth of a stem of this profile in the bone, and its point."""
    top = min(profile.length, canal.bone.length)
    levels = np.linspace(0.0, top, 2 + 2 * round(top))
    inside = _rays(profile, levels)
    points = inside.at(np.zeros(len(inside.level)))
    if profile.length < canal.bone.length:
        inner, outer = stem.bore_diameter / 2, profile.fillet_centre_radius
        radii = np.linspace(inner, max(inner, outer), 8)
        floor = [np.full(8, np.cos(t)) * radii for t in _ANGLES], [np.sin(t) * radii for t in _ANGLES]
        end = np.stack([*map(np.concatenate, floor), np.full(8 * len(_ANGLES), profile.length)], axis=1)
        points = np.concatenate([points, end])
    depth = canal.outside(points)
    worst = int(np.argmax(depth))
    return float(depth[worst]), points[worst]


def _refuse_overlap(canal: Canal, stem: Stem) -> None:
    """Refuse a nominal stem that overlaps the bone by more than the limit."""
    overlap, place = _overlap(canal, stem, stem.profile)
    if overlap <= LARGEST_OVERLAP:
        return
    advice = "ream wider or choose a thinner stem"
    if canal.bowed_reamer:
        wider = 2 * (overlap - LARGEST_OVERLAP)
        advice = f"ream at least {wider:.2g} mm wider, ream straight or choose a thinner stem"
    if canal.reaming is None:
        advice = "ream the canal or choose a thinner stem"
    elif place[2] > canal.reaming.profile.fillet_centre_level:
        advice = "ream deeper or choose a shorter stem"
    raise GeometryError(
        f"The stem overlaps the bone by {overlap:.2f} mm at z = {place[2]:.0f} mm"
        f" ({direction_in_words(place[0], place[1])}), more than the {LARGEST_OVERLAP:g} mm"
        f" that a fit carries: {advice}."
    )


def _refuse_cut_layer(stem: Stem, overlap: float) -> None:
    """Refuse a layer that ends within a flank out of which bone is cut, where no edge marks its end."""
    if overlap <= 1e-9:
        return
    layers = [zone for zone in stem.coatings if zone.thickness is not None]
    for level in (limit for zone in layers for limit in (zone.start, zone.end)):
        if 0.0 < level < stem.profile.fillet_start:
            raise GeometryError(
                f"A coating with a thickness cannot end at z = {level:g} mm on a stem that overlaps the"
                f" bone: ream the canal to the stem's {stem.diameter:g} mm, or leave the thickness out."
            )
