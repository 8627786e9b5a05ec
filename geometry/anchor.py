"""The pre-tensioned anchor of a stem: transverse pins that hold its plug in the canal, and its washers.

The stem is the anchor's spindle, whose collar is the plate on the cut. Plug, bar, washers and pins are
no solids: the pins are holes in the bone that cross the implant's axis at right angles, in which they
bear, and the bar is a preload between spindle and holes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: How far beyond the spindle's end the first hole begins at least, mm.
LEAST_BEYOND = 3.0
#: Least bone between a hole and the next one, the cut or the bone's end, in diameters of the pin.
LEAST_EDGE = 1.5
#: Least width of the flat ring at the spindle's end that the bar pulls on, mm.
LEAST_RING = 0.5
#: Largest number of pins.
MOST_PINS = 20

#: Pin that is wrong (None for all), size, and what it must be.
Fault = tuple[int | None, str, str]


@dataclass(frozen=True)
class Pin:
    """A pin across the implant's axis.

    Attributes
    ----------
    level : float, mm
    direction : float, rad
        Of its axis, in the plane across the implant's: 0 runs from back to front, pi / 2 to the left.
    """

    level: float
    direction: float

    @property
    def along(self) -> FloatArray:
        """Unit vector along the pin, shape (3,)."""
        return np.array([math.cos(self.direction), math.sin(self.direction), 0.0])

    @property
    def across(self) -> FloatArray:
        """Unit vector across pin and implant axis, shape (3,)."""
        return np.array([-math.sin(self.direction), math.cos(self.direction), 0.0])

    def coordinates(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return points' coordinates along the pin, across it, and above its axis, each shape (n,), mm."""
        return points @ self.along, points @ self.across, points[..., 2] - self.level


@dataclass(frozen=True)
class Anchor:
    """What holds an anchored stem.

    Attributes
    ----------
    pin_diameter : float, mm
    pins : tuple of Pin
    washer_stiffness : float, N/mm, or None
        Of the whole stack of washers, for the bound on the change of its force alone.
    """

    pin_diameter: float
    pins: tuple[Pin, ...]
    washer_stiffness: float | None = None

    def outside_holes(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside the nearest pin.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative within a pin.
        """
        found = np.full(len(points), np.inf)
        for pin in self.pins:
            _, across, above = pin.coordinates(points)
            found = np.minimum(found, np.hypot(across, above) - self.pin_diameter / 2)
        return found


def anchor_clashes(stem: Stem) -> Iterator[tuple[str, str]]:
    """Yield what an anchored stem cannot have, as the part and what to do.

    Parameters
    ----------
    stem : Stem
        With or without its anchor.
    """
    for part in ("thread", "flutes", "splines", "slot", "lag_screw"):
        if getattr(stem, part) is not None:
            yield part, "the spindle of an anchor touches no bone; leave this out"
    if stem.coatings:
        yield "coating", "the spindle of an anchor touches no bone; leave its coatings out"
    if stem.bow_radius is not None:
        yield "bow_radius", "the spindle of an anchor must be straight; leave this out"
    if stem.abutment is not None:
        yield "abutment", "an abutment on the spindle of an anchor is not modelled; leave one of them out"


def anchor_faults(anchor: Anchor, stem: Stem) -> Iterator[Fault]:
    """Yield what is wrong between an anchor and its spindle.

    Parameters
    ----------
    anchor : Anchor
    stem : Stem
        With or without its anchor.
    """
    if stem.collar is None:
        yield None, "collar", "an anchored stem needs a collar, the plate that bears on the cut"
    elif stem.collar.gap != 0.0:
        yield None, "gap", "the plate of an anchor bears on the cut; give 0, or leave this out"
    ring = stem.profile.fillet_centre_radius - stem.bore_diameter / 2
    if ring < LEAST_RING:
        yield (
            None,
            "tip_radius",
            f"the bar pulls on the flat end of the spindle, which must be a ring of {LEAST_RING:g} mm at"
            " least; give a smaller one",
        )
    if not 1 <= len(anchor.pins) <= MOST_PINS:
        yield None, "pins", f"give 1 to {MOST_PINS} pins"
    half = anchor.pin_diameter / 2
    lowest = max(stem.length + LEAST_BEYOND, LEAST_EDGE * anchor.pin_diameter) + half
    for row, pin in enumerate(anchor.pins):
        if pin.level < lowest:
            yield (
                row,
                "level",
                f"the pin must lie {LEAST_BEYOND:g} mm beyond the spindle's end and {LEAST_EDGE:g} diameters"
                f" off the cut: give at least {lowest:.4g}",
            )
