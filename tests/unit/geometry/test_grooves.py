"""Flutes, splines and slot as functions of position, and what is refused."""

import math

import numpy as np
import pytest

from geometry.errors import GeometryError
from geometry.grooves import Flutes, Splines
from geometry.slot import Slot
from geometry.stem import Collar, Stem


def circle_through(three):
    """Centre and radius of the circle through three points of the plane."""
    (ax, ay), (bx, by), (cx, cy) = three
    rows = 2 * np.array([[bx - ax, by - ay], [cx - ax, cy - ay]])
    centre = np.linalg.solve(rows, [bx**2 + by**2 - ax**2 - ay**2, cx**2 + cy**2 - ax**2 - ay**2])
    return centre, math.dist(centre, three[0])


def fluted(**kwargs):
    stated = {"number": 6, "depth": 1.2, "width": 4.0, "start": 10.0, "end": 60.0, "run_out": 6.0} | kwargs
    return Stem(16.0, 100.0, 20.0, tip_radius=5.0, flutes=Flutes(**stated))


def splined(**kwargs):
    stated = {"number": 6, "height": 1.0, "width": 3.0, "start": 10.0, "end": 60.0, "run_out": 6.0} | kwargs
    return Stem(16.0, 100.0, 20.0, tip_radius=5.0, splines=Splines(**stated))


@pytest.mark.parametrize(("stem", "rise", "width"), [(fluted(), -1.2, 4.0), (splined(), 1.0, 3.0)])
def test_the_section_passes_through_both_edges_and_the_floor_or_crest(stem, rise, width):
    (bars,) = stem.grooves
    edge = math.sqrt(64 - width**2 / 4)
    centre, radius = circle_through([(edge, width / 2), (edge, -width / 2), (8.0 + rise, 0.0)])
    assert bars.radius == pytest.approx(radius, rel=1e-12)
    assert bars.flank_radius + bars.centre == pytest.approx(centre[0], rel=1e-12)
    points = np.array([[edge, width / 2, 35.0], [edge, -width / 2, 35.0], [8.0 + rise, 0.0, 35.0]])
    assert bars.outside(points) == pytest.approx(0.0, abs=1e-12)
    assert bars.arc_length == pytest.approx(2 * radius * math.asin(width / 2 / radius), rel=1e-12)


@pytest.mark.parametrize("stem", [fluted(), splined()])
def test_floor_and_crest_run_out_along_a_tangential_arc(stem):
    """Circle through the end of the run-out that touches the straight piece: t = r (1 - cos b).

    Flutes have one at both ends, splines towards the tip alone.
    """
    (bars,) = stem.grooves
    rise = abs(bars.rise)
    radius = (36.0 + rise**2) / (2 * rise)
    along = np.linspace(0.0, 6.0, 13)
    fallen = radius - np.sqrt(radius**2 - along**2)
    assert fallen[-1] == pytest.approx(rise)
    x = 8.0 + bars.rise - np.sign(bars.rise) * fallen
    for level in (16.0 - along, 54.0 + along)[stem.flutes is None :]:
        assert bars.outside(np.column_stack([x, 0 * x, level])) == pytest.approx(0.0, abs=1e-12)


def test_bars_are_equally_spaced_from_the_first_angle():
    (bars,) = fluted(first_angle=math.radians(20.0)).grooves
    angle = np.radians(20.0 + 60.0 * np.arange(6))
    floor = np.column_stack([6.8 * np.cos(angle), 6.8 * np.sin(angle), np.full(6, 30.0)])
    assert bars.outside(floor) == pytest.approx(0.0, abs=1e-12)


def test_the_default_pattern_is_symmetric_about_the_sagittal_plane():
    (bars,) = fluted(number=5).grooves
    rng = np.random.default_rng(7)
    points = rng.uniform([-9, -9, 0], [9, 9, 70], (500, 3))
    assert bars.outside(points) == pytest.approx(bars.outside(points * [1, -1, 1]), abs=1e-12)


def test_flutes_of_a_taper_keep_their_depth():
    """Measured across the flank's line, which falls 1 mm on 100."""
    stem = Stem(16.0, 100.0, tip_diameter=14.0, flutes=Flutes(4, 1.0, 3.0, 10.0, 90.0))
    (bars,) = stem.grooves
    level = np.linspace(15.0, 85.0, 8)
    normal = np.array([1.0, 0.01]) / math.hypot(1.0, 0.01)
    points = np.column_stack([8.0 - 0.01 * level - normal[0], 0 * level, level - normal[1]])
    assert bars.outside(points) == pytest.approx(0.0, abs=1e-12)


def test_a_flute_that_ends_in_the_tips_rounding_runs_through():
    (bars,) = fluted(end=100.0).grooves
    assert math.isinf(bars.high)
    assert bars.high_run_out == 0
    assert bars.low == 10.0


