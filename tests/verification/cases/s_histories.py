"""What a history must and must not depend on.

Nothing in, nothing out; friction 0 is the limit of little friction, and very rough surfaces do not slip;
a restart from a converged instant is the uninterrupted walk; after shakedown one cycle is like the next;
half the load increments change little.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from fea.contact.history import History, Point
from fea.status import Status
from tests.bodies.walked_tube import INTERFERENCE, WALK, FloatArray, model
from tests.bodies.walked_tube import solve as walk
from tests.verification.case import Answer, Check

SOURCE = "properties of the laws; project's verification cases, section 5"
SLOW = False


def solve() -> Answer:
    """Walk several times."""
    through = walk(WALK)
    cycles = walk(np.concatenate([0.5 * WALK] * 3))
    count = len(WALK)
    held = model(supports="held")
    smooth, nearly = (walk(0 * WALK[:1], friction, at=held)[-1] for friction in (0.0, 1e-6))
    again = _distance(through[5:], _again(through))
    settled = _distance(cycles[1 + count : 1 + 2 * count], cycles[1 + 2 * count :])
    checks = (
        Check("forces without interference and load, N", 0.0, _nothing(), 0.0, False),
        Check("friction 1e-6 against none, share", 0.0, _distance([smooth], [nearly]), 1e-4, False),
        Check("slip with friction 1e4, mm", 0.0, _slip(walk(WALK, friction=1e4)), 1e-11, False),
        Check("restart against the whole walk, share", 0.0, again, 1e-7, False),
        Check("cycle 2 against cycle 3, share", 0.0, settled, 0.01, False),
        Check("half the increments, share", 0.0, _distance(through[-1:], walk(_halved())[-1:]), 0.02, False),
    )  # fmt: skip
    return Answer(checks, mesh="32 interface vertices, nine instants")


def _distance(one: list[Point], other: list[Point]) -> float:
    """Largest difference of a force, as a share of the largest force."""
    first, second = (np.stack([point.forces for point in points]) for points in (one, other))
    return float(np.abs(first - second).max() / np.abs(first).max())


def _nothing() -> float:
    points = walk(np.zeros((2, 6)), interference=0.0)
    return max(float(np.abs(point.forces).max() + np.abs(point.jump).max()) for point in points)


def _slip(points: list[Point]) -> float:
    ways = [np.abs((b.jump - a.jump)[b.status != Status.OPEN, 1:]).max() for a, b in pairwise(points)]
    return float(max(ways))


def _again(through: list[Point]) -> list[Point]:
    at = model()
    gap = np.full(len(at.operators.area), -INTERFERENCE)
    return list(History(at.problem(gap, {"uncoated": 0.4})).walk(through[4], WALK[4:]))


def _halved() -> FloatArray:
    return np.concatenate([[0.5 * (a + b), b] for a, b in pairwise(np.vstack([np.zeros(6), WALK]))])
