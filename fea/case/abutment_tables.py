"""The abutment of a fixture as a case file states it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from fea.case.material_tables import MaterialChoice
from fea.loads.tables import Length, Number, Positive, Table
from geometry.abutment import Abutment, Screw, abutment_faults

if TYPE_CHECKING:
    from fea.case.shape_tables import StemTable

#: Name of the screw's preload among those of a case.
SCREW = "abutment screw"

#: Where the sizes of the shapes stand in the case file, below ``stem``.
_KEYS = {
    ("abutment", "seat"): "abutment.seat_mm",
    ("abutment", "diameter"): "abutment.diameter_mm",
    ("abutment", "bore"): "bore_diameter_mm",
    ("screw", "start"): "abutment.screw.engagement_from_mm",
    ("screw", "end"): "abutment.screw.engagement_to_mm",
    ("screw", "head_diameter"): "abutment.screw.seat_diameter_mm",
    ("screw", "core_diameter"): "abutment.screw.core_diameter_mm",
}


class ScrewTable(Table):
    """``[stem.abutment.screw]``: the screw that presses the abutment on the fixture."""

    preload_N: Positive = Field(
        le=1_000_000, description="the force in the screw, which presses the two together"
    )
    engagement_from_mm: Number = Field(
        ge=-2000, le=2000, description="the level at which its engaged thread begins in the fixture's bore"
    )
    engagement_to_mm: Number = Field(
        ge=-2000, le=2000, description="the level at which the engaged thread ends"
    )
    seat_diameter_mm: Length | None = Field(
        default=None,
        description="the outer diameter of the ring on which its head bears on the abutment's distal end"
        " (default: the whole end)",
    )
    core_diameter_mm: Length | None = Field(
        default=None, description="the diameter of the screw's core, for its mean stress alone"
    )

    def shape(self) -> Screw:
        """Return where the screw holds, in mm."""
        return Screw(
            self.engagement_from_mm, self.engagement_to_mm, self.seat_diameter_mm, self.core_diameter_mm
        )


class AbutmentTable(Table):
    """``[stem.abutment]``: a tube on the fixture's distal end, held by a screw."""

    diameter_mm: Length = Field(description="the outer diameter of the abutment")
    length_mm: Length = Field(description="the length of the abutment from the joint to its distal end")
    seat_mm: Number = Field(
        default=0.0,
        ge=-2000,
        le=2000,
        description="the level of the joint of fixture and abutment, 0 at the cut or below it",
    )
    material: MaterialChoice | None = Field(
        default=None,
        description="the abutment's material, isotropic: a library name or a table of constants"
        " (default: the stem's)",
    )
    screw: ScrewTable = Field(description="the screw that holds the abutment")

    def shape(self) -> Abutment:
        """Return the abutment in mm."""
        return Abutment(
            self.diameter_mm, self.length_mm, self.screw.shape(), self.seat_mm, self.material is not None
        )


def abutment_mistakes(stem: StemTable) -> Iterator[tuple[str, str, object]]:
    """Yield what is wrong with a stem's abutment: key path, what would be right, and what stands there."""
    abutment = stem.abutment
    if abutment is None:
        return
    if stem.protrusion_mm:
        message = (
            "the abutment takes the protrusion's place: leave this out, and give the abutment its length"
        )
        yield "stem.protrusion_mm", message, stem.protrusion_mm
    if stem.bow_radius_mm is not None:
        yield (
            "stem.bow_radius_mm",
            "a stem with an abutment must be straight: leave this out",
            stem.bow_radius_mm,
        )
    for place, zone in stem.coatings.items():
        if zone.thickness_mm is not None:
            message = (
                "a coating of a stem with an abutment cannot be a layer: leave thickness and material out"
            )
            yield f"{place}.thickness_mm", message, zone.thickness_mm
    collar = stem.collar.thickness_mm if stem.collar else 0.0
    faults = abutment_faults(
        abutment.shape(), stem.diameter_mm, stem.length_mm, stem.bore_diameter_mm, collar
    )
    for owner, size, requirement in faults:
        key = _KEYS[owner, size]
        found: object = stem
        for name in key.split("."):
            found = getattr(found, name)
        yield f"stem.{key}", requirement, found
