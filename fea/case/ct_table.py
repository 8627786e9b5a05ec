"""A bone from a CT volume as a case file states it, and what is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from fea.case.mistake import Mistake
from fea.case.scan_table import beside_file
from fea.ct.bone import Imager, read_bone
from fea.ct.density import INSET_VOXELS, BoneDensity, ImagedMaterial
from fea.loads.tables import Length, Number, Positive, Table, Text
from geometry.axis import STRAIGHT, Axis
from geometry.scanned.bone import Scanned
from geometry.scanned.splined import SplinedOutline
from materials.bone import DensityChain
from materials.elasticity import Isotropic
from materials.entry import ASSUMPTION, Entry
from materials.errors import MaterialError
from materials.library import read_library
from materials.material import Material

if TYPE_CHECKING:
    from fea.case.shape_tables import BoneTable

_Component = Annotated[Number, Field(ge=-1e6, le=1e6)]
_Direction = tuple[_Component, _Component, _Component]
_Place = tuple[_Component, _Component, _Component]
_Hounsfield = Annotated[Number, Field(ge=-1000, le=30000)]

#: An engineering assumption (C2): above soft tissue and contrast, below cortical bone that the blur lowers.
THRESHOLD = 400.0


class CtDensityTable(Table):
    """``[bone.ct.density]``: the bone's density and modulus from its CT numbers."""

    offset_g_cm3: Number = Field(
        ge=-1, le=1, description="a of rho_QCT = a + b HU, by the scanner's calibration phantom"
    )
    slope_g_cm3_per_HU: Annotated[Positive, Field(le=0.1)] = Field(
        description="b of rho_QCT = a + b HU, by the scanner's calibration phantom"
    )
    source: Text = Field(description="where the calibration comes from")
    grade: Literal["A", "B", "C1", "C2", "C3"] = Field(description="how well the source is known")
    law: Text = Field(description="the name of a density law for Young's modulus in materials/library.toml")
    poisson_ratio: Annotated[Number, Field(gt=-1, lt=0.5)] = Field(
        default=0.3, description="Poisson's ratio of the bone, which is isotropic here"
    )
    mean: Literal["modulus", "density"] = Field(
        default="modulus",
        description="whether an element has the mean of the modulus, or the modulus of the mean density",
    )
    wall_inset_mm: Length | None = Field(
        default=None,
        description="the skin of the wall that gives no CT number, either side (default: 2.5 voxels)",
    )


class CtTable(Table):
    """``[bone.ct]``: the bone out of a CT volume, instead of stations."""

    file: Text = Field(
        description="the volume: a NIfTI or MetaImage file (.nii, .nii.gz, .mha, .mhd), or the folder of a"
        " DICOM series, relative to the case file"
    )
    mask: Text | None = Field(
        default=None, description="a file of the bone's voxels on the same grid, in place of threshold_HU"
    )
    threshold_HU: _Hounsfield = Field(
        default=THRESHOLD, description="the CT number above which a voxel is bone, to find it by"
    )
    cortical_HU: _Hounsfield | None = Field(
        default=None,
        description="the CT number of the bone in the wall, by which walls are found (default: the median"
        " over all rays of the largest one)",
    )
    near_mm: _Place | None = Field(
        default=None,
        description="a point in or at the bone, in the volume's frame: left, posterior, superior (default:"
        " the bone is the largest piece)",
    )
    proximal: _Direction = Field(
        default=(0.0, 0.0, 1.0), description="the direction towards the body: left, posterior, superior"
    )
    anterior: _Direction = Field(
        default=(0.0, -1.0, 0.0), description="the direction to the front: left, posterior, superior"
    )
    cut_mm: Length = Field(
        description="the level of the cut above the bone's most distal voxel, along the implant's axis"
    )
    density: CtDensityTable | None = Field(
        default=None, description="density and modulus by place; without it the bone is of one material"
    )


def ct_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield keys of other bones beside a volume."""
    if bone.ct is not None:
        yield from beside_file(bone, "ct")


def read_ct(bone: BoneTable, folder: Path, bow_radius: float | None) -> Scanned:
    """Read the bone's volume.

    Parameters
    ----------
    bone : BoneTable
        With a volume.
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
        When the volume cannot be read, or has no bone with a shaft and a canal.
    """
    table = bone.ct
    assert table is not None
    axis = STRAIGHT if bow_radius is None else Axis(bow_radius)
    imager = Imager(
        table.threshold_HU, table.proximal, table.anterior, table.cut_mm, bone.length_mm,
        table.cortical_HU, axis, table.near_mm,
    )  # fmt: skip
    return read_bone(folder / table.file, None if table.mask is None else folder / table.mask, imager)


def imaged_material(table: CtDensityTable, material: Material, scanned: Scanned, length: float) -> Material:
    """Return a material whose modulus follows from the volume.

    Parameters
    ----------
    table : CtDensityTable
    material : Material
        Whose strengths hold.
    scanned : Scanned
        From a volume.
    length : float, mm
        Of the bone.

    Returns
    -------
    ImagedMaterial

    Raises
    ------
    MaterialError
        When the law is unknown or no law for a modulus.
    GeometryError
        When the calibration gives a density that is none.
    """
    assert scanned.imaging is not None
    assert isinstance(scanned.canal, SplinedOutline)
    library = read_library()
    law = library.density_law(table.law)
    if law.quantity != "youngs_modulus":
        raise MaterialError(f"The law '{law.name}' gives a strength; choose one that gives Young's modulus.")
    if law.strain_rate_exponent:
        raise MaterialError(f"The law '{law.name}' hangs on the strain rate; choose one that does not.")
    entries = library.chain_entries
    chain = DensityChain(
        table.offset_g_cm3, table.slope_g_cm3_per_HU, *(
            entries[name].value for name in ("ash_offset", "ash_slope", "ash_fraction")
        )
    )  # fmt: skip
    bone = scanned.imaging.bone
    voxel = float(bone.found.volume.spacing.prod() ** (1 / 3))
    density = BoneDensity(
        bone, scanned.fitted.outer, scanned.canal, length, chain, law,
        INSET_VOXELS * voxel if table.wall_inset_mm is None else table.wall_inset_mm,
        table.mean, scanned.digest,
    )  # fmt: skip
    source = ASSUMPTION if table.grade.startswith("C") else table.source
    note = f"calibration by {table.source}"
    calibration = {
        "hu_offset": Entry(
            chain.hu_offset, "g/cm3", chain.hu_offset, chain.hu_offset, source, table.grade, note
        ),
        "hu_slope": Entry(chain.hu_slope, "g/cm3", chain.hu_slope, chain.hu_slope, source, table.grade, note),
    } | {name: entries[name] for name in ("ash_offset", "ash_slope", "ash_fraction")}
    mean = density.summary.modulus[1]
    return ImagedMaterial(
        f"{material.name} with the modulus of its CT density",
        Isotropic(mean, table.poisson_ratio),
        material.kind,
        strengths=material.strengths,
        note=f"{law.formula} MPa, densities in g/cm3, '{law.name}' [{law.grade}]; its mean stands here",
        by_place=density,
        calibration=calibration,
    )


def ct_uncertainty_mistakes(bone: BoneTable, uncertainty: object) -> Iterator[Mistake]:
    """Yield uncertain inputs that would put aside what the volume says."""
    if bone.ct is None or uncertainty is None:
        return
    keys = ("bone_material",) if bone.ct.density is not None else ()
    for key in (*keys, "wall_change_mm"):
        if getattr(uncertainty, key) is not None:
            message = "is not varied in a bone from a CT volume yet; leave it out"
            yield Mistake(f"uncertainty.{key}", message)
