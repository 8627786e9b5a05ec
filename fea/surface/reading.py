"""A triangulated surface out of a file, in mm.

meshio reads neither VTP nor a count: it takes a PLY file that declares more faces than it holds, decodes
a truncated binary STL file as text, and overflows on an ASCII one. So the three formats have readers of
their own here, which hold every declared count against the size of the file before they read on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from fea.surface.ply import read_ply
from fea.surface.raw import MOST_BYTES, Raw, damaged
from fea.surface.stl import read_stl
from fea.surface.vtp import read_vtp
from geometry.errors import GeometryError

#: Readers by the ending of a file's name.
READERS = {".stl": read_stl, ".ply": read_ply, ".vtp": read_vtp}

#: Units that a file may be in, mm each.
UNITS: Mapping[str, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "inch": 25.4}

#: The most that single precision may lose of a coordinate, mm.
MOST_LOST = 1e-3


def read_triangles(content: bytes, file: str, unit: str, extents: tuple[float, float]) -> Raw:
    """Read the triangles of an STL, PLY or VTP file.

    Parameters
    ----------
    content : bytes
    file : str
        Its name, for its ending and the sentences.
    unit : str
        One of `UNITS`, which such files do not state.
    extents : pair of floats, mm
        Between which the largest extent of the surface must lie.

    Returns
    -------
    Raw
        In mm.

    Raises
    ------
    GeometryError
        When the file is empty, too large, damaged, has a value that is no number, lies so far from the
        origin that its precision is lost, or has no size between the extents.
    """
    if not content.strip():
        raise GeometryError(f"The file {file} is empty: export the surface again.")
    if len(content) > MOST_BYTES:
        raise GeometryError(
            f"The file {file} has {len(content) / 1e6:.0f} MB, more than the {MOST_BYTES / 1e6:.0f} MB that"
            " are read: export it with a coarser tolerance."
        )
    raw = READERS[Path(file).suffix.lower()](content, file)
    wrong = np.flatnonzero(~np.isfinite(raw.points).all(axis=1))
    if len(wrong):
        raise damaged(
            file, f"{len(wrong)} of its points have a coordinate that is no finite number, first {wrong[0]}"
        )
    if raw.triangles.min() < 0 or raw.triangles.max() >= len(raw.points):
        raise damaged(file, f"a corner of a triangle is none of its {len(raw.points)} points")
    points = raw.points * UNITS[unit]
    _require_size(points[raw.triangles.ravel()], file, unit, extents)
    _require_precise(raw, file, unit)
    return Raw(points, raw.triangles, raw.single)


def _require_size(points: np.ndarray, file: str, unit: str, extents: tuple[float, float]) -> None:
    extent = float(np.ptp(points, axis=0).max())
    low, high = extents
    if low <= extent <= high:
        return
    if extent == 0:
        raise GeometryError(f"The surface in {file} has no extent at all: export it again.")
    fitting = [f'"{other}"' for other, scale in UNITS.items() if low <= extent * scale / UNITS[unit] <= high]
    advice = (
        f"state the unit that its numbers are in, with which it fits: {' or '.join(fitting)}"
        if fitting
        else "no unit that is known would fit; export it again"
    )
    raise GeometryError(
        f"The surface in {file} is {extent:.4g} mm long if its numbers are in {unit}, and must be"
        f" {low:g} to {high:g} mm: {advice}."
    )


def _require_precise(raw: Raw, file: str, unit: str) -> None:
    """Refuse single precision so far from the origin that a micrometre is lost."""
    if not raw.single:
        return
    row = int(np.abs(raw.points).max(axis=1).argmax())
    largest = np.float32(np.abs(raw.points[row]).max())
    lost = float(np.spacing(largest)) * UNITS[unit]
    if lost > MOST_LOST:
        x, y, z = raw.points[row] * UNITS[unit]
        raise GeometryError(
            f"The surface in {file} lies far from its origin, as at ({x:.6g}, {y:.6g}, {z:.6g}) mm, where the"
            f" single precision of the file loses {1000 * lost:.2g} um: move it to the origin before it is"
            " exported."
        )
