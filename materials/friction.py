"""Coulomb's coefficient between implant and bone, as a checked number.

What is known of its size stands in ``library.toml`` under ``[friction]``: it falls with
pressure and with bone density and rises with roughness, so that a study sweeps it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from materials.errors import MaterialError


@dataclass(frozen=True)
class Friction:
    """Coulomb friction.

    Attributes
    ----------
    coefficient : float
        Bound of the ratio of friction traction to pressure; 0 is frictionless.

    Raises
    ------
    MaterialError
        Where the coefficient is negative or not a finite number.
    """

    coefficient: float

    def __post_init__(self) -> None:
        """Refuse what no interface can have."""
        if not (math.isfinite(self.coefficient) and self.coefficient >= 0):
            raise MaterialError(
                f"The friction coefficient is {self.coefficient:g}; give 0 for a frictionless interface or a "
                "positive number, 0.3 to 0.9 for a porous coating on bone."
            )
