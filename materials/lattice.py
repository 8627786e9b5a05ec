"""Lattices and porous metal as effective elastic laws of their relative density.

A power law gives the effective modulus and the stress of plastic collapse of a cellular solid
from those of the solid that it is made of and its relative density rho (volume of solid over
volume, 1 - porosity):

    E = C E_s rho^n,        sigma_pl = C_p sigma_y rho^(3/2)

C = 1 and n = 2 are those of open cells that bend (Gibson and Ashby), C_p = 0.3. The density may
vary across the thickness of a layer and along it, bilinearly between its four corners.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from materials.elasticity import Elasticity, Isotropic
from materials.entry import ASSUMPTION, Entry
from materials.errors import MaterialError
from materials.material import Material

FloatArray = NDArray[np.float64]

#: Constants of open cells, from general knowledge of the field.
GENERAL: Mapping[str, Entry] = {
    name: Entry(value, "1", value, value, ASSUMPTION, "C1", note)
    for name, value, note in (
        ("coefficient", 1.0, "C in E = C E_solid density^n, open cells"),
        ("exponent", 2.0, "n in E = C E_solid density^n, struts that bend"),
        ("collapse_coefficient", 0.3, "C_p in C_p yield density^1.5, open cells"),
    )
}
COEFFICIENT, EXPONENT, COLLAPSE_COEFFICIENT = (entry.value for entry in GENERAL.values())
#: Exponent of the density in the stress of plastic collapse.
COLLAPSE_EXPONENT = 1.5
#: Range of the exponent: 1 where struts are stretched, 2 where they bend, 3 for closed walls that bend.
LEAST_EXPONENT, LARGEST_EXPONENT = 1.0, 4.0
#: Largest ratio of moduli over one element, and most elements, through the thickness of a grading.
STEEPEST, MOST_ELEMENTS = 2.5, 12
#: Largest ratio of moduli over one element along the axis, whose size the case states.
STEEPEST_ALONG = 1.5
#: Least number of elements through the thickness of a grading.
LEAST_ELEMENTS = 4


class Places(Protocol):
    """Where points lie within a layer."""

    def shares(self, points: FloatArray) -> FloatArray:
        """Return shares of the thickness, 0 at the surface, and of the length, shape (n, 2)."""

    def quadrature(self) -> tuple[FloatArray, FloatArray]:
        """Return such shares, shape (k, 2), and the volumes that they stand for, shape (k,), mm^3."""


@dataclass(frozen=True)
class PowerLaw:
    """Effective modulus and collapse stress over those of the solid.

    Attributes
    ----------
    coefficient, exponent
        C and n.
    collapse_coefficient
        C_p.

    Raises
    ------
    MaterialError
        Where a coefficient is not positive or the exponent out of its range.
    """

    coefficient: float = COEFFICIENT
    exponent: float = EXPONENT
    collapse_coefficient: float = COLLAPSE_COEFFICIENT

    def __post_init__(self) -> None:
        """Refuse constants of no cellular solid."""
        for name in ("coefficient", "collapse_coefficient"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise MaterialError(f"The {name.replace('_', ' ')} of a lattice's law must be positive.")
        if not LEAST_EXPONENT <= self.exponent <= LARGEST_EXPONENT:
            raise MaterialError(
                f"The exponent of a lattice's law must lie between {LEAST_EXPONENT:g} and"
                f" {LARGEST_EXPONENT:g}, but it is {self.exponent:g}."
            )

    def modulus(self, density: FloatArray) -> FloatArray:
        """Effective over solid modulus at relative densities."""
        return np.asarray(self.coefficient * density**self.exponent)

    def collapse(self, density: FloatArray) -> FloatArray:
        """Collapse stress over the solid's yield stress at relative densities."""
        return np.asarray(self.collapse_coefficient * density**COLLAPSE_EXPONENT)


