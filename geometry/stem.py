"""The stem: a body of revolution about the implant axis, which may be bowed, and what it is given besides."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from geometry.abutment import Abutment, Joint, abutment_faults
from geometry.anchor import Anchor, anchor_clashes, anchor_faults
from geometry.axis import Axis
from geometry.coating import Coating, require_coatings
from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.groove_faults import Turned, groove_faults
from geometry.grooves import Bars, Flutes, Splines, flute_bars, spline_bars
from geometry.lag_screw import LagScrew, screw_faults
from geometry.profile import Profile
from geometry.slot import Slot
from geometry.thread import Thread, thread_faults
from geometry.zones import COATED, COLLAR, LAG_SCREW, SPLINES, THREAD, UNCOATED


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
class Stem:
    """Cylinder or taper with rounded tip, bore, collar, coatings and neck.

    Attributes
    ----------
    diameter : float, mm
        At the cut and distal of it; of a threaded stem that of its core.
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
    collar, flutes, splines, slot, thread, abutment, lag_screw
        None for a stem without.
    anchor : Anchor or None
        Of a stem that is the spindle of a pre-tensioned anchor: its collar is the plate on the cut.
    coatings : tuple of Coating
        Porous zones, kept in rising order; empty for a stem without.
    bow_radius : float, mm
        Of the arc that the axis follows above the cut; None for a straight stem. Levels
        count along the axis.
    taper_start : float, mm
        Where the flank begins to taper: at the cut, unless the stem is sunk or stands proud.

    Raises
    ------
    GeometryError
        When a size is not positive, or parts of the stem do not go together: coatings lie on
        the stem, may touch but not overlap, each has its own name, and its layer has room.
    """

    diameter: float
    length: float
    protrusion: float = 0.0
    tip_diameter: float | None = None
    tip_radius: float = 0.0
    bore_diameter: float = 0.0
    collar: Collar | None = None
    coatings: tuple[Coating, ...] = ()
    bow_radius: float | None = None
    flutes: Flutes | None = None
    splines: Splines | None = None
    slot: Slot | None = None
    thread: Thread | None = None
    abutment: Abutment | None = None
    lag_screw: LagScrew | None = None
    anchor: Anchor | None = None
    taper_start: float = 0.0

    def __post_init__(self) -> None:
        axis = self.axis
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
        if axis.bow_radius is not None and self.length > axis.bow_radius:
            raise GeometryError(
                f"The stem's length must be at most its bow radius of {axis.bow_radius:g} mm,"
                f" but it is {self.length:g} mm."
            )
        object.__setattr__(self, "coatings", tuple(sorted(self.coatings, key=lambda zone: zone.start)))
        require_coatings(self.coatings, self.length, self.profile, self.bore_diameter / 2)
        self._check_grooves()
        self._check_thread()
        self._check_abutment()
        self._check_screw()
        self._check_anchor()

    def _check_screw(self) -> None:
        screw = self.lag_screw
        if screw is None:
            return
        for size, requirement in self.screw_faults(screw):
            raise GeometryError(f"The lag screw's {size} of {getattr(screw, size):g} mm: {requirement}.")

    def screw_faults(self, screw: LagScrew) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a screw in this stem: the size, and the requirement in words.

        Parameters
        ----------
        screw : LagScrew
        """
        if self.bow_radius is not None:
            yield "level", "a lag screw needs a straight stem: leave stem.bow_radius_mm or the screw out"
            return
        apart = [
            (f"the layer of the coating '{zone.name}'", zone.start, zone.end)
            for zone in self.coatings
            if zone.thickness is not None
        ]
        if self.flutes is not None:
            apart.append(("the flutes", self.flutes.start, self.flutes.end))
        if self.splines is not None:
            apart.append(("the splines or their way into the bone", 0.0, self.splines.end))
        if self.slot is not None:
            apart.append(("the slot", self.length - self.slot.depth, self.length))
        if self.thread is not None:
            apart.append(("the thread", self.thread.start, self.thread.end))
        if self.abutment is not None:
            apart.append(("the abutment's screw", self.abutment.distal_level, self.abutment.screw.end))
        limits = [
            (f"a limit of the coating '{zone.name}'", level)
            for zone in self.coatings
            for level in (zone.start, zone.end)
        ]
        yield from screw_faults(screw, self.profile, self.bore_diameter / 2, apart, limits)

    def _check_grooves(self) -> None:
        for part, size, requirement in groove_faults(self.turned, self.flutes, self.splines, self.slot):
            stated = getattr(getattr(self, part), size)
            owner = f"{part}'" if part.endswith("s") else f"{part}'s"
            unit = {"number": "", "first_angle": " rad"}.get(size, " mm")
            raise GeometryError(f"The {owner} {size.replace('_', ' ')} of {stated:g}{unit}: {requirement}.")
        for zone in (zone for zone in self.coatings if zone.thickness is not None):
            if self.flutes or self.splines:
                raise GeometryError(
                    f"The coating '{zone.name}' cannot have a thickness on a stem with flutes or splines:"
                    " leave it out."
                )
            if self.slot and zone.end > self.length - self.slot.depth:
                raise GeometryError(
                    f"The coating '{zone.name}' cannot have a thickness and reach {zone.end:g} mm, where the"
                    f" slot begins at {self.length - self.slot.depth:g} mm: end it below, or leave the"
                    " thickness out."
                )

    def _check_thread(self) -> None:
        if self.thread is None:
            return
        for size, requirement in thread_faults(self.thread, self.profile, self.bore_diameter / 2):
            stated = getattr(self.thread, size)
            told = f"{math.degrees(stated):g} degrees" if size.endswith("lean") else f"{stated:g}"
            told += "" if size.endswith("lean") or size == "starts" else " mm"
            raise GeometryError(f"The thread's {size.replace('_', ' ')} of {told}: {requirement}.")
        for part, requirement in thread_clashes(self.thread, self):
            raise GeometryError(f"A thread and {part.replace('_', ' ')} do not go together: {requirement}.")

    def _check_abutment(self) -> None:
        if self.abutment is None:
            return
        if self.bow_radius is not None or self.protrusion:
            raise GeometryError(
                "A stem with an abutment must be straight and without a protrusion: leave out the bow radius,"
                " and give the abutment the length of the protrusion."
            )
        if any(zone.thickness is not None for zone in self.coatings):
            raise GeometryError("A coating cannot have a thickness on a stem with an abutment: leave it out.")
        collar = 0.0 if self.collar is None else self.collar.thickness
        for owner, size, requirement in abutment_faults(
            self.abutment, self.diameter, self.length, self.bore_diameter, collar
        ):
            raise GeometryError(f"The {owner}'s {size.replace('_', ' ')}: {requirement}.")

    def _check_anchor(self) -> None:
        if self.anchor is None:
            return
        require_positive("The diameter of the anchor's pins", self.anchor.pin_diameter)
        for part, requirement in anchor_clashes(self):
            raise GeometryError(f"An anchor and {part.replace('_', ' ')} do not go together: {requirement}.")
        for pin, size, requirement in anchor_faults(self.anchor, self):
            owner = "anchor" if pin is None else f"anchor's pin {pin + 1}"
            raise GeometryError(f"The {owner}'s {size.replace('_', ' ')}: {requirement}.")

    @property
    def axis(self) -> Axis:
        """The axis that the sections stand on."""
        return Axis(self.bow_radius)

    @property
    def zones(self) -> tuple[str, ...]:
        """Names of the zones that may touch bone, in the order of their codes.

        The coatings in rising order, the uncoated rest, then collar, splines, thread and lag screw
        where there are any. Of an anchored stem the collar alone: its spindle touches nothing.
        """
        if self.anchor is not None:
            return (COLLAR,)
        further = (
            (COLLAR, self.collar),
            (SPLINES, self.splines),
            (THREAD, self.thread),
            (LAG_SCREW, self.lag_screw),
        )
        present = (name for name, part in further if part is not None)
        return (*(zone.name for zone in self.coatings), UNCOATED, *present)

    def stated(self) -> dict[str, Any]:
        """Return the stem's values by name, nested as its parts are.

        Returns
        -------
        dict
            Under ``coating`` a single coating, a tuple of several, or None; without its name
            where that is `COATED`, without a thickness where it is no layer and without a number
            of elements where its material asks for none. Without a bow, flutes, splines, a slot,
            a thread, an abutment, a lag screw or an anchor where there are none, or a start of the
            taper that is the cut.
        """
        found = asdict(self)
        coatings = found.pop("coatings")
        for zone in coatings:
            if zone["name"] == COATED:
                del zone["name"]
            for part in ("thickness", "elements"):
                if zone[part] is None:
                    del zone[part]
        further = ("flutes", "splines", "slot", "thread", "abutment", "lag_screw", "anchor")
        for part in ("bow_radius", *further):
            if found[part] is None:
                del found[part]
        if not found["taper_start"]:
            del found["taper_start"]
        coating = coatings if len(coatings) > 1 else next(iter(coatings), None)
        return found | {"coating": coating}

    @property
    def turned(self) -> Turned:
        """The stem before flutes, splines and slot."""
        return Turned(self.profile, self.body_level, self.bore_diameter / 2, self.collar is not None)

    @property
    def flute_bars(self) -> Bars | None:
        """What the flutes take out; None without."""
        return None if self.flutes is None else flute_bars(self.flutes, self.profile, self.body_level)

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
        slope = (self.diameter - tip) / (2 * (self.length - self.taper_start))
        return Profile(self.diameter / 2, slope, self.length, self.tip_radius, self.taper_start)

    @property
    def distal_level(self) -> float:
        """Level of the implant's distal end, mm: of the abutment, of the neck, or of the collar."""
        return self.body_level if self.abutment is None else self.abutment.distal_level

    @property
    def joint(self) -> Joint | None:
        """Where abutment and fixture touch; None without an abutment."""
        if self.abutment is None:
            return None
        return Joint(self.abutment.seat, self.abutment.diameter / 2, self.bore_diameter / 2)

    @property
    def body_level(self) -> float:
        """Level of the distal end of the stem without its abutment, mm."""
        if self.abutment is not None:
            return self.abutment.seat
        thickness = 0.0 if self.collar is None else self.collar.thickness
        return -max(self.protrusion, thickness)


def thread_clashes(thread: Thread, stem: Stem) -> Iterator[tuple[str, str]]:
    """Yield what a stem cannot have beside a thread, as the part and what to do.

    Parameters
    ----------
    thread : Thread
    stem : Stem
        With or without it.
    """
    if stem.profile.slope != 0:
        yield "tip_diameter", "the core of a thread is a cylinder; leave the taper out, or the thread"
    if stem.bow_radius is not None:
        yield "bow_radius", "a bowed stem cannot be screwed in; leave one of them out"
    for part in ("flutes", "splines"):
        if getattr(stem, part) is not None:
            yield part, f"{part} beside a thread are not modelled; leave one of them out"
    if stem.slot is not None and stem.length - stem.slot.depth < thread.end:
        yield "slot", f"the slot must begin above the thread's end, {thread.end:g} mm; give a shallower one"
    for zone in stem.coatings:
        if zone.thickness is not None:
            yield "coating", "a coating with a thickness beside a thread is not modelled; leave it out"
        elif zone.start < thread.end and thread.start < zone.end:
            where = f"between {thread.start:g} and {thread.end:g} mm"
            yield "coating", f"coatings end where the thread stands, {where}; its surface has [fit.thread]"
