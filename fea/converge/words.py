"""The statements of a convergence study: one sentence for every way in which values change."""

from __future__ import annotations

from collections.abc import Sequence

from fea.converge.solved import Solved
from fea.post.corners import lost
from fea.post.gci import GREATEST_ORDER, LEAST_ORDER, Convergence
from fea.post.quantity import FLOOR, Quantity
from fea.post.report_words import number, unit_of

NO_ORDER = "not estimated: not every mesh of the study tells this quantity"
TRUSTED = f"{LEAST_ORDER:g} to {GREATEST_ORDER:g}"


def course(quantity: Quantity, values: Sequence[float | None]) -> str:
    """Return the values from the coarsest mesh to the finest, with the unit.

    Parameters
    ----------
    quantity : Quantity
    values : sequence of float or None
        The finest first.

    Returns
    -------
    str
    """
    told = ["–" if value is None else number(value) for value in reversed(values)]
    return f"{', '.join(told)} {unit_of(quantity.unit)}".rstrip()


def change_words(quantity: Quantity, values: Sequence[float], found: Convergence, rim: str) -> str:
    """Say how a quantity converges.

    Parameters
    ----------
    quantity : Quantity
        With the study's bar as its error.
    values : sequence of float
        The finest first.
    found : Convergence
        Of the three finest.
    rim
        The singular place that its peak stands beside; empty for none.

    Returns
    -------
    str
        One sentence.
    """
    unit, run = unit_of(quantity.unit), course(quantity, values[:3])
    bar = f"{quantity.error or 0.0:.2g} {unit}".rstrip()
    order = "" if found.order is None else f"{found.order:.2f}"
    if rim:
        return (
            f"Singular place: the peak stands beside what is left out round the rim '{rim}', and its changes"
            f" do not shrink as they should ({run}); no converged value, bar {bar}."
        )
    if found.kind == "within round-off":
        return "Does not change with the mesh."
    if found.kind == "monotone":
        assert found.extrapolated is not None, "a trusted order has an extrapolated value"
        towards = f"{number(found.extrapolated)} {unit}".rstrip()
        index = f"grid convergence index {bar}"
        if found.bar < (quantity.error or 0.0):
            index = f"the bar of {bar} is its local error, more than the grid convergence index"
        return f"Converges with the observed order {order} towards {towards}; {index}."
    if found.kind == "oscillating":
        return f"Oscillates: {run} from coarse to fine; no order, the bar of {bar} is 1.25 times the spread."
    if found.kind == "too fast":
        what = f"the order {order}" if order else "no change at the last step"
        return (
            f"Settles faster than an order can explain: {run} give {what}, trusted are {TRUSTED}; nothing is"
            f" extrapolated, the bar of {bar} is 1.25 times the spread."
        )
    if found.kind == "too slow":
        return (
            f"Converges too slowly: {run} give the order {order}, trusted are {TRUSTED}; nothing is"
            f" extrapolated, the bar of {bar} is that of order {LEAST_ORDER:g}."
        )
    return (
        f"Has not converged: {run}, the change does not shrink; the bar of {bar} is that of order"
        f" {LEAST_ORDER:g} with the larger change."
    )


def floor_words(quantity: Quantity) -> str:
    """Say that a bar was raised to the least that is told.

    Parameters
    ----------
    quantity : Quantity
        With the raised bar as its error.
    """
    bar = f"{quantity.error or 0.0:.2g} {unit_of(quantity.unit)}".rstrip()
    return f" No bar is told below {100 * FLOOR:g} % of the value, so that it is raised to {bar}."


def chance_words(quantity: Quantity, values: Sequence[float]) -> str:
    """Say that the changes are less than what one mesh shows of its own error.

    Parameters
    ----------
    quantity : Quantity
        With the study's bar as its error.
    values : sequence of float
        The finest first.

    Returns
    -------
    str
    """
    unit = unit_of(quantity.unit)
    local = f"{quantity.local_error or 0.0:.2g} {unit}".rstrip()
    bar = f"{quantity.error or 0.0:.2g} {unit}".rstrip()
    return (
        f"Changes by less than its local error of {local}: {course(quantity, values[:3])} may differ by"
        f" chance, no order can be observed; the bar is {bar}."
    )


def at_rims(quantity: Quantity, values: Sequence[float | None]) -> str:
    """Say that a value at a rim depends on the mesh.

    Parameters
    ----------
    quantity : Quantity
        Of the finest mesh; its zone is the rim.
    values : sequence of float or None
        The finest first.

    Returns
    -------
    str
    """
    return (
        f"Singular place: {quantity.zone}. From coarse to fine {course(quantity, values)}; no converged value"
        " exists, and the judged maxima leave it out."
    )


def missing(solved: Sequence[Solved], values: Sequence[float | None], quantity: Quantity) -> str:
    """Say why a quantity has no order: a mesh does not tell it.

    Parameters
    ----------
    solved : sequence of Solved
        The finest first.
    values : sequence of float or None
    quantity : Quantity

    Returns
    -------
    str
    """
    without = [mesh for mesh, value in zip(solved, values, strict=True) if value is None]
    loss = next((mesh.loss for mesh in without if mesh.loss is not None), None)
    why = "the interface does not touch where it is taken" if loss is None else lost(loss).rstrip(".")
    on = ", ".join(f"{mesh.size:.3g}" for mesh in without)
    return f"Not on every mesh ({course(quantity, values)}): at an element size of {on} mm, {why}."
