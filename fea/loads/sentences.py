"""Mistakes in a data file as plain sentences: file, key path, value, what would be right."""

from __future__ import annotations

import difflib
import json
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, ValidationError
from pydantic_core import ErrorDetails

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_VALUE = 60


def sentence(source: str, path: str, message: str, value: object = ...) -> str:
    """Return one mistake as one sentence.

    Parameters
    ----------
    source : str
        The file.
    path : str
        The key path, such as ``bone.station[1].level_mm``.
    message : str
        What is wrong and what would be right.
    value : object, optional
        What stands there.

    Returns
    -------
    str
        No line break, a full stop at the end.
    """
    stated = "" if value is ... else f" = {shown(value)}"
    return " ".join(f"{source}: {path}{stated}: {message}.".splitlines())


def shown(value: object) -> str:
    """Return a value as a TOML file would write it, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number of hundreds of digits"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, (list, tuple)):
        text = f"[{', '.join(shown(item) for item in value[:8])}]"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 4]} ..."


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that `word` was most likely meant to be, or None."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return found[0] if found else None


def mistakes(error: ValidationError, model: type[BaseModel], source: str) -> list[str]:
    """Return every mistake that pydantic found as one sentence.

    A missing key is left out where an unknown key beside it is a typo of it.

    Parameters
    ----------
    error : ValidationError
    model : type of BaseModel
        What the file was validated as.
    source : str
        The file.

    Returns
    -------
    list of str
    """
    details = error.errors(include_url=False)
    unknown = [_place(model, detail["loc"]) for detail in details if _is_unknown(detail, model)]
    meant = {(parent, nearest(key, keys)) for parent, key, keys, _ in unknown}
    sentences = []
    for detail in details:
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts sound items only, and names the others itself
        parent, key, keys, field = _place(model, detail["loc"])
        if detail["type"] == "missing" and (parent, key) in meant:
            continue
        path = _joined(parent, key)
        if _is_unknown(detail, model):
            message = _unknown_key(key, keys, parent, model)
            sentences.append(sentence(source, path, message))
        elif detail["type"] == "missing":
            sentences.append(sentence(source, path, f"this key is missing; it states {field or 'a value'}"))
        else:
            sentences.append(sentence(source, path, _message(detail, path), detail["input"]))
    return sentences


def _is_unknown(detail: ErrorDetails, model: type[BaseModel]) -> bool:
    """Tell whether there is no such key; where any table may stand, a plain value is none."""
    if detail["type"] == "extra_forbidden":
        return True
    _, key, keys, _ = _place(model, detail["loc"])
    return detail["type"] in ("model_type", "model_attributes_type") and bool(key) and _bare(key) not in keys


def _bare(key: str) -> str:
    return key.partition("[")[0]


def _unknown_key(key: str, keys: Iterable[str], parent: str, model: type[BaseModel]) -> str:
    named: Mapping[str, str] = getattr(model, "not_built", {})
    if refused := named.get(_joined(_bare(parent), _bare(key))):
        return refused
    close = nearest(key, keys)
    if close:
        return f"there is no such key; the nearest is {close}"
    elsewhere = sorted({_joined(place, key) for place, name in _all_keys(model) if name == key})
    if elsewhere:
        return f"there is no such key here; it stands at {' or '.join(elsewhere)}"
    where = f"[{parent}]" if parent else "the top of the file"
    return f"there is no such key; those of {where} are {', '.join(keys)}"


def _message(detail: ErrorDetails, path: str) -> str:
    """Return what would be right in place of a value of the wrong kind or range."""
    context, kind, value = detail.get("ctx", {}), detail["type"], detail["input"]
    limits = {
        "greater_than": ("gt", "must be greater than"),
        "greater_than_equal": ("ge", "must be at least"),
        "less_than": ("lt", "must be less than"),
        "less_than_equal": ("le", "must be at most"),
    }
    kinds = {
        "float_type": "must be a number, without quotes",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "bool_type": "must be true or false",
        "string_type": "must be a text in quotes",
        "finite_number": "must be a finite number",
        "string_too_short": "must not be an empty text",
    }
    if kind in limits:
        name, words = limits[kind]
        return f"{words} {context[name]:g}"
    if kind in kinds:
        return kinds[kind]
    if kind == "literal_error":
        choices = context["expected"].replace("'", '"')
        close = nearest(str(value), re.findall(r'"([^"]*)"', choices))
        return f"must be {choices}" + (f'; the nearest is "{close}"' if close else "")
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"must be a table, headed [{path}]"
    if kind in ("tuple_type", "list_type"):
        return (
            f"must be a list of tables, each headed [[{path}]]"
            if isinstance(value, dict)
            else "must be a list"
        )
    if kind in ("too_short", "too_long"):
        limit = f"least {context['min_length']}" if kind == "too_short" else f"most {context['max_length']}"
        return f"must have at {limit} items, not {context['actual_length']}"
    return str(detail["msg"]).removeprefix("Value error, ").rstrip(".")


def _place(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, str, list[str], str | None]:
    """Return parent path, key, the keys valid beside it, and the key's description."""
    parts: list[str] = []
    tables: list[type[BaseModel]] = [model]
    keys = list(model.model_fields)
    description: str | None = None
    tagged = False
    for item in loc:
        if isinstance(item, int):
            parts[-1] += f"[{item}]"
            continue
        if tagged:
            tables = [table for table in tables if table.__name__ == item] or tables
            tagged = False
            continue
        keys = [name for table in tables for name in table.model_fields]
        field = next((table.model_fields[item] for table in tables if item in table.model_fields), None)
        parts.append(item if _BARE_KEY.fullmatch(item) else json.dumps(item))
        description = field.description if field else None
        others = [table.others for table in tables if hasattr(table, "others")]
        tables = list(tables_in(field.annotation)) if field else others
        tagged = field is not None and any(isinstance(data, Discriminator) for data in field.metadata)
    return ".".join(parts[:-1]), parts[-1] if parts else "", keys, description


def tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the tables that the annotation of a key allows."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, Annotated, tuple, list):
        for argument in get_args(annotation):
            yield from tables_in(argument)


def _all_keys(model: type[BaseModel], parent: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key below a table with the path of the table it stands in."""
    for name, field in model.model_fields.items():
        yield parent, name
        for table in tables_in(field.annotation):
            yield from _all_keys(table, _joined(parent, name))


def _joined(parent: str, key: str) -> str:
    return f"{parent}.{key}" if parent and key else parent or key
