"""Two cubes crushed against each other (SSNP121).

Two unit cubes of modulus E = 2e6 and Poisson's ratio 0 are held at their outer faces and overlap by
0.1 in between, as if the outer faces had come nearer by as much. Over the height of 2 that is a
strain of 0.05 in both,

    p = E * 0.1 / 2 = 1e5,

the same everywhere, and each cube gives way by half the overlap.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from tests.bodies.structured import at, brick, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, plane
from tests.verification.case import Answer, Check, Profile

SOURCE = "closed form; project's verification cases, section 3 (SSNP121)"
SLOW = False

MODULUS, OVERLAP, PRESSURE, FRICTION = 2e6, 0.1, 1e5, 0.3
#: Cells along x, y, z of the lower and of the upper cube.
MESHES = {"matching": ((2, 2, 2), (2, 2, 2)), "not matching": ((3, 2, 2), (2, 2, 5))}
Counts = tuple[int, int, int]


def cubes(lower: Counts, upper: Counts) -> TwoBodies:
    """Cubes that touch at y = 1, held at y = 0 and y = 2."""
    low = brick("stem", (0, 0, 0), (1, 1, 1), lower, {"contact": at(1, 1.0)})
    high = brick("bone", (0, 1, 0), (1, 2, 1), upper, {"contact": at(1, 1.0)})
    stem, bone = (
        held_body(part, isotropic(MODULUS, 0.0), plane(part, 1, level, (0, 1, 2)))
        for part, level in ((low, 0.0), (high, 2.0))
    )
    none = [np.zeros((3 * len(part.points), 6)) for part in (low, high)]
    return join(stem, bone, (none[0], none[1]), lambda places, *_: np.full(len(places), -OVERLAP), FRICTION)


def solve() -> Answer:
    """Crush, mesh by mesh."""
    checks, sizes = [], []
    for name, (lower, upper) in MESHES.items():
        bodies = cubes(lower, upper)
        point = History(bodies.problem).press_fit(1)
        pressure = point.forces[:, 0] / bodies.operators.area
        moved = np.vstack(bodies.displacement(point))
        y = np.r_[bodies.stem.part.points[:, 1], bodies.bone.part.points[:, 1]]
        is_upper = np.arange(len(y)) >= len(bodies.stem.part.points)
        exact = OVERLAP / 2 * np.where(is_upper, 2 - y, -y)
        worst = float(pressure[np.abs(pressure - PRESSURE).argmax()])
        off = float(np.abs(moved - exact[:, None] * [0, 1, 0]).max())
        checks += [
            Check(f"pressure where it is farthest off, {name}, MPa", PRESSURE, worst, 1e-8),
            Check(f"largest error of displacement over the overlap, {name}", 0.0, off / OVERLAP, 1e-8, False),
        ]
        sizes.append(f"{name}: {len(pressure)} vertices on the interface")
    return Answer(
        checks=tuple(checks),
        mesh="; ".join(sizes),
        profile=Profile(
            "y, mm",
            "displacement along y, mm",
            np.array([0.0, 1.0, 1.0, 2.0]),
            np.array([0.0, -OVERLAP / 2, OVERLAP / 2, 0.0]),
            y,
            moved[:, 1],
        ),
    )
