"""Cortical hub centred on a longer titanium stem (FF1).

The fit of `p_a1` with a hub of 30 mm on a stem of 90 mm. The stem beyond the hub stiffens the contact
towards the hub's edges, where the pressure rises without limit at a sharp edge. There is no closed
form; two axisymmetric codes agree on the mean, 58.632 MPa, which is 0.2 % above plane stress, and on
the pressure at 0.25 to 5 mm from the edge. The mean is held to 0.5 %, at the recommended mesh too,
the course to 3 % from 2 mm on.
"""

from __future__ import annotations

import numpy as np

from fea.case.case import MeshSizes
from tests.verification.case import Answer
from tests.verification.finite_hub import FiniteHub, finite_hub

SOURCE = "two axisymmetric finite element codes; project's verification cases, section 1"
SLOW = True

HUB = FiniteHub(
    "ff1",
    mean=58.632,
    course=np.array([62.66, 60.64, 59.04, 58.09, 57.93, 58.14]),
    sizes=MeshSizes(1.4, 1.8, 0.7, companion=False),
)


def solve() -> Answer:
    """Solve `cases/verification/ff1_*.toml` on two meshes."""
    return finite_hub(HUB)
