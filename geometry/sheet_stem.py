"""A stem from a triangulated surface: as one from CAD, with its smooth patches and sharp edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from geometry.cad_stem import CadStem, Pose, cad_stem
from geometry.coating import Coating
from geometry.curved import CurvedSurface
from geometry.sheet import Sheet

#: Ends that are flat within this are set flat, mm: single precision and a pose leave less.
_FLAT = 1e-3


@dataclass(frozen=True)
class SheetStem(CadStem):
    """A stem from a triangulated surface.

    Attributes
    ----------
    unit : str
        In which the file's numbers are.
    sheet : Sheet
        Its surface, with patches and sharp edges.
    mended : tuple of str
        What was changed in the file's triangles, a clause each.
    """

    unit: str = field(kw_only=True)
    sheet: Sheet = field(kw_only=True, repr=False, compare=False)
    mended: tuple[str, ...] = field(kw_only=True, repr=False, compare=False)

    def stated(self) -> dict[str, Any]:
        """Return the stem's values by name, nested as its parts are."""
        found = super().stated()
        return {
            "file": found.pop("file"),
            "file_unit": self.unit,
            **found,
            "triangles": len(self.sheet.straight),
            "chord_error": self.sheet.chord_error,
            "left_after_smoothing": float(self.sheet.remainder.max()),
            "mended": "; ".join(self.mended) or "nothing",
        }


def seated(sheet: Sheet, pose: Pose) -> Sheet:
    """Turn and move a surface, and set end faces that are flat but for round-off flat.

    Parameters
    ----------
    sheet : Sheet
    pose : Pose

    Returns
    -------
    Sheet
    """
    vertices, sharp = pose.seated(sheet.vertices), pose.seated(sheet.sharp.reshape(-1, 3))
    points = pose.seated(sheet.surface.points)
    for end in (float(vertices[:, 2].min()), float(vertices[:, 2].max())):
        if (np.abs(points[sheet.surface.triangles, 2] - end) <= _FLAT).all(axis=1).any():
            for places in (vertices, sharp, points):
                places[np.abs(places[:, 2] - end) <= _FLAT, 2] = round(end, 9)
    for places in (vertices, sharp, points):
        places.flags.writeable = False
    ((x, y, z),) = pose.seated(np.array([sheet.chord_place])).tolist()
    return replace(
        sheet,
        vertices=vertices,
        surface=CurvedSurface(points, sheet.surface.triangles, sheet.surface.curvature),
        sharp=sharp.reshape(-1, 3, 3),
        chord_place=(x, y, z),
    )


def sheet_stem(
    file: str,
    digest: str,
    content: bytes,
    pose: Pose,
    unit: str,
    sheet: Sheet,
    mended: Sequence[str] = (),
    coatings: Sequence[Coating] = (),
) -> SheetStem:
    """Make a stem of a surface as it stands in the file.

    Parameters
    ----------
    file, digest : str
    content : bytes
    pose : Pose
    unit : str
    sheet : Sheet
        Not seated yet.
    mended : sequence of str
    coatings : sequence of Coating

    Raises
    ------
    GeometryError
        As `geometry.cad_stem.cad_stem`.
    """
    there = seated(sheet, pose)
    plain = cad_stem(file, digest, content, pose, there.surface, coatings)
    return SheetStem(
        plain.diameter, plain.length, plain.protrusion, coatings=plain.coatings, file=file, digest=digest,
        pose=pose, content=content, surface=there.surface, unit=unit, sheet=there, mended=tuple(mended),
    )  # fmt: skip
