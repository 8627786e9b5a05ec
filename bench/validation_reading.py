"""Numbers read from solved fields: the rigidity of a bent span, and the force that a pushed stem bears."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Nodes that a fit of six numbers should have at least.
_ENOUGH = 12


def section_rotation(points: FloatArray, moved: FloatArray, level: float, reach: float) -> float:
    """Rotation about y of the cross-section at a level, from the nodes near it.

    In bending about y the axial displacement is linear in x and, near the section, in z:
    u_z = a + b y + c x + (d + e y + f x)(z - level), turned by -c. The six numbers are fitted by
    least squares.

    Parameters
    ----------
    points, moved : ndarray, shape (n, 3), mm
    level, reach : float, mm
        Nodes within `reach` of `level` enter.

    Returns
    -------
    float, rad

    Raises
    ------
    ValueError
        When fewer than a dozen nodes are near.
    """
    near = np.abs(points[:, 2] - level) <= reach
    if near.sum() < _ENOUGH:
        raise ValueError(f"{near.sum()} nodes within {reach:g} mm of level {level:g} mm are too few")
    x, y, z = points[near].T
    plane = np.column_stack([np.ones_like(x), y, x])
    rows = np.hstack([plane, plane * (z - level)[:, None]])
    found, *_ = np.linalg.lstsq(rows, moved[near, 2], rcond=None)
    return -float(found[2])


def flexural_rigidity(moment: float, span: float, rotations: tuple[float, float]) -> float:
    """Rigidity of a span whose ends a constant moment turns against each other.

    Parameters
    ----------
    moment : float, N mm
    span : float, mm
    rotations : tuple of 2 floats, rad
        Of the lower and the upper end.

    Returns
    -------
    float, N mm^2
    """
    return moment * span / abs(rotations[0] - rotations[1])


@dataclass(frozen=True, eq=False)
class Climb:
    """A stem under an axial force that rises until nothing holds it.

    With the gap of a round fit and Coulomb's law a history scales: s times the interference under s
    times the load gives s times every jump. One walk answers for every interference, as long as
    sliding is small.

    Attributes
    ----------
    interference_um
        Diametral, of the walk.
    force : ndarray, shape (k,), N
        Loads that were held, rising from 0.
    slide_um : ndarray, shape (k,)
        95th area percentile of the tangential motion since the press-fit.
    lost : float, N
        First load without equilibrium.
    """

    interference_um: float
    force: FloatArray
    slide_um: FloatArray
    lost: float

    def at_loss(self, interference_um: float) -> float:
        """Force between the last equilibrium and the first load without, N."""
        return 0.5 * (float(self.force[-1]) + self.lost) * interference_um / self.interference_um

    def admissible(self, interference_um: float, limit_um: float) -> float:
        """Largest force that keeps the motion within a limit, N; that at loss where it is never passed."""
        scale = interference_um / self.interference_um
        if self.slide_um[-1] * scale <= limit_um:
            return self.at_loss(interference_um)
        return scale * float(np.interp(limit_um / scale, self.slide_um, self.force))
