"""CT phantoms whose walls, axis and density are known, with a scanner's blur and partial volume."""

from __future__ import annotations

import locale
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial.transform import Rotation

from geometry.scanned.volume import Volume

FloatArray = NDArray[np.float64]
#: CT numbers of soft tissue and of marrow.
SOFT, MARROW = 40.0, -60.0
_FINE = 3
#: How a tube lies in the scanner unless told.
LEAN = Rotation.from_euler("xyz", [7.0, -9.0, 20.0], degrees=True)


@dataclass(frozen=True)
class Tube:
    """A tube of bone about an axis through `centre`, along the third axis of `turn`.

    Attributes
    ----------
    outer, canal : float, mm
        Radii.
    half : float, mm
        Half its length.
    bone : function of points in the tube's own frame, HU
    """

    outer: float = 13.0
    canal: float = 7.5
    half: float = 45.0
    bone: Callable[[FloatArray], FloatArray] = lambda points: np.full(len(points), 1400.0)
    turn: Rotation = LEAN
    centre: tuple[float, float, float] = (41.0, -28.0, -310.0)


def imaged(
    tube: Tube,
    spacing: tuple[float, float, float] = (0.7, 0.7, 1.0),
    axes: Rotation | None = None,
    blur: float = 0.6,
    noise: float = 0.0,
    air: float = 6.0,
) -> Volume:
    """Take a CT volume of a tube: means over voxels by 27 points each, a Gaussian blur (mm), noise (HU)."""
    grid = Rotation.identity() if axes is None else axes
    pitch, centre = np.array(spacing), np.array(tube.centre)
    # The tube's bounding box in the grid's axes.
    across = np.abs(grid.inv().as_matrix() @ tube.turn.as_matrix())
    reach = across @ np.array([tube.outer, tube.outer, tube.half]) + air
    counts = np.ceil(2 * reach / pitch).astype(int) + 1
    origin = centre - grid.apply((counts - 1) / 2 * pitch)
    offsets = (np.arange(_FINE) + 0.5) / _FINE - 0.5
    values = np.zeros(tuple(counts[::-1]), dtype=np.float64)
    plane = np.stack(np.meshgrid(np.arange(counts[0]), np.arange(counts[1]), indexing="xy"), -1)
    for k in range(counts[2]):
        total = np.zeros(counts[0] * counts[1])
        for dx in offsets:
            for dy in offsets:
                for dz in offsets:
                    index = np.column_stack(
                        [plane.reshape(-1, 2) + np.array([dx, dy]), np.full(counts[0] * counts[1], k + dz)]
                    )
                    points = tube.turn.inv().apply(origin - centre + grid.apply(index * pitch))
                    r = np.hypot(points[:, 0], points[:, 1])
                    inside = np.abs(points[:, 2]) <= tube.half
                    found = np.where(inside & (r < tube.canal), MARROW, SOFT)
                    wall = inside & (r >= tube.canal) & (r <= tube.outer)
                    found[wall] = tube.bone(points[wall])
                    total += found
        values[k] = total.reshape(counts[1], counts[0]) / _FINE**3
    if blur:
        values = ndimage.gaussian_filter(values, blur / pitch[::-1], mode="nearest")
    if noise:
        values += np.random.default_rng(1).normal(0.0, noise, values.shape)
    return Volume(np.round(values).astype(np.int16), origin, pitch, grid.as_matrix())


def write_volume(path: Path, volume: Volume) -> Path:
    """Write NIfTI or MetaImage by the file's ending, compressed."""
    SimpleITK.WriteImage(image_of(volume), str(path), useCompression=True)
    return path


def image_of(volume: Volume) -> SimpleITK.Image:
    """Return a volume as SimpleITK has it."""
    image = SimpleITK.GetImageFromArray(volume.values)
    image.SetOrigin(volume.origin.tolist())
    image.SetSpacing(volume.spacing.tolist())
    image.SetDirection(volume.axes.ravel().tolist())
    return image


def write_series(folder: Path, volume: Volume) -> Path:
    """Write a DICOM series, a file a slice; the writer sets the program's locale, which is set back."""
    before = locale.setlocale(locale.LC_ALL)
    image = image_of(volume)
    folder.mkdir(exist_ok=True)
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    axes = volume.axes
    for k in range(volume.shape[2]):
        piece = image[:, :, k]
        place = volume.places(np.array([[0.0, 0.0, float(k)]]))[0]
        tags = {
            "0008|0060": "CT",
            "0020|000e": "1.2.826.0.1.3680043.2.1125.1",
            "0020|000d": "1.2.826.0.1.3680043.2.1125.2",
            "0008|0018": f"1.2.826.0.1.3680043.2.1125.3.{k + 1}",
            "0020|0052": "1.2.826.0.1.3680043.2.1125.4",
            "0020|0032": "\\".join(f"{value:.6f}" for value in place),
            "0020|0037": "\\".join(f"{value:.9f}" for value in (*axes[:, 0], *axes[:, 1])),
            "0020|0013": str(k + 1),
            "0018|0050": f"{volume.spacing[2]:.4f}",
        }
        for key, value in tags.items():
            piece.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"slice_{k:04d}.dcm"))
        writer.Execute(piece)
    locale.setlocale(locale.LC_ALL, before)
    return folder
