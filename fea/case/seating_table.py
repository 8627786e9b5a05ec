"""How the implant stands in the bone as a case file states it, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from fea.case.mistake import Mistake
from fea.loads.tables import Number, Table
from geometry.depth import LARGEST_DEPTH
from geometry.pose import Pose

if TYPE_CHECKING:
    from fea.case.schema import ActivityTable
    from fea.case.shape_tables import BoneTable, ReamingTable, StemTable


#: What is not moved along its axis, by the key that states it.
_NOT_MOVED = {
    "file": "a stem from a file is moved by stem.pose.translation_mm and the levels of its zones",
    "bow_radius_mm": "a bowed stem sunk or proud is not modelled, because its arc begins at the cut",
    "anchor": "an anchored stem sunk or proud is not modelled, because its plate stands on the cut",
}


class SeatingTable(Table):
    """``[seating]``: the errors of the implant's pose, whose axis reamer and stem share, and of its depth."""

    varus_deg: Number = Field(
        default=0.0,
        ge=-10,
        le=10,
        description="by how much the tip leans to the lateral side, seen from the front; negative for valgus",
    )
    flexion_deg: Number = Field(
        default=0.0,
        ge=-10,
        le=10,
        description="by how much the tip leans to the front, seen from the side; negative for extension",
    )
    external_rotation_deg: Number = Field(
        default=0.0,
        ge=-180,
        le=180,
        description="the turn of the implant about its axis, its front to the lateral side;"
        " negative for internal rotation",
    )
    offset_anterior_mm: Number = Field(
        default=0.0, ge=-15, le=15, description="how far in front the axis enters the cut"
    )
    offset_lateral_mm: Number = Field(
        default=0.0, ge=-15, le=15, description="how far to the lateral side the axis enters the cut"
    )
    depth_mm: Number = Field(
        default=0.0,
        ge=-LARGEST_DEPTH,
        le=LARGEST_DEPTH,
        description="how much deeper than planned the stem stands in the reamed hole; negative where it is"
        " proud",
    )
    limb_side: Literal["right", "left"] | None = Field(
        default=None, description="the side of the limb, where no activity states it"
    )

    @property
    def sided(self) -> bool:
        """True where a number means something else on the other side of the body."""
        return any((self.varus_deg, self.external_rotation_deg, self.offset_lateral_mm))

    def pose(self, activity: ActivityTable | None) -> Pose:
        """Return the pose, in mm and radians; the patient's left is lateral on a left limb."""
        side = self.limb_side if activity is None else activity.limb_side
        lateral = 1.0 if side == "left" else -1.0
        return Pose(
            tilt_front=math.radians(self.flexion_deg),
            tilt_left=lateral * math.radians(self.varus_deg) + 0.0,
            turn=lateral * math.radians(self.external_rotation_deg) + 0.0,
            entry_front=self.offset_anterior_mm,
            entry_left=lateral * self.offset_lateral_mm + 0.0,
        )


def seating_mistakes(
    seating: SeatingTable | None,
    bone: BoneTable,
    reaming: ReamingTable | None,
    stem: StemTable,
    activity: ActivityTable | None,
) -> Iterator[Mistake]:
    """Yield a pose without a side, and what an implant that stands askew is not modelled with."""
    if seating is None:
        return
    if activity is None and seating.sided and seating.limb_side is None:
        message = "varus, lateral and external need the side of the limb; write right or left here"
        yield Mistake("seating.limb_side", message)
    if activity is not None and seating.limb_side not in (None, activity.limb_side):
        message = f"must be as activity.limb_side, {activity.limb_side}; leave it out here"
        yield Mistake("seating.limb_side", message, seating.limb_side)
    yield from _depth_mistakes(seating.depth_mm, stem)
    if seating.pose(activity).none:
        return
    if bone.jaw is not None:
        yield Mistake("seating", "an implant askew in a segment of the jaw is not modelled; leave this out")
    if stem.bow_radius_mm is not None:
        yield Mistake("seating", "a bowed stem askew in its bone is not modelled; leave one of them out")
    if stem.anchor is not None:
        yield Mistake("seating", "an anchored stem askew in its bone is not modelled; leave one of them out")
    if reaming is not None and reaming.way != "straight" and stem.bow_radius_mm is None:
        message = "a flexible reamer follows the canal and not the implant's axis askew in it; ream straight"
        key = "path" if reaming.kind is None else "kind"
        yield Mistake(f"reaming.{key}", message, getattr(reaming, key))


def _depth_mistakes(depth: float, stem: StemTable) -> Iterator[Mistake]:
    """Yield a depth with which a stem is not modelled."""
    if depth == 0.0:
        return
    what = next((words for key, words in _NOT_MOVED.items() if getattr(stem, key, None) is not None), None)
    if what is not None:
        yield Mistake("seating.depth_mm", f"{what}; leave one of them out", depth)
        return
    for zone in stem.coatings.values():
        if zone.from_mm + depth < 0.0 < zone.to_mm + depth and zone.lattice and zone.lattice.varies_along:
            message = (
                f"the density of the lattice '{zone.name}' runs along the axis, and a part of it would"
                " stand out of the bone, which is not modelled; state the density at the cut and the levels"
                " themselves"
            )
            yield Mistake("seating.depth_mm", message, depth)
