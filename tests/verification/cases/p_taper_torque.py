"""Turning a cone in its socket.

A cone that no axial force holds stays in its socket by friction along its generators, p tan a, where p is
the pressure. What is left of Coulomb's disk resists a torque, so that all slides round the axis at

    T = sqrt(f^2 - tan^2 a) int p r dA.

The cone, 14 mm wide and 10 mm long, has an included angle of 5 degrees and the friction 0.1, of which its
own wedge takes so much that f int p r dA would be 11 % too much. It is pushed in by 1000 N, released and
turned, the socket held at its far end; the torque grows in steps of 0.5 % until no equilibrium exists. The
pressure is the solver's own after the release.
"""

from __future__ import annotations

import math

import numpy as np

from fea.case.case import Supports
from tests.verification.case import Answer, Check
from tests.verification.tapers import Joint, ramp, ready

SOURCE = "Coulomb's disk under the wedge's own force, closed form"
SLOW = True

FORCE, STEPS, SHARE = 1000.0, 16, 0.04
COURSE = FORCE * np.array([0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0])


def solve() -> Answer:
    """Push in, release, turn until it lets go."""
    joint = Joint(half_angle=math.radians(2.5), friction=0.1, supports=Supports(bone_proximal="clamped"))
    made = ready(joint)
    seated = made.walk(np.zeros((0, 6)), COURSE).walk.press_fit
    radius = np.hypot(*made.interface.points[:, :2].T)
    moment = float((seated.traction[:, 0] * radius) @ made.interface.area)
    limit = moment * math.sqrt(joint.friction**2 - math.tan(joint.half_angle) ** 2)
    torque = ramp(limit, SHARE, STEPS)
    wrenches = np.zeros((len(torque), 6))
    wrenches[:, 5] = torque
    walked = made.walk(wrenches, COURSE).walk
    assert walked.loss is not None, "nothing let go; the ramp ends too early"
    held, step = float(walked.cycles[0][-1].wrench[5]), torque[1] - torque[0]
    return Answer(
        checks=(Check("torque that turns the cone, N mm", limit, held + step / 2, 0.02),),
        mesh=f"{made.model.mesh.unknowns} unknowns, {joint.size} mm on the interface",
        note=f"{held:.0f} N mm are held, {held + step:.0f} N mm are not",
    )
