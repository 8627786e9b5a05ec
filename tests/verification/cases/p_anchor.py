"""A pre-tensioned anchor in a tube of bone: what holes, plate and bone carry.

A hole of radius r across a tube of radii a and b has the surface and volume

    2 r int_0^2pi (sqrt(b^2 - r^2 cos^2 t) - sqrt(a^2 - r^2 cos^2 t)) dt,
    4 int_-r^r (sqrt(b^2 - y^2) - sqrt(a^2 - y^2)) sqrt(r^2 - y^2) dy.

Equilibrium says what no mesh can change: the pins press the bone with the preload P on the implant's axis,
the plate carries P after the press-fit and P + F under an axial force F, and at F = -P nothing presses it
on the cut any more. Away from plate and holes (Saint-Venant) the bone has the axial stress -P/A between
them and none beyond the pins, A = pi (b^2 - a^2). A stiff plate in bending begins to open where the nominal
pressure P/A - M b/I vanishes, at M = P I / (A b), as far as its pressure is linear.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

from fea.contact.history import History, LostFixation, Point
from fea.elasticity.rigid import LEVER, rigid_fields
from fea.elasticity.wrench import triangle_shapes
from fea.mesh.build import build_mesh
from fea.mesh.parts import Part
from fea.mesh.pin_holes import PIN_HOLES
from fea.mesh.sizes import MeshSizes
from fea.model.anchor_bar import bar_preload
from fea.model.build import Model, build_model
from fea.model.recover import displacements
from fea.solve.backends import choose_backend
from fea.status import Status
from geometry.anchor import Anchor, Pin
from geometry.bone import Bone, Station
from geometry.stem import Collar, Stem
from geometry.zones import COLLAR
from tests.bodies.one_body import volume
from tests.bodies.structured import everywhere, isotropic
from tests.verification.case import Answer, Check
from tests.verification.norms import sample

SOURCE = "quadrature; equilibrium; Saint-Venant; beam theory"
SLOW = False

FloatArray = NDArray[np.float64]

#: Radii of bone and canal, and of the pins, mm.
OUTER, CANAL, PIN = 14.0, 7.0, 2.0
AREA = np.pi * (OUTER**2 - CANAL**2)
SECOND_MOMENT = np.pi / 4 * (OUTER**4 - CANAL**4)
#: Preload, and the axial load that comes on top, N.
FORCE, LOAD = 2700.0, 800.0
FRICTION = 0.5
#: Levels of the slabs of bone whose stress is looked at, mm: between plate and pins, and beyond the pins.
BETWEEN, BEYOND = (24.0, 34.0), (98.0, 106.0)
STEM_LAW, BONE_LAW = isotropic(110000.0, 0.34), isotropic(17000.0, 0.3)
SUPPORTS = {
    "stem_distal": "free", "stem_proximal": "free", "bone_proximal": "clamped", "bone_distal": "free",
}  # fmt: skip

BONE = Bone(118.0, (Station(0.0, OUTER, OUTER, CANAL, CANAL),))
ANCHOR = Anchor(2 * PIN, (Pin(58.0, 0.0), Pin(68.0, np.pi / 2)))
#: A plate thick enough to be stiff.
STEM = Stem(12.0, 20.0, protrusion=25.0, collar=Collar(2 * OUTER, 20.0, 0.0), anchor=ANCHOR)


@cache
def model() -> Model:
    """Mesh and factor the anchor."""
    mesh = build_mesh(BONE, None, STEM, MeshSizes(3.0, 4.0))
    bar = bar_preload("anchor bar", FORCE, STEM, mesh)
    materials = everywhere(mesh.stem, STEM_LAW), everywhere(mesh.bone, BONE_LAW)
    return build_model(
        mesh, materials, SUPPORTS, lambda points, *_: np.zeros(len(points)), True, (0.0, 0.0, -25.0),
        choose_backend(), preloads=[bar],
    )  # fmt: skip


def walked(wrenches: FloatArray) -> list[Point]:
    """Seat the anchor and load it."""
    at = model()
    history = History(at.problem(at.operators.gap, {COLLAR: FRICTION}))
    seated = history.press_fit(2)
    return [seated, *history.walk(seated, wrenches)]


def steps(component: int, ends: tuple[float, float], count: int) -> FloatArray:
    """Rising loads of one component."""
    wrenches = np.zeros((count, 6))
    wrenches[:, component] = np.linspace(*ends, count)
    return wrenches


def held_up_to(wrenches: FloatArray) -> int:
    """Return how many instants of rising loads have an equilibrium."""
    at = model()
    history = History(at.problem(at.operators.gap, {COLLAR: FRICTION}))
    count = 0
    try:
        for _ in history.walk(history.press_fit(2), wrenches):
            count += 1
    except LostFixation:
        pass
    return count


def on_bone(point: Point) -> FloatArray:
    """Force and moment about the origin of contact on the bone, N and N mm."""
    at = model()
    nodal = at.operators.bone.T @ point.forces.ravel()
    return np.asarray(rigid_fields(at.mesh.bone.points).T @ nodal) * [1, 1, 1, LEVER, LEVER, LEVER]


def hole_area() -> float:
    """Surface of both pins' holes, mm^2."""
    return 2 * len(ANCHOR.pins) * PIN * quad(lambda t: _chord(PIN * np.cos(t)), 0.0, 2 * np.pi)[0]


