"""Conditions of an implant's surface by name: what they are, where they may stand, what is known of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from materials.entry import ASSUMPTION, Entry
from materials.errors import MaterialError, located, nearest
from materials.reading import Sources, Table, check_keys, read_entry

#: The file that ships with the package.
SURFACES_FILE = Path(__file__).with_name("surfaces.toml")

#: Where a condition may stand.
BONE, SKIN = "bone", "skin"
PLACES = (BONE, SKIN)
#: Units of what may be known of a condition.
UNITS: Mapping[str, str] = {"roughness": "um", "friction": "1", "fatigue_factor": "1", "coating": "um"}


@dataclass(frozen=True)
class Surface:
    """A condition of the surface.

    Attributes
    ----------
    name, title
        As a case names it, and in words.
    places : tuple of str
        Where it may stand: `BONE`, `SKIN`, or both.
    entries : mapping of str to Entry
        Some of `UNITS`: roughness Ra in um, friction on bone, fatigue strength over that of the smooth
        metal, thickness of a film in um.
    """

    name: str
    title: str
    places: tuple[str, ...]
    entries: Mapping[str, Entry]

    @property
    def friction(self) -> Entry | None:
        """Coefficient of friction on bone; None where it is not known."""
        return self.entries.get("friction")

    @property
    def fatigue_factor(self) -> Entry | None:
        """Fatigue strength over that of the smooth metal; None where it is not known."""
        return self.entries.get("fatigue_factor")


def surface_of(name: str) -> Surface:
    """Return a condition of the shipped file by name.

    Raises
    ------
    MaterialError
        Where there is none; the nearest name is told.
    """
    known = read_surfaces()
    if name not in known:
        raise MaterialError(f"The surface condition '{name}' is not in the library; {nearest(name, known)}")
    return known[name]


def read_surfaces(path: Path | None = None) -> Mapping[str, Surface]:
    """Return the conditions of a file by name, by default of the one that ships with the package.

    Parameters
    ----------
    path
        Another file of the same form.

    Raises
    ------
    MaterialError
        Where the file cannot be read or a value fails a check; file, table, key and remedy are named.
    """
    return _shipped() if path is None else _read(path)


@cache
def _shipped() -> Mapping[str, Surface]:
    return _read(SURFACES_FILE)


def _read(path: Path) -> Mapping[str, Surface]:
    with located(path.name):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise MaterialError(f"The surfaces cannot be read ({error}); give a TOML file.") from error
        except tomllib.TOMLDecodeError as error:
            raise MaterialError(f"The surfaces are not valid TOML ({error}); correct that line.") from error
        check_keys(table, {"sources", "surfaces"}, set())
        sources = {key: str(text) for key, text in table["sources"].items()} | {"assumption": ASSUMPTION}
        found = {}
        for name, row in table["surfaces"].items():
            with located(f"surfaces.{name}"):
                found[name] = _surface(name, row, sources)
        return found


def _surface(name: str, row: Table, sources: Sources) -> Surface:
    check_keys(row, {"title", "places"}, set(UNITS))
    places = row["places"]
    if not isinstance(places, list) or not places or not set(places) <= set(PLACES):
        raise MaterialError(f"The places are {places!r}; give a list of {', '.join(PLACES)} or both.")
    entries = {}
    for key in [key for key in UNITS if key in row]:
        with located(key):
            entries[key] = read_entry(row[key], UNITS[key], sources)
            if entries[key].low < 0.0:
                raise MaterialError(f"The range begins at {entries[key].low:g}; give numbers from 0 on.")
    if "friction" in entries and BONE not in places:
        raise MaterialError("The friction is that on bone, where this does not stand; leave it out.")
    return Surface(name, str(row["title"]), tuple(places), entries)
