"""The anchor's shapes: where pins run in the bone, and what is refused with a sentence of what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from geometry.anchor import Anchor, Pin
from geometry.anchor_seat import outline, walls
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.outline import FloatArray, Outline
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from geometry.zones import COLLAR

TUBE = Bone(80.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))
PINS = (Pin(30.0, 0.0), Pin(42.0, np.pi / 2))
STEM = Stem(12.0, 15.0, collar=Collar(28.0, 5.0, 0.0), anchor=Anchor(4.0, PINS))


@dataclass(frozen=True)
class Aside(Outline):
    """A circle beside the implant's axis, `shift` mm behind it."""

    size: float
    shift: float

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        across = np.sqrt(self.size**2 - (self.shift * np.sin(angle)) ** 2)
        return np.asarray(across - self.shift * np.cos(angle) + 0.0 * level)

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        across = np.sqrt(self.size**2 - (self.shift * np.sin(angle)) ** 2)
        by_angle = self.shift * np.sin(angle) * (1.0 - self.shift * np.cos(angle) / across)
        return by_angle, np.zeros_like(level)


def anchored(*pins: Pin, diameter: float = 4.0, **sizes: object) -> Stem:
    return replace(STEM, anchor=Anchor(diameter, pins or PINS), **sizes)


def test_a_sound_anchor_is_engaged_apart_from_the_bone() -> None:
    engagement = engage(Canal(TUBE, None), STEM)
    assert not engagement.shared
    assert not engagement.clipped


def test_an_anchored_stem_has_no_zone_but_its_plate() -> None:
    assert STEM.zones == (COLLAR,)
    assert "anchor" in STEM.stated()
    assert "anchor" not in replace(STEM, anchor=None).stated()


def test_points_are_measured_against_the_nearest_pin() -> None:
    """Along x at 30 mm and along y at 42 mm: distances to a line less the radius."""
    points = np.array([[9.0, 3.0, 34.0], [-9.0, 0.0, 31.0], [5.0, 10.0, 42.0], [0.0, 0.0, 36.0]])
    np.testing.assert_allclose(STEM.anchor.outside_holes(points), [3.0, -1.0, 3.0, 4.0], atol=1e-12)


def test_walls_are_where_the_axis_of_a_pin_runs_in_bone() -> None:
    bone = Bone(80.0, (Station(0.0, 14.0, 12.0, 7.0, 6.0),), axis_offset=1.0)
    ahead, behind = walls(Pin(30.0, 0.0), Canal(bone, None))
    np.testing.assert_allclose([*ahead, *behind], [6.0, 13.0, 8.0, 15.0], atol=1e-9)
    turn = np.radians(30.0)
    oblique = walls(Pin(30.0, turn), Canal(replace(bone, axis_offset=0.0), None))
    exact = [1.0 / np.hypot(np.cos(turn) / a, np.sin(turn) / b) for a, b in ((7.0, 6.0), (14.0, 12.0))]
    np.testing.assert_allclose(oblique, [exact, exact], atol=1e-9)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"collar": None}, "needs a collar"),
        ({"collar": Collar(28.0, 5.0, 0.1)}, "bears on the cut"),
        ({"tip_radius": 6.0}, "flat end of the spindle"),
        ({"coatings": (Coating(0.0, 10.0),)}, "coating do not go together"),
        ({"bow_radius": 900.0}, "must be straight"),
        ({"anchor": Anchor(4.0, ())}, "1 to 20 pins"),
        ({"anchor": Anchor(4.0, (Pin(19.0, 0.0),))}, "pin 1's level: .* at least 20"),
        ({"anchor": Anchor(0.0, PINS)}, "must be positive"),
    ],
)  # fmt: skip
def test_a_spindle_that_cannot_be_is_refused(wrong: dict, sentence: str) -> None:
    with pytest.raises(GeometryError, match=sentence):
        replace(STEM, **wrong)


@pytest.mark.parametrize(
    ("stem", "bone", "reaming", "sentence"),
    [
        (anchored(Pin(73.0, 0.0)), TUBE, None, "below the bone's end: give at most 72"),
        (anchored(Pin(40.0, 0.0), diameter=12.5), TUBE, None, "a thinner pin"),
        (anchored(Pin(40.0, 0.0), Pin(43.0, 1.0)), TUBE, None, "run into pin 1"),
        (anchored(Pin(40.0, 0.0), Pin(49.9, 0.0)), TUBE, None, "5.9 mm from that of pin 1; leave 6 mm"),
        (replace(STEM, diameter=13.1), TUBE, None, "clears the canal by 0.45 mm at level"),
        (anchored(Pin(30.0, 0.0)), Bone(80.0, (Station(0.0, 14.0, 14.0, 5.0, 5.0),)),
         Reaming(14.0, 34.0, 7.0), "where the reamer ends, 27 to 34 mm"),
    ],
)  # fmt: skip
def test_an_anchor_that_finds_no_bone_is_refused(
    stem: Stem, bone: Bone, reaming: Reaming | None, sentence: str
) -> None:
    with pytest.raises(GeometryError, match=sentence):
        engage(Canal(bone, reaming), stem)


@pytest.mark.parametrize(
    ("diameter", "offset"), [(26.0, 0.0), (28.1, 0.0), (27.0, 0.5)], ids=["inside", "outside", "before"]
)
def test_a_plate_whose_edge_grazes_that_of_the_bone_is_refused(diameter: float, offset: float) -> None:
    bone = Bone(80.0, (Station(0.0, 14.0, 13.0, 7.0, 7.0),), axis_offset=offset)
    with pytest.raises(GeometryError, match="grazes that of the bone"):
        engage(Canal(bone, None), replace(STEM, collar=Collar(diameter, 5.0, 0.0)))
    engage(Canal(bone, None), replace(STEM, collar=Collar(29.5, 5.0, 0.0)))
    engage(Canal(TUBE, None), replace(STEM, collar=Collar(28.05, 5.0, 0.0)))


def test_pins_a_little_farther_apart_or_thinner_are_taken() -> None:
    for stem in (anchored(Pin(40.0, 0.0), Pin(50.1, 0.0)), anchored(Pin(72.0, 0.0)),
                 replace(STEM, diameter=12.9)):  # fmt: skip
        engage(Canal(TUBE, None), stem)


def test_pins_and_plate_find_the_wall_of_a_bone_off_the_implant_s_axis() -> None:
    """A circle of 14 mm, 6 mm behind the axis, lies 20 mm from it there: half its width is no reach."""
    bone = Bone(80.0, (), outline=Aside(14.0, 6.0), canal_outline=Aside(8.0, 2.0))
    found = walls(Pin(40.0, 0.0), Canal(bone, None))
    assert found is not None
    np.testing.assert_allclose(found, ((6.0, 8.0), (10.0, 20.0)), atol=1e-9)
    np.testing.assert_allclose(outline(bone, np.array([0.0, np.pi])), (8.0, 20.0), atol=1e-9)
    assert 20.0 <= bone.reach(np.zeros(1))[0] < 20.1
