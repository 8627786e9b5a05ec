"""Surrogates and their indices: exact where the chaos holds the function, withheld where it does not."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from fea.uncertain.design import drawn
from fea.uncertain.indices import CONFIDENCE, LEAST_Q2, analytic_indices, indices_of, sensitivity
from fea.uncertain.surrogate import Basis, Surrogate, basis_of, fit

MODELS = np.repeat(np.arange(8), 8)


def outer_and_inner(seed: int = 1) -> np.ndarray:
    """Shares of one input that changes with the model and two that change with the sample."""
    return np.column_stack([drawn(8, 1, seed)[MODELS], drawn(64, 2, seed + 1)])


@pytest.mark.parametrize("levels", [(0, 0), (3, 0), (4, 2)])
def test_the_basis_is_orthonormal_over_the_inputs(levels: tuple[int, int]) -> None:
    """Gauss points and the middles of levels integrate products of degree 4 exactly."""
    nodes, weights = np.polynomial.legendre.leggauss(8)
    axes = [
        ((nodes + 1) / 2, weights / 2)
        if not count
        else ((np.arange(count) + 0.5) / count, np.full(count, 1 / count))
        for count in levels
    ]
    shares = np.array([[a, b] for a in axes[0][0] for b in axes[1][0]])
    weight = np.array([a * b for a in axes[0][1] for b in axes[1][1]])
    matrix = basis_of(levels).at(shares)
    assert (matrix * weight[:, None]).T @ matrix == pytest.approx(np.eye(matrix.shape[1]), abs=1e-12)


def test_the_quadratic_basis_of_six_inputs_has_28_terms() -> None:
    """(6 + 2)! / (6! 2!) = 28."""
    basis = basis_of((0,) * 6)
    assert len(basis.terms) == 28
    assert basis.terms[0] == (0,) * 6


def test_the_index_of_a_choice_is_the_variance_of_its_levels() -> None:
    """Of y = (0, 1, 5)[level] + z: 14/3 of the levels and 1/3 of z, nothing of both."""
    shares = drawn(64, 2, 7)
    level = np.minimum((3 * shares[:, 0]).astype(int), 2)
    values = np.array([0.0, 1.0, 5.0])[level] + 2 * shares[:, 1] - 1
    found = sensitivity(shares, values, MODELS, ("material", "friction"), (3, 0))
    assert not found.why_not
    assert [index.first for index in found.indices] == pytest.approx([14 / 15, 1 / 15], abs=1e-12)
    assert [index.total for index in found.indices] == pytest.approx([14 / 15, 1 / 15], abs=1e-12)


def test_confidence_grows_with_what_is_not_explained_and_holds_the_truth() -> None:
    """Of y = 3 z1 + 2 z2 + z3, with noise of a tenth of its spread: 9, 4 and 1 of 14 shares."""
    shares, rng = outer_and_inner(), np.random.default_rng(0)
    clean = (2 * shares - 1) @ np.array([3.0, 2.0, 1.0])
    spread = []
    for size in (0.0, 0.2):
        found = sensitivity(
            shares, clean + size * rng.standard_normal(64), MODELS, ("a", "b", "c"), (0, 0, 0)
        )
        for index, exact in zip(found.indices, (9 / 14, 4 / 14, 1 / 14), strict=True):
            assert index.first == pytest.approx(exact, abs=1e-12 if not size else 0.05)
            low, high = index.first_interval
            assert low <= index.first <= high
        spread.append(found.indices[0].first_interval[1] - found.indices[0].first_interval[0])
    assert spread[0] < 1e-12
    assert 1e-3 < spread[1] < 0.3


def test_confidence_holds_the_scatter_from_mesh_to_mesh() -> None:
    """Residuals turn their sign model by model: all 2^8 ways of it, enumerated, give the interval.

    Of y = z1 + 3 z2 with an offset for each mesh. Samples that turned one by one would take eight
    values for 64, and make the interval less than half as long.
    """
    shares = np.column_stack([drawn(8, 1, 1)[MODELS], drawn(64, 1, 2)])
    offset = 0.2 * np.random.default_rng(11).standard_normal(8)[MODELS]
    basis = Basis((0, 0), ((0, 0), (1, 0), (0, 1)))
    coefficients = np.array([20.0, 1.0, 3.0]) / np.sqrt([1.0, 3.0, 3.0])
    surrogate = Surrogate(basis, coefficients, False, 0.9, 0.9, offset, shares, MODELS, True)
    found = indices_of(surrogate, ("wall", "friction"))[0]
    assert found.first == pytest.approx(1 / 10)
    inverse = np.linalg.pinv(basis.at(shares))

    def length(signs: np.ndarray) -> float:
        _, wall, friction = coefficients[:, None] + inverse @ (signs * offset).T
        return float(np.ptp(np.percentile(wall**2 / (wall**2 + friction**2), CONFIDENCE)))

    by_model = np.array(list(product((-1.0, 1.0), repeat=8)))[:, MODELS]
    one_by_one = np.random.default_rng(12).choice((-1.0, 1.0), (2000, 64))
    low, high = found.first_interval
    assert high - low == pytest.approx(length(by_model), rel=0.2)  # 200 replicates of 256
    assert length(one_by_one) < 0.5 * length(by_model)


def test_scatter_from_model_to_model_is_no_sensitivity() -> None:
    """An offset for each mesh: other samples of a model predict a sample, other models do not."""
    shares, rng = outer_and_inner(), np.random.default_rng(3)
    values = rng.standard_normal(8)[MODELS] + 0.05 * shares[:, 1]
    found = sensitivity(shares, values, MODELS, ("wall", "friction", "weight"), (0, 0, 0))
    assert found.q2_model is not None
    assert found.q2_model < LEAST_Q2
    assert not found.indices
    assert "predicts too little" in found.why_not


def test_a_step_is_not_followed_and_says_so() -> None:
    shares = outer_and_inner()
    found = sensitivity(shares, (shares[:, 1] > 0.9).astype(float), MODELS, ("a", "b", "c"), (0, 0, 0))
    assert not found.indices
    assert f"below {LEAST_Q2:g}" in found.why_not


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.full(64, 100.0), "the same in every sample"),
        (np.where(np.arange(64) < 6, np.nan, np.arange(64.0)), "9.4 % of the samples have no value"),
        (np.where(np.arange(64) < 60, np.nan, 1.0), "94 % of the samples have no value"),
    ],
)
def test_what_has_no_indices_says_why(values: np.ndarray, words: str) -> None:
    found = sensitivity(outer_and_inner(), values, MODELS, ("a", "b", "c"), (0, 0, 0))
    assert not found.indices
    assert words in found.why_not
    assert found.q2_sample is None


def test_few_samples_make_no_surrogate() -> None:
    found = sensitivity(drawn(8, 2, 1), np.arange(8.0), MODELS[:8], ("a", "b"), (0, 0))
    assert found.why_not == "8 samples are too few for a surrogate; take 16 or more."


def test_q2_of_left_out_samples_is_that_of_fits_without_them() -> None:
    """The closed form (I - H_gg)^-1 r_g against 64 fits of the same terms, one sample less each."""
    shares, rng = outer_and_inner(), np.random.default_rng(5)
    values = (
        np.sin(3 * shares[:, 1]) + shares[:, 0] + 0.1 * rng.standard_normal(64) - 5.0
    )  # negative: no logarithm
    surrogate = fit(shares, values, MODELS, (0, 0, 0))
    matrix = surrogate.basis.at(shares)
    left_out = np.zeros(64)
    for row in range(64):
        kept = np.arange(64) != row
        left_out[row] = matrix[row] @ np.linalg.lstsq(matrix[kept], values[kept], rcond=None)[0]
    q2 = 1 - np.sum((values - left_out) ** 2) / np.sum((values - values.mean()) ** 2)
    assert surrogate.q2_sample == pytest.approx(q2, rel=1e-10)
    assert surrogate.residual == pytest.approx(values - left_out, abs=1e-10)


def test_analytic_indices_of_a_constant_are_zero() -> None:
    first, total = analytic_indices(((0, 0), (1, 0)), np.array([3.0, 0.0]))
    assert not first.any()
    assert not total.any()
