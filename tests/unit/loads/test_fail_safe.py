"""A fail-safe caps the load: closed forms of a sinusoidal history, statics with the lever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fea.loads.fail_safe import FailSafe, capped, course, sizes, with_switches, withheld
from fea.loads.wrench import move_wrench

INSTANTS = 100.0 * np.arange(50) / 50
numbers = st.floats(-1e5, 1e5)
wrenches = arrays(np.float64, (3, 6), elements=numbers)
limits = st.floats(100.0, 1e5)


def sine(amplitude: float, torque: float = 0.0):
    """Bending forwards as a sine of the cycle, torque as its cosine; N mm."""

    def asked(percent: np.ndarray) -> np.ndarray:
        phase = 2 * np.pi * percent / 100.0
        bending = amplitude * np.sin(phase)
        return np.stack([0.6 * bending, 0.8 * bending, torque * np.cos(phase)], axis=1)

    return asked


def test_a_sine_above_the_limit_slips_where_the_closed_form_says() -> None:
    # |sin| > 1/2 between 1/12 and 5/12 of the cycle and again half a cycle later.
    found = course(sine(100e3), FailSafe(60.0, 50e3, None), INSTANTS)
    expected = 100.0 / 12.0 * np.array([1.0, 5.0, 7.0, 11.0])
    assert found.switches == pytest.approx(expected, abs=1e-9)
    assert [(release.start, release.end) for release in found.releases] == [
        pytest.approx(expected[:2]), pytest.approx(expected[2:]),
    ]  # fmt: skip
    for release, peak in zip(found.releases, (25.0, 75.0), strict=True):
        assert release.sense == "bending"
        assert release.peak_percent == pytest.approx(peak, abs=1e-5)
        assert release.peak == pytest.approx(100e3, rel=1e-12)
        assert release.withheld == pytest.approx(50e3, rel=1e-12)
    assert found.releases[0].moment == pytest.approx([60e3, 80e3, 0.0], rel=1e-9, abs=1e-6)


def test_what_passes_of_a_sine_is_the_sine_cut_off_at_the_limit() -> None:
    device, asked = FailSafe(60.0, 50e3, None), sine(100e3)
    percent = with_switches(INSTANTS, course(asked, device, INSTANTS).switches)
    assert len(percent) == 54
    moments = asked(percent)
    passed = moments - withheld(moments, device)
    wave = 100e3 * np.sin(2 * np.pi * percent / 100.0)
    expected = np.clip(wave, -50e3, 50e3)[:, None] * [0.6, 0.8, 0.0]
    assert passed == pytest.approx(expected, rel=1e-12, abs=1e-6)
    # Straight lines between these instants miss the limit nowhere: its corners are among them.
    fine = np.linspace(0.0, 98.0, 4901)
    between = np.interp(fine, percent, sizes(passed, "bending"))
    assert between.max() <= 50e3 * (1 + 1e-12)
    flat = (fine > 100 / 12) & (fine < 500 / 12)
    assert between[flat].min() == pytest.approx(50e3, rel=1e-12)


def test_a_stretch_over_the_end_of_the_cycle_is_one() -> None:
    # A cosine of torque is above its half from 5/6 of the cycle to 1/6, and below minus that in the middle.
    found = course(sine(0.0, 10e3), FailSafe(60.0, None, 5e3), INSTANTS)
    spans = sorted((release.start, release.end) for release in found.releases)
    assert spans == [pytest.approx((100 / 3, 200 / 3)), pytest.approx((500 / 6, 100 / 6))]
    assert max(release.withheld for release in found.releases) == pytest.approx(5e3)
    senses = {round(release.start): np.sign(release.moment[2]) for release in found.releases}
    assert senses == {33: -1.0, 83: 1.0}


def test_a_slip_shorter_than_a_step_is_found() -> None:
    # The peak of 1 stands between two steps of the course; the limit is passed for 0.006 % of the cycle.
    def asked(percent: np.ndarray) -> np.ndarray:
        size = 1e5 * (1.0 - ((percent - 40.0127) / 30.0) ** 2).clip(0.0)
        return np.stack([size, 0.0 * size, 0.0 * size], axis=1)

    limit = 1e5 * (1.0 - (0.003 / 30.0) ** 2)
    (release,) = course(asked, FailSafe(60.0, limit, None), INSTANTS).releases
    assert release.end - release.start == pytest.approx(0.006, rel=1e-3)
    assert release.peak_percent == pytest.approx(40.0127, abs=1e-5)


def test_at_the_limit_itself_nothing_slips() -> None:
    # Just above round-off of the sine's own peak.
    assert course(sine(50e3), FailSafe(60.0, 50e3 * (1 + 1e-12), None), INSTANTS).releases == ()
    still = np.array([[30e3, 40e3, 5e3]])
    assert not withheld(still, FailSafe(60.0, 50e3, 5e3)).any()


def test_both_limits_act_for_themselves() -> None:
    moments = np.array([[60e3, -80e3, -12e3]])
    kept = withheld(moments, FailSafe(60.0, 50e3, 8e3))
    assert kept == pytest.approx(np.array([[30e3, -40e3, -4e3]]))
    assert withheld(moments, FailSafe(60.0, None, 8e3)) == pytest.approx(np.array([[0.0, 0.0, -4e3]]))


def test_a_shear_force_adds_its_lever_beyond_the_device() -> None:
    # 100 N backwards at 90 mm and a moment of 95 N m that extends: at the device, 60 mm from the cut,
    # 95 + 0.1 x 30 = 98 N m are asked for and 50 pass; at the cut 50 + 0.1 x 60 = 56 N m arrive.
    stated = np.array([[-100.0, 0.0, 0.0, 0.0, 95e3, 0.0]])
    reference, device = (0.0, 0.0, -90.0), FailSafe(60.0, 50e3, None)
    moments = move_wrench(stated, reference, device.place)[:, 3:]
    assert moments[0] == pytest.approx([0.0, 98e3, 0.0])
    passed = capped(stated, moments, device)
    assert move_wrench(passed, reference, (0.0, 0.0, 0.0))[0] == pytest.approx([-100, 0, 0, 0, 56e3, 0])
    assert passed[0, :3].tolist() == stated[0, :3].tolist()


@given(wrenches, limits, limits, st.tuples(*[st.floats(-500, 500)] * 3))
def test_the_point_that_moments_are_told_about_changes_nothing(
    asked: np.ndarray, bending: float, torque: float, point: tuple[float, float, float]
) -> None:
    device, reference = FailSafe(60.0, bending, torque), (0.0, 0.0, -90.0)
    here = capped(asked, move_wrench(asked, reference, device.place)[:, 3:], device)
    other = move_wrench(asked, reference, point)
    there = capped(other, move_wrench(other, point, device.place)[:, 3:], device)
    assert move_wrench(there, point, reference) == pytest.approx(here, rel=1e-9, abs=1e-3)


@given(wrenches, limits, limits)
def test_nothing_beyond_the_limits_passes_and_its_direction_stays(
    asked: np.ndarray, bending: float, torque: float
) -> None:
    device = FailSafe(60.0, bending, torque)
    moments = asked[:, 3:]
    passed = moments - withheld(moments, device)
    for sense, limit in (("bending", bending), ("torque", torque)):
        stated, left = sizes(moments, sense), sizes(passed, sense)
        assert left == pytest.approx(np.minimum(stated, limit), rel=1e-9)
    turned = moments[:, 0] * passed[:, 1] - moments[:, 1] * passed[:, 0]
    assert turned == pytest.approx(0.0, abs=1e-9 * 1e10)
    assert np.all(moments * passed >= 0.0)


@given(wrenches)
def test_below_the_limits_every_bit_stays(asked: np.ndarray) -> None:
    device = FailSafe(60.0, 1e6, 1e6)
    passed = capped(asked, asked[:, 3:], device)
    assert passed.tobytes() == asked.tobytes()


def test_a_slipping_device_lets_pass_what_its_limit_says_whatever_is_asked_beyond() -> None:
    device = FailSafe(60.0, 50e3, 8e3)
    once, twice = (sine(amplitude, 9e3)(np.array([25.0])) for amplitude in (100e3, 200e3))
    assert once - withheld(once, device) == pytest.approx(twice - withheld(twice, device))