def test_the_slot_has_parallel_walls_and_a_round_root():
    slot = Slot(3.0, 20.0, "sagittal")
    angle = np.linspace(0.0, np.pi, 9)
    root = np.column_stack([0 * angle + 2.0, 1.5 * np.cos(angle), 81.5 - 1.5 * np.sin(angle)])
    walls = np.array([[5.0, 1.5, 90.0], [-5.0, -1.5, 99.0]])
    assert slot.outside(np.concatenate([root, walls]), 100.0) == pytest.approx(0.0, abs=1e-12)
    assert slot.outside(np.array([[4.0, 0.0, 90.0]]), 100.0) == pytest.approx(-1.5)
    turned = Slot(3.0, 20.0, "coronal")
    assert turned.outside(root[:, [1, 0, 2]], 100.0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: fluted(number=1), "flutes' number of 1: the flutes must be at least 2"),
        (lambda: fluted(depth=0.4), "must be at least 0.5 mm deep, because surfaces nearer"),
        (lambda: fluted(depth=0.55, width=6.0), "at least 0.642 mm deep, because the flank is as curved"),
        (lambda: fluted(depth=2.9), "at most 2.25 mm deep, a half circle"),
        (lambda: fluted(width=8.5), "leave less than 0.5 mm of the flank between them: give at most 7.56 mm"),
        (lambda: fluted(width=16.0), "must be narrower than the stem, 16 mm"),
        (lambda: fluted(width=0.5), "must be at least 1 mm wide"),
        (lambda: fluted(start=60.0), "must end above their start, 60 mm"),
        (lambda: fluted(start=-21.0), "at or above the stem's distal end, at -20 mm"),
        (lambda: fluted(end=101.0), "must end on the stem, at most at 100 mm"),
        (lambda: fluted(run_out=1.0), r"run out of 1 mm: must be at least \d\.\d+ mm, or 0 for an end wall"),
        (lambda: fluted(run_out=25.0), "must be shorter than the flutes, which are 50 mm long"),
        (lambda: splined(number=1), "must be at least 2"),
        (lambda: splined(height=0.1), "must be at least 0.2 mm high"),
        (lambda: splined(height=2.0), "at most 1.36 mm high, a half circle"),
        (lambda: splined(start=-1.0), "must begin at the cut or above it"),
        (lambda: splined(end=97.0), "must end where the tip's rounding begins, at 95 mm"),
        (lambda: splined(width=9.0), "of the flank between them"),
    ],
)  # fmt: skip
def test_flutes_and_splines_that_cannot_be_are_refused(build, sentence):
    with pytest.raises(GeometryError, match=sentence):
        build()


def test_parts_that_do_not_go_together_are_refused():
    flutes, splines = Flutes(6, 1.0, 3.0, 10.0, 60.0), Splines(6, 1.0, 3.0, 40.0, 80.0)
    collar = Collar(22.0, 4.0, 0.1)
    with pytest.raises(GeometryError, match=r"must stand at least 0\.5 mm beside the flutes"):
        Stem(16.0, 100.0, flutes=flutes, splines=splines)
    Stem(16.0, 100.0, flutes=flutes, splines=Splines(6, 1.0, 3.0, 40.0, 80.0, 0.0, math.radians(30.0)))
    with pytest.raises(GeometryError, match="at or above the collar, at 0 mm"):
        Stem(16.0, 100.0, 20.0, collar=collar, flutes=Flutes(6, 1.0, 3.0, -5.0, 60.0))
    with pytest.raises(GeometryError, match="must keep 1 mm between the flutes and the bore"):
        Stem(16.0, 100.0, bore_diameter=12.5, flutes=flutes)
    with pytest.raises(GeometryError, match="leave 1 mm of the tip on either side: give at most 6 mm"):
        Stem(16.0, 100.0, tip_radius=5.0, slot=Slot(7.0, 20.0))
    with pytest.raises(GeometryError, match=r"too thin for a slot, .* give a tip of 3 mm"):
        Stem(2.9, 20.0, slot=Slot(0.5, 5.0))
    Stem(3.0, 20.0, slot=Slot(1.0, 5.0))
    with pytest.raises(GeometryError, match="must end above the cut: give at most 99 mm"):
        Stem(16.0, 100.0, slot=Slot(3.0, 100.0))
    with pytest.raises(GeometryError, match="at least as deep as it is wide, 3 mm"):
        Stem(16.0, 100.0, slot=Slot(3.0, 2.0))
    through = Flutes(6, 1.0, 3.0, 10.0, 100.0)
    with pytest.raises(GeometryError, match=r"slot lies 0\.1 mm beside one of the flutes"):
        Stem(16.0, 100.0, flutes=through, slot=Slot(3.2, 20.0, "sagittal"))
