"""STEP files of small solids, drawn for tests."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import gmsh

from fea.cad.session import session
from fea.cad.step import quiet, read_step
from geometry.cad_stem import CadStem, Pose, cad_stem
from geometry.coating import Coating


def step(draw: Callable[[], object], unit: str = "MM") -> bytes:
    """The STEP file of what `draw` builds with gmsh's OCC kernel, its numbers stated in a unit."""
    with TemporaryDirectory() as folder, session():
        draw()
        gmsh.model.occ.synchronize()
        gmsh.option.setString("Geometry.OCCTargetUnit", unit)
        path = Path(folder) / "drawn.step"
        with quiet():
            gmsh.write(str(path))
        return path.read_bytes()


@cache
def cylinder(radius: float, low: float, high: float) -> bytes:
    return step(lambda: gmsh.model.occ.addCylinder(0, 0, low, 0, 0, high - low, radius))


@cache
def cone(first: float, second: float, low: float, high: float) -> bytes:
    return step(lambda: gmsh.model.occ.addCone(0, 0, low, 0, 0, high - low, first, second))


@cache
def square(width: float, corner: float, low: float, high: float) -> bytes:
    """A prism of square section with rounded corners."""

    def draw() -> None:
        occ = gmsh.model.occ
        face = occ.addRectangle(-width / 2, -width / 2, low, width, width, roundedRadius=corner)
        occ.extrude([(2, face)], 0, 0, high - low)

    return step(draw)


def stem_of(
    content: bytes,
    coatings: Sequence[Coating] = (),
    rotation_deg: tuple[float, float, float] = (0.0, 0.0, 0.0),
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> CadStem:
    x, y, z = map(math.radians, rotation_deg)
    pose = Pose((x, y, z), translation)
    digest = hashlib.sha256(content).hexdigest()
    return cad_stem("drawn.step", digest, content, pose, read_step(content, "drawn.step", pose), coatings)
