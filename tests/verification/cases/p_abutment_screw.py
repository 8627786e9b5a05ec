"""Abutment and fixture pressed together by their screw.

A tube of outer radius b and bore a is fixture and abutment in one. The screw presses its head with the
force F on the abutment's distal end, at the level -L, and pulls the thread between the levels e and f of
the bore. For loads along the axis alone, Betti's theorem with the state of uniform tension says what no
end effect can change: over both end faces of a homogeneous prismatic tube the mean axial displacements
differ by

    F (L + (e + f) / 2) / (E A),        A = pi (b^2 - a^2),

whatever Poisson's ratio is and wherever on the end the head bears. With Poisson's ratio 0 the same holds
for two materials in series, each part of the length over its own E. Between head and thread the section
carries F, so that the joint is pressed together by F / A on average; in a moment M more, its edge has the
pressure F / A - M b / I with I = pi (b^4 - a^4) / 4, and opens where that is negative.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.wrench import end_face_loads
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh, Part
from fea.mesh.sizes import MeshSizes
from fea.model.abutment_screw import joint_wrenches, screw_preload
from geometry.abutment import Abutment, Screw
from geometry.bone import Bone, Station
from geometry.stem import Stem
from tests.bodies.one_body import displacement
from tests.bodies.structured import everywhere, isotropic
from tests.bodies.two_bodies import held_body
from tests.verification.case import Answer, Check
from tests.verification.norms import sample

SOURCE = "Betti's theorem; bars in series; closed form"
SLOW = False

FloatArray = NDArray[np.float64]

#: Radii of tube and bore, lengths of fixture and abutment, levels of the thread, mm.
OUTER, BORE, FIXTURE, LENGTH, THREAD = 8.0, 3.0, 60.0, 30.0, (24.0, 34.0)
AREA = np.pi * (OUTER**2 - BORE**2)
SECOND_MOMENT = np.pi / 4 * (OUTER**4 - BORE**4)
#: Young's modulus of fixture and of a stiffer abutment, MPa, and Poisson's ratio.
MODULUS, STIFFER, POISSON = 110000.0, 200000.0, 0.34
#: Of the screw, N, and bending at which a linear distribution just opens the joint twice over, N mm.
FORCE = 8000.0
MOMENT = 2.0 * FORCE * SECOND_MOMENT / (AREA * OUTER)
#: Levels between which the stress of the joint is looked at, mm.
NEAR = 4.0


def tube(head: float | None) -> tuple[Stem, Mesh]:
    """Fixture and abutment of one diameter; the bone around them is meshed and left alone."""
    abutment = Abutment(2 * OUTER, LENGTH, Screw(*THREAD, head), own_material=True)
    stem = Stem(2 * OUTER, FIXTURE, bore_diameter=2 * BORE, abutment=abutment)
    bone = Bone(FIXTURE + 10.0, (Station(0.0, 14.0, 14.0, OUTER, OUTER),))
    return stem, build_mesh(bone, None, stem, MeshSizes(3.0, 4.0))


def shortening(part: Part, moved: FloatArray) -> float:
    """Difference of the mean axial displacements of both ends, mm."""
    ends = (end_face_loads(part.points, part.facets[name], np.zeros(3))[2::3, 2] for name in _ENDS)
    distal, proximal = (float(weights @ moved[:, 2]) for weights in ends)
    return distal - proximal


_ENDS = ("distal_end", "proximal_end")


def solve() -> Answer:
    """Tighten the screw on the free stem, with its head on the whole end and on a ring; then bend."""
    stem, mesh = tube(None)
    part, free = mesh.stem, np.zeros(0, dtype=np.int64)
    law, straight = isotropic(MODULUS, POISSON), isotropic(MODULUS, 0.0)
    preload = screw_preload("abutment screw", FORCE, stem, mesh)
    pins = held_body(part, law, free).pins
    tightened = displacement(part, law, pins, FORCE * preload.stem_loads)
    bending = [end_face_loads(part.points, part.facets[name], np.zeros(3))[:, 4] for name in _ENDS]
    bent = displacement(part, law, pins, FORCE * preload.stem_loads + MOMENT * (bending[0] - bending[1]))
    both = everywhere(part, straight).copy()
    both[part.regions["abutment"]] = isotropic(STIFFER, 0.0)
    series = displacement(part, both, pins, FORCE * preload.stem_loads)
    on_ring, ringed = tube(11.0)
    there = screw_preload("abutment screw", FORCE, on_ring, ringed)
    ring = displacement(ringed.stem, law, held_body(ringed.stem, law, free).pins, FORCE * there.stem_loads)
    fields = np.stack([tightened, bent], axis=2)
    carried = joint_wrenches(part, everywhere(part, law), stem, fields)
    assert stem.joint is not None
    edge = stem.joint.least_pressure(float(carried[1, 2]), float(np.hypot(*carried[1, 3:5])))
    lever = LENGTH + sum(THREAD) / 2
    one = FORCE * lever / (MODULUS * AREA)
    two = FORCE / AREA * (LENGTH / STIFFER + (lever - LENGTH) / MODULUS)
    size = FORCE / AREA
    return Answer(
        checks=(
            Check("shortening, head on the whole end, mm", one, shortening(part, tightened), 1e-4),
            Check("shortening, head on a ring, mm", one, shortening(ringed.stem, ring), 1e-4),
            Check("shortening, a stiffer abutment, mm", two, shortening(part, series), 1e-4),
            Check("force on the joint, N", FORCE, float(carried[0, 2]), 1e-8),
            Check("moment on the joint, N mm", MOMENT, float(carried[1, 4]), 1e-8),
            Check("stress near the joint, root mean square error, of the mean pressure", 0.0,
                  stress_error(part, tightened, law) / size, 0.02, relative=False),
            Check("the same in bending, of the mean pressure", 0.0,
                  stress_error(part, bent, law, MOMENT) / size, 0.02, relative=False),
            Check("least pressure on the joint in bending, MPa", -size, edge, 1e-6),
        ),
        mesh=f"{part.points.size} unknowns, elements of 3 mm",
        note=f"The joint is pressed together by {size:.4g} MPa; twice the moment that opens it leaves"
        f" {edge:.4g} MPa at its edge.",
    )  # fmt: skip


def stress_error(part: Part, moved: FloatArray, law: FloatArray, moment: float = 0.0) -> float:
    """Root mean square of what axial stress differs from -F/A + M x/I within 4 mm of the joint, MPa."""
    sampled = sample(replace(part, regions={}), moved)
    near = np.abs(sampled.places[..., 2]) < NEAR
    stress = (sampled.strain @ law)[..., 2]
    exact = -FORCE / AREA + moment * sampled.places[..., 0] / SECOND_MOMENT
    weight = sampled.volume[near]
    return float(np.sqrt((weight * (stress - exact)[near] ** 2).sum() / weight.sum()))
