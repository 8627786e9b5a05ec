"""The solids that gmsh's OCC kernel builds from geometry's functions.

Every function needs a running gmsh session and returns tags of volumes in its current
model. The seams of lofts lie posterior.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import gmsh
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from fea.mesh.grooves import flute_solids, seam_of, slot_solid
from fea.mesh.revolve import SEAM, DimTag, half_section, revolved, turned_section
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.jaw import Jaw, RoundedTrapezoid
from geometry.outline import Outline
from geometry.posed import PosedBone
from geometry.profile import Profile
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.whole import Whole
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Largest distance between the sections of a loft, mm.
SECTION_PITCH = 5.0


def outer_solid(bone: Bone, seam: float = -math.pi) -> DimTag:
    """Build the bone's outer shape, filled.

    Parameters
    ----------
    bone : Bone
        Of a whole one the cylinder that stands in for it.
    seam : float, rad
        Where closed splines begin.
    """
    if isinstance(bone.outline, Jaw):
        return prism(bone.outline, bone.outline.section)
    if isinstance(bone.outline, Whole):
        return revolved(
            half_section(Profile(stand_in_radius(bone), 0.0, stand_in_top(bone), 0.0), 0.0, [], 0.0)
        )
    if bone.outline is not None:
        solid = _along_outline(bone, bone.outline, seam)
    else:
        solid = _along_bone(bone, bone.outer_semi_axes)
    if not isinstance(bone, PosedBone):
        return solid
    return _between_levels(_placed(solid, bone), bone, 0.0, bone.length)


def stand_in_radius(bone: Bone) -> float:
    """Radius of the cylinder out of which the canal of a whole bone is cut, mm.

    The kernel knows no triangulated surface: of this solid only the canal's wall is taken.
    """
    levels = np.linspace(0.0, bone.length, 50)
    return 1.5 * float(bone.outer_semi_axes(levels).max()) + 10.0


def stand_in_top(bone: Bone) -> float:
    """Level of that cylinder's upper end, mm."""
    return bone.length + 10.0


def core_solid(bone: Bone) -> DimTag:
    """Build what lies within the cortical shell between the core's levels, canal and all.

    Parameters
    ----------
    bone : Bone
        With a core.
    """
    assert bone.core is not None
    if isinstance(bone.outline, Jaw):
        solid = prism(bone.outline, bone.outline.core)
    else:
        solid = _along_bone(bone, bone.core_semi_axes)
    first, last = bone.span
    low, high = max(bone.core.start, first), min(bone.core.end, last)
    if not (low <= first and high >= last):
        solid = _between_levels(solid, bone, low, high)
    return _placed(solid, bone)


def _placed(solid: DimTag, bone: Bone) -> DimTag:
    """Move a solid from the bone's frame into the implant's; the same one where both agree."""
    if isinstance(bone, PosedBone):
        x, y, z = Rotation.from_matrix(bone.pose.rotation.T).as_rotvec().tolist()
        gmsh.model.occ.translate([solid], *(-bone.pose.entry).tolist())
        if (angle := math.hypot(x, y, z)) > 0.0:
            gmsh.model.occ.rotate([solid], 0, 0, 0, x, y, z, angle)
    return solid


def _between_levels(solid: DimTag, bone: Bone, low: float, high: float) -> DimTag:
    """Keep what of a solid of the bone lies between two levels."""
    levels = np.linspace(0.0, bone.length, 9)
    reach = 2.0 * float(bone.outer_semi_axes(levels).max())
    reach += float(np.hypot(bone.centre(levels), bone.centre_left(levels)).max())
    slab = gmsh.model.occ.addBox(-reach, -reach, low, 2 * reach, 2 * reach, high - low)
    (kept,) = gmsh.model.occ.intersect([solid], [(3, slab)])[0]
    found: DimTag = kept
    return found


