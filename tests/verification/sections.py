"""Slices of stem and bone between planes of symmetry: plane strain through the program's shapes and mesh.

Bone, reaming and stem are the program's, and so are the mesh at the size that it recommends, the pairing,
the fit and contact. Only what holds the slice is a test's: both end faces stay in their planes; stem and
bone are otherwise free but for unknowns that carry nothing, or the stem's bore is rigid, without turning, and
the bone's outer surface is held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import History, Point
from fea.mesh.build import build_mesh
from fea.mesh.parts import Part
from fea.mesh.sizes import MeshSizes, recommended
from fea.model.body import Body
from geometry.bone import Bone
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join
from tests.verification.case import Check, Profile
from tests.verification.plane_fits import PlaneContact, Section

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Radii of stem and bone, mm, their laws, and the length of a slice: case A2 of the project's verification
#: cases, which the sections of these slices vary.
BORE, RADIUS, OUTER, LENGTH = 3.0, 7.0, 14.0, 4.0
STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
ROUND_STEM = Stem(2 * RADIUS, LENGTH, bore_diameter=2 * BORE)
#: Angle of one facet of the size that the program recommends, rad.
FACET = recommended(ROUND_STEM).interface / RADIUS
#: How a slice is meshed, in words: with common facets, and with the bone's facets turned.
MESHES = {"facets shared": True, "facets turned": False}


@dataclass(frozen=True)
class Slice:
    """What is cut, meshed and pressed together.

    Attributes
    ----------
    section
        The same as a plane problem: laws, interference, supports and force are taken from it.
    bone, reaming, stem
        Shapes of the program. All have the length of the bone.
    finer
        By how much the recommended sizes are divided.
    conforming
        False for a bone whose facets are turned against the stem's.
    """

    section: Section
    bone: Bone
    stem: Stem = ROUND_STEM
    reaming: Reaming | None = None
    finer: float = 1.0
    conforming: bool = True

    @property
    def sizes(self) -> MeshSizes:
        """The program's recommendation, divided."""
        sizes = recommended(self.stem)
        return MeshSizes(sizes.interface / self.finer, sizes.far / self.finer)

    def with_(self, **changes: object) -> Slice:
        """The same with some changes."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class SeatedSlice:
    """A slice in contact."""

    case: Slice
    bodies: TwoBodies
    point: Point

    @cached_property
    def angle(self) -> FloatArray:
        """Of the interface vertices about the stem's axis, rad."""
        places = self.bodies.stem.part.points[self.bodies.operators.vertices]
        return np.arctan2(places[:, 1], places[:, 0])

    @property
    def pressure(self) -> FloatArray:
        """At the interface vertices, MPa."""
        return np.asarray(self.point.forces[:, 0] / self.bodies.operators.area)

    @property
    def mean(self) -> float:
        """Over the stem's whole circumference, closed or not, MPa."""
        round_ = 2 * np.pi * self.case.section.radius * self.case.bone.length
        return float(self.point.forces[:, 0].sum() / round_)

    @property
    def resultant(self) -> float:
        """Of contact on the bone along x, N/mm."""
        nodal = (self.bodies.operators.bone.T @ self.point.forces.ravel()).reshape(-1, 3)
        return float(abs(nodal[:, 0].sum()) / self.case.bone.length)

    @property
    def unbalance(self) -> float:
        """Largest resultant that contact leaves between the bodies, over the normal force."""
        operators, forces = self.bodies.operators, self.point.forces.ravel()
        on = [(rows.T @ forces).reshape(-1, 3).sum(axis=0) for rows in (operators.stem, operators.bone)]
        return float(np.abs(on[0] + on[1])[:2].max() / self.point.forces[:, 0].sum())

    @cached_property
    def displacement(self) -> tuple[FloatArray, FloatArray]:
        """Of the nodes of stem and bone, shape (n, 3) each, mm."""
        return self.bodies.displacement(self.point)

    @property
    def shift(self) -> float:
        """Mean way of the stem's bore along x, mm."""
        part = self.bodies.stem.part
        return float(self.displacement[0][_bore(part, self.case.stem), 0].mean())

    @property
    def wider(self) -> tuple[float, float]:
        """Growth of the bone's outer width along x and along y, mm, mean over the length."""
        return self._grown(0), self._grown(1)

    def _grown(self, axis: int) -> float:
        """Quadratic fit of the outer surface's displacement within 20 degrees of both ends of an axis."""
        part = self.bodies.bone.part
        nodes = _outer(part)
        angle = np.arctan2(part.points[nodes, 1], part.points[nodes, 0])
        total = 0.0
        for sign, turn in ((1.0, 0.0), (-1.0, np.pi)):
            off = (angle - axis * np.pi / 2 - turn + np.pi) % (2 * np.pi) - np.pi
            near = np.abs(off) < np.radians(20.0)
            moved = self.displacement[1][nodes[near], axis]
            total += sign * float(np.polyfit(off[near], moved, 4)[-1])
        return total

    def rms(self, plane: PlaneContact, spared: float = 0.0) -> float:
        """Root mean square of the vertices' error, as a share of the plane's root mean square pressure.

        Parameters
        ----------
        plane
        spared : float, rad
            Vertices nearer than this to an edge of contact are left out.
        """
        area = self.bodies.operators.area
        angle = np.abs(self.angle)
        edges = plane.edges
        away = np.ones(len(angle), dtype=bool)
        if len(edges):
            away = np.abs(angle[:, None] - edges).min(axis=1) >= spared
        exact = plane.at(angle)
        return float(np.sqrt(area[away] @ (self.pressure - exact)[away] ** 2 / (area @ exact**2)))

    @property
    def closed(self) -> float:
        """Area of the vertices that press, over the circumference, as half an angle in rad."""
        area = self.bodies.operators.area[self.point.forces[:, 0] > 0].sum()
        return float(area / (2 * self.case.section.radius * self.case.bone.length))

    def peak(self, plane: PlaneContact, angle: float, width: float) -> tuple[float, float]:
        """Pressure at an angle, of the plane code and found, MPa: parabolas through the same vertices.

        Parameters
        ----------
        plane
        angle, width : float, rad
            Vertices within the width on both sides count, on both halves.
        """
        off = (np.abs(self.angle) - angle + np.pi) % (2 * np.pi) - np.pi
        near = np.abs(off) <= width
        exact, found = (
            float(np.polyfit(off[near], values[near], 2)[-1])
            for values in (plane.at(self.angle), self.pressure)
        )
        return exact, found


