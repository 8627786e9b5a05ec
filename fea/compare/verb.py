"""Compare computed cases: take them up, judge them, write the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fea.cache import KEPT_STUDIES, Cache, kept_study
from fea.case.reader import read_case
from fea.case.taper import is_taper
from fea.compare.differences import Judged, changed_keys, changes, sentences
from fea.compare.drawing import micromotion_picture, pressure_picture
from fea.compare.maps import maps_of
from fea.compare.page import Beside, comparison_page
from fea.errors import CaseError
from fea.post.assessment import assess_study
from fea.study import Study

#: Folder of comparisons below the results.
FOLDER = "compare"
#: The most cases on one page: so many studies are kept.
MOST = KEPT_STUDIES


@dataclass(frozen=True)
class Comparison:
    """What was written.

    Attributes
    ----------
    path : Path
        Of the page.
    others : tuple of Beside
        Each case beside the first.
    """

    path: Path
    others: tuple[Beside, ...]


def compare(paths: Sequence[Path], results: Path) -> Comparison:
    """Compare cases that were computed, the first with each of the others.

    Parameters
    ----------
    paths : sequence of Path
        Two to five case files.
    results : Path
        The folder of results.

    Returns
    -------
    Comparison

    Raises
    ------
    CaseError
        When there are too few or too many, one twice, one that is not solved as it stands, or a joint.
    """
    if not 2 <= len(paths) <= MOST:
        raise CaseError(f"{len(paths)} case(s) given: compare two to {MOST}")
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):
        raise CaseError(
            f"{', '.join(names)}: a case is given twice, or two have one name; compare different ones"
        )
    studies = tuple(_study(path, results) for path in paths)
    judged = [_judged(study, path) for study, path in zip(studies, paths, strict=True)]
    first, *rest = judged
    others = []
    for one in rest:
        keys, found = changed_keys(first.text, one.text), changes(first, one)
        others.append(Beside(one, keys, found, sentences(first, one, found, keys)))
    laid = maps_of(studies)
    maps = {} if laid is None else {
        "Micromotion over the judged cycle": micromotion_picture(laid, names),
        "Contact pressure after the press-fit": pressure_picture(laid, names),
    }  # fmt: skip
    page = comparison_page(first, others, maps, [results / name for name in names])
    folder = results / FOLDER / "-".join(names)
    folder.mkdir(parents=True, exist_ok=True)
    path, draft = folder / "index.html", folder / ".index.html.part"
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    return Comparison(path, tuple(others))


def _study(path: Path, results: Path) -> Study:
    if is_taper(path):
        raise CaseError(f"{path}: taper joints are not compared yet; put their reports side by side")
    case = read_case(path)
    study = kept_study(Cache(results / ".cache"), path.stem)
    if not isinstance(study, Study) or study.case != case:
        raise CaseError(f"{path}: this case is not solved as it stands; run 'osseofit run {path}' first")
    return study


def _judged(study: Study, path: Path) -> Judged:
    quantities, assessment = assess_study(study)
    return Judged(path.stem, study.case.title, study.case.text, tuple(quantities), assessment)
