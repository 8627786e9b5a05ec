"""The course of the activity: one value an instant, for plots and for the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.interface_quantities import collar_force
from fea.post.micromotion import (
    area_bands,
    area_percentile,
    judged_states,
    micromotion,
)
from fea.post.reference import ReferenceArea, reference_area
from fea.solution import State, Walk
from fea.status import Status
from fea.study import Study
from geometry.zones import COLLAR

FloatArray = NDArray[np.float64]

#: The collar's share is not a number where the axial load is less than this part of its peak.
LEAST_LOAD = 0.05


@dataclass(frozen=True, eq=False)
class Series:
    """The judged cycle, or the last instants before fixation was lost.

    Attributes
    ----------
    percent : ndarray, shape (k,)
        Of the activity.
    judged
        False where fixation was lost: then no micromotion is given.
    contact_area_percent, slip_area_percent : ndarray, shape (k,)
        Of the reference area.
    micromotion_area_percent : mapping of str to ndarray, shape (k,)
        Shares of the reference area by the distance from the cycle's first instant, as
        `fea.post.micromotion.area_bands` names them; empty where not judged.
    pressure_p50_MPa, pressure_p95_MPa, pressure_p99_MPa : ndarray, shape (k,)
        Percentiles over the reference area.
    collar_force_N, collar_share_percent : ndarray, shape (k,)
        Axial force through the collar, and its share of the axial load (NaN where that is
        below `LEAST_LOAD` of its peak, and for an anchor's plate).
    wrench : ndarray, shape (k, 6), N and N mm
        Force and moment on the implant at the reference point.
    moment_at_cut : ndarray, shape (k, 3), N mm
        The same load's moment about the axis at the bone's cut.
    reaction : ndarray, shape (k, 6), N and N mm
        Of the supports, about the reference point, by the audited balance.
    dissipation : ndarray, shape (k,), N mm
        Friction work since the first instant shown.
    """

    percent: FloatArray
    judged: bool
    contact_area_percent: FloatArray
    slip_area_percent: FloatArray
    micromotion_area_percent: Mapping[str, FloatArray]
    pressure_p50_MPa: FloatArray
    pressure_p95_MPa: FloatArray
    pressure_p99_MPa: FloatArray
    collar_force_N: FloatArray
    collar_share_percent: FloatArray
    wrench: FloatArray
    moment_at_cut: FloatArray
    reaction: FloatArray
    dissipation: FloatArray


def shown_states(walk: Walk) -> tuple[State, ...]:
    """Return the judged cycle, or with loss of fixation the last instants up to it.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    tuple of State
        One for each of the first entries of ``walk.percent``.
    """
    if walk.loss is None:
        return walk.judged
    return next((cycle for cycle in reversed(walk.cycles) if cycle), ())


def series(study: Study) -> Series:
    """Return the course of the activity.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Series
        With arrays of no entry where nothing is shown.
    """
    states, interface = shown_states(study.walk), study.interface
    reference = reference_area(interface, study.mesh.stem)
    area = interface.area[reference.mask]
    wrench = np.array([state.wrench for state in states]).reshape(-1, 6)
    collar = np.array([collar_force(interface, state) for state in states])
    pressure = {
        percent: np.array(
            [area_percentile(state.traction[reference.mask, 0], area, percent) for state in states]
        )
        for percent in (50.0, 95.0, 99.0)
    }
    slipping = [reference.percent(state.status == Status.SLIP) for state in states]
    worked = np.array([0.0] + [state.dissipation for state in states[1:]])[: len(states)]
    return Series(
        percent=study.walk.percent[: len(states)],
        judged=study.walk.loss is None,
        contact_area_percent=np.array([reference.percent(state.status != Status.OPEN) for state in states]),
        slip_area_percent=np.array(slipping),
        micromotion_area_percent=_bands(study.walk, reference),
        pressure_p50_MPa=pressure[50.0],
        pressure_p95_MPa=pressure[95.0],
        pressure_p99_MPa=pressure[99.0],
        collar_force_N=collar,
        # An anchor's plate carries its preload too, so that it has no share of the load.
        collar_share_percent=_share(collar, wrench[:, 2] * (interface.zones != (COLLAR,))),
        wrench=wrench,
        moment_at_cut=moment_at_cut(wrench, study.case.reference_point),
        reaction=-wrench,
        dissipation=np.cumsum(worked),
    )


def moment_at_cut(wrench: FloatArray, reference_point: Sequence[float]) -> FloatArray:
    """Move the moment of a wrench from the reference point to the axis at the cut.

    Parameters
    ----------
    wrench : ndarray, shape (k, 6), N and N mm
    reference_point : sequence of 3 floats, mm

    Returns
    -------
    ndarray, shape (k, 3), N mm
        M + r x F with r from the cut to the reference point.
    """
    return np.asarray(wrench[:, 3:] + np.cross(np.asarray(reference_point), wrench[:, :3]))


def _bands(walk: Walk, reference: ReferenceArea) -> dict[str, FloatArray]:
    """Micromotion from the first instant, shared out at every instant."""
    states = judged_states(walk)
    if not states:
        return {}
    touching = micromotion(walk).touching
    start = states[0].jump[:, 1:]
    every = [
        area_bands(
            np.linalg.norm(state.jump[:, 1:] - start, axis=1),
            touching,
            reference.vertex_area,
            reference.mask,
            reference.area,
        )
        for state in states
    ]
    return {band: np.array([bands[band] for bands in every]) for band in every[0]}


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    floor = LEAST_LOAD * np.abs(whole).max(initial=0.0)
    loaded = (np.abs(whole) >= floor) & (whole != 0)
    return np.divide(100 * part, whole, out=np.full_like(whole, np.nan), where=loaded)
