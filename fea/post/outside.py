"""What acts outside the bone: where the load acts, and what it asks of the bone at the cut.

Bending and torque at the cut follow from the load by statics, so that they are the same on any mesh
and known even where fixation is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Activity, Case
from fea.case.loading import fine_load, load_of
from fea.loads.wrench import LoadCycle, move_wrench, place_of
from fea.post.fail_safe import fail_safe_quantities
from fea.post.quantity import Quantity

FloatArray = NDArray[np.float64]

#: What the instants that are walked leave out of a load, which no mesh changes.
MISSED = "what the smooth history reaches between the instants walked; no mesh changes it"
CUT = (0.0, 0.0, 0.0)


def load_quantities(case: Case) -> Iterator[Quantity]:
    """Yield the largest bending and torque at the cut over a cycle.

    Parameters
    ----------
    case : Case
    """
    cycle = load_of(case)
    if not len(cycle.percent):
        return
    bending, torque = moments_at_cut(cycle, case)
    between = moments_at_cut(fine_load(case), case)
    told = (
        ("bending_at_cut_Nm", "largest resultant bending moment at the cut", bending, between[0]),
        ("torque_at_cut_Nm", "largest torque about the axis at the cut", np.abs(torque), np.abs(between[1])),
    )
    for name, title, values, fine in told:
        row = int(np.argmax(values))
        percent = float(cycle.percent[row])
        missed = max(float(fine.max() - values[row]), 0.0)
        yield Quantity(
            name, title, float(values[row]), "N m", "axis of the implant at the bone's cut",
            f"at {percent:.4g} % of the activity", place=CUT, instant_percent=percent, error=missed,
            error_origin=MISSED,
        )  # fmt: skip
    yield from fail_safe_quantities(case)


def moments_at_cut(cycle: LoadCycle, case: Case) -> tuple[FloatArray, FloatArray]:
    """Return what a load asks of the bone at the cut.

    Parameters
    ----------
    cycle : LoadCycle
        About the case's reference point.
    case : Case

    Returns
    -------
    bending : ndarray, shape (k,), N m
        Resultant across the axis.
    torque : ndarray, shape (k,), N m
        About the axis, right-handed towards the hip.
    """
    moved = move_wrench(cycle.wrenches, case.reference_point, CUT) / 1000.0
    return np.hypot(moved[:, 3], moved[:, 4]), moved[:, 5]


def load_rows(case: Case) -> list[tuple[str, str]]:
    """Say where a case's load acts and what reaches the cut, as rows; empty without an activity.

    Parameters
    ----------
    case : Case
    """
    if case.activity is None:
        return []
    name, place = acting_point(case, case.activity)
    rows = [
        ("Force and moment of the load file act at", f"{name}, {_place_words(place)}"),
        ("Reference point, at which force and moment are told", _place_words(case.reference_point)),
    ]
    for quantity in load_quantities(case):
        unit = "" if quantity.unit == "1" else f" {quantity.unit}"
        told = f"{quantity.value:.3g}{unit} {quantity.when}"
        rows.append((quantity.title[:1].upper() + quantity.title[1:], told))
    return rows


def load_table(case: Case) -> dict[str, Any] | None:
    """Return where a case's load acts, for the summary; None without an activity.

    Parameters
    ----------
    case : Case
    """
    if case.activity is None:
        return None
    name, place = acting_point(case, case.activity)
    bending, torque = moments_at_cut(load_of(case), case)
    return {
        "acts_at": name,
        "acts_at_mm": place,
        "reference_point_mm": case.reference_point,
        "bending_at_cut_Nm": bending,
        "torque_at_cut_Nm": torque,
    }


def acting_point(case: Case, activity: Activity) -> tuple[str, tuple[float, float, float]]:
    """Return where the history's force and moment act: in a word, and in implant axes, mm."""
    own = activity.history.moment_point
    point = own or activity.acts_at
    if point is None:
        return "reference point", case.reference_point
    name = "point of the load file" if own is not None else point.name
    return name, place_of(point, activity.limb_side)


def _place_words(place: tuple[float, float, float]) -> str:
    """Say where a point outside the bone lies."""
    x, y, z = place
    words = [f"{-z:g} mm distal of the cut" if z <= 0 else f"{z:g} mm above the cut"]
    words += [f"{abs(x):g} mm {'anterior' if x > 0 else 'posterior'}"] if x else []
    words += [f"{abs(y):g} mm to the {'left' if y > 0 else 'right'}"] if y else []
    return ", ".join(words)
