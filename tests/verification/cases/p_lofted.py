"""Press fit in a bone that is lofted through stations, all of them the same circle.

The bone of A1 stated by two stations instead of one, so that its surfaces are lofts between sections and not
cylinders: a shape that the mesher, the canal and the fit treat by other ways. The answer is that of A1, and
so are the gates, on a mesh with common facets and on one whose canal is turned by half a facet.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from unittest.mock import patch

from fea.mesh.build import build_mesh
from tests.verification.case import Answer, Check
from tests.verification.lame import FITS, pressure_checks
from tests.verification.press_fits import case_of, solved, unknowns
from tests.verification.sections import MESHES

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = True


def solve() -> Answer:
    """Solve on both meshes."""
    case = case_of("a1")
    (station,) = case.bone.stations
    stations = (replace(station, level=0.0), replace(station, level=case.bone.length))
    case = replace(case, bone=replace(case.bone, stations=stations))
    checks: list[Check] = []
    for name, conforming in MESHES.items():
        with patch("fea.solving.build_mesh", partial(build_mesh, conforming=conforming)):
            study = solved(case)
        checks += pressure_checks(study, FITS["a1"].pressure, f", {name}")[0]
    return Answer(
        tuple(checks),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
    )
