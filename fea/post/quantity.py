"""One number of a report: value, unit, place, instant and discretisation error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Factor of safety and assumed order of convergence.
SAFETY, ORDER = 1.25, 1
#: Ratio of element sizes below which two meshes are too alike to say anything of each other.
LEAST_RATIO = 1.15
#: Least error as a share of the value: two meshes can agree by chance, and what then was missed of
#: interface quantities in the convergence studies stays below this (docs/verification.md).
FLOOR = 0.01

NOT_ESTIMATED = "not estimated: no companion mesh"
NOT_TOLD = "not estimated: the companion mesh does not tell this quantity"
TOO_ALIKE = (
    "not estimated: the companion mesh is hardly coarser, for the shape sets its element sizes; write a"
    " smaller [mesh] interface_size_mm"
)
EXACT = "none: measured on the exact shapes, not on the mesh"
STATICS = "none: statics of the load, on any mesh"

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
        What the mesh shows of its own error, in `unit`: of a peak stress the difference of recovered and
        element stress there, of a peak pressure that from its neighbours' mean, of a percentile what
        one percent more or less of the area changes, of a judged share of area what a small shift
        of its limit changes, of the other shares the area of one vertex. None for averages.
    left_out
        Which places a peak leaves out, in words; empty for what leaves out nothing.
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
    left_out: str = ""


def with_errors(
    fine: Iterable[Quantity], coarse: Iterable[Quantity] | None, ratio: float
) -> tuple[Quantity, ...]:
    """Estimate the error of each quantity from the companion mesh.

    1.25 |fine - coarse| / (ratio - 1), plus the local error where there is one, and at least `FLOOR` of
    the value. The order is assumed to be 1, which overstates the error of smooth quantities and suits
    those near rims.

    Parameters
    ----------
    fine : iterable of Quantity
    coarse : iterable of Quantity, or None
        Of the companion mesh; None where there is none.
    ratio
        Of the effective element sizes of both meshes (`fea.mesh.parts.Mesh.element_size`); what was asked
        for would understate the error where the shape keeps the companion's elements small.

    Returns
    -------
    tuple of Quantity
        The fine ones; a quantity that the coarse mesh lacks keeps no error, and so do all where
        the meshes are too alike.

    References
    ----------
    P. J. Roache, Verification and Validation in Computational Science and Engineering,
    1998: the grid convergence index with the safety factor 1.25.
    """
    if coarse is None:
        return tuple(fine)
    coarser = {quantity.name: quantity.value for quantity in coarse}
    return tuple(_estimated(quantity, coarser.get(quantity.name), ratio) for quantity in fine)


def _estimated(quantity: Quantity, coarse: float | None, ratio: float) -> Quantity:
    if quantity.error is not None:
        return quantity
    if coarse is None:
        return replace(quantity, error_origin=NOT_TOLD)
    if ratio < LEAST_RATIO:
        return replace(quantity, error_origin=TOO_ALIKE)
    error = SAFETY * abs(quantity.value - coarse) / (ratio**ORDER - 1)
    error += quantity.local_error or 0.0
    return replace(quantity, error=max(error, FLOOR * abs(quantity.value)), error_origin=formula(ratio))


def formula(ratio: float) -> str:
    """Say how errors are estimated.

    Parameters
    ----------
    ratio
        Of the element sizes of companion and case.

    Returns
    -------
    str
    """
    return (
        f"{SAFETY} |fine − coarse| / ({ratio:.3g}^{ORDER} − 1), companion mesh {ratio:.3g} times coarser;"
        f" plus the local error of peaks, percentiles and shares; at least {100 * FLOOR:g} % of the value"
    )


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
