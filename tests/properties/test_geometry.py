"""What holds for all shapes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.fit import Fit, ZoneFit
from geometry.rays import Rays
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.wall import least_wall

lengths = st.floats(60.0, 300.0)
radii = st.floats(4.0, 12.0)
offsets = st.floats(-1.5, 1.5)


def bowed(length, canal, offset, bow):
    outer = 20.0
    stations = (
        Station(0.0, outer, outer, canal, canal),
        Station(length / 2, outer, outer - 1.0, 0.8 * canal, 0.9 * canal),
        Station(length, outer + 1.0, outer, canal, 0.9 * canal),
    )
    return Bone(length, stations, bow, offset, 0.7 * length)


@settings(max_examples=40, deadline=None)
@given(lengths, radii, offsets, st.floats(800.0, 1e5), st.floats(0.0, 6.2), st.floats(0.05, 0.95))
def test_a_ray_ends_on_the_wall_of_the_canal(length, canal, offset, bow, angle, height):
    """Where a clearance is finite, its end lies on the canal's surface."""
    bone = bowed(length, canal, offset, bow)
    reamed = Canal(bone, Reaming(2 * canal, 0.9 * length, canal, "bow"))
    one = np.ones(1)
    rays = Rays(angle * one, 0.95 * canal * one, height * length * one, one, 0 * one)
    way = reamed.clearance(rays)
    if np.isfinite(way[0]):
        assert abs(reamed.outside(rays.at(way))[0]) < 1e-9


@settings(max_examples=40, deadline=None)
@given(radii, st.floats(-0.2, 0.2), st.floats(0.0, 6.2), st.floats(0.0, 40.0))
def test_the_gap_of_coaxial_cylinders_is_the_difference_of_radii(radius, undersize, angle, level):
    bone = Bone(100.0, (Station(0.0, 20.0, 20.0, 3.0, 3.0),))
    fit = Fit(
        bone,
        Reaming(2 * radius, 90.0, radius),
        Stem(2 * (radius - undersize), 50.0),
        {"uncoated": ZoneFit(0.01, 0.3)},
    )
    points = np.array([[radius * np.cos(angle), radius * np.sin(angle), level]])
    gap = fit.gap(points, np.zeros_like(points), np.array([0]))
    assert abs(gap[0] - (undersize - 0.01)) < 1e-12


@settings(max_examples=15, deadline=None)
@given(lengths, st.floats(4.0, 8.0), offsets, st.floats(2000.0, 1e5))
def test_wider_reaming_never_leaves_more_wall(length, canal, offset, bow):
    bone = bowed(length, canal, offset, bow)
    walls = [
        least_wall(Canal(bone, Reaming(2 * radius, 0.5 * length, 0.0))).thickness
        for radius in (canal, canal + 1.0)
    ]
    assert walls[1] <= walls[0] + 1e-6


@settings(max_examples=30, deadline=None)
@given(lengths, radii, offsets, st.floats(800.0, 1e5), st.floats(0.0, 6.2), st.floats(0.0, 1.0))
def test_mirroring_left_and_right_changes_nothing(length, canal, offset, bow, angle, height):
    bone = bowed(length, canal, offset, bow)
    point = np.array([[7.0 * np.cos(angle), 7.0 * np.sin(angle), height * length]])
    mirrored = point * [1.0, -1.0, 1.0]
    assert np.array_equal(bone.outside_canal(point), bone.outside_canal(mirrored))
    assert np.array_equal(bone.outside_outer(point), bone.outside_outer(mirrored))
