"""The abutment of a fixture and the screw that holds it: sizes, and what is wrong with them.

The fixture's bore runs on through the abutment as the screw's channel; the screw itself is no solid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

#: How far below the cut the joint may lie, mm.
LOWEST_SEAT = -50.0
#: Least wall of the abutment round the screw's channel, and least length of the screw's thread, mm.
LEAST_WALL, LEAST_THREAD = 0.5, 1.0

#: Owner (``"abutment"`` or ``"screw"``), size, and what it must be.
Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Screw:
    """Where the abutment's screw holds.

    Attributes
    ----------
    start, end : float, mm
        Levels between which its thread is engaged in the fixture's bore.
    head_diameter : float, mm, or None
        Outer diameter of the head's bearing on the abutment's distal end; None for the whole end.
    core_diameter : float, mm, or None
        Of the section that its mean stress is taken over; None where that is not told.
    """

    start: float
    end: float
    head_diameter: float | None = None
    core_diameter: float | None = None


@dataclass(frozen=True)
class Abutment:
    """A tube on the fixture's distal end.

    Attributes
    ----------
    diameter, length : float, mm
    screw : Screw
    seat : float, mm
        Level of the joint, the plane in which it stands on the fixture: 0 at the cut, or below.
    own_material
        Whether it is of another material than the stem.
    """

    diameter: float
    length: float
    screw: Screw
    seat: float = 0.0
    own_material: bool = False

    @property
    def distal_level(self) -> float:
        """Level of its distal end, mm."""
        return self.seat - self.length


@dataclass(frozen=True)
class Joint:
    """The annulus in which abutment and fixture touch, on the implant's axis.

    Attributes
    ----------
    level, outer_radius, inner_radius : float, mm
    """

    level: float
    outer_radius: float
    inner_radius: float

    @property
    def area(self) -> float:
        """Area, mm^2."""
        return math.pi * (self.outer_radius**2 - self.inner_radius**2)

    @property
    def second_moment(self) -> float:
        """Second moment of area about a diameter, mm^4."""
        return math.pi / 4 * (self.outer_radius**4 - self.inner_radius**4)

    def least_pressure(self, force: float, moment: float) -> float:
        """Return the least nominal pressure, MPa, of a linear distribution: N/A - M r/I.

        Parameters
        ----------
        force : float, N
            Pressing the two together.
        moment : float, N mm
            Bending, about a diameter.
        """
        return force / self.area - abs(moment) * self.outer_radius / self.second_moment


def abutment_faults(
    abutment: Abutment, diameter: float, length: float, bore: float, collar: float
) -> Iterator[Fault]:
    """Yield what is wrong with an abutment on a stem.

    Parameters
    ----------
    abutment : Abutment
    diameter, length : float, mm
        Of the stem.
    bore : float, mm
        Diameter of its bore; 0 for none.
    collar : float, mm
        Thickness of its collar; 0 for none.
    """
    highest = 0.0 - collar
    if abutment.seat > highest:
        where = "the collar's distal face" if collar else "the cut"
        yield "abutment", "seat", f"the joint must lie at {where}, {highest:g} mm, or below it"
    elif abutment.seat < LOWEST_SEAT:
        yield "abutment", "seat", f"the joint must lie at {LOWEST_SEAT:g} mm or above it"
    if bore <= 0:
        yield "abutment", "bore", "an abutment's screw needs a bore in the stem"
        return
    least = bore + 2 * LEAST_WALL
    if not least <= abutment.diameter <= diameter:
        yield (
            "abutment",
            "diameter",
            f"the abutment must leave {LEAST_WALL:g} mm round the bore and be no wider than the stem: "
            + (f"give {least:g} to {diameter:g} mm" if least <= diameter else "give a narrower bore"),
        )
    screw = abutment.screw
    if screw.start < abutment.seat:
        yield "screw", "start", f"the thread must begin in the fixture, at {abutment.seat:g} mm or above"
    elif screw.end - screw.start < LEAST_THREAD:
        yield "screw", "end", f"the thread must end at least {LEAST_THREAD:g} mm above {screw.start:g} mm"
    if screw.end > length:
        yield "screw", "end", f"the thread must end in the stem, at most at {length:g} mm"
    head = screw.head_diameter
    if head is not None and not bore + 2 * LEAST_WALL <= head <= abutment.diameter:
        yield (
            "screw",
            "head_diameter",
            f"the head must bear on a ring of at least {LEAST_WALL:g} mm round the bore and on the abutment:"
            f" give {least:g} to {abutment.diameter:g} mm",
        )
    core = screw.core_diameter
    if core is not None and core > bore:
        yield "screw", "core_diameter", f"the screw must fit into the bore of {bore:g} mm"
