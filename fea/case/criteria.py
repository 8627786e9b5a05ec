"""Criteria: what a run is judged by. Limits are data, each with its source and grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from fea.errors import CaseError
from fea.loads.sentences import nearest, sentence
from fea.loads.tables import Number, Table, Text, read_table

#: The judged quantities and their units: what a criterion may name.
QUANTITIES = MappingProxyType(
    {
        "micromotion_p95_um": "um",
        "micromotion_area_below_40um_percent": "%",
        "micromotion_area_above_150um_percent": "%",
        "contact_area_percent": "%",
        "insertion_hoop_stress_MPa": "MPa",
        "bone_tension_strain_percent": "%",
        "bone_compression_strain_percent": "%",
        "cancellous_tension_strain_percent": "%",
        "cancellous_compression_strain_percent": "%",
        "stem_von_mises_MPa": "MPa",
        "least_wall_mm": "mm",
        "stem_surface_fatigue_percent": "%",
        "bending_at_cut_Nm": "N m",
        "torque_at_cut_Nm": "N m",
        "fail_safe_margin": "1",
        "fail_safe_bending_margin": "1",
        "fail_safe_torque_margin": "1",
    }
)
GROUPS = ("primary stability", "safety")

#: Those of a taper joint.
TAPER_QUANTITIES = MappingProxyType(
    {
        "slip_p95_um": "um",
        "slip_area_above_5um_percent": "%",
        "slip_area_above_50um_percent": "%",
        "fretting_energy_p95_J_m2": "J/m2",
        "fretting_energy_mJ": "mJ",
        "wear_index_p95_MPa_um": "MPa um",
        "contact_area_percent": "%",
        "contact_area_least_percent": "%",
        "normal_force_least_percent": "%",
        "pull_off_reserve_N": "N",
        "torque_reserve_Nmm": "N mm",
        "cone_von_mises_MPa": "MPa",
        "socket_von_mises_MPa": "MPa",
        "cone_yield_percent": "%",
        "socket_yield_percent": "%",
    }
)
TAPER_GROUPS = ("fretting", "safety")


class CriterionTable(Table):
    """One ``[[criterion]]`` of a criteria file."""

    id: Text = Field(description="a short name without spaces, unique in the file")
    title: Text = Field(description="the criterion in words")
    quantity: Text = Field(description="the judged quantity, whose name carries the unit of the limits")
    group: Literal["primary stability", "safety", "fretting"] = Field(
        description="the overall verdict it counts for"
    )
    met_at_most: Number | None = Field(default=None, description="the largest value that meets it")
    met_at_least: Number | None = Field(default=None, description="the least value that meets it")
    not_met_above: Number | None = Field(
        default=None, description="the value above which it is not met (default: met_at_most)"
    )
    not_met_below: Number | None = Field(
        default=None, description="the value below which it is not met (default: met_at_least)"
    )
    source: Text = Field(description="where the limit comes from")
    grade: Literal["A", "B", "C1", "C2", "C3", "D"] = Field(description="how well the source is known")
    note: str = Field(default="", description="what else a reader should know")


class CriteriaFile(Table):
    """A criteria file as it stands."""

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    title: Text = Field(description="the set of criteria in words")
    criterion: tuple[CriterionTable, ...] = Field(min_length=1, description="the criteria")


@dataclass(frozen=True)
class Criterion:
    """One limit that a run is judged by; between the two limits it is not shown.

    Attributes
    ----------
    id, title
        Its short name, and its name in words.
    quantity, unit
        The judged quantity, one of `QUANTITIES`, and the unit of the limits.
    group
        ``"primary stability"`` or ``"safety"``.
    met_at_most, not_met_above
        Limits of a quantity that should be small; None for one that should be large.
    met_at_least, not_met_below
        Limits of a quantity that should be large; None for one that should be small.
    source, grade, note
        Where the limit comes from and how well that is known.
    """

    id: str
    title: str
    quantity: str
    unit: str
    group: str
    met_at_most: float | None
    not_met_above: float | None
    met_at_least: float | None
    not_met_below: float | None
    source: str
    grade: str
    note: str


def read_criteria(
    path: Path, quantities: Mapping[str, str] = QUANTITIES, groups: Sequence[str] = GROUPS
) -> tuple[Criterion, ...]:
    """Read a criteria file.

    Parameters
    ----------
    path : Path
    quantities
        What the kind of case judges, with units.
    groups
        Its overall verdicts.

    Returns
    -------
    tuple of Criterion

    Raises
    ------
    CaseError
        Every mistake in the file, one sentence each.
    """
    tables = read_table(path, "criteria file", CriteriaFile).criterion
    problems = [
        sentence(str(path), f"criterion[{index}].{key}", message, value)
        for index, table in enumerate(tables)
        for key, value, message in _criterion_mistakes(table, quantities, groups)
    ]
    repeated = [name for name, count in Counter(table.id for table in tables).items() if count > 1]
    problems += [
        sentence(str(path), "criterion", "each id must stand once in the file", name) for name in repeated
    ]
    if problems:
        raise CaseError(problems)
    return tuple(_criterion(table, quantities) for table in tables)


def _criterion(table: CriterionTable, quantities: Mapping[str, str]) -> Criterion:
    small, large = table.met_at_most, table.met_at_least
    return Criterion(
        id=table.id,
        title=table.title,
        quantity=table.quantity,
        unit=quantities[table.quantity],
        group=table.group,
        met_at_most=small,
        not_met_above=small if table.not_met_above is None else table.not_met_above,
        met_at_least=large,
        not_met_below=large if table.not_met_below is None else table.not_met_below,
        source=table.source,
        grade=table.grade,
        note=table.note,
    )


def _criterion_mistakes(
    table: CriterionTable, quantities: Mapping[str, str], groups: Sequence[str]
) -> Iterator[tuple[str, object, str]]:
    """Yield key, value and sentence of what pydantic cannot see."""
    if table.group not in groups:
        named = " or ".join(f'"{group}"' for group in groups)
        yield "group", table.group, f"this kind of case is judged by {named}"
    if table.quantity not in quantities:
        close = nearest(table.quantity, quantities)
        meant = (
            f"the nearest is {close}"
            if close
            else f"the {len(quantities)} that there are stand in docs/case-file.md"
        )
        yield "quantity", table.quantity, f"there is no such quantity; {meant}"
    small, large = table.met_at_most, table.met_at_least
    above, below = table.not_met_above, table.not_met_below
    if (small is None) == (large is None):
        yield "id", table.id, "a criterion has either met_at_most or met_at_least"
        return
    if small is not None and below is not None:
        yield "not_met_below", below, "this goes with met_at_least; beside met_at_most write not_met_above"
    if large is not None and above is not None:
        yield "not_met_above", above, "this goes with met_at_most; beside met_at_least write not_met_below"
    if small is not None and above is not None and above < small:
        yield "not_met_above", above, f"must be at least met_at_most, {small:g}"
    if large is not None and below is not None and below > large:
        yield "not_met_below", below, f"must be at most met_at_least, {large:g}"
