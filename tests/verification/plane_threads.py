"""A stem with rings in a bone tube of the same shape, pulled along its axis: axisymmetric, own code.

The surface that both bodies share is a graph r(z): trapezoidal rings on a core. Biquadratic quadrilaterals
(scikit-fem) stand on either side of it, with common nodes; each body enters by its compliance at these nodes,
and contact is solved by active sets: every node of every flank, crest and root is open or closed, sticks or
slides, with the normal of its own face. Coulomb's friction is the limit of convex problems whose bounds
follow the normal forces. A node at a corner stands in two faces, is pressed by both and rubs on both: left
without friction, corners would slide, and stiffness would converge with the logarithm of the size. Nothing
overlaps and nothing is apart before the pull, and the pull grows from nothing, so that the answer is
proportional to it and one step is exact. Nothing of the program's meshing, elements or contact is used.

Axes are r and z; the stem is pulled towards -z, away from the cut at z = 0. Rings stand for the turns of a
thread: the helix, whose lead angle is small, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from skfem import Basis, BilinearForm, ElementQuad2, ElementVector, FacetBasis, LinearForm, MeshQuad

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: Young's modulus in MPa and Poisson's ratio.
Law = tuple[float, float]

#: Compliance that parts the forces of two faces at their corner, over the largest of the bodies'.
_PARTING = 1e-7
#: Steps of the active sets, and of the bounds of friction; their change when they have converged, as a
#: share of the largest normal force.
_STEPS, _FOLLOWED, _CONVERGED = 200, 200, 1e-9


@dataclass(frozen=True)
class Rings:
    """A threaded stem as rings, and its bone.

    Attributes
    ----------
    core : float, mm
        Radius at the roots; of the whole stem without rings.
    depth, pitch, crest : float, mm
        Height of a ring over the core, distance of two rings, width of a crest.
    flank : float, rad
        Angle of either flank against the plane across the axis; more than 0.
    number
        Rings.
    start : float, mm
        Level of the first ring's foot.
    length, outer : float, mm
        Of the bone; the stem ends with it at both ends.
    stem, bone : Law
    bore : float, mm
        Radius; 0 for a solid stem.
    friction
        Coulomb's coefficient.
    bonded
        Whether the surfaces cannot part either.
    """

    core: float
    depth: float
    pitch: float
    crest: float
    flank: float
    number: int
    start: float
    length: float
    outer: float
    stem: Law
    bone: Law
    bore: float = 0.0
    friction: float = 0.0
    bonded: bool = False

    def __post_init__(self) -> None:
        assert self.flank > 0
        assert self.crest > 0
        assert 0 <= self.bore < self.core < self.core + self.depth < self.outer
        if self.number:
            assert self.crest + 2 * self.depth * np.tan(self.flank) < self.pitch, (
                "rings overlap at their feet"
            )
            assert 0 < self.start < self.top < self.length, "rings leave the bone"

    @property
    def top(self) -> float:
        """Level where the last ring ends, mm."""
        return self.start + (self.number - 1) * self.pitch + self.crest + 2 * self.depth * np.tan(self.flank)

    @cached_property
    def corners(self) -> FloatArray:
        """Corners of the shared surface, shape (k, 2): radius and level, mm, upwards."""
        rise = self.depth * np.tan(self.flank)
        places = [(self.core, 0.0)]
        for ring in range(self.number):
            foot = self.start + ring * self.pitch
            for radius, level in ((0.0, 0.0), (self.depth, rise), (self.depth, rise + self.crest),
                                  (0.0, 2 * rise + self.crest)):  # fmt: skip
                places.append((self.core + radius, foot + level))
        return np.array([*places, (self.core, self.length)])

    def faces(self) -> list[str]:
        """Names of the surface's faces, upwards."""
        names = ["root"]
        for _ in range(self.number):
            names += ["load flank", "crest", "back flank", "root"]
        return names


