"""A hollow stem in a hollow bone on structured meshes of their own, in plane strain or free.

The interface's two meshes may differ in number, be turned against each other, and follow shapes of
their own; the fit is a function of place, exact whatever was meshed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import History, Point
from fea.mesh.parts import Part
from tests.bodies.structured import isotropic, on_radius, tube
from tests.bodies.two_bodies import TwoBodies, held_body, join

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Radial offset in mm of places given by angle and level.
Offset = Callable[[FloatArray, FloatArray], FloatArray]

#: Radii and elasticity of case A2 of the project's verification cases, mm and MPa.
INNER, RADIUS, OUTER = 3.0, 7.0, 14.0
STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
INTERFERENCE = 0.05


def no_offset(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Round and straight."""
    return np.zeros_like(angle)


@dataclass(frozen=True)
class Tubes:
    """What is meshed.

    Attributes
    ----------
    stem, bone
        Elements along radius, angle and axis.
    length
        mm.
    turn
        Angle in rad by which the bone's mesh is turned.
    stem_offset, canal_offset
        Radial distance of either surface from the nominal cylinder, in mm.
    plane_strain
        Whether neither end face moves along the axis; else the far one is free.
    swapped
        Whether the tractions live on the bone's facets.
    friction
    """

    stem: tuple[int, int, int]
    bone: tuple[int, int, int]
    length: float = 2.0
    turn: float = 0.0
    stem_offset: Offset = no_offset
    canal_offset: Offset = no_offset
    plane_strain: bool = True
    swapped: bool = False
    friction: float = 0.0

    def bodies(self) -> TwoBodies:
        """Mesh, hold without stress, factor, pair."""
        stem = _shaped(_tube("stem", (INNER, RADIUS), self.stem, self.length, 0.0), self.stem_offset, 1)
        bone = _shaped(
            _tube("bone", (RADIUS, OUTER), self.bone, self.length, self.turn), self.canal_offset, -1
        )
        held = [
            held_body(part, isotropic(*law), _supports(part, radius, plane_strain=self.plane_strain))
            for part, law, radius in ((stem, STEM, INNER), (bone, BONE, OUTER))
        ]
        none = [np.zeros((3 * len(body.part.points), 6)) for body in held]
        if self.swapped:
            held.reverse()
            none.reverse()
        return join(held[0], held[1], (none[0], none[1]), self.fit, self.friction)

    def fit(self, points: FloatArray, normals: FloatArray, zones: IntArray) -> FloatArray:
        """Exact gap minus interference, mm."""
        angle = np.arctan2(points[:, 1], points[:, 0])
        level = points[:, 2]
        return self.canal_offset(angle, level) - self.stem_offset(angle, level) - INTERFERENCE

    def with_(self, **changes: object) -> Tubes:
        """The same with some changes."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Seated:
    """A seated stem."""

    bodies: TwoBodies
    point: Point

    @property
    def pressure(self) -> FloatArray:
        """At the interface vertices, shape (v,), MPa."""
        return np.asarray(self.point.forces[:, 0] / self.bodies.operators.area)

    @property
    def angle(self) -> FloatArray:
        """Of the interface vertices, shape (v,), rad."""
        side = self.bodies.stem.part.points[self.bodies.operators.vertices]
        return np.arctan2(side[:, 1], side[:, 0])

    @property
    def mean_pressure(self) -> float:
        """Area-weighted, MPa."""
        return float(self.point.forces[:, 0].sum() / self.bodies.operators.area.sum())

    def rms(self, exact: FloatArray, size: float) -> float:
        """Area-weighted root mean square of the vertices' error, as a share of `size`."""
        area = self.bodies.operators.area
        return float(np.sqrt(area @ (self.pressure - exact) ** 2 / area.sum()) / size)

    @property
    def unbalance(self) -> float:
        """Largest nodal force resultant that contact leaves between the bodies, over the normal force."""
        operators, forces = self.bodies.operators, self.point.forces.ravel()
        on = [(rows.T @ forces).reshape(-1, 3).sum(axis=0) for rows in (operators.stem, operators.bone)]
        return float(np.abs(on[0] + on[1]).max() / self.point.forces[:, 0].sum())


def seat(tubes: Tubes) -> Seated:
    """Press the stem in."""
    bodies = tubes.bodies()
    return Seated(bodies, History(bodies.problem).press_fit(1))


def canal_displacement(seated: Seated) -> float:
    """Mean radial displacement of the canal, mm: corners and middles by their share of the area."""
    bone = seated.bodies.bone
    moved = seated.bodies.displacement(seated.point)[1]
    middles = bone.part.facets["contact"][:, 3:].ravel()
    x, y, _ = bone.part.points[middles].T
    return float(np.mean((moved[middles, 0] * x + moved[middles, 1] * y) / np.hypot(x, y)))


def _tube(
    name: str, radii: tuple[float, float], counts: tuple[int, int, int], length: float, turn: float
) -> Part:
    part = tube(name, radii, (0.0, length), counts, {"contact": on_radius(RADIUS)})
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = part.points @ np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    return replace(part, points=turned)


def _shaped(part: Part, offset: Offset, sign: int) -> Part:
    """Move the contact surface radially; the rest follows, less and less, to the other surface."""
    x, y, level = part.points.T
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    far = INNER if sign > 0 else OUTER
    share = (radius - far) / (RADIUS - far)
    scale = 1.0 + share * offset(angle, level) / radius
    return replace(part, points=np.column_stack([x * scale, y * scale, level]))


def _supports(part: Part, radius: float, *, plane_strain: bool) -> IntArray:
    """Hold a body without stress, and one or both end faces along the axis.

    The canal centres the stem; it is kept from turning only.
    """
    x, y, z = part.points.T
    skin = np.flatnonzero((np.abs(np.hypot(x, y) - radius) < 1e-6) & (np.abs(z) < 1e-9))
    east = skin[np.argmin(np.abs(np.arctan2(y[skin], x[skin])))]
    west = skin[np.argmin(np.abs(np.abs(np.arctan2(y[skin], x[skin])) - np.pi))]
    in_plane = np.array([3 * east + 1] if part.name == "stem" else [3 * east, 3 * east + 1, 3 * west + 1])
    # The inside stays free along the axis: the interface's compliance must not vanish.
    faces = (np.abs(z) < 1e-9) | (plane_strain & (np.abs(z - z.max()) < 1e-9))
    return np.r_[in_plane, 3 * np.flatnonzero(faces) + 2]
