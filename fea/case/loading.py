"""The load that a case states: one cycle of its activity as wrenches about its reference point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.loads.fail_safe import STEPS, Course, capped, course, with_switches
from fea.loads.wrench import LoadCycle, load_cycle, move_wrench, wrench_course

FloatArray = NDArray[np.float64]


def load_of(case: Case, instants: int | None = None) -> LoadCycle:
    """Return one cycle of a case's activity, as it reaches the implant.

    Parameters
    ----------
    case : Case
    instants : int, optional
        Sample the cycle at this many instants instead of the case's.

    Returns
    -------
    LoadCycle
        Without rows for a press-fit alone. Where a fail-safe slips, what passes, with the instants at
        which it begins and ends to slip beside the equal steps.
    """
    stated = asked_load(case, instants)
    found = device_course(case)
    if found is None:
        return stated
    return _passed(case, with_switches(stated.percent, found.switches))


def fine_load(case: Case) -> LoadCycle:
    """Return the load of a case between its instants too, as it reaches the implant.

    Parameters
    ----------
    case : Case

    Returns
    -------
    LoadCycle
        At `STEPS` equal steps from 0 to 100 percent beside the instants of `load_of`.
    """
    walked = load_of(case).percent
    if not len(walked):
        return load_of(case)
    return _passed(case, np.union1d(walked, np.linspace(0.0, 100.0, STEPS + 1)))


def _passed(case: Case, percent: FloatArray) -> LoadCycle:
    """Return what passes of a load at given percents."""
    wrenches, device = asked_course(case)(percent), case.fail_safe
    if device is None:
        return LoadCycle(percent, wrenches)
    moments = move_wrench(wrenches, case.reference_point, device.place)[:, 3:]
    return LoadCycle(percent, capped(wrenches, moments, device))


def asked_load(case: Case, instants: int | None = None) -> LoadCycle:
    """Return one cycle of a case's activity as it is asked for, without what a fail-safe withholds.

    Parameters
    ----------
    case : Case
    instants : int, optional
        As in `load_of`.

    Returns
    -------
    LoadCycle
    """
    activity = case.activity
    if activity is None:
        return LoadCycle(np.zeros(0), np.zeros((0, 6)))
    return load_cycle(
        activity.history,
        activity.body_weight,
        activity.limb_side,
        instants or activity.instants_per_cycle,
        case.reference_point,
        activity.acts_at,
    )


def asked_course(case: Case) -> Callable[[FloatArray], FloatArray]:
    """Return the load that a case with an activity asks for, as a function of the percent of the cycle."""
    activity = case.activity
    assert activity is not None, "only an activity asks for a load"
    return wrench_course(
        activity.history, activity.body_weight, activity.limb_side, case.reference_point, activity.acts_at
    )


def device_course(case: Case) -> Course | None:
    """Follow the cycle through a case's fail-safe.

    Parameters
    ----------
    case : Case

    Returns
    -------
    Course or None
        None without a fail-safe or without an activity.
    """
    device, activity = case.fail_safe, case.activity
    if device is None or activity is None:
        return None
    asked, place = asked_course(case), device.place
    knots = np.unique([percent for points in activity.history.points for percent, _ in points])

    def moments(percent: FloatArray) -> FloatArray:
        return np.asarray(move_wrench(asked(percent), case.reference_point, place)[:, 3:])

    return course(moments, device, np.union1d(knots, asked_load(case).percent))
