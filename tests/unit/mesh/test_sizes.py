"""Element sizes as a function of position."""

import pytest

from fea.mesh.sizes import MeshSizes, interface_ends, recommended, size_field
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.stem import Stem

BONE = Bone(200.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))
STEM = Stem(14.0, 100.0, 20.0, tip_radius=5.0, coatings=(Coating(0.0, 60.0),))
SIZES = MeshSizes(2.4, 5.0)


def test_ends_are_cut_coating_limits_and_end_of_contact():
    assert interface_ends(BONE, STEM) == (0.0, 60.0, 95.0)
    assert interface_ends(BONE, Stem(14.0, 250.0)) == (0.0, 200.0)


def test_size_is_finer_at_the_ends_and_coarser_away():
    size = size_field(BONE, STEM, STEM.profile, SIZES)
    assert size(7.0, 0.0, 60.0) == pytest.approx(0.85 * 2.4)
    assert size(0.0, 7.0, 30.0) == pytest.approx(2.4)
    assert 2.4 < size(0.0, 0.0, 30.0) <= 5.0
    assert size(14.0, 0.0, 30.0) > size(10.0, 0.0, 30.0)


def test_recommended_sizes_follow_the_diameter():
    sizes = recommended(STEM)
    assert sizes.interface == pytest.approx(0.14 * 14.0)
    assert sizes.at_edges < sizes.interface == sizes.far


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0.0, 5.0), "interface size must be positive, but it is 0 mm"),
        ((3.0, 2.0), r"rise from edge \(2\.55 mm\) over interface \(3 mm\) to far \(2 mm\)"),
        ((3.0, 5.0, 4.0), r"rise from edge \(4 mm\)"),
    ],
)
def test_sizes_that_cannot_be_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        MeshSizes(*arguments)
