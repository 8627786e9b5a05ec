"""Quality of single elements against values by hand."""

import numpy as np
import pytest

from fea.mesh.parts import Part
from fea.mesh.quality import EDGES, LATTICE, gamma, jacobian_determinants, measure, shape_gradients
from tests.bodies.structured import tube_in_tube

REGULAR = np.array([[1.0, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1]])
UNIT = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
ONE = np.arange(10)[None]


def ten_nodes(corners):
    return np.concatenate([corners, [(corners[a] + corners[b]) / 2 for a, b in EDGES]])


def body(points):
    return Part("bone", points, ONE, {})


def test_a_straight_element_has_one_determinant():
    assert jacobian_determinants(ten_nodes(UNIT), ONE) == pytest.approx(1.0)


def test_shape_functions_gradients_sum_to_nothing():
    assert shape_gradients(LATTICE).sum(axis=1) == pytest.approx(0.0, abs=1e-14)


def test_the_regular_tetrahedron_has_gamma_one():
    assert gamma(REGULAR, ONE[:, :4]) == pytest.approx(1.0)
    assert gamma(REGULAR[[0, 2, 1, 3]], ONE[:, :4]) == pytest.approx(-1.0)


def test_the_corner_of_a_cube_has_its_gamma():
    """Inscribed radius 1 / (3 + sqrt 3), circumscribed sqrt(3) / 2."""
    expected = 3 * (1 / (3 + np.sqrt(3))) / (np.sqrt(3) / 2)
    assert gamma(UNIT, ONE[:, :4]) == pytest.approx(expected)


def test_a_middle_node_at_a_quarter_of_its_edge_makes_the_determinant_vanish():
    """The classical limit: dx/dr = 0 at the vertex."""
    points = ten_nodes(UNIT)
    points[4, 0] = 0.25
    assert jacobian_determinants(points, ONE).min() == pytest.approx(0.0, abs=1e-14)


def test_an_inverted_element_is_counted_and_located():
    points = ten_nodes(UNIT)
    points[4] = [0.1, 0.0, 0.0]
    quality = measure(body(ten_nodes(UNIT + 5.0)), body(points))
    assert quality.inverted == 1
    assert quality.least_scaled_jacobian < 0
    assert quality.worst_place == pytest.approx((0.25, 0.25, 0.25))


def test_a_sound_pair_has_scaled_jacobian_one():
    quality = measure(body(ten_nodes(UNIT)), body(ten_nodes(UNIT)))
    assert quality.inverted == 0
    assert quality.least_scaled_jacobian == pytest.approx(1.0)


def test_the_effective_size_is_the_cube_root_of_volume_over_elements_of_both_bodies():
    """Prisms round 8 sectors: cross-sections of 8 / 2 sin 45 deg (R^2 - r^2), six elements a cell."""
    mesh = tube_in_tube(length=20.0, sectors=8, layers=3, radii=(3.0, 7.0, 14.0))
    volume = 20.0 * 8 / 2 * np.sin(np.pi / 4) * (14.0**2 - 3.0**2)
    cells = 8 * 3 * (1 + 2)
    assert len(mesh.stem.tets) + len(mesh.bone.tets) == 6 * cells
    assert mesh.element_size == pytest.approx(np.cbrt(volume / (6 * cells)))
