"""Patterns of interference: mean 1, exact weak values where theory gives them."""

from __future__ import annotations

import numpy as np
import pytest

from fea.solution import Interface
from fea.sweep.patterns import PATTERNS, PEAKS, weak_factor

#: Between 0 and 1 the Gauss points of order 64 integrate the polynomials exactly; 64 equal steps
#: integrate the cosine exactly.
SHARE, WEIGHT = (lambda nodes: ((nodes[0] + 1) / 2, nodes[1] / 2))(np.polynomial.legendre.leggauss(64))
ANGLE = 2 * np.pi * np.arange(64) / 64


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_has_the_mean_one_and_its_stated_peak(pattern: str) -> None:
    share, angle = np.meshgrid(SHARE, ANGLE)
    mean = float((PATTERNS[pattern](share, angle) * WEIGHT).sum() / len(ANGLE))
    assert mean == pytest.approx(1.0, abs=1e-12)
    fine, round_ = np.meshgrid(np.linspace(0, 1, 1001), np.linspace(0, 2 * np.pi, 1001))
    values = PATTERNS[pattern](fine, round_)
    assert values.max() == pytest.approx(PEAKS[pattern], abs=1e-12)
    assert values.min() >= 0.0


def strip(rows: int = 9) -> Interface:
    """A flat strip 1 mm wide in the plane x = 5, from z = 0 to z = 8, of squares cut in two."""
    points = np.array([[5.0, y, z] for z in np.linspace(0.0, 8.0, rows) for y in (0.0, 1.0)])
    facets = []
    for k in range(rows - 1):
        a, b, c, d = 2 * k, 2 * k + 1, 2 * k + 2, 2 * k + 3
        facets += [[a, b, d], [a, d, c]]
    triangles = np.array(facets)
    corners = points[triangles]
    middles = (corners + np.roll(corners, -1, axis=1)) / 2
    count = len(points)
    nothing = np.zeros((count, 3))
    return Interface(
        points, nothing, nothing, nothing, np.ones(count), triangles, middles,
        np.zeros(count, dtype=np.int64), ("uncoated",), np.zeros(count), np.zeros(count),
        np.zeros(count, dtype=bool),
    )  # fmt: skip


def test_a_uniform_pattern_is_one_to_the_last_bit() -> None:
    interface = strip()
    assert np.all(weak_factor(interface, np.ones(18, dtype=bool), "uniform") == 1.0)


def test_a_linear_pattern_has_its_weak_value_at_every_vertex() -> None:
    """Weak value = 2 (integral of h s) / (integral of h), by hand for the first and an inner pair.

    With unit squares of s-height 1/8: a pair of vertices at an inner level z has hats
    symmetric about it, so the mean of the pair is 2 z / 8. At the lower end the pair's hats
    are 1 - z over one square: mean 2 / 8 * integral(z (1 - z)) / integral(1 - z) = 2 / 8 / 3.
    """
    interface = strip()
    weak = weak_factor(interface, np.ones(18, dtype=bool), "proximal")
    weight = np.bincount(interface.facets.ravel(), minlength=18)  # hat integrals, all facets being alike
    for level in range(9):
        pair = slice(2 * level, 2 * level + 2)
        expected = {0: 2 / 8 / 3, 8: 2 - 2 / 8 / 3}.get(level, 2 * level / 8)
        assert np.average(weak[pair], weights=weight[pair]) == pytest.approx(expected, rel=1e-12)


def test_a_pattern_leaves_other_zones_alone_and_spans_its_own() -> None:
    interface = strip()
    zone = interface.points[:, 2] >= 4.0
    weak = weak_factor(interface, zone, "distal")
    assert np.all(weak[~zone] == 1.0)
    assert weak[zone].max() > 1.5
    assert weak[-1] < 0.3
