"""Probabilities: Clopper and Pearson's interval for independent samples, wider for models that differ."""

from __future__ import annotations

import numpy as np
import pytest

from fea.uncertain.probability import effective_samples, probability

ONE = np.zeros(10, dtype=int)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 1 - 0.025**0.1), (10, 0.025**0.1, 1.0), (5, 0.187086, 0.812914)],
)
def test_on_one_model_the_interval_is_clopper_and_pearsons(count: int, low: float, high: float) -> None:
    """Of 0 and 10 in closed form, of 5 in 10 as tabulated: 18.71 to 81.29 %."""
    found = probability("stable", np.arange(10) < count, ONE)
    assert (found.count, found.share) == (count, count / 10)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_samples_of_one_model_that_all_agree_count_as_one() -> None:
    """Half of 8 models say yes in all 16 samples, half in none: 128 samples tell no more than 8 would.

    deff = (s^2 / 8) / (0.25 / 128) with s^2 = 8/7 * 0.25, so n / deff = 7; times (t_127 / t_7)^2 = 0.70.
    """
    models = np.repeat(np.arange(8), 16)
    found = effective_samples(models < 4, models)
    assert found == pytest.approx(7 * (1.978820 / 2.364624) ** 2, rel=1e-5)


def test_models_that_agree_cost_no_more_than_students_quantiles() -> None:
    models = np.repeat(np.arange(8), 16)
    found = effective_samples(np.arange(128) % 2 == 0, models)
    assert found == pytest.approx(128 * (1.978820 / 2.364624) ** 2, rel=1e-5)


def test_two_models_tell_next_to_nothing() -> None:
    models = np.repeat(np.arange(2), 4)
    found = probability("stable", models == 0, models)
    assert found.share == 0.5
    assert found.low < 0.05
    assert found.high > 0.95


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Models have chances of their own: 400 studies of 8 models of 16 samples, mean 0.4."""
    rng, inside = np.random.default_rng(2), 0
    models = np.repeat(np.arange(8), 16)
    for _ in range(400):
        chance = rng.beta(2.0, 3.0, 8)  # mean 0.4
        found = probability("stable", rng.random(128) < chance[models], models)
        inside += found.low <= 0.4 <= found.high
    assert 0.93 <= inside / 400 <= 1.0


def test_no_sample_is_no_probability() -> None:
    found = probability("stable", np.zeros(0, dtype=bool), np.zeros(0, dtype=int))
    assert (found.count, found.low, found.high) == (0, 0.0, 1.0)
    assert np.isnan(found.share)
