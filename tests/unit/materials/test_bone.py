"""Density laws and the density chain against their formulas (round-off only)."""

import numpy as np
import pytest

from materials import Isotropic, MaterialError, isotropic_from_apparent_density, read_library
from materials.bone import DENSITY_KINDS

LIBRARY = read_library()
NECK = LIBRARY.density_law("morgan_2003_femoral_neck")
CHAIN = LIBRARY.density_chain


@pytest.mark.parametrize(
    ("name", "density", "expected"),
    [
        ("morgan_2003_femoral_neck", 0.5, 6850 * 0.5**1.49),
        ("morgan_2003_vertebra", 0.2, 4730 * 0.2**1.56),
        ("keller_1994", 1.0, 10500.0),
        ("kopperdahl_2002", 0.2, 2980 * 0.2**1.05),
        ("crawford_2003", 0.2, -34.7 + 3230 * 0.2),
        ("carter_hayes_1977", 1.0, 3790.0),
        ("keyak_strength", 1.0, 114.8),
    ],
)
def test_a_law_gives_what_its_formula_gives(name, density, expected):
    """Offset + coefficient density^exponent, MPa from g/cm3."""
    assert LIBRARY.density_law(name)(density) == pytest.approx(expected, rel=1e-14)


def test_a_law_takes_a_density_at_every_point():
    """An array gives an array, element by element."""
    density = np.array([0.3, 0.5, 0.7])
    np.testing.assert_allclose(NECK(density), [NECK(float(value)) for value in density], rtol=1e-15)


@pytest.mark.parametrize("density", [0.2, 1.9, float("nan")])
def test_a_density_outside_the_laws_range_is_refused(density):
    """The density, the range, the law and the remedy are named."""
    with pytest.raises(
        MaterialError, match=r"0\.26 to 0\.75 g/cm3, where the law 'morgan_2003_femoral_neck'"
    ):
        NECK(density)


def test_a_refused_field_of_densities_says_how_many():
    """The first one and the count are named."""
    with pytest.raises(MaterialError, match=r"2 of 3 apparent densities, first 0\.1 g/cm3"):
        NECK(np.array([0.5, 0.1, 1.2]))


def test_carter_and_hayes_grow_with_the_strain_rate_to_the_006():
    """E(rate) / E(1/s) = rate^0.06."""
    law = LIBRARY.density_law("carter_hayes_1977")
    assert law.at_strain_rate(0.01)(0.5) == pytest.approx(0.01**0.06 * 3790 * 0.125, rel=1e-14)
    with pytest.raises(MaterialError, match="above 0"):
        law.at_strain_rate(0.0)


def test_a_ct_number_becomes_an_apparent_density():
    """(0.0633 + 0.887 (-0.0145 + 6.8e-4 HU)) / 0.626 at HU = 1000."""
    expected = (0.0633 + 0.887 * (-0.0145 + 0.68)) / 0.626
    assert CHAIN.from_hounsfield(1000.0, "apparent") == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("kind", DENSITY_KINDS)
@pytest.mark.parametrize("wanted", DENSITY_KINDS)
def test_densities_convert_there_and_back(kind, wanted):
    """Each step of the chain is undone by its inverse."""
    density = np.array([0.3, 0.8])
    np.testing.assert_allclose(
        CHAIN.convert(CHAIN.convert(density, kind, wanted), wanted, kind), density, rtol=1e-14
    )


def test_bone_of_a_density_is_isotropic_with_the_stated_ratio():
    """E from the law, nu as given."""
    expected = Isotropic(6850 * 0.5**1.49, 0.3)
    assert isotropic_from_apparent_density(0.5, NECK, 0.3) == expected


def test_a_law_of_ash_density_needs_the_chain():
    """rho_ash = 0.626 rho_app, and a refusal without the chain."""
    keller = LIBRARY.density_law("keller_1994")
    bone = isotropic_from_apparent_density(1.0, keller, 0.3, CHAIN)
    assert bone.youngs_modulus == pytest.approx(10500 * 0.626**2.29, rel=1e-14)
    with pytest.raises(MaterialError, match="takes ash density"):
        isotropic_from_apparent_density(1.0, keller, 0.3)


def test_a_law_of_strength_gives_no_modulus():
    """It is refused by name."""
    with pytest.raises(MaterialError, match="'keyak_strength' gives a strength"):
        isotropic_from_apparent_density(0.5, LIBRARY.density_law("keyak_strength"), 0.3)


def test_a_law_prints_its_formula():
    """Coefficient, kind of density and exponent, and the offset where there is one."""
    assert NECK.formula == "6850 rho_apparent^1.49"
    assert LIBRARY.density_law("crawford_2003").formula == "-34.7 + 3230 rho_qct^1"
    assert LIBRARY.density_law("carter_hayes_1977").formula == "3790 strain_rate^0.06 rho_apparent^3"
