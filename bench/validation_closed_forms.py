"""Closed forms beside the validation: composite beams, and the force at which a round press-fit slides.

Concentric round bodies in bending share their neutral axis: bonded or sliding, as long as both have
the same curvature k, the moment is M = k sum(E I). Over a span on which the rigidity changes, a
constant moment turns the ends against each other by M sum(length / (E I)).

A stem that is pulled thins, one that is pushed thickens, and the bone does the same, so that pressure
changes along the stem:

    p = p0 + (-nu_s sigma_s / E_s + nu_b sigma_b / E_b) / g,     dN/dz = -friction p 2 pi a,

with N the stem's axial force, sigma_s = N / A_s, sigma_b = (F - N) / A_b where the bone is held at its far
end and -N / A_b where it is held at the mouth, p0 Lame's pressure and g the radial give of both over a.
With everything sliding, N falls from F at the mouth to 0 at the tip. The equation is linear in N, so that
F is proportional to the interference. Bone in this closed form is isotropic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def second_moment(outer: float, inner: float = 0.0) -> float:
    """Second moment of area of a round tube about a diameter, mm^4, from its diameters in mm."""
    return float(np.pi / 64 * (outer**4 - inner**4))


def composite_rigidity(parts: Sequence[tuple[float, float, float]]) -> float:
    """Rigidity of concentric bodies that bend together.

    Parameters
    ----------
    parts : sequence of (modulus, outer diameter, inner diameter), MPa and mm

    Returns
    -------
    float, N mm^2
    """
    return sum(modulus * second_moment(outer, inner) for modulus, outer, inner in parts)


def rigidity_in_series(stretches: Sequence[tuple[float, float]]) -> float:
    """Rigidity of a span under a constant moment.

    Parameters
    ----------
    stretches : sequence of (length, rigidity), mm and N mm^2

    Returns
    -------
    float, N mm^2
    """
    angle = sum(length / rigidity for length, rigidity in stretches)
    return sum(length for length, _ in stretches) / angle


@dataclass(frozen=True)
class Cylinders:
    """A solid stem in an isotropic tube.

    Attributes
    ----------
    radius, outer, length : float, mm
        Of the stem, of the tube's outside, of the contact.
    stem, bone : tuple of 2 floats
        Young's modulus in MPa and Poisson's ratio.
    """

    radius: float
    outer: float
    length: float
    stem: tuple[float, float]
    bone: tuple[float, float]

    @property
    def give(self) -> float:
        """Radial give of both under unit pressure over the radius, 1/MPa."""
        ratio = (self.outer**2 + self.radius**2) / (self.outer**2 - self.radius**2)
        return (ratio + self.bone[1]) / self.bone[0] + (1 - self.stem[1]) / self.stem[0]

    def pressure(self, diametral_interference_um: float) -> float:
        """Lame's pressure in plane stress, MPa."""
        return 0.5e-3 * diametral_interference_um / (self.radius * self.give)

    def slip_force(
        self,
        diametral_interference_um: float,
        friction: float,
        *,
        pulled: bool = True,
        at_mouth: bool = False,
    ) -> float:
        """Force at which all slides, N.

        Parameters
        ----------
        diametral_interference_um, friction
        pulled
            Out of the bone; else pushed in.
        at_mouth
            The bone is held at its cut; else at its far end.
        """
        sense = 1.0 if pulled else -1.0
        stem = -sense * self.stem[1] / (self.stem[0] * np.pi * self.radius**2)
        bone = sense * self.bone[1] / (self.bone[0] * np.pi * (self.outer**2 - self.radius**2))
        grip = friction * 2 * np.pi * self.radius
        rate = grip * (stem - bone) / self.give
        growth = float(np.expm1(rate * self.length)) / rate
        held = 0.0 if at_mouth else grip * bone / self.give * growth
        return float(grip * self.pressure(diametral_interference_um) * growth / (1.0 - held))
