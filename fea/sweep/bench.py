"""One factored model on which any number of samples are walked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.errors import SolverError
from fea.loads.history import History
from fea.model.build import Model
from fea.model.interface import describe, friction_by_vertex
from fea.model.walk import Track, walk_history
from fea.post.interface_quantities import interface_quantities
from fea.post.micromotion import judged_states
from fea.post.quantity import CYCLE, Quantity
from fea.post.reference import reference_area
from fea.solution import Interface, Walk
from fea.solving import Tools, factor_case, friction_of, mesh_case, plan_of
from fea.status import Status
from fea.sweep.design import Sample, radial_interference
from fea.sweep.patterns import weak_factor
from fea.sweep.rows import FAILED, LOST, SOLVED, Row

FloatArray = NDArray[np.float64]

#: Residual beyond which a walk is not taken for an answer; converged ones lie below 3e-10.
LARGEST_RESIDUAL = 1e-6


@dataclass(frozen=True, eq=False)
class Bench:
    """A case, meshed and factored once.

    Attributes
    ----------
    case, model
        What is swept.
    interface
        The interface as stated.
    zones : tuple of str
        The zones whose fit varies.
    histories : mapping of str to History
        Activities by the names that samples use.
    factor
        Digest of the factors.
    stated
        The walk of the case as stated, which samples take their first guesses from.
    """

    case: Case
    model: Model
    interface: Interface
    zones: tuple[str, ...]
    histories: Mapping[str, History]
    factor: str
    stated: Track | None = None

    def guided(self) -> Bench:
        """Return the bench with the case as stated walked; forked workers inherit what it solves for."""
        problem = self.model.problem(self.interface.fit, friction_of(self.case))
        return replace(self, stated=walk_history(self.model, problem, plan_of(self.case)))

    def walk(self, sample: Sample) -> tuple[Interface, Track]:
        """Seat and walk one sample as the case states: the same cycles, instants and increments.

        Parameters
        ----------
        sample : Sample

        Returns
        -------
        interface : Interface
            With the sample's fit and friction.
        track : Track

        Raises
        ------
        SolverError
            Where no converged state was found.
        """
        friction = friction_of(self.case)
        stated = sample.get("friction")
        if stated is not None:
            friction.update(dict.fromkeys(self.zones, float(stated)))
        gap = self._gap(sample)
        plan = plan_of(self._loaded(sample))
        self.model.require_held(plan.wrenches)
        track = walk_history(self.model, self.model.problem(gap, friction), plan, self.stated)
        by_vertex = friction_by_vertex(self.interface.zone, self.interface.zones, friction)
        return replace(self.interface, fit=gap, friction=by_vertex), track

    def _gap(self, sample: Sample) -> FloatArray:
        """Return the weak gap minus the sample's interference at every vertex, mm."""
        gap = self.interface.fit.copy()
        pattern = str(sample.get("interference_pattern") or "uniform")
        factor = weak_factor(self.interface, self.interface.within(*self.zones), pattern)
        for zone in self.zones:
            here = self.interface.within(zone)
            change = radial_interference(self.case, zone, sample) * factor[here]
            gap[here] += self.case.fit[zone].radial_interference - change
        return gap

    def _loaded(self, sample: Sample) -> Case:
        """Return the case with the sample's activity and body weight."""
        activity, weight, name = self.case.activity, sample.get("body_weight_N"), sample.get("activity")
        if activity is None:
            return self.case
        if weight is not None:
            activity = replace(activity, body_weight=float(weight))
        if name is not None:
            activity = replace(activity, history=self.histories[str(name)])
        return replace(self.case, activity=activity)


