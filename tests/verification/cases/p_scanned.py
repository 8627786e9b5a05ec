"""Press fit in a bone that is given as a triangulated surface with its canal.

The bone of A1 as a scanner would give it: 144 straight chords round its outer surface and 120 round its
canal, which miss the canal's circle by 2.4 um, or 5 % of the interference, put anywhere in space. The axis is
found from the sections, closed splines are fitted through the triangles' corners, and bone and canal are
lofts through them. The answer is that of A1, and so are the gates, on a mesh with common facets and on one
whose canal is turned by half a facet.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from unittest.mock import patch

import numpy as np
from scipy.spatial.transform import Rotation

from fea.mesh.build import build_mesh
from geometry.bone import Bone
from geometry.scanned.scan import fit_scan
from geometry.scanned.shaft import find_shaft
from tests.bodies.scans import as_scanned, joined, shell
from tests.verification.case import Answer, Check
from tests.verification.lame import FITS, pressure_checks
from tests.verification.press_fits import case_of, solved, unknowns
from tests.verification.sections import MESHES

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = True

AHEAD = 30.0


def solve() -> Answer:
    """Fit the bone, and solve on both meshes."""
    case = case_of("a1")
    (station,) = case.bone.stations
    bone = scanned_bone(station.outer_anterior, station.canal_anterior, case.bone.length)
    turns = np.linspace(0.0, 6.0, 50)
    assert bone.outline is not None
    assert bone.canal_outline is not None
    off = bone.canal_outline.radius(turns, turns) - station.canal_anterior
    checks = [
        Check("distance of the canal from its circle, um", 0.0, 1e3 * float(np.abs(off).max()), 0.1, False)
    ]
    for name, conforming in MESHES.items():
        with patch("fea.solving.build_mesh", partial(build_mesh, conforming=conforming)):
            study = solved(replace(case, bone=bone))
        checks += pressure_checks(study, FITS["a1"].pressure, f", {name}")[0]
    return Answer(
        tuple(checks),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
    )


def scanned_bone(outer: float, canal: float, length: float) -> Bone:
    """Triangulate a tube longer than the bone, and read the bone from it."""
    turn, shift = (
        Rotation.from_euler("xyz", [7.0, -9.0, 20.0], degrees=True),
        np.array([110.0, -95.0, -900.0]),
    )
    tube = joined(
        shell(lambda a, z: np.full_like(a, outer), -AHEAD, length + AHEAD, 144, 60),
        shell(lambda a, z: np.full_like(a, canal), -AHEAD, length + AHEAD, 120, 60, inward=True),
    )
    surface = as_scanned(tube, turn, shift)
    shaft = find_shaft(surface, turn.apply([0.0, 0.0, 1.0]), turn.apply([1.0, 0.0, 0.0]), AHEAD)
    scan = fit_scan(surface.moved(shaft.turn, shaft.origin), length)
    return Bone(length, (), outline=scan.outer, canal_outline=scan.canal)