def hole_volume() -> float:
    """Volume of both pins' holes, mm^3."""
    piece = quad(lambda y: _chord(y) * 2.0 * np.sqrt(PIN**2 - y**2), -PIN, PIN)[0]
    return 2 * len(ANCHOR.pins) * float(piece)


def _chord(y: float) -> float:
    return float(np.sqrt(OUTER**2 - y**2) - np.sqrt(CANAL**2 - y**2))


def facet_area(part: Part, name: str) -> float:
    """Area of curved facets, mm^2."""
    _, weights, _, slopes = triangle_shapes(5)
    tangents = np.einsum("qar,kad->kqrd", slopes, part.points[part.facets[name]])
    return float((np.linalg.norm(np.cross(tangents[:, :, 0], tangents[:, :, 1]), axis=2) * weights).sum())


def stress_error(point: Point, slab: tuple[float, float], exact: float) -> float:
    """Root mean square of what axial stress differs from a uniform one in a slab of bone, of P/A."""
    at = model()
    _, moved = displacements(at, [point])
    sampled = sample(at.mesh.bone, np.asarray(moved).reshape(-1, 3))
    near = (sampled.places[..., 2] > slab[0]) & (sampled.places[..., 2] < slab[1])
    stress, weight = (sampled.strain @ BONE_LAW)[..., 2][near], sampled.volume[near]
    return float(np.sqrt((weight * (stress - exact) ** 2).sum() / weight.sum())) / (FORCE / AREA)


def opening_moment() -> float:
    """Bending moment at which the plate begins to leave the cut, to 2 %, N mm."""
    nominal = FORCE * SECOND_MOMENT / (AREA * OUTER)
    points = walked(steps(4, (0.5 * nominal, 1.5 * nominal), 51))
    opened = [k for k, point in enumerate(points[1:]) if (point.status == Status.OPEN).any()]
    return nominal * (0.5 + opened[0] / 50)


def solve() -> Answer:
    """Tighten the anchor, push, pull and bend."""
    at = model()
    bone = at.mesh.bone
    whole = np.pi * (OUTER**2 - CANAL**2) * BONE.length
    pushed = walked(steps(2, (LOAD, LOAD), 1))
    pulled = walked(steps(2, (-LOAD, -LOAD), 1))[1]
    seated, more = (on_bone(point) for point in pushed)
    pins = np.asarray(rigid_fields(bone.points).T @ at.preloads[0].bone_loads)
    wanted = np.array([0.0, 0.0, -1.0, 0.0, 0.0, 0.0])
    pulls = steps(2, (-0.905 * FORCE, -1.105 * FORCE), 21)
    nominal = FORCE * SECOND_MOMENT / (AREA * OUTER)
    return Answer(
        checks=(
            Check("surface of the holes, mm^2", hole_area(), facet_area(bone, PIN_HOLES), 1e-3),
            Check("volume of the holes, mm^3", hole_volume(), whole - volume(bone), 0.02),
            Check("resultant of the pins on the bone, of the preload", 0.0,
                  float(np.abs(pins - wanted).max()), 1e-10, relative=False),
            Check("axial force on the plate, N", FORCE, float(seated[2]), 1e-9),
            Check("the same, pushed, N", FORCE + LOAD, float(more[2]), 1e-9),
            Check("the same, pulled, N", FORCE - LOAD, float(on_bone(pulled)[2]), 1e-9),
            Check("transverse force and moment on the plate, of the preload", 0.0,
                  float(np.abs(np.delete(seated, 2)).max()) / FORCE, 1e-7, relative=False),
            Check("pull-off that loosens it, of the preload", 1.0,
                  0.905 + 0.01 * (held_up_to(pulls) - 0.5), 0.0051, relative=False),
            Check("stress between plate and pins, root mean square error, of P/A", 0.0,
                  stress_error(pushed[0], BETWEEN, -FORCE / AREA), 0.03, relative=False),
            Check("stress beyond the pins, the same", 0.0,
                  stress_error(pushed[0], BEYOND, 0.0), 0.03, relative=False),
            Check("bending that opens the plate, N mm, against a linear pressure", nominal,
                  opening_moment(), 0.1),
        ),
        mesh=f"{at.mesh.unknowns} unknowns, elements of 3 mm, {len(bone.facets[PIN_HOLES])} facets in holes",
        note=f"P/A is {FORCE / AREA:.4g} MPa. The moment is stepped by 2 %;"
        " a plate as thin as a maker's bends, and its pressure is less linear.",
    )  # fmt: skip
