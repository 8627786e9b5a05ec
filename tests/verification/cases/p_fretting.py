r"""Fretting of a rod in a tube under a cyclic torque: slip and work of friction.

A solid rod of radius r = 5 mm is pressed into a tube of R = 8 mm, both held at their far end, and a torque
is applied to the rod at the mouth, to and fro between -T and T. Torsion changes no pressure, so that the
friction per length is q = f p 2 pi r^2. Slip spreads from the mouth as far as c = T (1 - a) / q, with a =
r^4 / R^4 the rod's share of the torque where nothing slips. If sections turned as wholes (shear lag), the
slip between the extremes and the work in a cycle would be

    s(z) = r q (c - z)^2 (1 / GJ_rod + 1 / GJ_tube),    W = 2/3 q^2 c^3 (1 / GJ_rod + 1 / GJ_tube).

Sections do not, as friction acts on their surface. The reference is therefore a body of revolution of its
own code (`tests/verification/axisymmetric.py`), which has Coulomb's law on biquadratic quadrilaterals, at
six times as many levels; it is held against shear lag itself for a slip that is long. Slip, path of slip,
work of each place and of the whole come out of `fea.taper.fretting`, the work also from the balance of the
loads, and it is the sum of the solver's increments to round-off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fea.case.case import Supports
from fea.taper.fretting import fretting
from tests.verification.axisymmetric import Ring, Turning, turn, twisted
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.tapers import Joint, ready

SOURCE = "independent body of revolution with Coulomb friction; shear lag beside it"
SLOW = False

RADIUS, OUTER, LENGTH, MODULUS, FRICTION, OVERLAP = 5.0, 8.0, 26.0, 110000.0, 0.3, 0.01
#: Length of slip that shear lag tells, mm, and the torques of a cycle over their largest.
SLIPS, STEPS = 12.0, 8
HELD = Supports(bone_proximal="clamped", stem_proximal="clamped")


@dataclass(frozen=True)
class ShearLag:
    """Sections that turn as wholes."""

    torque: float
    per_length: float
    give: float
    slips: float

    def slip(self, level: FloatArray) -> FloatArray:
        """Between the extremes, mm."""
        left = np.maximum(self.slips - level, 0.0)
        return np.asarray(RADIUS * self.per_length * self.give * left**2)

    @property
    def work(self) -> float:
        """Of friction in a cycle, N mm."""
        return 2 / 3 * self.per_length**2 * self.slips**3 * self.give


def pressure() -> float:
    """Lamé's, MPa, without Poisson's ratio."""
    ratio = (OUTER**2 + RADIUS**2) / (OUTER**2 - RADIUS**2)
    return OVERLAP * MODULUS / (RADIUS * (ratio + 1.0))


def shear_lag(slips: float) -> ShearLag:
    """With the torque that makes the slip so long."""
    per_length = FRICTION * pressure() * 2 * math.pi * RADIUS**2
    rod, tube = (math.pi / 2 * size for size in (RADIUS**4, OUTER**4 - RADIUS**4))
    give = (1 / rod + 1 / tube) / (MODULUS / 2)
    return ShearLag(slips * per_length / (1 - rod / (rod + tube)), per_length, give, slips)


def course(torque: float) -> FloatArray:
    """A cycle from 0 over T, 0, -T to 0, in equal steps."""
    up = np.arange(1, STEPS + 1) / STEPS
    return torque * np.concatenate([up, up[-2::-1], [0.0], -up, -up[-2::-1], [0.0]])


def reference(torque: float, length: float, levels: int) -> tuple[FloatArray, FloatArray, Turning]:
    """Levels of the nodes, their areas, and what two cycles do."""
    at = np.linspace(0.0, length, levels + 1)

    def inner(z: FloatArray) -> FloatArray:
        return np.full_like(z, RADIUS)

    rod = Ring(lambda z: np.zeros_like(z), inner, at, 8, MODULUS, 0.0)
    tube = Ring(inner, lambda z: np.full_like(z, OUTER), at, 6, MODULUS, 0.0)
    a, b = twisted(rod, inner, length), twisted(tube, inner, length)
    # The held level carries no compliance and does not slip.
    free = a.levels < length - 1e-9
    give = (a.compliance + b.compliance)[np.ix_(free, free)]
    cycle = course(torque)
    found = turn(give, a.loaded[free], FRICTION * pressure() * a.weights[free], np.tile(cycle, 2), len(cycle))
    return a.levels[free], a.weights[free] / RADIUS, found


def solve() -> Answer:
    """Press in, turn to and fro twice, and compare the second cycle."""
    exact = shear_lag(SLIPS)
    level, area, turned = reference(exact.torque, LENGTH, 120)
    long = shear_lag(60.0)
    *_, far = reference(long.torque, 90.0, 360)
    joint = Joint(
        half_angle=0.0, radius=RADIUS, length=LENGTH, bore=0.0, outer=OUTER, modulus=MODULUS,
        friction=FRICTION, supports=HELD, size=1.5,
    )  # fmt: skip
    made = ready(joint, OVERLAP)
    cycle = course(exact.torque)
    wrenches = np.zeros((len(cycle), 6))
    wrenches[:, 5] = cycle
    walk = made.walk(wrenches, np.zeros(0), cycles=2).walk
    assert walk.loss is None
    interface = made.interface
    done = fretting(interface, walk.press_fit, walk.judged, walk.cycles[0][-1])
    mouth = interface.points[:, 2] < 1e-6
    own_mean = float(done.slip @ interface.area)
    slip = RADIUS * turned.slip
    # A vertex tells the mean over its hat function, at the mouth half a hat of this height.
    high = float(interface.area[mouth].sum()) / (math.pi * RADIUS)
    hat = area * np.maximum(1.0 - level / high, 0.0)
    solved = sum(state.dissipation for state in walk.judged)
    total = float(turned.energy.sum())
    return Answer(
        checks=(
            Check("reference, slip of 60 mm: work in a cycle by shear lag, N mm", long.work,
                  float(far.energy.sum()), 0.02),
            Check("slip at the mouth between the extremes, mm", float(slip @ hat / hat.sum()),
                  float(done.slip[mouth].mean()), 0.01),
            Check("slip over the whole contact, mm^3", float(slip @ area), own_mean, 0.02),
            Check("work of friction in a cycle, N mm", total, done.total(interface.area), 0.02),
            Check("work as the solver's increments say, N mm", solved, done.total(interface.area), 1e-9),
            Check("work per area at the mouth, N/mm", float((turned.energy / area) @ hat / hat.sum()),
                  float(done.energy[mouth].mean()), 0.02),
            Check("pressure times slip, as work over friction, N mm", solved / FRICTION,
                  float(done.index @ interface.area), 1e-2),
        ),
        mesh=f"{made.model.mesh.unknowns} unknowns, {joint.size} mm on the interface",
        profile=Profile(
            "level above the mouth, mm", "slip between the extremes, mm", level, slip,
            interface.points[:, 2], done.slip,
        ),
        note=f"shear lag would say {exact.work:.4g} N mm and {float(exact.slip(np.zeros(1))[0]):.4g} mm"
        " at the mouth",
    )  # fmt: skip
