"""Seat the stem and walk on it: from a contact problem to a history of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.history import LOOSE, History, LostFixation, Point, audit
from fea.contact.problem import InterfaceProblem
from fea.elasticity.rigid import LEVER, describe_motion
from fea.model.build import Model
from fea.solution import Loss, State, Walk

FloatArray = NDArray[np.float64]

#: From amplitudes of the rigid fields to mm and rad.
_RADIANS = np.array([1.0, 1.0, 1.0, 1.0 / LEVER, 1.0 / LEVER, 1.0 / LEVER])


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
    """

    walk: Walk
    seated: Point
    cycles: tuple[tuple[Point, ...], ...]
    residual: float
    imbalance: float

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
    loose : float, mm
        Change of a jump since the press-fit beyond which the stem counts as loose.
    """

    percent: FloatArray
    wrenches: FloatArray
    cycles: int
    press_fit_increments: int
    cut_backs: int
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
    history = History(problem, plan.cut_backs, plan.loose)
    near = like.cycles if like is not None else ()
    try:
        seated = history.press_fit(plan.press_fit_increments, like.seated if like is not None else None)
    except LostFixation as error:
        nothing, lost = np.zeros(1), _loss(model, error, 0, 0.0)
        return track_of(history.unloaded, (), plan.percent, lost, problem.area, nothing, nothing)
    cycles: list[list[Point]] = []
    loss = None
    last, points = seated, [seated]
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
    return track_of(seated, cycles, plan.percent, loss, problem.area, residual, imbalance, moved)


def track_of(
    seated: Point,
    cycles: Sequence[Sequence[Point]],
    percent: FloatArray,
    loss: Loss | None,
    area: FloatArray,
    residual: FloatArray,
    imbalance: FloatArray,
    motions: Mapping[int, tuple[FloatArray, FloatArray]] | None = None,
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
        Of every point, the press-fit first.
    motions
        Rigid motions of stem and bone by the identity of the point; by default none.
    """
    points = [seated, *(point for cycle in cycles for point in cycle)]
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
    )
    return Track(walk, seated, tuple(map(tuple, cycles)), float(residual.max()), float(imbalance.max()))


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
