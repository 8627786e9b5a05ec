"""Porous coatings of a stem: zones between two levels, or layers, and what is wrong with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.profile import Profile
from geometry.zones import COATED, wrong_name


@dataclass(frozen=True)
class Coating:
    """A porous-coated zone, between two levels.

    Attributes
    ----------
    start, end : float, mm
    name
        Of the zone.
    thickness : float, mm, or None
        Of the layer that is meshed as its own material, at right angles to the flank and
        inside of it; None where the coating is a zone of the surface alone.
    elements
        Least number of elements through the thickness, where its material varies across it.

    Raises
    ------
    GeometryError
        When the zone starts below the cut or ends where it starts, its name cannot be one, or
        the thickness is not positive.
    """

    start: float
    end: float
    name: str = COATED
    thickness: float | None = None
    elements: int | None = None

    def __post_init__(self) -> None:
        if wrong := wrong_name(self.name):
            raise GeometryError(f"The coating's name {wrong}, but it is '{self.name}'.")
        require_not_negative("The coating's first level", self.start)
        if self.thickness is not None:
            require_positive("The coating's thickness", self.thickness)
        if not self.end > self.start:
            raise GeometryError(
                f"The coating must end above its start, but it runs from {self.start:g} to {self.end:g} mm."
            )


def require_coatings(
    coatings: tuple[Coating, ...], length: float, profile: Profile | None = None, bore: float = 0.0
) -> None:
    """Refuse coatings that do not lie on a stem, overlap, share a name, or whose layer has no room.

    Parameters
    ----------
    coatings : tuple of Coating
        In rising order.
    length : float, mm
        Of the stem, from the cut.
    profile : Profile, optional
        The stem's radius above the cut; not needed where no coating is a layer.
    bore : float, mm
        Radius of the stem's bore; 0 for none.

    Raises
    ------
    GeometryError
    """
    names = [zone.name for zone in coatings]
    for zone in coatings:
        if names.count(zone.name) > 1:
            raise GeometryError(f"Each coating must have its own name, but '{zone.name}' stands twice.")
        if zone.end > length:
            raise GeometryError(
                f"The coating must end on the stem, at most at {length:g} mm, but it ends at {zone.end:g} mm."
            )
        if zone.thickness is not None:
            assert profile is not None, "a layer grows from a turned flank"
            _require_room(zone, zone.thickness, profile, bore)
    for before, after in pairwise(coatings):
        if after.start < before.end:
            raise GeometryError(
                f"Coatings must not overlap, but '{before.name}' ends at {before.end:g} mm"
                f" and '{after.name}' starts at {after.start:g} mm."
            )
        if after.start == before.end and None not in (before.thickness, after.thickness):
            raise GeometryError(
                f"Coatings that are layers must not touch, but '{before.name}' ends and '{after.name}'"
                f" starts at {after.start:g} mm; leave some millimetres between them."
            )


def _require_room(coating: Coating, thickness: float, profile: Profile, bore: float) -> None:
    """Refuse a layer on the tip's rounding, or one that leaves less core than it takes."""
    flank_end = profile.fillet_start
    if coating.end > flank_end + 1e-9 * profile.length:
        raise GeometryError(
            f"A coating with a thickness must end on the straight flank, at most at {flank_end:.4g} mm,"
            f" but it ends at {coating.end:g} mm, on the tip's rounding."
        )
    narrowest = float(profile.at(np.array([coating.end]))[0])
    most = (narrowest - bore) / (2 * math.hypot(1.0, profile.slope))
    if thickness > most:
        inside = "bore" if bore else "axis"
        raise GeometryError(
            f"The coating's thickness must be at most {most:.4g} mm, half the way from the flank to the"
            f" {inside} at {coating.end:g} mm, but it is {thickness:g} mm."
        )
