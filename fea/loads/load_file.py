"""The tables of a load file, as they stand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from fea.loads.tables import Number, Percent, Positive, Switch, Table, Text

Points = tuple[tuple[Number, Percent], ...]
_POINTS = "the extrema of the component as [percent of the cycle, value] pairs"


class Units(Table):
    """``[units]`` of a load file."""

    force: Literal["percent_BW", "N"] = Field(
        description="the unit of the forces: percent of body weight (percent_BW) or newtons (N)"
    )
    moment: Literal["percent_BWm", "N_m", "N_mm"] = Field(
        description="the unit of the moments: percent of body weight times metre (percent_BWm), or with"
        " forces in N newton metres (N_m) or newton millimetres (N_mm)"
    )


class MomentLevel(Table):
    """A moment point at a level of the implant axis, or beside it."""

    level_mm: Number = Field(
        ge=-2000, le=2000, description="the level of the moment point along the implant axis, 0 at the cut"
    )
    anterior_mm: Number = Field(
        default=0.0, ge=-2000, le=2000, description="how far the moment point lies in front of the axis"
    )
    lateral_mm: Number = Field(
        default=0.0, ge=-2000, le=2000, description="how far the moment point lies lateral of the axis"
    )


def _kind_of_point(value: Any) -> str:
    return "MomentLevel" if isinstance(value, (dict, MomentLevel)) else "name"


MomentPoint = Annotated[
    Annotated[Literal["reference_point", "cut"], Tag("name")] | Annotated[MomentLevel, Tag("MomentLevel")],
    Discriminator(_kind_of_point),
]


class Components(Table):
    """``[components]`` of a load file."""

    force_anterior: Points = Field(min_length=2, description=f"{_POINTS}; forwards is positive")
    force_lateral: Points = Field(min_length=2, description=f"{_POINTS}; away from the midline is positive")
    force_proximal: Points = Field(min_length=2, description=f"{_POINTS}; compression is positive")
    moment_anterior: Points = Field(min_length=2, description=f"{_POINTS}; adduction is positive")
    moment_lateral: Points = Field(min_length=2, description=f"{_POINTS}; flexion is positive")
    moment_proximal: Points = Field(min_length=2, description=f"{_POINTS}; internal rotation is positive")


class HistoryFile(Table):
    """A load file as it stands."""

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    title: Text = Field(description="the activity in words")
    synthetic: Switch = Field(description="true where nobody measured this course")
    source: Text = Field(description="where the numbers come from")
    grade: Literal["A", "B", "C1", "C2", "C3", "D"] = Field(description="how well the source is known")
    note: str = Field(default="", description="what else a reader should know")
    body: Literal["implant"] = Field(description="the body that force and moment act on, implant")
    axes: Literal["anterior, lateral, proximal"] = Field(description="the directions of the components")
    sign_convention: Literal["right limb, right-handed moments"] = Field(
        description="the limb that the signs are stated for and how its moments turn"
    )
    moment_point: MomentPoint = Field(
        description="the point that the moments are taken about: reference_point, cut or { level_mm = ... }"
    )
    interpolation: Literal["pchip"] = Field(default="pchip", description="what runs between the points")
    period_s: Positive = Field(description="the duration of one cycle in seconds")
    units: Units = Field(description="the units of forces and moments")
    components: Components = Field(description="the six components")
