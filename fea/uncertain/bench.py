"""One factored model, on which samples are walked, and their bodies recovered.

Walking needs the interface alone and is done side by side in forked processes; the fields of the
bodies need the factor, whose solver must not be called from a fork, and are recovered after it
in the parent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from fea.case.case import Case
from fea.contact.point import Point
from fea.errors import SolverError
from fea.mesh.parts import Mesh
from fea.model.build import Model
from fea.model.interface import describe, friction_by_vertex
from fea.model.routes import DirectRoute
from fea.model.walk import Track, walk_history
from fea.post.body_quantities import body_quantities
from fea.post.interface_quantities import interface_quantities
from fea.post.outside import load_quantities
from fea.solution import Fields, Interface, Walk
from fea.solving import Tools, factor_case, fields_of, friction_of, mesh_case, plan_of
from fea.sweep.bench import LARGEST_RESIDUAL, largest_residual
from fea.sweep.rows import FAILED, LOST, SOLVED, Row
from geometry.canal import Canal
from geometry.wall import Wall, least_wall


@dataclass(frozen=True, eq=False)
class Bench:
    """A case, meshed and factored once.

    Attributes
    ----------
    case
        That the model stands for.
    model
    interface
        With the case's fit.
    wall
        Least wall that reaming leaves.
    factor
        Digest of the factors.
    guide
        The walk of the case, which samples take their first guesses from; None where it
        has no equilibrium.
    """

    case: Case
    model: Model
    interface: Interface
    wall: Wall
    factor: str
    guide: Track | None = None


@dataclass(frozen=True, eq=False)
class Walked:
    """A walked sample on its way from the process that walked it to the one with the factor.

    Attributes
    ----------
    row
        With the quantities of the interface.
    walk
        Without its cycles.
    points : tuple of Point
        Press-fit and judged cycle: forces, motions and wrenches only. Empty where nothing is
        to be recovered.
    """

    row: Row
    walk: Walk | None = None
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, eq=False)
class _Recovered:
    """A sample with its fields, as `fea.study.Solved` asks."""

    case: Case
    mesh: Mesh
    walk: Walk
    stem: Fields
    bone: Fields
    wall: Wall


def set_up(case: Case, tools: Tools, *, grips: bool) -> Bench:
    """Mesh and factor a case, and walk it as it stands.

    Parameters
    ----------
    case : Case
        With the inputs of a model, its other inputs as stated.
    tools : Tools
    grips : bool
        Whether any sample has friction, where the case itself may have none.

    Returns
    -------
    Bench
    """
    able = case
    if grips:
        gripped = {zone: replace(fit, friction=fit.friction or 1.0) for zone, fit in case.fit.items()}
        able = replace(case, fit=gripped)
    mesh = mesh_case(able, tools)
    model, factor = factor_case(able, mesh, tools)
    interface = replace(
        describe(mesh, model.operators, friction_of(case), case.mesh.interface), fit=model.operators.gap
    )
    bench = Bench(case, model, interface, least_wall(Canal(case.bone, case.reaming), case.stem), factor)
    try:
        return replace(bench, guide=_walk(bench, case)[1])
    except SolverError:
        return bench  # samples are walked without first guesses, and say themselves what fails


def walk_sample(bench: Bench, case: Case) -> Walked:
    """Walk one sample; may run in a forked process.

    Parameters
    ----------
    bench : Bench
    case : Case
        The sample: the bench's case with another fit, friction, body weight or history.

    Returns
    -------
    Walked
        Whatever happened: a walk without a converged state is a row that says so.
    """
    start = time.perf_counter()
    try:
        interface, track = _walk(bench, case)
    except SolverError as error:
        spent = time.perf_counter() - start
        return Walked(Row(FAILED, problem=" ".join(str(error).split()), seconds=spent))
    walk, residual, spent = track.walk, largest_residual(track.walk), time.perf_counter() - start
    if residual > LARGEST_RESIDUAL:
        problem = f"the laws of contact hold to {residual:.1g} only, and a sample counts from 1e-6 down"
        return Walked(Row(FAILED, problem=problem, residual=residual, seconds=spent))
    row = Row(
        outcome=SOLVED if walk.loss is None else LOST,
        loss=walk.loss,
        newton_iterations=walk.press_fit.iterations
        + sum(state.iterations for cycle in walk.cycles for state in cycle),
        residual=residual,
        imbalance=track.imbalance,
        seconds=spent,
    )
    light = replace(walk, cycles=())
    if walk.loss is not None and walk.loss.cycle == 0:
        return Walked(row, light)  # nothing is seated: contact and stress would be those of no state
    found = interface_quantities(interface, walk, bench.model.mesh.stem)
    return Walked(replace(row, quantities=found), light, tuple(_light(point) for point in track.judged))


def recover(bench: Bench, case: Case, walked: Walked) -> Row:
    """Recover the bodies of a walked sample; calls the solver.

    Parameters
    ----------
    bench : Bench
    case : Case
        The sample.
    walked : Walked

    Returns
    -------
    Row
        With the quantities of interface and bodies.
    """
    if walked.walk is None or not walked.points:
        return walked.row
    start = time.perf_counter()
    route = DirectRoute(bench.model)
    stem, bone = fields_of(case, route, route.displacements(walked.points))
    solved = _Recovered(case, bench.model.mesh, walked.walk, stem, bone, bench.wall)
    quantities = (*walked.row.quantities, *body_quantities(solved), *load_quantities(case))
    spent = walked.row.seconds + time.perf_counter() - start
    return replace(walked.row, quantities=quantities, seconds=spent)


def _walk(bench: Bench, case: Case) -> tuple[Interface, Track]:
    """Seat and walk a sample; return the interface as the sample has it, and the walk."""
    friction, gap = friction_of(case), bench.interface.fit.copy()
    for zone, fit in case.fit.items():
        here = bench.interface.within(zone)
        gap[here] += bench.case.fit[zone].radial_interference - fit.radial_interference
    plan = plan_of(case)
    bench.model.require_held(plan.wrenches)
    track = walk_history(bench.model, bench.model.problem(gap, friction), plan, bench.guide)
    by_vertex = friction_by_vertex(bench.interface.zone, bench.interface.zones, friction)
    return replace(bench.interface, fit=gap, friction=by_vertex), track


def _light(point: Point) -> Point:
    """Return a point without what only the next one needs: what is recovered needs none of it."""
    return replace(point, jump=np.zeros((0, 3)), anchor=np.zeros((0, 2)), status=np.zeros(0, dtype=np.int64))