def shell_and_core(bone_tag: DimTag, bone: Bone) -> list[DimTag]:
    """Part a bone along the inner surface of its cortical shell, which both parts then share.

    Parameters
    ----------
    bone_tag : tuple
    bone : Bone
        With a core.
    """
    occ = gmsh.model.occ
    inside = occ.intersect([bone_tag], [core_solid(bone)], removeObject=False)[0]
    parted: list[DimTag] = [entity for entity in occ.fragment([bone_tag], inside)[0] if entity[0] == 3]
    return parted


def prism(jaw: Jaw, section: RoundedTrapezoid) -> DimTag:
    """Build a section of a jaw's segment from its mesial to its distal cut.

    Parameters
    ----------
    jaw : Jaw
    section : RoundedTrapezoid
    """
    occ, x, r = gmsh.model.occ, -jaw.length / 2, section.rounding
    corners = section.corners + np.array([jaw.shift, 0.0])
    centres = section.inset(r, r, r, 0.0).corners + np.array([jaw.shift, 0.0])
    ahead = np.roll(corners, -1, axis=0) - corners
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    starts, ends = [], []
    for k in range(4):  # where the edge before a corner stops, and the one behind it begins
        before = centres[k] - corners[k]
        stop = corners[k] + (before @ ahead[k - 1]) * ahead[k - 1]
        begin = corners[k] + (before @ ahead[k]) * ahead[k]
        ends.append(occ.addPoint(x, *stop.tolist()))
        starts.append(ends[-1] if r == 0.0 else occ.addPoint(x, *begin.tolist()))
    curves = []
    for k in range(4):
        if r > 0.0:
            curves.append(occ.addCircleArc(ends[k], occ.addPoint(x, *centres[k].tolist()), starts[k]))
        curves.append(occ.addLine(starts[k], ends[(k + 1) % 4]))
    face = occ.addPlaneSurface([occ.addCurveLoop(curves)])
    (solid,) = [entity for entity in occ.extrude([(2, face)], jaw.length, 0, 0) if entity[0] == 3]
    found: DimTag = solid
    return found


def _control_points(places: FloatArray) -> FloatArray:
    """Give the control points of the closed uniform cubic spline through places, shape (n, 3)."""
    ring = np.zeros(len(places))
    ring[[-1, 0, 1]] = 1.0, 4.0, 1.0
    spectrum = np.fft.rfft(places, axis=0) * 6.0 / np.fft.rfft(ring).real[:, None]
    return np.asarray(np.fft.irfft(spectrum, len(places), axis=0))


def _along_outline(bone: Bone, outline: Outline, seam: float) -> DimTag:
    """Build the solid within an outline: a loft through closed splines."""
    return _loft(outline, outline.section_levels(*bone.span), seam)


def _loft(outline: Outline, levels: FloatArray, seam: float, *, alone: bool = False) -> DimTag:
    """Build a loft through closed splines at levels; alone: without these, which have sizes of their own.

    Splines of gmsh's own through points are not smooth where they close, and the kernel takes minutes
    to cut them; of these it is given the control points.
    """
    count, _ = outline.detail
    occ, turns = gmsh.model.occ, seam + np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    wires, curves = [], []
    for level in levels.tolist():
        places = _control_points(outline.places(turns, np.full_like(turns, level)))
        points = [occ.addPoint(*place) for place in places.tolist()]
        curves.append(occ.addBSpline([*points, points[0]]))
        wires.append(occ.addWire([curves[-1]]))
    loft: DimTag = occ.addThruSections(wires, makeSolid=True, makeRuled=len(wires) == 2)[0]
    if alone:
        occ.remove([(1, curve) for curve in curves], recursive=True)
    return loft


