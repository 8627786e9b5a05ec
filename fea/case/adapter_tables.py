"""What lies outside the bone as a case file states it: the adapter, and where the load acts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fea.loads.fail_safe import FailSafe
from fea.loads.history import MomentPoint
from fea.loads.tables import LengthOrZero, Number, Table, Text


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


#: N m; the ends catch a limit in N mm, and no limb bone carries more.
Moment = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.1, le=1000)]
_NMM = 1000.0


class FailSafeTable(Table):
    """``[stem.adapter.fail_safe]``: a device in the adapter that slips above its limits."""

    distal_mm: LengthOrZero = Field(
        description="the distance of the device from the cut, distal along the axis"
    )
    bending_limit_Nm: Moment | None = Field(
        default=None, description="the resultant bending about its place above which it slips"
    )
    bending_limit_band_Nm: tuple[Moment, Moment] | None = Field(
        default=None, description="the least and the largest bending limit that must be reckoned with"
    )
    torque_limit_Nm: Moment | None = Field(
        default=None, description="the torque about the axis above which it slips"
    )
    torque_limit_band_Nm: tuple[Moment, Moment] | None = Field(
        default=None, description="the least and the largest torque limit that must be reckoned with"
    )

    @property
    def bands(self) -> int:
        """How many bands are stated."""
        return sum(band is not None for band in (self.bending_limit_band_Nm, self.torque_limit_band_Nm))

    def device(self, depth: float = 0.0) -> FailSafe:
        """Return the device, in N mm and mm, nearer to the cut by the depth, mm, that the stem is sunk."""
        bending, torque = (
            None if limit is None else limit * _NMM for limit in (self.bending_limit_Nm, self.torque_limit_Nm)
        )
        bands = [
            None if band is None else (band[0] * _NMM, band[1] * _NMM)
            for band in (self.bending_limit_band_Nm, self.torque_limit_band_Nm)
        ]
        return FailSafe(self.distal_mm - depth, bending, torque, *bands)


class AdapterTable(Table):
    """``[stem.adapter]``: the rigid lever to the prosthesis."""

    length_mm: LengthOrZero = Field(
        description="the distance from the cut to the reference point where the wrench acts"
    )
    surface: Text | None = Field(
        default=None,
        description="the condition of the surface on the way through the skin, by its name in the library",
    )
    fail_safe: FailSafeTable | None = Field(
        default=None, description="a device in the adapter that slips above a bending or torque limit"
    )
