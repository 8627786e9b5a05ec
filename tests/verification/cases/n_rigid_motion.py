"""Rigid motions of both bodies together open and shear nothing.

On matching meshes the partner of a point is the point itself, so that the jump of any rigid motion is
round-off. Where there is a gap g between the surfaces, a rotation moves the partners by rotation times gap:
between two plates at distance g, turned about an axis in their plane, the tangential jump is g times the
angle, whatever the meshes. A translation gives round-off always.
"""

from __future__ import annotations

import numpy as np

from fea.contact.operators import ContactSide, Operators, build_operators
from fea.elasticity.rigid import LEVER, rigid_fields
from tests.bodies.structured import at, brick
from tests.bodies.two_bodies import no_gap
from tests.verification.case import Answer, Check
from tests.verification.tubes import Tubes

SOURCE = "kinematics, exact"
SLOW = False

GAP = 0.1


def solve() -> Answer:
    """Apply the jump rows to rigid fields."""
    bodies = Tubes(stem=(1, 24, 3), bone=(1, 24, 3)).bodies()
    matching = _jumps(bodies.operators, bodies.stem.part.points, bodies.bone.part.points)
    low = brick("stem", (0, 0, -1), (4, 4, 0), (3, 3, 1), {"contact": at(2, 0.0)})
    high = brick("bone", (-1, -1, GAP), (5, 5, 1), (5, 4, 1), {"contact": at(2, GAP)})
    operators = build_operators(
        ContactSide(low.points, low.facets["contact"]),
        ContactSide(high.points, high.facets["contact"]),
        np.zeros(len(low.facets["contact"]), dtype=np.int64),
        no_gap,
    )
    plates = _jumps(operators, low.points, high.points)
    in_plane = np.linalg.norm(plates[:, 1:, 3:5], axis=1) * LEVER
    return Answer(
        checks=(
            Check("any motion, matching meshes, mm", 0.0, float(np.abs(matching).max()), 1e-12, False),
            Check("translations, plates apart, mm", 0.0, float(np.abs(plates[:, :, :3]).max()), 1e-12, False),
            Check("least jump over angle, plates apart, mm", GAP, float(in_plane.min()), 1e-10),
            Check("largest jump over angle, plates apart, mm", GAP, float(in_plane.max()), 1e-10),
        ),
        mesh="tubes of 24 facets round; plates of 18 and 40 facets",
    )


def _jumps(operators: Operators, stem: np.ndarray, bone: np.ndarray) -> np.ndarray:
    """Jump of each rigid motion, shape (v, 3, 6)."""
    jumps = operators.stem @ rigid_fields(stem) + operators.bone @ rigid_fields(bone)
    return np.asarray(jumps).reshape(-1, 3, 6)
