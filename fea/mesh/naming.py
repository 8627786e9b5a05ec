"""Names for the facets of a body, by where they lie.

Every limit of a name (the cut, the bone's end, coating limits, the tip) is an edge of
the solids, so that no facet lies on both sides of one and positions alone decide.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import FloatArray, IntArray, Part
from fea.mesh.pin_holes import PIN_HOLES, on_holes
from geometry.axis import Axis
from geometry.canal import Canal
from geometry.jaw import Jaw
from geometry.lag_screw import LagScrew
from geometry.profile import Profile
from geometry.scanned.whole import Whole
from geometry.screw_seat import hole
from geometry.stem import Stem
from geometry.zones import ABUTMENT, CANCELLOUS, COLLAR, ENDS, LAG_SCREW, SPLINES, THREAD, UNCOATED

#: How far a node may lie off its plane, mm.
_OFF_PLANE = 1e-6

#: How far a node may lie off a spline's surface, mm; the solids are true to less.
_OFF_SURFACE = 1e-4

#: Faces of a 10-node tetrahedron as 6-node triangles that point outwards.
FACES = np.array(
    [[0, 2, 1, 6, 5, 4], [0, 1, 3, 4, 8, 7], [1, 2, 3, 5, 9, 8], [0, 3, 2, 7, 9, 6]], dtype=np.int64
)


def boundary_facets(tets: IntArray) -> IntArray:
    """Find the faces that only one tetrahedron has.

    Parameters
    ----------
    tets : ndarray, shape (m, 10)

    Returns
    -------
    ndarray, shape (k, 6)
        Pointing outwards, in the order of their tetrahedra.
    """
    facets = tets[:, FACES].reshape(-1, 6)
    _, first, count = np.unique(np.sort(facets[:, :3], axis=1), axis=0, return_index=True, return_counts=True)
    return np.asarray(facets[np.sort(first[count == 1])])


def name_stem(
    points: FloatArray,
    tets: IntArray,
    canal: Canal,
    stem: Stem,
    blank: Profile,
    regions: Mapping[str, IntArray] | None = None,
) -> Part:
    """Make a part of the stem's elements.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    canal : Canal
    stem : Stem
    blank : Profile
        The flank and tip as they are meshed.
    regions : mapping of str to ndarray, optional
        Elements of other materials by name.

    Returns
    -------
    Part
    """
    facets = boundary_facets(tets)
    corners = points[facets[:, :3]]
    middle = corners.mean(axis=1)
    across = np.hypot(middle[:, 0], middle[:, 1])
    bore = stem.bore_diameter / 2
    in_bore = (bore > 0) & (across < (bore + blank.at(middle[:, 2])) / 2)
    distal = on_plane(corners, stem.distal_level)
    tip = on_plane(corners, stem.length)
    on_cut = on_plane(corners, 0.0) & ~distal
    over_bone = (canal.outside(middle) > 0) & (canal.bone.outside_outer(middle) < 0)
    top = min(stem.length, canal.bone.length)
    flank = (middle[:, 2] > 0) & (middle[:, 2] < top) & ~(in_bore | distal | tip | on_cut)
    grooves = on_grooves(points[facets], stem, blank)
    splines = grooves & _in_bone(points[facets], canal, stem, top)
    threaded = _threaded(middle, stem) & ~in_bore
    screw = _on_screw(points[facets], stem.lag_screw)
    flank &= ~grooves & ~threaded & ~_over_path(middle, stem) & ~screw
    over_bone &= ~_over_path(middle, stem)
    masks = {
        zone.name: flank & (middle[:, 2] > zone.start) & (middle[:, 2] < zone.end) for zone in stem.coatings
    }
    if stem.anchor is None:
        masks[UNCOATED] = flank & ~np.logical_or.reduce([np.zeros_like(flank), *masks.values()])
    if stem.collar is not None:
        masks[COLLAR] = on_cut & over_bone
    masks |= {"distal_end": distal, "proximal_end": tip & (stem.tip_radius == 0 or stem.anchor is not None)}
    if stem.splines is not None:
        masks[SPLINES] = splines
    if stem.thread is not None:
        masks[THREAD] = threaded & _on_wall(corners, canal)
    if stem.lag_screw is not None:
        masks[LAG_SCREW] = screw & _drilled(points[facets], canal, stem.lag_screw)
    masks["free"] = ~np.logical_or.reduce(list(masks.values()))
    if stem.abutment is not None and stem.abutment.own_material:
        below = points[tets[:, :4], 2].mean(axis=1) < stem.abutment.seat
        regions = {**(regions or {}), ABUTMENT: np.flatnonzero(below)}
    return frozen_part("stem", points, tets, {name: facets[mask] for name, mask in masks.items()}, regions)


def on_grooves(nodes: FloatArray, stem: Stem, blank: Profile) -> NDArray[np.bool_]:
    """Find facets of flutes, splines and slot.

    Parameters
    ----------
    nodes : ndarray, shape (k, 6, 3), mm
        Of each facet: all six, because an edge of a groove can hold all three corners.
    stem : Stem
    blank : Profile
        The flank and tip as they are meshed.

    Returns
    -------
    ndarray of bool, shape (k,)
        True where a facet's nodes lie nearer to the surface of a groove than to the turned one.
    """
    flat = nodes.reshape(-1, 3)
    off = np.abs([*(bars.outside(flat) for bars in stem.grooves), *_off_slot(flat, stem)])
    if not len(off):
        return np.zeros(len(nodes), dtype=bool)
    turned = np.abs(blank.outside(np.hypot(flat[:, 0], flat[:, 1]), flat[:, 2]))
    farthest = off.reshape(len(off), len(nodes), 6).max(axis=2).min(axis=0)
    return np.asarray(farthest < turned.reshape(-1, 6).max(axis=1))


def _in_bone(nodes: FloatArray, canal: Canal, stem: Stem, top: float) -> NDArray[np.bool_]:
    """Find facets of splines, among those of all grooves, that bone lies on.

    None does where a spline begins: on its way there it has cut the bone free.
    """
    bars = stem.spline_bars
    if bars is None:
        return np.zeros(len(nodes), dtype=bool)
    flat = nodes.reshape(-1, 3)
    middle = nodes.mean(axis=1)
    on_spline = np.abs(bars.outside(flat)).reshape(-1, 6).max(axis=1) < _OFF_SURFACE
    begun = bars.along(middle)[2] > bars.low + _OFF_PLANE
    within = (middle[:, 2] > 0) & (middle[:, 2] < top)
    return np.asarray(on_spline & begun & within & (canal.outside(middle) > 0))


def _threaded(middle: FloatArray, stem: Stem) -> NDArray[np.bool_]:
    """Find facets between a thread's ends that lie no farther from the axis than its crest."""
    thread = stem.thread
    if thread is None:
        return np.zeros(len(middle), dtype=bool)
    across = np.hypot(middle[:, 0], middle[:, 1])
    between = (middle[:, 2] > thread.start) & (middle[:, 2] < thread.end)
    return np.asarray(between & (across < stem.diameter / 2 + thread.depth + _OFF_SURFACE))


