"""Straight stem in a bowed canal, on meshes that do not match.

The canal's axis leaves the stem's by up to 20 um along a parabola, so that the middle of the stem presses
against one side and its ends against the other. The reference is the same fit on facets that match with
the same mesh of the stem, so that pressures can be held against each other vertex by vertex; gates as for
a press fit: mean pressure 0.5 %, root mean square 2 % of the mean.
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check
from tests.verification.tubes import FloatArray, Tubes, seat

SOURCE = "own reference on a matching mesh"
SLOW = True

LENGTH, BOW = 24.0, 0.02


def bowed(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Offset of the canal, mm."""
    return BOW * (1 - 2 * (2 * level / LENGTH - 1) ** 2) * np.cos(angle)


def solve() -> Answer:
    """Seat the stem on the reference mesh and on two canals that do not match."""
    matching = Tubes(
        stem=(2, 24, 12), bone=(3, 24, 12), length=LENGTH, canal_offset=bowed, plane_strain=False
    )
    reference = seat(matching)
    meshes = {
        "turned by half a facet": matching.with_(turn=np.pi / 24),
        "turned and refined": matching.with_(bone=(3, 32, 16), turn=0.05),
    }
    checks: list[Check] = []
    for name, tubes in meshes.items():
        seated = seat(tubes)
        difference = seated.rms(reference.pressure, reference.mean_pressure)
        checks += [
            Check(f"mean pressure, {name}, MPa", reference.mean_pressure, seated.mean_pressure, 5e-3),
            Check(f"root mean square difference, {name}, share of the mean", 0.0, difference, 0.02, False),
            Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
        ]
    spread = (reference.pressure.min(), reference.pressure.max())
    return Answer(
        tuple(checks),
        mesh="24 facets round, 12 along; canal turned, and 32 by 16",
        note=f"The pressure runs from {spread[0]:.1f} to {spread[1]:.1f} MPa.",
    )
