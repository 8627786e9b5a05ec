"""Contact patch: two bricks pass a uniform pressure on (CGS-1).

Two bricks, together 1 x 1 x 1, touch at y = 1/2. The upper one carries the pressure p on its top;
three planes of symmetry hold both. Both widen alike, so that friction is idle whatever its
coefficient, and linear displacements are exact:

    u_x = nu p x / E,    u_y = -p y / E,    u_z = nu p z / E,    the same pressure everywhere.

Quadratic elements contain this, and a contact that integrates its jump exactly passes it on to
round-off. Where the bricks' facets do not match that takes the overlaps of the facets: shape functions of
one side break inside the facets of the other.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fea.contact.history import History
from fea.contact.point import Point
from fea.elasticity.wrench import end_face_loads
from tests.bodies.structured import at, brick, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, no_gap, plane
from tests.verification.case import Answer, Check, FloatArray, Profile

SOURCE = "closed form; project's verification cases, section 3 (CGS-1)"
SLOW = False

MODULUS, POISSON, PRESSURE, FRICTIONS = 1e6, 0.3, 109.89, (0.0, 0.5)
#: Cells along x, y, z of the lower and of the upper brick.
MESHES = {
    "one cell each": ((1, 1, 1), (1, 1, 1)),
    "matching": ((3, 2, 2), (3, 2, 2)),
    "coarse on fine": ((2, 2, 3), (4, 2, 5)),
    "fine on coarse": ((5, 2, 4), (3, 2, 2)),
}
Counts = tuple[int, int, int]


def stacked(lower: Counts, upper: Counts) -> TwoBodies:
    """A unit load along y is a unit force on the top, upwards."""
    low = brick("stem", (0, 0, 0), (1, 0.5, 1), lower, {"contact": at(1, 0.5)})
    high = brick("bone", (0, 0.5, 0), (1, 1, 1), upper, {"contact": at(1, 0.5), "top": at(1, 1.0)})
    material = isotropic(MODULUS, POISSON)
    sides = [np.r_[plane(part, 0, 0.0, (0,)), plane(part, 2, 0.0, (2,))] for part in (low, high)]
    stem = held_body(low, material, np.r_[sides[0], plane(low, 1, 0.0, (1,))])
    bone = held_body(high, material, sides[1])
    loads = end_face_loads(high.points, high.facets["top"], np.array([0.5, 1.0, 0.5]))
    return join(stem, bone, (np.zeros((3 * len(low.points), 6)), loads), no_gap, 0.0)


def checks_of(name: str, bodies: TwoBodies, point: Point) -> list[Check]:
    """The published displacements, and the largest errors anywhere."""
    pressure = point.forces[:, 0] / bodies.operators.area
    moved = np.vstack(bodies.displacement(point))
    places = np.vstack([bodies.stem.part.points, bodies.bone.part.points])
    exact = PRESSURE / MODULUS * places * [POISSON, -1.0, POISSON]
    off = np.abs(moved - exact).max() / np.abs(exact).max()
    x, y, _ = places.T
    return [
        Check(f"u_x at x = 1, {name}, mm", 3.2967e-5, float(moved[x == 1.0, 0].mean()), 1e-6),
        Check(f"u_y at y = 1/2, {name}, mm", -5.4945e-5, float(moved[y == 0.5, 1].mean()), 1e-6),
        Check(f"u_y at y = 1, {name}, mm", -1.0989e-4, float(moved[y == 1.0, 1].mean()), 1e-6),
        Check(f"largest error of displacement, share of u_y(1), {name}", 0.0, float(off), 1e-8, False),
        Check(f"pressure where it is farthest off, {name}, MPa", PRESSURE, farthest(pressure), 1e-8),
    ]


def farthest(pressure: FloatArray) -> float:
    """The value with the largest error."""
    return float(pressure[np.abs(pressure - PRESSURE).argmax()])


def solve() -> Answer:
    """Press, mesh by mesh, without and with friction."""
    checks, sizes, ends = [], [], np.array([0.0, 1.0])
    for mesh, (lower, upper) in MESHES.items():
        bodies = stacked(lower, upper)
        for friction in FRICTIONS:
            history = History(replace(bodies.problem, friction=np.full(bodies.problem.vertices, friction)))
            (point,) = history.walk(history.press_fit(1), np.array([[0, -PRESSURE, 0, 0, 0, 0]]))
            checks += checks_of(f"{mesh}, friction {friction}", bodies, point)
        sizes.append(f"{mesh}: {len(bodies.operators.area)} vertices on the interface")
    height = np.r_[bodies.stem.part.points[:, 1], bodies.bone.part.points[:, 1]]
    moved = np.vstack(bodies.displacement(point))[:, 1]
    exact = -PRESSURE / MODULUS * ends
    return Answer(
        checks=tuple(checks),
        mesh="; ".join(sizes),
        profile=Profile("y, mm", "displacement along y, mm", ends, exact, height, moved),
    )