@dataclass(frozen=True)
class Grading:
    """Relative density over thickness and length of a layer, bilinear.

    Attributes
    ----------
    core, surface : tuple of 2 floats
        At the distal and the proximal end, each above 0 and at most 1.

    Raises
    ------
    MaterialError
        Where a density is none.
    """

    core: tuple[float, float]
    surface: tuple[float, float]

    def __post_init__(self) -> None:
        """Refuse what is no relative density."""
        for density in (*self.core, *self.surface):
            if not 0.0 < density <= 1.0:
                raise MaterialError(
                    f"A relative density must lie above 0 and at most at 1, but it is {density:g}."
                )

    @property
    def least(self) -> float:
        """Least density anywhere."""
        return min(*self.core, *self.surface)

    @property
    def largest(self) -> float:
        """Largest density anywhere."""
        return max(*self.core, *self.surface)

    @property
    def across(self) -> bool:
        """Whether the density changes across the thickness."""
        return self.core != self.surface

    def at(self, shares: FloatArray) -> FloatArray:
        """Return the density at shares of thickness (0 at the surface) and length, shape (n, 2)."""
        depth, height = shares.T
        surface = (1.0 - height) * self.surface[0] + height * self.surface[1]
        core = (1.0 - height) * self.core[0] + height * self.core[1]
        return np.asarray((1.0 - depth) * surface + depth * core)

    def words(self) -> str:
        """Say the densities: where they change, from where to where."""
        if not self.across:
            distal, proximal = self.core
            ends = f"{distal:g} (distal) to {proximal:g} (proximal)"
            return f"{distal:g}" if distal == proximal else ends
        surface, core = (_span(ends) for ends in (self.surface, self.core))
        return f"{surface} (surface) to {core} (core)"


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:g}" if ends[0] == ends[1] else f"{ends[0]:g}–{ends[1]:g}"


def elements_across(grading: Grading, exponent: float) -> int | None:
    """Count the elements that a grading needs through its thickness.

    So many that the modulus changes by no more than the factor `STEEPEST` over one of them, which
    is the one at the lighter side, and at least `LEAST_ELEMENTS`.

    Parameters
    ----------
    grading : Grading
    exponent
        Of the power law.

    Returns
    -------
    int or None
        None without a grading across.
    """
    if not grading.across:
        return None
    needed = [
        abs(core - surface) / (min(core, surface) * (STEEPEST ** (1.0 / exponent) - 1.0))
        for core, surface in zip(grading.core, grading.surface, strict=True)
    ]
    return max(LEAST_ELEMENTS, int(np.ceil(max(needed) - 1e-9)))


def ratio_along(grading: Grading, exponent: float, share: float) -> float:
    """Return the largest ratio of moduli over a share of the length, which stands at a lighter end.

    Parameters
    ----------
    grading : Grading
    exponent
        Of the power law.
    share
        Above 0; of at most 1.
    """
    steps = [
        1.0 + abs(distal - proximal) * min(share, 1.0) / min(distal, proximal)
        for distal, proximal in (grading.core, grading.surface)
    ]
    return float(max(steps) ** exponent)


