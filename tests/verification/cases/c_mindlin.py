"""Two spheres rubbed to and fro without sliding off (Cattaneo, Mindlin and Deresiewicz).

Two equal steel spheres, equivalent radius 5, are pressed together with P and then pushed sideways
with Q < mu P, back to -Q and to Q again. An annulus slips, the disk of radius c inside it sticks:

    c = a (1 - Q / mu P)^(1/3),    q = mu p0 [ sqrt(1 - r^2/a^2) - (c/a) sqrt(1 - r^2/c^2) ],
    delta = 3 mu P / (16 a) * 2 (2 - nu)/G * { 1 - (1 - Q / mu P)^(2/3) }.

On the way back the same curve starts anew, doubled: with D = delta at the turning point Q*, the
displacement is D - 2 delta((Q* - Q)/2). The area of the loop is lost in every cycle,

    W = 9 (mu P)^2 / (10 a) * 2 (2 - nu)/G * { 1 - s^(5/3) - 5/6 L (1 + s^(2/3)) },   L = Q / mu P, s = 1 - L.

This is the closed form of micromotion. Both bodies are half-spaces (`tests/bodies/half_space.py`),
halved by the plane that contains Q. The radius c is read from mu p - q, which is a Hertzian
pressure of that radius, so that 3 pi c / 16 is its mean distance from the centre. The loss is what
friction does, summed over the increments of the cycle.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from tests.bodies.half_space import Grid, pressed_spheres
from tests.bodies.structured import growing
from tests.verification.case import Answer, Check, FloatArray, Profile

SOURCE = "Cattaneo 1938, Mindlin and Deresiewicz 1953; project's verification cases, section 2"
SLOW = False

MODULUS, POISSON, RADIUS = 210000.0, 0.3, 5.0  # MPa, equivalent radius in mm
PRESS, PUSH, FRICTION = 1000.0, 60.0, 0.1  # N
CONTACT_RADIUS, STICK_RADIUS, DISPLACEMENT, LOSS = 0.319125, 0.235133, 1.13058e-3, 0.0135395  # mm, N mm
ELEMENTS, STEPS = 8, 12  # elements over the radius of contact; increments from 0 to Q


def closed_form(push: FloatArray) -> FloatArray:
    """Displacement in mm on the first way up."""
    limit, shear = FRICTION * PRESS, MODULUS / (2 * (1 + POISSON))
    give = 3 * limit / (16 * CONTACT_RADIUS) * 2 * (2 - POISSON) / shear
    return give * (1 - (1 - push / limit) ** (2 / 3))


def mean_radius(r: FloatArray, force: FloatArray) -> float:
    """Radius of the Hertzian pressure with these nodal forces."""
    return float(force @ r / force.sum() * 16 / (3 * np.pi))


def solve() -> Answer:
    """Press, push to Q, then go round one cycle."""
    size = CONTACT_RADIUS / ELEMENTS
    near, cut = (ELEMENTS + 1) * size, 4 * CONTACT_RADIUS
    side = np.r_[np.arange(ELEMENTS + 1) * size, near + growing(2 * size, 2.0, cut - near)]
    grid = Grid(np.r_[-side[:0:-1], side], side, growing(size, 1.7, cut), near)
    bodies = pressed_spheres(grid, (MODULUS, POISSON), RADIUS, FRICTION)
    up = np.linspace(0, PUSH, STEPS + 1)
    push = np.r_[up, up[-2::-1], -up[1:], -up[-2::-1], up[1:]]
    wrenches = np.zeros((len(push), 6))
    wrenches[:, 0], wrenches[:, 2] = push, PRESS
    history = History(bodies.problem)
    points = list(history.walk(history.unloaded, wrenches))
    pressed, pushed = points[0], points[STEPS]
    delta = np.array([point.motion[0] - pressed.motion[0] for point in points])
    loss = sum(point.dissipation for point in points[STEPS + 1 :]) / grid.share
    r = np.linalg.norm(bodies.stem.part.points[bodies.operators.vertices], axis=1)
    # The first tangent is x: what the bone is pulled by.
    sheared = FRICTION * pushed.forces[:, 0] - bodies.operators.frames[:, 1, 0] * pushed.forces[:, 1]
    turned = DISPLACEMENT - 2 * closed_form(up)
    return Answer(
        checks=(
            Check("radius of contact, mm", CONTACT_RADIUS, mean_radius(r, pressed.forces[:, 0]), 0.05),
            Check("radius of the disk that sticks at Q, mm", STICK_RADIUS, mean_radius(r, sheared), 0.05),
            Check("displacement at Q, mm", DISPLACEMENT, float(delta[STEPS]), 0.05),
            Check("displacement at Q a cycle later, mm", DISPLACEMENT, float(delta[-1]), 0.05),
            Check("loss, N mm a cycle", LOSS, float(loss), 0.05),
        ),
        mesh=f"{6 * len(bodies.stem.part.points)} unknowns, {ELEMENTS} elements over the radius of contact",
        profile=Profile(
            "displacement, mm",
            "force along the plane, N",
            np.r_[closed_form(up), turned, -turned],
            np.r_[up, PUSH - 2 * up, 2 * up - PUSH],
            delta,
            push,
        ),
        note="the closed form takes all slip as parallel to Q",
    )