def set_up(
    case: Case, tools: Tools, zones: tuple[str, ...], histories: Mapping[str, History], coarsening: float
) -> Bench:
    """Mesh and factor a case once for all its samples.

    Parameters
    ----------
    case : Case
        With friction somewhere, where any sample has.
    tools : Tools
    zones, histories
        As in `Bench`.
    coarsening : float
        Factor on the element sizes; above 1 for the companion mesh.

    Returns
    -------
    Bench
    """
    label = "companion " if coarsening > 1.0 else ""
    with tools.clock.phase(f"{label}mesh"):
        mesh = mesh_case(case, tools, coarsening)
    with tools.clock.phase(f"{label}model", f"{mesh.unknowns} displacement unknowns"):
        model, factor = factor_case(case, mesh, tools)
    interface = replace(
        describe(mesh, model.operators, friction_of(case), case.mesh.interface), fit=model.operators.gap
    )
    return Bench(case, model, interface, zones, histories, factor)


def measure(bench: Bench, companion: Bench | None, sample: Sample) -> Row:
    """Walk one sample and write down what it says.

    Parameters
    ----------
    bench : Bench
    companion : Bench, or None
        Walked too where it is given.
    sample : Sample

    Returns
    -------
    Row
        Whatever happened: a walk without a converged state is a row that says so.
    """
    start = time.perf_counter()
    try:
        interface, track = bench.walk(sample)
        coarse = ratio = None
        if companion is not None:
            coarse = _quantities(companion, *companion.walk(sample))
            ratio = companion.model.mesh.element_size / bench.model.mesh.element_size
    except SolverError as error:
        return Row(FAILED, problem=" ".join(str(error).split()), seconds=time.perf_counter() - start)
    walk, residual = track.walk, largest_residual(track.walk)
    if residual > LARGEST_RESIDUAL:
        problem = f"the laws of contact hold to {residual:.1g} only, and a sample counts from 1e-6 down"
        return Row(FAILED, problem=problem, residual=residual, seconds=time.perf_counter() - start)
    states = judged_states(walk)
    changing = None
    if states:
        status = np.stack([state.status for state in states])
        changing = int(np.count_nonzero(np.any(status != status[0], axis=0)))
    return Row(
        outcome=SOLVED if walk.loss is None else LOST,
        quantities=_quantities(bench, interface, track),
        coarse=coarse,
        ratio=ratio,
        loss=walk.loss,
        changing_vertices=changing,
        newton_iterations=walk.press_fit.iterations
        + sum(state.iterations for cycle in walk.cycles for state in cycle),
        residual=residual,
        imbalance=track.imbalance,
        seconds=time.perf_counter() - start,
    )


def largest_residual(walk: Walk) -> float:
    """Return the largest nonsmooth residual of a walk, relative to its largest traction.

    A state's own residual is relative to its own traction, which says nothing of an instant
    at which the stem rests without load and almost without pressure.
    """
    states = (walk.press_fit, *(state for cycle in walk.cycles for state in cycle))
    size = np.array([np.abs(state.traction).max(initial=0.0) for state in states])
    residual = np.array([state.residual for state in states])
    return float((residual * size).max() / max(size.max(), 1e-12))


def _quantities(bench: Bench, interface: Interface, track: Track) -> tuple[Quantity, ...]:
    walk, stem = track.walk, bench.model.mesh.stem
    if walk.loss is not None and walk.loss.cycle == 0:
        return ()  # nothing is seated: contact and pressure would be those of no state at all
    return (*interface_quantities(interface, walk, stem), *_slip(interface, walk, bench))


def _slip(interface: Interface, walk: Walk, bench: Bench) -> tuple[Quantity, ...]:
    """Return the largest area that slips at once, where a cycle is judged."""
    states = judged_states(walk)
    if not states:
        return ()
    reference = reference_area(interface, bench.model.mesh.stem)
    shares = [reference.percent(state.status == Status.SLIP) for state in states]
    row = int(np.argmax(shares))
    return (
        Quantity(
            "slip_area_most_percent", "largest area that slips at once", shares[row], "%",
            reference.name, CYCLE, instant_percent=float(walk.percent[row]),
        ),
    )  # fmt: skip
