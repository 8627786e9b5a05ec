"""A block dragged far beyond its friction limit.

An elastic block is pressed by its top on an elastic base, and its top is then led sideways, ten
times as far as it takes to make all of it slide. Wherever the pressure goes as the block leans on
its front edge, when all of it slides the same way

    sum of friction = mu * sum of pressure.

A solver whose friction is a spring that is stretched further, or that forgets where it was
anchored, leaves this line, and the more so the more increments it takes. The way is gone in 50 and
in 200 increments. What was pressed sideways, by Poisson's ratio, slides that way too at first; this
dies out, and the second half of the way is held to round-off.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from tests.verification.case import Answer, Check, Profile
from tests.verification.dragging import friction_over_pressure, led_block

SOURCE = "Coulomb's law; project's verification cases, section 5"
SLOW = False

FRICTION, DOWN, SIDE = 0.3, -0.01, 0.1  # displacement of the block's top, mm


def solve() -> Answer:
    """Press, then drag."""
    bodies = led_block(FRICTION)
    checks, courses = [], {}
    for count in (50, 200):
        way = np.linspace(0, SIDE, count + 1)
        moves = np.zeros((count + 1, 6))
        moves[:, 0], moves[:, 2] = way, DOWN
        history = History(bodies.problem)
        points = list(history.walk(history.press_fit(1), moves))
        found = np.array([friction_over_pressure(point) for point in points])
        later = found[way >= SIDE / 2]
        for name, value in (("least", later.min()), ("largest", later.max())):
            checks.append(
                Check(f"{name} friction over pressure, {count} increments", FRICTION, float(value), 1e-8)
            )
        courses[count] = way, found
    return Answer(
        checks=tuple(checks),
        mesh=f"{len(bodies.operators.area)} vertices on the interface",
        profile=Profile(
            "displacement of the top, mm",
            "friction over pressure",
            np.array([0, SIDE]),
            np.full(2, FRICTION),
            *courses[50],
        ),
    )
