"""A bone about an implant that stands askew in it: the bone's shape, turned and shifted.

Every question about the bone is asked in the implant's frame and answered by the bone as it was stated,
in its own. Both end faces are square to the implant's axis: the cut, because the rasp that makes its
face runs on the reamed axis, and the proximal end, because it is where the model ends and no face of the
patient's. The surfaces go on beyond the stated ends as far as these oblique faces need it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from geometry.bone import Bone, FloatArray
from geometry.errors import GeometryError
from geometry.jaw import Jaw
from geometry.pose import PLANNED, Pose


@dataclass(frozen=True)
class PosedBone(Bone):
    """A bone in the frame of an implant that stands askew in it.

    Semi-axes by level are those of the stated bone, across its own axis.

    Attributes
    ----------
    pose : Pose

    Raises
    ------
    GeometryError
        As `Bone`, and of a segment of the jaw, whose crest is not cut.
    """

    pose: Pose = PLANNED

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.outline, Jaw):
            raise GeometryError("An implant that stands askew in a segment of the jaw is not modelled.")

    @cached_property
    def stated(self) -> Bone:
        """The bone as it is stated, in its own frame."""
        return Bone(**{field.name: getattr(self, field.name) for field in fields(Bone)})

    @cached_property
    def span(self) -> tuple[float, float]:
        """Levels in the bone's frame between which its surfaces are needed, mm."""
        levels = np.linspace(0.0, self.length, 33)
        reach = float(self.stated.reach(levels).max())
        reach += math.hypot(self.pose.entry_front, self.pose.entry_left) + self.length * math.sin(
            self.pose.tilt
        )
        beyond = reach * math.tan(self.pose.tilt) + self.length * (1.0 - math.cos(self.pose.tilt)) + 1.0
        return -beyond, self.length + beyond

    @property
    def posed(self) -> bool:
        """See `Bone.posed`."""
        return True

    @property
    def is_plain(self) -> bool:
        """False: its axis is not the implant's."""
        return False

    def _centreline(self, level: FloatArray) -> FloatArray:
        """Places of the centreline at levels along the implant's axis, shape (n, 3), mm."""
        level = np.atleast_1d(np.asarray(level, dtype=np.float64))
        own = level
        for _ in range(8):
            centre = np.stack([self.stated.centre(own), np.zeros_like(own), own], axis=1)
            found = self.pose.to_implant(centre)
            own = own + (level - found[:, 2])
        return found

    def centre(self, level: FloatArray) -> FloatArray:
        """See `Bone.centre`: at levels along the implant's axis."""
        return self._centreline(level)[:, 0]

    def centre_left(self, level: FloatArray) -> FloatArray:
        """See `Bone.centre_left`."""
        return self._centreline(level)[:, 1]

    def outer_places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Bone.outer_places`: angles and levels are those about the bone's own axis."""
        return self.pose.to_implant(self.stated.outer_places(angle, level))

    def canal_places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Bone.canal_places`: angles and levels are those about the bone's own axis."""
        return self.pose.to_implant(self.stated.canal_places(angle, level))

    def reach(self, level: FloatArray) -> FloatArray:
        """See `Bone.reach`: that of the whole bone, at every level."""
        most = float(self.stated.reach(np.linspace(*self.span, 65)).max())
        shift = math.hypot(self.pose.entry_front, self.pose.entry_left)
        across = most + shift + self.length * math.sin(self.pose.tilt)
        return np.full(np.shape(np.atleast_1d(level)), across)

    def outside_outer(self, points: FloatArray) -> FloatArray:
        """See `Bone.outside_outer`."""
        return self.stated.outside_outer(self.pose.to_bone(points))

    def outside_canal(self, points: FloatArray) -> FloatArray:
        """See `Bone.outside_canal`."""
        return self.stated.outside_canal(self.pose.to_bone(points))

    def outside_core(self, points: FloatArray) -> FloatArray:
        """See `Bone.outside_core`."""
        return self.stated.outside_core(self.pose.to_bone(points))

    def material_frames(self, points: FloatArray) -> FloatArray:
        """See `Bone.material_frames`: the bone's own directions, as they stand in the implant's frame."""
        return np.asarray(self.pose.rotation.T @ self.stated.material_frames(self.pose.to_bone(points)))


def posed(bone: Bone, pose: Pose) -> Bone:
    """Return a bone about an implant in a pose; the bone itself where the implant stands as planned.

    Parameters
    ----------
    bone : Bone
    pose : Pose

    Raises
    ------
    GeometryError
        As `PosedBone`.
    """
    if pose.none:
        return bone
    return PosedBone(**{field.name: getattr(bone, field.name) for field in fields(Bone)}, pose=pose)
