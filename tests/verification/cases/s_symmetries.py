"""What must not matter: units, the direction of the axes, mirror, the order of elements.

The same walk on the same tubes, stated otherwise. With moduli and loads times k the displacements stay; with
model, loads and material axes turned together everything turns along; with model and loads mirrored
everything is mirrored; with elements and nodes in another order nothing changes. Compared are the
contact forces at every instant, at the accuracy at which the solver stops.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fea.contact.history import History, Point
from fea.mesh.parts import Mesh, Part
from fea.model.build import build_model
from tests.bodies.structured import everywhere, isotropic, tube_in_tube
from tests.bodies.walked_tube import (
    BONE,
    FREE,
    INTERFERENCE,
    REFERENCE_POINT,
    WALK,
    FloatArray,
    about_z,
    fit,
    model,
)
from tests.bodies.walked_tube import solve as walk
from tests.verification.case import Answer, Check

SOURCE = "symmetries of mechanics, exact; project's verification cases, section 5"
SLOW = False

GATE = 1e-7
#: Mirror at the plane x = 0: forces along x and moments about y and z change their sign.
MIRROR = np.array([-1.0, 1.0, 1.0, 1.0, -1.0, -1.0])


def solve() -> Answer:
    """Walk six times."""
    first = walk(WALK)
    both = np.kron(np.eye(2), about_z(0.3))
    plain = _walk(tube_in_tube(), WALK)
    mirrored = _walk(_mirrored(tube_in_tube()), WALK * MIRROR)
    shuffled = _walk(_shuffled(tube_in_tube()), WALK)
    size = float(np.abs(_normal(first)).max())
    pairs = {
        "moduli and loads times 7": (_all(first), _all(walk(7 * WALK, at=model(7.0))) / 7),
        "all turned by 0.3 rad": (_all(first), _all(walk(WALK @ both.T, at=model(angle=0.3)))),
        "all mirrored": (np.sort(_normal(plain)), np.sort(_normal(mirrored))),
        "nodes and elements in another order": (np.sort(_normal(plain)), np.sort(_normal(shuffled))),
    }
    checks = tuple(
        Check(f"{name}, share of the largest force", 0.0, float(np.abs(a - b).max()) / size, GATE, False)
        for name, (a, b) in pairs.items()
    )
    return Answer(checks, mesh="32 interface vertices, nine instants")


def _all(points: list[Point]) -> FloatArray:
    return np.stack([point.forces for point in points])


def _normal(points: list[Point]) -> FloatArray:
    """Normal forces, shape (k, v)."""
    return np.stack([point.forces[:, 0] for point in points])


def _walk(mesh: Mesh, wrenches: FloatArray) -> list[Point]:
    materials = everywhere(mesh.stem, isotropic(110e3, 0.3)), everywhere(mesh.bone, BONE.stiffness())
    at = build_model(mesh, materials, FREE, fit(INTERFERENCE), True, REFERENCE_POINT, "superlu")
    history = History(at.problem(np.full(len(at.operators.area), -INTERFERENCE), {"uncoated": 0.4}))
    seated = history.press_fit(2)
    return [seated, *history.walk(seated, wrenches)]


def _mirrored(mesh: Mesh) -> Mesh:
    """Mirror at x = 0; nodes are listed so that volumes and normals stay as they should."""
    tets, facets = [0, 2, 1, 3, 6, 5, 4, 7, 9, 8], [0, 2, 1, 5, 4, 3]

    def turned(part: Part) -> Part:
        named = {name: nodes[:, facets] for name, nodes in part.facets.items()}
        return Part(part.name, part.points * [-1.0, 1.0, 1.0], part.tets[:, tets], named)

    return replace(mesh, stem=turned(mesh.stem), bone=turned(mesh.bone))


def _shuffled(mesh: Mesh) -> Mesh:
    """Number nodes, elements and facets at random."""
    random = np.random.default_rng(5)

    def shuffled(part: Part) -> Part:
        order = random.permutation(len(part.points))
        number = np.argsort(order)
        named = {name: number[random.permutation(nodes)] for name, nodes in part.facets.items()}
        return Part(part.name, part.points[order], number[random.permutation(part.tets)], named)

    return replace(mesh, stem=shuffled(mesh.stem), bone=shuffled(mesh.bone))
