"""What a lattice says of itself: its density in words, over its volume and by element."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.mesh.parts import Part
from fea.model.graded import element_density
from fea.post.quantity import EXACT, Quantity
from materials.lattice import GENERAL, Lattice

FloatArray = NDArray[np.float64]

#: g in a tonne.
_GRAM = 1e6


def lattices(case: Case) -> dict[str, Lattice]:
    """Return the lattices of a case by the zone that they lie in.

    Parameters
    ----------
    case : Case
    """
    return {name: found for name, found in case.layer_materials.items() if isinstance(found, Lattice)}


def lattice_sums(name: str, lattice: Lattice) -> Iterator[Quantity]:
    """Yield the mean relative density and, where it is known, the mass of a layer.

    Parameters
    ----------
    name
        Of the zone.
    lattice : Lattice
    """
    found = [("mean_relative_density_percent", "mean relative density", 100 * lattice.mean_density, "%")]
    if lattice.mass is not None:
        found.append(("mass_g", "mass", _GRAM * lattice.mass, "g"))
    for ending, words, value, unit in found:
        yield Quantity(
            f"{name}_layer_{ending}",
            f"{words} of the layer of the {name} zone",
            value,
            unit,
            f"layer of the {name} zone",
            "before insertion",
            error=0.0,
            error_origin=EXACT,
        )


def collapse_in_words(lattice: Lattice) -> str:
    """Say the nominal stress of plastic collapse over the densities of a lattice.

    Parameters
    ----------
    lattice : Lattice
    """
    if lattice.collapses_at is None:
        return f"no yield stress of {lattice.solid.name} is stated to hold it against"
    factor = lattice.law.collapse_coefficient
    low, high = (
        lattice.collapses_at * float(lattice.law.collapse(np.array([density]))[0])
        for density in (lattice.grading.least, lattice.grading.largest)
    )
    span = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
    general = GENERAL["collapse_coefficient"]
    grade = f"{general.source} [{general.grade}]" if factor == general.value else "stated in the case file"
    return (
        f"nominal plastic collapse at {span} MPa, {factor:g} x {lattice.collapses_at:g} MPa x density^1.5,"
        f" {grade}"
    )


def density_by_element(stem: Part, case: Case) -> FloatArray | None:
    """Return the mean relative density of the stem's elements, 1 where they are solid.

    Parameters
    ----------
    stem : Part
        Whole or taken apart.
    case : Case

    Returns
    -------
    ndarray, shape (m,), or None
        None where the stem has no lattice.
    """
    found = lattices(case)
    if not found:
        return None
    density = np.ones(len(stem.tets))
    for name, lattice in found.items():
        rows = stem.regions[name]
        density[rows] = element_density(stem, rows, lattice)[0]
    return density
