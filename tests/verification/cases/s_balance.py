"""Balance, law and dissipation at every instant of a walk.

A hollow stem in a hollow orthotropic bone is pressed in and loaded by nine wrenches in all six components.
Contact forces on the nodes must balance the wrench in force and moment, the supports' reactions as
well; friction never exceeds its limit, nothing pulls, nothing overlaps, and friction never gives work back.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import audit
from fea.model.recover import displacements, reaction_wrench
from tests.bodies.walked_tube import INTERFERENCE, REFERENCE_POINT, WALK, FloatArray, model
from tests.bodies.walked_tube import solve as walk
from tests.verification.case import Answer, Check

SOURCE = "equilibrium and Coulomb's law, exact; project's verification cases, section 5"
SLOW = False

FRICTION = 0.4


def solve() -> Answer:
    """Walk, then hold every state against the laws in their textbook form."""
    at, points = model(), walk(WALK, FRICTION)
    problem = at.problem(np.full(len(at.operators.area), -INTERFERENCE), {"uncoated": FRICTION})
    forces = np.column_stack([point.forces.ravel() for point in points])
    wrenches = np.column_stack([point.wrench for point in points])
    pressure, shear = forces[0::3], np.hypot(forces[1::3], forces[2::3])
    size = float(np.abs(wrenches[:3]).max())
    contact = _resultant(at.mesh.stem.points, at.operators.stem.T @ forces) + wrenches
    stem, bone = displacements(at, points)
    reactions = reaction_wrench(at.bone, bone, at.operators.bone.T @ forces)
    reactions += reaction_wrench(at.stem, stem, at.operators.stem.T @ forces + at.loads @ wrenches)
    lever = np.cross(np.array(REFERENCE_POINT), wrenches[:3].T)
    reactions += np.hstack([wrenches[:3].T, wrenches[3:].T + lever])
    excess = np.maximum(shear - FRICTION * pressure, 0.0).max() / pressure.max()
    gap = min(float((point.jump[:, 0] - INTERFERENCE * point.seated).min()) for point in points)
    residual, _ = audit(problem, points)
    tension, back = max(-pressure.min(), 0.0) / pressure.max(), max(0.0, *(-p.dissipation for p in points))
    return Answer(checks=(
        Check("unbalanced contact force, share of the load", 0.0, _largest(contact[:3]) / size, 1e-6, False),
        Check("unbalanced contact moment, N mm per N", 0.0, _largest(contact[3:]) / size, 1e-6, False),
        Check("unbalanced reaction, share of the load", 0.0, _largest(reactions[:, :3]) / size, 1e-6, False),
        Check("unbalanced reaction moment, N mm per N", 0.0, _largest(reactions[:, 3:]) / size, 1e-6, False),
        Check("friction beyond its limit, share of the pressure", 0.0, float(excess), 1e-9, False),
        Check("tension, share of the pressure", 0.0, float(tension), 1e-9, False),
        Check("overlap, mm", 0.0, max(-gap, 0.0), 1e-9, False),
        Check("work given back by friction, N mm", 0.0, float(back), 1e-9, False),
        Check("largest residual of the laws on all vertices", 0.0, float(residual.max()), 1e-9, False),
    ), mesh="32 interface vertices, nine instants")  # fmt: skip


def _resultant(points: FloatArray, nodal: FloatArray) -> FloatArray:
    """Force and moment about the reference point, shape (6, k)."""
    each = nodal.reshape(len(points), 3, -1)
    arms = points - np.array(REFERENCE_POINT)
    return np.vstack([each.sum(axis=0), np.cross(arms[:, None], each.swapaxes(1, 2)).sum(axis=0).T])


def _largest(values: FloatArray) -> float:
    return float(np.abs(values).max())