def seat(case: Slice) -> SeatedSlice:
    """Mesh, hold, pair, press."""
    section = case.section
    mesh = build_mesh(case.bone, case.reaming, case.stem, case.sizes, conforming=case.conforming)
    fit = Fit(case.bone, case.reaming, case.stem, {"uncoated": ZoneFit(section.interference, 0.0)})
    stem = _held(mesh.stem, section, _bore(mesh.stem, case.stem), section.stem)
    bone = _held(mesh.bone, section, _outer(mesh.bone), section.bone)
    loads = [np.zeros((3 * len(part.points), 6)) for part in (mesh.stem, mesh.bone)]
    loads[0][3 * _bore(mesh.stem, case.stem)[0], 0] = 1.0
    bodies = join(stem, bone, (loads[0], loads[1]), fit.gap, 0.0, ("uncoated", "canal"))
    history = History(bodies.problem)
    if section.force is None:
        return SeatedSlice(case, bodies, history.press_fit(1))
    wrench = np.zeros((1, 6))
    wrench[0, 0] = section.force * case.bone.length
    (point,) = history.walk(history.unloaded, wrench)
    return SeatedSlice(case, bodies, point)


def near(plane: PlaneContact, seated: SeatedSlice, name: str) -> list[Check]:
    """Gates of any fit: mean pressure 0.5 %, edges of contact to half a facet, balance to round-off."""
    checks = [
        Check(f"mean pressure, {name}, MPa", plane.mean, seated.mean, 5e-3),
        Check(f"unbalanced contact force, {name}, share", 0.0, seated.unbalance, 1e-12, False),
    ]
    if edges := len(plane.edges):
        half, found = np.degrees(plane.closed) / edges, np.degrees(seated.closed) / edges
        checks.append(
            Check(f"half width of contact, {name}, degrees", half, found, np.degrees(FACET) / 2, False)
        )
    return checks


def course(plane: PlaneContact, seated: SeatedSlice) -> Profile:
    """Pressure round the stem, for a figure."""
    angle = np.degrees(np.abs(seated.angle))
    order = np.argsort(angle)
    return Profile(
        "angle from the x axis, degrees", "pressure, MPa", np.degrees(plane.angle), plane.pressure,
        angle[order], seated.pressure[order],
    )  # fmt: skip


def _held(part: Part, section: Section, skin: IntArray, law: tuple[float, float]) -> Body:
    level = part.points[:, 2]
    ends = np.flatnonzero((np.abs(level) < 1e-6) | (np.abs(level - level.max()) < 1e-6))
    fixed = [3 * ends + 2]
    carried = None
    if section.rigid:
        fixed.append((3 * skin[:, None] + np.arange(2)).ravel())
        if part.name == "stem" and section.force is not None:
            carried = np.eye(6)[:, [0]]
        elif part.name != "stem" and section.force is not None:
            carried = np.zeros((6, 0))
    else:
        # Contact centres the stem; it is kept from turning only.
        turn = np.arctan2(part.points[skin, 1], part.points[skin, 0])
        east, west = skin[np.argmin(np.abs(turn))], skin[np.argmin(np.abs(np.abs(turn) - np.pi))]
        held = [3 * east + 1] if part.name == "stem" else [3 * east, 3 * east + 1, 3 * west + 1]
        fixed.append(np.array(held))
    return held_body(part, isotropic(*law), np.concatenate(fixed), carried)


def _bore(part: Part, stem: Stem) -> IntArray:
    return np.flatnonzero(np.abs(np.hypot(*part.points[:, :2].T) - stem.bore_diameter / 2) < 1e-6)


def _outer(part: Part) -> IntArray:
    return np.unique(part.facets["outer"])
