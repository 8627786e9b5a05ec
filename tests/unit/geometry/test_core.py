"""A cancellous core within the cortical shell: where it lies, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.core import Core
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.wall import least_wall

TUBE = Bone(30.0, (Station(0.0, 14.0, 12.0, 7.0, 6.0, 3.0),), core=Core(10.0, 25.0))


def test_the_core_lies_within_the_shell_between_its_levels() -> None:
    points = np.array([[10.0, 0, 15], [11.5, 0, 15], [0, 8.0, 15], [0, 9.5, 15], [10.0, 0, 9], [10.0, 0, 26]])
    assert (TUBE.outside_core(points) < 0).tolist() == [True, False, True, False, False, False]


def test_the_distance_to_the_core_is_exact_on_the_axes_and_along_the_implant() -> None:
    points = np.array([[12.5, 0.0, 15.0], [0.0, 7.5, 15.0], [0.0, 7.5, 8.0]])
    np.testing.assert_allclose(TUBE.outside_core(points), [1.5, -1.5, 2.0], atol=1e-12)


def test_a_shell_may_vary_from_station_to_station() -> None:
    stations = (Station(0.0, 14.0, 14.0, 6.0, 6.0, 4.0), Station(20.0, 14.0, 14.0, 6.0, 6.0, 2.0))
    bone = Bone(20.0, stations, core=Core())
    np.testing.assert_allclose(bone.core_semi_axes(np.array([0.0, 10.0, 20.0]))[:, 0], [10.0, 11.0, 12.0])
    assert bone.least_shell == 2.0


def test_without_a_core_everything_lies_outside_of_it() -> None:
    bone = Bone(30.0, (Station(0.0, 14.0, 12.0, 7.0, 6.0),))
    assert bone.outside_core(np.array([[10.0, 0.0, 15.0]])) == math.inf
    assert bone.least_shell is None


def test_a_bone_that_is_thickened_keeps_its_shell() -> None:
    thick = TUBE.thickened(1.0)
    np.testing.assert_allclose(thick.core_semi_axes(np.zeros(1))[0], [12.0, 10.0])


def test_a_bone_without_a_natural_canal_has_the_drill_s_alone() -> None:
    bone = Bone(30.0, (Station(0.0, 14.0, 14.0, 0.0, 0.0),))
    canal = Canal(bone, Reaming(8.0, 20.0, 4.0))
    points = np.array([[0.0, 0.0, 10.0], [5.0, 0.0, 10.0], [0.0, 0.0, 21.5]])
    np.testing.assert_allclose(canal.outside(points), [-4.0, 1.0, 1.5], atol=1e-12)
    assert least_wall(canal).thickness == pytest.approx(10.0, abs=1e-6)
    assert not bone.hollow


def test_a_bone_with_no_canal_at_all_is_refused() -> None:
    with pytest.raises(GeometryError, match="must be reamed or drilled"):
        Canal(Bone(30.0, (Station(0.0, 14.0, 14.0, 0.0, 0.0),)), None)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Station(0.0, 14.0, 14.0, 7.0, 7.0, 7.0), "must leave room for a core"),
        (lambda: Station(0.0, 14.0, 14.0, 7.0, 7.0, 0.0), "must be positive"),
        (lambda: Station(0.0, 14.0, 14.0, 7.0, 0.0), "canal's semi-axis"),
        (lambda: Core(5.0, 5.0), "must end above its beginning"),
        (lambda: Bone(30.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),), core=Core()), "needs the thickness"),
        (lambda: Bone(9.0, TUBE.stations, core=Core(10.0, 25.0)), "must lie in the bone"),
        (
            lambda: Bone(9.0, (TUBE.stations[0], Station(9.0, 14.0, 12.0, 7.0, 6.0))),
            "must state a cortical shell, or none",
        ),
        (
            lambda: Bone(9.0, (Station(0.0, 9.0, 9.0, 0.0, 0.0), Station(9.0, 9.0, 9.0, 3.0, 3.0))),
            "must have a natural canal, or none",
        ),
    ],
)
def test_what_cannot_be_is_refused(make, part) -> None:
    with pytest.raises(GeometryError, match=part):
        make()
