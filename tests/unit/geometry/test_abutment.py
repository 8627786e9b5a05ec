"""Abutment and joint: the nominal pressure, and what cannot be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from geometry.abutment import Abutment, Joint, Screw
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.stem import Collar, Stem

SCREW = Screw(10.0, 20.0, 11.0, 5.0)
ABUTMENT = Abutment(14.0, 30.0, SCREW)


def fixture(abutment: Abutment = ABUTMENT, **changes: object) -> Stem:
    return Stem(16.0, 60.0, bore_diameter=6.0, abutment=abutment, **changes)  # type: ignore[arg-type]


def test_the_least_pressure_is_that_of_a_section_under_force_and_bending() -> None:
    """Integrals of the linear distribution over the annulus give force and moment back."""
    joint = Joint(0.0, 7.0, 3.0)
    force, moment = 5000.0, 12000.0
    radius, angle = np.meshgrid(np.linspace(3.0, 7.0, 801), np.linspace(0.0, math.tau, 720, endpoint=False))
    edge = joint.least_pressure(force, moment)
    mean = force / joint.area
    pressure = mean + (mean - edge) * radius * np.cos(angle) / 7.0
    weight = radius * (4.0 / 800) * (math.tau / 720)
    weight[:, [0, -1]] /= 2
    assert (weight * pressure).sum() == pytest.approx(force, rel=1e-5)
    assert (weight * pressure * radius * np.cos(angle)).sum() == pytest.approx(moment, rel=1e-5)
    assert pressure.min() == pytest.approx(edge)


def test_pure_bending_opens_any_joint_and_its_sign_does_not_matter() -> None:
    joint = Joint(0.0, 7.0, 3.0)
    assert (
        joint.least_pressure(0.0, 1.0)
        == joint.least_pressure(0.0, -1.0)
        == pytest.approx(-7.0 / (math.pi / 4 * (7.0**4 - 3.0**4)))
    )
    opening = 5000.0 * joint.second_moment / (joint.area * 7.0)
    assert joint.least_pressure(5000.0, opening) == pytest.approx(0.0, abs=1e-12)


def test_levels_of_a_stem_with_an_abutment() -> None:
    stem = fixture(replace(ABUTMENT, seat=-2.0))
    assert (stem.distal_level, stem.body_level) == (-32.0, -2.0)
    assert stem.joint == Joint(-2.0, 7.0, 3.0)
    assert fixture().stated()["abutment"]["screw"]["start"] == 10.0
    assert "abutment" not in Stem(16.0, 60.0).stated()


@pytest.mark.parametrize(
    ("abutment", "changes", "says"),
    [
        (ABUTMENT, {"bow_radius": 1000.0}, "must be straight"),
        (ABUTMENT, {"protrusion": 20.0}, "without a protrusion"),
        (ABUTMENT, {"coatings": (Coating(0.0, 30.0, thickness=1.0),)}, "cannot have a thickness"),
        (ABUTMENT, {"collar": Collar(22.0, 4.0, 0.0)}, "at the collar's distal face, -4 mm"),
        (replace(ABUTMENT, seat=1.0), {}, "at the cut, 0 mm, or below it"),
        (replace(ABUTMENT, diameter=17.0), {}, "no wider than the stem"),
        (replace(ABUTMENT, diameter=6.5), {}, "0.5 mm round the bore"),
        (replace(ABUTMENT, screw=replace(SCREW, start=-1.0)), {}, "must begin in the fixture"),
        (replace(ABUTMENT, screw=replace(SCREW, end=10.5)), {}, "at least 1 mm above"),
        (replace(ABUTMENT, screw=replace(SCREW, end=61.0)), {}, "must end in the stem"),
        (replace(ABUTMENT, screw=replace(SCREW, head_diameter=15.0)), {}, "must bear on a ring"),
        (replace(ABUTMENT, screw=replace(SCREW, core_diameter=6.5)), {}, "must fit into the bore"),
    ],
)
def test_what_does_not_go_together_is_refused(
    abutment: Abutment, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(GeometryError, match=says):
        fixture(abutment, **changes)


def test_an_abutment_needs_a_bore() -> None:
    with pytest.raises(GeometryError, match="needs a bore"):
        Stem(16.0, 60.0, abutment=ABUTMENT)
