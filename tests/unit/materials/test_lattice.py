"""Lattices: the law by hand, the grading, what is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from materials.elasticity import Isotropic, Orthotropic
from materials.errors import MaterialError
from materials.lattice import Grading, Lattice, PowerLaw, elements_across, lattice_of, ratio_along
from materials.library import read_library
from materials.material import Material

FloatArray = NDArray[np.float64]
SOLID = Material.inline("solid", Isotropic(100000.0, 0.3))


@dataclass(frozen=True)
class Slab:
    """A layer between x = 0, its surface, and x = 1, z from 0 to 1."""

    def shares(self, points: FloatArray) -> FloatArray:
        return points[:, [0, 2]]

    def quadrature(self) -> tuple[FloatArray, FloatArray]:
        places, weights = np.polynomial.legendre.leggauss(6)
        x, z = (axis.ravel() for axis in np.meshgrid((places + 1) / 2, (places + 1) / 2))
        return np.column_stack([x, z]), np.outer(weights, weights).ravel() / 4


def lattice(core: tuple[float, float], surface: tuple[float, float], law: PowerLaw | None = None) -> Lattice:
    return lattice_of("lattice", SOLID, law or PowerLaw(), Grading(core, surface), Slab())


def points(*places: tuple[float, float]) -> FloatArray:
    return np.array([(x, 0.0, z) for x, z in places])


def test_a_lattice_of_forty_percent_has_sixteen_percent_of_the_modulus() -> None:
    """C = 1, n = 2 by hand; collapse 0.3 x 500 x 0.4^1.5 = 37.947 MPa."""
    found = lattice_of(
        "lattice", SOLID, PowerLaw(), Grading((0.4, 0.4), (0.4, 0.4)), Slab(), yield_strength=500.0
    )
    assert found.modulus_at(points((0.5, 0.5))) == pytest.approx([16000.0], rel=1e-14)
    collapse = found.collapse_at(points((0.5, 0.5)))
    assert collapse is not None
    assert collapse == pytest.approx([150.0 * 0.4**1.5], rel=1e-14)
    assert collapse == pytest.approx([37.947], abs=1e-3)


def test_coefficient_and_exponent_are_those_of_the_law() -> None:
    found = lattice((0.5, 0.5), (0.5, 0.5), PowerLaw(0.8, 3.0))
    assert found.modulus_at(points((0.0, 0.0))) == pytest.approx([100000 * 0.8 * 0.125], rel=1e-14)


def test_the_density_is_bilinear_between_its_four_corners() -> None:
    found = lattice((0.8, 0.6), (0.4, 0.2))
    corners = points((1.0, 0.0), (1.0, 1.0), (0.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.25, 1.0))
    assert found.density_at(corners) == pytest.approx([0.8, 0.6, 0.4, 0.2, 0.5, 0.3], rel=1e-14)


def test_the_mean_modulus_is_no_modulus_of_the_mean_density() -> None:
    """Density from 0.2 to 0.8: the mean of rho^2 is (0.8^3 - 0.2^3) / (3 x 0.6) = 0.28, not 0.5^2."""
    found = lattice((0.8, 0.8), (0.2, 0.2))
    assert isinstance(found.elasticity, Isotropic)
    assert found.elasticity.youngs_modulus == pytest.approx(28000.0, rel=1e-12)
    assert found.mean_density == pytest.approx(0.5, rel=1e-12)


def test_stiffness_is_bit_for_bit_the_law_where_the_density_is_the_same_everywhere() -> None:
    found = lattice((0.5, 0.5), (0.5, 0.5))
    assert np.array_equal(found.stiffness_at(points((0.3, 0.3)))[0], Isotropic(25000.0, 0.3).stiffness())


def test_stiffness_at_a_point_is_that_of_its_modulus() -> None:
    found = lattice((0.8, 0.8), (0.2, 0.2)).stiffness_at(points((0.0, 0.5), (1.0, 0.5)))
    assert found[0] == pytest.approx(Isotropic(4000.0, 0.3).stiffness(), rel=1e-12)
    assert found[1] == pytest.approx(Isotropic(64000.0, 0.3).stiffness(), rel=1e-12)


def test_mass_and_strength_come_from_the_library_where_it_states_them() -> None:
    titanium = read_library().material("ti_6al_4v")
    found = lattice_of("lattice", titanium, PowerLaw(), Grading((0.8, 0.8), (0.2, 0.2)), Slab())
    assert found.mass == pytest.approx(4.43e-9 * 0.5, rel=1e-12)
    assert found.collapses_at == 830.0
    assert lattice((0.8, 0.8), (0.2, 0.2)).mass is None
    assert lattice((0.8, 0.8), (0.2, 0.2)).collapse_at(points((0.0, 0.0))) is None


def test_a_grading_asks_for_four_elements_or_more_where_it_is_steep() -> None:
    """0.3 to 0.8: 0.5 / (0.3 (sqrt(2.5) - 1)) = 2.9, so four; 0.2 to 0.8: 5.2, so six."""
    assert elements_across(Grading((0.5, 0.5), (0.5, 0.5)), 2.0) is None
    assert elements_across(Grading((0.5, 0.2), (0.5, 0.2)), 2.0) is None
    assert elements_across(Grading((0.8, 0.8), (0.3, 0.3)), 2.0) == 4
    assert elements_across(Grading((0.2, 0.2), (0.8, 0.8)), 2.0) == 6
    assert elements_across(Grading((0.8, 0.8), (0.5, 0.2)), 2.0) == 6
    assert elements_across(Grading((0.8, 0.8), (0.2, 0.2)), 3.0) == 9


def test_the_modulus_along_is_steepest_at_the_lighter_end() -> None:
    """Over a tenth of 0.2 to 0.8 the density grows from 0.2 to 0.26."""
    assert ratio_along(Grading((0.8, 0.2), (0.8, 0.2)), 2.0, 0.1) == pytest.approx(1.3**2)


def test_the_words_name_every_side_that_differs() -> None:
    assert Grading((0.4, 0.4), (0.4, 0.4)).words() == "0.4"
    assert Grading((0.4, 0.6), (0.4, 0.6)).words() == "0.4 (distal) to 0.6 (proximal)"
    assert Grading((0.8, 0.8), (0.3, 0.2)).words() == "0.3–0.2 (surface) to 0.8 (core)"


def test_what_is_no_lattice_is_refused() -> None:
    with pytest.raises(MaterialError, match=r"must lie above 0 and at most at 1, but it is 1.2"):
        Grading((1.2, 0.5), (0.5, 0.5))
    with pytest.raises(MaterialError, match=r"exponent .* between 1 and 4, but it is 0.5"):
        PowerLaw(exponent=0.5)
    with pytest.raises(MaterialError, match=r"The coefficient .* must be positive"):
        PowerLaw(coefficient=0.0)
    with pytest.raises(MaterialError, match=r"1.28 times as stiff as its solid"):
        lattice((0.8, 0.8), (0.3, 0.3), PowerLaw(2.0))
    wood = Orthotropic(1e4, 1e4, 2e4, 0.3, 0.1, 0.1, 4e3, 4e3, 4e3)
    with pytest.raises(MaterialError, match="must be isotropic"):
        lattice_of("x", Material.inline("wood", wood), PowerLaw(), Grading((1, 1), (1, 1)), Slab())


def test_what_the_stiffness_hangs_on_holds_law_and_grading_but_no_strength() -> None:
    one, other = lattice((0.8, 0.8), (0.2, 0.2)), lattice((0.2, 0.2), (0.8, 0.8))
    assert one.elasticity.stiffness() == pytest.approx(other.elasticity.stiffness())
    assert repr(one.mechanics) != repr(other.mechanics)
    assert SOLID.mechanics == SOLID.elasticity
