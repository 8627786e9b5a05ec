"""Micromotion of the interface by its three definitions, migration and opening.

For the tangential jumps t_1 ... t_k of a vertex in the judged cycle: *resulting* is the
largest |t_i - t_j|, *reference* the largest |t_i - t_1|, *incremental* the largest
|t_i+1 - t_i|. *Migration* is |t_1 - t_0| with t_0 after the press-fit. *Opening* is the
largest rise of the gap above its value after the press-fit. A vertex that is open at
every instant of the cycle has no contact: it counts neither as small nor as large
micromotion, but with its area. Gap and tangential motion are never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.solution import Interface, State, Walk
from fea.status import Status
from geometry.zones import COLLAR, OFF_FLANK, THREAD, porous

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Name of the reference area of an anchor.
PLATE = "plate on the cut"
#: Limits between the bands of micromotion, um.
BAND_EDGES_um = (28.0, 40.0, 50.0, 150.0)


@dataclass(frozen=True, eq=False)
class Micromotion:
    """Motion of each interface vertex over the judged cycle.

    Attributes
    ----------
    resulting, reference, incremental, migration : ndarray, shape (n,), mm
    axial_migration : ndarray, shape (n,), mm
        How far the stem moved along its own axial direction, against the bone, from the
        press-fit to the cycle's first instant.
    opening : ndarray, shape (n,), mm
        Largest rise of the gap above the press-fit's; 0 where it never rises.
    touching : ndarray of bool, shape (n,)
        False where a vertex is open at every instant of the cycle.
    increment_percent
        Largest step between consecutive instants, in percent of the activity.
    """

    resulting: FloatArray
    reference: FloatArray
    incremental: FloatArray
    migration: FloatArray
    axial_migration: FloatArray
    opening: FloatArray
    touching: BoolArray
    increment_percent: float


def judged_states(walk: Walk) -> tuple[State, ...]:
    """Return the states that may be judged: none once fixation is lost."""
    return () if walk.loss is not None else walk.judged


def micromotion(walk: Walk) -> Micromotion:
    """Return the motion over the judged cycle.

    Parameters
    ----------
    walk : Walk
        With a judged cycle and no loss of fixation: free travel is not micromotion.

    Returns
    -------
    Micromotion
    """
    states = judged_states(walk)
    assert states, "without a judged cycle there is no micromotion"
    jumps = np.stack([state.jump for state in states])
    slides, seated = jumps[:, :, 1:], walk.press_fit.jump
    steps = np.linalg.norm(np.diff(slides, axis=0), axis=2)
    return Micromotion(
        resulting=largest_distance(slides),
        reference=np.linalg.norm(slides - slides[0], axis=2).max(axis=0),
        incremental=steps.max(axis=0, initial=0.0),
        migration=np.linalg.norm(slides[0] - seated[:, 1:], axis=1),
        axial_migration=seated[:, 1] - slides[0, :, 0],
        opening=np.maximum((jumps[:, :, 0] - seated[:, 0]).max(axis=0), 0.0),
        touching=np.any([state.status != Status.OPEN for state in states], axis=0),
        increment_percent=float(np.diff(walk.percent).max(initial=0.0)),
    )


def largest_distance(paths: FloatArray) -> FloatArray:
    """Largest distance between any two positions of each path, over all pairs of instants.

    Parameters
    ----------
    paths : ndarray, shape (k, n, d)

    Returns
    -------
    ndarray, shape (n,)
    """
    largest = np.zeros(paths.shape[1])
    for lag in range(1, len(paths)):
        square = np.sum((paths[lag:] - paths[:-lag]) ** 2, axis=2).max(axis=0)
        np.maximum(largest, square, out=largest)
    return np.asarray(np.sqrt(largest))


def reference_zone(interface: Interface) -> tuple[BoolArray, str]:
    """Return the area that fractions and percentiles are taken over, and its name.

    The porous coatings, into which bone should grow; of a stem without its thread, or else the
    whole flank; of an anchor, whose flank touches nothing, the plate.

    Parameters
    ----------
    interface : Interface

    Returns
    -------
    mask : ndarray of bool, shape (n,)
    name : str
    """
    names = porous(interface.zones)
    coated = interface.within(*names)
    if coated.any():
        return coated, "coated zone" if len(names) == 1 else "coated zones"
    threaded = interface.within(THREAD)
    if threaded.any():
        return threaded, THREAD
    if interface.zones == (COLLAR,):
        return interface.within(COLLAR), PLATE
    return ~interface.within(*OFF_FLANK), "stem flank inside the bone"


def area_percentile(values: FloatArray, area: FloatArray, percent: float) -> float:
    """Return the least value that `percent` of the area does not exceed.

    Parameters
    ----------
    values, area : ndarray, shape (n,)
        With n > 0 and area of any unit.
    percent : float

    Returns
    -------
    float
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(area[order])
    row = np.searchsorted(reached, percent / 100 * reached[-1] * (1 - 1e-12))
    return float(values[order][min(int(row), len(values) - 1)])


def area_percent(
    part: BoolArray, area: FloatArray, reference: BoolArray, total: float | None = None
) -> float:
    """Return the share of the reference area where `part` holds, in percent.

    Parameters
    ----------
    part, reference : ndarray of bool, shape (n,)
    area : ndarray, shape (n,)
    total : float
        Size of the reference area where it is more than the vertices' own.

    Returns
    -------
    float
    """
    whole = float(area[reference].sum()) if total is None else total
    return min(100 * float(area[part & reference].sum()) / whole, 100.0)


def area_bands(
    motion: FloatArray,
    touching: BoolArray,
    area: FloatArray,
    reference: BoolArray,
    total: float | None = None,
) -> dict[str, float]:
    """Share the reference area out among the bands of micromotion.

    Parameters
    ----------
    motion : ndarray, shape (n,), mm
    touching, reference : ndarray of bool, shape (n,)
    area, total
        As for `area_percent`; what is beyond the vertices' own area has no contact.

    Returns
    -------
    dict of str to float, percent
        ``below_28um`` (a part of the next), ``below_40um``, ``40_to_50um``,
        ``50_to_150um``, ``above_150um`` and ``no_contact``; the last five sum to 100.
    """
    growing, small, middle, large = (edge / 1000 for edge in BAND_EDGES_um)
    parts = {
        "below_28um": motion < growing,
        "below_40um": motion < small,
        "40_to_50um": (motion >= small) & (motion < middle),
        "50_to_150um": (motion >= middle) & (motion <= large),
        "above_150um": motion > large,
    }
    shares = {name: area_percent(part & touching, area, reference, total) for name, part in parts.items()}
    return {**shares, "no_contact": 100 - area_percent(touching, area, reference, total)}
