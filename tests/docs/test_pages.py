"""The pages of the documentation: every one is listed, every link and every picture is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NAMED = re.compile(r'<a id="([\w-]+)"></a>')


def prose_of(page: Path) -> str:
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`(?!\])", "", text)


def places_of(page: Path) -> set[str]:
    """Return what a link can lead to within a page: its headings, as the site writes them, and its names."""
    text = page.read_text(encoding="utf-8")
    slugs = set(_NAMED.findall(text))
    for heading in _HEADING.findall(text):
        said = re.sub(r" *<a id=.*", "", heading).strip().lower()
        slugs.add(re.sub(r"[^\w\- ]", "", said).replace(" ", "-"))
    return slugs


def dead_links(page: Path) -> Iterator[str]:
    for target in _LINK.findall(prose_of(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, place = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (place and there.suffix == ".md" and place not in places_of(there)):
            yield target


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n\n[a](page.md#one) [b](page.md#two) [c](#one) ![d](none.png) `[e](none.md)`\n")
    assert list(dead_links(page)) == ["page.md#two", "none.png"]


def test_the_index_lists_every_page_once() -> None:
    trees = re.findall(
        r"```\{toctree\}\n(.*?)```", (DOCS / "index.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    listed = [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]
    assert sorted(listed) == sorted(
        str(page.relative_to(DOCS).with_suffix("")) for page in PAGES if page.stem != "index"
    )


def test_the_gallery_shows_every_example() -> None:
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    shown = re.findall(r"^## `(\w+)`$", text, flags=re.MULTILINE)
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "cases").glob("*.toml"))
    for name in shown:
        drawn = (DOCS / "figures" / "implants" / f"{name}.png").exists()
        assert (f"(figures/implants/{name}.png)" in text) == drawn
        assert (f"Not drawn yet: `osseofit run cases/{name}.toml`" in text) != drawn
