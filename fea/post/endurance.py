"""The stem's stress over what its surface endures, where the case states conditions of the surface."""

from __future__ import annotations

from dataclasses import replace

from fea.case.case import SKIN_PASSAGE, Case
from fea.case.surface_conditions import SMOOTH
from fea.post.quantity import Quantity


def endurance(case: Case) -> tuple[float, str] | None:
    """Return the least stress amplitude that a stated surface of the stem endures, and of which zone it is.

    Parameters
    ----------
    case : Case

    Returns
    -------
    (float, str) or None
        In MPa at a stress ratio of -1, the smooth metal's times the surface's factor. None where no surface
        of the stem with a known factor is stated, or the metal's own endurance is not known.
    """
    smooth = case.stem_material.strengths.get(SMOOTH)
    factors = [
        (entry.value, zone)
        for zone, surface in case.surfaces.items()
        if zone != SKIN_PASSAGE and (entry := surface.fatigue_factor) is not None
    ]
    if smooth is None or not factors:
        return None
    factor, zone = min(factors)
    return factor * smooth.value, zone


def endurance_quantity(case: Case, stress: Quantity | None) -> Quantity | None:
    """Return the stem's largest stress in percent of what its weakest stated surface endures.

    Parameters
    ----------
    case : Case
    stress : Quantity, or None
        The stem's largest von Mises stress, MPa, with its local error.

    Returns
    -------
    Quantity or None
        With the place and the instant of the stress.
    """
    found = endurance(case)
    if stress is None or found is None:
        return None
    endured, zone = found
    scale = 100.0 / endured
    return replace(
        stress,
        name="stem_surface_fatigue_percent",
        title="largest von Mises stress in the stem over what its weakest stated surface endures",
        value=scale * stress.value,
        unit="%",
        zone=f"{stress.zone}; {case.surfaces[zone].title} on the {zone} zone endures {endured:.3g} MPa",
        percentile99=None if stress.percentile99 is None else scale * stress.percentile99,
        local_error=None if stress.local_error is None else scale * stress.local_error,
    )
