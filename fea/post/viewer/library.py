"""Where the code of vtk.js comes from: the file that the installed package ``panel`` carries, unchanged.

Panel is in the lock for this one file, without what it needs itself; it is never imported.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

#: The package, and where the file lies in it; the folder's name carries the library's version.
PACKAGE, PLACE = "panel", "dist/bundled/abstractvtkplot/vtk.js@*/vtk.js"


@lru_cache(maxsize=1)
def vtk_js() -> str | None:
    """Return vtk.js as it stands in a script element.

    Returns
    -------
    str or None
        None where the package is not installed, or carries no such file.
    """
    path = _file()
    if path is None:
        return None
    text = path.read_text(encoding="utf-8")
    # The page's parser would take these for the script's end, or for a comment.
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def library_words() -> str:
    """Say what draws the view, for the record of the page."""
    path = _file()
    if path is None:
        return ""
    found = path.parent.name.partition("@")[2]
    return f"vtk.js {found} (BSD-3-Clause, Kitware), as {PACKAGE} {version(PACKAGE)} carries it"


def _file() -> Path | None:
    try:
        spec = find_spec(PACKAGE)
        version(PACKAGE)
    except PackageNotFoundError:
        return None
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob(PLACE))), None)
