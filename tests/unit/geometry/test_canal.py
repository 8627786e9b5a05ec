"""The reamed canal and the way to its wall."""

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.errors import GeometryError
from geometry.rays import Rays
from geometry.reaming import Reaming


def tube(outer=14.0, canal=6.0, length=100.0, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal),), **kwargs)


def radial_rays(angles, radius, level):
    angle = np.asarray(angles, dtype=float)
    one = np.ones_like(angle)
    return Rays(angle, radius * one, level * one, one, 0 * one)


def test_the_canal_is_the_union_of_reamer_and_natural_canal():
    """Natural canal 6 mm round x = -3, reamer 8 mm round 0: widest at x = -9 and at x = 8."""
    canal = Canal(tube(axis_offset=3.0), Reaming(16.0, 90.0, 8.0))
    points = np.array([[-8.99, 0, 50.0], [-9.01, 0, 50], [7.99, 0, 50], [8.01, 0, 50]])
    assert np.array_equal(canal.outside(points) > 0, [False, True, False, True])


def test_a_hemispherical_reamer_ends_in_a_sphere():
    canal = Canal(tube(), Reaming(16.0, 90.0, 8.0))
    points = np.array([[0.0, 0.0, 90.5], [3.0, 4.0, 82.0 + math.sqrt(39.0)], [0.0, 8.0, 80.0]])
    assert canal.outside_reamer(points) == pytest.approx([0.5, 0.0, 0.0], abs=1e-12)


def test_a_flat_reamer_ends_in_a_plane():
    canal = Canal(tube(), Reaming(16.0, 90.0, 0.0))
    assert canal.outside_reamer(np.array([[2.0, 3.0, 90.25]])) == pytest.approx([0.25])


def test_clearance_of_a_coaxial_cylinder_is_exactly_the_difference_of_radii():
    canal = Canal(tube(), Reaming(16.0, 90.0, 8.0))
    angles = np.linspace(0.0, 6.0, 50)
    assert np.array_equal(canal.clearance(radial_rays(angles, 8.0, 40.0)), np.zeros(50))
    assert np.array_equal(canal.clearance(radial_rays(angles, 7.5, 40.0)), np.full(50, 0.5))


def test_clearance_over_a_wider_natural_canal_is_the_way_to_its_circle():
    """Circle of radius a round (-e, 0), by rays at angle t.

    A ray from radius r meets it where
    (r + s) = -e cos t + sqrt(a^2 - e^2 sin^2 t).
    """
    canal = Canal(tube(axis_offset=3.0), Reaming(16.0, 90.0, 8.0))
    angles = np.linspace(0.0, 2 * np.pi, 73)
    circle = -3.0 * np.cos(angles) + np.sqrt(36.0 - 9.0 * np.sin(angles) ** 2)
    expected = np.maximum(circle, 8.0) - 8.0
    assert canal.clearance(radial_rays(angles, 8.0, 40.0)) == pytest.approx(expected, abs=1e-12)


def test_clearance_is_infinite_where_no_wall_is_near():
    canal = Canal(tube(), Reaming(16.0, 90.0, 8.0))
    assert np.isinf(canal.clearance(radial_rays([0.0], 5.0, 40.0))).all()
    assert np.isinf(canal.clearance(radial_rays([0.0], 8.0, 120.0))).all()


def test_clearance_in_bone_is_negative():
    assert Canal(tube(), None).clearance(radial_rays([0.0, 2.0], 6.5, 40.0)) == pytest.approx(-0.5)


def test_a_reamer_along_the_bow_sweeps_a_torus():
    """Points at distance r from the centreline's circle lie on the reamed surface."""
    bone = tube(length=200.0, bow_radius=1000.0, axis_offset=0.5, chord_length=140.0)
    canal = Canal(bone, Reaming(16.0, 150.0, 8.0, "bow"))
    level = np.linspace(5.0, 140.0, 30)
    centre, front, tangent = canal.path_frame(level)
    left = np.array([0.0, 1.0, 0.0])
    for angle in (0.0, 1.0, 2.5):
        points = centre + 8.0 * (math.cos(angle) * front + math.sin(angle) * left)
        assert canal.outside_reamer(points) == pytest.approx(0.0, abs=1e-9)
    tip, _, _ = canal.path_frame(np.array([150.0]))
    assert canal.outside_reamer(tip) == pytest.approx(0.0, abs=1e-9)
    assert np.einsum("ij,ij->i", front, tangent) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0.0, 150.0, 0.0), "The reamer's diameter must be positive, but it is 0 mm."),
        ((16.0, -1.0, 0.0), "The reaming depth must be positive"),
        ((16.0, 150.0, 9.0), r"end radius must be at most half its diameter \(8 mm\)"),
        ((16.0, 150.0, 8.0, "round"), 'path is "straight" or "bow", but it is "round"'),
    ],
)
def test_a_reamer_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(GeometryError, match=sentence):
        Reaming(*arguments)
