"""Rigid motions of a body: their fields, which of them supports leave free, their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Length in mm that makes a rotation comparable with a translation.
LEVER = 50.0

_NAMES = (
    "translation along x (anterior)",
    "translation along y (left)",
    "translation along z (along the axis)",
    "rotation about x (tilt in the medio-lateral plane)",
    "rotation about y (tilt in the antero-posterior plane)",
    "rotation about z (about the axis)",
)


#: The same motions with their sense, negative and positive.
_SENSES = (
    ("sliding backwards (posterior)", "sliding forwards (anterior)"),
    ("sliding to the right", "sliding to the left"),
    ("sliding out along the axis (distally)", "sinking in along the axis (proximally)"),
    ("tilting about x in the medio-lateral plane",) * 2,
    ("tilting about y in the antero-posterior plane",) * 2,
    ("turning about the axis",) * 2,
)


def rigid_fields(points: FloatArray) -> FloatArray:
    """Return the six rigid motions as nodal displacements.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm

    Returns
    -------
    ndarray, shape (3 n, 6)
        Three translations by 1 mm, three rotations about the origin by 1 / `LEVER` rad.
    """
    fields = np.zeros((len(points), 3, 6))
    fields[:, :, :3] = np.eye(3)
    for axis in range(3):
        fields[:, :, 3 + axis] = np.cross(np.eye(3)[axis], points) / LEVER
    return fields.reshape(-1, 6)


def free_motions(fields: FloatArray, fixed: IntArray) -> FloatArray:
    """Find the combinations of rigid motions that the fixed unknowns leave free.

    Parameters
    ----------
    fields : ndarray, shape (3 n, 6)
        From `rigid_fields`.
    fixed : ndarray of int
        Unknowns that are held at zero.

    Returns
    -------
    ndarray, shape (6, k)
        Orthonormal columns; k = 6 where nothing is fixed, 0 where the body is held.
    """
    if not len(fixed):
        return np.eye(6)
    held = fields[fixed]
    return null_space(held.T @ held / len(fixed))


def null_space(gram: FloatArray, tolerance: float = 1e-10) -> FloatArray:
    """Return the null space of a symmetric positive semi-definite matrix.

    Parameters
    ----------
    gram : ndarray, shape (k, k)
    tolerance
        Eigenvalues below this fraction of the largest (or of 1) count as zero.

    Returns
    -------
    ndarray, shape (k, j)
        Orthonormal columns.
    """
    values, vectors = linalg.eigh(gram)
    return np.asarray(vectors[:, values <= tolerance * max(values.max(initial=0.0), 1e-300)])


def statically_determinate_pins(fields: FloatArray, motions: FloatArray, candidates: IntArray) -> IntArray:
    """Choose unknowns that stop the given motions, one each, without stress.

    Parameters
    ----------
    fields : ndarray, shape (3 n, 6)
    motions : ndarray, shape (6, k)
        From `free_motions`.
    candidates : ndarray of int
        Unknowns to choose among.

    Returns
    -------
    ndarray of int, shape (k,)
    """
    count = motions.shape[1]
    if not count:
        return np.zeros(0, dtype=np.int64)
    _, _, order = linalg.qr((fields[candidates] @ motions).T, mode="economic", pivoting=True)
    return np.sort(candidates[order[:count]])


def name_motion(motion: FloatArray) -> str:
    """Name the leading component of a rigid motion.

    Parameters
    ----------
    motion : ndarray, shape (6,)
        Amplitudes of the fields of `rigid_fields`.
    """
    return _NAMES[int(np.argmax(np.abs(motion)))]


def describe_motion(motion: FloatArray, thrust: FloatArray) -> str:
    """Name the component of a rigid motion in which a load does most work, with its sense.

    Parameters
    ----------
    motion : ndarray, shape (6,)
        Amplitudes of the fields of `rigid_fields`.
    thrust : ndarray, shape (6,)
        Work of the load on each of these fields.
    """
    leading = int(np.argmax(np.abs(motion * thrust)))
    return _SENSES[leading][int(motion[leading] > 0.0)]
