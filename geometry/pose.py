r"""The pose of an implant in a bone: where the surgeon entered, and along which axis was reamed.

Reamer and stem have the implant's axis in common, so that an error of the pose moves the bone in the
implant's frame. Tilts are what radiographs show: seen from the side the implant's tip leans to the
front by the angle `front`, seen from the front to the left by `left`. The axis then points along
(tan front, tan left, 1) in the bone's frame; the implant is carried there by the smallest rotation
that does so, after a turn about its own axis, and its point at the cut stands at `entry`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError

FloatArray = NDArray[np.float64]

#: Largest tilts, rad, and offsets, mm, that are taken for errors of a pose; a turn may be any.
LARGEST_TILT, LARGEST_OFFSET = math.radians(10.0), 15.0


@dataclass(frozen=True)
class Pose:
    """Where the implant's frame stands in the bone's.

    Attributes
    ----------
    tilt_front, tilt_left : float, rad
        By which the tip leans to the front and to the patient's left, projected on the sagittal and
        the frontal plane.
    turn : float, rad
        Of the implant about its axis, from the front to the left.
    entry_front, entry_left : float, mm
        Where the axis passes the level of the cut.

    Raises
    ------
    GeometryError
        When a tilt or an offset is no error of a pose.
    """

    tilt_front: float = 0.0
    tilt_left: float = 0.0
    turn: float = 0.0
    entry_front: float = 0.0
    entry_left: float = 0.0

    def __post_init__(self) -> None:
        for name in ("tilt_front", "tilt_left"):
            angle = getattr(self, name)
            if not abs(angle) <= LARGEST_TILT:
                raise GeometryError(
                    f"The implant's axis may lean by at most {math.degrees(LARGEST_TILT):g} degrees,"
                    f" but it leans by {math.degrees(angle):g} degrees."
                )
        for name in ("entry_front", "entry_left"):
            offset = getattr(self, name)
            if not abs(offset) <= LARGEST_OFFSET:
                raise GeometryError(
                    f"The implant's axis may be offset by at most {LARGEST_OFFSET:g} mm,"
                    f" but it is offset by {offset:g} mm."
                )
        if not math.isfinite(self.turn):
            raise GeometryError("The implant's turn about its axis must be a finite angle.")

    @property
    def none(self) -> bool:
        """True where the implant stands as planned."""
        return self == PLANNED

    @property
    def tilt(self) -> float:
        """Angle between the axes of bone and implant, rad."""
        return math.atan(math.hypot(math.tan(self.tilt_front), math.tan(self.tilt_left)))

    @cached_property
    def rotation(self) -> FloatArray:
        """Directions of the implant's frame in the bone's, as columns, shape (3, 3)."""
        ahead = np.array([math.tan(self.tilt_front), math.tan(self.tilt_left), 1.0])
        x, y, z = ahead / np.linalg.norm(ahead)
        leaning = np.array(
            [
                [1.0 - x * x / (1.0 + z), -x * y / (1.0 + z), x],
                [-x * y / (1.0 + z), 1.0 - y * y / (1.0 + z), y],
                [-x, -y, z],
            ]
        )
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        turned = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        return np.asarray(leaning @ turned)

    @cached_property
    def entry(self) -> FloatArray:
        """Where the implant's origin stands in the bone's frame, shape (3,), mm."""
        return np.array([self.entry_front, self.entry_left, 0.0])

    def to_bone(self, points: FloatArray) -> FloatArray:
        """Give positions in the bone's frame.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            In the implant's frame.

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        return np.asarray(points @ self.rotation.T + self.entry)

    def to_implant(self, points: FloatArray) -> FloatArray:
        """Give positions in the implant's frame.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            In the bone's frame.

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        return np.asarray((points - self.entry) @ self.rotation)


#: The pose of an implant that stands as planned.
PLANNED = Pose()