@dataclass(frozen=True, eq=False)
class Pulled:
    """What a pull came to.

    Attributes
    ----------
    stem_end, bone_end : float, mm
        Mean displacement of both bodies at the cut along z.
    names : list of str
        Of the faces, upwards.
    axial, normal : ndarray, shape (k,), N
        Force of the stem on the bone along -z, and along the normal, for each face. Where bodies are
        bonded, what a corner passes on is shared by the faces beside it.
    sliding : ndarray, shape (k,)
        Share of each face's nodes that slide.
    """

    stem_end: float
    bone_end: float
    names: list[str]
    axial: FloatArray
    normal: FloatArray
    sliding: FloatArray

    @property
    def way(self) -> float:
        """How far the stem's end comes out of the bone's, mm."""
        return self.bone_end - self.stem_end

    @property
    def on_load_flanks(self) -> FloatArray:
        """Force along -z on each ring's load flank, from the cut upwards, N."""
        return self.axial[[row for row, name in enumerate(self.names) if name == "load flank"]]


def pull(
    rings: Rings,
    load: float,
    *,
    size: float,
    layers: int = 12,
    held: str = "far",
    on_bone: float = 0.0,
    stem_held: bool = False,
) -> Pulled:
    """Pull the stem out.

    Parameters
    ----------
    rings
    load : float, N
        On the stem's end at the cut along -z, evenly spread.
    size : float, mm
        Largest length of an element along the surface's level; every face has two at least.
    layers
        Elements along the radius of either body, finer towards the surface.
    held
        The end of the bone that is held along z: ``"far"`` or ``"mouth"``.
    on_bone : float, N
        A load on the bone's end at the cut along -z, too.
    stem_held
        Whether the stem's far end is held along z, too; else contact alone holds it.

    Returns
    -------
    Pulled
    """
    mesh = _Surface(rings, size)
    stem = _Body(mesh, np.full(len(mesh.level), rings.bore), rings.stem, layers,
                 "far" if stem_held else "pin")  # fmt: skip
    bone = _Body(mesh, np.full(len(mesh.level), rings.outer), rings.bone, layers, held)
    compliance = stem.compliance + bone.compliance
    compliance += _PARTING * np.diag(compliance).max() * np.eye(len(compliance))
    start = bone.response * on_bone - stem.response * load
    carried = None if stem_held else mesh.along_axis
    problem = _Problem(compliance, start, carried, -load)
    if rings.bonded:
        (force, way), slides = problem.bonded(), np.zeros(len(mesh.node), dtype=bool)
    else:
        force, way, slides = problem.rubbing(rings.friction)
    stem_end = float(stem.own * load + stem.response @ force) + way
    bone_end = float(bone.own * on_bone - bone.response @ force)
    count = len(force) // 2
    axial = -(force * mesh.along_axis)[:count] - (force * mesh.along_axis)[count:]
    faces = len(rings.faces())
    return Pulled(
        stem_end, bone_end, rings.faces(),
        np.bincount(mesh.face, axial, faces), np.bincount(mesh.face, force[:count], faces),
        np.bincount(mesh.face, slides.astype(float), faces) / np.bincount(mesh.face, minlength=faces),
    )  # fmt: skip


