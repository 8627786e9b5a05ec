"""Two equal spheres pressed together (Hertz; code_aster SSNV104).

Spheres of radius 50, modulus 20 000 and Poisson's ratio 0.3 approach each other by 4. With the
equivalent radius R and modulus E*, 1/R = 1/50 + 1/50 and 1/E* = 2 (1 - nu^2)/E, Hertz gives

    a = sqrt(R d),    F = 4/3 E* sqrt(R) d^(3/2),    p = p0 sqrt(1 - r^2/a^2),    p0 = 3 F / (2 pi a^2).

Hertz's theory takes the spheres as half-spaces with the gap r^2 / 2R between them, and so does this
case: what is tested is contact, not geometry. The force is prescribed, on a quarter of both bodies,
and the approach is what the far ends of the half-spaces come nearer. The radius of contact is read
from the first moment of the pressure, the integral of p r over that of p, which is 3 pi a / 16.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from tests.bodies.half_space import Grid, pressed_spheres
from tests.bodies.structured import growing
from tests.verification.case import Answer, Check, Profile

SOURCE = "Hertz; project's verification cases, section 2 (SSNV104)"
SLOW = False

MODULUS, POISSON, RADIUS, FORCE = 20000.0, 0.3, 25.0, 586080.6  # MPa, equivalent radius in mm, N
CONTACT_RADIUS, PEAK, APPROACH = 10.0, 2798.33, 4.0
SIZE, NEAR, CUT = 1.25, 12.5, 50.0  # element over the radius, square that may touch, size of the model


def solve() -> Answer:
    """Press, and read pressure, radius and approach."""
    side = np.r_[np.arange(0, NEAR, SIZE), NEAR + growing(1.6 * SIZE, 1.8, CUT - NEAR)]
    grid = Grid(side, side, growing(SIZE, 1.6, CUT), NEAR)
    bodies = pressed_spheres(grid, (MODULUS, POISSON), RADIUS)
    history = History(bodies.problem)
    (point,) = history.walk(history.unloaded, np.array([[0, 0, FORCE, 0, 0, 0]]))
    force = point.forces[:, 0]
    pressure = force / bodies.operators.area
    r = np.linalg.norm(bodies.stem.part.points[bodies.operators.vertices], axis=1)
    along = np.linspace(0, CONTACT_RADIUS, 101)
    return Answer(
        checks=(
            Check("peak pressure, MPa", PEAK, float(pressure.max()), 0.03),
            Check(
                "radius of contact, mm",
                CONTACT_RADIUS,
                float(force @ r / force.sum() * 16 / (3 * np.pi)),
                0.03,
            ),
            Check("approach, mm", APPROACH, float(point.motion[0]), 0.01),
            Check("sum of the pressure, N", FORCE, float(force.sum() / grid.share), 1e-6),
        ),
        mesh=f"{6 * len(bodies.stem.part.points)} unknowns, "
        f"{CONTACT_RADIUS / SIZE:.0f} elements over the radius of contact",
        profile=Profile(
            "distance from the centre, mm",
            "pressure, MPa",
            along,
            PEAK * np.sqrt(1 - (along / CONTACT_RADIUS) ** 2),
            r,
            pressure,
        ),
        note="at the edge of contact the pressure falls with an infinite slope, which a linear one smears "
        "over an element",
    )
