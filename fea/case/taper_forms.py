r"""Closed forms of a taper joint: thin slices across the axis, each a shrink fit in plane stress.

With the half angle a of the cone, the local radius r(z) and a push s along the axis beyond touching,
the radii overlap by u = s tan a (less what the angles differ by) and

    p(z) = u / (r k),    k = 1/E_s ((R^2 + r^2)/(R^2 - r^2) + nu_s) + 1/E_c ((r^2 + b^2)/(r^2 - b^2) - nu_c),

R being the socket's outer radius and b that of the cone's bore (Lame). Over the cone's surface the
force of assembly, the pull-off force and the torque that slips are

    F = N (sin a + f cos a),    F_off = N (f cos a - sin a),    N = int p dA,

    T = sqrt(f^2 - tan^2 a) int p r dA:

a cone that no axial force holds needs the friction p tan a along its generators to stay in, and turns
when what is left of Coulomb's disk is used up.

References
----------
S. P. Timoshenko, J. N. Goodier, Theory of Elasticity, 3rd edition, 1970, section 28 (shrink fits).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Slices over the engagement.
_SLICES = 400


@dataclass(frozen=True)
class Slices:
    """A taper joint as slices.

    Attributes
    ----------
    half_angle : float, rad
        Of the cone.
    large_radius, engagement, bore_radius : float, mm
    outer_radii : tuple of 2 floats, mm
        Of the socket at the mouth and at the end of the engagement; linear between.
    cone, socket : tuple of 2 floats
        Young's modulus in MPa, and Poisson's ratio.
    gap : tuple of 2 floats, mm
        Radial gap at the mouth and at the end of the engagement when the bodies touch.
    """

    half_angle: float
    large_radius: float
    engagement: float
    bore_radius: float
    outer_radii: tuple[float, float]
    cone: tuple[float, float]
    socket: tuple[float, float]
    gap: tuple[float, float] = (0.0, 0.0)

    def pressure(self, seating: float, level: FloatArray) -> FloatArray:
        """Return the pressure at levels, shape (n,), MPa, for a push in mm beyond touching."""
        radius = self.large_radius - level * math.tan(self.half_angle)
        share = level / self.engagement
        outer = self.outer_radii[0] + (self.outer_radii[1] - self.outer_radii[0]) * share
        gap = self.gap[0] + (self.gap[1] - self.gap[0]) * share
        overlap = np.maximum(seating * math.tan(self.half_angle) - gap, 0.0)
        return np.asarray(overlap / (radius * self._compliance(radius, outer)))

    def _compliance(self, radius: FloatArray, outer: FloatArray) -> FloatArray:
        (e_cone, nu_cone), (e_socket, nu_socket) = self.cone, self.socket
        tube = ((outer**2 + radius**2) / (outer**2 - radius**2) + nu_socket) / e_socket
        core = ((radius**2 + self.bore_radius**2) / (radius**2 - self.bore_radius**2) - nu_cone) / e_cone
        return np.asarray(tube + core)

    def normal_force(self, seating: float) -> float:
        """Return the integral of pressure over the cone's surface, N."""
        return self._integral(seating)[0]

    def assembly_force(self, seating: float, friction: float) -> float:
        """Return the force that pushes the cone in, N."""
        return self.normal_force(seating) * (math.sin(self.half_angle) + friction * math.cos(self.half_angle))

    def pull_off_force(self, seating: float, friction: float) -> float:
        """Return the force that pulls the cone off, N; negative where friction does not lock it."""
        return pull_off(self.normal_force(seating), self.half_angle, friction)

    def torque(self, seating: float, friction: float, *, held: bool = False) -> float:
        """Return the torque that turns the cone, N mm; `held` where a screw keeps it in."""
        return left_for_torque(self.half_angle, friction, held=held) * self._integral(seating)[1]

    def seating(self, force: float, friction: float) -> float:
        """Return the push beyond touching that an assembly force gives, mm, by bisection.

        Parameters
        ----------
        force : float, N
        friction
        """
        low, high = 0.0, 1e-3
        while self.assembly_force(high, friction) < force:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.assembly_force(middle, friction) < force else (low, middle)
        return (low + high) / 2

    def _integral(self, seating: float) -> tuple[float, float]:
        edges = np.linspace(0.0, self.engagement, _SLICES + 1)
        level = (edges[1:] + edges[:-1]) / 2
        radius = self.large_radius - level * math.tan(self.half_angle)
        area = 2 * math.pi * radius * np.diff(edges) / math.cos(self.half_angle)
        force = self.pressure(seating, level) * area
        return float(force.sum()), float(force @ radius)


def pull_off(normal_force: float, half_angle: float, friction: float) -> float:
    """Return the axial force that pulls a wedged cone off, N: its normal force times f cos a - sin a."""
    return normal_force * (friction * math.cos(half_angle) - math.sin(half_angle))


def left_for_torque(half_angle: float, friction: float, *, held: bool) -> float:
    """Return what share of the pressure friction can do round the axis: sqrt(f^2 - tan^2 a), or f if held."""
    return friction if held else math.sqrt(max(friction**2 - math.tan(half_angle) ** 2, 0.0))


def locks_itself(half_angle: float, friction: float) -> bool:
    """Tell whether friction holds a cone without force: f > tan a."""
    return friction > math.tan(half_angle)
