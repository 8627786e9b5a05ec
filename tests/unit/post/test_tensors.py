"""Invariants against closed forms and against LAPACK's eigenvalues."""

from __future__ import annotations

import numpy as np
import pytest

from fea.post.tensors import envelope, hoop, principal, principal_strain, von_mises
from fea.solution import Fields
from fea.study import Study
from geometry.axis import Axis
from tests.unit.post import synthetic

ROUND_OFF = 1e-12


def _random_tensors(count: int = 200) -> np.ndarray:
    return np.random.default_rng(7).normal(size=(count, 6)) * 100


def _matrices(tensor: np.ndarray) -> np.ndarray:
    return tensor[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*tensor.shape[:-1], 3, 3)


@pytest.mark.parametrize(
    ("stress", "expected"),
    [
        ([5, 0, 0, 0, 0, 0], 5),
        ([0, 0, 0, 2, 0, 0], 2 * np.sqrt(3)),
        ([0, 0, 0, 0, 2, 0], 2 * np.sqrt(3)),
        ([0, 0, 0, 0, 0, 2], 2 * np.sqrt(3)),
        ([-7, -7, -7, 0, 0, 0], 0),
        ([3, -3, 0, 0, 0, 0], np.sqrt(27)),
    ],
)
def test_von_mises_of_plain_states(stress: list[float], expected: float) -> None:
    assert von_mises(np.array(stress, dtype=float)) == pytest.approx(expected, rel=ROUND_OFF)


def test_von_mises_equals_its_form_in_principal_values() -> None:
    stress = _random_tensors()
    one, two, three = np.linalg.eigvalsh(_matrices(stress)).T
    expected = np.sqrt(((one - two) ** 2 + (two - three) ** 2 + (three - one) ** 2) / 2)
    np.testing.assert_allclose(von_mises(stress), expected, rtol=1e-12)


def test_principal_values_are_the_eigenvalues_largest_first() -> None:
    stress = _random_tensors()
    np.testing.assert_allclose(principal(stress), np.linalg.eigvalsh(_matrices(stress))[:, ::-1], atol=1e-9)


@pytest.mark.parametrize("diagonal", [(4, 4, 4), (4, 4, -1), (4, -1, -1), (0, 0, 0)])
def test_principal_values_that_coincide(diagonal: tuple[float, float, float]) -> None:
    """The arc cosine's slope is infinite there: half of the digits remain."""
    rotation = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    matrix = rotation @ np.diag(diagonal) @ rotation.T
    tensor = matrix[[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
    np.testing.assert_allclose(principal(tensor), np.sort(diagonal)[::-1], atol=1e-7)


def test_pure_engineering_shear_has_principal_strains_of_half_its_size() -> None:
    shear = np.array([0.0, 0.0, 0.0, 0.01, 0.0, 0.0])
    np.testing.assert_allclose(principal_strain(shear), [0.005, 0.0, -0.005], atol=1e-15)


def test_strain_and_stress_of_an_isotropic_body_have_the_same_principal_directions() -> None:
    stress = _random_tensors(20)
    strain = synthetic.isotropic_strain(stress, synthetic.MODULUS)
    direct = principal(stress)
    nu, modulus = synthetic.POISSON, synthetic.MODULUS
    expected = ((1 + nu) * direct - nu * direct.sum(axis=1, keepdims=True)) / modulus
    np.testing.assert_allclose(principal_strain(strain), expected, atol=1e-10)


def test_hoop_stress_of_a_pressed_tube_is_lame_s() -> None:
    """Closed form p a^2 / (b^2 - a^2) (1 + b^2 / r^2), at every angle."""
    angle = np.linspace(0, 2 * np.pi, 9)
    radius = np.linspace(8.0, 14.0, 9)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), angle])
    a, b = synthetic.STEM_RADIUS, synthetic.BONE_RADIUS
    expected = synthetic.PRESSURE * a**2 / (b**2 - a**2) * (1 + b**2 / radius**2)
    np.testing.assert_allclose(hoop(synthetic.lame_stress(points), points), expected, rtol=1e-12)


def test_hoop_stress_about_a_bowed_axis_is_that_of_the_straight_tube_carried_along() -> None:
    draw = np.random.default_rng(8)
    axis, stress = Axis(700.0), _random_tensors(30)
    straight = draw.uniform((-14.0, -14.0, 0.1), (14.0, 14.0, 200.0), (30, 3))
    frames = axis.frames(straight)
    turned = frames @ _matrices(stress) @ frames.transpose(0, 2, 1)
    carried = turned[:, [0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
    np.testing.assert_allclose(hoop(carried, axis.bend(straight), axis), hoop(stress, straight), atol=1e-9)


def test_hoop_stress_on_the_axis_is_the_mean_over_all_directions() -> None:
    stress = np.array([[[3.0, 5.0, 9.0, 2.0, 1.0, 1.0]]])
    assert hoop(stress, np.zeros((1, 3))) == pytest.approx(4.0)


def test_hoop_stress_keeps_the_leading_axes() -> None:
    assert hoop(np.ones((4, 7, 6)), np.ones((7, 3))).shape == (4, 7)


def test_the_envelope_is_the_largest_over_the_history_and_says_where(study: Study) -> None:
    found = envelope(study.bone)
    every = von_mises(study.bone.stress)
    np.testing.assert_array_equal(found.von_mises.value, every.max(axis=0))
    np.testing.assert_array_equal(found.von_mises.instant, every.argmax(axis=0))
    strains = principal_strain(study.bone.strain)
    np.testing.assert_array_equal(found.tension.value, strains[..., 0].max(axis=0))
    np.testing.assert_array_equal(found.compression.value, -strains[..., 2].min(axis=0))


def test_a_body_that_is_only_stretched_has_no_compression() -> None:
    strain = np.tile([1e-3, 1e-3, 1e-3, 0, 0, 0], (2, 5, 1))
    fields = Fields(np.zeros((2, 5, 3)), strain, np.zeros((2, 5, 6)), np.zeros(5))
    assert (envelope(fields).compression.value == 0).all()
    assert envelope(fields).tension.value == pytest.approx(1e-3)
