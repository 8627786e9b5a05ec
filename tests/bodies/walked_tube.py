"""A hollow stem in a hollow bone that is walked on: 32 interface vertices in three layers.

Six rigid motions of the stem, the bone clamped at its proximal end: small enough to be walked on a
hundred times, and everything sticks, slips, opens and closes.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from fea.contact.history import History, Point
from fea.mesh.parts import Mesh, Part
from fea.model.build import Model, build_model
from materials.elasticity import Orthotropic
from materials.rotation import rotate_stiffness
from tests.bodies.structured import FloatArray, everywhere, isotropic, tube_in_tube

FREE = {"stem_distal": "free", "stem_proximal": "free", "bone_proximal": "clamped", "bone_distal": "free"}
HELD = {**FREE, "stem_distal": "clamped"}
BONE = Orthotropic(12e3, 13.5e3, 20e3, 0.38, 0.22, 0.23, 4.5e3, 5.6e3, 6.2e3)
REFERENCE_POINT = (0.0, 0.0, -30.0)
INTERFERENCE = 0.01
#: Loads of a walking patient, N and N mm; with friction 0.4 they move this stem but do not pull it out.
LARGEST = np.array([60.0, 60.0, 600.0, 3000.0, 3000.0, 3000.0])


def turned(mesh: Mesh, rotation: FloatArray) -> Mesh:
    parts = [Part(p.name, p.points @ rotation.T, p.tets, p.facets) for p in (mesh.stem, mesh.bone)]
    return Mesh(parts[0], parts[1], mesh.quality, "turned", mesh.zones)


def about_z(angle: float) -> FloatArray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


@cache
def model(unit: float = 1.0, angle: float = 0.0, supports: str = "free", sliding: bool = True) -> Model:
    mesh, rotation = turned(tube_in_tube(), about_z(angle)), about_z(angle)
    bone = rotate_stiffness(BONE.stiffness() * unit, (rotation @ about_z(0.4))[None])[0]
    materials = (everywhere(mesh.stem, isotropic(110e3 * unit, 0.3)), everywhere(mesh.bone, bone))
    kinds = FREE if supports == "free" else HELD
    return build_model(mesh, materials, kinds, fit(INTERFERENCE), sliding, REFERENCE_POINT, "superlu")


def fit(interference: float):
    return lambda points, normals, zones: np.full(len(points), -interference)


def solve(
    wrenches: FloatArray, friction: float = 0.4, interference: float = INTERFERENCE, at: Model | None = None
) -> list[Point]:
    """The press-fit and every instant."""
    at = at or model()
    problem = at.problem(np.full(len(at.operators.area), -interference), {"uncoated": friction})
    history = History(problem)
    seated = history.press_fit(2)
    return [seated, *history.walk(seated, wrenches)]


WALK = np.array(
    [[0.3, -0.2, 1.0, 0.5, 0.9, -0.6], [-0.5, 0.4, 0.2, -1.0, 0.3, 1.0], [0.1, 0.9, -0.9, 0.2, -0.8, 0.1]]
)
WALK = np.concatenate([WALK, -0.7 * WALK, WALK[::-1]]) * LARGEST
