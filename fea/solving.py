"""Solve a case: mesh it, factor it once, seat the stem, walk, vary the uncertain inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.cache import Cache, digest_of
from fea.case.case import Case
from fea.case.loading import load_of
from fea.contact.history import LOOSE, LOOSE_SHARE
from fea.contact.point import Point
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh, Part
from fea.mesh.regions import take_apart
from fea.mesh.sizes import MeshSizes
from fea.mesh.store import digest_of as mesh_digest
from fea.mesh.store import load_mesh, save_mesh
from fea.model.build import Model, build_model, element_materials
from fea.model.cancellous import bone_at_nodes, bone_materials
from fea.model.interface import describe, friction_by_vertex
from fea.model.iterative import Method, build_iterative
from fea.model.preloads import preloads_of
from fea.model.recover import reaction_wrench, recover_fields
from fea.model.routes import ROUTES, DirectRoute, IterativeRoute, Route, plan_route
from fea.model.superposition import Superposition
from fea.model.walk import Plan, Track
from fea.parallel import map_forked
from fea.progress import Clock, logger
from fea.provenance import Provenance, record
from fea.solution import Balance, Fields, Variant
from fea.solve.backends import choose_backend
from fea.study import Loop, Study
from fea.variants import Settings, solve_variant, variants_of
from geometry.canal import Canal
from geometry.fit import Fit
from geometry.socket import Socket
from geometry.wall import least_wall
from geometry.zones import CANCELLOUS
from materials.lattice import Lattice

FloatArray = NDArray[np.float64]

#: The companion mesh is asked for this much coarser; its difference estimates the discretisation error.
COARSENING = 1.5
#: Slip of a cone in its socket, mm, that one solve may find; a cone that springs out moves by much more.
WEDGED = 0.02


@dataclass(frozen=True)
class Tools:
    """What a solution needs besides its case: where to keep things, how to tell progress."""

    cache: Cache
    clock: Clock


def mesh_case(case: Case, tools: Tools, coarsening: float = 1.0) -> Mesh:
    """Mesh a case, or take up its mesh where it is kept.

    Parameters
    ----------
    case
        The case.
    tools
        Cache and clock.
    coarsening
        Factor on all element sizes.

    Returns
    -------
    Mesh
    """
    sizes = MeshSizes(*case.mesh.scaled(coarsening))
    path = tools.cache.mesh(mesh_digest(case.bone, case.reaming, case.stem, sizes))
    kept = load_mesh(path)
    if kept is None:
        kept = build_mesh(case.bone, case.reaming, case.stem, sizes)
        save_mesh(kept, path)
    return kept


def solve_case(case: Case, tools: Tools, coarsening: float = 1.0, *, alone: str = "") -> Study:
    """Carry a case from its numbers to a solved study.

    Parameters
    ----------
    case
        The case.
    tools
        Cache and clock.
    coarsening
        Factor on the element sizes.
    alone
        Name in front of the phases of a mesh that is solved beside the case, as the companion is: without
        variants and without a companion of its own. Empty for the case itself.

    Returns
    -------
    Study

    Raises
    ------
    GeometryError, MeshError, SolverError
        Each with one sentence.
    """
    clock, label = tools.clock, f"{alone} " if alone else ""
    with clock.phase(f"{label}mesh"):
        mesh = mesh_case(case, tools, coarsening)
    with clock.phase(f"{label}model", f"{mesh.unknowns} displacement unknowns"):
        chosen = _route(case, mesh, tools)
    route, plan = chosen.route, plan_of(case)
    with clock.phase(f"{label}press-fit and activity"):
        track = route.walk(route.operators.gap, friction_of(case), plan)
    variants: tuple[Variant, ...] = ()
    if not alone:
        with clock.phase("variants", "corners of the bands, collar open"):
            variants = _variants(Settings(case, mesh, route, plan, track))
    with clock.phase(f"{label}fields"):
        moved = route.displacements(track.judged)
        fields = fields_of(case, route, moved)
        balance = _balance(case, route, track, moved)
        pressed = None
        if track.assembly:
            pressed = fields_of(case, route, route.displacements([hardest(track.assembly)]))
    coarse = None
    if case.mesh.companion and not alone:
        coarse = solve_case(case, tools, COARSENING, alone="companion")
    return Study(
        case=case,
        mesh=mesh,
        interface=describe(mesh, route.operators, friction_of(case), case.mesh.interface),
        walk=track.walk,
        stem=fields[0],
        bone=fields[1],
        balance=balance,
        variants=variants,
        coarse=coarse,
        wall=least_wall(Canal(case.bone, case.reaming), case.stem),
        record=record(Provenance(case, mesh, route, track, chosen.digest, chosen.name, chosen.memory), clock),
        pressed=pressed,
        loop=loop_of(route, track) if isinstance(case.bone, Socket) else None,
    )


def loop_of(route: Route, track: Track) -> Loop | None:
    r"""Return what the loads of the judged cycle work on.

    Both bodies are linear and start unstrained, so that they store half the work of all forces at their
    ends (Clapeyron): U = (w . u + q . d) / 2, with w the loads, q the contact forces, d the jumps.

    Parameters
    ----------
    route : Route
    track : Track

    Returns
    -------
    Loop or None
        None without two whole cycles.
    """
    whole = [cycle for cycle in track.cycles if len(cycle) == len(track.walk.percent)]
    if len(whole) < 2:
        return None
    points = [whole[-2][-1], *whole[-1]]
    stem, bone = route.displacements(points)
    loads = np.stack([point.loads for point in points])
    moved = stem.against(route.loads)
    moved[:, 6:] += bone.against(route.bone_loads)
    contact = np.array([float(np.sum(point.forces * point.jump)) for point in points])
    return Loop(loads, moved, 0.5 * (np.sum(loads * moved, axis=1) + contact))


def hardest(assembly: Sequence[Point]) -> Point:
    """Return the instant of an assembly at which the force is greatest."""
    return max(assembly, key=lambda point: float(np.abs(point.wrench[2])))


def _variants(base: Settings) -> tuple[Variant, ...]:
    """Walk every variant, side by side where machine and route allow."""
    wanted = variants_of(base.case)
    if not base.route.side_by_side:
        return tuple(solve_variant(base, inputs) for inputs in wanted)
    return tuple(map_forked(lambda inputs: solve_variant(base, inputs), wanted))


@dataclass(frozen=True, eq=False)
class _Chosen:
    """A route, and what the record says of it."""

    route: Route
    name: str
    digest: str
    memory: str


def _route(case: Case, mesh: Mesh, tools: Tools) -> _Chosen:
    """Choose the route by memory, and prepare it."""
    name, plan = plan_route(mesh, 1 + len(load_of(case).percent))
    logger.info("%s; %s", ROUTES[name], plan.sentence())
    if name == "direct":
        model, digest = factor_case(case, mesh, tools)
        return _Chosen(DirectRoute(model), ROUTES[name], digest, model.solver.plan.sentence())
    matter = _matter(case, mesh)
    iterative = build_iterative(
        mesh, matter.stiffness, matter.supports, matter.fit.gap, case.reference_point,
        Method(choose_backend(), exact=name == "factored"), preloads_of(case, mesh),
    )  # fmt: skip
    return _Chosen(IterativeRoute(iterative), ROUTES[name], matter.digest, plan.sentence())


@dataclass(frozen=True, eq=False)
class _Matter:
    """What a case's bodies are made of, and how they are held."""

    stiffness: tuple[FloatArray, FloatArray]
    supports: dict[str, str]
    fit: Fit
    digest: str


