r"""Invariants and directions of symmetric tensors, and their envelopes over a history.

Six components stand in the order XX YY ZZ XY YZ XZ. Strains carry engineering shear
(gamma = 2 epsilon), so that `principal_strain` halves it. Principal values are the roots

    m + 2 r cos(a), m + 2 r cos(a - 2 pi / 3), m + 2 r cos(a + 2 pi / 3),

m the mean, r = sqrt(J2 / 3) and a = arccos(J3 / (2 r^3)) / 3 with J2, J3 of the deviator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.solution import Fields, instants_of
from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Where the components of a symmetric matrix stand in a row of six.
_MATRIX = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2]])


def von_mises(stress: FloatArray) -> FloatArray:
    """Von Mises stress.

    Parameters
    ----------
    stress : ndarray, shape (..., 6), MPa

    Returns
    -------
    ndarray, shape (...), MPa
    """
    xx, yy, zz, xy, yz, xz = np.moveaxis(stress, -1, 0)
    direct = (xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2
    return np.asarray(np.sqrt(direct / 2 + 3 * (xy**2 + yz**2 + xz**2)))


def principal(tensor: FloatArray) -> FloatArray:
    """Principal values of a tensor whose shear components are the tensor's own.

    Parameters
    ----------
    tensor : ndarray, shape (..., 6)

    Returns
    -------
    ndarray, shape (..., 3)
        The largest first.
    """
    xx, yy, zz, xy, yz, xz = np.moveaxis(tensor, -1, 0)
    mean = (xx + yy + zz) / 3
    xx, yy, zz = xx - mean, yy - mean, zz - mean
    second = (xx**2 + yy**2 + zz**2) / 2 + xy**2 + yz**2 + xz**2
    third = xx * (yy * zz - yz**2) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
    radius = np.sqrt(second / 3)
    cube = 2 * radius**3
    cosine = np.divide(third, cube, out=np.ones_like(cube), where=cube > 0)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0)) / 3
    turns = np.array([0.0, -2 * np.pi / 3, 2 * np.pi / 3])
    return np.asarray(mean[..., None] + 2 * radius[..., None] * np.cos(angle[..., None] + turns))


def principal_strain(strain: FloatArray) -> FloatArray:
    """Principal strains of a strain with engineering shear.

    Parameters
    ----------
    strain : ndarray, shape (..., 6)

    Returns
    -------
    ndarray, shape (..., 3)
        The largest first.
    """
    return principal(strain * np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5]))


def hoop(stress: FloatArray, points: FloatArray, axis: Axis = STRAIGHT) -> FloatArray:
    """Component along the circumference about the implant axis.

    Parameters
    ----------
    stress : ndarray, shape (..., n, 6), MPa
    points : ndarray, shape (n, 3), mm
    axis : Axis
        The implant's; z where straight.

    Returns
    -------
    ndarray, shape (..., n), MPa
        On the axis, where there is no such direction, the mean over all of them.
    """
    points = axis.straighten(points)
    x, y = points[:, 0], points[:, 1]
    square = x**2 + y**2
    away = square > 1e-12
    safe = np.where(away, square, 1.0)
    xx, yy, xy = _across(stress, axis, points)
    around = (xx * y**2 + yy * x**2 - 2 * xy * x * y) / safe
    return np.asarray(np.where(away, around, (xx + yy) / 2))


def _across(
    stress: FloatArray, axis: Axis, straight: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Components in the section's plane: forwards, to the left, and their shear; each of shape (..., n)."""
    if axis.bow_radius is None:
        return stress[..., 0], stress[..., 1], stress[..., 3]
    full = stress[..., _MATRIX]
    front, left = np.moveaxis(axis.frames(straight)[:, :, :2], 2, 0)
    xx, yy, xy = (
        np.einsum("ni,...nij,nj->...n", a, full, b) for a, b in ((front, front), (left, left), (front, left))
    )
    return xx, yy, xy


@dataclass(frozen=True, eq=False)
class Peaks:
    """Largest value of a field over a history, node by node.

    Attributes
    ----------
    value : ndarray, shape (n,)
    instant : ndarray, shape (n,)
        Row of the history where it stands; the press-fit is row 0.
    """

    value: FloatArray
    instant: IntArray


@dataclass(frozen=True, eq=False)
class Envelope:
    """What a body bears at worst, over the press-fit and the judged cycle.

    Attributes
    ----------
    von_mises
        Von Mises stress, MPa.
    tension
        Largest principal strain.
    compression
        Magnitude of the least principal strain, 0 where there is no compression.
    """

    von_mises: Peaks
    tension: Peaks
    compression: Peaks


def envelope(fields: Fields) -> Envelope:
    """Return the envelopes of one body, taken instant by instant to stay small in memory.

    Parameters
    ----------
    fields : Fields

    Returns
    -------
    Envelope
    """
    count = fields.stress.shape[1]
    best = np.full((3, count), -np.inf)
    instant = np.zeros((3, count), dtype=np.int64)
    both = zip(instants_of(fields.stress), instants_of(fields.strain), strict=True)
    for row, (stress, strain) in enumerate(both):
        strains = principal_strain(strain)
        now = np.stack([von_mises(stress), np.maximum(strains[:, 0], 0.0), np.maximum(-strains[:, 2], 0.0)])
        larger = now > best
        best[larger] = now[larger]
        instant[larger] = row
    found = [Peaks(value, rows) for value, rows in zip(best, instant, strict=True)]
    return Envelope(*found)
