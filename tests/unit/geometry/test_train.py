"""A train of reamers: the canal that it leaves, against unions of coaxial passes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.rays import Rays
from geometry.reaming import Pass, Reaming
from geometry.removed import removed_volumes
from geometry.stem import Stem
from geometry.wall import least_wall

TRAIN = (Pass(12.0, 90.0), Pass(14.0, 90.0), Pass(15.0, 90.0), Pass(17.0, 60.0), Pass(19.0, 20.0))


def tube(outer=14.0, canal=5.0, length=120.0, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal),), **kwargs)


def stepped(end_radius=0.0, **kwargs):
    return Canal(tube(**kwargs), Reaming(15.0, 90.0, end_radius, train=TRAIN))


def test_the_canal_of_a_train_is_the_union_of_its_passes():
    """Whatever the ends: of the 12 and 14 mm that went as deep nothing is left to see."""
    points = np.random.default_rng(2).uniform([-12, -12, 0], [12, 12, 100], (2000, 3))
    for end_radius in (0.0, 3.0, 7.5):
        canal = stepped(end_radius)
        apart = [Canal(canal.bone, each).outside_reamer(points) for each in canal.reaming.passes]
        assert np.array_equal(canal.outside_reamer(points) < 0, (np.array(apart) < 0).any(axis=0))
    assert [step.diameter for step in stepped().reaming.steps] == [17.0, 19.0]


def test_a_stem_in_a_stepped_canal_has_the_room_of_each_step_and_touches_above_it():
    levels = np.array([10.0, 40.0, 80.0])
    one, zero = np.ones(3), np.zeros(3)
    gaps = stepped().clearance(Rays(zero, 7.5 * one, levels, one, zero))
    assert gaps == pytest.approx([2.0, 1.0, 0.0], abs=1e-12)


def test_the_least_wall_is_beside_the_widest_step():
    wall = least_wall(stepped(outer=13.0))
    assert wall.thickness == pytest.approx(13.0 - 9.5, abs=1e-9)
    assert wall.place[2] <= 20.0


def test_a_stem_shares_the_surface_of_the_pass_that_guides_it():
    engagement = engage(stepped(7.5), Stem(15.0, 80.0, tip_radius=4.0))
    assert engagement.shared
    assert engagement.blank.radius == 7.5
    assert engagement.reaming.train == TRAIN


def test_every_end_of_a_train_is_rounded_by_the_same_share():
    assert [each.end_radius for each in stepped(7.5).reaming.passes] == [6.0, 7.0, 7.5, 8.5, 9.5]


@pytest.mark.parametrize(
    ("train", "words"),
    [
        ((Pass(14.0, 90.0), Pass(13.0, 90.0), Pass(15.0, 90.0)), "Pass 2 .* wider than the 14 mm"),
        ((Pass(14.0, 80.0), Pass(15.0, 90.0)), "Pass 2 .* goes 90 mm deep"),
        ((Pass(14.0, 90.0), Pass(15.0, 80.0)), "makes its canal"),
    ],
)
def test_passes_out_of_order_are_refused(train, words):
    with pytest.raises(GeometryError, match=words):
        Reaming(15.0, 90.0, 0.0, train=train)


def test_a_flexible_train_widens_the_canal_along_the_bow():
    bone = tube(bow_radius=500.0, canal=4.0)
    canal = Canal(bone, Reaming(12.0, 90.0, 0.0, "bow", (Pass(12.0, 90.0), Pass(14.0, 40.0))))
    for level, radius in ((20.0, 7.0), (70.0, 6.0)):
        beside = np.array([[float(bone.centre(np.array([level]))[0]), radius, level]])
        assert canal.outside_reamer(beside) == pytest.approx(0.0, abs=1e-3)
    assert math.isfinite(least_wall(canal).thickness)


def test_each_pass_takes_its_ring_of_bone_in_closed_form():
    """A tube with a canal of 10 mm: pi (r_k^2 - r_(k-1)^2) L, each to its own depth."""
    squares = np.array([25.0, 36.0, 49.0, 56.25, 72.25, 90.25])
    ends = np.array([90.0, 90.0, 90.0, 60.0, 20.0])
    expected = np.pi * np.diff(squares) * ends
    assert removed_volumes(stepped()) == pytest.approx(expected, rel=1e-9)


def test_a_hemispherical_end_and_an_eccentric_canal_are_taken_off_exactly():
    """Reamer 16 mm within which a canal of 6 mm lies 2 mm beside the axis; and one that it misses wholly."""
    sphere = math.pi * 64.0 * 52.0 + 2 / 3 * math.pi * 8.0**3
    beside = Canal(tube(canal=3.0, axis_offset=2.0), Reaming(16.0, 60.0, 0.0))
    assert removed_volumes(beside)[0] == pytest.approx(math.pi * (64.0 - 9.0) * 60.0, rel=1e-6)
    solid = Canal(tube(canal=0.0), Reaming(16.0, 60.0, 8.0))
    assert removed_volumes(solid)[0] == pytest.approx(sphere, rel=1e-5)
    far = Canal(tube(canal=2.0, outer=20.0, axis_offset=11.0), Reaming(16.0, 60.0, 0.0))
    assert removed_volumes(far)[0] == pytest.approx(math.pi * 64.0 * 60.0, rel=1e-9)


def test_what_a_reamer_takes_outside_the_bone_is_no_bone():
    """Two circles of 14 and 8 mm, 10 mm apart: the lens that they have in common."""
    big, small, apart = 14.0, 8.0, 10.0
    a = math.acos((apart**2 + small**2 - big**2) / (2 * apart * small))
    b = math.acos((apart**2 + big**2 - small**2) / (2 * apart * big))
    lens = small**2 * (a - math.sin(2 * a) / 2) + big**2 * (b - math.sin(2 * b) / 2)
    canal = Canal(tube(canal=0.0, axis_offset=apart), Reaming(16.0, 60.0, 0.0))
    assert removed_volumes(canal)[0] == pytest.approx(lens * 60.0, rel=2e-4)


def test_along_the_bow_the_length_of_the_path_counts():
    """A coaxial ring on an arc: its area times the arc's length (Pappus), but for the oblique mouth."""
    bone = tube(bow_radius=500.0, canal=4.0, chord_length=90.0)
    canal = Canal(bone, Reaming(12.0, 90.0, 0.0, "bow"))
    arc = 2 * 500.0 * math.asin(45.0 / 500.0)
    assert removed_volumes(canal)[0] == pytest.approx(math.pi * 20.0 * arc, rel=2e-3)
