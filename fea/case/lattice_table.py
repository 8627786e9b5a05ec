"""``[stem.coating.lattice]``: a porous layer whose material follows from its relative density."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from fea.case.material_tables import MaterialChoice
from fea.loads.tables import Number, Positive, Table
from materials.lattice import (
    COEFFICIENT,
    COLLAPSE_COEFFICIENT,
    EXPONENT,
    LARGEST_EXPONENT,
    LEAST_EXPONENT,
    MOST_ELEMENTS,
    STEEPEST,
    STEEPEST_ALONG,
    Grading,
    PowerLaw,
    elements_across,
    ratio_along,
)

Share = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1)]


def _kind_of_density(stated: Any) -> str:
    if stated is None:
        return "none"
    return "pair" if isinstance(stated, list | tuple) else "number"


#: One number, or those of the distal and the proximal end.
Density = Annotated[
    Annotated[None, Tag("none")]
    | Annotated[Share, Tag("number")]
    | Annotated[tuple[Share, Share], Tag("pair")],
    Discriminator(_kind_of_density),
]


class LatticeTable(Table):
    """``[stem.coating.lattice]``: instead of the coating's ``material``."""

    solid: MaterialChoice = Field(
        description="what the lattice is made of, isotropic: a library name or a table of constants"
    )
    law: Literal["gibson_ashby"] = Field(
        default="gibson_ashby", description="the law of modulus and collapse stress over relative density"
    )
    relative_density: Density = Field(
        default=None,
        description="volume of solid over volume, the same across the thickness; one number, or those of"
        " the distal and the proximal end",
    )
    relative_density_core: Density = Field(
        default=None, description="instead: that at the core; one number, or those of both ends"
    )
    relative_density_surface: Density = Field(
        default=None, description="and that at the surface; one number, or those of both ends"
    )
    coefficient: Positive = Field(default=COEFFICIENT, description="C in E = C E_solid density^n")
    exponent: Number = Field(
        default=EXPONENT, ge=LEAST_EXPONENT, le=LARGEST_EXPONENT, description="n in E = C E_solid density^n"
    )
    poisson_ratio: Number | None = Field(
        default=None, gt=-1, lt=0.5, description="the lattice's Poisson's ratio (default: the solid's)"
    )
    collapse_coefficient: Positive = Field(
        default=COLLAPSE_COEFFICIENT, le=1, description="C_p in C_p yield density^1.5, of plastic collapse"
    )
    solid_yield_strength_MPa: Positive | None = Field(
        default=None, description="the solid's yield stress (default: what the library states)"
    )

    @property
    def law_of(self) -> PowerLaw:
        """The law."""
        return PowerLaw(self.coefficient, self.exponent, self.collapse_coefficient)

    @property
    def grading(self) -> Grading | None:
        """The densities; None where they are not stated as they should be."""
        both = (self.relative_density_core, self.relative_density_surface)
        if self.relative_density is not None and both == (None, None):
            both = (self.relative_density, self.relative_density)
        elif self.relative_density is not None:
            return None
        core, surface = both
        return None if core is None or surface is None else Grading(_ends(core), _ends(surface))

    @property
    def varies_along(self) -> bool:
        """True where a density differs between the zone's ends."""
        grading = self.grading
        return grading is not None and any(low != high for low, high in (grading.core, grading.surface))

    @property
    def elements(self) -> int | None:
        """Least number of elements through the thickness; None without a grading across."""
        grading = self.grading
        return None if grading is None else elements_across(grading, self.exponent)


def _ends(stated: float | tuple[float, float]) -> tuple[float, float]:
    return stated if isinstance(stated, tuple) else (stated, stated)


def lattice_mistakes(lattice: LatticeTable, place: str) -> Iterator[tuple[str, str, object]]:
    """Yield path, message and value of what is wrong with a lattice.

    Parameters
    ----------
    lattice : LatticeTable
    place
        Path of its table.
    """
    grading = lattice.grading
    if grading is None:
        if lattice.relative_density is not None:
            message = "give either this, or relative_density_core and relative_density_surface"
            yield f"{place}.relative_density", message, ...
            return
        core = lattice.relative_density_core is not None
        missing = "relative_density_surface" if core else "relative_density_core"
        other = "core" if core else "surface"
        if core or lattice.relative_density_surface is not None:
            message = f"relative_density_{other} needs this key beside it; give both, or relative_density"
            yield f"{place}.{missing}", message, ...
        else:
            message = "this key is missing; give it, or relative_density_core and relative_density_surface"
            yield f"{place}.relative_density", message, ...
        return
    stiffest = lattice.coefficient * grading.largest**lattice.exponent
    if stiffest > 1.0 + 1e-12:
        message = (
            f"the lattice would be {stiffest:.3g} times as stiff as its solid at a density of"
            f" {grading.largest:g}; give at most {grading.largest**-lattice.exponent:.4g}"
        )
        yield f"{place}.coefficient", message, lattice.coefficient
    needed = lattice.elements
    if needed is not None and needed > MOST_ELEMENTS:
        message = (
            f"the modulus changes too steeply: {needed} elements through the thickness would be needed for"
            f" a factor of {STEEPEST:g} in each, and {MOST_ELEMENTS} is the most; bring the densities of"
            " core and surface nearer"
        )
        yield f"{place}.relative_density_surface", message, ...


def axial_mistakes(
    lattice: LatticeTable, place: str, length: float, size: float
) -> Iterator[tuple[str, str, object]]:
    """Yield what elements along the axis cannot resolve.

    Parameters
    ----------
    lattice : LatticeTable
        Sound.
    place
        Path of its table.
    length, size : float, mm
        Of the zone, and of the elements on the interface.
    """
    grading = lattice.grading
    assert grading is not None, "asked of sound lattices alone"
    ratio = ratio_along(grading, lattice.exponent, size / length)
    if ratio > STEEPEST_ALONG:
        key = "relative_density" if lattice.relative_density is not None else "relative_density_surface"
        message = (
            f"the modulus changes along the axis by a factor of {ratio:.3g} over an element of {size:g} mm,"
            f" and {STEEPEST_ALONG:g} is the most; give a smaller mesh.interface_size_mm or bring the two"
            " ends nearer"
        )
        yield f"{place}.{key}", message, ...
