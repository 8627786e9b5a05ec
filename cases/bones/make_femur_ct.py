"""Write the volume of femur_ct.toml: a residual femur as a CT scanner would show it, with a known shape.

The femur is that of make_residual_femur.py, shorter. Its cortical bone has 1,450 HU within, 1,250 HU towards
the canal, and loses a seventh of it towards the trochanters; the scanner's blur is a Gaussian one of 0.5 mm
and every voxel has the mean over itself. Every number is an engineering assumption. Run it beside the file
that it writes: python make_femur_ct.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK
from make_residual_femur import BOW, LEAN, LENGTH, PLACE, canal, outer
from numpy.typing import NDArray
from scipy import ndimage

FloatArray = NDArray[np.float64]

#: Of the femur only what lies between these levels is in the scanner, mm; soft tissue beyond.
LOW, HIGH = 20.0, 215.0
SPACING, BLUR = np.array([0.8, 0.8, 1.5]), 0.5
SOFT, MARROW = 40.0, -60.0
#: Points in each voxel, along each axis; numbers are rounded to so many HU.
FINE, STEP = 3, 5


def in_shaft(points: FloatArray) -> FloatArray:
    """Turn the scanner's coordinates into anterior, left and along the bowed shaft."""
    y, x, z = (points - PLACE).T
    x = -x
    tilt, sway = np.radians(LEAN)
    y, z = y * np.cos(sway) + z * np.sin(sway), z * np.cos(sway) - y * np.sin(sway)
    x, z = x * np.cos(tilt) - z * np.sin(tilt), z * np.cos(tilt) + x * np.sin(tilt)
    along = z - LENGTH / 2
    away = np.hypot(BOW + x, along)
    return np.column_stack([away - BOW, y, BOW * np.arctan2(along, BOW + x) + LENGTH / 2])


def hounsfield(points: FloatArray) -> FloatArray:
    """Return the CT number at points of the shaft, HU."""
    angle, level = np.arctan2(points[:, 1], points[:, 0]), points[:, 2]
    away, wall, inner = np.hypot(points[:, 0], points[:, 1]), outer(angle, level), canal(angle, level)
    depth = np.clip((away - inner) / (wall - inner), 0.0, 1.0)
    dense = (1250.0 + 200.0 * np.minimum(2.5 * depth, 1.0)) * (1.0 - np.clip(level, 0.0, None) / 1500.0)
    within = (level >= LOW) & (level <= HIGH)
    return np.where(within & (away <= wall), np.where(away < inner, MARROW, dense), SOFT)


def main() -> None:
    """Write femur_ct.nii.gz beside this script."""
    origin, counts = PLACE + np.array([-33.6, -36.6, 13.5]), (64, 72, 137)
    offsets = (np.arange(FINE) + 0.5) / FINE - 0.5
    values = np.zeros(counts[::-1])
    across = np.stack(np.meshgrid(np.arange(counts[0]), np.arange(counts[1])), -1).reshape(-1, 2)
    for k in range(counts[2]):
        for shift in np.stack(np.meshgrid(offsets, offsets, offsets), -1).reshape(-1, 3):
            index = np.column_stack([across, np.full(len(across), k)]) + shift
            values[k] += hounsfield(in_shaft(origin + index * SPACING)).reshape(counts[1], counts[0])
    values = ndimage.gaussian_filter(values / FINE**3, BLUR / SPACING[::-1], mode="nearest")
    image = SimpleITK.GetImageFromArray((STEP * np.round(values / STEP)).astype(np.int16))
    image.SetSpacing(SPACING.tolist())
    image.SetOrigin(origin.tolist())
    path = Path(__file__).with_name("femur_ct.nii.gz")
    SimpleITK.WriteImage(image, str(path), useCompression=True, compressionLevel=9)


if __name__ == "__main__":
    main()
