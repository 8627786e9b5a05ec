"""A block held below its friction limit does not creep.

An elastic block that carries a weight of 100 N is pushed sideways with 90 % of mu N and held there
for 200 increments. Most of its base slips at the push, until the rest holds it; after that nothing
is left to slip, so that for Coulomb's law

    displacement after 200 increments = displacement after the first one.

A regularised friction, or a friction that forgets in every increment where it was anchored, walks
here. The walk is measured as a share of the give at the push; only round-off may be left.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.status import Status
from tests.verification.case import Answer, Check, Profile
from tests.verification.dragging import free_block

SOURCE = "Coulomb's law; project's verification cases, section 5"
SLOW = False

FRICTION, WEIGHT, USAGE, INCREMENTS = 0.3, 100.0, 0.9, 200


def solve() -> Answer:
    """Stand, push, and hold."""
    bodies = free_block(FRICTION, 1e4, (4, 4, 2))
    wrenches = np.zeros((INCREMENTS + 2, 6))
    wrenches[1:, 0], wrenches[:, 2] = USAGE * FRICTION * WEIGHT, -WEIGHT
    history = History(bodies.problem)
    points = list(history.walk(history.press_fit(1), wrenches))
    at = np.array([(bodies.stem.motions @ point.motion)[:3] for point in points])
    at -= at[0]
    give, walked = np.linalg.norm(at[1]), np.linalg.norm(at[2:] - at[1], axis=1).max()
    slipped = np.count_nonzero(points[1].status == Status.SLIP)
    number = np.arange(1, INCREMENTS + 2)
    return Answer(
        checks=(Check("largest creep, share of the give", 0.0, float(walked / give), 1e-9, relative=False),),
        mesh=f"{len(bodies.operators.area)} vertices on the interface",
        profile=Profile(
            "increment",
            "displacement of the block, mm",
            number,
            np.full(len(number), at[1, 0]),
            number,
            at[1:, 0],
        ),
        note=f"{slipped} of the vertices slip at the push; the profile's line is the displacement after it",
    )
