"""A block on a base: what the cases and tests of sliding blocks share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.contact.point import Point
from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Part
from fea.model.body import Body
from tests.bodies.structured import at, brick, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, no_gap, plane, prescribed

FloatArray = NDArray[np.float64]


def block(counts: tuple[int, int, int]) -> Part:
    """2 x 2 x 1 mm, standing on z = 0."""
    faces = {"contact": at(2, 0.0), "top": at(2, 1.0)}
    return brick("stem", (-1, -1, 0), (1, 1, 1), counts, faces)


def base(modulus: float) -> tuple[Body, FloatArray]:
    """4 x 4 x 2 mm below z = 0, clamped below; and no loads on it."""
    part = brick("bone", (-2, -2, -2), (2, 2, 0), (4, 4, 2), {"contact": at(2, 0.0)})
    held = held_body(part, isotropic(modulus, 0.3), plane(part, 2, -2.0, (0, 1, 2)))
    return held, np.zeros((3 * len(part.points), 6))


def free_block(friction: float, modulus: float = 1e6, counts: tuple[int, int, int] = (2, 2, 1)) -> TwoBodies:
    """A block, stiff unless said otherwise, free in all six motions.

    The wrench acts in the plane of contact, so that dragging does not tilt the block.
    """
    part = block(counts)
    stem = held_body(part, isotropic(modulus, 0.3), np.zeros(0, dtype=np.int64))
    bone, none = base(1e3)
    loads = end_face_loads(part.points, part.facets["top"], np.zeros(3))
    return join(stem, bone, (loads, none), no_gap, friction)


def led_block(friction: float) -> TwoBodies:
    """An elastic block whose top is led: unit loads move it by 1 mm along x, y, z."""
    part = block((4, 4, 2))
    stem = held_body(part, isotropic(1e5, 0.3), plane(part, 2, 1.0, (0, 1, 2)))
    moved = np.zeros_like(stem.rigid)
    moved[:, :3] = stem.rigid[:, :3]
    bone, none = base(1e4)
    return join(stem, bone, (prescribed(stem, moved), none), no_gap, friction)


def friction_over_pressure(point: Point) -> float:
    """Resultant of friction over that of pressure; a plane of contact has one frame."""
    return float(np.linalg.norm(point.forces[:, 1:].sum(axis=0)) / point.forces[:, 0].sum())
