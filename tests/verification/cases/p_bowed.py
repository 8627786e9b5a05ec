"""Press fit of a bowed stem in a canal with the same bow.

Stem and bone of A1, longer, on an axis that is an arc of radius R = 700 mm, the tightest bow in use. Bending
carries every section over unchanged and stretches along the axis by x / R only, so that a frictionless fit
with free ends stays plane stress but for terms of the order of b / R = 2 % that change sign across the axis:
the mean pressure is Lamé's to (b / R)^2 = 0.04 %, and the pressure at an angle phi is p (1 + c cos phi) with
a c of that order. Also held: the volume of either body, that of its section times the length of the arc
(Pappus, exact as the centroids lie on the axis), to the error of quadratic facets.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.bodies.one_body import volume
from tests.verification.case import Answer, Check, Profile
from tests.verification.lame import FITS
from tests.verification.press_fits import case_of, pressure, solved, unknowns

SOURCE = "Lamé; Pappus's theorem"
SLOW = False

BOW, LENGTH, SIZE = 700.0, 42.0, 2.6


def solve() -> Answer:
    """Seat it as a case whose stem is bowed and whose bone has no bow more than the stem."""
    case = case_of("a1")
    case = replace(
        case,
        bone=replace(case.bone, length=LENGTH),
        stem=replace(case.stem, length=LENGTH, bow_radius=BOW),
        mesh=replace(case.mesh, interface=SIZE, far=SIZE, edge=0.85 * SIZE),
    )
    study = solved(case)
    exact = FITS["a1"].pressure
    interface = study.interface
    straight = interface.straight
    found = study.walk.press_fit.traction[:, 0]
    angle = np.arctan2(straight[:, 1], straight[:, 0])
    away = (straight[:, 2] > 0.1 * LENGTH) & (straight[:, 2] < 0.9 * LENGTH)
    share = np.average(2 * found[away] * np.cos(angle[away]) / exact, weights=interface.area[away])
    order = np.argsort(angle[away])
    mean = pressure(study, exact, 0.1 * LENGTH).mean
    a, b = FITS["a1"].radius, FITS["a1"].outer
    return Answer(
        checks=(
            Check("mean pressure, MPa", exact, mean, 5e-3),
            Check(
                "share of the pressure that changes sign across the axis", 0.0, float(share), b / BOW, False
            ),
            Check("volume of the stem, mm^3", np.pi * a**2 * LENGTH, volume(study.mesh.stem), 1e-3),
            Check("volume of the bone, mm^3", np.pi * (b**2 - a**2) * LENGTH, volume(study.mesh.bone), 1e-3),
        ),
        mesh=f"{unknowns(study)} unknowns, {SIZE:g} mm, bow radius {BOW:g} mm",
        profile=Profile(
            "angle from anterior, degrees",
            "pressure away from the ends, MPa",
            np.array([-180.0, 180.0]),
            np.array([exact, exact]),
            np.degrees(angle[away][order]),
            found[away][order],
        ),
        note=f"The pressure varies with cos(angle) by {100 * share:.2f} % of the mean.",
    )
