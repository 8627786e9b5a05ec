"""An implant that stands askew in its bone, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.core import Core
from geometry.errors import GeometryError
from geometry.jaw import Jaw
from geometry.pose import PLANNED, Pose
from geometry.posed import PosedBone, posed
from geometry.reaming import Reaming
from geometry.scanned.splined import fit_outline
from geometry.wall import check_wall, least_wall, outer_distance

ASKEW = Pose(math.radians(4.0), math.radians(-2.5), math.radians(30.0), 1.5, -2.0)


def tube(outer=14.0, canal=6.0, length=80.0, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal),), **kwargs)


def oval(**kwargs):
    stations = (Station(0.0, 15.0, 13.0, 7.0, 6.5, 2.0), Station(40.0, 14.0, 12.0, 5.5, 5.0, 2.5),
                Station(90.0, 14.5, 14.0, 6.0, 6.0, 2.0))  # fmt: skip
    return Bone(90.0, stations, 500.0, 0.7, 70.0, Core(10.0, 60.0), **kwargs)


def splined():
    angles, levels = np.linspace(-np.pi, np.pi, 60, endpoint=False), np.linspace(0.0, 90.0, 91)
    wave = 1.0 + 0.05 * np.cos(2 * angles)[:, None] + 0.001 * levels
    outlines = [fit_outline(angles, levels, size * wave, 12, 15.0) for size in (14.0, 6.0)]
    return Bone(90.0, (), outline=outlines[0], canal_outline=outlines[1])


def cloud(count=400):
    return np.random.default_rng(1).uniform([-16.0, -16.0, 5.0], [16.0, 16.0, 75.0], (count, 3))


def test_the_axis_leans_by_the_angles_that_radiographs_from_the_side_and_from_the_front_show():
    x, y, z = ASKEW.rotation[:, 2]
    assert math.atan2(x, z) == pytest.approx(math.radians(4.0), abs=1e-14)
    assert math.atan2(y, z) == pytest.approx(math.radians(-2.5), abs=1e-14)
    assert math.acos(z) == pytest.approx(ASKEW.tilt, abs=1e-12)
    assert ASKEW.rotation @ ASKEW.rotation.T == pytest.approx(np.eye(3), abs=1e-15)
    assert np.linalg.det(ASKEW.rotation) == pytest.approx(1.0)


def test_a_turn_alone_carries_the_front_to_the_left_and_a_tilt_alone_turns_nothing():
    turned = Pose(turn=math.radians(90.0)).to_bone(np.array([[1.0, 0.0, 5.0]]))
    assert turned == pytest.approx(np.array([[0.0, 1.0, 5.0]]))
    x = Pose(0.1, 0.08).rotation[:, 0]
    assert math.atan2(x[1], x[0]) == pytest.approx(-0.5 * 0.1 * 0.08, rel=0.02)


@pytest.mark.parametrize("bone", [tube(), oval(), splined()], ids=["tube", "oval", "splined"])
def test_a_bone_turned_and_turned_back_is_the_same(bone):
    points, askew = cloud(), posed(bone, ASKEW)
    seen = ASKEW.to_implant(points)
    assert ASKEW.to_bone(seen) == pytest.approx(points, abs=1e-12)
    for name in ("outside_outer", "outside_canal", "outside_core"):
        mine, its = getattr(askew, name)(seen), getattr(bone, name)(points)
        assert np.array_equal(np.isfinite(mine), np.isfinite(its))
        assert mine[np.isfinite(mine)] == pytest.approx(its[np.isfinite(its)], abs=1e-9), name
    frames = ASKEW.rotation @ askew.material_frames(seen)
    assert frames == pytest.approx(bone.material_frames(points), abs=1e-9)
    assert outer_distance(askew, seen) == pytest.approx(outer_distance(bone, points), abs=1e-7)
    angle, level = np.linspace(0.0, 6.0, 30), np.linspace(0.0, 80.0, 30)
    assert askew.outside_outer(askew.outer_places(angle, level)) == pytest.approx(0.0, abs=1e-9)
    assert askew.outside_canal(askew.canal_places(angle, level)) == pytest.approx(0.0, abs=1e-9)


def test_a_pose_as_planned_leaves_the_bone_itself():
    bone = oval()
    assert posed(bone, PLANNED) is bone


def test_a_round_coaxial_tube_does_not_see_a_turn_about_its_axis():
    """Distances, wall, canal and the directions of the bone's material are those of the tube."""
    turned, points = posed(tube(), Pose(turn=1.1)), cloud()
    assert isinstance(turned, PosedBone)
    assert turned.outside_outer(points) == pytest.approx(tube().outside_outer(points), abs=1e-12)
    assert turned.material_frames(points) == pytest.approx(tube().material_frames(points), abs=1e-12)
    reaming = Reaming(16.0, 60.0, 8.0)
    walls = [least_wall(Canal(bone, reaming)).thickness for bone in (tube(), turned)]
    assert walls[1] == pytest.approx(walls[0], abs=1e-9)


