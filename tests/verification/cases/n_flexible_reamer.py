"""Straight stem in the hole of a flexible reamer: contact at three points.

The case of `n_three_point` with the fit that the program makes of bone, reamer and stem. The bow of radius
R = L^2 / 8 s rises by s over the length of the stem; the reamer follows it, 2 c wider than the stem, whose
axis lies half the rise in front of the chord. Arc and parabola differ by L^4 / 128 R^3, 6e-9 mm. Forces and
bending are those of beams in series; gates as there.
"""

from __future__ import annotations

from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.verification.case import Answer
from tests.verification.cases.n_three_point import BORE, LENGTH, OUTER, PLAY, RADIUS, RISE, seat

SOURCE = "Timoshenko beams in series; shear coefficients: Cowper 1966, from general knowledge"
SLOW = True


def solve() -> Answer:
    """Ream along the bow and seat the stem."""
    bow = LENGTH**2 / (8 * RISE)
    bone = Bone(LENGTH, (Station(0.0, OUTER, OUTER, 3.0, 3.0),), bow, RISE / 2, LENGTH)
    reaming = Reaming(2 * (RADIUS + PLAY), LENGTH + 5.0, 0.0, "bow")
    stem = Stem(2 * RADIUS, LENGTH + 4.0, bore_diameter=2 * BORE)
    return seat(Fit(bone, reaming, stem, {"uncoated": ZoneFit(0.0, 0.0)}).gap)
