"""Seat the stem and walk on it: from a contact problem to a history of states."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import LOOSE, CameOff, History, LostFixation, Point, audit
from fea.contact.problem import InterfaceProblem
from fea.elasticity.rigid import LEVER, describe_motion
from fea.model.build import Model
from fea.solution import Loss, State, Walk

FloatArray = NDArray[np.float64]

#: From amplitudes of the rigid fields to mm and rad.
_RADIANS = np.array([1.0, 1.0, 1.0, 1.0 / LEVER, 1.0 / LEVER, 1.0 / LEVER])

#: Share of the contact force of an assembly below which nothing holds when its force is gone.
HELD = 1e-3
#: What then is said.
FELL_APART = Loss(
    0, 0.0, "sliding out along the axis (distally) as the force of assembly is released",
    (0.0, 0.0, -1.0, 0.0, 0.0, 0.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Track:
    """A solved history.

    Attributes
    ----------
    walk
        As those who read results see it.
    seated : Point
        The press-fit, as the solver left it; the unloaded start where there is none.
    cycles : tuple of tuples of Point
        The instants of each cycle, as the solver left them.
    residual, imbalance
        Largest nonsmooth residual, and largest imbalance of the contact forces, over all
        instants.
    assembly : tuple of Point
        The instants of an assembly by force, of which the last is `seated`; empty without.
    """

    walk: Walk
    seated: Point
    cycles: tuple[tuple[Point, ...], ...]
    residual: float
    imbalance: float
    assembly: tuple[Point, ...] = ()

    @property
    def judged(self) -> tuple[Point, ...]:
        """The press-fit, then the instants of the judged cycle."""
        whole = [cycle for cycle in self.cycles if len(cycle) == len(self.walk.percent)]
        return (self.seated, *(whole[-1] if whole else ()))


@dataclass(frozen=True, eq=False)
class Plan:
    """What to walk.

    Attributes
    ----------
    percent : ndarray, shape (k,)
    wrenches : ndarray, shape (k, 6), N and N mm
        One cycle; no rows for a press-fit alone.
    cycles
    press_fit_increments, cut_backs
    assembly : ndarray, shape (a, 6), N and N mm
        Wrenches that press the bodies together in place of a press-fit, in turn; no rows for a press-fit.
    farthest : float, mm
        As in `fea.contact.stretch.Control`.
    loose : float, mm
        Change of a jump since the press-fit beyond which the stem counts as loose.
    """

    percent: FloatArray
    wrenches: FloatArray
    cycles: int
    press_fit_increments: int
    cut_backs: int
    assembly: FloatArray = field(default_factory=lambda: np.zeros((0, 6)))
    farthest: float = math.inf
    loose: float = LOOSE


def walk_history(model: Model, problem: InterfaceProblem, plan: Plan, like: Track | None = None) -> Track:
    """Seat the stem, then walk.

    Parameters
    ----------
    model
        The model that the problem belongs to.
    problem
        The contact problem.
    plan
        The history.
    like
        The same history with other inputs on the same model: first guesses, which change the work
        and not the result.

    Returns
    -------
    Track
        Ends early where fixation is lost; ``walk.loss`` says where and in which motion, cycle 0
        for a press-fit without equilibrium.
    """
    history = History(problem, plan.cut_backs, plan.farthest, plan.loose)
    near = like.cycles if like is not None else ()
    assembly: list[Point] = []
    try:
        if len(plan.assembly):
            assembly = history.assemble(plan.assembly)
            seated = assembly[-1]
        else:
            seated = history.press_fit(plan.press_fit_increments, like.seated if like is not None else None)
    except LostFixation as error:
        nothing = np.zeros(1)
        lost = FELL_APART if isinstance(error, CameOff) else _loss(model, error, 0, 0.0)
        return track_of(history.unloaded, (), plan.percent, lost, problem.area, nothing, nothing)
    if fell_apart(assembly):
        residual, imbalance = audit(problem, assembly)
        return track_of(
            seated, (), plan.percent, FELL_APART, problem.area, residual, imbalance, assembly=assembly
        )
    cycles: list[list[Point]] = []
    loss = None
    last, points = seated, list(assembly) or [seated]
    for cycle in range(plan.cycles if len(plan.wrenches) else 0):
        guide = near[cycle] if cycle < len(near) else cycles[-1] if cycle else ()
        cycles.append([])
        try:
            for point in history.walk(last, plan.wrenches, guide if len(guide) == len(plan.wrenches) else ()):
                cycles[-1].append(point)
                points.append(point)
                last = point
        except LostFixation as error:
            loss = _loss(model, error, cycle + 1, float(plan.percent[len(cycles[-1])]))
            break
    residual, imbalance = audit(problem, points)
    moved = {id(point): _motions(model, point) for point in points}
    return track_of(
        seated, cycles, plan.percent, loss, problem.area, residual, imbalance, moved, assembly
    )  # fmt: skip


def track_of(
    seated: Point,
    cycles: Sequence[Sequence[Point]],
    percent: FloatArray,
    loss: Loss | None,
    area: FloatArray,
    residual: FloatArray,
    imbalance: FloatArray,
    motions: Mapping[int, tuple[FloatArray, FloatArray]] | None = None,
    assembly: Sequence[Point] = (),
) -> Track:
    """Put the points of a history together for those who read it.

    Parameters
    ----------
    seated, cycles
        Press-fit and instants.
    percent : ndarray, shape (k,)
    loss
        Where equilibrium ended.
    area : ndarray, shape (v,), mm^2
    residual, imbalance : ndarray
        Of every point, the press-fit or the assembly first.
    motions
        Rigid motions of stem and bone by the identity of the point; by default none.
    assembly
        Instants of an assembly by force, the last of which is `seated`.
    """
    points = [*(assembly or [seated]), *(point for cycle in cycles for point in cycle)]
    none = np.zeros(6), np.zeros(6)
    states = {
        id(point): _state(point, area, float(r), (motions or {}).get(id(point), none))
        for point, r in zip(points, residual, strict=True)
    }
    walk = Walk(
        states[id(seated)],
        percent,
        tuple(tuple(states[id(point)] for point in cycle) for cycle in cycles),
        loss,
        tuple(states[id(point)] for point in assembly),
    )
    return Track(
        walk, seated, tuple(map(tuple, cycles)), float(residual.max()), float(imbalance.max()),
        tuple(assembly),
    )  # fmt: skip


def fell_apart(assembly: Sequence[Point]) -> bool:
    """Tell whether bodies that were pressed together come apart when the force is gone.

    Parameters
    ----------
    assembly : sequence of Point

    Returns
    -------
    bool
        True where less than `HELD` of the greatest contact force is left at the end; cones that friction
        does not lock keep none.
    """
    pressed = [float(point.forces[:, 0].sum()) for point in assembly]
    return bool(pressed) and pressed[-1] < HELD * max(pressed)


def _loss(model: Model, error: LostFixation, cycle: int, percent: float) -> Loss:
    bone, stem = model.split_motion(error.direction)
    motion = stem - bone
    thrust = model.stem.rigid.T @ (model.loads @ error.loads)
    return Loss(cycle, percent, describe_motion(motion, thrust), tuple((motion * _RADIANS).tolist()))


def _motions(model: Model, point: Point) -> tuple[FloatArray, FloatArray]:
    bone, stem = model.split_motion(point.motion)
    return stem * _RADIANS, bone * _RADIANS


def _state(point: Point, area: FloatArray, residual: float, motions: tuple[FloatArray, FloatArray]) -> State:
    return State(
        traction=point.forces / area[:, None],
        jump=point.jump,
        status=point.status,
        stem_motion=motions[0],
        bone_motion=motions[1],
        wrench=point.wrench,
        iterations=point.iterations,
        residual=residual,
        dissipation=point.dissipation,
    )
