"""A cancellous core and a segment of the jaw as a case file states them, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from fea.case.material_tables import MaterialChoice
from fea.case.mistake import Mistake
from fea.loads.tables import Length, LengthOrZero, Number, Table
from geometry.core import Core
from geometry.jaw import Jaw

if TYPE_CHECKING:
    from fea.case.schema import MeshTable, SupportsTable
    from fea.case.shape_tables import BoneTable

#: Least size in the shell, over that on the interface.
LEAST_SHARE = 0.1


class CoreTable(Table):
    """``[bone.core]``: cancellous bone within the cortical shell."""

    material: MaterialChoice = Field(
        description="the cancellous bone's material: a library name or a table of constants"
    )
    cortical_thickness_mm: Length | None = Field(
        default=None,
        description="the thickness of the cortical shell; left out where every station or the jaw states it",
    )
    from_mm: LengthOrZero | None = Field(
        default=None, description="the level at which the core begins (default: at the cut, where it is open)"
    )
    to_mm: Length | None = Field(
        default=None,
        description="the level at which the core ends (default: at the bone's end, where it is open)",
    )

    def shape(self) -> Core:
        """Return where the core lies, in mm."""
        start = -math.inf if self.from_mm is None else self.from_mm
        return Core(start, math.inf if self.to_mm is None else self.to_mm)


class JawTable(Table):
    """``[bone.jaw]``: a segment of the jaw instead of stations; bone.length_mm is its height."""

    mesiodistal_length_mm: Length = Field(
        description="the length of the segment from its mesial to its distal cut"
    )
    crest_width_mm: Length = Field(description="the width of the segment at the crest, before rounding")
    base_width_mm: Length = Field(description="the width of the segment at the base, before rounding")
    edge_radius_mm: LengthOrZero = Field(
        default=0.0, description="the rounding of the edges at crest and base"
    )
    cortical_crest_mm: Length = Field(description="the thickness of the cortical shell at the crest")
    cortical_side_mm: Length = Field(
        description="the thickness of the cortical shell on the buccal and the lingual side"
    )
    cortical_base_mm: Length = Field(description="the thickness of the cortical shell at the base")
    axis_offset_left_mm: Number = Field(
        default=0.0,
        ge=-2000,
        le=2000,
        description="how far the implant axis stands to the patient's left of the segment's middle",
    )

    def shape(self, height: float) -> Jaw:
        """Return the segment of a height, in mm.

        Raises
        ------
        GeometryError
            Where the shape cannot be.
        """
        return Jaw(
            length=self.mesiodistal_length_mm,
            height=height,
            crest_width=self.crest_width_mm,
            base_width=self.base_width_mm,
            edge_radius=self.edge_radius_mm,
            crest=self.cortical_crest_mm,
            side=self.cortical_side_mm,
            base=self.cortical_base_mm,
            shift=0.0 - self.axis_offset_left_mm,
        )


def core_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield what is wrong with a core, a segment of the jaw and the stations beside them."""
    if bone.surface is not None or bone.ct is not None:
        return
    if bone.jaw is not None:
        yield from _jaw_mistakes(bone)
        return
    if not bone.station:
        yield Mistake(
            "bone.station", "the bone has no section; state [[bone.station]], or a segment in [bone.jaw]"
        )
    stated = [(row, station.cortical_thickness_mm) for row, station in enumerate(bone.station)]
    given = [(row, value) for row, value in stated if value is not None]
    core = bone.core
    if core is None:
        for row, value in given:
            message = "a shell goes with a cancellous core; add [bone.core], or leave this out"
            yield Mistake(f"bone.station[{row}].cortical_thickness_mm", message, value)
        return
    if core.cortical_thickness_mm is not None and given:
        message = "give the shell's thickness here or at the stations, not both"
        yield Mistake("bone.core.cortical_thickness_mm", message, core.cortical_thickness_mm)
    elif core.cortical_thickness_mm is None and len(given) < len(stated):
        row = next(row for row, value in stated if value is None)
        message = "the shell's thickness is missing; give it here at every station, or once in [bone.core]"
        yield Mistake(f"bone.station[{row}].cortical_thickness_mm", message)
    low, high = core.from_mm or 0.0, bone.length_mm if core.to_mm is None else core.to_mm
    if high > bone.length_mm:
        yield Mistake("bone.core.to_mm", f"must be at most bone.length_mm, {bone.length_mm:g}", core.to_mm)
    elif low >= high:
        yield Mistake(
            "bone.core.from_mm", f"the core must end above its beginning, and ends at {high:g} mm", low
        )


