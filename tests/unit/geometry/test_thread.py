"""A thread as a function of angle and level, its seat in the bone, and what is refused."""

import math

import numpy as np
import pytest

from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Flutes, Splines
from geometry.reaming import Reaming
from geometry.slot import Slot
from geometry.stem import Stem
from geometry.thread import Thread, thread_faults
from geometry.thread_seat import seat_faults
from geometry.wall import least_wall

BONE = Bone(60.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
DRILL = Reaming(16.0, 44.0, 4.0)


def thread(**changed):
    stated = {
        "pitch": 2.5, "depth": 1.0, "crest": 0.4, "start": 2.0, "end": 32.0, "run_out": 2.5,
        "distal_lean": math.radians(30), "proximal_lean": math.radians(45), "starts": 1, "form": "helix",
    }  # fmt: skip
    return Thread(**(stated | changed))


def fixture(**changed):
    stated = {"diameter": 16.0, "length": 40.0, "protrusion": 10.0, "tip_radius": 2.0, "thread": thread()}
    return Stem(**(stated | changed))


def test_the_section_is_a_trapezium_whose_flanks_lean_as_stated():
    """Crest, fall of 1 mm over tan 45, root, rise of 1 mm over tan 30."""
    ridge = thread()
    rise, root = math.tan(math.radians(30)), 2.5 - 0.4 - 1.0 - math.tan(math.radians(30))
    assert ridge.root == pytest.approx(root, rel=1e-12)
    assert ridge.knots == pytest.approx([0.0, 0.4, 1.4, 1.4 + root], rel=1e-12)
    phase = np.array([0.0, 0.2, 0.4, 0.9, 1.4, 1.4 + root, 2.5 - rise / 4, 2.5])
    assert ridge.section(phase) == pytest.approx([1.0, 1.0, 1.0, 0.5, 0.0, 0.0, 0.75, 1.0], abs=1e-12)


def test_the_area_of_the_section_is_that_of_the_trapezium():
    ridge = thread()
    phase = (np.arange(200_000) + 0.5) / 200_000 * 2.5
    area = 0.4 + (1.0 + math.tan(math.radians(30))) / 2
    assert ridge.section(phase).mean() * 2.5 == pytest.approx(area, rel=1e-8)


@pytest.mark.parametrize("starts", [1, 2, 3])
def test_a_helix_climbs_by_its_lead_in_one_turn_and_to_the_right(starts):
    """What a point is at angle t and level z, another is at t + d and z + lead d / 2 pi."""
    ridge = thread(starts=starts)
    angle = np.linspace(-3.0, 3.0, 41)
    level = np.linspace(8.0, 16.0, 41)
    turn = 0.7
    carried = ridge.height(angle + turn, level + starts * 2.5 * turn / math.tau)
    assert carried == pytest.approx(ridge.height(angle, level), abs=1e-9)
    assert ridge.height(angle + math.tau, level) == pytest.approx(ridge.height(angle, level), abs=1e-9)
    assert ridge.lead == 2.5 * starts


def test_rings_are_the_same_all_round():
    ridge = thread(form="rings")
    level = np.linspace(2.0, 32.0, 301)
    for angle in (-2.0, 0.3, 3.0):
        assert np.array_equal(ridge.height(angle, level), ridge.height(0.0, level))
    assert ridge.lead == 0.0


def test_the_ridge_rises_from_nothing_over_the_run_out_and_stands_nowhere_else():
    ridge = thread(form="rings", pitch=2.5)
    assert ridge.fullness(np.array([0.0, 2.0, 3.25, 4.5, 20.0, 29.5, 30.75, 32.0, 40.0])) == pytest.approx(
        [0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0, 0.0]
    )
    assert ridge.full == (4.5, 29.5)


def test_rings_without_a_run_out_stand_whole_and_none_stands_in_part():
    """Each is 0.577 + 0.4 + 1 mm wide: eleven pitches and a ring need 29.477 mm."""
    ridge = thread(form="rings", run_out=0.0, end=2.0 + 27.5 + 1.978)
    assert ridge.whole_rings == 12
    assert thread(form="rings", run_out=0.0, end=2.0 + 27.5 + 1.977).whole_rings == 11
    level = np.linspace(2.0, ridge.end, 20001)
    tops = np.diff(np.sign(ridge.height(0.0, level) - 0.999)) > 0
    assert tops.sum() == 12
    assert ridge.height(0.0, np.array([2.0, ridge.end])) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("changed", "size", "words"),
    [
        ({"depth": 0.1}, "depth", "at least 0.2 mm deep"),
        ({"depth": 2.0}, "depth", "take the whole pitch of 2.5 mm: give at most 1.3 mm"),
        ({"crest": 0.01}, "crest", "at least 0.05 mm wide"),
        ({"crest": 2.6}, "depth", "give a larger pitch"),
        ({"distal_lean": 0.0}, "distal_lean", "leans by 5 to 60 degrees"),
        ({"proximal_lean": math.radians(70)}, "proximal_lean", "leans by 5 to 60 degrees"),
        ({"starts": 0}, "starts", "1 to 6 starts"),
        ({"starts": 7}, "starts", "1 to 6 starts"),
        ({"starts": 2, "form": "rings"}, "starts", "rings have no starts"),
        ({"start": 0.49}, "start", "begin 0.5 mm above the cut"),
        ({"start": 40.0}, "end", "end above its start, 40 mm"),
        ({"end": 39.0}, "end", "where the tip's rounding begins, at 38 mm"),
        ({"run_out": 1.0}, "run_out", "at least half a pitch, 1.25 mm"),
        ({"run_out": 14.5}, "run_out", "at most 13.75 mm"),
        ({"end": 6.0}, "end", "at least two pitches long"),
    ],
)
def test_a_thread_that_cannot_be_is_refused_by_its_size(changed, size, words):
    profile = Stem(16.0, 40.0, tip_radius=2.0).profile
    found = dict(thread_faults(thread(**changed), profile, 3.0))
    assert words in found[size]
    assert len(found) == 1
    with pytest.raises(GeometryError, match=size.replace("_", " ")):
        fixture(thread=thread(**changed))


