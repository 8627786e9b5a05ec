"""Materials and density laws from their tables in a library file, checked on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from materials.bone import (
    DENSITY_KINDS,
    QUANTITIES,
    DensityChain,
    DensityLaw,
    isotropic_from_apparent_density,
)
from materials.elasticity import Elasticity, Isotropic, Orthotropic, TransverselyIsotropic
from materials.entry import Entry
from materials.errors import located
from materials.material import KINDS, Material
from materials.reading import (
    Sources,
    Table,
    check_keys,
    choice,
    number,
    read_entries,
    read_entry,
    read_origin,
    span,
)
from materials.strength import LIMITS

#: What each symmetry with constants of its own is made of.
SYMMETRIES: Mapping[str, type[Isotropic] | type[TransverselyIsotropic] | type[Orthotropic]] = {
    "isotropic": Isotropic,
    "transversely_isotropic": TransverselyIsotropic,
    "orthotropic": Orthotropic,
}
#: The symmetry whose modulus follows from a density law.
FROM_DENSITY = "isotropic_from_density"
#: 1 g/cm3 in tonne/mm3.
GRAM_PER_CM3 = 1e-9


@dataclass(frozen=True)
class Shared:
    """What the materials of one file have in common.

    Attributes
    ----------
    sources
        Full text of each source by its key.
    laws
        Density laws by name.
    chain
        From one kind of density to another.
    strengths
        Sets of limits by name, for materials that state the same.
    """

    sources: Sources
    laws: Mapping[str, DensityLaw]
    chain: DensityChain
    strengths: Mapping[str, Mapping[str, Entry]]


def build_law(name: str, table: Table, sources: Sources) -> DensityLaw:
    """Return a density law."""
    needed = {"quantity", "density", "coefficient", "exponent", "range", "grade", "source"}
    check_keys(table, needed, {"offset", "strain_rate_exponent", "note", "range_source"})
    low, high = span(table["range"])
    return DensityLaw(
        name,
        choice(table, "quantity", QUANTITIES),
        choice(table, "density", DENSITY_KINDS),
        number(table["coefficient"], "coefficient"),
        number(table["exponent"], "exponent"),
        low,
        high,
        offset=number(table.get("offset", 0), "offset"),
        strain_rate_exponent=number(table.get("strain_rate_exponent", 0), "strain_rate_exponent"),
        **read_origin(table, sources),
    )


def build_strengths(table: Table, sources: Sources) -> dict[str, Entry]:
    """Return a set of limits, each in the unit that the vocabulary gives it."""
    return read_entries(table, {name: limit.unit for name, limit in LIMITS.items()}, sources)


def build_material(name: str, table: Table, shared: Shared) -> Material:
    """Return a material: complete, traceable and positive definite."""
    check_keys(table, {"kind", "symmetry", "elasticity"}, {"density_law", "density", "strengths", "note"})
    kind = choice(table, "kind", KINDS)
    with located("elasticity"):
        elasticity, entries = _build_elasticity(table, shared)
    if "density" in table:
        with located("density"):
            entries["density"] = read_entry(table["density"], "tonne/mm3", shared.sources)
    with located("strengths"):
        if isinstance(table.get("strengths"), str):
            strengths = shared.strengths[choice(table, "strengths", tuple(shared.strengths))]
        else:
            strengths = build_strengths(table.get("strengths", {}), shared.sources)
    density = entries["density"].value if "density" in entries else None
    return Material(name, elasticity, kind, density, strengths, entries, str(table.get("note", "")))


def _build_elasticity(table: Table, shared: Shared) -> tuple[Elasticity, dict[str, Entry]]:
    """Return the law of a material's table and the entries it comes from."""
    symmetry, constants = choice(table, "symmetry", (*SYMMETRIES, FROM_DENSITY)), table["elasticity"]
    if symmetry == FROM_DENSITY:
        check_keys(table, {"density_law"}, set(table))
        law = shared.laws[choice(table, "density_law", tuple(shared.laws))]
        return _from_density(constants, law, shared)
    names = [item.name for item in fields(SYMMETRIES[symmetry])]
    check_keys(constants, set(names), set())
    units = {name: "1" if name.startswith(("nu", "poisson")) else "MPa" for name in names}
    entries = read_entries(constants, units, shared.sources)
    return SYMMETRIES[symmetry](**{name: entries[name].value for name in names}), entries


def _from_density(table: Table, law: DensityLaw, shared: Shared) -> tuple[Elasticity, dict[str, Entry]]:
    """Return the isotropic law of a density, and what follows over the density's range."""
    units = {"apparent_density": "g/cm3", "poisson_ratio": "1"}
    check_keys(table, set(units), set())
    entries = read_entries(table, units, shared.sources)
    poisson, apparent = entries["poisson_ratio"].value, entries["apparent_density"]

    def modulus(density: float) -> float:
        return isotropic_from_apparent_density(density, law, poisson, shared.chain).youngs_modulus

    def mass(density: float) -> float:
        return GRAM_PER_CM3 * density

    entries["youngs_modulus"] = _derived(apparent, modulus, "MPa", f"density law '{law.name}', {law.formula}")
    entries["density"] = _derived(apparent, mass, "tonne/mm3", "the apparent density in tonne/mm3")
    return Isotropic(entries["youngs_modulus"].value, poisson), entries


def _derived(entry: Entry, rule: Callable[[float], float], unit: str, note: str) -> Entry:
    """Return what follows from a value by a rising rule."""
    value, low, high = rule(entry.value), rule(entry.low), rule(entry.high)
    return Entry(value, unit, low, high, source="derived", grade="D", note=note, range_source="derived")
