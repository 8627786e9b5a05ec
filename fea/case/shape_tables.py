"""Bone, reaming and stem as a case file states them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from fea.case.abutment_tables import AbutmentTable
from fea.case.adapter_tables import AdapterTable
from fea.case.anchor_tables import AnchorTable
from fea.case.core_tables import CoreTable, JawTable
from fea.case.ct_table import CtTable
from fea.case.groove_tables import FlutesTable, SlotTable, SplinesTable
from fea.case.lattice_table import LatticeTable
from fea.case.material_tables import MaterialChoice
from fea.case.scan_table import ScanTable
from fea.case.screw_tables import LagScrewTable
from fea.case.thread_table import ThreadTable
from fea.loads.tables import Length, LengthOrZero, Micrometres, Number, Positive, Switch, Table, Text
from geometry.coating import Coating
from geometry.reaming import Pass, widest_to_the_end
from geometry.zones import COATED, UNCOATED


class StationTable(Table):
    """One ``[[bone.station]]``: the section of the bone at a level."""

    level_mm: LengthOrZero = Field(default=0.0, description="the level of the station, 0 at the cut")
    outer_diameter_mm: Length | None = Field(default=None, description="the outer diameter of a round bone")
    outer_anteroposterior_mm: Length | None = Field(
        default=None, description="the outer width from back to front"
    )
    outer_mediolateral_mm: Length | None = Field(
        default=None, description="the outer width from side to side"
    )
    canal_diameter_mm: Length | None = Field(
        default=None, description="the diameter of a round natural canal"
    )
    canal_anteroposterior_mm: Length | None = Field(
        default=None, description="the width of the natural canal from back to front"
    )
    canal_mediolateral_mm: Length | None = Field(
        default=None, description="the width of the natural canal from side to side"
    )
    cortical_thickness_mm: Length | None = Field(
        default=None, description="the thickness of the cortical shell about a core, where it varies"
    )
    cortical_wall_mm: Length | None = Field(
        default=None,
        description="the thickness of the wall round the natural canal, instead of the canal's widths",
    )
    outer_triangularity: Number | None = Field(
        default=None,
        ge=0,
        le=0.2,
        description="the triangular share of the outer section: the amplitude of a third harmonic over the"
        " ellipse's radius",
    )
    outer_apex_deg: Number | None = Field(
        default=None,
        ge=-360,
        le=360,
        description="where one of the three apexes points: 0 anterior, 90 the patient's left (default: 0)",
    )

    @property
    def hollow(self) -> bool:
        """Whether the station has a natural canal."""
        return any(widths(self, "canal")) or self.cortical_wall_mm is not None


def widths(station: StationTable, part: str) -> tuple[float | None, float | None]:
    """Return the anteroposterior and mediolateral width of ``outer`` or ``canal``, mm."""
    diameter: float | None = getattr(station, f"{part}_diameter_mm")
    front: float | None = getattr(station, f"{part}_anteroposterior_mm")
    side: float | None = getattr(station, f"{part}_mediolateral_mm")
    return (front, side) if diameter is None else (diameter, diameter)


class BoneTable(Table):
    """``[bone]``."""

    length_mm: Length = Field(
        description="the length of the bone from the cut to the held end; of a jaw's segment its height"
    )
    bow_radius_mm: Positive | None = Field(
        default=None, le=1_000_000, description="the radius of the anterior bow; left out for a straight bone"
    )
    axis_offset_anterior_mm: Number = Field(
        default=0.0,
        ge=-2000,
        le=2000,
        description="how far the implant axis lies in front of the centreline's chord from cut to tip",
    )
    material: MaterialChoice = Field(
        description="the bone's material, with a core that of its cortical shell: a library name or a table"
        " of constants"
    )
    site: Text | None = Field(
        default=None,
        description="which bone fills in length, bow and stations that are not stated: femur, tibia, humerus,"
        " radius, ulna or phalanx",
    )
    sex: Literal["male", "female"] | None = Field(
        default=None, description="whose numbers a site fills in, where they are known by sex"
    )
    percentile: Number | None = Field(
        default=None,
        ge=1,
        le=99,
        description="the percentile of the values of a site that have a standard deviation (default: means)",
    )
    stump_length_mm: Length | None = Field(
        default=None,
        description="the length of a site's stump, from the bone's proximal end to the cut",
    )
    whole_length_mm: Length | None = Field(
        default=None, description="the length that a site's whole bone had"
    )
    station: tuple[StationTable, ...] = Field(
        default=(), description="the sections of the bone; a single one makes a tube"
    )
    core: CoreTable | None = Field(default=None, description="cancellous bone within the cortical shell")
    jaw: JawTable | None = Field(default=None, description="a segment of the jaw, instead of stations")
    surface: ScanTable | None = Field(
        default=None, description="the outer surface of the bone out of a file, instead of stations"
    )
    ct: CtTable | None = Field(default=None, description="the bone out of a CT volume, instead of stations")


class PassTable(Table):
    """``[[reaming.train]]``: one reamer of a train."""

    diameter_mm: Length = Field(description="the diameter of the reamer")
    depth_mm: Length | None = Field(
        default=None, description="the depth to which it goes (default: reaming.depth_mm)"
    )


class ReamingTable(Table):
    """``[reaming]``; without it the canal stays as it is."""

    diameter_mm: Length | None = Field(
        default=None, description="the diameter of the last reamer; left out with a train"
    )
    train: tuple[PassTable, ...] = Field(
        default=(),
        description="instead of one diameter: all reamers in their order, each wider than the one before",
    )
    depth_mm: Length = Field(description="the depth of reaming, from the cut to the reamer's end")
    end_radius_mm: LengthOrZero = Field(default=0.0, description="the rounding of the reamer's end")
    kind: Literal["rigid", "flexible"] | None = Field(
        default=None,
        description="whether the reamers are rigid, or flexible and follow the natural canal's centreline",
    )
    path: Literal["straight", "bow", "stem"] | None = Field(
        default=None,
        description="whether the reamer runs straight along the implant axis, follows the bone's bow,"
        " or follows the stem's own bow; straight, of a flexible one the bow, where it is left out",
    )

    @property
    def way(self) -> Literal["straight", "bow", "stem"]:
        """Which way the reamers take."""
        return self.path or ("bow" if self.kind == "flexible" else "straight")

    @property
    def passes(self) -> tuple[Pass, ...]:
        """The passes of the train, in mm."""
        return tuple(Pass(each.diameter_mm, each.depth_mm or self.depth_mm) for each in self.train)

    @property
    def diameter(self) -> float:
        """Diameter of the pass that makes the canal, mm; of a train the widest one to the full depth."""
        if self.train:
            return widest_to_the_end(self.passes).diameter
        assert self.diameter_mm is not None, "tables are checked before they are converted"
        return self.diameter_mm


class CoatingTable(Table):
    """``[stem.coating]``: a porous-coated zone; ``[[stem.coating]]`` where there are several."""

    name: Text = Field(default=COATED, description="the name of the zone, which [fit] knows it by")
    from_mm: LengthOrZero = Field(default=0.0, description="the level at which the coating begins")
    to_mm: Length = Field(description="the level at which the coating ends")
    thickness_mm: Length | None = Field(
        default=None,
        description="the thickness of the layer that is meshed as its own material; left out for a surface",
    )
    material: MaterialChoice | None = Field(
        default=None,
        description="the layer's material, isotropic: a library name or a table of constants",
    )
    surface: Text | None = Field(
        default=None, description="the condition of the zone's surface, by its name in the library"
    )
    lattice: LatticeTable | None = Field(
        default=None, description="instead of a material: a lattice, whose law follows from its density"
    )

    def shape(self) -> Coating:
        """Return the zone, in mm."""
        elements = self.lattice.elements if self.lattice else None
        return Coating(self.from_mm, self.to_mm, self.name, self.thickness_mm, elements)


def _count_of(stated: object) -> str:
    return "list" if isinstance(stated, list | tuple) else CoatingTable.__name__


#: One table, or a list of them.
Coatings = Annotated[
    Annotated[CoatingTable, Tag("CoatingTable")]
    | Annotated[tuple[CoatingTable, ...], Field(min_length=1), Tag("list")],
    Discriminator(_count_of),
]


class CollarTable(Table):
    """``[stem.collar]``: a flange that may bear on the cut."""

    diameter_mm: Length = Field(description="the outer diameter of the collar")
    thickness_mm: Length = Field(description="the thickness of the collar")
    gap_um: Micrometres = Field(default=0.0, description="the gap between the collar and the cut")


class StemTable(Table):
    """``[stem]``."""

    diameter_mm: Length = Field(
        description="the diameter of the stem at the cut; of a threaded stem that of its core"
    )
    length_mm: Length = Field(description="the length of the stem from the cut to the tip")
    protrusion_mm: LengthOrZero = Field(
        default=0.0, description="the length of the stem on the distal side of the cut"
    )
    protrudes_proximally: Switch = Field(
        default=False, description="whether the stem may be longer than the bone and come out above it"
    )
    tip_diameter_mm: Length | None = Field(
        default=None, description="the diameter that a tapered stem has at its tip (default: no taper)"
    )
    tip_radius_mm: LengthOrZero = Field(default=0.0, description="the rounding of the tip's edge")
    bore_diameter_mm: LengthOrZero = Field(
        default=0.0, description="the diameter of an axial bore, 0 for none"
    )
    bow_radius_mm: Positive | None = Field(
        default=None,
        le=1_000_000,
        description="the radius of the arc that a bowed stem follows, tangent to z at the cut;"
        " left out for a straight stem",
    )
    material: MaterialChoice = Field(
        description="the stem's material: a library name or a table of constants"
    )
    coating: Coatings = Field(
        default=(), description="the porous-coated zones: one table, or a list of tables with names"
    )
    flutes: FlutesTable | None = Field(default=None, description="grooves along the flank")
    splines: SplinesTable | None = Field(
        default=None, description="ribs along the flank that stand into the reamed wall"
    )
    slot: SlotTable | None = Field(default=None, description="a slot in the tip")
    thread: ThreadTable | None = Field(
        default=None, description="a thread along the flank, which is then its core"
    )
    lag_screw: LagScrewTable | None = Field(
        default=None, description="a screw that is locked in the stem and crosses it"
    )
    collar: CollarTable | None = Field(default=None, description="the collar")
    abutment: AbutmentTable | None = Field(
        default=None, description="an abutment on the distal end of a fixture, held by a screw in its bore"
    )
    anchor: AnchorTable | None = Field(
        default=None,
        description="a pre-tensioned anchor, whose spindle is the stem and whose plate the collar",
    )
    surface: Text | None = Field(
        default=None,
        description="the condition of the flank's surface that is not coated, by its name in the library",
    )
    adapter: AdapterTable | None = Field(
        default=None, description="the adapter; without it the wrench acts at the stem's distal end"
    )

    @property
    def coatings(self) -> dict[str, CoatingTable]:
        """The coatings in rising order, each by the place where it stands."""
        if isinstance(self.coating, CoatingTable):
            return {"stem.coating": self.coating}
        places = {f"stem.coating[{index}]": zone for index, zone in enumerate(self.coating)}
        return dict(sorted(places.items(), key=lambda item: item[1].from_mm))

    @property
    def flank(self) -> tuple[str, ...]:
        """Names of the zones of the flank: the coatings in rising order, then the rest; of an anchor none."""
        if self.anchor:
            return ()
        return (*(zone.name for zone in self.coatings.values()), UNCOATED)
