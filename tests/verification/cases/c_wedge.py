"""A block pushed up an incline (CGS-4).

A block of weight G lies on an incline with tan(alpha) = 0.1 and is led horizontally, so far that all
of its base slides upwards; its top keeps its inclination and is free to rise. Statics alone gives the
horizontal force, wherever pressure and friction go:

    F / G = (tan alpha + mu) / (1 - mu tan alpha).

Poisson's ratio is zero, so that nothing slides across the incline. One factorisation serves all
coefficients of friction.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fea.contact.history import History
from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Part
from tests.bodies.structured import brick, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, no_gap, prescribed
from tests.verification.case import Answer, Check, FloatArray, Profile

SOURCE = "statics; project's verification cases, section 3 (CGS-4)"
SLOW = False

INCLINE, MODULUS, WEIGHT, WAY, INCREMENTS = 0.1, 1e4, 100.0, 0.1, 10  # MPa, N, mm
PUBLISHED = {0.0: 0.1, 0.1: 0.2020202, 0.2: 0.3061224, 0.3: 0.4123711}


def lying(name: str, half_length: float, levels: tuple[float, float], counts: tuple[int, int, int]) -> Part:
    """A brick between two levels above the incline, sheared so that it lies on it."""

    def inclined(points: FloatArray) -> FloatArray:
        return points + INCLINE * points[:, :1] * np.array([0, 0, 1.0])

    def at(level: float):
        return lambda points: np.abs(points[:, 2] - INCLINE * points[:, 0] - level) < 1e-9

    rules = {"contact": at(0.0), "far": at(levels[1] if levels[1] > 0 else levels[0])}
    low, high = (-half_length, -1, levels[0]), (half_length, 1, levels[1])
    return brick(name, low, high, counts, rules, inclined)


def block_on_incline() -> TwoBodies:
    """A unit load along x leads the block's top by 1 mm, one along z is a force on it."""
    bed, block = lying("bone", 2, (-1, 0), (8, 2, 2)), lying("stem", 1, (0, 1), (4, 2, 2))
    foot, top = (np.unique(part.facets["far"])[:, None] * 3 for part in (bed, block))
    bone = held_body(bed, isotropic(MODULUS, 0.0), (foot + np.arange(3)).ravel())
    stem = held_body(block, isotropic(MODULUS, 0.0), (top + np.arange(2)).ravel())
    loads = np.zeros((3 * len(block.points), 6))
    loads[:, :1] = prescribed(stem, stem.rigid[:, :1])
    loads[:, 2] = end_face_loads(block.points, block.facets["far"], np.zeros(3))[:, 2]
    return join(stem, bone, (loads, np.zeros((3 * len(bed.points), 6))), no_gap, 0.0)


def solve() -> Answer:
    """Put the block down, lead it upwards, and read the force at the end of the way."""
    bodies = block_on_incline()
    along = bodies.operators.frames[:, :, 0]
    moves = np.zeros((INCREMENTS + 1, 6))
    moves[:, 0], moves[:, 2] = np.linspace(0, WAY, INCREMENTS + 1), -WEIGHT
    found = {}
    for friction in PUBLISHED:
        history = History(replace(bodies.problem, friction=np.full(bodies.problem.vertices, friction)))
        *_, last = history.walk(history.press_fit(1), moves)
        found[friction] = float(np.sum(along * last.forces)) / WEIGHT
    mu = np.linspace(0, 0.3, 31)
    return Answer(
        checks=tuple(
            Check(f"horizontal force over weight, friction {friction}", force, found[friction], 1e-6)
            for friction, force in PUBLISHED.items()
        ),
        mesh=f"{len(along)} vertices on the interface",
        profile=Profile(
            "coefficient of friction",
            "horizontal force over weight",
            mu,
            (INCLINE + mu) / (1 - mu * INCLINE),
            np.array(list(found)),
            np.array(list(found.values())),
        ),
    )
