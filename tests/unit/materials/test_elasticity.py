"""Elastic laws against the tests that define their constants.

Tolerances are round-off: every expected value is a closed form of the constants.
"""

import numpy as np
import pytest

from materials import (
    VOIGT,
    Isotropic,
    MaterialError,
    Orthotropic,
    TransverselyIsotropic,
    check_positive_definite,
)

CORTICAL = TransverselyIsotropic(11500.0, 17000.0, 0.58, 0.46, 3300.0)
ASHMAN = Orthotropic(12000.0, 13400.0, 20000.0, 0.376, 0.222, 0.235, 4530.0, 5610.0, 6230.0)


def uniaxial(law, axis):
    """Return the strains under a stress of 1 MPa along an axis, from the stiffness."""
    return np.linalg.solve(law.stiffness(), np.eye(6)[axis])


def test_the_order_is_that_of_the_outputs():
    """XX YY ZZ XY YZ XZ."""
    assert VOIGT == ("XX", "YY", "ZZ", "XY", "YZ", "XZ")


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_uniaxial_test_on_isotropic_stiffness_gives_modulus_and_ratio(axis):
    """Strain 1/E along the stress, -nu/E across it."""
    strain = uniaxial(Isotropic(112000.0, 0.32), axis)
    expected = np.where(np.arange(6) < 3, -0.32 / 112000, 0.0)
    expected[axis] = 1 / 112000
    np.testing.assert_allclose(strain, expected, rtol=1e-12, atol=1e-20)


def test_isotropic_stiffness_is_lames():
    """Lambda = E nu / ((1 + nu)(1 - 2 nu)) and G = E / (2 (1 + nu))."""
    law = Isotropic(17000.0, 0.3)
    lame, shear = 17000 * 0.3 / (1.3 * 0.4), 17000 / 2.6
    expected = np.diag([2 * shear] * 3 + [shear] * 3)
    expected[:3, :3] += lame
    np.testing.assert_allclose(law.stiffness(), expected, rtol=1e-13)
    assert law.shear_modulus == pytest.approx(shear, rel=1e-15)


def test_stress_along_the_bone_strains_it_by_the_axial_constants():
    """Stress along 3: strain 1/E_3, and -nu_31/E_3 = -0.46/17000 across."""
    strain = uniaxial(CORTICAL, 2)
    np.testing.assert_allclose(strain, np.array([-0.46, -0.46, 1, 0, 0, 0]) / 17000, rtol=1e-12, atol=1e-20)


def test_stress_across_the_bone_strains_it_by_the_transverse_constants():
    """Stress along 1: 1/E_1, -nu_12/E_1, and -nu_13/E_1 with nu_13 = 0.46 * 11.5/17 = 0.311."""
    strain = uniaxial(CORTICAL, 0)
    expected = np.array([1, -0.58, -0.46 * 11.5 / 17, 0, 0, 0]) / 11500
    np.testing.assert_allclose(strain, expected, rtol=1e-12, atol=1e-20)


@pytest.mark.parametrize(("axis", "modulus"), [(3, 4530.0), (4, 6230.0), (5, 5610.0)])
def test_each_orthotropic_shear_modulus_sits_on_its_own_plane(axis, modulus):
    """XY is G12, YZ is G23, XZ is G13; engineering strain is stress over modulus."""
    assert uniaxial(ASHMAN, axis)[axis] == pytest.approx(1 / modulus, rel=1e-14)


def test_ashmans_reciprocal_ratios_come_out_as_reprinted():
    """nu_21, nu_31, nu_32 = .422, .371, .350 as reprinted, to the digits of the reference."""
    flexibility = ASHMAN.compliance()
    ratios = [-flexibility[i, j] / flexibility[i, i] for i, j in ((1, 0), (2, 0), (2, 1))]
    np.testing.assert_allclose(ratios, [0.422, 0.371, 0.350], atol=2.5e-3)


@pytest.mark.parametrize("law", [Isotropic(3600.0, 0.36), CORTICAL, ASHMAN])
def test_moduli_times_a_factor_are_the_stiffness_times_it(law):
    """Poisson's ratios stay, so that every entry of the stiffness scales."""
    np.testing.assert_allclose(law.scaled(0.6).stiffness(), 0.6 * law.stiffness(), rtol=1e-12)


