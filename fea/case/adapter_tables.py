"""What lies outside the bone as a case file states it: the adapter, and where the load acts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fea.loads.history import MomentPoint
from fea.loads.tables import LengthOrZero, Number, Table


class ActsAtTable(Table):
    """``[activity.acts_at]``: the point that the history's force and moment act at."""

    place: Literal["knee", "foot", "sensor", "point"] = Field(
        default="point", description="what stands there: knee, foot, sensor or point"
    )
    distal_mm: LengthOrZero = Field(
        description="the distance of the point from the cut, distal along the axis"
    )
    anterior_mm: Number = Field(
        default=0.0, ge=-2000, le=2000, description="how far the point lies in front of the axis"
    )
    lateral_mm: Number = Field(
        default=0.0, ge=-2000, le=2000, description="how far the point lies lateral of the axis"
    )

    def point(self) -> MomentPoint:
        """Return the point, in mm."""
        return MomentPoint(0.0 - self.distal_mm, self.anterior_mm, self.lateral_mm, self.place)


class AdapterTable(Table):
    """``[stem.adapter]``: the rigid lever to the prosthesis."""

    length_mm: LengthOrZero = Field(
        description="the distance from the cut to the reference point where the wrench acts"
    )
