"""The site over these pages: `make docs` builds it, without the network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "site")]

from fea import __version__  # noqa: E402

project = "osseofit"
author = "The osseofit maintainers"
copyright = "The osseofit maintainers, GPL-3.0-or-later"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docstrings",
    "expand",
]
exclude_patterns = ["figures/**", "site/**"]
# A name in a signature that two rooms define (Study, Judged) leads to no one place.
suppress_warnings = ["ref.python"]

# Markdown. Formulas are plain text in code blocks, so that no script draws them.
myst_heading_anchors = 4
myst_links_external_new_tab = False

# Docstrings are numpydoc; a type slot holds shape and unit, which are no names to link to.
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
default_role = "code"  # a name in single backticks
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries = False

# The theme brings its own style and asks the reader's system for its fonts.
html_theme = "furo"
html_title = "osseofit"
html_show_sourcelink = False
html_copy_source = False
html_static_path: list[str] = []
