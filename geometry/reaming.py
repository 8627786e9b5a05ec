"""The reamer: how the canal is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.profile import Profile


@dataclass(frozen=True)
class Reaming:
    """One pass of one reamer from the cut.

    Attributes
    ----------
    diameter : float, mm
    depth : float, mm
        Level of the reamer's end.
    end_radius : float, mm
        Rounding of the reamer's end; half the diameter for a hemisphere.
    path
        ``"straight"`` along the implant axis or ``"bow"`` along the bone's centreline.

    Raises
    ------
    GeometryError
        When a size is not positive, or the end is rounded more than it can be.
    """

    diameter: float
    depth: float
    end_radius: float
    path: Literal["straight", "bow"] = "straight"

    def __post_init__(self) -> None:
        require_positive("The reamer's diameter", self.diameter)
        require_positive("The reaming depth", self.depth)
        require_not_negative("The reamer's end radius", self.end_radius)
        if self.end_radius > min(self.diameter / 2, self.depth):
            raise GeometryError(
                f"The reamer's end radius must be at most half its diameter ({self.diameter / 2:g} mm)"
                f" and its depth ({self.depth:g} mm), but it is {self.end_radius:g} mm."
            )
        if self.path not in ("straight", "bow"):
            raise GeometryError(f'The reamer\'s path is "straight" or "bow", but it is "{self.path}".')

    @property
    def profile(self) -> Profile:
        """The reamer's radius along its path."""
        return Profile(self.diameter / 2, 0.0, self.depth, self.end_radius)
