"""Smaller elements where the solids have narrow faces or edges that turn sharply.

A face of width w between arcs of radius R is missed by chords of length h by h^2/8R;
curved elements stay sound while that is a tenth of w, so that h <= sqrt(0.8 R w). The
ends of a crescent, where two arcs cross at an angle a, ask for h <= 0.8 R a.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import gmsh
import numpy as np

from fea.mesh.abutment import abutment_radius
from fea.mesh.parts import FloatArray
from fea.mesh.screw_sizes import ring_field
from fea.mesh.sizes import GROWTH_AWAY, MeshSizes, interface_ends
from geometry.anchor_seat import outline
from geometry.canal import Canal
from geometry.profile import Profile
from geometry.rays import Rays
from geometry.stem import Stem

SizeField = Callable[[float, float, float], float]

#: No cap asks for less than this part of the interface size.
_LEAST = 0.1

#: Faces wider than this need no cap, mm.
_WIDE = 1.5

#: Parts of the rim of an anchor's plate, each with the size that its narrowest ring asks for.
_SECTORS = 48


@dataclass(frozen=True)
class Arc:
    """An arc about the implant axis with the element size on it.

    Attributes
    ----------
    size, radius, level : float, mm
    middle, half : float, rad
        Angle of its middle, and half the angle that it spans.
    """

    size: float
    radius: float
    level: float
    middle: float = 0.0
    half: float = math.pi

    def at(self, x: float, y: float, z: float) -> float:
        """Element size that the arc asks for at a point, mm."""
        off = abs(math.remainder(math.atan2(y, x) - self.middle, math.tau))
        along = self.radius * max(off - self.half, 0.0)
        away = math.hypot(math.hypot(x, y) - self.radius, along, z - self.level)
        return self.size + GROWTH_AWAY * away


def capped(field: SizeField, canal: Canal, stem: Stem, blank: Profile, sizes: MeshSizes) -> SizeField:
    """Refine a size field for the solids in gmsh's current model.

    Parameters
    ----------
    field : callable
        Size in mm at (x, y, z) in mm.
    canal : Canal
    stem : Stem
    blank : Profile
        The stem's flank and tip as they are meshed.
    sizes : MeshSizes

    Returns
    -------
    callable
    """
    least = _LEAST * sizes.interface
    arcs = [*_rings(canal, stem, blank), *_at_cut(canal, stem, blank)]
    arcs = [Arc(max(a.size, least), a.radius, a.level, a.middle, a.half) for a in arcs]
    arcs = [arc for arc in arcs if arc.size < sizes.interface]
    points = _sharp_edges(field, sizes)
    rings = ring_field(canal, stem, blank)

    def size(x: float, y: float, z: float) -> float:
        best = field(x, y, z)
        for arc in arcs:
            best = min(best, arc.at(x, y, z))
        for cap, u, v, w in points:
            best = min(best, cap + GROWTH_AWAY * math.dist((u, v, w), (x, y, z)))
        return best if rings is None else min(best, rings(x, y, z))

    return size


def capped_at_edges(field: SizeField, sizes: MeshSizes) -> SizeField:
    """Refine a size field where the edges of the solids in gmsh's current model turn sharply.

    Parameters
    ----------
    field : callable
        Size in mm at (x, y, z) in mm.
    sizes : MeshSizes

    Returns
    -------
    callable
    """
    points = _sharp_edges(field, sizes)

    def size(x: float, y: float, z: float) -> float:
        best = field(x, y, z)
        for cap, u, v, w in points:
            best = min(best, cap + GROWTH_AWAY * math.dist((u, v, w), (x, y, z)))
        return best

    return size


def _rings(canal: Canal, stem: Stem, blank: Profile) -> list[Arc]:
    """Caps on the narrow rings of the stem: collar, tip beside the bore, bands between edges."""
    rings = []
    if stem.collar is not None:
        width = min(stem.collar.diameter / 2 - blank.radius, stem.collar.thickness)
        cap = _for_width(width, blank.radius)
        rings += [Arc(cap, blank.radius, level) for level in (0.0, -stem.collar.thickness)]
    flat, bore = blank.fillet_centre_radius, stem.bore_diameter / 2
    if bore and blank.end_radius and 1e-6 < flat - bore < _WIDE:
        rings.append(Arc(_for_width(flat - bore, flat), flat, blank.length))
    if stem.abutment is not None:
        rings += _on_abutment(stem, blank)
    ends = interface_ends(canal.bone, stem)
    for low, high in pairwise(ends):
        rings += [Arc(high - low, float(blank.at(np.array([low]))[0]), level) for level in (low, high)]
    return rings


def _on_abutment(stem: Stem, blank: Profile) -> list[Arc]:
    """Caps on the rings that the abutment's screw acts on, and on a step between abutment and fixture."""
    assert stem.abutment is not None
    abutment, bore = stem.abutment, stem.bore_diameter / 2
    screw, outer = abutment.screw, abutment_radius(stem, blank)
    rings = [Arc(screw.end - screw.start, bore, level) for level in (screw.start, screw.end)]
    rings.append(Arc(_for_width(outer - bore, outer), outer, abutment.seat))
    if outer < blank.radius:
        rings.append(Arc(_for_width(blank.radius - outer, outer), outer, abutment.seat))
    if screw.head_diameter is not None and screw.head_diameter / 2 < outer:
        head = screw.head_diameter / 2
        widths = (head - bore, outer - head)
        rings += [Arc(_for_width(width, head), head, abutment.distal_level) for width in widths]
    return rings


