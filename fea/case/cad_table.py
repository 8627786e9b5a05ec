"""A stem from a STEP file or a triangulated surface as a case states it, and the shape read for it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag
from pydantic.config import JsonDict

from fea.cad.step import LONGEST, SHORTEST, read_step
from fea.case.mistake import Mistake
from fea.case.shape_tables import StemTable
from fea.loads.tables import Length, LengthOrZero, Number, Table, Text
from fea.surface.mending import closed_surface
from fea.surface.reading import READERS, read_triangles
from fea.surface.smooth import smooth_sheet
from geometry.cad_stem import CadStem, Pose, cad_stem
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.sheet_stem import sheet_stem

#: Keys of a stem that stand beside a file; the others say a shape, which the file has.
BESIDE = ("file", "file_unit", "pose", "material", "coating", "surface", "adapter", "protrudes_proximally")

_Triple = tuple[
    Annotated[Number, Field(ge=-2000, le=2000)],
    Annotated[Number, Field(ge=-2000, le=2000)],
    Annotated[Number, Field(ge=-2000, le=2000)],
]
_Angles = tuple[
    Annotated[Number, Field(ge=-360, le=360)],
    Annotated[Number, Field(ge=-360, le=360)],
    Annotated[Number, Field(ge=-360, le=360)],
]


class PoseTable(Table):
    """``[stem.pose]``: where the file's shape is put in the bone."""

    rotation_deg: _Angles = Field(
        default=(0.0, 0.0, 0.0), description="turns about x, then y, then z through the file's origin"
    )
    translation_mm: _Triple = Field(
        default=(0.0, 0.0, 0.0), description="the way that the turned shape is moved, along x, y and z"
    )

    def pose(self) -> Pose:
        """Return the pose in radians."""
        x, y, z = map(math.radians, self.rotation_deg)
        return Pose((x, y, z), self.translation_mm)


def _without_shape(schema: JsonDict) -> None:
    """Leave the keys of a shape out of the schema for editors."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for key in [key for key in properties if key not in BESIDE]:
        del properties[key]


class CadStemTable(StemTable):
    """``[stem]`` with a ``file``; sizes are filled in when the file has been read."""

    model_config = ConfigDict(json_schema_extra=_without_shape)

    file: Text = Field(
        description="the STEP, STL, PLY or VTP file of the stem, relative to the case file's folder"
    )
    file_unit: Literal["mm", "cm", "m", "inch"] = Field(
        default="mm", description="unit of the numbers in an STL, PLY or VTP file, which states none itself"
    )
    pose: PoseTable = Field(
        default=PoseTable(),
        description="how the file's shape is seated (default: its z is the implant's axis)",
    )
    diameter_mm: Length = Field(default=1.0, description="the largest diameter, taken from the file")
    length_mm: Length = Field(default=1.0, description="the length above the cut, taken from the file")
    protrusion_mm: LengthOrZero = Field(default=0.0, description="the length below it, taken from the file")


def _kind_of(stated: object) -> str:
    from_file = isinstance(stated, CadStemTable) or (isinstance(stated, dict) and "file" in stated)
    return CadStemTable.__name__ if from_file else StemTable.__name__


#: A parametric stem, or one from a file.
AnyStem = Annotated[
    Annotated[StemTable, Tag("StemTable")] | Annotated[CadStemTable, Tag("CadStemTable")],
    Discriminator(_kind_of),
]


def cad_mistakes(stem: CadStemTable) -> Iterator[Mistake]:
    """Yield keys of a shape that stand beside a file, and coatings that cannot be on it."""
    for key in sorted(stem.model_fields_set - set(BESIDE)):
        message = "the shape comes from stem.file, beside which this key cannot stand; leave one of them out"
        yield Mistake(f"stem.{key}", message)
    if "file_unit" in stem.model_fields_set and Path(stem.file).suffix.lower() not in READERS:
        message = "a STEP file states its unit itself; leave file_unit out"
        yield Mistake("stem.file_unit", message, stem.file_unit)
    for place, zone in stem.coatings.items():
        if zone.thickness_mm is not None:
            message = "a coating of a stem from a file is a zone of the surface alone; leave thickness_mm out"
            yield Mistake(f"{place}.thickness_mm", message, zone.thickness_mm)


def read_stem(stem: CadStemTable, folder: Path) -> CadStem:
    """Read the stem's file, without coatings.

    Parameters
    ----------
    stem : CadStemTable
    folder : Path
        Of the case file.

    Raises
    ------
    GeometryError
        When the file cannot be read, or its shape is no stem.
    """
    path = folder / stem.file
    if not path.is_file():
        raise GeometryError(f"There is no file at {path}; paths are relative to the case file.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GeometryError(f"The file {path} cannot be read ({error.strerror}).") from None
    pose, digest = stem.pose.pose(), hashlib.sha256(content).hexdigest()
    if path.suffix.lower() not in READERS:
        return cad_stem(path.name, digest, content, pose, read_step(content, path.name, pose))
    raw = read_triangles(content, path.name, stem.file_unit, (SHORTEST, LONGEST))
    closed = closed_surface(raw, path.name)
    sheet = smooth_sheet(closed, path.name)
    return sheet_stem(path.name, digest, content, pose, stem.file_unit, sheet, closed.mended)


def sized(stem: CadStemTable, shape: CadStem) -> CadStemTable:
    """Return the table with the sizes of the shape that was read."""
    sizes = {"diameter_mm": shape.diameter, "length_mm": shape.length, "protrusion_mm": shape.protrusion}
    return stem.model_copy(update=sizes)


def coated(shape: CadStem, stem: StemTable) -> CadStem:
    """Return the shape with the coatings of its table.

    Raises
    ------
    GeometryError
        When they do not lie on it.
    """
    zones = tuple(Coating(zone.from_mm, zone.to_mm, zone.name) for zone in stem.coatings.values())
    return replace(shape, coatings=zones)
