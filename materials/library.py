"""The library of materials: one file of values, each with unit, range, source and grade.

Everything is checked when the file is read, so that what a library hands out needs no
second look: completeness, ranges, origins, units and positive definiteness.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from materials.bone import DensityChain, DensityLaw
from materials.building import Shared, build_law, build_material, build_strengths
from materials.entry import ASSUMPTION, Entry
from materials.errors import MaterialError, located, nearest
from materials.material import Material
from materials.reading import Sources, Table, check_keys, read_entries, read_entry

#: The file that ships with the package.
LIBRARY_FILE = Path(__file__).with_name("library.toml")

T = TypeVar("T")

_TABLES = {"sources", "strengths", "materials", "density_laws", "density_chain", "friction"}
_CHAIN_UNITS = {
    "hu_offset": "g/cm3",
    "hu_slope": "g/cm3",
    "ash_offset": "g/cm3",
    "ash_slope": "1",
    "ash_fraction": "1",
}


@dataclass(frozen=True)
class Library:
    """Everything that a library file states.

    Attributes
    ----------
    materials, density_laws
        By name.
    friction
        Coefficients of friction by surfaces, as traceable values without a unit.
    density_chain
        From CT numbers to density, with the file's example calibration.
    chain_entries
        The origin of each constant of `density_chain`.
    """

    materials: Mapping[str, Material]
    density_laws: Mapping[str, DensityLaw]
    friction: Mapping[str, Entry]
    density_chain: DensityChain
    chain_entries: Mapping[str, Entry]

    def material(self, name: str) -> Material:
        """Return a material by name; an unknown one is refused with the nearest name."""
        return _known(self.materials, name, "material")

    def density_law(self, name: str) -> DensityLaw:
        """Return a density law by name; an unknown one is refused with the nearest name."""
        return _known(self.density_laws, name, "density law")

    def friction_of(self, surfaces: str) -> Entry:
        """Return the coefficient of friction of two surfaces, refused likewise."""
        return _known(self.friction, surfaces, "friction entry")


def _known(table: Mapping[str, T], name: str, what: str) -> T:
    if name not in table:
        raise MaterialError(f"The {what} '{name}' is not in the library; {nearest(name, table)}")
    return table[name]


def read_library(path: Path | None = None) -> Library:
    """Return a library, by default the one that ships with the package (read once).

    Parameters
    ----------
    path
        Another file of the same form, which then stands alone.

    Raises
    ------
    MaterialError
        Where the file cannot be read or a value fails a check; file, table, key, value
        and remedy are named.
    """
    return _shipped() if path is None else _read(path)


@cache
def _shipped() -> Library:
    return _read(LIBRARY_FILE)


def _read(path: Path) -> Library:
    with located(path.name):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise MaterialError(f"The library cannot be read ({error}); give a TOML file.") from error
        except tomllib.TOMLDecodeError as error:
            raise MaterialError(f"The library is not valid TOML ({error}); correct that line.") from error
        return _build(table)


def _build(table: Table) -> Library:
    check_keys(table, _TABLES, set())
    for name in _TABLES:
        with located(name):
            check_keys(table[name], set(), set(table[name]))
    sources: Sources = {key: str(text) for key, text in table["sources"].items()} | {"assumption": ASSUMPTION}
    with located("density_chain"):
        check_keys(table["density_chain"], set(_CHAIN_UNITS), set())
        chain_entries = read_entries(table["density_chain"], _CHAIN_UNITS, sources)
    chain = DensityChain(**{name: entry.value for name, entry in chain_entries.items()})
    laws = _each(table, "density_laws", lambda name, row: build_law(name, row, sources))
    strengths = _each(table, "strengths", lambda _, row: build_strengths(row, sources))
    shared = Shared(sources, laws, chain, strengths)
    materials = _each(table, "materials", lambda name, row: build_material(name, row, shared))
    friction = _each(table, "friction", lambda _, row: read_entry(row, "1", sources))
    return Library(materials, laws, friction, chain, chain_entries)


def _each(table: Table, key: str, build: Callable[[str, Table], T]) -> dict[str, T]:
    """Return what each row of a table becomes, by name."""
    built = {}
    for name, row in table[key].items():
        with located(f"{key}.{name}"):
            built[name] = build(name, row)
    return built