def _on_wall(corners: FloatArray, canal: Canal) -> NDArray[np.bool_]:
    """Find facets of a thread that stand nowhere clear of the drilled wall."""
    assert canal.reaming is not None
    across = np.hypot(corners[..., 0], corners[..., 1])
    return np.asarray((across > canal.reaming.diameter / 2 - _OFF_PLANE).all(axis=1))


def _on_screw(nodes: FloatArray, screw: LagScrew | None) -> NDArray[np.bool_]:
    """Find facets, shape (k, 6, 3), of a screw, ends included."""
    if screw is None:
        return np.zeros(len(nodes), dtype=bool)
    off = np.abs(screw.outside(nodes.reshape(-1, 3))).reshape(-1, 6)
    return np.asarray(off.max(axis=1) < _OFF_SURFACE)


def _drilled(nodes: FloatArray, canal: Canal, screw: LagScrew) -> NDArray[np.bool_]:
    """Find facets of a screw, ends left out, that its hole in bone lies on."""
    across, _ = screw.coordinates(nodes.reshape(-1, 3))
    round_ = np.abs(across.reshape(-1, 6) - screw.radius).max(axis=1) < _OFF_SURFACE
    middle = nodes[:, 3:].mean(axis=1)
    return np.asarray(round_ & (canal.outside(middle) > 0) & (canal.bone.outside_outer(middle) < 0))


def _over_path(points: FloatArray, stem: Stem) -> NDArray[np.bool_]:
    """Find points that a groove which splines have cut in the bone lies over."""
    path = stem.spline_path
    return np.zeros(len(points), dtype=bool) if path is None else path.outside(points) < 0


