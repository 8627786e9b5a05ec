"""The JSON Schema for editors, and the page that documents every key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from fea.case.criteria import GROUPS, QUANTITIES, TAPER_GROUPS, TAPER_QUANTITIES, CriteriaFile
from fea.case.schema import CaseFile, case_schema, unit_of
from fea.case.taper_tables import TaperFile
from fea.loads.load_file import HistoryFile
from fea.loads.sentences import tables_in

PAGE = Path(__file__).parents[3] / "docs" / "case-file.md"


def keys_of(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        yield model.__name__, name
        for table in tables_in(field.annotation):
            yield from keys_of(table)


EVERY_KEY = sorted(
    {pair for model in (CaseFile, TaperFile, HistoryFile, CriteriaFile) for pair in keys_of(model)}
)


def test_the_schema_is_json_and_names_the_tables() -> None:
    schema = json.loads(json.dumps(case_schema()))
    assert schema["required"] == ["schema_version", "title", "bone", "stem", "fit"]
    assert schema["additionalProperties"] is False
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_every_key_of_the_schema_is_described_and_says_its_unit() -> None:
    schema = case_schema()
    for table in (schema, *schema["$defs"].values()):
        for key, entry in table["properties"].items():
            assert entry["description"], key
            assert entry.get("x-unit") == unit_of(key)


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("length_mm", "mm"),
        ("gap_um", "um"),
        ("body_weight_N", "N"),
        ("washer_stiffness_N_per_mm", "N/mm"),
        ("youngs_modulus_MPa", "MPa"),
        ("apparent_density_g_cm3", "g/cm3"),
        ("friction", None),
    ],
)
def test_a_key_says_its_unit(key: str, unit: str | None) -> None:
    assert unit_of(key) == unit


@pytest.mark.parametrize(("table", "key"), EVERY_KEY, ids=lambda item: item)
def test_every_key_stands_in_the_page(table: str, key: str) -> None:
    assert f"`{key}`" in PAGE.read_text(encoding="utf-8"), f"{key} of {table}"


def test_the_page_names_no_key_that_does_not_exist() -> None:
    known = {key for _, key in EVERY_KEY} | set(QUANTITIES)
    rows = re.findall(r"^\| `([a-z]\w*)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows
    assert set(rows) <= known


def test_every_judged_quantity_and_group_stands_in_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in (*QUANTITIES, *GROUPS, *TAPER_QUANTITIES, *TAPER_GROUPS):
        assert name in text
