"""The same history with other inputs, on the same factors: corners of the bands, the collar open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from fea.case.case import Case
from fea.case.loading import device_course, load_of
from fea.loads.fail_safe import SENSES
from fea.mesh.parts import Mesh
from fea.model.interface import describe, friction_by_vertex
from fea.model.routes import Route
from fea.model.walk import Plan, Track
from fea.solution import Variant
from geometry.zones import COLLAR

#: Gap in mm that takes the collar out of play.
_COLLAR_OPEN = 1.0


@dataclass(frozen=True)
class Inputs:
    """What differs from the case.

    Attributes
    ----------
    name
        In words.
    radial_interference : mapping of zone name to float, mm
        A zone that is left out keeps the case's.
    friction : mapping of zone name to float
        Likewise.
    collar_open
        Whether the collar is taken out of play.
    limits : mapping of str to float, N mm
        Limits of the fail-safe, ``"bending"`` or ``"torque"``.
    """

    name: str
    radial_interference: Mapping[str, float] = field(default_factory=dict)
    friction: Mapping[str, float] = field(default_factory=dict)
    collar_open: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


def variants_of(case: Case) -> tuple[Inputs, ...]:
    """List the variants that a case asks for.

    Parameters
    ----------
    case
        The case.

    Returns
    -------
    tuple of Inputs
        Every corner of the bands, and the open collar where there is one that is no anchor's plate.
        The limits of a fail-safe have corners only where the load reaches the least of their band.
    """
    corners = _corners(case)
    # Without its plate nothing holds an anchored stem.
    bears = case.stem.collar is not None and case.stem.anchor is None
    collar = (Inputs("collar open", collar_open=True),) if bears else ()
    return (*corners, *collar)


def _corners(case: Case) -> tuple[Inputs, ...]:
    """Combine the ends of every band; with bands in several zones each input is told with its zone."""
    bands = case.bands
    ends: list[list[tuple[str, str, float, str]]] = []
    for band in bands:
        where = f"{band.zone} " if len(bands) > 1 else ""
        for quantity in ("radial_interference", "friction"):
            values: tuple[float, float] | None = getattr(band, quantity)
            if values is not None:
                words = f"{where}{quantity.removeprefix('radial_')}"
                ends.append(_ends(quantity, band.zone, values, words))
    ends += [_ends("limits", sense, values, f"{sense} limit") for sense, values in _reached(case)]
    return tuple(_corner(chosen) for chosen in product(*ends)) if ends else ()


def _ends(
    quantity: str, owner: str, values: tuple[float, float], words: str
) -> list[tuple[str, str, float, str]]:
    sides = zip(("low", "high"), values, strict=True)
    return [(quantity, owner, value, f"{words} {side}") for side, value in sides]


def _reached(case: Case) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield the bands of the fail-safe's limits that change the load; others would repeat a walk."""
    device, found = case.fail_safe, device_course(case)
    if device is None or found is None:
        return
    for sense in SENSES:
        band = device.band(sense)
        if band is not None and found.peak(sense)[0] > band[0]:
            yield sense, band


def _corner(chosen: Sequence[tuple[str, str, float, str]]) -> Inputs:
    radial, friction, limits = (
        {zone: value for quantity, zone, value, _ in chosen if quantity == wanted}
        for wanted in ("radial_interference", "friction", "limits")
    )
    return Inputs(", ".join(words for *_, words in chosen), radial, friction, limits=limits)


@dataclass(frozen=True, eq=False)
class Settings:
    """The case that variants differ from.

    Attributes
    ----------
    case, mesh, route, plan
        The case, its mesh, its mechanics and the history.
    track
        The history of the case as stated, which first guesses are taken from.
    """

    case: Case
    mesh: Mesh
    route: Route
    plan: Plan
    track: Track


def solve_variant(base: Settings, inputs: Inputs) -> Variant:
    """Walk one variant.

    Parameters
    ----------
    base
        What it differs from.
    inputs
        What differs.
    """
    case, operators = base.case, base.route.operators
    gap = operators.gap.copy()
    friction = {name: zone.friction for name, zone in case.fit.items()}
    described = describe(base.mesh, operators, friction, case.mesh.interface)
    said: list[tuple[str, float]] = []
    for zone, stated in case.fit.items():
        if zone in inputs.radial_interference:
            radial = inputs.radial_interference[zone]
            gap[described.within(zone)] += stated.radial_interference - radial
            said.append((f"fit.{zone}.diametral_interference_um", 2000.0 * radial))
        if zone in inputs.friction:
            friction[zone] = inputs.friction[zone]
            said.append((f"fit.{zone}.friction", inputs.friction[zone]))
    if inputs.collar_open:
        gap[described.within(COLLAR)] = _COLLAR_OPEN
        said.append(("stem.collar.gap_um", 1000.0 * _COLLAR_OPEN))
    plan = base.plan
    if inputs.limits and case.fail_safe is not None:
        cycle = load_of(replace(case, fail_safe=case.fail_safe.with_limits(inputs.limits)))
        plan = replace(plan, percent=cycle.percent, wrenches=cycle.wrenches)
        for sense, limit in inputs.limits.items():
            said.append((f"stem.adapter.fail_safe.{sense}_limit_Nm", limit / 1000.0))
    track = base.route.walk(gap, friction, plan, base.track)
    by_vertex = friction_by_vertex(described.zone, described.zones, friction)
    return Variant(inputs.name, tuple(said), replace(described, fit=gap, friction=by_vertex), track.walk)
