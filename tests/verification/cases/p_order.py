"""Order of convergence of the press-fit pressure.

A2 in plane strain on four meshes, each finer by 3/2 to 4/3 in every direction. The pressure is linear on the
facets, the bone's displacement quadratic: the root mean square error of the pressure falls with the
square of the element size, and the mean, which the bone's stored energy decides, faster still.
Stem and canal are meshed so that their facets match, and again with the canal's mesh turned.
"""

from __future__ import annotations

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.tubes import FloatArray, Tubes, seat

SOURCE = "Lamé; orders: standard theory of finite elements"
SLOW = True

PRESSURE = 59.22430
#: Sectors, and cells along the radius of stem and bone, of each mesh.
MESHES = ((16, 2, 2), (24, 3, 3), (32, 4, 4), (48, 6, 6))


def solve() -> Answer:
    """Seat on four meshes, twice."""
    sectors = np.array([mesh[0] for mesh in MESHES], dtype=float)
    matching, turned = (_errors(turn) for turn in (0.0, 0.4))
    orders = [-float(np.polyfit(np.log(sectors), np.log(error), 1)[0]) for error in (matching, turned)]
    return Answer(
        checks=(
            Check("order of the pressure, facets that match", 2.0, orders[0], 0.3, False),
            Check("order of the pressure, canal turned", 2.0, orders[1], 0.3, False),
        ),
        mesh="16 to 48 facets round",
        order=f"{orders[0]:.2f} of 2, turned {orders[1]:.2f} of 2",
        profile=Profile(
            "facets round", "root mean square error of the pressure, share", sectors,
            matching[0] * (sectors[0] / sectors) ** 2, sectors, matching, logarithmic=True,
        ),
    )  # fmt: skip


def _errors(turn: float) -> FloatArray:
    """Root mean square error on each mesh; the turn in facets."""
    found = []
    for sectors, stem, bone in MESHES:
        layers = 2 * stem
        seated = seat(
            Tubes(
                (stem, sectors, layers), (bone, sectors, layers), length=4.0, turn=turn * 2 * np.pi / sectors
            )
        )
        found.append(seated.rms(np.full(len(seated.pressure), PRESSURE), PRESSURE))
    return np.array(found)
