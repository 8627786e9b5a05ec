"""Lamé's thick-walled tubes pressed together: closed forms, and a solved press fit held against them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fea.study import Study
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.press_fits import canal, nodal_mean, press_fit, pressure, unknowns


@dataclass(frozen=True)
class PressFit:
    """A stem in a hub of equal length, plane stress.

    Attributes
    ----------
    bore, radius, outer : float, mm
        Of the stem (0 for a solid one), of the interface, of the hub.
    stem, hub : tuple of 2 floats
        Young's modulus in MPa and Poisson's ratio, in the plane.
    interference : float, mm
        Radial.
    """

    bore: float
    radius: float
    outer: float
    stem: tuple[float, float]
    hub: tuple[float, float]
    interference: float

    @property
    def pressure(self) -> float:
        """Of the interface, MPa."""
        a, ri, b = self.radius, self.bore, self.outer
        give = ((b**2 + a**2) / (b**2 - a**2) + self.hub[1]) / self.hub[0]
        give += ((a**2 + ri**2) / (a**2 - ri**2) - self.stem[1]) / self.stem[0]
        return self.interference / (a * give)

    @property
    def hub_displacement(self) -> float:
        """Radial, of the hub at the interface, mm."""
        return self.pressure * self.radius * (self._ratio + self.hub[1]) / self.hub[0]

    @property
    def hub_hoop(self) -> float:
        """Hoop stress of the hub at the interface, MPa."""
        return self.pressure * self._ratio

    def hoop(self, radius: FloatArray) -> FloatArray:
        """Hoop stress of the hub, MPa."""
        share = self.radius**2 / (self.outer**2 - self.radius**2)
        return self.pressure * share * (1 + (self.outer / radius) ** 2)

    @property
    def plane_strain(self) -> PressFit:
        """The same between rigid walls: E to E / (1 - nu^2), nu to nu / (1 - nu)."""
        stem, hub = ((e / (1 - nu**2), nu / (1 - nu)) for e, nu in (self.stem, self.hub))
        return replace(self, stem=stem, hub=hub)

    @property
    def _ratio(self) -> float:
        return (self.outer**2 + self.radius**2) / (self.outer**2 - self.radius**2)


#: The project's verification cases, section 1. A6 is transversely isotropic along the axis, so that
#: only its transverse constants count.
FITS = {
    "a1": PressFit(0, 7, 14, (110000, 0.3), (17000, 0.3), 0.05),
    "a2": PressFit(3, 7, 14, (110000, 0.3), (17000, 0.3), 0.05),
    "a3": PressFit(0, 6, 13, (210000, 0.3), (16700, 0.36), 0.03),
    "a4": PressFit(0, 10, 20, (200000, 0.3), (200000, 0.3), 0.01),
    "a5": PressFit(0, 8, 25, (110000, 0.3), (400, 0.25), 0.1),
    "a6": PressFit(0, 8, 14, (110000, 0.3), (11500, 0.58), 0.025),
}


def pressure_checks(study: Study, exact: float, name: str = "") -> tuple[list[Check], float]:
    """Gates on the pressure, and its largest error away from the ends, a tenth of the length."""
    found = pressure(study, exact, 0.1 * study.case.bone.length)
    off = f"pointwise error of the pressure away from the ends, root mean square{name}"
    checks = [
        Check(f"mean pressure{name}, MPa", exact, found.mean, 5e-3),
        Check(off, 0.0, found.rms, 0.02, relative=False),
    ]
    return checks, found.largest


def flush_press_fit(name: str) -> Answer:
    """Solve a public case, and hold it against the closed form with the project's gates."""
    return held_against(FITS[name], press_fit(name))


def held_against(fit: PressFit, study: Study) -> Answer:
    """Hold a solved press fit against the closed form with the project's gates.

    Hoop stress is recovered from the elements' inside and continued linearly to a surface where
    1 / r^2 is steepest; it comes out low by a share of (h/a)^2, which has a gate of its own, 5 %.
    """
    checks, largest = pressure_checks(study, fit.pressure)
    displacement, hoop = canal(study)
    bone = study.mesh.bone.points
    middle = np.abs(bone[:, 2] - study.case.bone.length / 2) < study.case.mesh.interface / 3
    x, y = bone[middle, :2].T
    radius = np.hypot(x, y)
    xx, yy, _, xy, _, _ = study.bone.stress[0][middle].T
    along = np.linspace(fit.radius, fit.outer, 101)
    return Answer(
        checks=(
            *checks,
            Check(
                "radial displacement of the hub, mm",
                fit.hub_displacement,
                nodal_mean(study, displacement),
                2e-3,
            ),
            Check("hoop stress of the hub, MPa", fit.hub_hoop, nodal_mean(study, hoop), 0.05),
        ),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
        profile=Profile(
            "radius, mm",
            "hoop stress in the hub at half its length, MPa",
            along,
            fit.hoop(along),
            radius,
            (xx * y**2 + yy * x**2 - 2 * xy * x * y) / radius**2,
        ),
        note=f"largest pointwise error of the pressure away from the ends {100 * largest:.1f} %; the hoop "
        "stress at the canal is continued from inside the elements",
    )
