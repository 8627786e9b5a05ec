"""Bar hung by its own weight.

A square bar of length L, density rho and modulus E hangs from its top face. With y measured from the
free end, the stress is rho g y and the tip moves by

    u = rho g L^2 / (2 E).

With Poisson's ratio 0 this is exact in three dimensions, and quadratic displacements contain it.
"""

from __future__ import annotations

import numpy as np

from tests.bodies.one_body import displacement, stress_at_nodes
from tests.bodies.structured import at, brick, isotropic
from tests.verification.case import Answer, Check
from tests.verification.loads import body_force

SOURCE = "closed form; project's verification cases, section 4"
SLOW = False

LENGTH, MODULUS, DENSITY, GRAVITY = 450.0, 17000.0, 1.9e-9, 9810.0  # mm, MPa, t/mm^3, mm/s^2


def solve() -> Answer:
    """Hang the bar along z, clamped at z = L."""
    bar = brick("bar", (0, 0, 0), (10, 10, LENGTH), (1, 1, 12), {"top": at(2, LENGTH)})
    material = isotropic(MODULUS, 0.0)
    held = (3 * np.unique(bar.facets["top"])[:, None] + np.arange(3)).ravel()
    weight = body_force(bar, lambda places: np.array([0, 0, -DENSITY * GRAVITY]) + 0 * places)
    moved = displacement(bar, material, held, weight)
    stress = stress_at_nodes(bar, material, moved)
    tip, top = bar.points[:, 2] < 1e-9, bar.points[:, 2] > LENGTH - 1e-9
    return Answer(
        checks=(
            Check("tip displacement, mm", 1.110117e-4, float(-moved[tip, 2].mean()), 1e-6),
            Check("stress at the top, MPa", 8.38755e-3, float(stress[top, 2].mean()), 1e-3),
        ),
        mesh=f"{moved.size} unknowns",
    )
