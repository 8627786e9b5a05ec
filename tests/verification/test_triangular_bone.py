"""Press fit in a bone of triangular section against the plane code, which shares nothing with the program."""

from __future__ import annotations

import numpy as np
import pytest

from geometry.reaming import Reaming
from geometry.sectioned_bone import SectionedBone
from geometry.station import Station, Triangle
from tests.verification.plane_fits import Section, circle, press
from tests.verification.sections import BONE, BORE, LENGTH, OUTER, RADIUS, STEM, Slice, near, seat

SHARE, INTERFERENCE = 0.08, 0.05


@pytest.mark.parametrize("conforming", [True, False])
def test_pressure_in_a_reamed_triangular_bone_is_that_of_the_plane_code(*, conforming: bool) -> None:
    """An apex points along x, where the section is symmetric; the wall is 5.9 to 8.1 mm thick."""
    section = Section(
        BORE, RADIUS, circle(RADIUS), lambda angle: OUTER * (1 + SHARE * np.cos(3 * angle)), STEM, BONE,
        INTERFERENCE,
    )  # fmt: skip
    station = Station(0.0, OUTER, OUTER, 0.0, 0.0, triangle=Triangle(SHARE), wall=OUTER - RADIUS + 1.5)
    bone = SectionedBone(LENGTH, (station,))
    plane = press(section, 48)
    seated = seat(Slice(section, bone, reaming=Reaming(2 * RADIUS, LENGTH, 0.0), conforming=conforming))
    for check in near(plane, seated, "triangular"):
        assert check.passed, check
    assert seated.rms(plane) < 0.02
    # The pressure varies with the wall: apexes press, flats give.
    assert np.ptp(plane.pressure) > 0.02 * plane.mean
    assert seated.wider == pytest.approx(plane.wider, rel=5e-3)
