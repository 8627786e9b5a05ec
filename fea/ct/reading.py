"""Read a CT volume, its frame respected: NIfTI, MetaImage, or the folder of a DICOM series.

The header is read first, so that what is too large or no volume is refused before its voxels are. SimpleITK
gives every format in one frame, x to the left, y backwards, z to the head, in mm.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError
from geometry.scanned.volume import Volume

#: Ends of the names of files that are read; a folder is taken for a DICOM series.
ENDINGS = (".nii", ".nii.gz", ".mha", ".mhd")
#: Voxels that are read at most: three bytes and more each, several times.
MOST_VOXELS = 400_000_000
#: Largest spacing, mm, and largest ratio of two spacings, at which a cortical wall can be found.
MOST_SPACING, MOST_RATIO = 3.0, 6.0
#: How far the slices of a series may lie off equal distances, as a share of it; axes off right angles.
_UNEVEN, _SKEW = 0.02, 1e-3
#: Bytes of a NIfTI file's header at least, and of what is unpacked at once.
_NIFTI_HEADER, _CHUNK = 348, 1 << 24


@dataclass(frozen=True, eq=False)
class Scan:
    """What was read.

    Attributes
    ----------
    volume : Volume
    name : str
        Of the file or folder.
    digest : str
        Hexadecimal, of the voxels and where they are.
    """

    volume: Volume
    name: str
    digest: str


def read_scan(path: Path) -> Scan:
    """Read a volume.

    Parameters
    ----------
    path : Path
        A file that ends in one of `ENDINGS`, or a folder that holds one DICOM series.

    Returns
    -------
    Scan

    Raises
    ------
    GeometryError
        When there is none, it cannot be read, or no bone can be made of it.
    """
    kit = _kit()
    if not path.exists():
        raise GeometryError(f"There is no CT volume at {path}; paths are relative to the case file.")
    try:
        image = _series(kit, path) if path.is_dir() else _file(kit, path)
        values = kit.GetArrayFromImage(image)
    except RuntimeError:
        raise GeometryError(
            f"The CT volume {path.name} cannot be read: it is empty, cut short, or not of the format that its"
            " name says; export it again."
        ) from None
    volume = Volume(
        values,
        np.array(image.GetOrigin()),
        np.array(image.GetSpacing()),
        np.array(image.GetDirection()).reshape(3, 3),
    )
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise GeometryError(
            f"The CT volume {path.name} has {int((~np.isfinite(values)).sum())} voxels without a number."
        )
    content = hashlib.sha256(np.ascontiguousarray(values).data)
    for part in (volume.origin, volume.spacing, volume.axes):
        content.update(part.tobytes())
    return Scan(volume, path.name, content.hexdigest())


def read_mask(path: Path, of: Scan) -> NDArray[np.bool_]:
    """Read a mask of the bone's voxels, on the grid of a volume.

    Parameters
    ----------
    path : Path
    of : Scan
        The volume that it marks.

    Returns
    -------
    ndarray, shape (nz, ny, nx)
        True where the file is not 0.

    Raises
    ------
    GeometryError
        When it cannot be read or lies on another grid.
    """
    mask = read_scan(path).volume
    volume = of.volume
    if mask.shape != volume.shape:
        sizes = [" x ".join(str(count) for count in one.shape) for one in (mask, volume)]
        raise GeometryError(
            f"The mask {path.name} has {sizes[0]} voxels where the volume {of.name} has {sizes[1]}: give a"
            " mask of the same grid."
        )
    corners = np.array([[0.0, 0.0, 0.0], np.array(volume.shape) - 1.0])
    off = float(np.abs(mask.places(corners) - volume.places(corners)).max())
    if off > 0.1 * float(volume.spacing.min()):
        raise GeometryError(
            f"The mask {path.name} lies {off:.2f} mm off the volume {of.name}: give a mask of the same grid."
        )
    return np.asarray(mask.values != 0)


def _kit() -> Any:
    """Import SimpleITK when a volume is read, so that nothing else needs it."""
    try:
        import SimpleITK
    except ImportError:
        raise GeometryError(
            "CT volumes are read by SimpleITK, which this environment lacks: run make, or pip install"
            " SimpleITK."
        ) from None
    kit: Any = SimpleITK
    kit.ProcessObject.SetGlobalWarningDisplay(False)
    return kit


def _file(kit: Any, path: Path) -> Any:
    if not path.name.lower().endswith(ENDINGS):
        kinds = ", ".join(ENDINGS)
        raise GeometryError(
            f"The CT volume {path.name} must end in one of {kinds}, or be the folder of a DICOM series."
        )
    reader = kit.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    dimension, components = reader.GetDimension(), reader.GetNumberOfComponents()
    if dimension != 3 or components != 1:
        raise GeometryError(
            f"The CT volume {path.name} has {dimension} dimensions and {components} numbers a voxel, where a"
            " volume of CT numbers has 3 and 1."
        )
    _require_grid(path.name, reader.GetSize(), reader.GetSpacing(), reader.GetDirection())
    if ".nii" in path.name.lower():
        _require_whole(path, int(np.prod(reader.GetSize())) * int(reader.GetMetaData("bitpix")) // 8)
    return reader.Execute()


def _require_whole(path: Path, voxels: int) -> None:
    """Refuse a NIfTI file that is cut short, which SimpleITK fills up with zeros without a word.

    Raises
    ------
    RuntimeError
        As SimpleITK does of other formats.
    """
    found = path.stat().st_size
    if path.name.lower().endswith(".gz"):
        found = 0
        try:
            with gzip.open(path) as content:
                while part := content.read(_CHUNK):
                    found += len(part)
        except (EOFError, OSError, zlib.error):
            raise RuntimeError("cut short") from None
    if found < _NIFTI_HEADER + voxels:
        raise RuntimeError("cut short")


def _series(kit: Any, folder: Path) -> Any:
    reader = kit.ImageSeriesReader()
    found = reader.GetGDCMSeriesIDs(str(folder))
    if len(found) != 1:
        raise GeometryError(
            f"The folder {folder.name} holds {len(found)} DICOM series: give a folder that holds the one"
            " of the bone, and nothing else."
        )
    names = reader.GetGDCMSeriesFileNames(str(folder), found[0])
    places, head = [], kit.ImageFileReader()
    for name in names:
        head.SetFileName(name)
        head.ReadImageInformation()
        places.append(head.GetOrigin())
    size, spacing = head.GetSize(), head.GetSpacing()
    gaps = np.linalg.norm(np.diff(np.array(places), axis=0), axis=1)
    if len(gaps) < 2:
        raise GeometryError(
            f"The DICOM series in {folder.name} has {len(names)} slices, which are no volume."
        )
    usual = float(np.median(gaps))
    worst = int(np.argmax(np.abs(gaps - usual)))
    if not abs(gaps[worst] - usual) <= _UNEVEN * usual:
        raise GeometryError(
            f"The DICOM series in {folder.name} has slices {gaps[worst]:.2f} mm apart behind its slice"
            f" {worst + 1} ({Path(names[worst]).name}) where the others are {usual:.2f} mm apart: slices are"
            " missing; export the whole series."
        )
    _require_grid(folder.name, (*size[:2], len(names)), (*spacing[:2], usual), head.GetDirection())
    reader.SetFileNames(names)
    return reader.Execute()


def _require_grid(name: str, size: tuple[int, ...], spacing: tuple[float, ...], direction: Any) -> None:
    """Refuse a grid on which no bone can be found."""
    count = int(np.prod(np.array(size, dtype=np.int64)))
    if count > MOST_VOXELS:
        raise GeometryError(
            f"The CT volume {name} has {count:,} voxels, more than the {MOST_VOXELS:,} that are read: crop it"
            " to the bone."
        )
    if min(size) < 8:
        raise GeometryError(
            f"The CT volume {name} has {' x '.join(str(n) for n in size)} voxels: at least 8 are needed each"
            " way; export all slices."
        )
    wide, narrow = max(spacing), min(spacing)
    if wide > MOST_SPACING or wide > MOST_RATIO * narrow:
        raise GeometryError(
            f"The CT volume {name} has voxels of {' x '.join(f'{s:.3g}' for s in spacing)} mm, where walls"
            f" are found with {MOST_SPACING:g} mm and a ratio of {MOST_RATIO:g} at most: reconstruct it with"
            " thinner slices."
        )
    axes = np.array(direction).reshape(3, 3)
    if float(np.abs(axes.T @ axes - np.eye(3)).max()) > _SKEW or float(np.linalg.det(axes)) < 0.0:
        raise GeometryError(
            f"The CT volume {name} has axes that are not at right angles, or left-handed: its orientation is"
            " wrong; export it again without a gantry tilt or mirroring."
        )
