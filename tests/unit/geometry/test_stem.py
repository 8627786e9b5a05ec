"""The stem's profile and what a stem may not be."""

import math

import numpy as np
import pytest

from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.stem import Collar, Stem
from geometry.zones import porous


def test_a_cylinder_keeps_its_radius_up_to_the_fillet():
    profile = Stem(16.0, 140.0, tip_radius=5.0).profile
    assert profile.fillet_start == 135.0
    radius = profile.at(np.array([-20.0, 0.0, 135.0, 138.0, 140.0]))
    assert radius == pytest.approx([8.0, 8.0, 8.0, 7.0, 3.0], abs=1e-12)


def test_a_taper_is_linear_from_the_cut_to_the_tip():
    profile = Stem(16.0, 100.0, tip_diameter=14.0).profile
    assert profile.at(np.array([-5.0, 0.0, 50.0, 100.0])) == pytest.approx([8.0, 8.0, 7.5, 7.0])


def test_the_fillet_touches_a_tapered_flank_without_a_kink():
    """Radius and normal are continuous where the fillet starts."""
    profile = Stem(20.0, 50.0, tip_diameter=10.0, tip_radius=3.0).profile
    around = profile.fillet_start + np.array([-1e-9, 1e-9])
    assert np.ptp(profile.at(around)) < 1e-8
    radial, axial = profile.normal(around)
    assert np.ptp(radial) < 1e-8
    assert axial == pytest.approx(0.1 / math.hypot(1.0, 0.1), abs=1e-8)


def test_normals_are_perpendicular_to_the_profile():
    profile = Stem(16.0, 40.0, tip_diameter=15.0, tip_radius=4.0).profile
    level = np.linspace(1.0, 39.5, 60)
    step = 1e-6
    slope = (profile.at(level + step) - profile.at(level - step)) / (2 * step)
    radial, axial = profile.normal(level)
    assert np.hypot(radial, axial) == pytest.approx(1.0)
    assert radial * slope + axial == pytest.approx(0.0, abs=1e-6)


def test_the_distal_level_is_the_neck_or_the_collar():
    assert Stem(16.0, 140.0, 30.0).distal_level == -30.0
    assert Stem(16.0, 140.0, collar=Collar(22.0, 4.0, 0.1)).distal_level == -4.0
    assert Stem(16.0, 140.0).distal_level == 0.0


def stem(*coatings):
    return Stem(16.0, 140.0, coatings=coatings)


def test_zones_rise_from_the_cut_and_end_with_the_rest_and_the_collar():
    mesh, spray = Coating(60.0, 100.0, "mesh"), Coating(0.0, 60.0, "spray")
    assert stem(mesh, spray).coatings == (spray, mesh)
    assert stem(mesh, spray).zones == ("spray", "mesh", "uncoated")
    assert Stem(16.0, 140.0, collar=Collar(22.0, 4.0, 0.1)).zones == ("uncoated", "collar")
    both = Stem(16.0, 140.0, collar=Collar(22.0, 4.0, 0.1), coatings=(Coating(0.0, 60.0),))
    assert both.zones == ("coated", "uncoated", "collar")
    assert porous(both.zones) == ("coated",)
    assert porous(stem(mesh, spray).zones) == ("spray", "mesh")


def test_a_stem_states_one_coating_as_its_own_and_several_by_name():
    one = stem(Coating(0.0, 60.0)).stated()
    assert one["coating"] == {"start": 0.0, "end": 60.0}
    assert one["diameter"] == 16.0
    assert stem().stated()["coating"] is None
    assert stem(Coating(0.0, 60.0, "mesh")).stated()["coating"] == {"start": 0.0, "end": 60.0, "name": "mesh"}
    two = stem(Coating(60.0, 100.0, "mesh"), Coating(0.0, 60.0)).stated()["coating"]
    assert two == ({"start": 0.0, "end": 60.0}, {"start": 60.0, "end": 100.0, "name": "mesh"})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Stem(-16.0, 140.0), "The stem's diameter must be positive, but it is -16 mm."),
        (lambda: Stem(16.0, math.nan), "The stem's length must be positive, but it is nan mm."),
        (lambda: Stem(16.0, 140.0, -1.0), "The stem's protrusion must not be negative"),
        (lambda: Stem(16.0, 140.0, tip_radius=9.0), "tip radius of 9 mm does not fit"),
        (lambda: Stem(16.0, 140.0, bore_diameter=16.0), "bore must be narrower than the stem"),
        (lambda: Stem(16.0, 140.0, tip_radius=5.0, bore_diameter=7.0), "does not fit"),
        (lambda: Stem(16.0, 140.0, collar=Collar(16.0, 4.0, 0.1)), "collar must be wider than the stem"),
        (
            lambda: Stem(16.0, 140.0, coatings=(Coating(0.0, 150.0),)),
            "must end on the stem, at most at 140 mm",
        ),
        (lambda: stem(Coating(0, 50), Coating(40, 60, "spray")), "'coated' ends at 50 mm and 'spray' starts"),
        (
            lambda: stem(Coating(60, 90), Coating(0, 100, "spray")),
            "'spray' ends at 100 mm and 'coated' starts",
        ),
        (lambda: stem(Coating(0, 50), Coating(50, 60)), "its own name, but 'coated' stands twice"),
        (lambda: Coating(0.0, 10.0, "Mesh"), "must be of at most 32 lower-case letters, .* but it is 'Mesh'"),
        (lambda: Coating(0.0, 10.0, "2nd"), "a letter first, but it is '2nd'"),
        (lambda: Coating(0.0, 10.0, ""), "lower-case"),
        (lambda: Coating(0.0, 10.0, "two words"), "lower-case"),
        (lambda: Coating(0.0, 10.0, "uncoated"), "must be none of uncoated, collar, .* but it is 'uncoated'"),
        (lambda: Coating(0.0, 10.0, "free"), "which mean something else"),
        (lambda: Coating(20.0, 10.0), "must end above its start, but it runs from 20 to 10 mm"),
        (lambda: Collar(22.0, 0.0, 0.1), "The collar's thickness must be positive"),
        (lambda: Collar(22.0, 4.0, -0.1), "The collar's gap must not be negative"),
    ],
)
def test_a_stem_that_cannot_be_is_refused(make, sentence):
    with pytest.raises(GeometryError, match=sentence):
        make()