def test_the_centreline_is_found_at_levels_along_the_implant():
    """A straight bone: the axis of an implant that leans lies at -(l tan t + e / cos t) at level l."""
    pose = Pose(tilt_front=0.06, entry_front=1.2)
    levels = np.array([0.0, 30.0, 70.0])
    along = -(levels * math.tan(0.06) + 1.2 / math.cos(0.06))
    found = posed(tube(), pose)
    assert found.centre(levels) == pytest.approx(along, abs=1e-9)
    assert found.centre_left(levels) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("turn", [0.0, 0.7])
def test_the_wall_beside_a_tilted_cylinder_in_a_tube_is_known(turn):
    """Deepest rim of a square reamer: R - |e + L sin t + r cos t| on the side to which the axis leans."""
    tilt, entry, depth, radius = math.radians(3.0), 0.4, 60.0, 8.0
    pose = Pose(tilt_left=tilt, entry_left=entry, turn=turn)
    wall = least_wall(Canal(posed(tube(), pose), Reaming(2 * radius, depth, 0.0)))
    reach = entry + depth * math.sin(tilt) + radius * math.cos(tilt)
    assert wall.thickness == pytest.approx(14.0 - reach, abs=1e-7)
    expected = (radius * math.sin(turn), radius * math.cos(turn), depth)
    assert wall.place == pytest.approx(expected, abs=1e-3)


def test_a_natural_canal_beside_a_tilted_reamer_keeps_its_own_wall():
    """The reamer stays within the canal of 10 mm: wall 14 - 10, square to the bone's axis."""
    bone = posed(tube(canal=10.0), Pose(tilt_front=math.radians(1.0)))
    assert least_wall(Canal(bone, Reaming(16.0, 60.0, 8.0))).thickness == pytest.approx(4.0, abs=1e-9)


def test_a_pose_that_leaves_the_bone_is_refused_with_side_and_amount():
    bone = posed(tube(), Pose(tilt_left=math.radians(6.0)))
    reach = 70.0 * math.sin(math.radians(6.0)) + 8.0 * math.cos(math.radians(6.0)) - 14.0
    with pytest.raises(GeometryError, match=rf"by {reach:.2f} mm at z = 70 mm \(left\)"):
        check_wall(Canal(bone, Reaming(16.0, 70.0, 0.0)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"tilt_front": 0.3}, "lean by at most 10"), ({"entry_left": -16.0}, "at most 15 mm"),
     ({"turn": math.inf}, "finite angle")],
)  # fmt: skip
def test_what_is_no_error_of_a_pose_is_refused(wrong, words):
    with pytest.raises(GeometryError, match=words):
        Pose(**wrong)


def test_what_does_not_go_with_an_implant_askew_is_refused():
    jaw = Jaw(12.0, 16.0, 9.0, 11.0, 1.5, 1.8, 1.6, 2.5)
    with pytest.raises(GeometryError, match="jaw"):
        posed(Bone(16.0, (), core=Core(), outline=jaw), ASKEW)
    with pytest.raises(GeometryError, match="ream straight"):
        Canal(posed(tube(bow_radius=400.0), ASKEW), Reaming(16.0, 60.0, 8.0, "bow"))
