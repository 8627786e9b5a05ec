"""How a case is looked at: from where, along which cut, and how large it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.post.render.shot import ANTERIOR, LEFT, MESIAL, View
from geometry.jaw import Jaw
from geometry.scanned.whole import Whole

FloatArray = NDArray[np.float64]

#: Least share of the distances in mm that suit a long bone, for a small one.
_LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Look:
    """How a case is looked at.

    Attributes
    ----------
    view
    axis
        Across which bone and stem are cut.
    plane
        The plane of the cut, in words.
    share
        Of the distances in mm that suit a long bone.
    mouth
        What the stem enters by, in words.
    """

    view: View
    axis: int
    plane: str
    share: float
    mouth: str = "mouth of the canal at the cut"

    @property
    def step(self) -> float:
        """Between levels on the axis of depth, mm."""
        return 20.0 if self.share == 1.0 else 5.0

    @property
    def fine_step(self) -> float:
        """The same beside close-ups, mm."""
        return 10.0 if self.share == 1.0 else 2.0

    def turned(self, place: Sequence[float] | FloatArray) -> tuple[float, float, float]:
        """Return a place of the antero-posterior plane on the same side of the picture of the cut."""
        x, y, z = (float(value) for value in place)
        return (x, y, z) if self.axis == 1 else (y, -x, z)


def look_at(case: Case) -> Look:
    """Return how a case is looked at: from the left, a jaw from mesial, a whole bone from anterior.

    Parameters
    ----------
    case : Case
    """
    share = 1.0 if case.bone.length >= 100.0 else max(case.bone.length / 100.0, _LEAST_SHARE)
    if isinstance(case.bone.outline, Jaw):
        return Look(MESIAL, 0, "bucco-lingual", share, "mouth of the hole at the crest")
    if isinstance(case.bone.outline, Whole):
        return Look(ANTERIOR, 0, "frontal", share)
    return Look(LEFT, 1, "antero-posterior", share)
