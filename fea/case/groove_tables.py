"""Flutes, splines and slot of a stem as a case file states them, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from fea.loads.tables import Length, LengthOrZero, Number, Table
from geometry.groove_faults import Turned, groove_faults
from geometry.grooves import Flutes, Splines
from geometry.slot import Slot

#: Keys of the tables by the sizes of the shapes.
_KEYS = {"start": "from_mm", "end": "to_mm", "first_angle": "first_deg", "number": "number"}

BarCount = Field(strict=True, le=100, description="how many there are, equally spaced about the axis")
RunOut = Field(
    default=0.0,
    description="the length along the axis in which each end runs out to the flank, 0 for an end wall",
)
FirstAngle = Field(
    default=0.0,
    ge=-360,
    le=360,
    description="the angle of the first one about the axis, 0 anterior and 90 to the left",
)


class FlutesTable(Table):
    """``[stem.flutes]``: grooves along the flank."""

    number: int = BarCount
    depth_mm: Length = Field(description="the depth of a flute's floor below the flank")
    width_mm: Length = Field(description="the chord between the two edges of a flute")
    from_mm: Number = Field(
        default=0.0,
        ge=-2000,
        le=2000,
        description="the level at which the flutes begin; at the stem's distal end they run through",
    )
    to_mm: Length = Field(
        description="the level at which the flutes end; from the tip's rounding on they run through"
    )
    run_out_mm: LengthOrZero = RunOut
    first_deg: Number = FirstAngle

    def shape(self) -> Flutes:
        """Return the flutes in mm and rad."""
        return Flutes(
            self.number, self.depth_mm, self.width_mm, self.from_mm, self.to_mm, self.run_out_mm,
            math.radians(self.first_deg),
        )  # fmt: skip


class SplinesTable(Table):
    """``[stem.splines]``: ribs along the flank that stand into the reamed wall."""

    number: int = BarCount
    height_mm: Length = Field(description="the height of a spline's crest above the flank")
    width_mm: Length = Field(description="the chord between the two edges of a spline at its foot")
    from_mm: LengthOrZero = Field(default=0.0, description="the level at which the splines begin")
    to_mm: Length = Field(description="the level at which the splines end")
    run_out_mm: LengthOrZero = RunOut
    first_deg: Number = FirstAngle

    def shape(self) -> Splines:
        """Return the splines in mm and rad."""
        return Splines(
            self.number, self.height_mm, self.width_mm, self.from_mm, self.to_mm, self.run_out_mm,
            math.radians(self.first_deg),
        )  # fmt: skip


class SlotTable(Table):
    """``[stem.slot]``: a slot in the tip."""

    width_mm: Length = Field(description="the width of the slot, and the diameter of its round root")
    depth_mm: Length = Field(description="the depth of the slot, from the tip to its root")
    plane: Literal["sagittal", "coronal"] = Field(
        default="coronal",
        description="the plane that holds the slot: sagittal opens it to the front and the back,"
        " coronal to both sides",
    )

    def shape(self) -> Slot:
        """Return the slot in mm."""
        return Slot(self.width_mm, self.depth_mm, self.plane)


def groove_mistakes(
    turned: Turned, flutes: FlutesTable | None, splines: SplinesTable | None, slot: SlotTable | None
) -> Iterator[tuple[str, str, object]]:
    """Yield what is wrong with them: key path, what would be right, and what stands there.

    Parameters
    ----------
    turned : Turned
        The stem without them, sound in itself.
    flutes, splines, slot
        None where the stem has none.
    """
    tables = {"flutes": flutes, "splines": splines, "slot": slot}
    found = groove_faults(
        turned,
        None if flutes is None else flutes.shape(),
        None if splines is None else splines.shape(),
        None if slot is None else slot.shape(),
    )
    for part, size, requirement in found:
        key = _KEYS.get(size, f"{size}_mm")
        yield f"stem.{part}.{key}", requirement, getattr(tables[part], key)
