"""A case as plain tables that a deck can be written from: one numbering, sets, loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.case.loading import load_of
from fea.ct.density import ImagedMaterial
from fea.elasticity.wrench import end_face_loads
from fea.errors import CaseError
from fea.export.lattices import layer_materials
from fea.export.seating import faces_of, seat_by_nodes, stem_pins
from fea.loads.wrench import LoadCycle
from fea.mesh.parts import Mesh, Part
from fea.model.body import hold
from fea.model.build import element_materials
from fea.model.interface import pair_surfaces
from fea.model.preload import Preload
from fea.model.preloads import preloads_of
from geometry.fit import Fit
from geometry.zones import COLLAR
from materials.elasticity import Elasticity, Isotropic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Contact:
    """How contact is regularised; the case knows neither number.

    The defaults are the stiffest with which CalculiX walked the default case (``docs/peer.md``).

    Attributes
    ----------
    stiffness : float, MPa/mm
        Pressure over overlap.
    stick_slope : float, MPa/mm
        Friction over elastic slip.
    """

    stiffness: float = 1e5
    stick_slope: float = 1e4


@dataclass(frozen=True, eq=False)
class Surface:
    """Faces of elements by name.

    Attributes
    ----------
    elements : ndarray, shape (k,)
        Element numbers, from 1.
    faces : ndarray, shape (k,)
        1 to 4.
    """

    elements: IntArray
    faces: IntArray


@dataclass(frozen=True, eq=False)
class Deck:
    """Everything that a deck states, numbered from 1 with the stem first.

    Attributes
    ----------
    title, digest
        The case's title and the digest of its mesh.
    points : ndarray, shape (n, 3), mm
        Nodes of stem and bone, the stem's contact nodes moved by the fit.
    tets : ndarray, shape (m, 10)
        Node numbers.
    stem_nodes, stem_elements
        How many belong to the stem.
    elasticities : tuple of two Elasticity
        Of stem and bone, in material axes.
    bone_axes : ndarray, shape (b, 3, 3), or None
        Columns are the material axes of each element of the bone; None where isotropic.
    surfaces : mapping of str to Surface
        The stem's zones by name, ``canal``, ``cut``; empty ones are left out.
    friction : mapping of zone name to float
        Of every zone that the stem has.
    fixed : ndarray, shape (k, 2)
        Node number and direction, 1 to 3, of what supports hold.
    pinned : ndarray, shape (j, 2)
        The same for pins that carry nothing: rigid motions that nothing holds.
    loaded : ndarray, shape (f,)
        Node numbers of the stem's distal end face.
    unit_loads : ndarray, shape (f, 3, 6)
        Nodal forces of unit wrenches at the reference point.
    cycle : LoadCycle
        Instants and wrenches of one cycle; no rows for a press-fit alone.
    cycles
        How often it is repeated.
    largest_move : float, mm
        Largest move that states the fit.
    unmoved
        Number of the stem's contact nodes that coincide with no node of the bone.
    contact : Contact
        Penalties, for solvers that need them.
    layers : mapping of str to (ndarray, Elasticity)
        Elements of the stem that are of another material, by zone: their numbers and the law. A
        graded lattice is several of these.
    binned
        Largest share by which the modulus of an element of a graded lattice differs from its set's;
        0 without one.
    preloaded : ndarray, shape (q,)
        Node numbers that preloads act on.
    preload : ndarray, shape (q, 3), N
        Their forces, put on with the press-fit and kept.
    """

    title: str
    digest: str
    points: FloatArray
    tets: IntArray
    stem_nodes: int
    stem_elements: int
    elasticities: tuple[Elasticity, Elasticity]
    bone_axes: FloatArray | None
    surfaces: dict[str, Surface]
    friction: dict[str, float]
    fixed: IntArray
    pinned: IntArray
    loaded: IntArray
    unit_loads: FloatArray
    cycle: LoadCycle
    cycles: int
    largest_move: float
    unmoved: int
    contact: Contact
    layers: Mapping[str, tuple[IntArray, Elasticity]] = field(default_factory=dict)
    binned: float = 0.0
    preloaded: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    preload: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))

    def forces(self, instant: int) -> FloatArray:
        """Nodal forces, ndarray, shape (f, 3), N, on the `loaded` nodes at an instant of the cycle.

        With the preload on these nodes, because a force that is stated again replaces the one before.
        """
        forces = self.unit_loads @ self.cycle.wrenches[instant]
        _, here, there = np.intersect1d(self.loaded, self.preloaded, return_indices=True)
        forces[here] += self.preload[there]
        return np.asarray(forces)


def assemble_deck(case: Case, mesh: Mesh, instants: int | None, contact: Contact) -> Deck:
    """State a case for another solver.

    Parameters
    ----------
    case
        The case.
    mesh
        Its mesh.
    instants
        Sample one cycle at this many instants; None takes the case's own instants and cycles.
    contact
        Penalties.

    Returns
    -------
    Deck
    """
    require_deck(case)
    fit = Fit(case.bone, case.reaming, case.stem, case.fit)
    move = seat_by_nodes(mesh, fit.gap)
    stem, bone = mesh.stem, mesh.bone
    fixed, pinned = _held(case, mesh, fit)
    face = stem.facets["distal_end"]
    loads = end_face_loads(stem.points, face, np.array(case.reference_point)).reshape(-1, 3, 6)
    loaded = np.unique(face)
    zones = [name for name in mesh.zones if len(stem.facets[name])]
    touching = np.unique(np.concatenate([stem.facets[name] for name in zones]))
    isotropic = isinstance(case.bone_material.elasticity, Isotropic)
    centres = bone.points[bone.tets[:, :4]].mean(axis=1)
    count, elements = len(stem.points), len(stem.tets)
    surfaces = {name: _surface(stem, name, 0) for name in zones}
    preload = _preload(preloads_of(case, mesh), count + len(bone.points))
    preloaded = np.flatnonzero(preload.any(axis=1))
    for name in sorted({opposite(zone) for zone in zones}):
        surfaces[name] = _surface(bone, name, elements)
    layers, binned = layer_materials(stem, case.layer_materials)
    return Deck(
        title=case.title,
        digest=mesh.digest,
        points=np.concatenate([stem.points + move, bone.points]),
        tets=np.concatenate([stem.tets + 1, bone.tets + 1 + count]),
        stem_nodes=count,
        stem_elements=elements,
        elasticities=(case.stem_material.elasticity, case.bone_material.elasticity),
        bone_axes=None if isotropic else case.bone_frames(centres),
        surfaces=surfaces,
        friction={name: case.fit[name].friction for name in zones},
        fixed=fixed,
        pinned=pinned,
        loaded=loaded + 1,
        unit_loads=loads[loaded],
        cycle=load_of(case, instants),
        cycles=1 if instants or case.activity is None else case.activity.cycles,
        largest_move=float(np.linalg.norm(move, axis=1).max()),
        unmoved=int((~move[touching].any(axis=1)).sum()),
        contact=contact,
        layers=layers,
        binned=binned,
        preloaded=preloaded + 1,
        preload=preload[preloaded],
    )


def require_deck(case: Case) -> None:
    """Refuse a case that no deck can state yet, by the key.

    Raises
    ------
    CaseError
    """
    if case.bone.core is not None:
        raise CaseError(
            f"{case.path}: bone.core: a bone of two materials is not written as a deck yet; leave it out."
        )
    if isinstance(case.bone_material, ImagedMaterial):
        raise CaseError(
            f"{case.path}: bone.ct.density: a bone whose modulus is by place is not written as a deck yet;"
            " leave it out."
        )


def opposite(zone: str) -> str:
    """Return the bone's surface that a zone of the stem touches."""
    return "cut" if zone == COLLAR else "canal"


