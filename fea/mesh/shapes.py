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

from fea.mesh.grooves import flute_solids, seam_of, slot_solid
from fea.mesh.revolve import SEAM, DimTag, half_section, revolved, turned_section
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.profile import Profile
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Largest distance between the sections of a loft, mm.
SECTION_PITCH = 5.0


def outer_solid(bone: Bone) -> DimTag:
    """Build the bone's outer shape, filled.

    Parameters
    ----------
    bone : Bone
    """
    return _along_bone(bone, bone.outer_semi_axes)


def natural_canal(bone: Bone) -> DimTag:
    """Build the natural canal's void.

    Parameters
    ----------
    bone : Bone
    """
    return _along_bone(bone, bone.canal_semi_axes)


def _along_bone(bone: Bone, semi_axes: Callable[[FloatArray], FloatArray]) -> DimTag:
    """Build the solid with elliptic sections of the given semi-axes on the bone's centreline."""
    if bone.turned:
        # A cone's own generators, not a spline through its sections.
        levels = np.unique(
            [0.0, *(min(station.level, bone.length) for station in bone.stations), bone.length]
        )
        return revolved(turned_section(semi_axes(levels)[:, 0].tolist(), levels.tolist()))
    if bone.is_plain:
        levels = np.array([0.0, bone.length])
        (anterior, left), _ = semi_axes(levels)
        if anterior == left:
            solid = revolved(half_section(Profile(anterior, 0.0, bone.length, 0.0), 0.0, [], 0.0))
            gmsh.model.occ.translate([solid], -bone.axis_offset, 0, 0)
            return solid
    else:
        levels = section_levels(bone)
    axes, centres = semi_axes(levels), bone.centre(levels)
    wires = [
        _ellipse(float(x), float(z), *(float(axis) for axis in pair))
        for x, z, pair in zip(centres, levels, axes, strict=True)
    ]
    loft: DimTag = gmsh.model.occ.addThruSections(wires, makeSolid=True, makeRuled=len(wires) == 2)[0]
    return loft


def section_levels(bone: Bone) -> FloatArray:
    """List the levels of a loft's sections: all stations, and between them at most the pitch.

    Parameters
    ----------
    bone : Bone

    Returns
    -------
    ndarray, shape (n,), mm
    """
    marks = sorted({0.0, bone.length, *(station.level for station in bone.stations)})
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


def stem_solid(stem: Stem, blank: Profile, marks: list[float]) -> DimTag:
    """Build the stem with its collar, bore, flutes and slot, without its splines and abutment.

    Parameters
    ----------
    stem : Stem
    blank : Profile
        The stem's flank and tip as they are meshed.
    marks : list of float, mm
        Levels at which the flank carries an edge.
    """
    bore = stem.bore_diameter / 2
    bottom = stem.body_level
    occ = gmsh.model.occ
    threaded = () if stem.abutment is None else (stem.abutment.screw.start, stem.abutment.screw.end)
    body = revolved(half_section(blank, bottom, marks, bore, threaded))
    taken = flute_solids(stem.flute_bars, bottom, stem.length) if stem.flute_bars else []
    taken += [slot_solid(stem.slot, stem)] if stem.slot else []
    if turn := seam_of(stem) - SEAM:
        occ.rotate([body], 0, 0, 0, 0, 0, 1, turn)
    if taken:
        (body,) = occ.cut([body], taken)[0]
    if stem.collar is None:
        return body
    thickness = stem.collar.thickness
    ring = occ.addCylinder(0, 0, -thickness, 0, 0, thickness, stem.collar.diameter / 2)
    hole = occ.addCylinder(0, 0, -thickness, 0, 0, thickness, blank.radius)
    flange = occ.cut([(3, ring)], [(3, hole)])[0]
    fused: DimTag = occ.fuse([body], flange)[0][0]
    return fused


def bone_solid(canal: Canal, turn: float = 0.0, marks: Sequence[float] = ()) -> DimTag:
    """Build the bone without its canal.

    Parameters
    ----------
    canal : Canal
        The natural canal and the reamer's sweep to take out.
    turn : float, rad
        About which the seams of the reamer's sweep and of a round natural canal are turned.
    marks : sequence of float, mm
        Levels at which a straight reamed wall carries an edge.
    """
    occ = gmsh.model.occ
    outer, voids = outer_solid(canal.bone), [natural_canal(canal.bone), *reamer_solids(canal, marks=marks)]
    if turn and canal.round_and_coaxial:
        occ.rotate([voids[0]], 0, 0, 0, 0, 0, 1, turn)
    if turn and not canal.bowed_reamer:
        occ.rotate(voids[1:], 0, 0, 0, 0, 0, 1, turn)
    solids = occ.cut([outer], voids)[0]
    assert len(solids) == 1
    solid: DimTag = solids[0]
    return solid
