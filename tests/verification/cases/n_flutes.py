"""Fluted stem in a round canal: contact on the lands only, on meshes that do not match.

Four smooth flutes, 0.1 mm deep, leave the lands in contact and the floors open. There is no closed
form; the reference is a plane code that shares nothing with the program
(`tests/verification/plane_flutes.py`). Gates: the mean pressure over the interface to 0.5 %; the share of
the area in contact counts whole vertices, so that each of the eight edges of contact is known to half a
facet, 0.042 of the interface in all. Force balance is round-off on any mesh.
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.plane_flutes import FLUTES, flutes, seat_plane
from tests.verification.tubes import Seated, Tubes, seat

SOURCE = "plane finite elements of another code"
SLOW = True

#: Round the stem.
FACETS = 96


def solve() -> Answer:
    """Seat the fluted stem in canals of three meshes."""
    plane = seat_plane(160)
    coarse = Tubes(stem=(2, FACETS, 2), bone=(3, FACETS, 2), stem_offset=flutes)
    meshes = {
        "turned by half a facet": coarse.with_(turn=np.pi / FACETS),
        "canal coarser": coarse.with_(bone=(3, 72, 2), turn=0.01),
        "canal finer": coarse.with_(bone=(4, 120, 3), turn=0.01),
    }
    half_facets = 2 * FLUTES * 0.5 / FACETS
    checks: list[Check] = []
    for name, tubes in meshes.items():
        seated = seat(tubes)
        checks += [
            Check(f"mean pressure, {name}, MPa", plane.mean, seated.mean_pressure, 5e-3),
            Check(f"share of the area in contact, {name}", plane.closed, _closed(seated), half_facets, False),
            Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
        ]
    eighth = np.abs((seated.angle + np.pi / FLUTES) % (2 * np.pi / FLUTES) - np.pi / FLUTES)
    ours = np.argsort(eighth)
    return Answer(
        tuple(checks),
        mesh=f"{FACETS} facets round the stem, 72 to 120 round the canal",
        profile=Profile(
            "angle from the middle of a land, degrees", "pressure, MPa", np.degrees(plane.angle),
            plane.pressure, np.degrees(eighth[ours]), seated.pressure[ours],
        ),
    )  # fmt: skip


def _closed(seated: Seated) -> float:
    area = seated.bodies.operators.area
    return float(area[seated.point.forces[:, 0] > 0].sum() / area.sum())