def _matter(case: Case, mesh: Mesh) -> _Matter:
    keys = ("stem_distal", "stem_proximal", "bone_distal", "bone_proximal", "bone_ends")
    supports = {key: getattr(case.supports, key) for key in keys}
    stiffness = (
        element_materials(mesh.stem, case.stem_material, None, case.layer_materials),
        bone_materials(case, mesh),
    )
    layers = [(name, material.mechanics) for name, material in case.layer_materials.items()]
    if case.core_material is not None:
        layers.append((CANCELLOUS, case.core_material.mechanics))
    digest = digest_of(
        mesh.digest, case.stem_material.elasticity, case.bone_material.mechanics, supports, choose_backend(),
        *layers,
    )  # fmt: skip
    return _Matter(stiffness, supports, Fit(case.bone, case.reaming, case.stem, case.fit), digest)


def factor_case(case: Case, mesh: Mesh, tools: Tools) -> tuple[Model, str]:
    """Hold and factor a meshed case; return the model and the digest of its factors."""
    matter = _matter(case, mesh)
    model = build_model(
        mesh,
        matter.stiffness,
        matter.supports,
        matter.fit.gap,
        any(zone.friction > 0.0 for zone in case.fit.values()),
        case.reference_point,
        choose_backend(),
        tools.cache.factor(matter.digest),
        preloads_of(case, mesh),
    )
    return model, matter.digest


