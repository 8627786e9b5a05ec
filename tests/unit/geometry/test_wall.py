"""Wall thickness against closed forms."""

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.wall import check_wall, least_wall, outer_distance


def tube(outer=14.0, canal=6.0, length=60.0, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal),), **kwargs)


def test_eccentric_circles_leave_the_difference_of_radii_less_the_offset():
    """Reamer 8 mm, bone 14 mm round x = -1.3: 14 - 8 - 1.3 = 4.7 mm, anterior."""
    wall = least_wall(Canal(tube(axis_offset=1.3), Reaming(16.0, 50.0, 8.0)))
    assert wall.thickness == pytest.approx(4.7, abs=1e-9)
    assert wall.place[:2] == pytest.approx((8.0, 0.0), abs=1e-6)


def test_a_natural_canal_beside_the_reamer_counts():
    """The natural canal, 9 mm round x = -1, is wider than the reamer: 14 - 9 = 5 mm."""
    wall = least_wall(Canal(tube(canal=9.0, axis_offset=1.0), Reaming(16.0, 50.0, 8.0)))
    assert wall.thickness == pytest.approx(5.0, abs=1e-9)


def test_a_cone_is_measured_square_to_its_surface():
    """Outer radius 14 - z/10: 5 cos(atan 0.1) at z = 10; at the cut end the rim itself, 11 - 8."""
    bone = Bone(30.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0), Station(30.0, 11.0, 11.0, 6.0, 6.0)))
    inner = np.array([[8.0, 0.0, 10.0]])
    assert outer_distance(bone, inner) == pytest.approx(5.0 / math.hypot(1.0, 0.1), abs=1e-9)
    assert least_wall(Canal(bone, Reaming(16.0, 30.0, 0.0))).thickness == pytest.approx(3.0, abs=1e-9)


def test_an_ellipse_is_measured_by_its_nearest_point():
    bone = Bone(30.0, (Station(0.0, 16.0, 12.0, 6.0, 6.0),))
    points = np.array([[4.0, 3.0, 15.0]])
    angle = np.linspace(0.0, 2 * np.pi, 200_001)
    brute = np.hypot(16.0 * np.cos(angle) - 4.0, 12.0 * np.sin(angle) - 3.0).min()
    assert outer_distance(bone, points)[0] == pytest.approx(brute, abs=1e-8)


def test_the_wall_of_a_straight_reamer_in_a_bowed_bone_is_thinnest_at_the_top_of_the_bow():
    """Behind the axis there: 14 - 8 - (sagitta - offset)."""
    bone = tube(length=200.0, bow_radius=1000.0, axis_offset=0.7, chord_length=140.0)
    wall = least_wall(Canal(bone, Reaming(16.0, 140.0, 8.0)))
    sagitta = 1000.0 - math.sqrt(1000.0**2 - 70.0**2)
    assert wall.thickness == pytest.approx(6.0 - (sagitta - 0.7), abs=1e-6)
    assert wall.place == pytest.approx((-8.0, 0.0, 70.0), abs=0.05)


def test_a_reamer_that_breaks_the_wall_is_refused_with_place_and_amount():
    canal = Canal(tube(axis_offset=3.0), Reaming(24.0, 50.0, 8.0))
    with pytest.raises(GeometryError, match=r"breaks through the bone's wall by 1\.00 mm .* \(anterior\)"):
        check_wall(canal)
