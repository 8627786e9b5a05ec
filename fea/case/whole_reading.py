"""A whole bone out of a file: read, mended, made curved, aligned, cut; its head found and its canal laid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fea.case.scan_reading import EXTENTS, Placing, content_of
from fea.surface.mending import closed_surface
from fea.surface.reading import read_triangles
from fea.surface.smooth import smooth_sheet
from geometry.curved import CurvedSurface
from geometry.errors import GeometryError
from geometry.scanned.bone import Scanned, canal_by_thickness
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.head import find_head
from geometry.scanned.scan import Scan, fit_scan
from geometry.scanned.shaft import Shaft, find_shaft, stated_shaft
from geometry.scanned.slices import FloatArray, Triangles, ray_crossings, section
from geometry.scanned.whole import Head, Held, Whole
from geometry.sheet import Sheet

#: Of the head's radius: up to how far from its centre the surface is held where nothing else is stated.
HELD_SHARE = 1.1
#: The least wall of a canal below its rounding, mm.
LEAST_CANAL = 5.0
#: Where nothing says where the canal ends, and the shaft's end does not do: by how much lower it is tried,
#: and no lower than this, mm.
_STEP, _SHORTEST = 2.5, 15.0
#: The support must end this far above the cut, mm.
_LOWEST = 2.0


@dataclass(frozen=True)
class WholePlacing:
    """What is stated of a whole bone beside its `Placing`.

    Attributes
    ----------
    stated_axis
        Whether the axis runs along the proximal direction as it stands, through the middle of the cut.
    canal_to : float, mm, or None
        Level at which the natural canal ends; the end of the shaft where None.
    centre : tuple of 3 floats, mm, or None
        Of the head, in the implant's frame; found where None.
    within, above : float, mm, or None
        See `geometry.scanned.whole.Held`.
    """

    stated_axis: bool = False
    canal_to: float | None = None
    centre: tuple[float, float, float] | None = None
    within: float | None = None
    above: float | None = None


def read_whole(path: Path, placing: Placing, stated: WholePlacing) -> Scanned:
    """Read a bone's surface and keep it as it is.

    Parameters
    ----------
    path : Path
        STL, PLY or VTP.
    placing : Placing
        Its length is not asked for.
    stated : WholePlacing

    Returns
    -------
    Scanned

    Raises
    ------
    GeometryError
        When the file cannot be read, its surface is no single skin, the cut does not cross one part of the
        bone alone, no axis or no head is found, or the shell leaves no canal.
    """
    content = content_of(path)
    closed = closed_surface(read_triangles(content, path.name, placing.unit, EXTENTS), path.name)
    sheet = smooth_sheet(closed, path.name)
    given = Triangles(closed.points, closed.triangles)
    directions = np.array(placing.proximal), np.array(placing.anterior)
    if stated.stated_axis:
        shaft = stated_shaft(given, *directions, placing.cut)
    else:
        shaft = find_shaft(given, *directions, placing.cut, axis=placing.axis)
    seen = given.moved(shaft.turn, shaft.origin, placing.axis)
    _require_one_part(seen, shaft.cut)
    placed = _moved(
        sheet, seen, lambda points: placing.axis.straighten((points - shaft.origin) @ shaft.turn.T)
    )
    held = held_part(placed.surface.points, stated)
    whole = Whole(placed, held, placing.thickness)
    canal, scan = _canal(seen, shaft, placing, stated)
    digest = hashlib.sha256(content).hexdigest()
    return Scanned(path.name, digest, closed.mended, seen, shaft, scan, canal, whole=whole)


def _moved(sheet: Sheet, seen: Triangles, place: Callable[[FloatArray], FloatArray]) -> Sheet:
    """Put a curved surface into the implant's frame, with the straight triangles that stand there."""
    surface = sheet.surface
    points, sharp = place(surface.points), place(sheet.sharp.reshape(-1, 3)).reshape(-1, 3, 3)
    x, y, z = place(np.array([sheet.chord_place]))[0].tolist()
    for array in (points, sharp):
        array.flags.writeable = False
    return replace(
        sheet,
        vertices=seen.points,
        surface=CurvedSurface(points, surface.triangles, surface.curvature),
        sharp=sharp,
        chord_place=(x, y, z),
    )


