"""What a report says of the conditions of the surface that a case states."""

from __future__ import annotations

from typing import Any

from fea.case.case import SKIN_PASSAGE, Case
from fea.post.endurance import endurance
from fea.post.inputs import OUTSIDE


def surface_sentences(case: Case) -> list[str]:
    """Say of each stated condition what the model takes of it; empty where none is stated.

    Parameters
    ----------
    case : Case
    """
    told = []
    for zone, surface in case.surfaces.items():
        known = [f"{name.replace('_', ' ')} {entry.cite()}" for name, entry in surface.entries.items()]
        values = f": {'; '.join(known)}" if known else ", of which no number is in the library"
        if zone == SKIN_PASSAGE:
            told.append(f"Passage through the skin: {surface.title}{values}. It is {OUTSIDE}.")
            continue
        entry, fit = surface.friction, case.fit.get(zone)
        taken = entry is not None and fit is not None and fit.friction == entry.value
        walked = "" if fit is None else f" The friction that is walked is {fit.friction:g}"
        walked += "" if not walked else ", the surface's." if taken else ", as the case states it."
        told.append(f"Zone {zone}: {surface.title}{values}.{walked}")
    if (found := endurance(case)) is not None:
        told.append(
            f"The weakest of them endures {found[0]:.3g} MPa at a stress ratio of -1, on the {found[1]} zone;"
            " the stem's largest stress anywhere is held beside it as an amplitude."
        )
    return told


def surface_table(case: Case) -> list[dict[str, Any]]:
    """Return the conditions of the surface that a case states, for the summary.

    Parameters
    ----------
    case : Case
    """
    return [
        {
            "zone": zone,
            "name": surface.name,
            "title": surface.title,
            "values": {
                name: {
                    "value": entry.value, "unit": entry.unit, "low": entry.low, "high": entry.high,
                    "source": entry.source, "grade": entry.grade,
                }
                for name, entry in surface.entries.items()
            },
        }
        for zone, surface in case.surfaces.items()
    ]  # fmt: skip
