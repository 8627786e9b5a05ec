"""The face of an anchor's plate as a flat map: seen from the hip, anterior at the top, left on the left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.render.surface import contact_surface
from fea.post.unrolled import Patches, Unrolled
from fea.solution import Interface
from geometry.zones import COLLAR

FloatArray = NDArray[np.float64]

#: Sectors and rings over which friction is averaged for arrows.
SECTORS, RINGS = 12, 2


@dataclass(frozen=True, eq=False)
class Face(Unrolled):
    """The plate's face; `radius` is that of its contact, and `depth` is the level everywhere.

    Attributes
    ----------
    right, down : ndarray, shape (m,), mm
        Position on the map, from the implant's axis: towards the patient's right and the back.
    """

    right: FloatArray
    down: FloatArray

    def areas(self) -> FloatArray:
        """Areas of the triangles on the map.

        Returns
        -------
        ndarray, shape (t,), mm^2
        """
        x, y = self.right[self.triangles], self.down[self.triangles]
        return np.asarray(
            np.abs((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])) / 2
        )


def plate_face(interface: Interface) -> Face:
    """Lay the plate's face flat.

    Parameters
    ----------
    interface : Interface
        Of an anchor: it has nothing but a plate.

    Returns
    -------
    Face
    """
    surface, facets = contact_surface(interface, interface.within(COLLAR))
    x, y, z = surface.points.T
    return Face(
        angle=np.degrees(np.arctan2(y, x)),
        depth=z,
        triangles=surface.triangles,
        repeated=np.zeros(len(surface.triangles), dtype=bool),
        facet=np.repeat(facets, len(surface.linear), axis=0),
        weight=np.tile(surface.linear, (len(facets), 1)),
        radius=float(np.hypot(x, y).max()),
        right=-y,
        down=-x,
    )


@dataclass(frozen=True, eq=False)
class FacePatches(Patches):
    """Friction on the bone, averaged over patches of the plate.

    Attributes
    ----------
    distance : ndarray, shape (k,), mm
        Of the patches' middles from the axis; `depth` is 0.
    radial : ndarray, shape (k,), MPa
        Component away from the axis; `axial` is 0.
    """

    distance: FloatArray
    radial: FloatArray

    @property
    def size(self) -> FloatArray:
        """Magnitudes, MPa, shape (k,)."""
        return np.asarray(np.hypot(self.around, self.radial))


def face_friction(interface: Interface, traction: FloatArray) -> FacePatches:
    """Average friction over patches of the plate.

    Parameters
    ----------
    interface : Interface
    traction : ndarray, shape (n, 3), MPa
        Pressure and the two components of friction.

    Returns
    -------
    FacePatches
    """
    x, y = interface.points[:, :2].T
    angle, distance = np.arctan2(y, x), np.hypot(x, y)
    vector = traction[:, 1:2] * interface.axial + traction[:, 2:3] * interface.circumferential
    # Averaged along fixed axes of each patch's middle.
    low, high = distance.min(), distance.max() + 1e-9
    sector = np.floor((angle / np.pi + 1.0) / 2.0 * SECTORS).astype(np.int64) % SECTORS
    ring = ((distance - low) / (high - low) * RINGS).astype(np.int64).clip(0, RINGS - 1)
    patch = ring * SECTORS + sector
    total = np.bincount(patch, interface.area, minlength=RINGS * SECTORS)
    number = np.flatnonzero(total > 0.0)
    mean = [
        np.bincount(patch, interface.area * part, minlength=RINGS * SECTORS)[number] / total[number]
        for part in vector.T[:2]
    ]
    middle = (number % SECTORS + 0.5) / SECTORS * 2.0 * np.pi - np.pi
    cosine, sine = np.cos(middle), np.sin(middle)
    zero = np.zeros(len(number))
    return FacePatches(
        angle=np.degrees(middle),
        depth=zero,
        around=mean[1] * cosine - mean[0] * sine,
        axial=zero,
        distance=low + (number // SECTORS + 0.5) * (high - low) / RINGS,
        radial=mean[0] * cosine + mean[1] * sine,
    )
