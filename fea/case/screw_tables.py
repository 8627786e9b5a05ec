"""The lag screw of a stem as a case file states it, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydantic import Field

from fea.loads.tables import Coefficient, Length, LengthOrZero, Micrometres, Number, Table
from geometry.canal import Canal
from geometry.lag_screw import LARGEST_ANGLE, LEAST_ANGLE, LagScrew
from geometry.screw_seat import screw_seat_faults
from geometry.stem import Stem

#: Key path, what would be right, and what stands there.
Found = tuple[str, str, object]


class LagScrewTable(Table):
    """``[stem.lag_screw]``: a screw that is locked in the stem and crosses it."""

    diameter_mm: Length = Field(description="the diameter of the screw, a smooth cylinder")
    level_mm: Length = Field(description="the level at which the screw's axis crosses the implant's")
    angle_deg: Number = Field(
        default=90.0,
        ge=LEAST_ANGLE,
        le=LARGEST_ANGLE,
        description="the angle between the screw's axis and the implant's, 90 straight across; above it the"
        " tip points towards the hip",
    )
    direction_deg: Number = Field(
        default=0.0,
        ge=-360,
        le=360,
        description="where the tip points about the implant's axis, 0 anterior and 90 to the left",
    )
    tip_mm: Length = Field(description="the length along the screw from the implant's axis to the tip's end")
    head_mm: LengthOrZero = Field(
        default=0.0,
        description="the length along the screw from the implant's axis to the other end, 0 for none",
    )

    def shape(self) -> LagScrew:
        """Return the screw in mm and rad."""
        return LagScrew(
            self.diameter_mm, self.level_mm, self.tip_mm, self.head_mm, math.radians(self.angle_deg),
            math.radians(self.direction_deg),
        )  # fmt: skip


class LagScrewFitTable(Table):
    """``[fit.lag_screw]``: the fit of a lag screw in the hole that is drilled for it."""

    diametral_interference_um: Micrometres = Field(
        default=0.0, description="the effective diametral interference of screw and hole"
    )
    friction: Coefficient | None = Field(
        default=None, description="the coefficient of friction (default: as uncoated)"
    )


def screw_mistakes(table: LagScrewTable, stem: Stem) -> Iterator[Found]:
    """Yield what is wrong with a screw in its stem.

    Parameters
    ----------
    table : LagScrewTable
    stem : Stem
        Without the screw, sound in itself.
    """
    for size, requirement in stem.screw_faults(table.shape()):
        yield f"stem.lag_screw.{size}_mm", requirement, getattr(table, f"{size}_mm")


def seat_mistakes(canal: Canal, stem: Stem) -> Iterator[Found]:
    """Yield what is wrong with a screw in its bone.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    for size, requirement in screw_seat_faults(canal, stem):
        yield f"stem.lag_screw.{size}_mm", requirement, getattr(stem.lag_screw, size)
