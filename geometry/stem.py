"""The stem: a body of revolution about the implant axis, with flutes, splines and a slotted tip."""

from __future__ import annotations

from dataclasses import dataclass

from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.groove_faults import Turned, groove_faults
from geometry.grooves import Bars, Flutes, Splines, flute_bars, spline_bars
from geometry.profile import Profile
from geometry.slot import Slot


@dataclass(frozen=True)
class Collar:
    """A flange on the distal side of the cut.

    Attributes
    ----------
    diameter, thickness : float, mm
    gap : float, mm
        Between collar and cut; a datum of the fit, not of the mesh.

    Raises
    ------
    GeometryError
        When a size is not positive or the gap is negative.
    """

    diameter: float
    thickness: float
    gap: float

    def __post_init__(self) -> None:
        require_positive("The collar's diameter", self.diameter)
        require_positive("The collar's thickness", self.thickness)
        require_not_negative("The collar's gap", self.gap)


@dataclass(frozen=True)
class Coating:
    """The porous-coated zone, between two levels.

    Attributes
    ----------
    start, end : float, mm

    Raises
    ------
    GeometryError
        When the zone starts below the cut or ends where it starts.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        require_not_negative("The coating's first level", self.start)
        if not self.end > self.start:
            raise GeometryError(
                f"The coating must end above its start, but it runs from {self.start:g} to {self.end:g} mm."
            )


@dataclass(frozen=True)
class Stem:
    """Cylinder or taper with rounded tip, bore, collar, coating and neck.

    Attributes
    ----------
    diameter : float, mm
        At the cut and distal of it.
    length : float, mm
        From the cut to the tip.
    protrusion : float, mm
        Length of the neck distal of the cut.
    tip_diameter : float, mm
        To which the flank tapers at z = length; as `diameter` where None.
    tip_radius : float, mm
        Fillet between flank and tip.
    bore_diameter : float, mm
        Of the bore along the whole stem; 0 for a solid stem.
    collar, coating, flutes, splines, slot
        None for a stem without.

    Raises
    ------
    GeometryError
        When a size is not positive, or parts of the stem do not go together.
    """

    diameter: float
    length: float
    protrusion: float = 0.0
    tip_diameter: float | None = None
    tip_radius: float = 0.0
    bore_diameter: float = 0.0
    collar: Collar | None = None
    coating: Coating | None = None
    flutes: Flutes | None = None
    splines: Splines | None = None
    slot: Slot | None = None

    def __post_init__(self) -> None:
        require_positive("The stem's diameter", self.diameter)
        require_positive("The stem's length", self.length)
        require_not_negative("The stem's protrusion", self.protrusion)
        require_not_negative("The stem's tip radius", self.tip_radius)
        require_not_negative("The stem's bore diameter", self.bore_diameter)
        tip = self.diameter
        if self.tip_diameter is not None:
            require_positive("The stem's tip diameter", self.tip_diameter)
            tip = self.tip_diameter
        if self.bore_diameter >= min(self.diameter, tip):
            raise GeometryError(
                f"The stem's bore must be narrower than the stem ({min(self.diameter, tip):g} mm),"
                f" but its diameter is {self.bore_diameter:g} mm."
            )
        rounded = self.profile
        room = rounded.fillet_centre_radius - self.bore_diameter / 2
        if self.tip_radius > self.length or room < -1e-9 * self.diameter:
            raise GeometryError(
                f"The stem's tip radius of {self.tip_radius:g} mm does not fit on a tip"
                f" of {tip:g} mm diameter and {self.length:g} mm length."
            )
        if self.collar is not None and self.collar.diameter <= self.diameter:
            raise GeometryError(
                f"The collar must be wider than the stem ({self.diameter:g} mm),"
                f" but its diameter is {self.collar.diameter:g} mm."
            )
        if self.coating is not None and self.coating.end > self.length:
            raise GeometryError(
                f"The coating must end on the stem, at most at {self.length:g} mm,"
                f" but it ends at {self.coating.end:g} mm."
            )
        for part, size, requirement in groove_faults(self.turned, self.flutes, self.splines, self.slot):
            stated = getattr(getattr(self, part), size)
            owner = f"{part}'" if part.endswith("s") else f"{part}'s"
            raise GeometryError(f"The {owner} {size.replace('_', ' ')} of {stated:g}: {requirement}.")

    @property
    def turned(self) -> Turned:
        """The stem before flutes, splines and slot."""
        return Turned(self.profile, self.distal_level, self.bore_diameter / 2, self.collar is not None)

    @property
    def flute_bars(self) -> Bars | None:
        """What the flutes take out; None without."""
        return None if self.flutes is None else flute_bars(self.flutes, self.profile, self.distal_level)

    @property
    def spline_bars(self) -> Bars | None:
        """What the splines add; None without."""
        return None if self.splines is None else spline_bars(self.splines, self.profile)

    @property
    def spline_path(self) -> Bars | None:
        """What the splines cut out of the bone on their way from the cut; None without."""
        return None if self.splines is None else spline_bars(self.splines, self.profile).from_below

    @property
    def grooves(self) -> tuple[Bars, ...]:
        """Flutes and splines, those that the stem has."""
        return tuple(bars for bars in (self.flute_bars, self.spline_bars) if bars is not None)

    @property
    def profile(self) -> Profile:
        """The stem's radius above the cut."""
        tip = self.diameter if self.tip_diameter is None else self.tip_diameter
        slope = (self.diameter - tip) / (2 * self.length)
        return Profile(self.diameter / 2, slope, self.length, self.tip_radius)

    @property
    def distal_level(self) -> float:
        """Level of the stem's distal end, mm: of the neck, or of the collar without one."""
        thickness = 0.0 if self.collar is None else self.collar.thickness
        return -max(self.protrusion, thickness)
