"""What a pre-tensioned anchor reports: how its bar's length changes, and how hard its pins bear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fea.case.anchor_tables import BAR
from fea.model.preloads import preloads_of
from fea.post.quantity import CYCLE, EXACT, PRESS_FIT, Quantity
from fea.study import Solved
from geometry.anchor_seat import walls
from geometry.canal import Canal


def anchor_quantities(study: Solved) -> Iterator[Quantity]:
    """Yield the change of the bar's length, that of its force, and the nominal pressure of the pins.

    Parameters
    ----------
    study : Solved
    """
    anchor = study.case.stem.anchor
    if anchor is None:
        return
    force = study.case.preloads[BAR]
    yield _bearing(study, force)
    shortening = bar_shortening(study)
    if len(shortening) < 2:
        return
    changes = shortening[1:] - shortening[0]
    row = int(np.argmax(np.abs(changes)))
    percent = float(study.walk.percent[row])
    length = float(abs(changes[row]))
    yield Quantity(
        "anchor_length_change_um",
        "largest change of the bar's length since the press-fit",
        1000 * length,
        "um",
        "end of the spindle against the holes of the pins",
        f"at {percent:g} % of the activity",
        instant_percent=percent,
    )
    if anchor.washer_stiffness is not None:
        yield Quantity(
            "anchor_preload_change_percent",
            "bound on the change of the bar's force, which is computed as constant",
            100 * anchor.washer_stiffness * length / force,
            "%",
            f"washers of {anchor.washer_stiffness:g} N/mm on {force:g} N",
            CYCLE,
            instant_percent=percent,
        )


def bar_shortening(study: Solved) -> np.ndarray:
    """Return how far spindle and pins come nearer to each other: the work of a bar's force of 1 N.

    Parameters
    ----------
    study : Solved
        With an anchor.

    Returns
    -------
    ndarray, shape (k,), mm
        After the press-fit, then at the instants of the judged cycle.
    """
    bar = next(preload for preload in preloads_of(study.case, study.mesh) if preload.name == BAR)
    stem, bone = study.stem.displacement, study.bone.displacement
    return np.array(
        [bar.stem_loads @ stem[row].ravel() + bar.bone_loads @ bone[row].ravel() for row in range(len(bone))]
    )


def _bearing(study: Solved, force: float) -> Quantity:
    """Return the largest force of a pin on a cortex over the diameter times the cortex's wall."""
    case = study.case
    anchor, canal, found = case.stem.anchor, Canal(case.bone, case.reaming), []
    assert anchor is not None
    for pin in anchor.pins:
        both = walls(pin, canal)
        assert both is not None, "pins were held against the bone"
        arms = [(inner + outer) / 2 for inner, outer in both]
        for (inner, outer), other in zip(both, reversed(arms), strict=True):
            share = other / sum(arms) / len(anchor.pins)
            found.append((force * share / (anchor.pin_diameter * (outer - inner)), pin.level))
    pressure, level = max(found)
    return Quantity(
        "pin_bearing_pressure_MPa",
        "largest nominal pressure of a pin on a cortex",
        pressure,
        "MPa",
        f"preload over diameter times wall, pin at level {level:g} mm",
        PRESS_FIT,
        error=0.0,
        error_origin=EXACT,
    )
