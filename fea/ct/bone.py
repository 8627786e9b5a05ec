"""A residual bone out of a CT volume: found, aligned, cut and fitted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fea.ct.reading import read_mask, read_scan
from geometry.axis import STRAIGHT, Axis
from geometry.errors import GeometryError
from geometry.scanned.bone import Imaging, Scanned
from geometry.scanned.ends import distal_flare
from geometry.scanned.imaged import Imaged
from geometry.scanned.scan import CANAL_SPLINES, OUTER_SPLINES, RAYS, Scan, closeness, level_grid
from geometry.scanned.shaft import LEAST_LENGTH, find_shaft
from geometry.scanned.slices import Triangles
from geometry.scanned.splined import fit_outline
from geometry.scanned.volume import find_bone

FloatArray = NDArray[np.float64]

#: Least radius of a canal about the axis, mm.
LEAST_CANAL = 1.0
#: How near to the bone's ends sections are taken, in voxels.
_SKIN_VOXELS = 1.5


@dataclass(frozen=True)
class Imager:
    """How a volume is to be understood.

    Attributes
    ----------
    threshold : float, HU
        Above which a voxel is bone.
    proximal, anterior : tuple of 3 floats
        Directions in the volume's frame, about.
    cut : float, mm
        Level of the cut above the bone's most distal voxel.
    length : float, mm
        Of the bone above the cut.
    cortical : float, HU, or None
        Of the bone in the wall, where it is not to be taken from the volume.
    axis : Axis
        The implant's.
    near : tuple of 3 floats, mm, or None
        A point in the volume's frame whose bone it is; None takes the largest.
    """

    threshold: float
    proximal: tuple[float, float, float]
    anterior: tuple[float, float, float]
    cut: float
    length: float
    cortical: float | None = None
    axis: Axis = STRAIGHT
    near: tuple[float, float, float] | None = None


def read_bone(path: Path, mask: Path | None, imager: Imager) -> Scanned:
    """Read a bone from a volume and make outlines of it.

    Parameters
    ----------
    path : Path
        The volume.
    mask : Path, optional
        The bone's voxels, on the same grid.
    imager : Imager

    Returns
    -------
    Scanned

    Raises
    ------
    GeometryError
        When the volume cannot be read, or has no bone with a shaft and a canal.
    """
    scan = read_scan(path)
    marked = None if mask is None else read_mask(mask, scan)
    near = None if imager.near is None else np.array(imager.near)
    found = find_bone(scan.volume, imager.threshold, marked, near)
    whole = Imaged(found, imager.threshold)
    shaft = find_shaft(
        whole,
        np.array(imager.proximal),
        np.array(imager.anterior),
        imager.cut,
        max(imager.length, LEAST_LENGTH + 1.0),
        imager.axis,
    )
    bone = whole.moved(shaft.turn, shaft.origin, imager.axis)
    top = bone.extent[1]
    if top < imager.length:
        raise GeometryError(
            f"The volume has {top:.0f} mm of bone above the cut, where length_mm is {imager.length:g} mm:"
            " shorten the bone, or cut it lower."
        )
    outer, canal, levels = bone.walls(imager.length, imager.cortical)
    if canal.min() < LEAST_CANAL:
        level = level_grid(imager.length)[int(np.argmin(canal.min(axis=0)))]
        raise GeometryError(
            f"At z = {level:.0f} mm the canal's wall is {canal.min():.1f} mm from the implant's axis, less"
            f" than {LEAST_CANAL:g} mm: the axis leaves the canal there; shorten the bone."
        )
    angles, places = np.linspace(-np.pi, np.pi, RAYS, endpoint=False), level_grid(imager.length)
    fits = (
        fit_outline(angles, places, outer, *OUTER_SPLINES),
        fit_outline(angles, places, canal, *CANAL_SPLINES),
    )
    seen = _joined(_triangles(angles, places, outer), _triangles(angles, places, canal, inward=True))
    points = seen.points[: outer.size]
    kept = (points[:, 2] > 0.0) & (points[:, 2] < imager.length)
    return Scanned(
        scan.name,
        scan.digest,
        (),
        seen,
        shaft,
        Scan(*fits, closeness(fits[0], points[kept])),
        fits[1],
        Imaging(bone, levels, mask is not None, near is not None),
        _flare(bone, imager.length),
    )


def _flare(bone: Imaged, length: float) -> float:
    """Measure as `distal_flare` does; 0 where the volume itself ends with the bone."""
    skin = _SKIN_VOXELS * float(bone.found.volume.spacing.max())
    beyond = bone.in_file(np.array([[0.0, 0.0, bone.extent[1] + skin]]))
    return distal_flare(bone, length, skin) if bone.found.volume.covers(beyond)[0] else 0.0


def _triangles(angles: FloatArray, levels: FloatArray, radii: FloatArray, inward: bool = False) -> Triangles:
    """Triangulate a wall, open at both ends, from its radii on a grid, shape (a, l)."""
    angle, level = (grid.ravel() for grid in np.meshgrid(angles, levels, indexing="ij"))
    points = np.column_stack([radii.ravel() * np.cos(angle), radii.ravel() * np.sin(angle), level])
    number = np.arange(radii.size).reshape(radii.shape)
    ahead = np.roll(number, -1, axis=0)
    a, b, c, d = number[:, :-1], ahead[:, :-1], ahead[:, 1:], number[:, 1:]
    pairs = [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    corners = np.concatenate(pairs)
    return Triangles(points, corners[:, ::-1] if inward else corners)


def _joined(one: Triangles, other: Triangles) -> Triangles:
    corners = np.concatenate([one.corners, other.corners + len(one.points)])
    return Triangles(np.vstack([one.points, other.points]), corners)
