"""The bone's functions against hand-made values."""

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.errors import GeometryError

FEMUR = Bone(
    220.0,
    (
        Station(0.0, 14.0, 14.0, 7.0, 7.0),
        Station(120.0, 14.0, 14.0, 5.25, 5.25),
        Station(220.0, 14.0, 14.0, 6.0, 6.0),
    ),
    bow_radius=1000.0,
    axis_offset=0.7,
    chord_length=140.0,
)


def test_the_bows_chord_lies_behind_the_implant_axis():
    """Cut and tip lie on the chord, 0.7 mm behind; the sagitta is R - sqrt(R^2 - 70^2)."""
    ends = FEMUR.centre(np.array([0.0, 140.0]))
    assert ends == pytest.approx([-0.7, -0.7], abs=1e-12)
    sagitta = 1000.0 - math.sqrt(1000.0**2 - 70.0**2)
    assert FEMUR.centre(np.array([70.0]))[0] == pytest.approx(sagitta - 0.7, abs=1e-12)


def test_the_bow_is_a_circle():
    level = np.linspace(0.0, 220.0, 23)
    radius = np.hypot(FEMUR.centre(level) - FEMUR.bow_centre, level - 70.0)
    assert radius == pytest.approx(1000.0, abs=1e-9)


def test_semi_axes_pass_the_stations_and_stay_between_them():
    level = np.linspace(0.0, 120.0, 50)
    canal = FEMUR.canal_semi_axes(level)[:, 0]
    assert canal[[0, -1]] == pytest.approx([7.0, 5.25], abs=1e-12)
    assert (np.diff(canal) < 0).all()


def test_one_station_is_a_tube_and_two_are_a_cone():
    tube = Bone(30.0, (Station(10.0, 14.0, 13.0, 7.0, 6.0),))
    assert np.array_equal(tube.outer_semi_axes(np.array([0.0, 30.0])), [[14.0, 13.0]] * 2)
    cone = Bone(40.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0), Station(40.0, 12.0, 14.0, 5.0, 7.0)))
    assert cone.outer_semi_axes(np.array([10.0]))[0] == pytest.approx([13.5, 14.0])


def test_signed_distance_is_exact_for_circles():
    points = np.array([[3.0, 0.0, 70.0], [20.0, 5.0, 70.0], [0.0, -14.0, 70.0]])
    centre = FEMUR.centre(np.array([70.0]))[0]
    expected = np.hypot(points[:, 0] - centre, points[:, 1]) - 14.0
    assert FEMUR.outside_outer(points) == pytest.approx(expected, abs=1e-12)


def test_signed_distance_on_the_centreline_is_finite():
    centre = FEMUR.centre(np.array([70.0]))[0]
    value = FEMUR.outside_canal(np.array([[centre, 0.0, 70.0]]))[0]
    assert value == pytest.approx(-FEMUR.canal_semi_axes(np.array([70.0]))[0, 0])


def test_material_frames_are_right_handed_and_follow_the_bow():
    points = np.array([[9.0, 2.0, 10.0], [-6.0, 1.0, 200.0], [0.0, 11.0, 70.0]])
    frames = FEMUR.material_frames(points)
    identity = np.broadcast_to(np.eye(3), frames.shape)
    assert np.einsum("nij,nik->njk", frames, frames) == pytest.approx(identity, abs=1e-12)
    assert np.linalg.det(frames) == pytest.approx(1.0)
    slope = frames[:, 0, 2] / frames[:, 2, 2]
    assert slope == pytest.approx(FEMUR.centre_slope(points[:, 2]), abs=1e-12)
    outwards = points[:, 0] - FEMUR.centre(points[:, 2])
    assert (frames[:, 0, 0] * outwards + frames[:, 1, 0] * points[:, 1] > 0).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0.0, (Station(0.0, 14, 14, 7, 7),)), "The bone's length must be positive, but it is 0 mm."),
        ((30.0, ()), "The bone needs at least one station."),
        ((30.0, (Station(40.0, 14, 14, 7, 7),)), "must lie between its ends at 0 and 30 mm"),
        ((30.0, (Station(9.0, 14, 14, 7, 7),) * 2), "must stand in rising order, but 9 mm follows 9 mm"),
        ((220.0, (Station(0.0, 14, 14, 7, 7),), 100.0), "The bow radius must be more than 220 mm"),
    ],
)
def test_a_bone_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(GeometryError, match=sentence):
        Bone(*arguments)


def test_a_canal_as_wide_as_the_bone_is_refused():
    with pytest.raises(GeometryError, match="must be narrower than the bone"):
        Station(0.0, 14.0, 14.0, 14.0, 7.0)


def test_another_wall_moves_the_outside_and_leaves_canal_and_bow():
    level = np.linspace(0.0, 220.0, 23)
    thick = FEMUR.thickened(0.75)
    assert thick.outer_semi_axes(level) == pytest.approx(FEMUR.outer_semi_axes(level) + 0.75, abs=1e-12)
    assert np.array_equal(thick.canal_semi_axes(level), FEMUR.canal_semi_axes(level))
    assert np.array_equal(thick.centre(level), FEMUR.centre(level))


def test_a_wall_that_is_thinned_to_nothing_is_refused():
    with pytest.raises(GeometryError, match="must be narrower than the bone"):
        FEMUR.thickened(-7.0)