@dataclass(frozen=True, kw_only=True)
class Lattice(Material):
    """A lattice of a layer: an isotropic law with the relative density as a field.

    `elasticity` is that of the mean modulus of the layer's volume, which is the law itself where
    the density is the same everywhere; where it is not, nothing is computed with it.

    Attributes
    ----------
    solid : Material
        What the lattice is made of.
    law : PowerLaw
    grading : Grading
    places : Places
        Where points lie within the layer.
    collapses_at : float, MPa, or None
        The solid's yield stress in the law of collapse; None where none is known.
    """

    solid: Material
    law: PowerLaw
    grading: Grading
    places: Places
    collapses_at: float | None = None

    @property
    def uniform(self) -> bool:
        """Whether the density is the same everywhere."""
        return self.grading.least == self.grading.largest

    @property
    def mechanics(self) -> object:
        """What the stiffness hangs on."""
        return (self.elasticity, _isotropic(self.solid), self.law, self.grading)

    @property
    def mean_density(self) -> float:
        """Mean relative density of the layer's volume."""
        shares, volumes = self.places.quadrature()
        return float(volumes @ self.grading.at(shares) / volumes.sum())

    @property
    def mass(self) -> float | None:
        """Mass of the layer, tonne; None where the solid's density is not known."""
        if self.solid.density is None:
            return None
        shares, volumes = self.places.quadrature()
        return self.solid.density * float(volumes @ self.grading.at(shares))

    def density_at(self, points: FloatArray) -> FloatArray:
        """Return the relative density at points, shape (n, 3), mm, as shape (n,)."""
        return self.grading.at(self.places.shares(points))

    def modulus_at(self, points: FloatArray) -> FloatArray:
        """Return the effective Young's modulus at points, shape (n, 3), mm, as shape (n,), MPa."""
        return _isotropic(self.solid).youngs_modulus * self.law.modulus(self.density_at(points))

    def stiffness_of(self, modulus: FloatArray) -> FloatArray:
        """Return the stiffness of moduli in MPa, shape (n,), as shape (n, 6, 6), MPa."""
        unit = Isotropic(1.0, _isotropic(self).poisson_ratio).stiffness()
        return np.asarray(modulus[:, None, None] * unit)

    def stiffness_at(self, points: FloatArray) -> FloatArray:
        """Return the stiffness at points, shape (n, 3), mm, as shape (n, 6, 6), MPa.

        Bit for bit that of `elasticity` where the density is the same everywhere.
        """
        if self.uniform:
            return np.broadcast_to(self.elasticity.stiffness(), (len(points), 6, 6))
        return self.stiffness_of(self.modulus_at(points))

    def collapse_at(self, points: FloatArray) -> FloatArray | None:
        """Return the nominal stress of plastic collapse at points, shape (n, 3), as shape (n,), MPa."""
        if self.collapses_at is None:
            return None
        return self.collapses_at * self.law.collapse(self.density_at(points))


def lattice_of(
    name: str,
    solid: Material,
    law: PowerLaw,
    grading: Grading,
    places: Places,
    poisson_ratio: float | None = None,
    yield_strength: float | None = None,
) -> Lattice:
    """Make the lattice of a layer.

    Parameters
    ----------
    name
    solid : Material
        Isotropic.
    law, grading, places
    poisson_ratio
        Effective; None takes the solid's.
    yield_strength : float, MPa
        Of the solid; None takes what the library states for it, if anything.

    Returns
    -------
    Lattice

    Raises
    ------
    MaterialError
        Where the solid is not isotropic, or the lattice would be stiffer than it.
    """
    own = _isotropic(solid)
    stiffest = float(law.modulus(np.array([grading.largest]))[0])
    if stiffest > 1.0 + 1e-12:
        raise MaterialError(
            f"The lattice would be {stiffest:.3g} times as stiff as its solid at a relative density of"
            f" {grading.largest:g}; give a smaller coefficient or density."
        )
    if yield_strength is None and "yield_strength" in solid.strengths:
        yield_strength = solid.strengths["yield_strength"].value
    poisson = own.poisson_ratio if poisson_ratio is None else poisson_ratio
    share = _mean_share(law, grading, places)
    return Lattice(
        name=name,
        elasticity=Isotropic(own.youngs_modulus * share, poisson),
        kind=solid.kind,
        density=None,
        note="effective law of a homogenised lattice; it knows no struts",
        solid=solid,
        law=law,
        grading=grading,
        places=places,
        collapses_at=yield_strength,
    )


def _mean_share(law: PowerLaw, grading: Grading, places: Places) -> float:
    """Mean of the modulus, over the solid's, of the layer's volume."""
    if grading.least == grading.largest:
        return float(law.modulus(np.array([grading.least]))[0])
    shares, volumes = places.quadrature()
    return float(volumes @ law.modulus(grading.at(shares)) / volumes.sum())


def _isotropic(material: Material) -> Isotropic:
    law: Elasticity = material.elasticity
    if not isinstance(law, Isotropic):
        raise MaterialError(
            f"The solid of a lattice must be isotropic, but '{material.name}' is not;"
            " give youngs_modulus_MPa and poisson_ratio."
        )
    return law
