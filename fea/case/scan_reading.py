"""A residual bone out of a file: read, mended, aligned, cut and fitted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fea.surface.mending import closed_surface
from fea.surface.reading import READERS, read_triangles
from geometry.axis import STRAIGHT, Axis
from geometry.errors import GeometryError
from geometry.scanned.bone import Scanned, canal_by_thickness
from geometry.scanned.ends import distal_flare
from geometry.scanned.scan import fit_scan
from geometry.scanned.shaft import find_shaft
from geometry.scanned.slices import Triangles

#: Between which a bone's largest extent must lie, mm.
EXTENTS = (20.0, 700.0)


@dataclass(frozen=True)
class Placing:
    """How a bone's file is to be understood.

    Attributes
    ----------
    unit : str
        Of the file's numbers, which it does not state.
    proximal, anterior : tuple of 3 floats
        Directions in the file's axes, about.
    cut : float, mm, or None
        Level of the cut above the bone's most distal point; just above the surface's own end where None.
    length : float, mm
        Of the bone above the cut.
    thickness : tuple of pairs of floats, mm
        Level and thickness of the cortical shell; empty where the file has the canal, or there is none.
    axis : Axis
        The implant's.
    """

    unit: str
    proximal: tuple[float, float, float]
    anterior: tuple[float, float, float]
    cut: float | None
    length: float
    thickness: tuple[tuple[float, float], ...] = ()
    axis: Axis = STRAIGHT


def content_of(path: Path) -> bytes:
    """Return a surface file's content.

    Raises
    ------
    GeometryError
        When it is no file of a kind that is read.
    """
    if path.suffix.lower() not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise GeometryError(f"The file {path.name} must end in one of {kinds}, which are what is read.")
    if not path.is_file():
        raise GeometryError(f"There is no surface file at {path}; paths are relative to the case file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise GeometryError(f"The surface file {path} cannot be read ({error.strerror}).") from None


def read_bone(path: Path, placing: Placing) -> Scanned:
    """Read a bone's surface and make outlines of it.

    Parameters
    ----------
    path : Path
        STL, PLY or VTP.
    placing : Placing

    Returns
    -------
    Scanned

    Raises
    ------
    GeometryError
        When the file cannot be read, or its surface is no bone with a shaft.
    """
    content = content_of(path)
    closed = closed_surface(read_triangles(content, path.name, placing.unit, EXTENTS), path.name, hollow=True)
    whole = Triangles(closed.points, closed.triangles)
    shaft = find_shaft(
        whole, np.array(placing.proximal), np.array(placing.anterior), placing.cut, axis=placing.axis
    )
    seen = whole.moved(shaft.turn, shaft.origin, placing.axis)
    scan = fit_scan(seen, placing.length)
    canal = scan.canal
    if placing.thickness:
        if canal is not None:
            raise GeometryError(
                f"The surface in {path.name} has the canal as its second shell, so that the thickness"
                " is known: leave cortical_thickness_mm out."
            )
        levels, thicknesses = np.array(placing.thickness).T
        canal = canal_by_thickness(scan.outer, levels, thicknesses, placing.length)
    digest = hashlib.sha256(content).hexdigest()
    flare = distal_flare(seen, placing.length)
    return Scanned(path.name, digest, closed.mended, seen, shaft, scan, canal, flare=flare)
