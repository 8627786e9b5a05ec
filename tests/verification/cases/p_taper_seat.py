"""A cone pressed into its socket: seat, force of assembly and pull-off.

A hollow titanium cone of 14 mm and an included angle of 2 degrees stands flush in a socket of 28 mm, both
10 mm long, so that every slice across the axis is nearly a shrink fit in plane stress. Overlapping by u
along the radius they press with

    p(z) = u / (r(z) k(r(z))),

Lamé with the local radius; here u = d cos a, d being the overlap along the normal, because friction is large
enough that nothing slips and the bodies meet along the normal. A force F that pushes the cone in from where
both just touch, against the friction f, seats it by s with

    F = N (sin a + f cos a),    N = int p dA,    u = s tan a,

and after its release, where the same friction holds the cone against its own wedge, the joint comes off at
F_off = N (f cos a - sin a). Poisson's ratio is 0, so that axial stress, which slices do not know, does not
widen them. N, s and F_off come from the solver: F is given, and the pull grows in steps of 0.5 % until no
equilibrium exists. What slides back as the friction turns round takes some of the seat away, so that F_off
lies a little below the closed form. With f below tan a the cone comes off as F is released.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fea.taper.quantities import seating
from tests.verification.case import Answer, Check, Profile
from tests.verification.tapers import Joint, ramp, ready

SOURCE = "Lamé with the local radius; equilibrium of a wedge, closed form"
SLOW = True

OVERLAP, FORCE, STEPS, SHARE = 0.02, 3000.0, 20, 0.05
NOTHING = np.zeros((0, 6))
#: Course of the force of assembly.
COURSE = FORCE * np.array([0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0])


def solve() -> Answer:
    """Overlap; push in and release; pull off; and try a cone that does not lock."""
    stuck = Joint(friction=0.5)
    still = ready(stuck, OVERLAP)
    pressed = still.walk(NOTHING, np.zeros(0)).walk.press_fit.traction[:, 0]
    level, area = still.interface.points[:, 2], still.interface.area
    along_radius = OVERLAP * math.cos(stuck.half_angle)
    exact = stuck.slices.pressure(along_radius / math.tan(stuck.half_angle), level)
    off = pressed / exact - 1.0
    joint = Joint()
    made, a, f = ready(joint), joint.half_angle, joint.friction
    assembled = made.walk(NOTHING, COURSE).walk.assembly
    peak, seat = assembled[3], joint.slices.seating(FORCE, f)
    normal = made.force(peak)
    pull = ramp(joint.slices.pull_off_force(seat, f), SHARE, STEPS)
    wrenches = np.zeros((len(pull), 6))
    wrenches[:, 2] = -pull
    walked = made.walk(wrenches, COURSE).walk
    assert walked.loss is not None, "nothing came off; the ramp ends too early"
    held = -float(walked.cycles[0][-1].wrench[2])
    loose = replace(joint, friction=0.8 * math.tan(a))
    lost = ready(loose).walk(NOTHING, COURSE[[3, 4, 5, 6, 7]] * 0.3).walk.loss
    came_off = lost is not None and lost.cycle == 0
    return Answer(
        checks=(
            Check("mean pressure, MPa", float(exact @ area / area.sum()),
                  float(pressed @ area / area.sum()), 5e-3),
            Check("pointwise error of the pressure, root mean square", 0.0,
                  float(np.sqrt((off**2) @ area / area.sum())), 0.02, relative=False),
            Check("force of assembly from the normal force, N", FORCE,
                  normal * (math.sin(a) + f * math.cos(a)), 1e-4),
            Check("seat under the force, mm", seat, seating(made.interface, peak), 0.02),
            Check("normal force under the force, N", joint.slices.normal_force(seat), normal, 0.02),
            Check("pull-off force, N", joint.slices.pull_off_force(seat, f), held + (pull[1] - pull[0]) / 2,
                  0.02),
            Check("a cone with f = 0.8 tan a comes off on release (1: yes)", 1.0, float(came_off), 0.0),
        ),
        mesh=f"{made.model.mesh.unknowns} unknowns, {joint.size} mm on the interface",
        profile=Profile(
            "level above the mouth, mm", "pressure at an overlap of 0.02 mm, MPa", np.sort(level),
            exact[np.argsort(level)], level, pressed,
        ),
        note=f"{held:.0f} N are held, {held + pull[1] - pull[0]:.0f} N are not",
    )  # fmt: skip