def _held(case: Case, mesh: Mesh, fit: Fit) -> tuple[IntArray, IntArray]:
    supports = case.supports
    stem_kinds = {"distal_end": supports.stem_distal, "proximal_end": supports.stem_proximal}
    bone_kinds = {"proximal": supports.bone_proximal, "cut": supports.bone_distal}
    of_stem = element_materials(mesh.stem, case.stem_material, None, case.layer_materials)
    stem = hold(mesh.stem, of_stem, stem_kinds)
    bone = hold(mesh.bone, element_materials(mesh.bone, case.bone_material, None), bone_kinds)
    sliding = any(zone.friction > 0.0 for zone in case.fit.values())
    pins = stem_pins(stem, pair_surfaces(mesh, fit.gap), sliding)
    offset = 3 * len(mesh.stem.points)
    return _by_node(np.r_[stem.fixed, bone.fixed + offset]), _by_node(np.r_[pins, bone.pins + offset])


def _preload(preloads: Sequence[Preload], nodes: int) -> FloatArray:
    """Sum the preloads at every node of stem and bone, shape (n, 3), N."""
    forces = np.zeros((nodes, 3))
    for preload in preloads:
        forces += preload.force * np.r_[preload.stem_loads, preload.bone_loads].reshape(-1, 3)
    return forces


def _by_node(unknowns: IntArray) -> IntArray:
    return np.column_stack([unknowns // 3 + 1, unknowns % 3 + 1])


def _surface(part: Part, name: str, offset: int) -> Surface:
    elements, faces = faces_of(part, part.facets[name])
    return Surface(elements + 1 + offset, faces + 1)
