"""The tables of a case file as Markdown, from the JSON Schema that `osseofit schema` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_HEAD = "| key | unit | what it takes | default | meaning |\n|---|---|---|---|---|\n"

#: Words for the kinds of JSON.
_KINDS = {"number": "number", "integer": "whole number", "string": "text", "boolean": "true or false"}


def tables_of(schema: Node) -> str:
    """Return one section a table, in the order in which the file reaches them."""
    places: dict[str, list[str]] = {}
    _reach(schema, "", schema["$defs"], places)
    parts = ["## The file itself\n\n", _rows(schema)]
    for name, paths in places.items():
        table = schema["$defs"][name]
        stated = ", ".join(f"`{path}`" for path in paths)
        parts += [f"\n## {stated}\n\n", _sentence(table), _rows(table)]
    return "".join(parts)


def _sentence(table: Node) -> str:
    said = table.get("description", "").replace("``", "`").replace("\n", " ")
    return "" if said.startswith("`[") and said.endswith("`.") else f"{said}\n\n"


def _reach(table: Node, path: str, defs: Node, places: dict[str, list[str]]) -> None:
    """Collect the places at which each table stands, a table before those within it."""
    entries = dict(table.get("properties", {}))
    if isinstance(others := table.get("additionalProperties"), dict):
        entries["NAME"] = others
    below = []
    for key, entry in entries.items():
        for name, listed in _tables_in(entry):
            stated = f"{path}.{key}" if path else key
            header = f"[[{stated}]]" if listed else f"[{stated}]"
            known = places.setdefault(name, [])
            if header not in known:
                known.append(header)
                below.append((name, stated))
    for name, stated in below:
        _reach(defs[name], stated, defs, places)


def _tables_in(entry: Node, *, listed: bool = False) -> Iterator[tuple[str, bool]]:
    if "$ref" in entry:
        yield entry["$ref"].rpartition("/")[2], listed
    for part in (*entry.get("anyOf", ()), *entry.get("oneOf", ())):
        yield from _tables_in(part, listed=listed)
    if "items" in entry:
        yield from _tables_in(entry["items"], listed=True)


def _rows(table: Node) -> str:
    required = set(table.get("required", ()))
    rows = [
        f"| `{key}` | {entry.get('x-unit', '')} | {_kind(entry)}"
        f" | {_default(key, entry, required)} | {_cell(entry)} |"
        for key, entry in table.get("properties", {}).items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _cell(entry: Node) -> str:
    said = str(entry.get("description", ""))
    if unit := entry.get("x-unit"):
        said = said.removesuffix(f", in {unit}")
    return said.replace("|", "\\|")


def _default(key: str, entry: Node, required: set[str]) -> str:
    if key in required:
        return "required"
    value = entry.get("default")
    return "" if value is None or isinstance(value, dict) or value == [] else f"`{json.dumps(value)}`"


def _kind(entry: Node) -> str:
    """Say in words what a key takes, with its range."""
    if "$ref" in entry:
        return "table"
    if "const" in entry:
        return f"`{json.dumps(entry['const'])}`"
    if "enum" in entry:
        return ", ".join(f"`{json.dumps(value)}`" for value in entry["enum"])
    if parts := [*entry.get("anyOf", ()), *entry.get("oneOf", ())]:
        words = [_kind(part) for part in parts if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if entry.get("type") == "array":
        return _kind_of_list(entry)
    if entry.get("type") == "object":
        return "table"
    return _KINDS.get(entry.get("type", ""), "value") + _range(entry)


def _kind_of_list(entry: Node) -> str:
    if "prefixItems" in entry:
        words = dict.fromkeys(_kind(part) for part in entry["prefixItems"])
        return f"list of {len(entry['prefixItems'])}: {', '.join(words)}"
    return f"list of {_kind(entry.get('items', {}))}"


def _range(entry: Node) -> str:
    low, above = entry.get("minimum"), entry.get("exclusiveMinimum")
    high, below = entry.get("maximum"), entry.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f", {low:,} to {high:,}"
    ends = (("at least", low), ("above", above), ("at most", high), ("below", below))
    said = " and ".join(f"{word} {end:,}" for word, end in ends if end is not None)
    return f", {said}" if said else ""
