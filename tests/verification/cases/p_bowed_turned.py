"""Press fit of a bowed stem on meshes that do not match.

The fit of `p_bowed`, at the recommended size, with stem and bone meshed each for itself and the facets of
the bone turned by half a facet. Lamé's pressure holds but for the part that goes as cos phi, of the order of
the bone's radius over that of the bow; the gates are those of straight press fits on matching meshes, mean
0.5 % and root mean square 2 %, and the part that changes sign keeps its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from unittest.mock import patch

import numpy as np

from fea.mesh.build import build_mesh
from tests.verification.case import Answer, Check
from tests.verification.cases.p_bowed import BOW, LENGTH
from tests.verification.lame import FITS, pressure_checks
from tests.verification.press_fits import case_of, solved, unknowns

SOURCE = "Lamé"
SLOW = True


def solve() -> Answer:
    """Solve on two meshes that do not share the canal's surface."""
    case = case_of("a1")
    case = replace(
        case,
        bone=replace(case.bone, length=LENGTH),
        stem=replace(case.stem, length=LENGTH, bow_radius=BOW),
    )
    with patch("fea.solving.build_mesh", partial(build_mesh, conforming=False)):
        study = solved(case)
    exact, outer = FITS["a1"].pressure, FITS["a1"].outer
    checks, largest = pressure_checks(study, exact)
    straight = study.interface.straight
    away = (straight[:, 2] > 0.1 * LENGTH) & (straight[:, 2] < 0.9 * LENGTH)
    angle = np.arctan2(straight[away, 1], straight[away, 0])
    swing = 2 * study.walk.press_fit.traction[away, 0] * np.cos(angle) / exact
    share = float(np.average(swing, weights=study.interface.area[away]))
    name = "share of the pressure that changes sign across the axis"
    return Answer(
        (*checks, Check(name, 0.0, share, outer / BOW, False)),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
        note=f"largest pointwise error of the pressure away from the ends {100 * largest:.1f} %",
    )
