"""The site: what its own few lines of code make, and, at night, that all of it is built without a warning."""

from __future__ import annotations

import importlib.util
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from fea.case.schema import case_schema
from fea.case.taper_tables import taper_schema
from tests.docs.pages import DOCS, ROOT


def part(name: str) -> ModuleType:
    """Import a module of the site by its file: the folder is no package."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", DOCS / "site" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("schema", [case_schema(), taper_schema()], ids=["case", "taper joint"])
def test_every_key_of_every_table_has_a_row(schema: dict[str, object]) -> None:
    """As many rows as keys, table by table; none is said to take a mere value."""
    text = part("keys").tables_of(schema)
    tables = [schema, *schema["$defs"].values()]  # type: ignore[attr-defined]
    rows = re.findall(r"^\| `\w+` \|", text, flags=re.MULTILINE)
    assert len(rows) == sum(len(table["properties"]) for table in tables)
    assert "| value" not in text


def test_a_row_says_unit_range_default_and_need() -> None:
    text = part("keys").tables_of(case_schema())
    assert "## `[[bone.station]]`" in text
    assert "## `[fit.coated]`, `[fit.uncoated]`, `[fit.NAME]`" in text
    row = next(line for line in text.splitlines() if line.startswith("| `instants_per_cycle` |"))
    assert "| whole number, 2 to 10,000 | `50` |" in row
    row = next(line for line in text.splitlines() if line.startswith("| `protrusion_mm` |"))
    assert "| mm | number, 0 to 2,000 | `0.0` |" in row
    row = next(line for line in text.splitlines() if line.startswith("| `history` |"))
    assert "| text | required |" in row


def modules(package: str) -> Iterator[str]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    yield package
    for found in pkgutil.iter_modules(spec.submodule_search_locations or ()):
        if found.name != "__main__":
            yield from modules(f"{package}.{found.name}")


def test_every_module_is_in_the_reference_once() -> None:
    asked = []
    for page in (DOCS / "reference").glob("*.md"):
        for names in re.findall(
            r"^<!-- library: ([\w. ]+) -->$", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        ):
            asked += re.findall(r"automodule:: ([\w.]+)", part("library").modules_of(names.split()))
    everything = {name for package in ("fea", "geometry", "materials") for name in modules(package)} - {"fea"}
    assert sorted(asked) == sorted(everything)


def test_formulas_and_bars_of_docstrings_are_kept() -> None:
    """A block below a paragraph becomes literal; items of lists and sections stay what they are."""
    readable = part("docstrings").readable
    given = [
        "Say |x| of `|y|`:",
        "",
        "    |a| = b",
        "    c",
        "",
        "after",
        "",
        "- item",
        "",
        "    of it",
        "",
        "Returns",
        "-------",
        "float",
        "    |y|",
    ]
    assert readable(given) == [
        "Say \\|x\\| of `|y|`:", "", "::", "", "    |a| = b", "    c", "",
        "after", "", "- item", "", "    of it", "", "Returns", "-------", "float", "    \\|y\\|",
    ]  # fmt: skip


def test_links_to_named_places_of_the_same_page_go_by_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sphinx", reason="the environment was made from an older lock")
    monkeypatch.syspath_prepend(str(DOCS / "site"))
    link_to = part("expand").link_to
    assert link_to(["n1"], "bones", "[a](#n1) [b](#n2)") == "[a](/bones.md#n1) [b](#n2)"


def test_attributes_that_share_an_entry_keep_together() -> None:
    given = [
        "Attributes",
        "----------",
        "start, end : float, mm",
        "    Levels.",
        "",
        "Returns",
        "-------",
        "float, mm",
    ]
    told = part("docstrings").readable(given)
    assert told[2] == "start,end : float, mm"
    assert told[-1] == "float, mm"


@pytest.mark.slow
def test_the_site_is_built_offline_without_a_warning(tmp_path: Path) -> None:
    """As `make docs` does it; no page asks the browser for anything of another host."""
    pytest.importorskip("sphinx", reason="the environment was made from an older lock")
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-d",
            str(tmp_path / "d"),
            str(DOCS),
            str(tmp_path / "s"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    for page in (tmp_path / "s").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'(src|srcset)="(https?:)?//|<link[^>]+href="(https?:)?//', text), page.name
    for style in (tmp_path / "s").rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", style.read_text(encoding="utf-8")), style.name
