"""Fluted stem in a round canal: contact on the lands only, on meshes that do not match.

Four smooth flutes, 0.1 mm deep, leave the lands in contact and the floors open. There is no closed
form; the reference is the same fit on a finer mesh (160 facets round for 96) with facets that match,
and the gates are those of a press fit: the mean pressure over the interface to 0.5 %, the contact area
to 0.02 of the interface. Both count whole vertices, and so miss about half a facet at each edge of
contact: in plane strain a code of its own has 44.53 MPa and a share of 0.499
(`tests/verification/test_flutes.py`). Force balance is round-off on any mesh.
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.tubes import FloatArray, Seated, Tubes, seat

SOURCE = "own reference on a finer matching mesh"
SLOW = True

FLUTES, DEPTH = 4, 0.1


def flutes(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Offset of the stem's surface, mm."""
    return -DEPTH * (0.5 * (1 - np.cos(FLUTES * angle))) ** 3


def solve() -> Answer:
    """Seat the fluted stem in canals of three meshes."""
    reference = seat(Tubes(stem=(2, 160, 2), bone=(4, 160, 2), length=1.0, stem_offset=flutes))
    coarse = Tubes(stem=(2, 96, 2), bone=(3, 96, 2), stem_offset=flutes)
    meshes = {
        "turned by half a facet": coarse.with_(turn=np.pi / 96),
        "canal coarser": coarse.with_(bone=(3, 72, 2), turn=0.01),
        "canal finer": coarse.with_(bone=(4, 120, 3), turn=0.01),
    }
    checks: list[Check] = []
    for name, tubes in meshes.items():
        seated = seat(tubes)
        checks += [
            Check(f"mean pressure, {name}, MPa", reference.mean_pressure, seated.mean_pressure, 5e-3),
            Check(f"share of the area in contact, {name}", _closed(reference), _closed(seated), 0.02, False),
            Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
        ]
    exact, ours = np.argsort(reference.angle), np.argsort(seated.angle)
    return Answer(
        tuple(checks),
        mesh="96 facets round the stem, 72 to 120 round the canal; reference 160 and 160",
        profile=Profile(
            "angle, degrees", "pressure, MPa", np.degrees(reference.angle[exact]), reference.pressure[exact],
            np.degrees(seated.angle[ours]), seated.pressure[ours],
        ),
    )  # fmt: skip


def _closed(seated: Seated) -> float:
    area = seated.bodies.operators.area
    return float(area[seated.point.forces[:, 0] > 0].sum() / area.sum())
