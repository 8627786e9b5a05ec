"""What does not go together is refused in one plain sentence each."""

from dataclasses import replace

import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.checks import check, problems
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.stem import Coating, Collar, Stem

BONE = Bone(
    220.0,
    (
        Station(0.0, 14.0, 14.0, 7.0, 7.0),
        Station(120.0, 14.0, 14.0, 5.25, 5.25),
        Station(220.0, 14.0, 14.0, 6.0, 6.0),
    ),
    1000.0,
    0.7,
    140.0,
)
REAMER = Reaming(16.0, 150.0, 8.0)
STEM = Stem(16.0, 140.0, 30.0, tip_radius=5.0, collar=Collar(22.0, 4.0, 0.1), coating=Coating(0.0, 100.0))


def test_the_default_shapes_go_together():
    assert problems(BONE, REAMER, STEM) == ()
    engagement = engage(Canal(BONE, REAMER), STEM)
    assert (engagement.shared, engagement.clipped) == (True, False)


@pytest.mark.parametrize(
    ("reamer", "stem", "sentence"),
    [
        (REAMER, Stem(29.0, 140.0), "The stem is wider than the bone at z = 0 mm: 29 mm in a bone of 28 mm."),
        (REAMER, Stem(16.0, 230.0), "The stem's tip at z = 230 mm leaves the bone, which ends at 220 mm"),
        (Reaming(26.0, 150.0, 8.0), STEM, "The reamer breaks through the bone's wall by 0.75 mm at z = 70"),
        (Reaming(16.0, 141.0, 8.0), STEM, "ream deeper or choose a shorter stem."),
        (REAMER, replace(STEM, diameter=16.6), "overlaps the bone by 0.30 mm"),
        (None, STEM, "ream the canal or choose a thinner stem."),
        (
            Reaming(16.0, 150.0, 8.0, "bow"),
            STEM,
            "misses the straight stem's surface by 1.75 mm",
        ),
        (Reaming(24.0, 150.0, 8.0), STEM, "The collar of 22 mm has no bone under its rim"),
    ],
)
def test_shapes_that_do_not_go_together_are_named(reamer, stem, sentence):
    found = problems(BONE, reamer, stem)
    assert any(sentence in problem for problem in found), found
    assert all(problem.endswith(".") and "\n" not in problem for problem in found)
    with pytest.raises(GeometryError):
        check(BONE, reamer, stem)


def test_a_bowed_canal_that_clears_the_stem_is_taken_apart():
    engagement = engage(Canal(BONE, Reaming(20.0, 150.0, 8.0, "bow")), STEM)
    assert (engagement.shared, engagement.clipped) == (False, False)


def test_a_slight_bow_is_left_to_the_fit():
    bone = replace(BONE, bow_radius=40_000.0, axis_offset=0.03)
    engagement = engage(Canal(bone, Reaming(16.0, 150.0, 8.0, "bow")), STEM)
    assert engagement.shared
    assert engagement.reaming == REAMER


def test_a_slight_overlap_is_taken_out_of_the_meshed_stem():
    engagement = engage(Canal(BONE, REAMER), replace(STEM, diameter=16.3, tip_diameter=15.6))
    assert (engagement.shared, engagement.clipped) == (False, True)


def test_a_stem_may_leave_the_bone_where_the_case_says_so():
    tube = Bone(30.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))
    assert problems(tube, None, Stem(14.0, 60.0, 30.0), protrudes_proximally=True) == ()
    assert "leaves the bone" in problems(tube, None, Stem(14.0, 60.0, 30.0))[0]
