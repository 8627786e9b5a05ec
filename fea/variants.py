"""The same history with other inputs, on the same factors: corners of the bands, the collar open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from fea.case.case import Bands, Case
from fea.mesh.parts import ZONES
from fea.model.build import Model
from fea.model.interface import describe
from fea.model.walk import Plan, walk_history
from fea.solution import Interface, Variant, Walk

#: Variants walk one cycle through every second instant.
STRIDE = 2
#: Gap in mm that takes the collar out of play.
_COLLAR_OPEN = 1.0


@dataclass(frozen=True)
class Inputs:
    """What differs from the case.

    Attributes
    ----------
    name
        In words.
    radial_interference : float, mm, or None
        Of the zone whose bands are given; None leaves the case's.
    friction
        Likewise.
    collar_open
        Whether the collar is taken out of play.
    """

    name: str
    radial_interference: float | None = None
    friction: float | None = None
    collar_open: bool = False


def variants_of(case: Case) -> tuple[Inputs, ...]:
    """List the variants that a case asks for.

    Parameters
    ----------
    case
        The case.

    Returns
    -------
    tuple of Inputs
        Every corner of the bands, and the open collar where there is one.
    """
    corners = () if case.bands is None else _corners(case.bands)
    collar = (Inputs("collar open", collar_open=True),) if case.stem.collar is not None else ()
    return (*corners, *collar)


def _corners(bands: Bands) -> tuple[Inputs, ...]:
    sides = ("low", "high")
    interference = _named(sides, bands.radial_interference)
    friction = _named(sides, bands.friction)
    return tuple(
        Inputs(
            ", ".join(
                f"{name} {side}"
                for name, side in (("interference", first[0]), ("friction", second[0]))
                if side
            ),
            first[1],
            second[1],
        )
        for first, second in product(interference, friction)
    )


def first_cycle(walk: Walk, interface: Interface) -> tuple[Variant, ...]:
    """Return the case as stated, cut to what variants walk, to hold them against.

    Parameters
    ----------
    walk, interface
        Of the case as stated.

    Returns
    -------
    tuple of Variant
        Empty where there is no complete first cycle.
    """
    if not walk.cycles or len(walk.cycles[0]) != len(walk.percent):
        return ()
    once = Walk(walk.press_fit, walk.percent[::STRIDE], (walk.cycles[0][::STRIDE],), None)
    return (Variant("as stated, first cycle", (), interface, once),)


def _named(sides: Sequence[str], band: tuple[float, float] | None) -> list[tuple[str, float | None]]:
    return [("", None)] if band is None else list(zip(sides, band, strict=True))


def solve_variant(case: Case, model: Model, plan: Plan, inputs: Inputs, rim_reach: float) -> Variant:
    """Walk one variant.

    Parameters
    ----------
    case, model, plan
        The case, its factored model and the history.
    inputs
        What differs.
    rim_reach : float, mm
        As for `fea.model.interface.describe`.

    Returns
    -------
    Variant
    """
    gap = model.operators.gap.copy()
    friction = {name: zone.friction for name, zone in case.fit.items()}
    said: list[tuple[str, float]] = []
    if case.bands is not None:
        zone = case.bands.zone
        if inputs.radial_interference is not None:
            here = model.operators.zone == ZONES.index(zone)
            gap[here] += case.fit[zone].radial_interference - inputs.radial_interference
            said.append((f"fit.{zone}.diametral_interference_um", 2000.0 * inputs.radial_interference))
        if inputs.friction is not None:
            friction[zone] = inputs.friction
            said.append((f"fit.{zone}.friction", inputs.friction))
    if inputs.collar_open:
        gap[model.operators.zone == ZONES.index("collar")] = _COLLAR_OPEN
        said.append(("stem.collar.gap_um", 1000.0 * _COLLAR_OPEN))
    track = walk_history(model, model.problem(gap, friction), plan)
    described = describe(model.mesh, model.operators, friction, rim_reach)
    return Variant(inputs.name, tuple(said), replace(described, fit=gap), track.walk)
