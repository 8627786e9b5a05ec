"""Lag screws as functions of position, and how they seat in bone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Splines
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.screw_seat import DEEPER, ends, hole, mouths
from geometry.stem import Stem
from geometry.zones import porous

TUBE = Canal(Bone(60.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.0, 60.0, 0.0))
OBLIQUE = LagScrew(6.0, 30.0, 25.0, 25.0, math.radians(130.0), math.radians(90.0))


def stem_with(screw: LagScrew, **parts: object) -> Stem:
    return Stem(16.0, 55.0, 5.0, tip_radius=3.0, lag_screw=screw, **parts)


def test_the_tip_of_a_screw_above_a_right_angle_points_to_the_hip() -> None:
    """130 degrees from the cut's side is 40 degrees above straight across; 90 about the axis is left."""
    rise = math.radians(40.0)
    np.testing.assert_allclose(OBLIQUE.axis, [0.0, math.cos(rise), math.sin(rise)], atol=1e-15)
    np.testing.assert_allclose(LagScrew(6.0, 30.0, 20.0, 0.0).axis, [1.0, 0.0, 0.0], atol=1e-15)


def test_the_distance_to_a_screw_is_that_to_its_cylinder_and_its_ends() -> None:
    screw = LagScrew(6.0, 30.0, 20.0, 10.0)
    points = np.array([[5.0, 0, 30], [5, 4, 30], [5, 0, 34], [21, 0, 30], [-12, 1, 30], [19.5, 0, 30]])
    np.testing.assert_allclose(screw.outside(points), [-3.0, 1.0, 1.0, 1.0, 2.0, -0.5])


def test_points_on_its_surface_lie_on_it() -> None:
    turn, along = np.linspace(0.0, 6.0, 50), np.linspace(-24.0, 24.0, 50)
    np.testing.assert_allclose(OBLIQUE.outside(OBLIQUE.at(turn, along)), 0.0, atol=1e-12)


@pytest.mark.parametrize("degrees", [40.0, 75.0, 90.0, 130.0])
def test_the_span_holds_every_point_where_the_screw_pierces_the_flank(degrees: float) -> None:
    """Bounds of the levels of points on both cylinders, exact where the axes' plane meets them."""
    screw = LagScrew(6.0, 30.0, 60.0, 60.0, math.radians(degrees))
    grid = np.meshgrid(np.linspace(0.0, math.tau, 361), np.linspace(-60.0, 60.0, 8001))
    points = screw.at(*(axis.ravel() for axis in grid))
    on = points[np.abs(np.hypot(points[:, 0], points[:, 1]) - 8.0) < 0.01]
    low, high = screw.span(8.0)
    assert low - 0.02 < on[:, 2].min() < low + 0.1
    assert high - 0.1 < on[:, 2].max() < high + 0.02


@pytest.mark.parametrize(
    ("tip", "head", "places", "lengths"),
    [
        (16.0, 15.0, ("out", "out"), None),
        (11.0, 0.0, ("bone", "stem"), (12.0, 0.0)),
        (9.5, 5.0, ("bone", "stem"), (10.5, 5.0)),
        (12.5, 0.0, (None, "stem"), None),
        (8.5, 0.0, (None, "stem"), None),
        (14.2, 0.0, (None, "stem"), None),
    ],
)
def test_an_end_lies_in_the_stem_in_bone_or_outside(tip, head, places, lengths) -> None:
    """In a wall from 8 to 14 mm; a hole in bone is a millimetre deeper than the screw."""
    screw = LagScrew(6.0, 30.0, tip, head)
    stem = stem_with(screw)
    assert tuple(end.place for end in ends(screw, TUBE, stem)) == places
    if lengths is not None:
        drilled = hole(screw, TUBE, stem)
        assert (drilled.tip, drilled.head) == lengths
        assert drilled.tip - screw.tip == DEEPER
    if None in places:
        with pytest.raises(GeometryError, match="must end a millimetre deep in bone"):
            engage(TUBE, stem)


def test_a_hole_that_goes_through_reaches_beyond_the_bone_and_the_screw() -> None:
    screw = LagScrew(6.0, 30.0, 15.0, 15.0)
    drilled = hole(screw, TUBE, stem_with(screw))
    assert drilled.tip > 16.0 > screw.tip
    assert drilled.radius == screw.radius


def test_the_edges_of_contact_lie_on_both_surfaces() -> None:
    """In a bowed bone that tapers, for an oblique screw; the tip ends in bone, where its end is the edge."""
    stations = Station(0.0, 15.0, 14.0, 7.0, 6.5), Station(60.0, 14.0, 13.0, 6.0, 5.0)
    bone = Bone(60.0, stations, 700.0, 0.5, 55.0)
    canal = Canal(bone, Reaming(16.0, 58.0, 8.0))
    screw = LagScrew(4.0, 30.0, 12.0, 23.0, math.radians(110.0), math.radians(200.0))
    found = mouths(screw, canal, stem_with(screw))
    assert set(found) == {"tip inner", "tip outer", "head inner", "head outer"}
    for points in found.values():
        np.testing.assert_allclose(screw.coordinates(points)[0], 2.0, atol=1e-9)
    for side in ("tip", "head"):
        np.testing.assert_allclose(canal.outside(found[f"{side} inner"]), 0.0, atol=1e-9)
    np.testing.assert_allclose(bone.outside_outer(found["head outer"]), 0.0, atol=1e-9)
    np.testing.assert_allclose(screw.coordinates(found["tip outer"])[1], 12.0, atol=1e-9)


def test_a_screw_is_the_last_zone_and_no_coating() -> None:
    stem = stem_with(OBLIQUE, coatings=(Coating(0.0, 10.0),))
    assert stem.zones == ("coated", "uncoated", "lag_screw")
    assert porous(stem.zones) == ("coated",)
    assert "lag_screw" not in Stem(16.0, 55.0).stated()
    assert stem.stated()["lag_screw"]["diameter"] == 6.0


def test_the_gap_of_a_screw_is_minus_its_radial_interference() -> None:
    """Whatever way the flank is from the canal, here 0.3 mm."""
    stem = stem_with(OBLIQUE)
    fit = Fit(
        TUBE.bone,
        Reaming(16.6, 60.0, 0.0),
        stem,
        {"uncoated": ZoneFit(0.0, 0.3), "lag_screw": ZoneFit(0.01, 0.3)},
    )
    points = OBLIQUE.at(np.array([0.0, 1.0]), np.array([15.0, -15.0]))
    gap = fit.gap(points, np.zeros((2, 3)), np.array([1, 1]))
    np.testing.assert_array_equal(gap, [-0.01, -0.01])


def test_no_layer_bears_the_name_of_the_screw_s_zone() -> None:
    with pytest.raises(GeometryError, match="lag_screw"):
        Coating(0.0, 10.0, "lag_screw")


def test_a_screw_does_not_cross_what_is_cut_into_the_stem() -> None:
    with pytest.raises(GeometryError, match="splines or their way into the bone"):
        stem_with(OBLIQUE, splines=Splines(4, 1.0, 4.0, 44.0, 50.0))
    with pytest.raises(GeometryError, match=r"40 to 140 degrees, but it is 39"):
        LagScrew(6.0, 30.0, 20.0, 20.0, math.radians(39.0))