def _off_slot(points: FloatArray, stem: Stem) -> list[FloatArray]:
    return [] if stem.slot is None else [stem.slot.outside(points, stem.length)]


def name_bone(points: FloatArray, tets: IntArray, canal: Canal, stem: Stem) -> Part:
    """Make a part of the bone's elements.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    canal : Canal
    stem : Stem
        Whose splines have cut their shape into the canal, and whose screw or pins stand in holes.

    Returns
    -------
    Part
    """
    facets = boundary_facets(tets)
    corners = points[facets[:, :3]]
    cut, proximal = on_plane(corners, 0.0), on_plane(corners, canal.bone.length)
    nodes = corners.reshape(-1, 3)
    off_outer = np.abs(canal.bone.outside_outer(nodes)).reshape(-1, 3).max(axis=1)
    off_canal = np.abs(canal.outside(nodes)).reshape(-1, 3).max(axis=1)
    if stem.spline_path is not None:
        off_path = np.abs(stem.spline_path.outside(nodes)).reshape(-1, 3).max(axis=1)
        off_canal = np.minimum(off_canal, off_path)
    if stem.lag_screw is not None:
        # All six nodes: an edge of the hole can hold all three corners.
        drilled = _on_screw(points[facets], hole(stem.lag_screw, canal, stem))
        off_canal, off_outer = np.where(drilled, 0.0, off_canal), np.where(drilled, np.inf, off_outer)
    wall = off_canal < off_outer
    wall = ~(cut | proximal) & (wall | _threaded(corners.mean(axis=1), stem))
    masks = {"canal": wall, "cut": cut, "outer": ~(cut | proximal | wall), "proximal": proximal}
    if stem.anchor is not None:
        holes = on_holes(points[facets], stem.anchor)
        masks = {name: mask & ~holes for name, mask in masks.items()} | {PIN_HOLES: holes}
    if isinstance(jaw := canal.bone.outline, Jaw):
        ends = (np.abs(np.abs(corners[:, :, 0]) - jaw.length / 2) < _OFF_PLANE).all(axis=1)
        masks = {name: mask & ~ends for name, mask in masks.items()} | {ENDS: ends}
    if isinstance(whole := canal.bone.outline, Whole):
        held = (whole.held.holds(nodes).reshape(-1, 3) >= -_OFF_PLANE).all(axis=1) & (
            masks["outer"] | proximal
        )
        masks |= {"outer": (masks["outer"] | proximal) & ~held, "proximal": held}
    named = {name: facets[mask] for name, mask in masks.items()}
    if canal.bone.core is None:
        return frozen_part("bone", points, tets, named)
    inside = canal.bone.outside_core(points[tets[:, :4]].mean(axis=1)) < 0
    return frozen_part("bone", points, tets, named, {CANCELLOUS: np.flatnonzero(inside)})


def frozen_part(
    name: str,
    points: FloatArray,
    tets: IntArray,
    facets: Mapping[str, IntArray],
    regions: Mapping[str, IntArray] | None = None,
) -> Part:
    """Make a part whose arrays cannot be written.

    Parameters
    ----------
    name : str
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    facets : mapping of str to ndarray, shape (k, 6)
    regions : mapping of str to ndarray, shape (j,), optional

    Returns
    -------
    Part
    """
    regions = regions or {}
    for array in (points, tets, *facets.values(), *regions.values()):
        array.flags.writeable = False
    return Part(name, points, tets, facets, regions)


def bent(part: Part, axis: Axis) -> Part:
    """Carry a part that was meshed about a straight axis onto the implant's.

    Parameters
    ----------
    part : Part
    axis : Axis

    Returns
    -------
    Part
        The same one for a straight axis.
    """
    if axis.bow_radius is None:
        return part
    return frozen_part(part.name, axis.bend(part.points), part.tets, part.facets, part.regions)


def on_plane(corners: FloatArray, level: float) -> NDArray[np.bool_]:
    """Find facets with all corners at one level.

    Parameters
    ----------
    corners : ndarray, shape (k, 3, 3), mm
    level : float, mm

    Returns
    -------
    ndarray of bool, shape (k,)
    """
    return np.asarray((np.abs(corners[:, :, 2] - level) < _OFF_PLANE).all(axis=1))
