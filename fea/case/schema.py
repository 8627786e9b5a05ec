"""The tables of a case file: every key, its unit in its name, its kind and its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from fea.case.adapter_tables import ActsAtTable
from fea.case.cad_table import AnyStem
from fea.case.not_built import NOT_BUILT
from fea.case.screw_tables import LagScrewFitTable
from fea.case.seating_table import SeatingTable
from fea.case.shape_tables import BoneTable, ReamingTable
from fea.case.uncertainty_tables import UncertaintyTable
from fea.loads.tables import (
    Coefficient,
    Count,
    CountOrZero,
    Length,
    Micrometres,
    Positive,
    Switch,
    Table,
    Text,
)

Support = Literal["free", "clamped", "symmetric"]

#: Defaults of ``[mesh]``: edge lengths over the stem's diameter and over one another.
INTERFACE_PER_DIAMETER = 0.14
FAR_PER_INTERFACE = 1.0
EDGE_PER_INTERFACE = 0.85

#: Ends of key names and the units they say.
UNIT_ENDINGS = {
    "_N_per_mm": "N/mm",
    "_Nm": "N m",
    "_mm": "mm",
    "_um": "um",
    "_MPa": "MPa",
    "_N": "N",
    "_s": "s",
    "_g_cm3": "g/cm3",
    "_deg": "degrees",
}


#: What stands for a coefficient that is taken, with its range, from the condition of the zone's surface.
FROM_SURFACE = "from_surface"


def _kind_of_friction(stated: object) -> str:
    return "name" if isinstance(stated, str) else "number"


#: A coefficient of friction, or the word that takes it from the surface.
Friction = Annotated[
    Annotated[Coefficient, Tag("number")] | Annotated[Literal["from_surface"], Tag("name")],
    Discriminator(_kind_of_friction),
]


class ZoneTable(Table):
    """``[fit.NAME]``: the fit of one zone of the stem's flank."""

    diametral_interference_um: Micrometres = Field(
        default=0.0, description="the effective diametral interference"
    )
    diametral_interference_band_um: tuple[Micrometres, Micrometres] | None = Field(
        default=None, description="the least and the largest interference that must be reckoned with"
    )
    friction: Friction = Field(
        description="the coefficient of friction, or from_surface for that of the zone's surface"
    )
    friction_band: tuple[Coefficient, Coefficient] | None = Field(
        default=None,
        description="the least and the largest friction that must be reckoned with (default from a surface:"
        " its range)",
    )

    @property
    def coefficient(self) -> float:
        """The coefficient, once what a surface gives has been filled in."""
        assert not isinstance(self.friction, str), "frictions of surfaces are filled in before they are read"
        return self.friction

    @property
    def bands(self) -> tuple[tuple[float, float], ...]:
        """The bands that are stated."""
        both = (self.diametral_interference_band_um, self.friction_band)
        return tuple(band for band in both if band is not None)


class CollarFitTable(Table):
    """``[fit.collar]``."""

    friction: Coefficient = Field(description="the coefficient of friction between collar and cut")
    friction_band: tuple[Coefficient, Coefficient] | None = Field(
        default=None,
        description="for the plate of an anchor, the least and the largest friction to be reckoned with",
    )


class SplineFitTable(Table):
    """``[fit.splines]``: the fit of splines in the grooves that they cut into the reamed wall."""

    interference_um: Micrometres = Field(
        default=0.0, description="the effective interference along the normal of the splines' surface"
    )
    friction: Coefficient | None = Field(
        default=None, description="the coefficient of friction (default: as uncoated)"
    )


class ThreadFitTable(Table):
    """``[fit.thread]``: the fit of a thread in the bone that is tapped for it."""

    interference_um: Micrometres = Field(
        default=0.0, description="the effective interference along the normal of the thread's surface"
    )
    friction: Coefficient = Field(description="the coefficient of friction")
    friction_band: tuple[Coefficient, Coefficient] | None = Field(
        default=None, description="the least and the largest friction that must be reckoned with"
    )


class FitTable(Table):
    """``[fit]``: one table a zone, or two keys for all zones."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ZoneTable]
    #: What a key may hold that is none of these: the fit of a coating by its name.
    others: ClassVar[type[Table]] = ZoneTable

    diametral_interference_um: Micrometres | None = Field(
        default=None, description="the effective diametral interference of every zone without its own table"
    )
    friction: Coefficient | None = Field(
        default=None, description="the friction of every zone without its own table"
    )
    coated: ZoneTable | None = Field(default=None, description="the fit of the coated zone")
    uncoated: ZoneTable | None = Field(default=None, description="the fit of the rest of the stem")
    collar: CollarFitTable | None = Field(
        default=None, description="the friction of the collar (default: as uncoated)"
    )
    splines: SplineFitTable | None = Field(
        default=None,
        description="the fit of the splines (default: no interference, friction as uncoated)",
    )
    thread: ThreadFitTable | None = Field(default=None, description="the fit of the thread")
    lag_screw: LagScrewFitTable | None = Field(
        default=None,
        description="the fit of the lag screw (default: no interference, friction as uncoated)",
    )

    @property
    def zones(self) -> dict[str, ZoneTable]:
        """The tables of the flank's zones by name."""
        named = {"coated": self.coated, "uncoated": self.uncoated} | (self.__pydantic_extra__ or {})
        return {name: table for name, table in named.items() if table is not None}