def natural_canal(bone: Bone, seam: float = -math.pi) -> list[DimTag]:
    """Build the natural canal's void; of one that ends in the bone walls and rounding, which touch.

    In one loft the kernel would make waves of up to a millimetre where the distances of sections leap.

    Parameters
    ----------
    bone : Bone
    seam : float, rad
        Where closed splines begin.
    """
    if isinstance(canal := bone.canal_outline, ClosedCanal):
        walls = canal.section_levels(0.0, bone.length)
        return [_loft(canal, levels, seam, alone=True) for levels in (walls, canal.round_levels)]
    if bone.canal_outline is not None:
        return [_placed(_along_outline(bone, bone.canal_outline, seam), bone)]
    return [_placed(_along_bone(bone, bone.canal_semi_axes), bone)]


def _along_bone(bone: Bone, semi_axes: Callable[[FloatArray], FloatArray]) -> DimTag:
    """Build the solid with elliptic sections of these semi-axes on the bone's centreline, in its frame."""
    low, high = bone.span
    if isinstance(bone, PosedBone):
        bone = bone.stated
    if bone.turned:
        # A cone's own generators, not a spline through its sections.
        levels = np.unique(
            [0.0, *(min(station.level, bone.length) for station in bone.stations), bone.length]
        )
        return revolved(turned_section(semi_axes(levels)[:, 0].tolist(), levels.tolist()))
    if bone.is_plain:
        levels = np.array([low, high])
        (anterior, left), _ = semi_axes(levels)
        if anterior == left:
            solid = revolved(half_section(Profile(anterior, 0.0, high, 0.0), low, [], 0.0))
            gmsh.model.occ.translate([solid], -bone.axis_offset, 0, 0)
            return solid
    else:
        levels = section_levels(bone, low, high)
    axes, centres = semi_axes(levels), bone.centre(levels)
    wires = [
        _ellipse(float(x), float(z), *(float(axis) for axis in pair))
        for x, z, pair in zip(centres, levels, axes, strict=True)
    ]
    loft: DimTag = gmsh.model.occ.addThruSections(wires, makeSolid=True, makeRuled=len(wires) == 2)[0]
    return loft


def section_levels(bone: Bone, low: float = 0.0, high: float | None = None) -> FloatArray:
    """List the levels of a loft's sections: all stations, and between them at most the pitch.

    Parameters
    ----------
    bone : Bone
    low, high : float, mm
        Between which the loft runs; the bone's length for None.

    Returns
    -------
    ndarray, shape (n,), mm
    """
    last = bone.length if high is None else high
    marks = sorted({low, 0.0, bone.length, last, *(station.level for station in bone.stations)})
    pieces = [
        np.linspace(low, high, 1 + math.ceil((high - low) / SECTION_PITCH)) for low, high in pairwise(marks)
    ]
    return np.unique(np.concatenate(pieces))


def _ellipse(centre: float, level: float, anterior: float, left: float) -> int:
    """Draw an ellipse across the axis as a wire that starts posterior."""
    occ = gmsh.model.occ
    if anterior >= left:
        curve = occ.addEllipse(centre, 0, level, anterior, left, angle1=-math.pi, angle2=math.pi)
    else:
        curve = occ.addEllipse(
            centre, 0, level, left, anterior,
            angle1=-1.5 * math.pi, angle2=0.5 * math.pi, zAxis=[0, 0, 1], xAxis=[0, 1, 0],
        )  # fmt: skip
    wire: int = occ.addWire([curve])
    return wire


