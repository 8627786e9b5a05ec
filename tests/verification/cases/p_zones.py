"""Three porous zones under one long tube, each with its own interference and friction.

Without friction the pressure in the middle of a long zone is Lamé's (see `p_a1`) for the zone's own
interference: a step of the interference bends the wall of the tube over some 4 mm only. A titanium tube
of radii 3.5 and 7 mm is pressed into a cortical one of 7 and 10 mm, zones of 36 mm from the mouth with
a radial interference of 0.030, 0.036 and 0.033 mm. Each mean is taken over the middle 12 mm.

With friction the stem is then pulled, the hub held at its far end. Poisson's ratio is 0 in both bodies,
so that the pull changes no pressure, and when all slides

    F = sum over the zones of mu_i p_i 2 pi a L_i.

At a step the smaller interference hands force to the larger one, in proportion to their difference
d. With friction 0.2, 0.3 and 0.5 the sum of (mu_i+1 - mu_i) d_i is 0: what the first step adds to F the
second takes. The pull grows in steps of 0.5 % until no equilibrium exists.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from fea.cache import Cache
from fea.case.case import Case, MeshSizes, Supports
from fea.model.build import Model
from fea.model.interface import describe
from fea.model.walk import Plan, Track, walk_history
from fea.progress import Clock
from fea.solving import Tools, factor_case, mesh_case
from geometry.bone import Station
from geometry.coating import Coating
from geometry.fit import ZoneFit
from materials.elasticity import Isotropic
from materials.material import Material
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.lame import PressFit
from tests.verification.press_fits import case_of

SOURCE = "Lamé by zone; sum of friction limits, closed form"
SLOW = False

BORE, RADIUS, OUTER, STEM, HUB = 3.5, 7.0, 10.0, 110000.0, 17000.0
LENGTH = 36.0
#: Radial interference in mm and friction of each zone, from the mouth.
FITS = {"low": ZoneFit(0.030, 0.2), "middle": ZoneFit(0.036, 0.3), "high": ZoneFit(0.033, 0.5)}
STEPS, SHARE, WINDOW = 8, 0.02, 12.0


def exact(zone: str) -> float:
    """Lamé's pressure for a zone's own interference, MPa."""
    return PressFit(BORE, RADIUS, OUTER, (STEM, 0.0), (HUB, 0.0), FITS[zone].radial_interference).pressure


def stated() -> Case:
    """A1 with three coatings over a longer and thinner tube."""
    case, whole = case_of("a1"), LENGTH * len(FITS)
    coatings = tuple(Coating(LENGTH * k, LENGTH * (k + 1), zone) for k, zone in enumerate(FITS))
    return replace(
        case,
        bone=replace(case.bone, length=whole, stations=(Station(0.0, OUTER, OUTER, RADIUS, RADIUS),)),
        stem=replace(case.stem, length=whole, bore_diameter=2 * BORE, coatings=coatings),
        bone_material=Material.inline("bone", Isotropic(HUB, 0.0), "bone"),
        stem_material=Material.inline("stem", Isotropic(STEM, 0.0), "metal"),
        fit={**FITS, "uncoated": ZoneFit(0.0, 0.0)},
        supports=Supports(bone_proximal="symmetric"),
        mesh=MeshSizes(3.2, 8.0, 3.2, companion=False),
    )


@cache
def factored() -> tuple[Model, Model]:
    """The case without friction and with it, on one mesh and one factor."""
    case, tools = stated(), Tools(Cache(Path(mkdtemp(prefix="osseofit-verify-"))), Clock())
    mesh = mesh_case(case, tools)
    smooth = replace(case, fit={zone: replace(fit, friction=0.0) for zone, fit in case.fit.items()})
    return factor_case(smooth, mesh, tools)[0], factor_case(case, mesh, tools)[0]


def walked(model: Model, friction: dict[str, float], pull: FloatArray) -> Track:
    """Press in, then pull with each axial force in turn, N."""
    wrenches = np.zeros((len(pull), 6))
    wrenches[:, 2] = -pull
    plan = Plan(np.linspace(0.0, 100.0, len(pull)), wrenches, 1 if len(pull) else 0, 4, 0)
    return walk_history(model, model.problem(model.operators.gap, friction), plan)


def solve() -> Answer:
    """Press in without friction, then with it, and pull until the stem lets go."""
    case, (smooth, rough) = stated(), factored()
    interface = describe(smooth.mesh, smooth.operators, {}, case.mesh.interface)
    pressure = walked(smooth, {}, np.zeros(0)).walk.press_fit.traction[:, 0]
    checks = []
    for zone in case.stem.coatings:
        here = interface.within(zone.name)
        off = np.abs(interface.points[:, 2] - (zone.start + zone.end) / 2)
        middle = here & (off <= WINDOW / 2)
        mean = float(np.average(pressure[middle], weights=interface.area[middle]))
        area = 2 * np.pi * RADIUS * LENGTH
        checks += [
            Check(f"mean pressure in the middle of zone {zone.name}, MPa", exact(zone.name), mean, 5e-3),
            Check(f"area of zone {zone.name}, mm^2", area, float(interface.area[here].sum()), 1e-3),
        ]
    limit = sum(fit.friction * exact(zone) for zone, fit in FITS.items()) * 2 * np.pi * RADIUS * LENGTH
    pull = limit * np.linspace(1 - SHARE, 1 + SHARE, STEPS + 1)
    track = walked(rough, {zone: fit.friction for zone, fit in FITS.items()}, pull)
    assert track.walk.loss is not None, "nothing let go; the ramp ends too early"
    (cycle,) = track.walk.cycles
    held, step = float(-cycle[-1].wrench[2]), float(pull[1] - pull[0])
    checks.append(Check("pull-out force, N", limit, held + step / 2, 0.01))
    level = np.repeat([LENGTH * k for k in range(len(FITS) + 1)], 2)[1:-1]
    return Answer(
        checks=tuple(checks),
        mesh=f"{smooth.mesh.unknowns} unknowns, {case.mesh.interface} mm on the interface",
        profile=Profile(
            "level above the mouth, mm",
            "pressure without friction, MPa",
            level,
            np.repeat([exact(zone) for zone in FITS], 2),
            interface.points[:, 2],
            pressure,
        ),
        note=f"{held:.0f} N are held, {held + step:.0f} N are not",
    )
