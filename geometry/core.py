"""A cancellous core within the bone's cortical shell.

What it is made of is no matter of geometry; here is where it lies: inside the shell's inner
surface, between two levels, outside the canal. The shell's thickness stands in the stations of
the bone, or in its outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geometry.errors import GeometryError


@dataclass(frozen=True)
class Core:
    """The levels between which bone inside the cortical shell is cancellous.

    Attributes
    ----------
    start, end : float, mm
        Infinite where the core reaches through to that end of the bone.

    Raises
    ------
    GeometryError
        When the core ends where it begins, or before.
    """

    start: float = -math.inf
    end: float = math.inf

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise GeometryError(
                f"The cancellous core must end above its beginning at {self.start:g} mm,"
                f" but it ends at {self.end:g} mm."
            )