@dataclass(frozen=True)
class _Problem:
    """Jump = start + compliance @ force - carried * way, carried . force = load; forces act on the bone.

    Forces are the normal ones first, then the tangential ones. Without `carried` there is no way.
    """

    compliance: FloatArray
    start: FloatArray
    carried: FloatArray | None
    load: float

    def solve(self, rows: IntArray, given: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        """Close the jump in some rows by forces there, beside given forces; forces, jump and way."""
        matrix = self.compliance[np.ix_(rows, rows)]
        right = -(self.start + self.compliance @ given)[rows]
        if self.carried is not None:
            side = self.carried[rows]
            matrix = np.block([[matrix, -side[:, None]], [side[None], np.zeros((1, 1))]])
            right = np.r_[right, self.load - self.carried @ given]
        found = np.linalg.solve(matrix, right)
        force = given.copy()
        force[rows] += found[: len(rows)]
        jump = self.start + self.compliance @ force
        if self.carried is None:
            return force, jump, 0.0
        return force, jump - found[-1] * self.carried, float(found[-1])

    def bonded(self) -> tuple[FloatArray, float]:
        """Forces that leave no jump at all, and the way."""
        force, _, way = self.solve(np.arange(len(self.start)), np.zeros_like(self.start))
        return force, way

    def rubbing(self, friction: float) -> tuple[FloatArray, float, BoolArray]:
        """Coulomb's friction: that of bounds which follow the normal forces; also which nodes slide."""
        count = len(self.start) // 2
        closed, slide = np.ones(count, dtype=bool), np.zeros(count, dtype=np.int64)
        bound = np.zeros(count)
        for step in range(_FOLLOWED):
            force, jump, way, closed, slide = self._bounded(bound, closed, slide)
            now = friction * np.maximum(force[:count], 0.0)
            change = np.abs(now - bound).max()
            bound = now
            if change <= _CONVERGED * np.abs(force[:count]).max():
                return force, way, closed & ((slide != 0) | (friction == 0))
            if step == 0:  # friction on the bone points against its sliding over the stem
                slide = np.where(jump[count:] < 0, 1, -1)
        raise AssertionError("the friction of the axisymmetric code did not converge")

    def _bounded(
        self, bound: FloatArray, closed: BoolArray, slide: IntArray
    ) -> tuple[FloatArray, FloatArray, float, BoolArray, IntArray]:
        """Contact with given bounds on the tangential forces: a convex problem, by its active sets."""
        count = len(bound)
        live = bound > 1e-10 * bound.max(initial=0.0)
        for _ in range(_STEPS):
            stuck = live & (slide == 0)
            given = np.r_[np.zeros(count), np.where(live, slide * bound, 0.0)]
            rows = np.r_[np.flatnonzero(closed), count + np.flatnonzero(stuck)]
            force, jump, way = self.solve(rows, given)
            normal, tangential, apart, along = *np.split(force, 2), *np.split(jump, 2)
            tiny, least = 1e-11 * np.abs(jump).max(), 1e-11 * np.abs(normal).max()
            close = np.where(closed, normal > -least, apart < -tiny)
            turned = slide.copy()
            turned[stuck & (tangential > bound + least)] = 1
            turned[stuck & (tangential < -bound - least)] = -1
            turned[live & (slide * along > tiny)] = 0
            if np.array_equal(close, closed) and np.array_equal(turned, slide):
                return force, jump, way, closed, slide
            closed, slide = close, turned
        raise AssertionError("the active sets of the axisymmetric code did not settle")


class _Surface:
    """Nodes of the shared surface, and the faces that they stand in."""

    def __init__(self, rings: Rings, size: float) -> None:
        radius, level = rings.corners.T
        ticks, self.node, self.face = [0.0], [], []
        normals, tangents = [], []
        for face, ((r0, z0), (r1, z1)) in enumerate(pairwise(rings.corners)):
            cells = max(2, int(np.ceil((z1 - z0) / size)))
            first = 2 * (len(ticks) - 1)
            ticks += list(np.linspace(z0, z1, cells + 1)[1:])
            here = np.arange(first, first + 2 * cells + 1)
            along = np.array([r1 - r0, z1 - z0]) / np.hypot(r1 - r0, z1 - z0)
            self.node.append(here)
            self.face.append(np.full(len(here), face))
            tangents.append(np.tile(along, (len(here), 1)))
            normals.append(np.tile([along[1], -along[0]], (len(here), 1)))
        vertices = np.array(ticks)
        self.level = np.insert(vertices, np.arange(1, len(vertices)), (vertices[1:] + vertices[:-1]) / 2)
        self.radius = np.interp(self.level, level, radius)
        self.node, self.face = np.concatenate(self.node), np.concatenate(self.face)
        #: Nodes that stand in two faces.
        #: Directions of the forces on the bone, normal ones first, shape (2 p, 2).
        self.direction = np.vstack([*normals, *tangents])

    @property
    def along_axis(self) -> FloatArray:
        """Component along z of each force on the bone."""
        return self.direction[:, 1]


class _Body:
    """Compliance of one body at the surface, and what an even load on its end at the cut does."""

    def __init__(self, surface: _Surface, far: FloatArray, law: Law, layers: int, held: str) -> None:
        count = len(surface.level)
        share = 1 - (1 - np.linspace(0.0, 1.0, layers + 1)) ** 1.5
        plain = MeshQuad.init_tensor(share, np.arange(0.0, count, 2.0))
        row = np.round(plain.p[1]).astype(int)
        radius = far[row] + (surface.radius - far)[row] * plain.p[0]
        mesh = MeshQuad(np.array([radius, surface.level[row]]), plain.t)
        basis = Basis(mesh, ElementVector(ElementQuad2()), intorder=5)
        stiffness = _energy(*law).assemble(basis).tocsr()
        strip = Basis(plain, ElementVector(ElementQuad2()), intorder=5).doflocs
        row = np.round(strip[1]).astype(int)
        radial, axial = (np.sort(part) for part in basis.split_indices())
        fixed = [radial[np.abs(basis.doflocs[0, radial]) < 1e-9]]
        at_cut, at_far = axial[row[axial] == 0], axial[row[axial] == count - 1]
        fixed.append({"far": at_far, "mouth": at_cut, "pin": at_far[:1]}[held])
        free = np.setdiff1d(np.arange(basis.N), np.concatenate(fixed))
        on = [part[np.abs(strip[0, part] - 1.0) < 1e-9] for part in (radial, axial)]
        on = [part[np.argsort(row[part])] for part in on]
        points = np.tile(surface.node, 2)
        loads = np.zeros((basis.N, len(points) + 1))
        for part, component in zip(on, surface.direction.T, strict=True):
            loads[part[points], np.arange(len(points))] += component
        loads[:, -1] = _end_load(mesh)
        moved = np.zeros_like(loads)
        moved[free] = splu(stiffness[free][:, free].tocsc()).solve(loads[free])
        whole = loads.T @ moved
        self.compliance = whole[:-1, :-1]
        #: Jump of the surface by a unit load along -z at the cut, or mean way of that end by unit forces.
        self.response = whole[:-1, -1]
        self.own = -float(whole[-1, -1])


@LinearForm
def _even(v, w):
    return 2 * np.pi * w.x[0] * v[1]


def _end_load(mesh: MeshQuad) -> FloatArray:
    """A unit load along -z, spread evenly over the end at the cut."""
    element = ElementVector(ElementQuad2())
    end = mesh.facets_satisfying(lambda place: np.abs(place[1]) < 1e-9, boundaries_only=True)
    whole = _even.assemble(FacetBasis(mesh, element, facets=end, intorder=5))
    return -whole / whole.sum()


def _energy(modulus: float, poisson: float) -> BilinearForm:
    shear = modulus / (2 * (1 + poisson))
    lame = modulus * poisson / ((1 + poisson) * (1 - 2 * poisson))

    @BilinearForm
    def energy(u, v, w):
        radius = w.x[0]
        (a, c), (d, b) = u.grad
        (e, g), (h, f) = v.grad
        p, q = u[0] / radius, v[0] / radius
        trace = lame * (a + b + p) * (e + f + q)
        strain = 2 * shear * (a * e + b * f + p * q) + shear * (c + d) * (g + h)
        return 2 * np.pi * radius * (trace + strain)

    return energy
