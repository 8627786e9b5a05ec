"""External work equals elastic energy plus friction loss.

From one instant to the next, with forces taken at their mean over the step,

    work of the load + work of the interference = change of elastic energy + friction loss,

which is an identity of linear elasticity: it fails if displacements, contact forces and loads do not
belong together. The interference does work on the press-fit only. The friction loss of an implicit step is
taken at its end, and so differs from that of the mean by a share that falls with the steps; over a closed
and settled cycle the elastic energy returns, and the load's work is what friction takes.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import Point
from fea.model.recover import displacements
from tests.bodies.walked_tube import LARGEST, FloatArray, model
from tests.bodies.walked_tube import solve as walk
from tests.verification.case import Answer, Check

SOURCE = "first law; project's verification cases, section 5"
SLOW = False

FRICTION = 0.3


def solve() -> Answer:
    """Two cycles in 30, 60 and 120 instants; the second is settled."""
    identity, ratios = 0.0, []
    for count in (30, 60, 120):
        points = walk(np.concatenate([_cycle(count)] * 2), FRICTION)
        elastic, load, interface = _energies(points)
        scale = np.abs(np.diff(elastic)).max()
        identity = max(identity, float(np.abs(np.diff(elastic) - load - interface).max() / scale))
        lost = sum(point.dissipation for point in points[count + 1 :])
        ratios.append(float(load[count:].sum()) / lost)
    order = np.log2((ratios[0] - 1) / (ratios[1] - 1)), np.log2((ratios[1] - 1) / (ratios[2] - 1))
    return Answer(
        checks=(
            Check("mismatch of energy in any step, share of the largest change", 0.0, identity, 1e-8, False),
            Check("work over friction loss in a settled cycle of 30 instants", 1.0, ratios[0], 0.05),
            Check("work over friction loss in a settled cycle of 120 instants", 1.0, ratios[-1], 0.005),
        ),
        mesh="32 interface vertices",
        order=f"{order[0]:.2f} and {order[1]:.2f} in the number of instants (at least 1)",
    )


def _cycle(count: int) -> FloatArray:
    """Pull and twist along an ellipse, in so many instants."""
    angle = np.linspace(0, 2 * np.pi, count + 1)[1:]
    course = np.outer(np.sin(angle), LARGEST * [0, 0, 1, 0, 0, 0]) * 4.0
    return course + np.outer(np.cos(angle), LARGEST * [0, 0, 0, 0, 0, 1]) * 6.0


def _energies(points: list[Point]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Elastic energy, shape (k,); work of load and of contact forces in every step, shape (k - 1,)."""
    at = model()
    fields = [np.asarray(moved) for moved in displacements(at, points)]
    forces = np.column_stack([point.forces.ravel() for point in points])
    loads = at.loads @ np.column_stack([point.wrench for point in points])
    elastic = np.zeros(len(points))
    for body, moved in zip((at.stem, at.bone), fields, strict=True):
        elastic += 0.5 * np.einsum("nk,nk->k", moved, body.stiffness @ moved)
    load = np.einsum("nk,nk->k", _mean(loads), np.diff(fields[0]))
    jumps = at.operators.stem @ fields[0] + at.operators.bone @ fields[1]
    return elastic, load, np.einsum("nk,nk->k", _mean(forces), np.diff(jumps))


def _mean(columns: FloatArray) -> FloatArray:
    return 0.5 * (columns[:, 1:] + columns[:, :-1])
