"""The thread of a fixture as a case file states it, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from fea.loads.tables import Length, LengthOrZero, Number, Table
from geometry.stem import Stem, thread_clashes
from geometry.thread import Thread, thread_faults

#: Keys of the table by the sizes of the shape.
KEYS = {
    "pitch": "pitch_mm",
    "depth": "depth_mm",
    "crest": "crest_mm",
    "start": "from_mm",
    "end": "to_mm",
    "run_out": "run_out_mm",
    "distal_lean": "distal_flank_deg",
    "proximal_lean": "proximal_flank_deg",
    "starts": "starts",
}
#: Keys of what a threaded stem cannot have, where they are no tables.
_CLASHES = {"tip_diameter": "tip_diameter_mm", "bow_radius": "bow_radius_mm"}


class ThreadTable(Table):
    """``[stem.thread]``: a thread on the stem, whose diameter is that of the core."""

    form: Literal["helix", "rings"] = Field(
        default="helix",
        description="a right-handed helix, or rings of the same section, which have no lead",
    )
    pitch_mm: Length = Field(description="the distance of neighbouring ridges along the axis")
    depth_mm: Length = Field(description="the depth of the thread, from crest to root")
    crest_mm: Length = Field(description="the width of the flat crest along the axis")
    starts: int = Field(
        default=1, strict=True, ge=1, le=100, description="how many ridges wind beside one another"
    )
    from_mm: Number = Field(ge=-2000, le=2000, description="the level at which the thread begins")
    to_mm: Length = Field(description="the level at which the thread ends")
    run_out_mm: LengthOrZero | None = Field(
        default=None,
        description="the length at either end over which the ridge rises from nothing"
        " (default: one pitch; 0 for rings, which stand whole)",
    )
    distal_flank_deg: Number = Field(
        default=30.0,
        ge=0,
        le=90,
        description="the angle between the flank that faces the cut and the plane across the axis",
    )
    proximal_flank_deg: Number = Field(
        default=30.0,
        ge=0,
        le=90,
        description="the angle between the flank that faces the tip and the plane across the axis",
    )

    @property
    def _run_out(self) -> float:
        if self.run_out_mm is not None:
            return self.run_out_mm
        return 0.0 if self.form == "rings" else self.pitch_mm

    def shape(self) -> Thread:
        """Return the thread in mm and rad."""
        return Thread(
            self.pitch_mm,
            self.depth_mm,
            self.crest_mm,
            self.from_mm,
            self.to_mm,
            self._run_out,
            math.radians(self.distal_flank_deg),
            math.radians(self.proximal_flank_deg),
            self.starts,
            self.form,
        )


def thread_mistakes(table: ThreadTable, stem: Stem) -> Iterator[tuple[str, str, object]]:
    """Yield what is wrong with a thread: key path, what would be right, and what stands there.

    Parameters
    ----------
    table : ThreadTable
    stem : Stem
        The stem without it, sound in itself.
    """
    for part, requirement in thread_clashes(table.shape(), stem):
        yield f"stem.{_CLASHES.get(part, part)}", requirement, ...
    for size, requirement in thread_faults(table.shape(), stem.profile, stem.bore_diameter / 2):
        stated = getattr(table, KEYS[size])
        yield f"stem.thread.{KEYS[size]}", requirement, table.pitch_mm if stated is None else stated
