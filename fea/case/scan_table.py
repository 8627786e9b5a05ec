"""A bone from a triangulated surface as a case file states it, and what is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from fea.case.mistake import Mistake
from fea.case.scan_reading import Placing, read_bone
from fea.case.whole_reading import WholePlacing, read_whole
from fea.case.whole_table import HeldTable, whole_mistakes
from fea.loads.tables import Length, LengthOrZero, Number, Table, Text
from geometry.axis import STRAIGHT, Axis
from geometry.errors import GeometryError
from geometry.scanned.bone import Scanned

if TYPE_CHECKING:
    from fea.case.shape_tables import BoneTable

_Component = Annotated[Number, Field(ge=-1e6, le=1e6)]
_Direction = tuple[_Component, _Component, _Component]
_Pair = tuple[LengthOrZero, Length]


class ScanTable(Table):
    """``[bone.surface]``: the bone's outer surface out of a file, instead of stations."""

    file: Text = Field(
        description="the STL, PLY or VTP file of the bone's outer surface, relative to the case file;"
        " a second shell inside the first is the wall of the canal"
    )
    file_unit: Literal["mm", "cm", "m", "inch"] = Field(
        default="mm", description="the unit of the file's numbers, which such files do not state"
    )
    proximal: _Direction = Field(
        default=(0.0, 0.0, 1.0),
        description="the direction towards the body in the file's axes, about (default: a scanner's)",
    )
    anterior: _Direction = Field(
        default=(0.0, -1.0, 0.0),
        description="the direction to the front in the file's axes, about (default: a scanner's)",
    )
    cut_mm: LengthOrZero | None = Field(
        default=None,
        description="the level of the cut above the bone's most distal point, along the implant's axis"
        " (default: just above the end that the surface itself has)",
    )
    cortical_thickness_mm: Length | Annotated[tuple[_Pair, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="the thickness of the cortical wall round the canal, or a list of [level, thickness];"
        " left out where the file has the canal",
    )
    proximal_part: Literal["shaft", "whole"] = Field(
        default="shaft",
        description="how far the bone is followed: its shaft, lofted up to length_mm, or the whole bone,"
        " whose outer surface is then the given one itself with trochanters, neck and head",
    )
    axis: Literal["shaft", "stated"] = Field(
        default="shaft",
        description="of a whole bone: whether the implant's axis is the shaft's, or runs along proximal as it"
        " is stated, through the middle of the cut",
    )
    canal_to_mm: LengthOrZero | None = Field(
        default=None,
        description="of a whole bone: the level above the cut at which the natural canal ends, rounded; 0 for"
        " none (default: the end of the shaft)",
    )
    held: HeldTable | None = Field(
        default=None, description="of a whole bone: what of its surface is the proximal support"
    )

    @property
    def whole(self) -> bool:
        """Whether the bone's outer surface is the given one itself."""
        return self.proximal_part == "whole"

    @cached_property
    def thickness(self) -> tuple[tuple[float, float], ...]:
        """Levels and thicknesses, mm; empty where none is stated."""
        stated = self.cortical_thickness_mm
        if stated is None:
            return ()
        return ((0.0, stated),) if isinstance(stated, float | int) else stated


def beside_file(bone: BoneTable, own: str) -> Iterator[Mistake]:
    """Yield keys of a shape beside a table whose file has it, which bears the name `own`."""
    beside = {
        "station": bool(bone.station),
        "jaw": bone.jaw is not None,
        "core": bone.core is not None and not (bone.surface is not None and bone.surface.whole),
        "surface": bone.surface is not None and own != "surface",
        "bow_radius_mm": bone.bow_radius_mm is not None,
        "axis_offset_anterior_mm": bone.axis_offset_anterior_mm != 0.0,
    }
    for key in (key for key, stated in beside.items() if stated):
        message = (
            f"the shape comes from bone.{own}, beside which this key cannot stand; leave one of them out"
        )
        yield Mistake(f"bone.{key}", message)


def scan_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield keys of other bones beside a surface, and thicknesses that are out of order."""
    table = bone.surface
    if table is None:
        return
    yield from beside_file(bone, "surface")
    levels = [level for level, _ in table.thickness]
    if sorted(set(levels)) != levels:
        message = "levels must rise from pair to pair"
        yield Mistake("bone.surface.cortical_thickness_mm", message, str(levels))
    yield from whole_mistakes(bone)


def read_scan(bone: BoneTable, folder: Path, bow_radius: float | None) -> Scanned:
    """Read the bone's file.

    Parameters
    ----------
    bone : BoneTable
        With a surface.
    folder : Path
        Of the case file.
    bow_radius : float, mm, or None
        Of the stem, along which the bone is then laid.

    Returns
    -------
    Scanned

    Raises
    ------
    GeometryError
        When the file cannot be read, its surface is no bone with a shaft, or nothing says where the canal is.
    """
    table = bone.surface
    assert table is not None
    axis = STRAIGHT if bow_radius is None else Axis(bow_radius)
    placing = Placing(
        table.file_unit, table.proximal, table.anterior, table.cut_mm, bone.length_mm, table.thickness, axis
    )
    if table.whole:
        held = table.held or HeldTable()
        stated = WholePlacing(
            table.axis == "stated", table.canal_to_mm, held.centre_mm, held.within_mm, held.above_mm
        )
        return read_whole(folder / table.file, placing, stated)
    scanned = read_bone(folder / table.file, placing)
    if scanned.canal is None:
        raise GeometryError(
            f"The surface in {table.file} is the bone's outer one alone, and nothing says where its canal is:"
            " state bone.surface.cortical_thickness_mm, or give the canal as a second shell in the file."
        )
    return scanned