def plan_of(case: Case) -> Plan:
    """Return the history that a case asks for."""
    steps, cycle = case.steps, load_of(case)
    cycles = 0 if case.activity is None else case.activity.cycles
    farthest = WEDGED if isinstance(case.bone, Socket) else math.inf
    return Plan(
        cycle.percent, cycle.wrenches, cycles, steps.press_fit_increments, steps.max_cut_backs,
        assembly_of(case), farthest, min(LOOSE, LOOSE_SHARE * case.stem.diameter),
    )  # fmt: skip


def assembly_of(case: Case) -> FloatArray:
    """Return the wrenches of an assembly by force, up and down in equal steps, ndarray, shape (a, 6)."""
    if not case.assembly_force:
        return np.zeros((0, 6))
    rising = np.arange(1, case.steps.press_fit_increments + 1) / case.steps.press_fit_increments
    course = np.concatenate([rising, rising[-2::-1], [0.0]])
    return np.outer(course, [0.0, 0.0, case.assembly_force, 0.0, 0.0, 0.0])


def friction_of(case: Case) -> dict[str, float]:
    """Return the friction of each zone."""
    return {name: zone.friction for name, zone in case.fit.items()}


def fields_of(case: Case, route: Route, moved: tuple[Superposition, Superposition]) -> tuple[Fields, Fields]:
    """Return the nodal fields of stem and bone from their displacements."""
    stem, bone = route.bodies
    return (
        recover_fields(stem, moved[0], _stem_at_nodes(case, stem.part)),
        recover_fields(bone, moved[1], bone_at_nodes(case, bone.part)),
    )


def _stem_at_nodes(case: Case, stem: Part) -> FloatArray:
    """Stiffness of the stem, or that of each node where it has a layer of another material, MPa."""
    core = case.stem_material.elasticity.stiffness()
    if not stem.regions:
        return core
    apart = take_apart(stem)
    found = np.broadcast_to(core, (len(apart.source), 6, 6)).copy()
    for number, name in enumerate(stem.regions, start=1):
        nodes, law = apart.region == number, case.layer_materials[name]
        if isinstance(law, Lattice):
            found[nodes] = law.stiffness_at(apart.part.points[nodes])
        else:
            found[nodes] = law.elasticity.stiffness()
    return found


def _balance(case: Case, route: Route, track: Track, moved: tuple[Superposition, Superposition]) -> Balance:
    """Hold reactions against loads, and tractions against the laws."""
    loads = np.stack([point.loads for point in track.judged])
    wrenches = loads[:, :6]
    lever = np.cross(np.array(case.reference_point), wrenches[:, :3])
    applied = np.concatenate([wrenches[:, :3], wrenches[:, 3:] + lever], axis=1)
    forces = np.column_stack([point.forces.ravel() for point in track.judged])
    operators, (stem, bone) = route.operators, route.bodies
    on_bone = operators.bone.T @ forces
    if route.preloads:
        on_bone += route.bone_loads @ loads[:, 6:].T
    reactions = reaction_wrench(bone, moved[1], on_bone)
    reactions += reaction_wrench(stem, moved[0], operators.stem.T @ forces + route.loads @ loads.T)
    seated = track.walk.press_fit
    contact_force = float(np.abs(seated.traction[:, 0] * operators.area).sum())
    preload = float(np.abs(loads[:, 6:]).max(initial=0.0))
    force = max(float(np.abs(applied[:, :3]).max()), contact_force, preload, 1e-12)
    moment = max(float(np.abs(applied[:, 3:]).max()), force * float(np.abs(stem.part.points[:, :2]).max()))
    defect = np.abs(applied + reactions).max(axis=0)
    states = [seated, *(state for cycle in track.walk.cycles for state in cycle)]
    friction = friction_by_vertex(operators.zone, case.stem.zones, friction_of(case))
    pressure = max(float(max(state.traction[:, 0].max(initial=0.0) for state in states)), 1e-12)
    excess = max(
        float((np.linalg.norm(s.traction[:, 1:], axis=1) - friction * s.traction[:, 0]).max(initial=0.0))
        for s in states
    )
    return Balance(
        reaction=float(max(defect[:3].max() / force, defect[3:].max() / moment)),
        contact=track.imbalance,
        cone=max(excess, 0.0) / pressure,
        tension=max(0.0, *(-float(state.traction[:, 0].min(initial=0.0)) for state in states)) / pressure,
        least_dissipation=min(state.dissipation for state in states),
        residual=track.residual,
    )
