"""The grammar of a library file: tables, numbers, ranges and traceable values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, TypeVar

from materials.entry import Entry
from materials.errors import MaterialError, located, nearest

Name = TypeVar("Name", bound=str)
Table = Mapping[str, Any]
#: Full text of each source by its key in the file.
Sources = Mapping[str, str]


def check_keys(table: Table, needed: set[str], allowed: set[str]) -> None:
    """Refuse a table that lacks a key or has one that nothing reads."""
    if not isinstance(table, Mapping):
        raise MaterialError(f"The value is {table!r}; give a table.")
    if missing := sorted(needed - table.keys()):
        raise MaterialError(f"The key '{missing[0]}' is missing; needed are {', '.join(sorted(needed))}.")
    for name in sorted(table.keys() - needed - allowed):
        raise MaterialError(f"The key '{name}' is not known here; {nearest(name, needed | allowed)}")


def choice(table: Table, key: str, known: tuple[Name, ...]) -> Name:
    """Return the value of a key that has a few known values."""
    for name in known:
        if table[key] == name:
            return name
    raise MaterialError(f"The {key} is {table[key]!r}; {nearest(str(table[key]), known)}")


def number(value: object, key: str) -> float:
    """Return a number of the file; TOML's true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MaterialError(f"The {key} is {value!r}; give a number.")
    return float(value)


def span(value: object) -> tuple[float, float]:
    """Return the two ends of a range."""
    if not isinstance(value, list) or len(value) != 2:
        raise MaterialError(f"The range is {value!r}; give [low, high].")
    return number(value[0], "range"), number(value[1], "range")


class Origin(TypedDict):
    """Where a value or a law comes from, as keywords of what is made of it."""

    source: str
    grade: str
    note: str
    range_source: str


def read_origin(table: Table, sources: Sources) -> Origin:
    """Return source, grade, note and the range's source, with the sources' keys spelt out."""
    for name in ("source", "range_source"):
        if str(table.get(name, "assumption")) not in sources:
            raise MaterialError(f"The {name} is {table[name]!r}; {nearest(str(table[name]), sources)}")
    return {
        "source": sources[str(table["source"])],
        "grade": str(table["grade"]),
        "note": str(table.get("note", "")),
        "range_source": sources[str(table.get("range_source", "assumption"))],
    }


def read_entry(table: Table, unit: str, sources: Sources) -> Entry:
    """Return one traceable value, which must be in the unit that its name demands."""
    check_keys(table, {"value", "unit", "range", "grade", "source"}, {"note", "range_source"})
    if table["unit"] != unit:
        raise MaterialError(f"The unit is '{table['unit']}'; give the value in '{unit}'.")
    low, high = span(table["range"])
    return Entry(number(table["value"], "value"), unit, low, high, **read_origin(table, sources))


def read_entries(table: Table, units: Mapping[str, str], sources: Sources) -> dict[str, Entry]:
    """Return the values of a table by name, each in its unit."""
    check_keys(table, set(), set(units))
    entries = {}
    for name, row in table.items():
        with located(name):
            entries[name] = read_entry(row, units[name], sources)
    return entries