def _jaw_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    if bone.station:
        message = "a segment of the jaw has no stations; leave them out, or leave out [bone.jaw]"
        yield Mistake("bone.station", message)
    if bone.bow_radius_mm is not None:
        yield Mistake(
            "bone.bow_radius_mm", "a segment of the jaw is straight; leave this out", bone.bow_radius_mm
        )
    if bone.axis_offset_anterior_mm != 0.0:
        message = "of a segment of the jaw the axis is offset across it; write bone.jaw.axis_offset_left_mm"
        yield Mistake("bone.axis_offset_anterior_mm", message, bone.axis_offset_anterior_mm)
    if bone.core is None:
        message = "a segment of the jaw has a cancellous core; state its material in [bone.core]"
        yield Mistake("bone.core", message)
        return
    message = "the shell of a segment of the jaw and its core's extent stand in [bone.jaw]; leave this out"
    for key in ("cortical_thickness_mm", "from_mm", "to_mm"):
        if (value := getattr(bone.core, key)) is not None:
            yield Mistake(f"bone.core.{key}", message, value)


def end_mistakes(bone: BoneTable, supports: SupportsTable) -> Iterator[Mistake]:
    """Yield supports of faces that the bone does not have."""
    if bone.jaw is None and supports.bone_ends != "free":
        message = 'only a segment of the jaw has mesial and distal cuts; write bone_proximal = "clamped"'
        yield Mistake("supports.bone_ends", message, supports.bone_ends)


def least_shell(bone: BoneTable) -> float | None:
    """Return the least thickness of the cortical shell, mm; None where none is stated."""
    if bone.jaw is not None:
        return min(bone.jaw.cortical_crest_mm, bone.jaw.cortical_side_mm, bone.jaw.cortical_base_mm)
    if bone.core is None:
        return None
    stated = [bone.core.cortical_thickness_mm, *(station.cortical_thickness_mm for station in bone.station)]
    return min((value for value in stated if value is not None), default=None)


def shell_size(bone: BoneTable, mesh: MeshTable, far: float) -> float | None:
    """Return the edge length in the cortical shell, mm; None without one.

    Parameters
    ----------
    bone : BoneTable
    mesh : MeshTable
    far : float, mm
        Edge length far from the interface.
    """
    least = least_shell(bone)
    return None if least is None else mesh.shell_size_mm or min(far, least / 2)


def shell_mistakes(bone: BoneTable, mesh: MeshTable, interface: float) -> Iterator[Mistake]:
    """Yield a shell that is not two elements thick.

    Parameters
    ----------
    bone : BoneTable
    mesh : MeshTable
    interface : float, mm
        Edge length on the interface.
    """
    size, least = mesh.shell_size_mm, least_shell(bone)
    if bone.core is None or least is None:
        if size is not None:
            yield Mistake(
                "mesh.shell_size_mm", "the bone has no core; add [bone.core], or leave this out", size
            )
        return
    if size is not None and size > least / 2:
        message = (
            f"the cortical shell is {least:g} mm thick where it is thinnest and needs two elements; give at"
            f" most {least / 2:g}, or a thicker shell"
        )
        yield Mistake("mesh.shell_size_mm", message, size)
    elif (wanted := size or least / 2) < LEAST_SHARE * interface:
        message = (
            f"the cortical shell is {least:g} mm thick where it is thinnest; two elements through it would be"
            f" of {wanted:.3g} mm, less than a tenth of those on the interface ({interface:.3g} mm): give a"
            " thicker shell, a finer mesh.interface_size_mm, or leave the core out"
        )
        yield Mistake("bone.jaw" if bone.jaw is not None else "bone.core", message)
