"""Pulling the stem of A1 out of its hub: estimates in closed form, cases that pull, and what was held.

A limit load lies between the last load that has an equilibrium and the first that has none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from fea.case.case import Activity, Case, MeshSizes, Supports
from fea.loads.history import History
from fea.study import Study
from geometry.fit import ZoneFit
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.lame import FITS
from tests.verification.press_fits import case_of, solved, unknowns

FRICTION = 0.4
#: Steps of a ramp, from its first force to its last.
STEPS = 24

FAR_END = Supports(bone_proximal="symmetric")
MOUTH = Supports(bone_distal="symmetric")


@dataclass(frozen=True)
class Ramp:
    """An axial pull that grows, first in one leap, then in equal steps; forces in N."""

    first: float
    last: float

    @property
    def step(self) -> float:
        """Growth of the force in a step, N."""
        return (self.last - self.first) / STEPS


def around(force: float, share: float) -> Ramp:
    """From a share below a force to the same share above it."""
    return Ramp((1 - share) * force, (1 + share) * force)


def pulled(length: float, ramp: Ramp, supports: Supports, size: float, interference: float = 0.05) -> Case:
    """A1 with another length, pulled along the axis."""
    case = case_of("a1")
    body_weight = 1e5
    first, last = (-force / body_weight * 100 for force in (ramp.first, ramp.last))
    course = tuple((2.0 + 2 * k, first + (last - first) * k / STEPS) for k in range(STEPS + 1))
    still = ((0.0, 0.0), (100.0, 0.0))
    axial = ((0.0, 0.0), *course, (100.0, 0.0))
    load = History("pull", "test", "D", "", True, 1.0, None, (still, still, axial, still, still, still))
    return replace(
        case,
        bone=replace(case.bone, length=length),
        stem=replace(case.stem, length=length),
        fit={"uncoated": ZoneFit(interference, FRICTION)},
        supports=supports,
        activity=Activity(load, body_weight, "right", 50, 1),
        mesh=MeshSizes(size, 1.4 * size, size, companion=False),
    )


def last_held(study: Study) -> float:
    """Axial force of the last equilibrium, N."""
    assert study.walk.loss is not None, "nothing let go; the ramp ends too early"
    assert "along the axis (distally)" in study.walk.loss.motion, study.walk.loss.motion
    (cycle,) = study.walk.cycles
    return float(-cycle[-1].wrench[2])


def estimate(length: float, *, mouth: bool) -> float:
    """Force at which all slides, from the coupled equation, N.

    As the stem is pulled it thins and the hub, where it is in tension, closes on it:

        p = p0 + (-nu_s sigma_s/E_s + nu_h sigma_h/E_h) / (k_s + k_h),   dN/dz = -mu p 2 pi a,

    sigma_s = N/A_s, sigma_h = (F - N)/A_h with the hub held at its far end, -N/A_h at its mouth.
    """
    return float(brentq(lambda force: tension(force, length, mouth=mouth)[-1], 1.0, 3e6))


def tension(force: float, length: float, *, mouth: bool, steps: int = 2000) -> FloatArray:
    """Axial force N of the stem from the mouth to the far end, shape (steps + 1,), where all slides."""
    fit = FITS["a1"]
    a, b, (e_s, nu_s), (e_h, nu_h) = fit.radius, fit.outer, fit.stem, fit.hub
    give = fit.interference / (a * fit.pressure)
    stem, hub = -nu_s / (e_s * np.pi * a**2), nu_h / (e_h * np.pi * (b**2 - a**2))
    course = np.full(steps + 1, force)
    for k in range(steps):
        in_hub = -course[k] if mouth else force - course[k]
        p = fit.pressure + (stem * course[k] + hub * in_hub) / give
        course[k + 1] = course[k] - FRICTION * p * 2 * np.pi * a * length / steps
    return course


def pull_out(published_kN: float, supports: Supports) -> Answer:
    """A1 with its whole length of 60 mm against axisymmetric finite elements, gate 2 %."""
    length, mouth = 60.0, supports == MOUTH
    ramp = around(1e3 * published_kN, 0.05)
    study = solved(pulled(length, ramp, supports, 2.45))
    held = last_held(study)
    (cycle,) = study.walk.cycles
    level, traction = study.interface.points[:, 2], cycle[-1].traction
    rings = np.linspace(0, length, 25)
    shear = -traction[:, 1] * study.interface.area
    # The stem's tension at a level is what the interface beyond it carries.
    beyond = np.array([shear[level >= ring].sum() for ring in rings[1:-1]])
    course = tension(estimate(length, mouth=mouth), length, mouth=mouth)
    return Answer(
        checks=(
            Check("pull-out force, kN", published_kN, (held + ramp.step / 2) / 1e3, 0.02),
            Check("the coupled estimate, kN", published_kN, estimate(length, mouth=mouth) / 1e3, 0.02),
        ),
        mesh=f"{unknowns(study)} unknowns, {study.case.mesh.interface} mm on the interface",
        profile=Profile(
            "level above the mouth, mm",
            "axial force in the stem, kN",
            np.linspace(0, length, len(course)),
            course / 1e3,
            rings[1:-1],
            np.abs(beyond) / 1e3,
        ),
        note=f"{held / 1e3:.2f} kN are held, {(held + ramp.step) / 1e3:.2f} kN are not; the line of the "
        "profile is the coupled estimate",
    )