def _require_one_part(seen: Triangles, cut: float) -> None:
    """Refuse a cut that crosses several parts of a bone, or none that the axis runs in."""
    if seen.extent[1] <= 0.0:
        raise GeometryError(
            f"The cut lies {cut:g} mm above the bone's most distal point, outside the bone, which is"
            f" {seen.extent[1] - seen.extent[0]:.1f} mm long."
        )
    above = seen.points[seen.corners, 2] > 0.0
    crossed = seen.corners[above.any(axis=1) & ~above.all(axis=1)]
    graph = coo_array(
        (np.ones(2 * len(crossed)), (crossed[:, [0, 0]].ravel(), crossed[:, [1, 2]].ravel())),
        shape=(len(seen.points),) * 2,
    )
    label = connected_components(graph, directed=False)[1]
    count = len(np.unique(label[crossed[:, 0]]))
    if count != 1:
        raise GeometryError(
            f"The cut at {cut:g} mm crosses {count} separate parts of the bone: state another cut_mm, or"
            " other directions."
        )
    if any(len(ray) % 2 == 0 for ray in ray_crossings(section(seen, 0.0), np.zeros(1))):
        raise GeometryError(
            f"The implant's axis does not run in the bone at the cut at {cut:g} mm: state another cut_mm, or"
            " other directions."
        )


def held_part(points: FloatArray, stated: WholePlacing) -> Held:
    """Find what of a whole bone's outer surface is held.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
        Of the surface, in the implant's frame.
    stated : WholePlacing

    Returns
    -------
    Held

    Raises
    ------
    GeometryError
        When no head is found, or nothing of the surface lies in the support that is stated.
    """
    above = points[points[:, 2] > 0.0]
    if stated.above is not None:
        held = Held(above=stated.above)
    elif stated.centre is not None:
        assert stated.within is not None
        held = Held(Head(stated.centre, stated.within), stated.within)
    else:
        head = find_head(above)
        held = Held(head, HELD_SHARE * head.radius if stated.within is None else stated.within)
    inside = held.holds(above) > 0.0
    if inside.sum() < 3:
        raise GeometryError(
            f"Nothing of the bone's outer surface, whose highest point is at {above[:, 2].max():.1f} mm above"
            " the cut, lies in the support that bone.surface.held states: correct it."
        )
    if float(above[inside, 2].min()) < _LOWEST:
        raise GeometryError(
            "The support that bone.surface.held states reaches down to the cut: hold less of the bone."
        )
    return held


def _canal(
    seen: Triangles, shaft: Shaft, placing: Placing, stated: WholePlacing
) -> tuple[ClosedCanal | None, Scan | None]:
    """Lay the natural canal by the shell's thickness, closed at its end, and say through what."""
    if not placing.thickness or stated.canal_to == 0.0:
        return None, None
    if stated.canal_to is not None:
        return _closed(seen, stated.canal_to, placing)
    if stated.stated_axis:
        return None, None
    to = shaft.length
    while to > _SHORTEST:
        try:
            return _closed(seen, to, placing)
        except GeometryError:
            to -= _STEP
    return None, None


def _closed(seen: Triangles, to: float, placing: Placing) -> tuple[ClosedCanal, Scan]:
    scan = fit_scan(seen, to, ended="canal, bone.surface.canal_to_mm,")
    levels, thicknesses = np.array(placing.thickness).T
    walls = canal_by_thickness(scan.outer, levels, thicknesses, to)
    turns = np.linspace(-np.pi, np.pi, 36, endpoint=False)
    height = float(walls.radius(turns, np.full(36, to)).mean())
    if to - height < LEAST_CANAL:
        raise GeometryError(
            f"A canal that ends {to:g} mm above the cut and is rounded over its radius of {height:.1f} mm has"
            " no wall left: give a higher bone.surface.canal_to_mm, or 0 where there is no canal."
        )
    return ClosedCanal(walls, to - height, to), scan