def reamer_solids(canal: Canal, below: float = 5.0, marks: Sequence[float] = ()) -> list[DimTag]:
    """Build what the reamer sweeps, from below the cut to its end.

    Parameters
    ----------
    canal : Canal
    below : float, mm
        How far it starts below the cut.
    marks : sequence of float, mm
        Levels at which a straight wall carries an edge.
    """
    if canal.reaming is None:
        return []
    if canal.steps:
        return [solid for one in (canal.main, *canal.steps) for solid in reamer_solids(one, below, marks)]
    profile = canal.reaming.profile
    if not canal.bowed_reamer or canal.bone.bow_radius is None:
        solid = revolved(half_section(profile, -below, list(marks), 0.0))
        if canal.bowed_reamer:
            gmsh.model.occ.translate([solid], -canal.bone.axis_offset, 0, 0)
        return [solid]
    bend = profile.fillet_centre_level
    ends = np.array([-below, bend])
    centres, _, tangents = canal.path_frame(ends)
    angle = math.asin(tangents[0, 0]) - math.asin(tangents[1, 0])
    disk = gmsh.model.occ.addDisk(*centres[0], profile.radius, profile.radius, zAxis=list(tangents[0]))
    middle = (canal.bone.bow_centre, 0.0, canal.bone.half_chord)
    swept = gmsh.model.occ.revolve([(2, disk)], *middle, 0, -1, 0, angle)
    solids = [entity for entity in swept if entity[0] == 3]
    if profile.end_radius > 0:
        end = Profile(profile.radius, 0.0, profile.end_radius, profile.end_radius)
        tip = revolved(half_section(end, 0.0, [], 0.0))
        gmsh.model.occ.rotate([tip], 0, 0, 0, 0, 1, 0, math.asin(tangents[1, 0]))
        gmsh.model.occ.translate([tip], *centres[1])
        solids = gmsh.model.occ.fuse(solids, [tip])[0]
    return solids


def stem_solid(stem: Stem, blank: Profile, marks: list[float], bone: Bone | None = None) -> DimTag:
    """Build the stem with its collar, bore, flutes and slot, without its splines and abutment.

    Parameters
    ----------
    stem : Stem
    blank : Profile
        The stem's flank and tip as they are meshed.
    marks : list of float, mm
        Levels at which the flank carries an edge.
    bone : Bone, optional
        In which it stands, as `seam_of` has it.
    """
    bore = stem.bore_diameter / 2
    bottom = stem.body_level
    occ = gmsh.model.occ
    threaded = () if stem.abutment is None else (stem.abutment.screw.start, stem.abutment.screw.end)
    body = revolved(half_section(blank, bottom, marks, bore, threaded))
    taken = flute_solids(stem.flute_bars, bottom, stem.length) if stem.flute_bars else []
    taken += [slot_solid(stem.slot, stem)] if stem.slot else []
    if turn := seam_of(stem, bone) - SEAM:
        occ.rotate([body], 0, 0, 0, 0, 0, 1, turn)
    if taken:
        (body,) = occ.cut([body], taken)[0]
    if stem.collar is None:
        return body
    thickness = stem.collar.thickness
    ring = occ.addCylinder(0, 0, -thickness, 0, 0, thickness, stem.collar.diameter / 2)
    hole = occ.addCylinder(0, 0, -thickness, 0, 0, thickness, float(blank.at(np.zeros(1))[0]))
    flange = occ.cut([(3, ring)], [(3, hole)])[0]
    fused: DimTag = occ.fuse([body], flange)[0][0]
    return fused


def bone_solid(
    canal: Canal, turn: float = 0.0, marks: Sequence[float] = (), seam: float = -math.pi
) -> DimTag:
    """Build the bone without its canal.

    Parameters
    ----------
    canal : Canal
        The natural canal and the reamer's sweep to take out.
    turn : float, rad
        About which the seams of the reamer's sweep and of a round natural canal are turned.
    marks : sequence of float, mm
        Levels at which a straight reamed wall carries an edge.
    seam : float, rad
        Where closed splines begin.
    """
    occ = gmsh.model.occ
    outer = outer_solid(canal.bone, seam)
    natural = natural_canal(canal.bone, seam) if canal.bone.hollow else []
    reamed = reamer_solids(canal, marks=marks)
    if turn and canal.round_and_coaxial:
        occ.rotate(natural, 0, 0, 0, 0, 0, 1, turn)
    if turn and not canal.bowed_reamer:
        occ.rotate(reamed, 0, 0, 0, 0, 0, 1, turn)
    solids = occ.cut([outer], [*natural, *reamed])[0]
    assert len(solids) == 1
    solid: DimTag = solids[0]
    return solid
