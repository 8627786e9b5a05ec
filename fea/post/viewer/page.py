"""The view as the report has it: its data and the library's code, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from fea.post.viewer.library import PACKAGE, library_words, vtk_js
from fea.post.viewer.packed import packed
from fea.post.viewer.scene import scene
from fea.study import Study


@dataclass(frozen=True)
class Viewer:
    """What the page needs.

    Attributes
    ----------
    data, library
        JSON of the scene, and the code of vtk.js; empty where there is no view.
    words
        What draws it, or why there is none.
    """

    data: str
    library: str
    words: str


def viewer(study: Study) -> Viewer:
    """Return the view of a study for its report.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Viewer
    """
    library = vtk_js()
    if library is None:
        return Viewer(
            "",
            "",
            f"No view to be turned: the package {PACKAGE}, which carries vtk.js, is not installed here",
        )
    return Viewer(packed(scene(study)), library, f"Drawn by {library_words()}")
