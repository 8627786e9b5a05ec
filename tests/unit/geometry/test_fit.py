"""The fit as an exact function of position."""

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Splines
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem

ZONES = {
    "coated": ZoneFit(0.005, 0.5),
    "uncoated": ZoneFit(0.0, 0.3),
    "collar": ZoneFit(0.0, 0.3),
}
REAMER = Reaming(16.0, 90.0, 8.0)


def bone(**kwargs):
    return Bone(150.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),), **kwargs)


def flank(radius, levels, count=24):
    """Points on a cylinder, at whatever radius it was meshed."""
    angle = np.linspace(0.1, 6.3, count)
    level, angle = (grid.ravel() for grid in np.meshgrid(levels, angle))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), level], axis=1)


def gap(fit, points, zone):
    codes = np.full(len(points), fit.stem.zones.index(zone))
    return fit.gap(points, np.zeros_like(points), codes)


def test_a_plain_stem_of_the_reamers_diameter_has_exactly_minus_the_interference():
    fit = Fit(bone(), REAMER, Stem(16.0, 80.0, coatings=(Coating(0.0, 60.0),)), ZONES)
    points = flank(8.0, [0.0, 20.0, 60.0])
    assert np.array_equal(gap(fit, points, "coated"), np.full(len(points), -0.005))
    assert np.array_equal(gap(fit, points, "uncoated"), np.zeros(len(points)))


def test_each_zone_has_its_own_interference():
    coatings = (Coating(40.0, 60.0, "mesh"), Coating(10.0, 40.0, "spray"))
    zones = {"spray": ZoneFit(0.005, 0.5), "mesh": ZoneFit(0.02, 0.9), "uncoated": ZoneFit(0.001, 0.3)}
    fit = Fit(bone(), REAMER, Stem(16.0, 80.0, coatings=coatings), zones)
    points = flank(8.0, [30.0])
    for zone, stated in zones.items():
        assert gap(fit, points, zone) == pytest.approx(-stated.radial_interference, abs=1e-15)
    mixed = fit.gap(points, np.zeros_like(points), np.arange(len(points)) % 3)
    assert mixed == pytest.approx(np.tile([-0.005, -0.02, -0.001], len(points) // 3), abs=1e-15)


def test_the_meshed_radius_does_not_enter():
    fit = Fit(bone(), REAMER, Stem(15.9, 80.0), ZONES)
    assert gap(fit, flank(8.0, [40.0]), "uncoated") == pytest.approx(0.05, abs=1e-14)
    assert gap(fit, flank(7.95, [40.0]), "uncoated") == pytest.approx(0.05, abs=1e-14)


def test_a_plain_tube_needs_no_reamer():
    fit = Fit(
        Bone(30.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)),
        None,
        Stem(14.0, 30.0, coatings=(Coating(0.0, 30.0),)),
        ZONES,
    )
    points = flank(7.0, [0.0, 15.0, 30.0])
    assert np.array_equal(gap(fit, points, "coated"), np.full(len(points), -0.005))


def test_a_taper_opens_along_its_normal():
    """R = 8 - k z against a bore of 8: k z / cos(atan k) along the cone's normal."""
    stem = Stem(16.0, 80.0, tip_diameter=15.2)
    slope = 0.4 / 80.0
    level = np.array([10.0, 40.0, 80.0])
    fit = Fit(bone(), REAMER, stem, ZONES)
    expected = np.tile(slope * level * np.hypot(1.0, slope), 24)
    assert gap(fit, flank(8.0, level), "uncoated") == pytest.approx(expected, abs=1e-12)


def test_a_tip_fillet_recedes_from_the_wall():
    """On the fillet at 30 degrees the ray runs (8 - rho) / cos 30 to the bore."""
    fit = Fit(bone(), REAMER, Stem(16.0, 80.0, tip_radius=5.0), ZONES)
    level = 75.0 + 5.0 * np.sin(np.pi / 6)
    rho = 3.0 + 5.0 * np.cos(np.pi / 6)
    value = gap(fit, flank(rho, [level]), "uncoated")
    assert value == pytest.approx((8.0 - rho) / np.cos(np.pi / 6), abs=1e-12)


def test_a_reamer_along_the_bow_misses_a_straight_stem_by_the_bow():
    """Bore centred on x_c(z): the way to its circle, to the order of the slope squared."""
    bowed = bone(bow_radius=20_000.0, chord_length=100.0)
    fit = Fit(bowed, Reaming(16.2, 120.0, 8.1, "bow"), Stem(16.0, 100.0), ZONES)
    points = flank(8.0, [10.0, 50.0, 90.0])
    offset = bowed.centre(points[:, 2])
    angle = np.arctan2(points[:, 1], points[:, 0])
    circle = offset * np.cos(angle) + np.sqrt(8.1**2 - (offset * np.sin(angle)) ** 2)
    assert gap(fit, points, "uncoated") == pytest.approx(circle - 8.0, abs=3e-5)


def test_the_collar_has_its_stated_gap():
    fit = Fit(bone(), REAMER, Stem(16.0, 80.0, collar=Collar(22.0, 4.0, 0.1)), ZONES)
    points = np.array([[9.0, 0.0, 0.0], [0.0, 10.0, 0.0]])
    assert np.array_equal(gap(fit, points, "collar"), [0.1, 0.1])


def test_splines_have_their_interference_and_the_flank_over_their_groove_no_contact():
    """Splines from 40 to 70 mm cut grooves up to there: 3 mm wide, the first one anterior."""
    stem = Stem(16.0, 80.0, splines=Splines(6, 1.0, 3.0, 40.0, 70.0, 5.0))
    fit = Fit(bone(), REAMER, stem, ZONES | {"splines": ZoneFit(0.004, 0.5)})
    crest = np.array([[9.0, 0.0, 50.0], [4.5, 4.5 * np.sqrt(3), 60.0]])
    assert np.array_equal(gap(fit, crest, "splines"), np.full(2, -0.004))
    angle = np.radians([0.0, 9.0, 12.0, 30.0, 60.0])
    over = np.column_stack([8 * np.cos(angle), 8 * np.sin(angle), np.full(5, 20.0)])
    assert np.isinf(gap(fit, over, "uncoated")).tolist() == [True, True, False, False, True]
    assert gap(fit, over[2:4], "uncoated") == pytest.approx(0.0, abs=1e-12)
