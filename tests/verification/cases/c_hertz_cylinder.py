"""Steel cylinder pressed on an aluminium block, plane strain (Hertz; NAFEMS R0094, benchmark 1).

A cylinder of radius R = 50 lies on a block and carries F = 35 000 N per mm of its length. With
1/E* = (1 - nu^2)/E_1 + (1 - nu^2)/E_2,

    a = sqrt(4 F R / (pi E*)),    p = p0 sqrt(1 - x^2/a^2),    p0 = 2 F / (pi a).

Hertz's theory takes both bodies as half-spaces with the gap x^2 / 2R between them, and so does this
case, on one half of a slice two elements thick, whose two faces do not leave their planes. The bodies
are cut at 16 a, where they are held as a whole: that changes the pressure by (a/L)^2, and only the
approach, which plane strain leaves undefined, by more. The half-width of contact is read from the
first moment of the pressure, the mean of abs(x) under p, which is 4 a / (3 pi).
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.model.body import Body
from tests.bodies.structured import graded, growing, isotropic
from tests.bodies.two_bodies import held_body, join, plane
from tests.verification.case import Answer, Check, FloatArray, Profile

SOURCE = "Hertz; project's verification cases, section 2 (NAFEMS R0094, SSNP154)"
SLOW = False

STEEL, ALUMINIUM, POISSON, RADIUS, FORCE = 210000.0, 70000.0, 0.3, 50.0, 35000.0  # MPa, mm, N/mm
HALF_WIDTH, PEAK = 6.2146, 3585.36
ELEMENTS, CUT = 12, 100.0  # elements over the half-width of contact; size of the model, mm
SIZE = HALF_WIDTH / ELEMENTS
NEAR = 1.25 * HALF_WIDTH


def half_plane(name: str, modulus: float) -> Body:
    """A slice of the lower or the upper body, held at its cut; the lower one's cut is carried along z."""
    up = 1.0 if name == "bone" else -1.0
    count = round(NEAR / SIZE)
    x = np.r_[np.linspace(0, NEAR, count, endpoint=False), NEAR + growing(1.5 * SIZE, 1.4, CUT - NEAR)]
    z = np.sort(up * growing(SIZE, 1.3, CUT))

    def touching(points: FloatArray) -> np.ndarray:
        return (np.abs(points[:, 2]) < 1e-9) & (points[:, 0] < NEAR + 1e-9)

    part = graded(name, (x, np.array([0, SIZE / 2, SIZE]), z), {"contact": touching})
    cut = [plane(part, 0, CUT, (0, 1, 2)), plane(part, 2, up * CUT, (0, 1, 2))]
    faces = [plane(part, 0, 0.0, (0,)), plane(part, 1, 0.0, (1,)), plane(part, 1, SIZE, (1,))]
    carried = np.eye(6)[:, [2] if name == "stem" else []]
    return held_body(part, isotropic(modulus, POISSON), np.concatenate([*cut, *faces]), carried)


def solve() -> Answer:
    """Press the block upwards against the cylinder."""
    block, cylinder = half_plane("stem", ALUMINIUM), half_plane("bone", STEEL)
    loads = [np.zeros((3 * len(body.part.points), 6)) for body in (block, cylinder)]
    loads[0][block.fixed[block.fixed % 3 == 2][0], 2] = 1.0
    bodies = join(block, cylinder, (loads[0], loads[1]), lambda p, n, zones: p[:, 0] ** 2 / (2 * RADIUS), 0.0)
    history = History(bodies.problem)
    (point,) = history.walk(history.unloaded, np.array([[0, 0, FORCE * SIZE / 2, 0, 0, 0]]))
    force = point.forces[:, 0]
    x = block.part.points[bodies.operators.vertices, 0]
    pressure = force / bodies.operators.area
    mean = np.array([pressure[np.abs(x - place) < 1e-9].mean() for place in np.unique(x.round(9))])
    along = np.linspace(0, HALF_WIDTH, 101)
    return Answer(
        checks=(
            Check("peak pressure, MPa", PEAK, float(mean.max()), 0.03),
            Check(
                "half-width of contact, mm", HALF_WIDTH, float(force @ x / force.sum() * 0.75 * np.pi), 0.03
            ),
        ),
        mesh=f"{3 * sum(len(body.part.points) for body in (block, cylinder))} unknowns, "
        f"{ELEMENTS} elements over the half-width",
        profile=Profile(
            "distance from the line of contact, mm",
            "pressure, MPa",
            along,
            PEAK * np.sqrt(1 - (along / HALF_WIDTH) ** 2),
            x,
            pressure,
        ),
        note="the pressure is averaged across the slice",
    )
