"""What the site puts into a page before it is read: what the code says, where a comment asks for it.

`<!-- keys: case -->` and `<!-- keys: taper joint -->` become the tables of a case file,
`<!-- library: PACKAGE ... -->` the reference of these packages. Two more things make pages that are written
for the checkout fit the site: a place that a heading names by `<a id="...">` is a target of links, and a
Markdown file of another folder is a download.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from keys import tables_of
from library import modules_of
from sphinx.application import Sphinx

from fea.case.schema import case_schema
from fea.case.taper_tables import taper_schema

SCHEMAS = {"case": case_schema, "taper joint": taper_schema}

KEYS = re.compile(r"^<!-- keys: ([a-z ]+) -->$", re.MULTILINE)
LIBRARY = re.compile(r"^<!-- library: ([\w. ]+) -->$", re.MULTILINE)
NAMED_HEADING = re.compile(r'^(#+ )(.+) <a id="([\w-]+)"></a>$', re.MULTILINE)
NAMED_PLACE = re.compile(r'<a id="([\w-]+)"></a>')
LOCAL_LINK = re.compile(r"\]\(#([\w-]+)\)")
OTHER_PAGE = re.compile(r"\]\(((?:\.\./)+(?!docs/)[\w/.-]+\.md)\)")


def expand(text: str) -> str:
    """Return a page's Markdown as the site reads it."""
    text = KEYS.sub(lambda found: tables_of(SCHEMAS[found[1]]()), text)
    text = LIBRARY.sub(lambda found: modules_of(found[1].split()), text)
    text = NAMED_HEADING.sub(r"(\3)=\n\1\2", text)
    return OTHER_PAGE.sub(r"](path:\1)", text)


def link_to(places: Sequence[str], page: str, text: str) -> str:
    """Return the text with links to places of the page itself as links from other pages are."""
    return LOCAL_LINK.sub(lambda link: f"](/{page}.md#{link[1]})" if link[1] in places else link[0], text)


def _expand(app: Sphinx, name: str, source: list[str]) -> None:
    app.env.temp_data["named places"] = places = NAMED_PLACE.findall(source[0])
    source[0] = link_to(places, name, expand(source[0]))


def _name_places(app: Sphinx, doctree: Any) -> None:
    """Let links from other pages find the places that headings name."""
    name = app.env.docname
    slugs = app.env.metadata[name].setdefault("myst_slugs", {})
    for place in app.env.temp_data.get("named places", ()):
        slugs[place] = (None, place, place)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("source-read", _expand)
    app.connect("doctree-read", _name_places)
    return {"version": "1", "parallel_read_safe": True}