@pytest.mark.parametrize("law", [Isotropic(3600.0, 0.36), CORTICAL, ASHMAN])
def test_stiffness_is_exactly_symmetric_and_inverts_the_compliance(law):
    """C = C^T to the bit, S C = I to round-off."""
    stiffness = law.stiffness()
    assert np.array_equal(stiffness, stiffness.T)
    np.testing.assert_allclose(law.compliance() @ stiffness, np.eye(6), atol=1e-13)


def test_transverse_isotropy_with_one_modulus_is_isotropy():
    """E_1 = E_3, one ratio and G = E/(2(1+nu)) leave the isotropic law."""
    law = TransverselyIsotropic(17000.0, 17000.0, 0.3, 0.3, 17000 / 2.6)
    np.testing.assert_allclose(law.stiffness(), Isotropic(17000.0, 0.3).stiffness(), rtol=1e-12)


@pytest.mark.parametrize("ratio", [0.5, -1.0, 0.7, float("nan")])
def test_an_isotropic_poisson_ratio_outside_its_bounds_is_refused(ratio):
    """Bulk or shear modulus would not be positive."""
    with pytest.raises(MaterialError, match=r"above -1 and below 0\.5"):
        Isotropic(17000.0, ratio)


@pytest.mark.parametrize("modulus", [0.0, -17.0, float("inf"), float("nan")])
def test_a_modulus_that_is_not_positive_is_refused_by_name(modulus):
    """The failing constant is named."""
    with pytest.raises(MaterialError, match=r"youngs_modulus is .*give youngs_modulus in MPa, above 0"):
        Isotropic(modulus, 0.3)
    with pytest.raises(MaterialError, match="G_axial_transverse"):
        TransverselyIsotropic(11500.0, 17000.0, 0.58, 0.46, modulus)
    with pytest.raises(MaterialError, match="E2 is"):
        Orthotropic(12000.0, modulus, 20000.0, 0.376, 0.222, 0.235, 4530.0, 5610.0, 6230.0)


def test_reilly_and_bursteins_ratio_read_the_wrong_way_round_is_refused():
    """nu_13 = 0.46 instead of nu_31 = 0.46 gives 1.58 (1 - 0.58 - 2 * 0.46^2 * 17/11.5) = -0.3248."""
    with pytest.raises(MaterialError) as refusal:
        Orthotropic(11500.0, 11500.0, 17000.0, 0.58, 0.46, 0.46, 3639.0, 3300.0, 3300.0)
    assert "minor 1 - nu_12 nu_21 - nu_13 nu_31 - nu_23 nu_32 - 2 nu_12 nu_23 nu_31" in str(refusal.value)
    assert "-0.3248" in str(refusal.value)
    assert "nu_ij = nu_ji E_i / E_j" in str(refusal.value)


def test_reilly_and_bursteins_set_is_admissible_by_a_known_margin():
    """1 - nu_12 - 2 nu_13 nu_31 = .134, to the digits of the reference."""
    conditions = {condition.formula: condition.value for condition in CORTICAL.conditions()}
    assert conditions["the minor 1 - nu_12 - 2 nu_13 nu_31"] == pytest.approx(0.134, abs=5e-4)
    check_positive_definite(CORTICAL)


def test_a_transversely_isotropic_set_names_its_own_failing_minor():
    """1 - 0.58 - 2 * 0.68 * 0.46 < 0."""
    with pytest.raises(MaterialError, match=r"1 - nu_12 - 2 nu_13 nu_31 is -"):
        TransverselyIsotropic(11500.0, 17000.0, 0.58, 0.68, 3300.0)


@pytest.mark.parametrize(
    ("ratios", "minor"), [((1.1, 0.0, 0.0), "12"), ((0.0, 1.1, 0.0), "13"), ((0.0, 0.0, 1.1), "23")]
)
def test_each_orthotropic_minor_is_named_when_it_fails(ratios, minor):
    """With equal moduli the minor of a plane is 1 - nu^2."""
    with pytest.raises(MaterialError, match=f"1 - nu_{minor} nu_{minor[::-1]} is -0.21 "):
        Orthotropic(1e4, 1e4, 1e4, *ratios, 4e3, 4e3, 4e3)
