"""Linear elastic laws as 6 x 6 matrices in their own axes.

Voigt order is ``XX YY ZZ XY YZ XZ`` with ENGINEERING shear strains (gamma_xy = 2
epsilon_xy), the order of every output. A Poisson ratio reads ``nu_ij = -strain_j /
strain_i`` under ``stress_i``: compliance ``S_ij = -nu_ij / E_i``, and by its symmetry
``nu_ij / E_i = nu_ji / E_j``. Axis 3 lies along the bone. Moduli are in MPa.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from materials.admissibility import (
    CHECK_POISSON,
    Condition,
    check_positive_definite,
    fulfilled,
    positive_moduli,
)
from materials.errors import MaterialError
from materials.rotation import rotate_stiffness

__all__ = [
    "VOIGT",
    "Elasticity",
    "Isotropic",
    "MaterialError",
    "Orthotropic",
    "TransverselyIsotropic",
    "check_positive_definite",
    "rotate_stiffness",
]

FloatArray = NDArray[np.float64]

#: Components of stress and (engineering) strain, in the order of every 6-vector.
VOIGT = ("XX", "YY", "ZZ", "XY", "YZ", "XZ")


@dataclass(frozen=True)
class Elasticity(ABC):
    """A linear elastic law; none can be made that is not positive definite."""

    def __post_init__(self) -> None:
        """Refuse constants that would store negative energy."""
        check_positive_definite(self)

    @abstractmethod
    def conditions(self) -> tuple[Condition, ...]:
        """Return the quantities that must be positive, the plainest first."""

    @abstractmethod
    def orthotropic(self) -> Orthotropic:
        """Return the same law as nine constants."""

    def scaled(self, factor: float) -> Self:
        """Return the law with every modulus times a factor; Poisson's ratios stay.

        Parameters
        ----------
        factor : float
            Greater than 0.

        Returns
        -------
        Elasticity
            Stiffness times the factor, as admissible as before.
        """
        moduli = [field.name for field in fields(self) if not field.name.startswith(("nu", "poisson"))]
        return replace(self, **{name: factor * getattr(self, name) for name in moduli})

    def compliance(self) -> FloatArray:
        """Return the compliance in the material axes.

        Returns
        -------
        ndarray, shape (6, 6), 1/MPa
            Engineering strain from stress, Voigt order of the module.
        """
        law = self.orthotropic()
        matrix = np.diag([1 / law.E1, 1 / law.E2, 1 / law.E3, 1 / law.G12, 1 / law.G23, 1 / law.G13])
        matrix[0, 1] = matrix[1, 0] = -law.nu12 / law.E1
        matrix[0, 2] = matrix[2, 0] = -law.nu13 / law.E1
        matrix[1, 2] = matrix[2, 1] = -law.nu23 / law.E2
        return matrix

    def stiffness(self) -> FloatArray:
        """Return the stiffness in the material axes.

        Returns
        -------
        ndarray, shape (6, 6), MPa
            Stress from engineering strain, Voigt order of the module; exactly symmetric.
        """
        law = self.orthotropic()
        normal = np.linalg.inv(self.compliance()[:3, :3])
        matrix = np.diag([0.0, 0.0, 0.0, law.G12, law.G23, law.G13])
        matrix[:3, :3] = 0.5 * (normal + normal.T)
        return matrix


@dataclass(frozen=True)
class Isotropic(Elasticity):
    """The same in every direction.

    Attributes
    ----------
    youngs_modulus : float, MPa
    poisson_ratio : float

    Raises
    ------
    MaterialError
        Where the modulus is not positive or the Poisson ratio lies outside (-1, 0.5).
    """

    youngs_modulus: float
    poisson_ratio: float

    def conditions(self) -> tuple[Condition, ...]:
        """Return the modulus and the two bounds of the Poisson ratio."""
        advice = f"the Poisson ratio is {self.poisson_ratio:g}, give one above -1 and below 0.5"
        return (
            *positive_moduli(self, "youngs_modulus"),
            Condition("1 + nu", 1 + self.poisson_ratio, advice),
            Condition("1 - 2 nu", 1 - 2 * self.poisson_ratio, advice),
        )

    @property
    def shear_modulus(self) -> float:
        """Shear modulus E / (2 (1 + nu)), MPa."""
        return self.youngs_modulus / (2 * (1 + self.poisson_ratio))

    def orthotropic(self) -> Orthotropic:
        """Return the same law as nine constants."""
        return Orthotropic(*[self.youngs_modulus] * 3, *[self.poisson_ratio] * 3, *[self.shear_modulus] * 3)


@dataclass(frozen=True)
class TransverselyIsotropic(Elasticity):
    """Isotropic across axis 3, another stiffness along it.

    Attributes
    ----------
    E_transverse, E_axial : float, MPa
        Young's moduli across and along axis 3.
    nu_transverse : float
        nu_12, within the plane of isotropy.
    nu_axial_transverse : float
        nu_31: strain in 1 under stress in 3.
    G_axial_transverse : float, MPa
        Shear modulus of the planes 13 and 23.

    Raises
    ------
    MaterialError
        Where the set is not positive definite; the failing minor is named.
    """

    E_transverse: float
    E_axial: float
    nu_transverse: float
    nu_axial_transverse: float
    G_axial_transverse: float

    @property
    def nu_transverse_axial(self) -> float:
        """nu_13, strain in 3 under stress in 1: nu_31 E_1 / E_3."""
        return self.nu_axial_transverse * self.E_transverse / self.E_axial

    def conditions(self) -> tuple[Condition, ...]:
        """Return the moduli and the minors of the compliance."""
        moduli = positive_moduli(self, "E_transverse", "E_axial", "G_axial_transverse")
        if not fulfilled(moduli):
            return moduli
        product = self.nu_transverse_axial * self.nu_axial_transverse
        determinant = 1 - self.nu_transverse - 2 * product
        return (
            *moduli,
            Condition("the minor 1 - nu_12^2", 1 - self.nu_transverse**2, CHECK_POISSON),
            Condition("the minor 1 - nu_12 - 2 nu_13 nu_31", determinant, CHECK_POISSON),
        )

    def orthotropic(self) -> Orthotropic:
        """Return the same law as nine constants."""
        return Orthotropic(
            E1=self.E_transverse,
            E2=self.E_transverse,
            E3=self.E_axial,
            nu12=self.nu_transverse,
            nu13=self.nu_transverse_axial,
            nu23=self.nu_transverse_axial,
            G12=self.E_transverse / (2 * (1 + self.nu_transverse)),
            G13=self.G_axial_transverse,
            G23=self.G_axial_transverse,
        )


@dataclass(frozen=True)
class Orthotropic(Elasticity):
    """Three planes of symmetry: nine constants, moduli in MPa.

    Raises
    ------
    MaterialError
        Where the set is not positive definite; the failing minor is named.
    """

    E1: float
    E2: float
    E3: float
    nu12: float
    nu13: float
    nu23: float
    G12: float
    G13: float
    G23: float

    def conditions(self) -> tuple[Condition, ...]:
        """Return the moduli and the minors of the compliance."""
        moduli = positive_moduli(self, "E1", "E2", "E3", "G12", "G13", "G23")
        if not fulfilled(moduli):
            return moduli
        square12 = self.nu12**2 * self.E2 / self.E1
        square13 = self.nu13**2 * self.E3 / self.E1
        square23 = self.nu23**2 * self.E3 / self.E2
        triple = 2 * self.nu12 * self.nu23 * self.nu13 * self.E3 / self.E1
        formula = "1 - nu_12 nu_21 - nu_13 nu_31 - nu_23 nu_32 - 2 nu_12 nu_23 nu_31"
        determinant = 1 - square12 - square13 - square23 - triple
        return (
            *moduli,
            Condition("the minor 1 - nu_12 nu_21", 1 - square12, CHECK_POISSON),
            Condition("the minor 1 - nu_13 nu_31", 1 - square13, CHECK_POISSON),
            Condition("the minor 1 - nu_23 nu_32", 1 - square23, CHECK_POISSON),
            Condition(f"the minor {formula}", determinant, CHECK_POISSON),
        )

    def orthotropic(self) -> Orthotropic:
        """Return the law itself."""
        return self
