"""Press fit whose canal mesh is turned by half a facet, and refined, against the stem's.

A2 of the press fits in plane strain: p = 59.22430 MPa everywhere, and the canal widens by p times its give
(Lamé). A rotation of one mesh against the other changes nothing physical, so the same gates hold as on
matching meshes; contact is integrated over the overlaps of the facets.
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.rings import uniform_give
from tests.verification.tubes import (
    BONE,
    INTERFERENCE,
    OUTER,
    RADIUS,
    Seated,
    Tubes,
    canal_displacement,
    seat,
)

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False

PRESSURE = 59.22430
MATCHING = Tubes(stem=(2, 32, 2), bone=(3, 32, 2))
MESHES = {
    "turned by half a facet": MATCHING.with_(turn=np.pi / 32),
    "turned and refined": MATCHING.with_(bone=(4, 44, 3), turn=0.03),
    "turned and coarsened": MATCHING.with_(bone=(3, 24, 2), turn=0.03),
}


def solve() -> Answer:
    """Seat the same stem in three canals."""
    widening = PRESSURE * uniform_give(RADIUS, OUTER, *BONE)
    checks: list[Check] = []
    for name, tubes in MESHES.items():
        seated = seat(tubes)
        checks += [
            Check(f"mean pressure, {name}, MPa", PRESSURE, seated.mean_pressure, 5e-3),
            Check(f"root mean square error of the pressure, {name}, share", 0.0, _rms(seated), 0.02, False),
            Check(f"canal displacement, {name}, mm", widening, canal_displacement(seated), 2e-3),
            Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
        ]
    order = np.argsort(seated.angle)
    return Answer(
        tuple(checks),
        mesh=f"{MATCHING.stem[1]} facets round, {1e3 * INTERFERENCE:.0f} um radial interference",
        profile=Profile(
            "angle, degrees", "pressure, MPa", np.array([-180.0, 180.0]), np.full(2, PRESSURE),
            np.degrees(seated.angle[order]), seated.pressure[order],
        ),
    )  # fmt: skip


def _rms(seated: Seated) -> float:
    return seated.rms(np.full(len(seated.pressure), PRESSURE), PRESSURE)
