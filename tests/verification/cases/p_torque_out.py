"""Torque-out of a press fit.

A stem that is pressed in with p and turned slides when friction is used up all round,

    T = mu p 2 pi a^2 L.

Torsion changes no pressure, so that this holds for any Poisson's ratio. The fit is A1 with friction
0.4, for which p = 58.52407 MPa and T = 432 435.8 N mm at a length of 60 mm; here the length is that of
`p_a1`, 14 mm, and T is 14/60 of it. The torque enters the stem at one end and leaves the hub at the
other. The stem is pressed in in four increments with friction from the start, which leaves some
friction along the axis, because the two bodies lengthen by different amounts under the pressure; as the
stem begins to turn, friction turns with the slip, and little of it is left at the limit. The torque
grows in steps of 0.25 % until no equilibrium exists.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from fea.contact.history import History, LostFixation
from fea.elasticity.rigid import rigid_fields, statically_determinate_pins
from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Part
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.lame import FITS
from tests.verification.press_fits import case_of, meshed

SOURCE = "closed form; project's verification cases, section 1"
SLOW = False

FIT, FRICTION, PUBLISHED, PUBLISHED_LENGTH = FITS["a1"], 0.4, 432435.8, 60.0  # N mm, mm
STEPS, SHARE = 24, 0.03


def torque(part: Part, face: str) -> FloatArray:
    """Nodal forces, shape (3 n, 6), of a unit torque about the axis on an end face, in the last column."""
    loads = end_face_loads(part.points, part.facets[face], np.zeros(3))
    return loads * [0, 0, 0, 0, 0, 1]


def turned() -> TwoBodies:
    """Both bodies of A1, the hub held statically determinately, under opposite torques."""
    mesh = meshed(case_of("a1"))
    everything = np.arange(3 * len(mesh.bone.points))
    pins = statically_determinate_pins(rigid_fields(mesh.bone.points), np.eye(6), everything)
    stem = held_body(mesh.stem, isotropic(*FIT.stem), np.zeros(0, dtype=np.int64))
    bone = held_body(mesh.bone, isotropic(*FIT.hub), pins)
    loads = torque(mesh.stem, "distal_end"), -torque(mesh.bone, "proximal")
    return join(
        stem, bone, loads, lambda places, *_: np.full(len(places), -FIT.interference), FRICTION,
        ("uncoated", "canal"),
    )  # fmt: skip


def solve() -> Answer:
    """Press in, turn until it lets go."""
    bodies = turned()
    length = float(np.ptp(bodies.bone.part.points[:, 2]))
    exact = PUBLISHED * length / PUBLISHED_LENGTH
    wrenches = np.zeros((STEPS + 1, 6))
    wrenches[:, 5] = exact * np.linspace(1 - SHARE, 1 + SHARE, STEPS + 1)
    history, held = History(bodies.problem), []
    with suppress(LostFixation):
        for point in history.walk(history.press_fit(4), wrenches):
            held.append(point)
    last = held[-1]
    step = wrenches[1, 5] - wrenches[0, 5]
    traction = last.forces / bodies.operators.area[:, None]
    return Answer(
        checks=(
            Check(f"torque-out at a length of {length:.0f} mm, N mm", exact, last.wrench[5] + step / 2, 0.02),
        ),
        mesh=f"{3 * (len(bodies.stem.part.points) + len(bodies.bone.part.points))} unknowns",
        profile=Profile(
            "level, mm",
            "friction round the stem at the last equilibrium, MPa",
            np.array([0, length]),
            np.full(2, FRICTION * FIT.pressure),
            bodies.stem.part.points[bodies.operators.vertices, 2],
            np.abs(traction[:, 2]),
        ),
        note=f"{last.wrench[5]:.0f} N mm are held, {last.wrench[5] + step:.0f} N mm are not",
    )
