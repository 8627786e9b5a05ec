"""From density to stiffness: power laws of bone and the chain from CT numbers to density.

A law reads ``offset + coefficient * density^exponent`` in MPa with the density in g/cm3;
the chain reads ``HU -> rho_QCT -> rho_ash -> rho_app``, each step linear. Published laws
differ widely, so that the law is a factor of a study, and each is held to the range of
densities it was fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from materials.elasticity import Isotropic
from materials.entry import check_origin
from materials.errors import MaterialError

Density = TypeVar("Density", float, NDArray[np.float64])

#: What a density is measured as: calibrated CT, ash mass, or wet mass over total volume.
DensityKind = Literal["qct", "ash", "apparent"]
#: What a law gives: Young's modulus or strength, both in MPa.
Quantity = Literal["youngs_modulus", "strength"]

DENSITY_KINDS: tuple[DensityKind, ...] = get_args(DensityKind)
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)


@dataclass(frozen=True)
class DensityLaw:
    """A published law of bone over density.

    Attributes
    ----------
    name
    quantity
        What it gives, in MPa.
    density
        The kind of density it takes, g/cm3.
    coefficient : float, MPa / (g/cm3)^exponent
        At a strain rate of 1/s where the law depends on it.
    exponent : float
    low, high : float, g/cm3
        Densities it may be used for.
    source, grade, note, range_source
        As of `materials.entry.Entry`.
    offset : float, MPa
    strain_rate_exponent : float
        Power of the strain rate (1/s) in the coefficient, 0 where there is none.
    """

    name: str
    quantity: Quantity
    density: DensityKind
    coefficient: float
    exponent: float
    low: float
    high: float
    source: str
    grade: str
    note: str
    range_source: str
    offset: float = 0.0
    strain_rate_exponent: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a law that cannot be traced or gives nothing positive where it holds."""
        check_origin(self.source, self.grade, self.note)
        if not 0 < self.low < self.high:
            raise MaterialError(
                f"The range is {self.low:g} to {self.high:g} g/cm3; give two rising densities above 0."
            )
        if not min(self(self.low), self(self.high)) > 0:
            raise MaterialError(
                f"The law '{self.formula}' is not positive over its range; raise the range's lower end."
            )

    @property
    def formula(self) -> str:
        """The law as text, e.g. ``6850 rho_apparent^1.49``."""
        offset = f"{self.offset:g} + " if self.offset else ""
        rate = f" strain_rate^{self.strain_rate_exponent:g}" if self.strain_rate_exponent else ""
        return f"{offset}{self.coefficient:g}{rate} rho_{self.density}^{self.exponent:g}"

    def __call__(self, density: Density) -> Density:
        """Return modulus or strength.

        Parameters
        ----------
        density : float or ndarray, g/cm3
            Of the kind that the law takes.

        Returns
        -------
        float or ndarray, MPa

        Raises
        ------
        MaterialError
            Where a density lies outside the law's range; the first is named.
        """
        values = np.atleast_1d(np.asarray(density, dtype=np.float64))
        outside = values[~((values >= self.low) & (values <= self.high))]
        if outside.size:
            raise MaterialError(
                f"{outside.size} of {values.size} {self.density} densities, first {outside[0]:.4g} g/cm3, "
                f"lie outside {self.low:g} to {self.high:g} g/cm3, where the law '{self.name}' holds; "
                "choose a law that covers them or bound the density on purpose."
            )
        result: Density = self.offset + self.coefficient * density**self.exponent
        return result

    def at_strain_rate(self, strain_rate: float) -> DensityLaw:
        """Return the law at a strain rate in 1/s."""
        if not strain_rate > 0:
            raise MaterialError(
                f"The strain rate is {strain_rate:g} 1/s; give one above 0, about 0.01 for walking."
            )
        factor = strain_rate**self.strain_rate_exponent
        return replace(self, coefficient=self.coefficient * factor, strain_rate_exponent=0.0)


@dataclass(frozen=True)
class DensityChain:
    """The way from CT numbers to each kind of density, g/cm3.

    ``rho_qct = hu_offset + hu_slope HU``, ``rho_ash = ash_offset + ash_slope rho_qct`` and
    ``rho_apparent = rho_ash / ash_fraction``. The first pair belongs to one scanner and one
    phantom.
    """

    hu_offset: float
    hu_slope: float
    ash_offset: float
    ash_slope: float
    ash_fraction: float

    def from_hounsfield(self, hounsfield: Density, kind: DensityKind) -> Density:
        """Return the density (g/cm3) of a CT number in Hounsfield units."""
        return self.convert(self.hu_offset + self.hu_slope * hounsfield, "qct", kind)

    def convert(self, density: Density, kind: DensityKind, wanted: DensityKind) -> Density:
        """Return one kind of density (g/cm3) as another."""
        if kind == wanted:
            return density
        ash = density
        if kind == "qct":
            ash = self.ash_offset + self.ash_slope * density
        elif kind == "apparent":
            ash = self.ash_fraction * density
        if wanted == "qct":
            return (ash - self.ash_offset) / self.ash_slope
        return ash / self.ash_fraction if wanted == "apparent" else ash


def isotropic_from_apparent_density(
    apparent_density: float, law: DensityLaw, poisson_ratio: float, chain: DensityChain | None = None
) -> Isotropic:
    """Return isotropic bone of a density.

    Parameters
    ----------
    apparent_density : float, g/cm3
    law
        A law for Young's modulus.
    poisson_ratio : float
        No density law states it.
    chain
        Needed where the law takes another kind of density.

    Raises
    ------
    MaterialError
        Where the density lies outside the law's range, the law gives a strength, or a
        chain is needed and missing.
    """
    if law.quantity != "youngs_modulus":
        raise MaterialError(f"The law '{law.name}' gives a strength; choose one that gives Young's modulus.")
    if law.density == "apparent":
        return Isotropic(law(apparent_density), poisson_ratio)
    if chain is None:
        raise MaterialError(f"The law '{law.name}' takes {law.density} density; give the density chain too.")
    return Isotropic(law(chain.convert(apparent_density, "apparent", law.density)), poisson_ratio)
