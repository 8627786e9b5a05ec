"""The pre-tensioned anchor of a stem as a case file states it, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from fea.loads.tables import Length, Number, Positive, Table
from geometry.anchor import MOST_PINS, Anchor, Fault, Pin

if TYPE_CHECKING:
    from fea.case.schema import SupportsTable
    from fea.case.shape_tables import StemTable

#: Name of the bar's preload among those of a case.
BAR = "anchor bar"
#: Least and largest preload, N: beyond them it is a slip of the keyboard.
LEAST_PRELOAD, MOST_PRELOAD = 100.0, 20_000.0

#: Keys below ``stem`` by the size of a fault.
_KEYS = {
    "collar": "collar",
    "gap": "collar.gap_um",
    "tip_radius": "tip_radius_mm",
    "pins": "anchor.pin_levels_mm",
    "level": "anchor.pin_levels_mm",
}


class AnchorTable(Table):
    """``[stem.anchor]``: a bar under tension from the stem, its spindle, to pins across the bone."""

    preload_N: Positive = Field(
        ge=LEAST_PRELOAD,
        le=MOST_PRELOAD,
        description="the force of the bar, which presses the collar on the cut",
    )
    washer_stiffness_N_per_mm: Positive | None = Field(
        default=None,
        le=1_000_000,
        description="the stiffness of the stack of washers, to say how far its force may change",
    )
    pin_diameter_mm: Length = Field(description="the diameter of the pins and of their holes")
    pin_levels_mm: tuple[Number, ...] = Field(
        min_length=1, max_length=MOST_PINS, description="the level of each pin"
    )
    pin_directions_deg: tuple[Number, ...] = Field(
        min_length=1,
        max_length=MOST_PINS,
        description="the direction of each pin: 0 from back to front, 90 from side to side",
    )

    def shape(self) -> Anchor:
        """Return pins and washers, in N and mm."""
        pins = zip(self.pin_levels_mm, self.pin_directions_deg, strict=False)
        return Anchor(
            self.pin_diameter_mm,
            tuple(Pin(level, math.radians(direction)) for level, direction in pins),
            self.washer_stiffness_N_per_mm,
        )


def key_of(fault: Fault) -> str:
    """Return the path of the key that a fault of an anchor stands at."""
    row, size, _ = fault
    return f"stem.{_KEYS[size]}" + ("" if row is None else f"[{row}]")


def anchor_list_mistakes(stem: StemTable) -> Iterator[tuple[str, str, object]]:
    """Yield lists of pins that do not match: key path, what would be right, and what stands there."""
    table = stem.anchor
    if table is not None and len(table.pin_directions_deg) != len(table.pin_levels_mm):
        message = f"each pin needs a level and a direction; give {len(table.pin_levels_mm)} directions"
        yield "stem.anchor.pin_directions_deg", message, list(table.pin_directions_deg)


def anchor_support_mistakes(stem: StemTable, supports: SupportsTable) -> Iterator[tuple[str, str, object]]:
    """Yield held faces on which an anchor acts."""
    if stem.anchor is None:
        return
    faces = {"stem_proximal": "the bar pulls on this end", "bone_distal": "the plate bears on this end"}
    for face, why in faces.items():
        if (kind := getattr(supports, face)) != "free":
            yield f"supports.{face}", f'{why}, so that it cannot be held; write "free"', kind
