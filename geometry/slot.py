"""The slot in a stem's tip: two parallel walls with a round root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Slot:
    """A slot through the axis, from the tip.

    Attributes
    ----------
    width : float, mm
        Between its walls, and diameter of its root.
    depth : float, mm
        From the tip to the root.
    plane
        Which plane holds the slot: ``"sagittal"`` opens it to the front and to the back,
        ``"coronal"`` to both sides.
    """

    width: float
    depth: float
    plane: Literal["sagittal", "coronal"] = "coronal"

    def outside(self, points: FloatArray, tip: float) -> FloatArray:
        """Measure the distance to the slot's surface.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        tip : float, mm
            Level of the stem's tip.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative in the slot, which has no end beyond the tip.
        """
        across = np.abs(points[:, 1] if self.plane == "sagittal" else points[:, 0])
        below = np.minimum(points[:, 2] - (tip - self.depth + self.width / 2), 0.0)
        return np.asarray(np.hypot(across, below) - self.width / 2)
