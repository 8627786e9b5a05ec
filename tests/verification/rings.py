"""Closed forms of elastic rings in plane strain: uniform pressure (Lamé) and pressure that goes as cos 2θ.

For the second, Airy's function (A r^2 + B r^-2 + C r^4 + D) cos 2θ gives

    sigma_r = -(2 A + 6 B r^-4 + 4 D r^-2) cos 2θ
    tau     =  (2 A - 6 B r^-4 + 6 C r^2 - 2 D r^-2) sin 2θ
    2 G u_r = (-2 A r + 2 B r^-3 + (k - 3) C r^3 + (k + 1) D r^-1) cos 2θ,    k = 3 - 4 nu

(J. R. Barber, Elasticity, tables of Michell's solution).
"""

from __future__ import annotations

import numpy as np


def uniform_give(loaded: float, other: float, modulus: float, poisson: float) -> float:
    """Radial give per unit pressure at the loaded radius, mm/MPa, positive away from the load."""
    plane, ratio = modulus / (1 - poisson**2), poisson / (1 - poisson)
    share = (loaded**2 + other**2) / (other**2 - loaded**2)
    return float(loaded * (abs(share) + (ratio if other > loaded else -ratio)) / plane)


def oval_give(loaded: float, other: float, modulus: float, poisson: float) -> float:
    """Amplitude of the radial give per unit amplitude of a pressure p cos 2θ, mm/MPa."""

    def radial(r: float) -> list[float]:
        return [-2.0, -6.0 * r**-4, 0.0, -4.0 * r**-2]

    def shear(r: float) -> list[float]:
        return [2.0, -6.0 * r**-4, 6.0 * r**2, -2.0 * r**-2]

    matrix = np.array([radial(loaded), shear(loaded), radial(other), shear(other)])
    a, b, c, d = np.linalg.solve(matrix, np.array([-1.0, 0.0, 0.0, 0.0]))
    k, r = 3 - 4 * poisson, loaded
    moved = -2 * a * r + 2 * b * r**-3 + (k - 3) * c * r**3 + (k + 1) * d / r
    return float(abs(moved) * (1 + poisson) / modulus)
