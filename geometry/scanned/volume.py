"""A volume of CT numbers in space, and which of its voxels are the bone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from geometry.errors import GeometryError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer[Any]]

#: How much of the volume is kept round the bone, mm: soft tissue beside the wall, and no more.
MARGIN = 12.0
#: The largest CT number that twelve bits hold, HU: voxels that have it may be denser than it says.
LARGEST = 3071
#: How far from another bone's voxels its blur is taken out, voxels.
_BLUR = 2
#: How far from a stated point its bone is looked for, mm: from the middle of a canal to its wall, and beyond.
NEAR = 30.0
#: Pieces of fewer voxels than this share of the largest are specks, not bones.
_SPECK = 0.01


@dataclass(frozen=True, eq=False)
class Volume:
    """Numbers on a grid.

    Attributes
    ----------
    values : ndarray, shape (nz, ny, nx), HU
        The last index runs fastest, along the first axis of the grid.
    origin : ndarray, shape (3,), mm
        Centre of the first voxel: left, posterior, superior.
    spacing : ndarray, shape (3,), mm
        Along the three axes of the grid.
    axes : ndarray, shape (3, 3)
        Columns: the directions of the grid.
    """

    values: NDArray[np.number[Any]]
    origin: FloatArray
    spacing: FloatArray
    axes: FloatArray

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of voxels along the three axes of the grid."""
        return self.values.shape[::-1]

    def places(self, indices: FloatArray) -> FloatArray:
        """Return where voxels are, shape (n, 3), mm, from their numbers along the three axes."""
        return np.asarray(self.origin + (indices * self.spacing) @ self.axes.T)

    def _indices(self, points: FloatArray) -> FloatArray:
        return np.asarray((points - self.origin) @ self.axes / self.spacing)

    def covers(self, points: FloatArray) -> BoolArray:
        """Return which points, shape (n, 3), lie between the centres of voxels."""
        index = self._indices(points)
        return np.asarray(((index >= -1e-9) & (index <= np.array(self.shape) - 1 + 1e-9)).all(axis=1))

    def sample(self, points: FloatArray) -> FloatArray:
        """Interpolate linearly between voxels.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), HU
            Beyond the volume the nearest voxel's.
        """
        index = self._indices(points).T[::-1]
        found = ndimage.map_coordinates(self.values, index, output=np.float64, order=1, mode="nearest")
        return np.asarray(found)

    def cropped(self, keep: tuple[slice, ...]) -> Volume:
        """Return a part of the grid."""
        first = np.array([part.start for part in keep[::-1]], dtype=np.float64)
        return replace(self, values=self.values[keep].copy(), origin=self.places(first))


@dataclass(frozen=True, eq=False)
class Found:
    """The bone's voxels in a volume.

    Attributes
    ----------
    volume : Volume
        Round the bone.
    alone : Volume
        The same with other bones taken out, for rays that look for the bone's wall.
    rim : ndarray, shape (n, 3), mm
        Centres of the bone's outermost voxels.
    voxels
        How many are the bone's.
    pieces
        How many separate pieces there were, the bone being the largest or the one at a stated point.
    clipped
        How many of the bone's voxels have a scanner's largest number or more.
    """

    volume: Volume
    alone: Volume
    rim: FloatArray
    voxels: int
    pieces: int
    clipped: int


def find_bone(
    volume: Volume, threshold: float, mask: BoolArray | None = None, near: FloatArray | None = None
) -> Found:
    """Find the largest piece of bone, or the one at a point.

    Parameters
    ----------
    volume : Volume
    threshold : float, HU
        Above which a voxel is bone.
    mask : ndarray, shape (nz, ny, nx), optional
        The voxels of the bone, in place of the threshold.
    near : ndarray, shape (3,), mm, optional
        The piece nearest to this point is the bone; specks are left out.

    Returns
    -------
    Found

    Raises
    ------
    GeometryError
        When there is none, or none near the point.
    """
    dense: BoolArray = np.asarray(volume.values > threshold)
    chosen = dense if mask is None else mask
    if not chosen.any():
        if mask is not None:
            raise GeometryError("The mask has no voxel that is not 0: mark the bone's voxels in it.")
        raise GeometryError(
            f"No voxel is above {threshold:g} HU, the largest has {float(volume.values.max()):g} HU: state a"
            " lower threshold_HU, or see that the file holds Hounsfield units."
        )
    labels, pieces = ndimage.label(chosen)
    boxes = ndimage.find_objects(labels)
    sizes = np.bincount(labels.ravel())[1:]
    chosen_piece = int(np.argmax(sizes)) if near is None else _piece_at(volume, labels, sizes, near)
    keep = tuple(
        slice(max(0, box.start - reach), min(count, box.stop + reach))
        for box, reach, count in zip(
            boxes[chosen_piece],
            np.ceil(MARGIN / volume.spacing[::-1]).astype(int).tolist(),
            volume.values.shape,
            strict=True,
        )
    )
    bone: BoolArray = labels[keep] == chosen_piece + 1
    del labels
    round_it = volume.cropped(keep)
    rim = bone & ~ndimage.binary_erosion(bone)
    places = round_it.places(np.argwhere(rim)[:, ::-1].astype(np.float64))
    clipped = int((round_it.values[bone] >= LARGEST).sum())
    alone = _without(round_it, dense[keep] & ~bone, bone)
    return Found(round_it, alone, places, int(sizes[chosen_piece]), int(pieces), clipped)


def _piece_at(volume: Volume, labels: IntArray, sizes: IntArray, near: FloatArray) -> int:
    """Return the number of the piece that is no speck and has the voxel nearest to a point."""
    middle = (near - volume.origin) @ volume.axes / volume.spacing
    reach = NEAR / volume.spacing
    counts = np.array(volume.shape)
    low = np.clip(np.floor(middle - reach), 0, counts).astype(int)
    high = np.clip(np.ceil(middle + reach) + 1, 0, counts).astype(int)
    box = tuple(slice(a, b) for a, b in zip(low[::-1].tolist(), high[::-1].tolist(), strict=True))
    bones = np.concatenate([[False], sizes >= _SPECK * sizes.max()])
    index = np.argwhere(bones[labels[box]]) + low[::-1]
    away = np.linalg.norm(volume.places(index[:, ::-1].astype(np.float64)) - near, axis=1)
    if not len(away) or away.min() > NEAR:
        x, y, z = near.tolist()
        raise GeometryError(
            f"No bone lies within {NEAR:g} mm of near_mm = [{x:g}, {y:g}, {z:g}]: state a point in the bone,"
            " in the volume's frame (left, posterior, superior)."
        )
    return int(labels[tuple(index[np.argmin(away)])]) - 1


def _without(volume: Volume, others: BoolArray, bone: BoolArray) -> Volume:
    """Put the soft tissue's number where other bones are, not nearer to this one than its own blur."""
    if not others.any():
        return volume
    taken = ndimage.binary_dilation(others, iterations=_BLUR)
    taken &= ~ndimage.binary_dilation(bone, iterations=_BLUR)
    if taken.all() or not taken.any():
        return volume
    values = volume.values.copy()
    values[taken] = np.median(values[~taken & ~bone])
    return replace(volume, values=values)
