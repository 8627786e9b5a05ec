"""The table ``[uncertainty]`` as it stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from fea.case.uncertainty import (
    CHOICE,
    KINDS,
    LOG_UNIFORM,
    TRIANGULAR,
    Kind,
    Uncertain,
)
from fea.loads.tables import Number, Table, Text
from geometry.zones import COLLAR, THREAD, UNCOATED

Grade = Literal["A", "B", "C1", "C2", "C3", "D"]


class RangeTable(Table):
    """A range of a number."""

    distribution: Literal["uniform", "log-uniform", "triangular"] = Field(
        default="uniform", description="how likely the values between the ends are"
    )
    least: Number = Field(description="the least value, in the unit of the table's name")
    most: Number = Field(description="the largest value, in the unit of the table's name")
    peak: Number | None = Field(
        default=None, description="the most likely value of a triangular distribution"
    )
    source: Text = Field(description="where the range comes from")
    grade: Grade = Field(description="how well the source is known")


class ChoiceTable(Table):
    """A choice between names, all equally likely."""

    choices: tuple[Text, ...] = Field(min_length=2, description="the names that it may be, equally likely")
    source: Text = Field(description="where the choice comes from")
    grade: Grade = Field(description="how well the source is known")


class UncertaintyTable(Table):
    """``[uncertainty]``: the inputs that are not known."""

    zone: Text | None = Field(default=None, description="the zone whose interference and friction are meant")
    diametral_interference_um: RangeTable | None = Field(
        default=None, description="the effective diametral interference of the zone"
    )
    friction: RangeTable | None = Field(default=None, description="the coefficient of friction of the zone")
    bone_modulus_factor: RangeTable | None = Field(
        default=None, description="a factor on every elastic modulus of the bone"
    )
    bone_material: ChoiceTable | None = Field(
        default=None, description="the materials of the library that the bone may have"
    )
    wall_change_mm: RangeTable | None = Field(
        default=None, description="what is added to the thickness of the bone's wall, at its outside"
    )
    body_weight_N: RangeTable | None = Field(default=None, description="the body weight")
    bending_factor: RangeTable | None = Field(
        default=None, description="a factor on the bending moments of the load history"
    )
    history: ChoiceTable | None = Field(
        default=None, description="the load files that the activity may follow, relative to the case file"
    )


def stated_tables(table: UncertaintyTable) -> dict[str, RangeTable | ChoiceTable]:
    """Return the inputs that a table states, in the order of `KINDS`."""
    found = {name: getattr(table, name) for name in KINDS}
    return {name: stated for name, stated in found.items() if stated is not None}


def uncertain_of(name: str, table: RangeTable | ChoiceTable) -> Uncertain:
    """Return one input as it is used."""
    if isinstance(table, ChoiceTable):
        return Uncertain(name, CHOICE, table.source, table.grade, choices=table.choices)
    peak = table.least if table.peak is None else table.peak
    return Uncertain(
        name, table.distribution, table.source, table.grade, table.least, table.most, peak
    )  # fmt: skip


def zone_of(table: UncertaintyTable | None, fit: Any, stem: Any) -> str:
    """Return the zone whose fit is uncertain: the stated one, the first with bands, else the first of all."""
    if table is not None and table.zone is not None:
        return table.zone
    if stem.anchor:
        return COLLAR
    banded = [zone for zone in stem.flank if zone in fit.zones and fit.zones[zone].bands]
    if stem.thread and fit.thread and fit.thread.friction_band:
        banded.append(THREAD)
    return str((*banded, *stem.flank)[0])


def no_such_zone(stem: Any, instead: str) -> str:
    """Say that the stem has no such zone, and what may be done."""
    if stem.coatings:
        return f"the stem has no such zone; its zones are {', '.join(stem.flank[:-1])} and {stem.flank[-1]}"
    return f"the stem has no such zone; add [stem.coating] or {instead}"


def uncertainty_mistakes(
    table: UncertaintyTable | None, fit: Any, stem: Any, activity: Any
) -> Iterator[tuple[str, str, object]]:
    """Yield key path, sentence and value of what is wrong with the uncertain inputs.

    Parameters
    ----------
    table, fit, stem, activity
        Tables of the case file, each sound in itself.
    """
    if table is None:
        return
    stated = stated_tables(table)
    if not stated:
        yield "uncertainty", f"no input is stated; give one of {', '.join(KINDS)}, or no such table", ...
    zone = zone_of(table, fit, stem)
    if stem.anchor and zone != COLLAR:
        yield "uncertainty.zone", f"the stem of an anchor has no zone but its {COLLAR}", zone
    elif not stem.anchor and zone not in (*stem.flank, *((THREAD,) if stem.thread else ())):
        instead = f"{UNCOATED} or {THREAD}" if stem.thread else UNCOATED
        yield "uncertainty.zone", no_such_zone(stem, f"write {instead}"), zone
    own = own_values(zone, fit, activity)
    for name, entry in stated.items():
        place, kind = f"uncertainty.{name}", KINDS[name]
        if stem.anchor and name == "diametral_interference_um":
            yield place, "the plate of an anchor has no interference; leave this table out", ...
            continue
        if kind.loads and activity is None:
            yield place, "there is no [activity], so there is nothing to load; leave this table out", ...
        elif isinstance(entry, RangeTable):
            for key, message, value in _range_mistakes(entry, kind, own.get(name)):
                yield f"{place}.{key}", message, value
        elif len(set(entry.choices)) < len(entry.choices):
            yield f"{place}.choices", "each name must stand once", list(entry.choices)


def own_values(zone: str, fit: Any, activity: Any) -> dict[str, float]:
    """Return the case's own value of each number that may be uncertain, in the unit of its key."""
    table = fit.zones.get(zone) or (fit.collar if zone == COLLAR else None)
    friction = table.friction if table else fit.friction
    interference = getattr(table or fit, "diametral_interference_um", None)
    if zone == THREAD and fit.thread is not None:
        # Along the normal; what varies is stated over the diameter.
        friction, interference = fit.thread.friction, 2 * fit.thread.interference_um
    found = {
        "diametral_interference_um": interference or 0.0,
        "bone_modulus_factor": 1.0,
        "wall_change_mm": 0.0,
        "bending_factor": 1.0,
    }
    if friction is not None:
        found["friction"] = friction
    weight = None if activity is None else activity.body_weight_N
    return found if weight is None else found | {"body_weight_N": weight}


