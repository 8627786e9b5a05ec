"""One number of a report: value, unit, place, instant and discretisation error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Safety factor, refinement ratio of the companion mesh and assumed order of convergence.
SAFETY, RATIO, ORDER = 1.25, 1.5, 1

NOT_ESTIMATED = "not estimated: no companion mesh"
NOT_TOLD = "not estimated: the companion mesh does not tell this quantity"
EXACT = "none: measured on the exact shapes, not on the mesh"
FORMULA = f"{SAFETY} |fine − coarse| / ({RATIO}^{ORDER} − 1), companion mesh {RATIO} times coarser"

PRESS_FIT = "after press-fit"
CYCLE = "over the judged cycle"


@dataclass(frozen=True)
class Quantity:
    """A number with everything that its reader needs.

    Attributes
    ----------
    name
        Ends in its unit; the judged ones are those of `fea.case.criteria.QUANTITIES`.
    title
        In words.
    value
        In `unit`.
    unit
    zone
        What it is taken over.
    when
        The instant or stretch of the history, in words.
    place : tuple of 3 floats, mm
        Where a peak stands; None for what has no place.
    instant_percent
        Percent of the activity; None for the press-fit and for whole cycles.
    percentile99
        The value that 99 percent of the zone do not exceed, beside a peak.
    error
        Absolute discretisation error in `unit`; None where it is not known.
    error_origin
        How the error was estimated.
    local_error
        Difference of recovered and element stress at the place of a peak, in `unit`.
    """

    name: str
    title: str
    value: float
    unit: str
    zone: str
    when: str
    place: tuple[float, float, float] | None = None
    instant_percent: float | None = None
    percentile99: float | None = None
    error: float | None = None
    error_origin: str = NOT_ESTIMATED
    local_error: float | None = None


def with_errors(fine: Iterable[Quantity], coarse: Iterable[Quantity] | None) -> tuple[Quantity, ...]:
    """Estimate the error of each quantity from the companion mesh.

    The order is assumed to be 1, which overstates the error of smooth quantities and suits
    those near rims; the local error of a stress peak is added.

    Parameters
    ----------
    fine : iterable of Quantity
    coarse : iterable of Quantity, or None
        Of the companion mesh; None where there is none.

    Returns
    -------
    tuple of Quantity
        The fine ones; a quantity that the coarse mesh lacks keeps no error.

    References
    ----------
    P. J. Roache, Verification and Validation in Computational Science and Engineering,
    1998: the grid convergence index with the safety factor 1.25.
    """
    if coarse is None:
        return tuple(fine)
    coarser = {quantity.name: quantity.value for quantity in coarse}
    found = []
    for quantity in fine:
        if quantity.error is None and quantity.name not in coarser:
            quantity = replace(quantity, error_origin=NOT_TOLD)
        elif quantity.error is None:
            error = SAFETY * abs(quantity.value - coarser[quantity.name]) / (RATIO**ORDER - 1)
            origin = FORMULA
            if quantity.local_error is not None:
                error += quantity.local_error
                origin = f"{FORMULA}, plus the stress recovery's error at the peak"
            quantity = replace(quantity, error=error, error_origin=origin)
        found.append(quantity)
    return tuple(found)


def peak_row(values: FloatArray, allowed: BoolArray) -> int | None:
    """Return the row of the largest value among those allowed, or None where none is.

    Parameters
    ----------
    values : ndarray, shape (n,)
    allowed : ndarray of bool, shape (n,)

    Returns
    -------
    int or None
    """
    if not allowed.any():
        return None
    return int(np.argmax(np.where(allowed, values, -np.inf)))


def place_of(point: FloatArray) -> tuple[float, float, float]:
    """Return a point, shape (3,), as plain numbers."""
    x, y, z = (float(part) for part in point)
    return (x, y, z)
