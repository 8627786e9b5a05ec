"""The flank on a grid: linear fields are kept, across the seam too, and silence is kept apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.post.flank_grid import grid_over, laid, nearest
from fea.study import Study
from geometry.zones import OFF_FLANK
from tests.unit.post.synthetic_mesh import STEM_LENGTH, STEM_RADIUS


def test_the_grid_covers_the_flank_all_round(study: Study) -> None:
    grid = grid_over([study.interface])
    assert grid is not None
    assert (grid.angle[0], grid.angle[-1]) == (-180.0, 180.0)
    assert grid.depth[0] == 0.0
    assert grid.depth[-1] == pytest.approx(STEM_LENGTH)
    assert np.ptp(np.diff(grid.depth)) < 1e-9
    assert grid.radius == pytest.approx(STEM_RADIUS)


def test_a_field_that_is_linear_along_the_stem_is_kept(study: Study) -> None:
    """Exact to round-off, at the seam as elsewhere."""
    grid = grid_over([study.interface])
    assert grid is not None
    found = laid(grid, study.interface, study.interface.straight[:, 2])
    told = np.isfinite(found)
    assert told.mean() > 0.95
    assert told[:, [0, -1]].mean() > 0.95
    along = np.broadcast_to(grid.depth[:, None], found.shape)
    np.testing.assert_allclose(found[told], along[told], atol=1e-9)


def test_a_field_round_the_stem_has_its_angle(study: Study) -> None:
    """The cosine of the angle: 1 anterior, -1 behind, within the chord of the mesh's 16 sectors."""
    grid = grid_over([study.interface])
    assert grid is not None
    points = study.interface.straight
    found = laid(grid, study.interface, points[:, 0] / np.hypot(points[:, 0], points[:, 1]))
    middle = found[len(grid.depth) // 2]
    exact = np.cos(np.radians(grid.angle))
    np.testing.assert_allclose(middle, exact, atol=1 - np.cos(np.pi / 16) + 1e-9)
    assert middle[0] == pytest.approx(middle[-1])


def test_what_says_nothing_is_not_a_number(study: Study) -> None:
    grid, interface = grid_over([study.interface]), study.interface
    assert grid is not None
    says = interface.straight[:, 2] < 70.0
    found = laid(grid, interface, np.ones(len(says)), says)
    assert np.isfinite(found[grid.depth < 60.0]).mean() > 0.95
    assert np.isnan(found[grid.depth > 85.0]).all()
    assert set(np.unique(nearest(grid, interface, says.astype(float)))) == {0.0, 1.0}


def test_an_interface_without_a_flank_has_no_grid(study: Study) -> None:
    plate = replace(study.interface, zones=(OFF_FLANK[0],) * len(study.interface.zones))
    assert grid_over([study.interface, plate]) is None