class SupportsTable(Table):
    """``[supports]``: how each end face is held."""

    bone_proximal: Support = Field(default="free", description="how the bone's upper end face is held")
    bone_distal: Support = Field(default="free", description="how the bone's cut is held")
    bone_ends: Literal["free", "clamped"] = Field(
        default="free", description="how the mesial and distal cuts of a segment of the jaw are held"
    )
    stem_proximal: Support = Field(default="free", description="how the stem's flat tip is held")
    stem_distal: Support = Field(default="free", description="how the stem's distal end face is held")


class ActivityTable(Table):
    """``[activity]``; without it the stem is seated and nothing else."""

    history: Text = Field(description="the load file, relative to the case file's folder")
    body_weight_N: Positive | None = Field(
        default=None,
        le=1_000_000,
        description="the body weight, for a history in percent of it; left out for one in newtons",
    )
    limb_side: Literal["right", "left"] = Field(description="the side of the limb, right or left")
    instants_per_cycle: int = Field(
        default=50, strict=True, ge=2, le=10_000, description="the number of instants that sample one cycle"
    )
    cycles: Count = Field(default=2, description="the number of cycles, of which the last is judged")
    acts_at: ActsAtTable | None = Field(
        default=None,
        description="the point that force and moment of the history act at (default: the reference point)",
    )


class StepsTable(Table):
    """``[steps]``."""

    press_fit_increments: Count = Field(
        default=4, description="the number of increments in which the interference is ramped"
    )
    max_cut_backs: CountOrZero = Field(default=8, description="how often a step that fails may be halved")


class MeshTable(Table):
    """``[mesh]``; every key has a default that follows from the stem's diameter."""

    interface_size_mm: Length | None = Field(
        default=None, description="the edge length on the interface (default: 0.14 x stem diameter)"
    )
    far_size_mm: Length | None = Field(
        default=None, description="the edge length far from it (default: interface_size_mm)"
    )
    edge_size_mm: Length | None = Field(
        default=None,
        description="the edge length at the interface's ends (default: 0.85 x interface_size_mm)",
    )
    shell_size_mm: Length | None = Field(
        default=None,
        description="the edge length in the cortical shell about a core (default: half its least thickness,"
        " at most far_size_mm)",
    )
    companion: Switch = Field(
        default=True,
        description="whether a mesh 1.5 times coarser is solved too, for the discretisation error",
    )


class OutputTable(Table):
    """``[output]``."""

    body_instants: CountOrZero = Field(
        default=10, description="the number of instants for which whole bodies are written"
    )
    renders: Switch = Field(default=True, description="whether pictures are made")


class CriteriaTable(Table):
    """``[criteria]``; without it nothing is judged."""

    file: Text = Field(description="the criteria file, relative to the case file's folder")


class CaseFile(Table):
    """A case file as it stands."""

    not_built: ClassVar[Mapping[str, str]] = NOT_BUILT

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    title: Text = Field(description="the case in words")
    bone: BoneTable = Field(description="the bone")
    reaming: ReamingTable | None = Field(default=None, description="how the canal is reamed")
    stem: AnyStem = Field(description="the stem")
    seating: SeatingTable | None = Field(
        default=None, description="the errors of the pose with which the canal is reamed and the stem seated"
    )
    fit: FitTable = Field(description="interference and friction")
    supports: SupportsTable = Field(default=SupportsTable(), description="how the end faces are held")
    activity: ActivityTable | None = Field(default=None, description="the activity after press-fit")
    steps: StepsTable = Field(default=StepsTable(), description="how the history is stepped")
    mesh: MeshTable = Field(default=MeshTable(), description="the sizes of the elements")
    output: OutputTable = Field(default=OutputTable(), description="what is written")
    criteria: CriteriaTable | None = Field(default=None, description="what the run is judged by")
    uncertainty: UncertaintyTable | None = Field(
        default=None, description="the ranges of the inputs that are not known"
    )


def unit_of(key: str) -> str | None:
    """Return the unit that a key's name ends in, or None."""
    return next((unit for ending, unit in UNIT_ENDINGS.items() if key.endswith(ending)), None)


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file, for editors.

    Returns
    -------
    dict
        JSON Schema 2020-12; a key with a unit carries it as ``x-unit`` and at the end of
        its description.
    """
    schema = CaseFile.model_json_schema()
    # A site fills the length in, and a whole bone's surface has it.
    bone = schema["$defs"]["BoneTable"]
    bone["required"].remove("length_mm")
    bone["anyOf"] = [{"required": ["length_mm"]}, {"required": ["site"]}, {"required": ["surface"]}]
    for table in (schema, *schema["$defs"].values()):
        for key, entry in table.get("properties", {}).items():
            entry.pop("title", None)
            if unit := unit_of(key):
                entry["x-unit"] = unit
                entry["description"] = f"{entry['description']}, in {unit}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "osseofit case file",
    }
