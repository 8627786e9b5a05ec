"""The same history with other inputs, on the same factors: corners of the bands, the collar open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from fea.case.case import Bands, Case
from fea.mesh.parts import ZONES, Mesh
from fea.model.interface import describe
from fea.model.routes import Route
from fea.model.walk import Plan, Track
from fea.solution import Variant

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


def _named(sides: Sequence[str], band: tuple[float, float] | None) -> list[tuple[str, float | None]]:
    return [("", None)] if band is None else list(zip(sides, band, strict=True))


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
    said: list[tuple[str, float]] = []
    if case.bands is not None:
        zone = case.bands.zone
        if inputs.radial_interference is not None:
            here = operators.zone == ZONES.index(zone)
            gap[here] += case.fit[zone].radial_interference - inputs.radial_interference
            said.append((f"fit.{zone}.diametral_interference_um", 2000.0 * inputs.radial_interference))
        if inputs.friction is not None:
            friction[zone] = inputs.friction
            said.append((f"fit.{zone}.friction", inputs.friction))
    if inputs.collar_open:
        gap[operators.zone == ZONES.index("collar")] = _COLLAR_OPEN
        said.append(("stem.collar.gap_um", 1000.0 * _COLLAR_OPEN))
    track = base.route.walk(gap, friction, base.plan, base.track)
    described = describe(base.mesh, operators, friction, case.mesh.interface)
    return Variant(inputs.name, tuple(said), replace(described, fit=gap), track.walk)
