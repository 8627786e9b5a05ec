"""Stem and bone round a thread: both surfaces are one net, pushed out to the ridge, with layers behind.

gmsh meshes the solids as if there were no thread, with as many vertices as the net has on the two
circles between which it stands. The facets between them are then taken out of both surfaces and
the net is put in: at the ridge's radius on the stem, and on the bone at that radius or the
drill's, whichever is larger. So both bodies have the same facets wherever they touch, their edges
are the edges of the ridge, and no kernel has to build a helix. Layers of elements lead from the
net to a cylinder inside the core and to one beyond the crest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import gmsh
import numpy as np
from numpy.typing import NDArray

from fea.errors import MeshError
from fea.mesh.caps import SizeField
from fea.mesh.filling import Base, Filled, Surface, fill, straight
from fea.mesh.layered import rounded
from fea.mesh.layers import Sheath
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.sizes import MeshSizes
from fea.mesh.thread_net import Net, count_around, rows_of, weave
from geometry.bone import Bone
from geometry.profile import Profile
from geometry.stem import Stem
from geometry.thread import Thread
from geometry.wall import outer_distance

#: Layers of elements between the net and the cylinders on either side.
LAYERS = 2
#: Most elements in these layers: with what lies beyond them about a million unknowns.
MOST_TETS = 200_000
#: How far the cylinders lie from root and crest at most, over the thread's depth.
_REACH = 0.8
#: Edges in the bone follow the roundness of the outer cylinder within the first share of its radius and are
#: straight beyond the second one.
_ROUND, _STRAIGHT = 1.05, 1.25
#: Faces between cortical shell and core end so far from the outer cylinder, over the distance of vertices
#: round it; between, elements have the mean of both materials.
_CLEAR = 0.2
#: Under the drill, edges with an end within this share of its radius are straight.
_UNDER = 0.6
#: Least way from an end of the thread to another edge of the bodies, over that between vertices round the
#: crest: gmsh fills nothing beside a narrower strip, and may not say so.
_STRIP = 0.15
#: How far a vertex of gmsh's circles may lie off that of the net, mm.
_OFF = 1e-6


@dataclass(frozen=True, eq=False)
class Threading:
    """The net and the cylinders of a stem's thread.

    Attributes
    ----------
    thread : Thread
    core : float, mm
        Radius of the flank, as it is meshed.
    drilled : float, mm
        Radius of the canal.
    net : Net
    inner, outer : Sheath
        Layers towards the core and into the bone.
    """

    thread: Thread
    core: float
    drilled: float
    net: Net
    inner: Sheath
    outer: Sheath


def threading_of(
    stem: Stem, bone: Bone, blank: Profile, drill: Profile, sizes: MeshSizes, seam: float
) -> Threading | None:
    """Lay out the mesh round a stem's thread.

    Parameters
    ----------
    stem : Stem
    bone : Bone
    blank : Profile
        The flank as it is meshed.
    drill : Profile
        The canal as it is meshed.
    sizes : MeshSizes
    seam : float, rad
        Where gmsh's circles about the axis begin.

    Returns
    -------
    Threading or None
        None for a stem without a thread.

    Raises
    ------
    MeshError
        When its elements would be more than `MOST_TETS`, or one of its ends lies too near to another edge.
    """
    thread, drilled = stem.thread, drill.radius
    if thread is None:
        return None
    crest = blank.radius + thread.depth
    around = count_around(crest, sizes)
    limits = {level for zone in stem.coatings for level in (zone.start, zone.end)}
    _require_strips(
        thread, {0.0, bone.length, blank.fillet_start, drill.fillet_start, *limits}, math.tau * crest / around
    )
    net = weave(thread, around, rows_of(thread, sizes, drilled - blank.radius), seam)
    count = 2 * 3 * LAYERS * len(net.triangles)
    if count > MOST_TETS:
        raise MeshError(
            f"The thread would have about {count / 1e3:.0f} thousand tetrahedra, more than"
            f" {MOST_TETS / 1e3:g} thousand: give a larger stem.thread.pitch_mm, a shorter thread or a"
            " coarser mesh.interface_size_mm.",
            {"expected_tetrahedra": count},
        )
    reach = _REACH * thread.depth
    inside = min(reach, (blank.radius - stem.bore_diameter / 2) / 2)
    on_crest = np.stack([crest * np.cos(net.angle), crest * np.sin(net.angle), net.level], axis=1)
    beyond = min(reach, float(outer_distance(bone, on_crest).min()) / 2)
    ends = thread.start, thread.end
    return Threading(
        thread,
        blank.radius,
        drilled,
        net,
        Sheath(*ends, blank.radius - inside, LAYERS),
        Sheath(*ends, crest + beyond, LAYERS),
    )


def _require_strips(thread: Thread, edges: set[float], spacing: float) -> None:
    """Refuse a thread that ends beside an edge of the bodies, but not on it."""
    for key, end in (("from_mm", thread.start), ("to_mm", thread.end)):
        for level in sorted(edges):
            way = abs(end - level)
            if _OFF < way < _STRIP * spacing:
                raise MeshError(
                    f"The thread ends {way:.3g} mm from an edge of stem or bone at {level:.4g} mm, too near"
                    f" for elements of this size: leave {_STRIP * spacing:.3g} mm (stem.thread.{key}), or"
                    " choose a finer mesh.interface_size_mm.",
                    {"way": way},
                )


def hold_circles(threading: Threading) -> None:
    """Ask gmsh for as many vertices on the circles at both ends of a thread as its net has.

    Parameters
    ----------
    threading : Threading
    """
    around = threading.net.around
    for level in (threading.thread.start, threading.thread.end):
        for radius in {threading.core, threading.drilled}:
            arcs = [curve for _, curve in gmsh.model.getEntities(1) if _on_circle(curve, radius, level)]
            for arc in arcs:
                share = gmsh.model.occ.getMass(1, arc) / (math.tau * radius)
                gmsh.model.mesh.setTransfiniteCurve(arc, 1 + round(share * around))


def _on_circle(curve: int, radius: float, level: float) -> bool:
    low, high = (float(bound[0]) for bound in gmsh.model.getParametrizationBounds(1, curve))
    places = gmsh.model.getValue(1, curve, np.linspace(low, high, 5))
    x, y, z = np.asarray(places).reshape(-1, 3).T
    return bool((np.abs(np.hypot(x, y) - radius) < _OFF).all() and (np.abs(z - level) < _OFF).all())


def threaded_stem(
    surface: Surface, threading: Threading, blank: Profile, size: SizeField, algorithm: int
) -> Filled:
    """Fill a stem with a thread.

    Parameters
    ----------
    surface : pair of ndarray
        Of the stem without its thread, from `surface_of`.
    threading : Threading
    blank : Profile
        The flank as it is meshed.
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.

    Returns
    -------
    Filled
    """
    net, thread = threading.net, threading.thread
    radius = threading.core + thread.height(net.angle, net.level)
    woven, zone = _woven(surface, threading, threading.core, radius)
    depth = threading.core - threading.inner.radius
    base = Base(threading.inner, zone, _no_ends(threading, zone))
    return fill(woven, [base], lambda ends: rounded(ends, blank, depth), size, algorithm)


def threaded_bone(
    surface: Surface, threading: Threading, size: SizeField, algorithm: int, between: int = 0
) -> Filled:
    """Fill a bone that is tapped.

    Parameters
    ----------
    surface : pair of ndarray
        Of the drilled bone, from `surface_of`.
    threading : Threading
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.
    between : int
        How many of the last facets lie between cortical shell and core.

    Returns
    -------
    Filled
    """
    surface, between = _clear_of(surface, threading, between)
    net, thread = threading.net, threading.thread
    ridge = threading.core + thread.height(net.angle, net.level)
    woven, zone = _woven(surface, threading, threading.drilled, np.maximum(ridge, threading.drilled))
    base = Base(threading.outer, zone, _no_ends(threading, zone))
    last = len(zone) - int(zone.sum())
    border = slice(last - between, last)
    return fill(
        woven,
        [base],
        lambda ends: _rounded_beyond(ends, threading.outer.radius, threading.drilled),
        size,
        algorithm,
        border,
    )


def _clear_of(surface: Surface, threading: Threading, between: int) -> tuple[Surface, int]:
    """Leave out facets between shell and core that come so near to the thread that its layers meet them."""
    points, facets = surface
    if not between:
        return surface, 0
    outer, border = facets[: len(facets) - between], facets[len(facets) - between :]
    corners = points[border[:, :3]]
    spacing = math.tau * threading.outer.radius / threading.net.around
    reach = threading.outer.radius + _CLEAR * spacing
    level, thread = corners[..., 2], threading.thread
    room = _CLEAR * spacing
    near = (np.hypot(corners[..., 0], corners[..., 1]) < reach) & (
        (level > thread.start - room) & (level < thread.end + room)
    )
    kept = border[~near.any(axis=1)]
    return (points, np.concatenate([outer, kept])), len(kept)


def _rounded_beyond(ends: FloatArray, radius: float, drilled: float) -> FloatArray:
    """Put middles of edges halfway in angle and radius near a cylinder, halfway along the chord beyond.

    Also where an end lies within the drilled radius: in the bone under the end of the drill nothing is round.
    """
    middles = straight(ends)
    across = np.hypot(middles[:, 0], middles[:, 1])
    from_axis = np.hypot(ends[..., 0], ends[..., 1])
    wanted = from_axis.mean(axis=1)
    weight = np.clip((_STRAIGHT - across / radius) / (_STRAIGHT - _ROUND), 0.0, 1.0)
    weight *= np.clip((from_axis.min(axis=1) / drilled - _UNDER) / (1.0 - 1e-6 - _UNDER), 0.0, 1.0)
    middles[:, :2] *= 1.0 + (weight * (wanted / np.maximum(across, 1e-12) - 1.0))[:, None]
    return middles


def _no_ends(threading: Threading, zone: NDArray[np.bool_]) -> dict[float, NDArray[np.bool_]]:
    return {level: np.zeros_like(zone) for level in (threading.thread.start, threading.thread.end)}


def _woven(
    surface: Surface, threading: Threading, radius: float, ridge: FloatArray
) -> tuple[Surface, NDArray[np.bool_]]:
    """Put the net in the place of the facets between its rims, and tell which facets are its own."""
    points, facets = surface
    net, thread = threading.net, threading.thread
    corners = points[facets[:, :3]]
    level = corners[..., 2]
    on_wall = np.abs(np.hypot(corners[..., 0], corners[..., 1]) - radius).max(axis=1) < _OFF
    between = (level > thread.start - _OFF).all(axis=1) & (level < thread.end + _OFF).all(axis=1)
    kept = facets[~(on_wall & between)]
    count, split = int(facets[:, :3].max()) + 1, 2 * net.around
    added = len(net.angle) - split
    number = np.concatenate([_rims(points[:count], threading, radius), count + np.arange(added)])
    kept = np.where(kept >= count, kept + added, kept)
    middles, of_net = _middles(net, ridge)
    places = np.concatenate(
        [points[:count], _placed(net.angle, ridge, net.level)[split:], points[count:], middles]
    )
    own = np.hstack([number[net.triangles], len(points) + added + of_net])
    zone = np.concatenate([np.zeros(len(kept), dtype=bool), np.ones(len(own), dtype=bool)])
    return (places, np.concatenate([kept, own])), zone


def _placed(angle: FloatArray, radius: FloatArray, level: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), level], axis=1)


def _rims(vertices: FloatArray, threading: Threading, radius: float) -> IntArray:
    """Find gmsh's vertices on both circles in the order of the net's."""
    net, thread = threading.net, threading.thread
    across = np.hypot(vertices[:, 0], vertices[:, 1])
    found = []
    for row, level in enumerate((thread.start, thread.end)):
        rim = np.flatnonzero((np.abs(across - radius) < _OFF) & (np.abs(vertices[:, 2] - level) < _OFF))
        turned = np.arctan2(vertices[rim, 1], vertices[rim, 0]) - net.seam
        place = np.round(turned * net.around / math.tau).astype(np.int64) % net.around
        ordered = rim[np.argsort(place, kind="stable")]
        wanted = slice(row * net.around, (row + 1) * net.around)
        circle = _placed(net.angle[wanted], np.full(net.around, radius), net.level[wanted])
        if len(ordered) != net.around or np.abs(vertices[ordered] - circle).max() > _OFF:
            raise ValueError("the circles at the thread's ends were meshed in another way than its net")
        found.append(ordered)
    return np.concatenate(found)


def _middles(net: Net, ridge: FloatArray) -> tuple[FloatArray, IntArray]:
    """Place the middles of the net's edges, halfway in angle, level and radius.

    Returns
    -------
    places : ndarray, shape (e, 3), mm
    rows : ndarray, shape (t, 3)
        Of `places`, for the edges 01, 12, 20 of each triangle.
    """
    pairs = net.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    edges, rows = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    first, second = edges.T
    turn = np.remainder(net.angle[second] - net.angle[first] + math.pi, math.tau) - math.pi
    places = _placed(
        net.angle[first] + turn / 2,
        (ridge[first] + ridge[second]) / 2,
        (net.level[first] + net.level[second]) / 2,
    )
    return places, rows.reshape(-1, 3)