def _range_mistakes(table: RangeTable, kind: Kind, own: float | None) -> Iterator[tuple[str, str, object]]:
    """Yield key, sentence and value of what is wrong with a range."""
    if not table.least < table.most:
        yield "most", f"a range must rise, but its least value is {table.least:g}", table.most
        return
    for key, value in (("least", table.least), ("most", table.most)):
        if not kind.least <= value <= kind.most:
            yield key, f"must lie between {kind.least:g} and {kind.most:g}", value
            return
    if table.distribution == LOG_UNIFORM and table.least <= 0.0:
        yield "least", "a log-uniform range must begin above 0; write uniform or a larger value", table.least
    if table.distribution == TRIANGULAR and table.peak is None:
        yield "peak", "this key is missing; it states the most likely value of a triangular distribution", ...
    elif table.distribution != TRIANGULAR and table.peak is not None:
        yield "peak", f'this goes with distribution = "{TRIANGULAR}"', table.peak
    elif table.peak is not None and not table.least <= table.peak <= table.most:
        yield "peak", f"must lie between {table.least:g} and {table.most:g}", table.peak
    if own is not None and not table.least <= own <= table.most:
        key, value = ("least", table.least) if own < table.least else ("most", table.most)
        yield key, f"the range must hold the case's own value, {own:g}", value
