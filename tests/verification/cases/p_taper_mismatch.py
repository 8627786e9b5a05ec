"""A cone whose angle is larger than its socket's: where it touches, and how hard.

The cone of 14 mm and 2 degrees is steeper than its socket by 0.0008 in the slope, so that the gap grows
from nothing at the mouth to 8 um at the end of its 10 mm. It is overlapped by 5 um along the normal,
without friction, both bodies held along the axis at their far ends. Thin slices would close as far as 6.25
mm; slices hold each other, and the pressed part of the wall spreads its neighbours, so that contact ends
earlier. The reference is a body of revolution of its own code (`tests/verification/axisymmetric.py`):
biquadratic quadrilaterals and contact as a linear complementarity problem on the nodes of the surface.
"""

from __future__ import annotations

import math

import numpy as np

from fea.case.case import Supports
from fea.solution import Interface
from fea.status import Status
from tests.verification.axisymmetric import Ring, contact, pressed
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.tapers import Joint, ready

SOURCE = "independent body of revolution, contact as a linear complementarity problem"
SLOW = False

MISMATCH, OVERLAP = 8e-4, 5e-3
HELD = Supports(bone_proximal="symmetric", stem_proximal="symmetric")


def joint_of(size: float = 1.3) -> Joint:
    """What is solved."""
    return Joint(mismatch=MISMATCH, friction=0.0, supports=HELD, poisson=0.3, size=size)


def reference(joint: Joint, levels: int = 100) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Levels of the nodes, their areas and forces."""
    slope = math.tan(joint.half_angle) - joint.mismatch

    def line(z: FloatArray) -> FloatArray:
        return np.asarray(joint.radius - slope * z)

    at = np.linspace(0.0, joint.length, levels + 1)
    cone = Ring(lambda z: np.full_like(z, joint.bore), line, at, 10, joint.modulus, joint.poisson)
    socket = Ring(line, lambda z: np.full_like(z, joint.outer), at, 10, joint.modulus, joint.poisson)
    a, b = (pressed(ring, line, slope, joint.length) for ring in (cone, socket))
    gap = joint.mismatch * a.levels * math.cos(joint.half_angle) - OVERLAP
    return a.levels, a.weights, contact(a.compliance + b.compliance, gap)


def _level(interface: Interface, pressure: FloatArray) -> float:
    """Level of the resultant of a pressure that is linear on the facets, mm."""
    corners, p = interface.points[interface.facets], pressure[interface.facets]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    z = corners[:, :, 2]
    first = area * ((p * z).sum(axis=1) + p.sum(axis=1) * z.sum(axis=1)) / 12
    return float(first.sum() / (area * p.mean(axis=1)).sum())


def solve() -> Answer:
    """Overlap the bodies, and compare force, its place and the end of contact."""
    joint = joint_of()
    level, area, force = reference(joint)
    made = ready(joint, OVERLAP)
    state, interface = made.walk(np.zeros((0, 6)), np.zeros(0)).walk.press_fit, made.interface
    own = state.traction[:, 0] * interface.area
    ends = float(level[force > 0].max())
    touching = float(interface.area[state.status != Status.OPEN].sum())
    # As wide a band from the mouth on as has the area that touches.
    round_ = 2 * math.pi * (joint.radius - math.tan(joint.half_angle) * ends / 2)
    return Answer(
        checks=(
            Check("normal force, N", float(force.sum()), float(own.sum()), 0.01),
            Check("level of the normal force, mm", float(force @ level / force.sum()),
                  _level(interface, state.traction[:, 0]), 0.01),
            Check("length of contact, mm; gate: half an element", ends, touching / round_, joint.size / 2,
                  relative=False),
        ),
        mesh=f"{made.model.mesh.unknowns} unknowns, {joint.size} mm on the interface",
        profile=Profile(
            "level above the mouth, mm", "pressure, MPa", level, force / area, interface.points[:, 2],
            state.traction[:, 0],
        ),
        note=f"contact ends at {ends:.2f} mm; thin slices would say "
        f"{OVERLAP / MISMATCH:.2f} mm; the mesh tells it to the width of a facet",
    )  # fmt: skip
