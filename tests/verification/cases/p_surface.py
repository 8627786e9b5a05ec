"""Press fit of a stem from triangles: A1's cylinder written as binary STL and read back.

96 needles stand for the cylinder, so that straight facets miss it by R (1 - cos(pi / 96)) = 3.7 um. The
curve is recovered, the surface meshed anew, and nodes within 0.1 mm of the wall are brought onto it.

The radial interference of 0.05 mm is stated; or the cylinder is drawn larger by it; or it is drawn 0.05 mm
smaller than the bore and 0.10 mm are stated. Lamé's pressure and displacement belong to the wall's radius
in all three.
"""

from __future__ import annotations

from dataclasses import replace

from fea.surface.mending import closed_surface
from fea.surface.reading import read_triangles
from fea.surface.smooth import smooth_sheet
from geometry.cad_stem import Pose
from geometry.fit import ZoneFit
from geometry.sheet_stem import SheetStem, sheet_stem
from tests.unit.surface_shapes import Shape, cylinder, stl
from tests.verification.case import Answer, Check
from tests.verification.lame import FITS, held_against
from tests.verification.press_fits import case_of, solved

SOURCE = "Lamé, closed form"
SLOW = True

AROUND = 96
#: Radial overlap of the shapes in mm; what is missing to A1's interference is stated.
OVERLAPS = {"stated": 0.0, "drawn": 0.05, "drawn smaller": -0.05}


def read_back(shape: Shape) -> SheetStem:
    """A stem of a binary STL file, in single precision."""
    content = stl(shape)
    whole = closed_surface(read_triangles(content, "a.stl", "mm", (10.0, 1000.0)), "a.stl")
    return sheet_stem("a.stl", "0" * 64, content, Pose(), "mm", smooth_sheet(whole, "a.stl"))


def solve() -> Answer:
    """Press the three cylinders into A1's hub."""
    case, exact = case_of("a1"), FITS["a1"]
    checks: list[Check] = []
    answers = {}
    for name, overlap in OVERLAPS.items():
        stem = read_back(cylinder(AROUND, exact.radius + overlap, 0.0, case.stem.length))
        fit = {zone: ZoneFit(exact.interference - overlap, one.friction) for zone, one in case.fit.items()}
        answers[name] = held_against(exact, solved(replace(case, stem=stem, fit=fit)))
        checks += [replace(check, quantity=f"{check.quantity}, {name}") for check in answers[name].checks]
    first = answers["stated"]
    return replace(first, checks=tuple(checks), note=f"of the first: {first.note}")
