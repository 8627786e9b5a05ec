"""Canal fill, contact and wall by level, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.core import Core
from geometry.pose import Pose
from geometry.posed import posed
from geometry.reaming import Pass, Reaming
from geometry.seated import QUADRANTS, seated
from geometry.stem import Stem


def tube(outer=14.0, canal=5.0, length=100.0, shell=None, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal, shell),), **kwargs)


def test_fill_and_wall_of_a_stepped_canal_are_those_of_circles():
    canal = Canal(tube(), Reaming(15.0, 90.0, 0.0, train=(Pass(15.0, 90.0), Pass(17.0, 40.0))))
    found = seated(canal, Stem(15.0, 80.0))
    wide = found.levels < 40.0
    assert found.fill[wide] == pytest.approx((15.0 / 17.0) ** 2)
    assert found.fill[~wide] == pytest.approx(1.0)
    assert found.width_fill[wide] == pytest.approx(15.0 / 17.0)
    assert found.walls == pytest.approx(np.where(wide, 5.5, 6.5))
    assert (found.contact == np.where(wide, 0.0, 1.0)[:, None]).all()
    assert found.least.thickness == pytest.approx(5.5)
    assert not found.breached


def test_widths_of_an_oval_canal_fill_differently_front_to_back_and_side_to_side():
    bone = Bone(100.0, (Station(0.0, 15.0, 14.0, 9.0, 7.5),))
    found = seated(Canal(bone, None), Stem(15.0, 80.0))
    assert found.width_fill[:, 0] == pytest.approx(15.0 / 18.0)
    assert found.width_fill[:, 1] == pytest.approx(1.0)
    assert found.fill == pytest.approx(7.5**2 / (9.0 * 7.5), rel=1e-6)
    contact = dict(zip(QUADRANTS, found.contact.mean(axis=0), strict=True))
    assert contact["anterior"] == contact["posterior"] == 0.0
    assert 0.0 < contact["left"] == contact["right"] < 0.5


def test_the_wall_of_an_implant_askew_thins_along_the_stem_on_the_side_it_leans_to():
    """R - L sin t - r cos t in the plane of the tilt, and the other way round at the back."""
    tilt = math.radians(2.0)
    found = seated(Canal(posed(tube(), Pose(tilt_left=tilt)), Reaming(16.0, 90.0, 0.0)), Stem(16.0, 80.0))
    # Square to the bone's axis: the point on the left wall lies at x = L sin t + r cos t.
    expected = 14.0 - found.levels * math.sin(tilt) - 8.0 * math.cos(tilt)
    assert found.walls == pytest.approx(expected, abs=1e-6)
    assert found.wall_angles == pytest.approx(np.pi / 2)


def test_contact_with_cancellous_bone_is_no_cortical_contact():
    bone = tube(canal=0.0, shell=3.0, core=Core(start=40.0))
    found = seated(Canal(bone, Reaming(16.0, 90.0, 0.0)), Stem(16.0, 80.0))
    assert (found.contact == np.where(found.levels < 40.0, 1.0, 0.0)[:, None]).all()


def test_a_breach_is_an_answer_with_its_place():
    pose = Pose(tilt_left=math.radians(5.0))
    found = seated(Canal(posed(tube(), pose), Reaming(16.0, 90.0, 0.0)), Stem(16.0, 80.0))
    deep = 90.0 * math.sin(math.radians(5.0)) + 8.0 * math.cos(math.radians(5.0)) - 14.0
    assert found.breached
    assert found.least.thickness == pytest.approx(-deep, abs=1e-6)
    assert found.least.place == pytest.approx((0.0, 8.0, 90.0), abs=1e-2)
    assert found.walls[-1] < 0
