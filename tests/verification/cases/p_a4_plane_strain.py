"""Press fit of steel on steel between rigid walls: plane strain (A4).

All four end faces are planes of symmetry, so that nothing lengthens. The formula of `p_a1` holds with

    E -> E / (1 - nu^2),    nu -> nu / (1 - nu),

which makes 82.41758 MPa of the 75 MPa of plane stress. With equal Poisson's ratios both bodies want
the same axial stress, nothing slides, and friction is idle: without friction, and with friction so
large that nothing can slip, the pressure is the same. (A long fit without slip and with equal
Poisson's ratios is in this state, too.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fea.case.case import Case, Supports
from geometry.fit import ZoneFit
from tests.verification.case import Answer, Profile
from tests.verification.lame import FITS, pressure_checks
from tests.verification.press_fits import case_of, solved, unknowns

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def between_walls(friction: float) -> Case:
    """A4 with every end face in its plane."""
    case = case_of("a4")
    walls = Supports("symmetric", "symmetric", "symmetric", "symmetric")
    fit = {zone: ZoneFit(FITS["a4"].interference, friction) for zone in case.fit}
    return replace(case, supports=walls, fit=fit)


def solve() -> Answer:
    """Solve without friction and without slip."""
    exact = FITS["a4"].plane_strain.pressure
    checks, largest = [], 0.0
    for friction, name in ((0.0, ", no friction"), (100.0, ", no slip")):
        study = solved(between_walls(friction))
        found, worst = pressure_checks(study, exact, name)
        checks += found
        largest = max(largest, worst)
    level, length = study.interface.points[:, 2], study.case.bone.length
    return Answer(
        checks=tuple(checks),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
        profile=Profile(
            "level, mm",
            "pressure without slip, MPa",
            np.array([0.0, length]),
            np.full(2, exact),
            level,
            study.walk.press_fit.traction[:, 0],
        ),
        note=f"largest pointwise error of the pressure away from the ends {100 * largest:.1f} %",
    )
