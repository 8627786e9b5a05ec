"""A stem in a tube of two bonded materials: Lamé's rings, cancellous bone within a cortical shell.

A solid stem of radius a is pressed with the radial interference delta into a ring from a to b (cancellous)
bonded to one from b to c (cortical). A ring from i to o under p_i inside and p_o outside has, plane stress,

    u(r) = r / E [ (1 - nu) A + (1 + nu) B / r^2 ],
    A = (p_i i^2 - p_o o^2) / (o^2 - i^2),     B = (p_i - p_o) i^2 o^2 / (o^2 - i^2),

and a solid stem under p has u(a) = -(1 - nu) p a / E. With p at the stem and q at the border

    u_core(a) - u_stem(a) = delta,     u_core(b) = u_shell(b).

Between rigid walls E becomes E / (1 - nu^2) and nu becomes nu / (1 - nu) everywhere. With free ends each ring
would change its length by -2 nu A / E of it, and the two are bonded: plane stress is exact where these agree,
and there is one Poisson's ratio of the core for which they do (`matched`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from tests.verification.case import FloatArray

Law = tuple[float, float]


@dataclass(frozen=True)
class ThreeRings:
    """The section.

    Attributes
    ----------
    radius, border, outer : float, mm
        Of the stem, of the core, of the shell.
    stem, core, shell : tuple of 2 floats
        Young's modulus in MPa and Poisson's ratio, in the plane.
    interference : float, mm
    """

    radius: float
    border: float
    outer: float
    stem: Law
    core: Law
    shell: Law
    interference: float

    @property
    def plane_strain(self) -> ThreeRings:
        """The same between rigid walls."""
        laws = ((e / (1 - nu**2), nu / (1 - nu)) for e, nu in (self.stem, self.core, self.shell))
        return replace(self, **dict(zip(("stem", "core", "shell"), laws, strict=True)))

    @property
    def pressures(self) -> tuple[float, float]:
        """At the stem and at the border, MPa."""
        a, b, c = self.radius, self.border, self.outer
        stem = -(1 - self.stem[1]) * a / self.stem[0]
        give = np.array(
            [
                [ring(self.core, a, b, 1, 0, a) - stem, ring(self.core, a, b, 0, 1, a)],
                [
                    ring(self.core, a, b, 1, 0, b),
                    ring(self.core, a, b, 0, 1, b) - ring(self.shell, b, c, 1, 0, b),
                ],
            ]
        )
        found = np.linalg.solve(give, [self.interference, 0.0])
        return float(found[0]), float(found[1])

    @property
    def widening(self) -> float:
        """Radial displacement of the bone at the stem, mm."""
        p, q = self.pressures
        return ring(self.core, self.radius, self.border, p, q, self.radius)

    def hoop(self, radius: FloatArray, of_core: bool) -> FloatArray:
        """Hoop stress in one of the rings, MPa."""
        p, q = self.pressures
        i, o, inside, outside = (
            (self.radius, self.border, p, q) if of_core else (self.border, self.outer, q, 0.0)
        )
        mean, swing = _lame(i, o, inside, outside)
        return np.asarray(mean + swing / radius**2)

    def matched(self) -> ThreeRings:
        """The same with that Poisson's ratio of the core with which plane stress is exact for free ends."""

        def apart(poisson: float) -> float:
            tried = replace(self, core=(self.core[0], poisson))
            p, q = tried.pressures
            core, _ = _lame(self.radius, self.border, p, q)
            shell, _ = _lame(self.border, self.outer, q, 0.0)
            return poisson * core / self.core[0] - self.shell[1] * shell / self.shell[0]

        return replace(self, core=(self.core[0], float(brentq(apart, 0.0, 0.49, xtol=1e-15))))


def ring(law: Law, i: float, o: float, inside: float, outside: float, radius: float) -> float:
    """Radial displacement of a ring, mm."""
    mean, swing = _lame(i, o, inside, outside)
    return radius / law[0] * ((1 - law[1]) * mean + (1 + law[1]) * swing / radius**2)


def _lame(i: float, o: float, inside: float, outside: float) -> tuple[float, float]:
    mean = (inside * i**2 - outside * o**2) / (o**2 - i**2)
    return mean, (inside - outside) * i**2 * o**2 / (o**2 - i**2)
