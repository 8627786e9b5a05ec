"""The tables of a taper joint's case file: a cone, its socket, how they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from fea.case.material_tables import MaterialChoice
from fea.case.schema import (
    ActivityTable,
    CriteriaTable,
    MeshTable,
    OutputTable,
    StepsTable,
    unit_of,
)
from fea.loads.tables import Coefficient, Length, LengthOrZero, Number, Positive, Table, Text

#: What ``kind`` says in the file of a taper joint.
TAPER_JOINT = "taper_joint"

_NO_BONE = "a taper joint has no bone and no stem; its bodies are [cone] and [socket]"

#: Sentences for keys of a stem in bone that a taper joint has not.
NOT_OF_A_JOINT: Mapping[str, str] = {
    "bone": _NO_BONE,
    "stem": _NO_BONE,
    "reaming": _NO_BONE,
    "fit.coated": "a taper joint has one contact; write friction in [fit] itself",
    "fit.uncoated": "a taper joint has one contact; write friction in [fit] itself",
    "fit.diametral_interference_um": "what a taper joint is pressed by stands in [assembly]",
    "supports": "a taper joint is held where its socket ends, and nowhere else; leave this out",
    "uncertainty": "ranges of a taper joint are not propagated; write fit.friction_band",
    "cone.taper_1_to": "state the cone by its included angle, cone.angle_deg",
    "socket.angle_deg": "the socket's angle is the cone's less cone.angle_mismatch_deg",
    "assembly.interference_um": "state how far the cone is pushed in, assembly.seating_mm",
}


def no_stem_in_bone(path: Path) -> str:
    """Say that a file states a taper joint where a stem in bone is asked for."""
    return (
        f'{path}: kind = "{TAPER_JOINT}": this asks for a stem in bone, and the file states a taper joint,'
        " which the verbs check, mesh, run and report take."
    )


class ConeTable(Table):
    """``[cone]``: the male cone, turned, with a cylindrical neck distal of the socket's mouth."""

    large_diameter_mm: Length = Field(description="the diameter at the socket's mouth when the bodies touch")
    engagement_mm: Length = Field(description="the length of the cone inside the socket")
    angle_deg: Number = Field(ge=1.0, le=30.0, description="the full included angle of the cone")
    angle_mismatch_deg: Number = Field(
        default=0.0,
        ge=-2.0,
        le=2.0,
        description="the cone's included angle less the socket's; positive: contact first at the large end",
    )
    bore_diameter_mm: LengthOrZero = Field(default=0.0, description="the bore along the whole cone")
    neck_length_mm: Length = Field(description="the length of the neck distal of the socket's mouth")
    material: MaterialChoice = Field(description="the cone's material: a library name or constants")


class SocketTable(Table):
    """``[socket]``: the stem's distal end with its conical bore."""

    outer_diameter_mm: Length = Field(description="the outer diameter at the mouth")
    outer_diameter_at_depth_mm: Length | None = Field(
        default=None,
        description="the outer diameter at the bore's depth and above (default: as at the mouth)",
    )
    depth_mm: Length = Field(description="the level at which the conical bore becomes a cylinder")
    length_mm: Length = Field(description="the level at which the socket is held, 0 being its mouth")
    material: MaterialChoice = Field(description="the socket's material: a library name or constants")


class AdapterTable(Table):
    """``[adapter]``."""

    length_mm: Length = Field(
        description="the distance from the socket's mouth to the reference point where the wrench acts"
    )


class TaperFitTable(Table):
    """``[fit]``: friction of metal on metal."""

    friction: Coefficient = Field(description="the coefficient of friction")
    friction_band: tuple[Coefficient, Coefficient] | None = Field(
        default=None, description="the least and the largest friction that must be reckoned with"
    )


class AssemblyTable(Table):
    """``[assembly]``: one of three ways in which the cone gets its seat."""

    force_N: Positive | None = Field(
        default=None, description="the axial force that pushes the cone in and is released, by press or blow"
    )
    screw_preload_N: Positive | None = Field(
        default=None, description="the preload of a screw that pulls the cone in and stays"
    )
    seating_mm: Positive | None = Field(
        default=None, description="how far the cone is pushed in beyond touching, whatever force that takes"
    )


class TaperFile(Table):
    """The case file of a taper joint as it stands."""

    not_built: ClassVar[Mapping[str, str]] = NOT_OF_A_JOINT

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    kind: Literal["taper_joint"] = Field(description="what is computed: a taper joint")
    title: Text = Field(description="the case in words")
    cone: ConeTable = Field(description="the male cone")
    socket: SocketTable = Field(description="the socket")
    adapter: AdapterTable = Field(description="the lever of the load")
    fit: TaperFitTable = Field(description="friction")
    assembly: AssemblyTable = Field(description="how cone and socket are put together")
    activity: ActivityTable | None = Field(default=None, description="the activity after assembly")
    steps: StepsTable = Field(default=StepsTable(), description="how the history is stepped")
    mesh: MeshTable = Field(default=MeshTable(), description="the sizes of the elements")
    output: OutputTable = Field(default=OutputTable(), description="what is written")
    criteria: CriteriaTable | None = Field(default=None, description="what the run is judged by")


def taper_schema() -> dict[str, Any]:
    """Return the JSON Schema of a taper joint's case file, for editors.

    Returns
    -------
    dict
        As `fea.case.schema.case_schema`.
    """
    schema = TaperFile.model_json_schema()
    for table in (schema, *schema["$defs"].values()):
        for key, entry in table.get("properties", {}).items():
            entry.pop("title", None)
            if unit := unit_of(key):
                entry["x-unit"] = unit
                entry["description"] = f"{entry['description']}, in {unit}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "osseofit case file of a taper joint",
    }