def test_a_sound_thread_has_no_fault():
    assert not list(thread_faults(thread(), fixture().profile, 3.0))
    assert not list(seat_faults(Canal(BONE, DRILL), fixture()))


def test_a_bore_leaves_a_wall_of_the_core():
    with pytest.raises(GeometryError, match=r"leaves 0\.75 mm of the core"):
        fixture(bore_diameter=14.5, tip_radius=0.0)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("tip_diameter", 15.0),
        ("bow_radius", 1000.0),
        ("flutes", Flutes(4, 1.0, 3.0, 5.0, 30.0, 0.0)),
        ("splines", Splines(4, 0.8, 3.0, 5.0, 30.0, 0.0)),
        ("slot", Slot(3.0, 10.0, "coronal")),
        ("coatings", (Coating(30.0, 36.0),)),
        ("coatings", (Coating(34.0, 36.0, thickness=0.5),)),
    ],
)
def test_what_a_threaded_stem_cannot_have_is_refused(part, value):
    with pytest.raises(GeometryError, match=part.replace("_", " ").rstrip("s")):
        fixture(**{part: value})


def test_a_coating_and_a_slot_beside_the_thread_go_with_it():
    zones = fixture(coatings=(Coating(33.0, 36.0, "rough"),), slot=Slot(3.0, 5.0, "coronal")).zones
    assert zones == ("rough", "uncoated", "thread")


@pytest.mark.parametrize(
    ("bone", "drill", "changed", "size", "words"),
    [
        (BONE, None, {}, "depth", "stands in a drilled canal"),
        (BONE, Reaming(17.7, 44.0, 4.0), {}, "depth", "stands 0.15 mm into a canal drilled to 17.7 mm"),
        (BONE, Reaming(15.8, 44.0, 4.0), {}, "depth", "not be narrower than the core of 16 mm"),
        (BONE, Reaming(16.0, 32.0, 4.0), {}, "end", "full diameter ends at 28 mm"),
        (Bone(30.0, BONE.stations), Reaming(16.0, 44.0, 4.0), {}, "end", "which is 30 mm long"),
        (
            Bone(60.0, (Station(0.0, 14.0, 14.0, 6.0, 8.5),)),
            DRILL,
            {},
            "start",
            "own canal is wider than the drill between 2 and 32 mm",
        ),
        (
            Bone(60.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0), Station(30.0, 14.0, 14.0, 8.5, 8.5))),
            DRILL,
            {},
            "end",
            "own canal is wider than the drill between 24 and 32 mm, most at z = 30 mm",
        ),
        (BONE, DRILL, {"pitch": 14.0, "depth": 5.5, "run_out": 7.0}, "depth", "leaves 0.50 mm"),
        (BONE, DRILL, {"pitch": 14.0, "depth": 6.5, "run_out": 7.0}, "depth", "breaks through it"),
    ],
)
def test_a_thread_that_does_not_seat_is_refused_with_what_it_meets(bone, drill, changed, size, words):
    stem = fixture(thread=thread(**changed))
    found = dict(seat_faults(Canal(bone, drill), stem))
    assert words in found[size]
    with pytest.raises(GeometryError, match="thread's"):
        engage(Canal(bone, drill), stem)


def test_the_least_wall_is_the_one_beyond_the_crest():
    """14 mm less 9 mm, where the wall behind the drill is 6 mm."""
    stem = fixture()
    assert least_wall(Canal(BONE, DRILL)).thickness == pytest.approx(6.0)
    wall = least_wall(Canal(BONE, DRILL), stem)
    assert wall.thickness == pytest.approx(5.0)
    assert stem.thread.full[0] <= wall.place[2] <= stem.thread.full[1]


def test_flanks_and_crest_fit_without_a_gap_and_the_root_has_that_of_the_drill():
    """Drilled 80 um wider than the core: 40 um to the root, none where the ridge stands in bone."""
    stem = fixture(thread=thread(form="rings"))
    zones = {"uncoated": ZoneFit(0.0, 0.3), "thread": ZoneFit(0.007, 0.3)}
    fit = Fit(BONE, Reaming(16.08, 44.0, 4.0), stem, zones)
    # From the beginning of a crest: its middle, half of the flank, its foot 20 um high, the root.
    level = stem.thread.origin + 10.0 + np.array([0.2, 0.9, 1.38, 1.6])
    radius = np.array([9.0, 8.5, 8.02, 8.04])
    points = np.column_stack([radius, 0 * radius, level])
    code = np.full(4, stem.zones.index("thread"))
    assert fit.gap(points, points, code) == pytest.approx([-0.007, -0.007, 0.013, 0.033], abs=1e-12)


def test_a_drill_narrower_than_the_core_presses_on_the_root_alone():
    stem = fixture(thread=thread(form="rings"))
    zones = {"uncoated": ZoneFit(0.0, 0.3), "thread": ZoneFit(0.0, 0.3)}
    fit = Fit(BONE, Reaming(15.96, 44.0, 4.0), stem, zones)
    crest = stem.thread.origin + 10.0
    points = np.array([[9.0, 0.0, crest + 0.2], [8.0, 0.0, crest + 1.6]])
    code = np.full(2, stem.zones.index("thread"))
    assert fit.gap(points, points, code) == pytest.approx([0.0, -0.02], abs=1e-12)
