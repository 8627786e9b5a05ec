"""The load that a case states: one cycle of its activity as wrenches about its reference point."""

from __future__ import annotations

import numpy as np

from fea.case.case import Case
from fea.loads.wrench import LoadCycle, load_cycle


def load_of(case: Case, instants: int | None = None) -> LoadCycle:
    """Return one cycle of a case's activity.

    Parameters
    ----------
    case : Case
    instants : int, optional
        Sample the cycle at this many instants instead of the case's.

    Returns
    -------
    LoadCycle
        Without rows for a press-fit alone.
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
