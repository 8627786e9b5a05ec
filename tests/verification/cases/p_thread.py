"""A stem with five rings pulled out of the bone that is tapped for them: load on every flank.

A thread's turns are rings but for their lead: ridges of trapezoidal section, core radius 7 mm, depth 1 mm,
pitch 3 mm, flanks that lean by 30 degrees. The stem, titanium with a bore, is pulled out of a cortical tube
of radii 7 and 14 mm that is held along its axis at the far end; nothing overlaps and nothing is apart before.
The first flank from the cut carries least and the last one most, because the tube is the softer body and is
stretched from its held end on.

The reference is an axisymmetric code of its own (`tests/verification/plane_threads.py`: biquadratic
quadrilaterals, own contact by active sets, checked against concentric bars and a patch test). Halving its
size changes loads on flanks and way by 0.5 %. It is held beside the product without friction, where flanks
alone carry along the axis, and with friction 0.3. One row of facets a flank is within 3 % on every flank
and 1 % in the way; with two rows and 1.6 mm round the crest these are 2 % and 0.9 %.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import History, Point
from fea.elasticity.wrench import end_face_loads
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import Model, build_model
from fea.model.recover import displacements
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.thread import Thread
from tests.bodies.structured import isotropic
from tests.verification.case import Answer, Check, Profile
from tests.verification.plane_threads import Pulled, Rings, pull

SOURCE = "axisymmetric code of its own"
SLOW = True

FloatArray = NDArray[np.float64]

CORE, DEPTH, PITCH, CREST, LEAN, NUMBER = 7.0, 1.0, 3.0, 0.6, math.radians(30.0), 5
START, LENGTH, OUTER, BORE = 5.0, 26.0, 14.0, 3.0
STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
LOAD, FRICTION = 1000.0, 0.3
#: Size on the interface, mm: 20 vertices round the crest, a row a flank; the reference's finest.
SIZE, FINEST = 2.6, 0.25


def rings(friction: float) -> Rings:
    """The same as the reference states it."""
    return Rings(CORE, DEPTH, PITCH, CREST, LEAN, NUMBER, START, LENGTH, OUTER, STEM, BONE, BORE, friction)


def seated(friction: float) -> Model:
    """Stem and bone of one length, the bone held along its axis at the far end."""
    width = CREST + 2 * DEPTH * math.tan(LEAN)
    end = START + (NUMBER - 1) * PITCH + width + 0.5
    thread = Thread(PITCH, DEPTH, CREST, START, end, 0.0, LEAN, LEAN, 1, "rings")
    bone = Bone(LENGTH, (Station(0.0, OUTER, OUTER, CORE - 1.0, CORE - 1.0),))
    reaming = Reaming(2 * CORE, LENGTH + 5.0, 0.0)
    stem = Stem(2 * CORE, LENGTH, bore_diameter=2 * BORE, thread=thread)
    zones = {"uncoated": ZoneFit(0.0, FRICTION), "thread": ZoneFit(0.0, FRICTION)}
    mesh = build_mesh(bone, reaming, stem, MeshSizes(SIZE, 4.0))
    fit = Fit(bone, reaming, stem, zones)
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), (BONE, mesh.bone))
    ]
    supports = dict.fromkeys(("stem_distal", "stem_proximal", "bone_distal"), "free")
    model = build_model(
        mesh, (laws[0], laws[1]), supports | {"bone_proximal": "symmetric"}, fit.gap, friction > 0, (0.0, 0.0, 0.0),
        "pardiso",
    )  # fmt: skip
    return model


def pulled(model: Model, friction: float) -> Point:
    """Pull in one step: the answer is proportional to the load."""
    history = History(model.problem(model.operators.gap, {"uncoated": friction, "thread": friction}))
    start = history.press_fit(1)
    (point,) = history.walk(start, np.array([[0.0, 0.0, -LOAD, 0.0, 0.0, 0.0]]))
    return point


def flanks(model: Model, point: Point) -> FloatArray:
    """Force along -z on each ring's flank towards the cut, from the cut upwards, N."""
    operators, forces = model.operators, point.forces.ravel()
    level = model.mesh.stem.points[operators.vertices][:, 2]
    faces_cut = operators.frames[:, 0, 2] < -0.3
    ring = np.floor((level - START + 1e-6) / PITCH)
    found = []
    for number in range(NUMBER):
        chosen = faces_cut & (ring == number)
        nodal = (operators.bone.T @ np.where(np.repeat(chosen, 3), forces, 0.0)).reshape(-1, 3)
        found.append(-float(nodal[:, 2].sum()))
    return np.array(found)


def way(model: Model, point: Point) -> float:
    """How far the stem's end comes out of the bone's, mm."""
    stem, bone = (np.asarray(field)[:, 0] for field in displacements(model, [point]))
    ends = [
        float(end_face_loads(part.points, part.facets[name], np.zeros(3))[:, 2] @ moved)
        for part, name, moved in ((model.mesh.stem, "distal_end", stem), (model.mesh.bone, "cut", bone))
    ]
    return ends[1] - ends[0]


def solve() -> Answer:
    """Pull without and with friction."""
    checks: list[Check] = []
    loads: list[tuple[Pulled, FloatArray]] = []
    for friction, words in ((0.0, "without friction"), (FRICTION, f"friction {FRICTION:g}")):
        model = seated(friction)
        exact, point = pull(rings(friction), LOAD, size=FINEST), pulled(model, friction)
        ours = flanks(model, point)
        loads.append((exact, ours))
        worst = int(np.argmax(np.abs(ours / exact.on_load_flanks - 1)))
        checks += [
            Check(f"load on the first flank, {words}, N", exact.on_load_flanks[0], ours[0], 0.03),
            Check(f"load on the last flank, {words}, N", exact.on_load_flanks[-1], ours[-1], 0.03),
            Check(f"flank {worst + 1}, the farthest off, {words}, N", exact.on_load_flanks[worst],
                  ours[worst], 0.03),
            Check(f"way out of the bone, {words}, um", 1000 * exact.way, 1000 * way(model, point), 0.015),
        ]  # fmt: skip
    checks.append(Check("sum of the flanks without friction, N", LOAD, float(loads[0][1].sum()), 0.005))
    number = np.arange(1.0, NUMBER + 1)
    return Answer(
        checks=tuple(checks),
        mesh=f"{model.mesh.unknowns} unknowns, {SIZE} mm round the crest",
        profile=Profile(
            "ring, from the cut",
            "load on its flank, N",
            number,
            loads[0][0].on_load_flanks,
            number,
            loads[0][1],
        ),
        note="The line and the points are without friction.",
    )
