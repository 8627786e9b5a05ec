"""Stiffness in global axes from stiffness in material axes.

With the material axes as columns of Q, local strain is ``Q^T strain Q``; as a 6 x 6 map A
of engineering strains (order ``XX YY ZZ XY YZ XZ``), equal energy in both axes gives
``C_global = A^T C A``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from materials.errors import MaterialError

FloatArray = NDArray[np.float64]

# Tensor indices of the six components.
_ROW = np.array([0, 1, 2, 0, 1, 0])
_COLUMN = np.array([0, 1, 2, 1, 2, 2])
# An engineering shear strain counts its tensor component twice.
_COUNT = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
# Frames come from normalised vectors: a few round-offs, never more.
_ORTHONORMAL = 1e-9


def strain_to_material_axes(frames: FloatArray) -> FloatArray:
    """Return the map from global to material engineering strain.

    Parameters
    ----------
    frames : ndarray, shape (n, 3, 3)
        Columns are the material axes 1, 2, 3 in global coordinates.

    Returns
    -------
    ndarray, shape (n, 6, 6)

    Raises
    ------
    MaterialError
        Where a frame is not orthonormal.
    """
    if frames.ndim != 3 or frames.shape[1:] != (3, 3):
        raise MaterialError(f"Frames have shape {frames.shape}; give (n, 3, 3), material axes as columns.")
    products = np.swapaxes(frames, 1, 2) @ frames
    errors = np.abs(products - np.eye(3)).max(axis=(1, 2), initial=0.0)
    # Negated, so that a NaN is refused too.
    wrong = np.flatnonzero(~(errors <= _ORTHONORMAL))
    if wrong.size:
        first = int(wrong[0])
        raise MaterialError(
            f"Frame {first} is not orthonormal (products of its axes miss those of unit vectors by "
            f"{errors[first]:.2g}); give perpendicular unit vectors as columns."
        )
    local_row, local_column = _ROW[:, None], _COLUMN[:, None]
    straight = frames[:, _ROW, local_row] * frames[:, _COLUMN, local_column]
    crossed = frames[:, _COLUMN, local_row] * frames[:, _ROW, local_column]
    strains: FloatArray = 0.5 * _COUNT[:, None] * (straight + crossed)
    return strains


def rotate_stiffness(stiffness: FloatArray, frames: FloatArray) -> FloatArray:
    """Return the stiffness in global axes.

    Parameters
    ----------
    stiffness : ndarray, shape (6, 6) or (n, 6, 6), MPa
        In the material axes.
    frames : ndarray, shape (n, 3, 3)
        Columns are the material axes 1, 2, 3 in global coordinates.

    Returns
    -------
    ndarray, shape (n, 6, 6), MPa

    Raises
    ------
    MaterialError
        Where a frame is not orthonormal.
    """
    strains = strain_to_material_axes(frames)
    rotated: FloatArray = np.swapaxes(strains, 1, 2) @ stiffness @ strains
    return rotated