def _at_cut(canal: Canal, stem: Stem, blank: Profile) -> list[Arc]:
    """Caps on the narrow faces that the canal's mouth cuts from the stem at the cut."""
    angle = np.linspace(-math.pi, math.pi, 1440, endpoint=False)
    one = np.ones_like(angle)
    way = canal.clearance(Rays(angle, blank.radius * one, 0 * one, one, 0 * one))
    faces = [np.clip(-way, 0.0, None)]
    if stem.collar is not None:
        faces.append(np.clip(way, 0.0, stem.collar.diameter / 2 - blank.radius))
    arcs = [arc for width in faces for arc in _crescents(angle, width, blank.radius)]
    if stem.collar is not None:
        rim = stem.collar.diameter / 2
        seat = float(-canal.clearance(Rays(angle, rim * one, 0 * one, one, 0 * one)).max())
        arcs += [Arc(_for_width(seat, rim), rim, 0.0)] if seat > 1e-6 else []
        if stem.anchor is not None:
            arcs += _between(angle, rim - outline(canal.bone, angle), rim)
    return arcs


def _between(angle: FloatArray, width: FloatArray, radius: float) -> list[Arc]:
    """Caps along the rim of an anchor's plate, whose distance from the bone's outline varies round it."""
    slope = np.abs(np.gradient(width, radius * (angle[1] - angle[0])))
    arcs: list[Arc] = []
    if np.abs(width).max() < 1e-6:
        return arcs
    for rows in np.array_split(np.arange(len(angle)), _SECTORS):
        crosses = width[rows].min() < 0 < width[rows].max()
        narrowest = 0.0 if crosses else float(np.abs(width[rows]).min())
        cap = max(_for_width(narrowest, radius), 0.8 * radius * float(slope[rows].max()))
        arcs.append(Arc(cap, radius, 0.0, float(angle[rows].mean()), math.pi / _SECTORS))
    return arcs


def _crescents(angle: FloatArray, width: FloatArray, radius: float) -> list[Arc]:
    """Caps on the crescents of a width given round the axis."""
    open_ = width > 1e-6
    if open_.all():
        return [Arc(_for_width(float(width.max()), radius), radius, 0.0)]
    starts = np.flatnonzero(open_ & ~np.roll(open_, 1))
    arcs = []
    for start in starts:
        count = int(np.argmin(np.roll(open_, -start)))
        peak = float(np.roll(width, -start)[:count].max())
        half = count * math.pi / len(angle)
        cap = min(_for_width(peak, radius), 1.6 * peak / half)
        arcs.append(Arc(cap, radius, 0.0, float(angle[start]) + half, half))
    return arcs


def _for_width(width: float, radius: float) -> float:
    return math.sqrt(0.8 * radius * max(width, 0.0)) if width < _WIDE else math.inf


def _sharp_edges(field: SizeField, sizes: MeshSizes) -> list[tuple[float, float, float, float]]:
    """Caps (size, x, y, z) where edges turn within less than an element."""
    least = 1.5 * _LEAST * sizes.interface
    sharp: list[tuple[float, float, float, float]] = []
    for _, curve in gmsh.model.getEntities(1):
        low, high = (float(bound[0]) for bound in gmsh.model.getParametrizationBounds(1, curve))
        along = np.linspace(low, high, 101)
        radius = 1.0 / np.maximum(gmsh.model.getCurvature(1, curve, along), 1e-12)
        places = np.asarray(gmsh.model.getValue(1, curve, along)).reshape(-1, 3)
        sharp += [(max(0.8 * r, least), *p) for r, p in zip(radius.tolist(), places.tolist(), strict=True)]
    caps: list[tuple[float, float, float, float]] = []
    for cap, x, y, z in sorted(sharp):
        room = min([field(x, y, z), *(c[0] + GROWTH_AWAY * math.dist(c[1:], (x, y, z)) for c in caps)])
        if cap < 0.8 * room:
            caps.append((cap, x, y, z))
    return caps
