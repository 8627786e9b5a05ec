"""Places within a layer: shares of its thickness and length."""

from __future__ import annotations

import numpy as np
import pytest

from geometry.coating import Coating
from geometry.layer import LayerPlaces
from geometry.stem import Stem

STEM = Stem(
    diameter=16.0, length=100.0, tip_diameter=14.0, tip_radius=2.0, coatings=(Coating(10.0, 60.0, "a", 1.5),)
)


def test_shares_count_from_the_flank_of_a_tapered_stem_and_from_the_distal_end() -> None:
    layer = LayerPlaces.of(STEM, "a")
    levels = np.array([10.0, 35.0, 60.0])
    radius = STEM.profile.at(levels) - np.array([0.0, 0.5, 1.0]) * 1.5 * np.hypot(1.0, STEM.profile.slope)
    points = np.column_stack([0.6 * radius, 0.8 * radius, levels])
    assert layer.shares(points) == pytest.approx(np.array([[0, 0], [0.5, 0.5], [1, 1]]), abs=1e-12)


def test_what_lies_outside_has_the_place_of_the_nearest_end() -> None:
    layer = LayerPlaces.of(STEM, "a")
    points = np.array([[9.0, 0.0, 0.0], [1.0, 0.0, 80.0]])
    assert layer.shares(points) == pytest.approx(np.array([[0, 0], [1, 1]]))


def test_a_bowed_stem_is_straightened_first() -> None:
    bowed = Stem(diameter=16.0, length=100.0, bow_radius=800.0, coatings=(Coating(10.0, 60.0, "a", 2.0),))
    straight = np.array([[7.0, 0.0, 35.0], [0.0, 7.5, 20.0]])
    found = LayerPlaces.of(bowed, "a").shares(bowed.axis.bend(straight))
    assert found == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.2]]), abs=1e-9)


def test_the_rule_s_volumes_are_those_of_the_layer() -> None:
    """A ring of a cone: pi (2 r - d) d integrated over the length."""
    layer = LayerPlaces.of(STEM, "a")
    _, volumes = layer.quadrature()
    middle = float(STEM.profile.at(np.array([35.0]))[0])
    assert volumes.sum() == pytest.approx(np.pi * (2 * middle - layer.depth) * layer.depth * 50.0, rel=1e-12)
