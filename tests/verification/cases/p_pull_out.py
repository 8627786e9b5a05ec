"""Pull-out of a press fit without Poisson's coupling.

A stem that is pressed in with p and pulled slides when friction is used up everywhere,

    F = mu p 2 pi a L.

This holds as long as the pull does not change the pressure: with Poisson's ratio 0 in both bodies the
stem does not thin as it is stretched. It is the fit A1 with these Poisson's ratios, for which Lamé's
formula gives p = 66.7 MPa, friction 0.4 and a length of 20 mm; with the ratios of 0.3, see
`p_pull_out_far_end` and `p_pull_out_mouth`. The force grows in steps of 0.25 % until no equilibrium
exists.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from materials.elasticity import Isotropic
from materials.material import Material
from tests.verification.case import Answer, Check, Profile
from tests.verification.lame import FITS
from tests.verification.press_fits import solved, unknowns
from tests.verification.pull_out import FAR_END, FRICTION, around, last_held, pulled

SOURCE = "closed form; project's verification cases, section 1"
SLOW = False

LENGTH, SIZE = 20.0, 3.5  # mm
FIT = replace(FITS["a1"], stem=(110000, 0.0), hub=(17000, 0.0))


def solve() -> Answer:
    """Press in, pull until it lets go."""
    exact = FRICTION * FIT.pressure * 2 * np.pi * FIT.radius * LENGTH
    ramp = around(exact, 0.03)
    stem, hub = (
        Material.inline(name, Isotropic(*law)) for name, law in (("stem", FIT.stem), ("hub", FIT.hub))
    )
    case = replace(pulled(LENGTH, ramp, FAR_END, SIZE), stem_material=stem, bone_material=hub)
    study = solved(case)
    held = last_held(study)
    (cycle,) = study.walk.cycles
    pressure = study.walk.press_fit.traction[:, 0] @ study.interface.area / study.interface.area.sum()
    return Answer(
        checks=(
            Check("mean pressure before the pull, MPa", FIT.pressure, float(pressure), 5e-3),
            Check("pull-out force, N", exact, held + ramp.step / 2, 0.02),
        ),
        mesh=f"{unknowns(study)} unknowns, {SIZE} mm on the interface",
        profile=Profile(
            "level above the mouth, mm",
            "friction at the last equilibrium, MPa",
            np.array([0, LENGTH]),
            np.full(2, FRICTION * FIT.pressure),
            study.interface.points[:, 2],
            np.abs(cycle[-1].traction[:, 1]),
        ),
        note=f"{held:.0f} N are held, {held + ramp.step:.0f} N are not; friction has a lever about the hub's "
        "wall and shifts pressure from the mouth to the far end, but not its mean",
    )
