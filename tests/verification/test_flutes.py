"""The reference of `n_flutes` against a code that shares nothing with the program."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verification.plane_flutes import SECTOR, flutes, seat_plane
from tests.verification.tubes import Tubes, seat

#: What finer and finer plane meshes tend to.
MEAN, CLOSED = 44.53, 0.499


def test_plane_strain_converges_to_its_own_limit() -> None:
    """Nodes every 0.28 and 0.14 degrees."""
    coarse, fine = seat_plane(80, 6), seat_plane(160, 8)
    assert fine.mean == pytest.approx(MEAN, rel=5e-4)
    assert abs(fine.mean - MEAN) < abs(coarse.mean - MEAN) + 1e-3
    assert fine.closed == pytest.approx(CLOSED, abs=3e-3)


@pytest.mark.slow
@pytest.mark.parametrize("facets", [96, 160])
def test_the_mean_is_the_plane_one_and_contact_is_known_to_half_a_facet(facets: int) -> None:
    """Mean pressure 0.5 %, as in the case; the share of area counts whole vertices of a facet's length.

    The edge of contact lies beside the last vertex that presses, by up to one facet: half of it is
    counted, so that the share is off by half a facet of the eighth, 0.042 for 96 facets round.
    """
    seated = seat(Tubes(stem=(2, facets, 2), bone=(4, facets, 2), length=1.0, stem_offset=flutes))
    area = seated.bodies.operators.area
    closed = float(area[seated.point.forces[:, 0] > 0].sum() / area.sum())
    assert seated.mean_pressure == pytest.approx(MEAN, rel=5e-3)
    assert abs(closed - CLOSED) < np.pi / facets / SECTOR
