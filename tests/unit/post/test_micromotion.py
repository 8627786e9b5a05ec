"""Micromotion by its definitions, on paths whose distances are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.post.micromotion import (
    area_bands,
    area_percent,
    area_percentile,
    judged_states,
    largest_distance,
    micromotion,
    reference_zone,
)
from fea.solution import State, Walk
from fea.status import Status
from fea.study import Study
from tests.unit.post import synthetic


def _state(jump: np.ndarray, status: np.ndarray | None = None) -> State:
    still = np.full(len(jump), int(Status.STICK)) if status is None else status
    return State(np.zeros_like(jump), jump, still, np.zeros(6), np.zeros(6), np.zeros(6), 1, 0.0, 0.0)


def _walk(jumps: np.ndarray, press_fit: np.ndarray | None = None, status: np.ndarray | None = None) -> Walk:
    """`jumps` has shape (k, n, 3) and is the second of two cycles."""
    seated = _state(np.zeros(jumps.shape[1:]) if press_fit is None else press_fit)
    cycle = tuple(_state(jump, None if status is None else status[row]) for row, jump in enumerate(jumps))
    first = tuple(_state(np.full(jumps.shape[1:], 9.0)) for _ in jumps)
    return Walk(seated, 100 * np.arange(len(jumps)) / len(jumps), (first, cycle), None)


def test_a_circular_path_has_its_diameter_as_resulting_and_reference_micromotion() -> None:
    """With 50 instants: resulting 2 r; incremental the chord 2 r sin(pi / 50)."""
    angle = 2 * np.pi * np.arange(50) / 50
    radius = np.array([0.01, 0.2])
    jumps = np.zeros((50, 2, 3))
    jumps[:, :, 1] = np.cos(angle)[:, None] * radius
    jumps[:, :, 2] = np.sin(angle)[:, None] * radius
    found = micromotion(_walk(jumps))
    np.testing.assert_allclose(found.resulting, 2 * radius, rtol=1e-12)
    np.testing.assert_allclose(found.reference, 2 * radius, rtol=1e-12)
    np.testing.assert_allclose(found.incremental, 2 * radius * np.sin(np.pi / 50), rtol=1e-12)
    assert found.increment_percent == pytest.approx(2.0)


def test_resulting_exceeds_reference_where_the_path_runs_both_ways_from_its_start() -> None:
    jumps = np.zeros((3, 1, 3))
    jumps[:, 0, 1] = [0.0, 0.03, -0.02]
    found = micromotion(_walk(jumps))
    assert found.resulting == pytest.approx(0.05)
    assert found.reference == pytest.approx(0.03)
    assert found.incremental == pytest.approx(0.05)


def test_the_largest_distance_is_that_of_all_pairs() -> None:
    paths = np.random.default_rng(11).normal(size=(17, 40, 2))
    pairs = np.linalg.norm(paths[:, None] - paths[None, :], axis=3).max(axis=(0, 1))
    np.testing.assert_allclose(largest_distance(paths), pairs, rtol=1e-14)


def test_one_instant_is_no_motion() -> None:
    found = micromotion(_walk(np.ones((1, 4, 3))))
    assert (found.resulting == 0).all()
    assert (found.incremental == 0).all()


def test_a_motion_along_the_normal_is_an_opening_and_no_micromotion() -> None:
    jumps = np.zeros((4, 1, 3))
    jumps[:, 0, 0] = [0.0, 0.004, 0.010, -0.002]
    found = micromotion(_walk(jumps, press_fit=np.array([[-0.001, 0.0, 0.0]])))
    assert found.resulting == pytest.approx(0.0, abs=1e-15)
    assert found.opening == pytest.approx(0.011)


def test_migration_is_what_happened_before_the_judged_cycle() -> None:
    """The stem sinks by 3 um: it moves +z, the jump (bone minus stem) falls."""
    jumps = np.zeros((2, 1, 3))
    jumps[:, 0, 1] = [-0.002, 0.05]
    found = micromotion(_walk(jumps, press_fit=np.array([[0.0, 0.001, 0.004]])))
    assert found.migration == pytest.approx(0.005)
    assert found.axial_migration == pytest.approx(0.003)


def test_only_a_vertex_that_is_open_at_every_instant_has_no_contact() -> None:
    status = np.array([[0, 0, 1], [0, 2, 1]])
    found = micromotion(_walk(np.zeros((2, 3, 3)), status=status))
    np.testing.assert_array_equal(found.touching, [False, True, True])


def test_free_travel_after_a_loss_of_fixation_is_never_judged(study: Study, loosened: Study) -> None:
    assert judged_states(study.walk) == study.walk.judged
    assert judged_states(loosened.walk) == ()
    with pytest.raises(AssertionError, match="no micromotion"):
        micromotion(loosened.walk)
    complete_before_loss = replace(
        study.walk, cycles=(study.walk.cycles[0], study.walk.cycles[1][:3]), loss=loosened.walk.loss
    )
    assert complete_before_loss.judged
    assert judged_states(complete_before_loss) == ()


def test_the_synthetic_slide_has_twice_its_amplitude(study: Study) -> None:
    found = micromotion(study.walk)
    flank = study.interface.zone != 2
    np.testing.assert_allclose(
        found.resulting[flank], 2 * synthetic.amplitude(study.interface)[flank], rtol=1e-12
    )
    np.testing.assert_array_equal(~found.touching[flank], synthetic.never_touching(study.interface)[flank])


def test_the_reference_area_is_the_coating_or_without_one_the_flank(study: Study) -> None:
    mask, name = reference_zone(study.interface)
    assert name == "coated zone"
    np.testing.assert_array_equal(mask, study.interface.zone == 0)
    bare = replace(study.interface, zone=np.maximum(study.interface.zone, 1))
    mask, name = reference_zone(bare)
    assert name == "stem flank inside the bone"
    np.testing.assert_array_equal(mask, bare.zone == 1)


def test_the_percentile_weighs_by_area() -> None:
    values, area = np.array([3.0, 1.0, 2.0]), np.array([1.0, 6.0, 3.0])
    assert area_percentile(values, area, 60.0) == 1.0
    assert area_percentile(values, area, 61.0) == 2.0
    assert area_percentile(values, area, 90.0) == 2.0
    assert area_percentile(values, area, 95.0) == 3.0
    assert area_percentile(values, area, 100.0) == 3.0


def test_the_bands_share_out_the_whole_reference_area() -> None:
    motion = np.array([10, 30, 40, 50, 150, 150.1, 500, 5]) / 1000
    touching = np.array([1, 1, 1, 1, 1, 1, 0, 1], dtype=bool)
    area = np.array([1.0, 2, 3, 4, 5, 6, 7, 100])
    reference = np.array([1, 1, 1, 1, 1, 1, 1, 0], dtype=bool)
    found = area_bands(motion, touching, area, reference)
    expected = {
        "below_28um": 1, "below_40um": 3, "40_to_50um": 3,
        "50_to_150um": 9, "above_150um": 6, "no_contact": 7,
    }  # fmt: skip
    assert found == pytest.approx({name: 100 * value / 28 for name, value in expected.items()})
    assert sum(value for name, value in found.items() if name != "below_28um") == pytest.approx(100.0)


def test_a_share_is_taken_of_the_reference_area_only() -> None:
    area = np.array([1.0, 1.0, 8.0])
    reference = np.array([True, True, False])
    assert area_percent(np.array([True, False, True]), area, reference) == pytest.approx(50.0)
