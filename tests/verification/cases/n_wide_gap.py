"""Stem that stands clear of its canal by almost a millimetre, until a side load closes the gap.

A slender stem and a tube round it, both held at one end, lie c = 0.9 mm apart all round. A force P across the
stem's free end bends it; from P = c / f_stem on it bears on the tube's rim and the tube carries a share,

    F = (P f_stem - c) / (f_stem + f_tube),      f = L^3/(3 EI) + L/(kGA),

with Cowper's shear coefficient of a tube for k. Below that load nothing may touch, and the stem's end
moves by P f_stem; beyond it the end moves by (P - F) f_stem. The surfaces are meshed where they are, so
that partners lie the whole gap apart. Contact is kept in the mean of half a facet, so that the stem
bears within the first millimetres, which are finer. Rotating by an angle shears partners that lie a gap
apart: the end's section turns by 7 mrad, 6 um of the 900. The gates are 3 %.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Part
from tests.bodies.structured import at, isotropic, on_radius, tube
from tests.bodies.two_bodies import TwoBodies, held_body, join, plane
from tests.verification.case import Answer, Check, FloatArray
from tests.verification.cases.n_three_point import cowper

SOURCE = "Timoshenko beams in series; shear coefficients: Cowper 1966, from general knowledge"
SLOW = True

BORE, RADIUS, OUTER, LENGTH = 1.0, 4.0, 9.0, 200.0
CLEARANCE = 0.9
STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
#: Share of the load that closes the gap.
BELOW, BEYOND = 0.97, 3.0
STEM_CELLS, BONE_CELLS = (1, 16, 60), (1, 20, 60)
#: How much finer the meshes are at the free end than in the mean.
CROWDING = 0.8


def solve() -> Answer:
    """Load the stem's end, before and after the gap has closed."""
    bodies = _bodies()
    ends = np.flatnonzero(np.abs(bodies.stem.part.points[:, 2] - LENGTH) < 1e-9)
    closing = CLEARANCE / give(STEM, BORE, RADIUS)
    history = History(bodies.problem)
    wrenches = np.eye(6)[[0, 0]] * closing * np.array([[BELOW], [BEYOND]])
    checks: list[Check] = []
    for words, share, point in zip(
        ("before", "after"), (BELOW, BEYOND), history.walk(history.press_fit(1), wrenches), strict=True
    ):
        moved = float(bodies.displacement(point)[0][ends, 0].mean())
        exact = contact_force(share * closing)
        way = (share * closing - exact) * give(STEM, BORE, RADIUS)
        force = abs(_across(bodies, point.forces))
        checks += [
            Check(f"way of the stem's end {words} the gap closes, mm", way, moved, 0.03),
            Check(f"contact force {words} the gap closes, N", exact, force, 0.03)
            if exact
            else Check(f"contact force {words} the gap closes, N", 0.0, force, 1e-9, False),
        ]
    return Answer(
        tuple(checks),
        mesh=f"{3 * (len(bodies.stem.part.points) + len(bodies.bone.part.points)):,} unknowns,"
        " 16 facets round the stem, 20 round the tube",
        note=f"The gap closes at {closing:.2f} N; the load is {BELOW:g} and {BEYOND:g} times that.",
    )


def contact_force(load: float) -> float:
    """Between stem and tube, N, under a force across the stem's end, N."""
    overshoot = load * give(STEM, BORE, RADIUS) - CLEARANCE
    return max(overshoot, 0.0) / (give(STEM, BORE, RADIUS) + give(BONE, RADIUS + CLEARANCE, OUTER))


def give(material: tuple[float, float], inner: float, outer: float) -> float:
    """Way of the free end of a held tube under 1 N across it, mm/N."""
    modulus, poisson = material
    second, area = np.pi * (outer**4 - inner**4) / 4, np.pi * (outer**2 - inner**2)
    shear = cowper(inner / outer, poisson) * modulus / (2 * (1 + poisson)) * area
    return LENGTH**3 / (3 * modulus * second) + LENGTH / shear


def _bodies() -> TwoBodies:
    stem = _part("stem", BORE, RADIUS, RADIUS, STEM_CELLS)
    bone = _part("bone", RADIUS + CLEARANCE, OUTER, RADIUS + CLEARANCE, BONE_CELLS)
    load = end_face_loads(stem.points, stem.facets["far"], np.array([0.0, 0.0, LENGTH]))
    held = [
        held_body(part, isotropic(*material), plane(part, 2, 0.0, (0, 1, 2)))
        for part, material in ((stem, STEM), (bone, BONE))
    ]
    return join(held[0], held[1], (load, np.zeros((3 * len(bone.points), 6))), _gap, 0.0)


def _part(name: str, inner: float, outer: float, touching: float, cells: tuple[int, int, int]) -> Part:
    def crowded(points: FloatArray) -> FloatArray:
        level = points[:, 2] / LENGTH
        level = level + CROWDING * level * (1 - level)
        return np.column_stack([points[:, :2], LENGTH * level])

    rules = {"contact": on_radius(touching), "far": at(2, LENGTH)}
    return tube(name, (inner, outer), (0.0, LENGTH), cells, rules, crowded)


def _gap(points: FloatArray, normals: FloatArray, zones: FloatArray) -> FloatArray:
    return np.full(len(points), CLEARANCE)


def _across(bodies: TwoBodies, forces: FloatArray) -> float:
    """Sum of the forces on the tube along x, N."""
    return float((forces[:, 0] * bodies.operators.frames[:, 0, 0]).sum())
