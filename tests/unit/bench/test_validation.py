"""What the validation rests on beside the product: closed forms, and numbers read from fields."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest

from bench.bonded import tie
from bench.validation_closed_forms import Cylinders, composite_rigidity, rigidity_in_series, second_moment
from bench.validation_reading import Climb, flexural_rigidity, section_rotation
from fea.elasticity.wrench import end_face_loads
from tests.bodies.one_body import displacement
from tests.bodies.structured import isotropic, tube_in_tube

RADII = (3.0, 7.0, 14.0)
MODULI = (110000.0, 17000.0)


def test_a_composite_beam_is_the_sum_of_its_concentric_parts() -> None:
    """By hand, pi / 64 (d^4 - c^4): a rod of 2 mm has pi / 4 mm^4, a tube of 4 on 2 mm 15 pi / 4 mm^4."""
    assert second_moment(2.0) == pytest.approx(np.pi / 4, rel=1e-14)
    assert second_moment(4.0, 2.0) == pytest.approx(15 * np.pi / 4, rel=1e-14)
    both = composite_rigidity([(3.0, 2.0, 0.0), (5.0, 4.0, 2.0)])
    assert both == pytest.approx((3 + 75) * np.pi / 4, rel=1e-14)


def test_a_span_in_two_stretches_turns_by_the_sum_of_both() -> None:
    """10 mm of 2 and 30 mm of 6 N mm^2 under 1 N mm: 5 + 5 rad over 40 mm, 4 N mm^2."""
    assert rigidity_in_series([(10.0, 2.0), (30.0, 6.0)]) == pytest.approx(4.0, rel=1e-14)
    assert rigidity_in_series([(10.0, 2.0), (0.0, 6.0)]) == pytest.approx(2.0, rel=1e-14)


def test_the_rotation_of_a_section_is_read_from_a_curved_field_to_round_off() -> None:
    """Pure bending with curvature k about y: u_z = -k x z, turned by k z; a rigid turn adds to it."""
    points = np.random.default_rng(1).uniform(-10.0, 10.0, (400, 3))
    curvature, turn = 3e-4, 0.02
    moved = np.zeros_like(points)
    moved[:, 2] = -curvature * points[:, 0] * points[:, 2] - turn * points[:, 0] + 0.5
    for level in (-4.0, 0.0, 6.0):
        found = section_rotation(points, moved, level, 3.0)
        assert found == pytest.approx(curvature * level + turn, rel=1e-10)


def test_too_few_nodes_near_a_level_are_refused() -> None:
    with pytest.raises(ValueError, match="3 nodes within 1 mm of level 0 mm are too few"):
        section_rotation(np.zeros((3, 3)), np.zeros((3, 3)), 0.0, 1.0)


def test_a_bonded_tube_in_a_tube_has_the_rigidity_of_the_composite_beam() -> None:
    """With one Poisson's ratio the composite beam is exact away from the ends.

    Gate 1 %: read a diameter away from the clamp and from the loaded end, 10 facets round.
    """
    mesh = tube_in_tube(100.0, 10, 10, RADII)
    part, tied = tie(mesh)
    assert tied > 0
    own = len(mesh.stem.tets)
    material = np.stack(
        [isotropic(MODULI[0], 0.3)] * own + [isotropic(MODULI[1], 0.3)] * (len(part.tets) - own)
    )
    ends = np.concatenate([part.facets["distal_end"], part.facets["cut"]])
    held = np.unique(np.concatenate([part.facets["proximal_end"], part.facets["proximal"]]))
    moment = 1e4
    load = moment * end_face_loads(part.points, ends, np.zeros(3))[:, 4]
    moved = displacement(part, material, (3 * held[:, None] + np.arange(3)).ravel(), load)
    span = (30.0, 70.0)
    turned = [section_rotation(part.points, moved, level, 10.0) for level in span]
    found = flexural_rigidity(moment, span[1] - span[0], (turned[0], turned[1]))
    exact = composite_rigidity(
        [(MODULI[0], 2 * RADII[1], 2 * RADII[0]), (MODULI[1], 2 * RADII[2], 2 * RADII[1])]
    )
    assert found == pytest.approx(exact, rel=0.01)


def test_where_all_sticks_an_implanted_bone_is_a_composite_beam(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Moment through the cut face, boundless friction, a load far too small to open the fit.

    Gate 3 %: at the cut the bone carries all, and hands the stem its share over some diameters. Through
    the stem that stretch is softer, since the stem alone is; the composite beam bounds both.
    """
    monkeypatch.syspath_prepend("bench")
    bending = importlib.import_module("validation_bending")
    bone = replace(importlib.import_module("validation_inputs").SYNTHETIC, moment=1e3)
    inputs = {
        "outer": 28.0, "wall": 7.0, "stem": 14.0, "length": 150.0, "stem_modulus": 110e3,
        "interference": 50.0, "friction": 1e6, "span": 110.0, "modulus": 15e3,
    }  # fmt: skip
    found = bending.solve(inputs, bone, bending.specimen_of(inputs, bone, 6.0).mesh(), 6.0)
    exact = 1e-6 * composite_rigidity([(15e3, 28.0, 14.0), (110e3, 14.0, 0.0)])
    assert found.composite == pytest.approx(exact, rel=1e-12)
    assert found.through_bone == pytest.approx(exact, rel=0.03)
    assert found.bone_alone < found.through_stem < found.through_bone < exact
    assert found.first_bone == pytest.approx(found.through_bone, rel=1e-6)


def test_the_slip_force_is_the_published_one() -> None:
    """Project's verification cases, section 1: A1 over 60 mm, 66.4 kN held far, 49.0 kN at the mouth."""
    a1 = Cylinders(7.0, 14.0, 60.0, (110000.0, 0.3), (17000.0, 0.3))
    assert a1.pressure(100.0) == pytest.approx(58.52407, rel=1e-6)
    assert a1.slip_force(100.0, 0.4) == pytest.approx(66.4e3, rel=1e-3)
    assert a1.slip_force(100.0, 0.4, at_mouth=True) == pytest.approx(49.0e3, rel=1e-3)


def test_without_poissons_ratio_pull_and_push_are_friction_times_pressure_times_area() -> None:
    """Nothing couples: the rigid estimate, in either direction, however the bone is held."""
    stiff = Cylinders(7.0, 14.0, 60.0, (110000.0, 1e-9), (17000.0, 1e-9))
    rigid = 0.4 * stiff.pressure(100.0) * 2 * np.pi * 7.0 * 60.0
    for pulled in (True, False):
        for at_mouth in (True, False):
            found = stiff.slip_force(100.0, 0.4, pulled=pulled, at_mouth=at_mouth)
            assert found == pytest.approx(rigid, rel=1e-6)


def test_one_climb_answers_for_every_interference() -> None:
    """Force and motion both scale with the interference; the limit binds where motion passes it first."""
    found = Climb(10.0, np.array([0.0, 100.0, 200.0]), np.array([0.0, 20.0, 60.0]), 220.0)
    assert found.at_loss(10.0) == pytest.approx(210.0)
    assert found.at_loss(5.0) == pytest.approx(105.0)
    assert found.admissible(10.0, 40.0) == pytest.approx(150.0)
    assert found.admissible(20.0, 40.0) == pytest.approx(200.0)
    assert found.admissible(5.0, 40.0) == pytest.approx(found.at_loss(5.0))
