"""Round stem in an oval canal, on meshes that do not match.

The canal's radius is a + e cos 2θ. As long as contact is never lost the problem is linear: the mean
interference gives Lamé's pressure, and e a pressure that goes as cos 2θ,

    p = p0 + p2 cos 2θ,    p2 = -e / (g_bone + g_stem),

with the gives g of both rings under such a pressure from Michell's solution (`tests/verification/rings.py`).
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.rings import oval_give, uniform_give
from tests.verification.tubes import (
    BONE,
    INNER,
    INTERFERENCE,
    OUTER,
    RADIUS,
    STEM,
    FloatArray,
    Tubes,
    seat,
)

SOURCE = "Lamé and Michell, closed form"
SLOW = False

OVALITY = 0.01  # mm, on the radius


def oval(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Offset of the canal, mm."""
    return OVALITY * np.cos(2 * angle)


def solve() -> Answer:
    """Seat the stem on matching meshes and on two that do not match."""
    mean = INTERFERENCE / (uniform_give(RADIUS, OUTER, *BONE) + uniform_give(RADIUS, INNER, *STEM))
    wave = -OVALITY / (oval_give(RADIUS, OUTER, *BONE) + oval_give(RADIUS, INNER, *STEM))
    matching = Tubes(stem=(2, 32, 2), bone=(3, 32, 2), canal_offset=oval)
    meshes = {
        "matching": matching,
        "turned by half a facet": matching.with_(turn=np.pi / 32),
        "turned and refined": matching.with_(bone=(4, 44, 3), turn=0.03),
    }
    checks: list[Check] = []
    for name, tubes in meshes.items():
        seated = seat(tubes)
        area, pressure = seated.bodies.operators.area, seated.pressure
        found = 2 * float(area @ (pressure * np.cos(2 * seated.angle)) / area.sum())
        exact = mean + wave * np.cos(2 * seated.angle)
        checks += [
            Check(f"mean pressure, {name}, MPa", mean, seated.mean_pressure, 5e-3),
            Check(f"amplitude of the wave, {name}, MPa", wave, found, 0.02),
            Check(f"root mean square error, {name}, share", 0.0, seated.rms(exact, mean), 0.02, False),
            Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
        ]
    order = np.argsort(seated.angle)
    fine = np.linspace(-np.pi, np.pi, 181)
    return Answer(
        tuple(checks),
        mesh=f"{matching.stem[1]} facets round the stem, 44 round the canal",
        profile=Profile(
            "angle, degrees", "pressure, MPa", np.degrees(fine), mean + wave * np.cos(2 * fine),
            np.degrees(seated.angle[order]), pressure[order],
        ),
    )  # fmt: skip
