"""The report of a case: one self-contained page that opens without a network."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea.post import tokens
from fea.post.assessment import Assessment
from fea.post.fail_safe import fail_safe_sentences
from fea.post.fonts import embedded_fonts
from fea.post.inputs import case_inputs
from fea.post.micromotion import judged_states, micromotion
from fea.post.outside import load_rows
from fea.post.plot_fail_safe import fail_safe_plots
from fea.post.plot_margins import margin_plot
from fea.post.plots import cycle_plots
from fea.post.quantity import Quantity
from fea.post.render.gallery import Picture
from fea.post.report_words import (
    LIMITS,
    balance_rows,
    corner_columns,
    input_words,
    limit_words,
    lost_words,
    machine_rows,
    number,
    place,
    solution_steps,
    unit,
    valued,
)
from fea.post.rim_peaks import rim_peaks
from fea.post.rims import rims
from fea.post.scan import scan_page
from fea.post.seating import seating_page
from fea.post.series import Series
from fea.post.surfaces import surface_sentences
from fea.post.viewer.flat_map import flat_map
from fea.post.viewer.page import viewer
from fea.post.zones import zone_table
from fea.study import Study
from geometry.axis import Axis
from materials.entry import GRADES

TEMPLATES = Path(__file__).parent / "templates"

#: Headings of the pictures, each with the beginnings of its pictures' names.
GROUPS = (
    ("What was analysed", ("assembly",)),
    ("The interface, unrolled", ("unrolled",)),
    ("The interface on the stem", ("micromotion", "pressure")),
    ("The bone", ("bone",)),
    ("The stem", ("stem",)),
    ("The mesh", ("mesh",)),
    ("What every maximum leaves out", ("rims",)),
)
#: Heading of the interface's maps of an anchor.
PLATE_TITLE = "The plate on the cut"


def write_report(
    folder: Path,
    study: Study,
    quantities: Sequence[Quantity],
    assessment: Assessment,
    series: Series,
    pictures: Sequence[Picture],
) -> Path:
    """Write ``report.html``, whole or not at all.

    Parameters
    ----------
    folder : Path
        An existing folder.
    study : Study
    quantities : sequence of Quantity
    assessment : Assessment
    series : Series
    pictures : sequence of Picture
        May be empty.

    Returns
    -------
    Path
        Of the written file.
    """
    path = folder / "report.html"
    draft = folder / ".report.html.part"
    draft.write_text(report_page(study, quantities, assessment, series, pictures), encoding="utf-8")
    draft.replace(path)
    # One that was printed before is not of this report.
    path.with_suffix(".pdf").unlink(missing_ok=True)
    return path


def report_page(
    study: Study,
    quantities: Sequence[Quantity],
    assessment: Assessment,
    series: Series,
    pictures: Sequence[Picture],
) -> str:
    """Return the report as text; parameters as in `write_report`."""
    page = _environment(study.case.stem.axis).get_template("report.html")
    motion = micromotion(study.walk) if judged_states(study.walk) else None
    activity = study.case.activity
    title = "" if activity is None else activity.history.title
    return page.render(
        tokens=tokens,
        fonts=embedded_fonts(),
        case=study.case,
        record=study.record,
        loss=study.walk.loss,
        lost_words=lost_words(study.walk),
        verdicts=_verdicts(assessment),
        synthetic=activity is not None and activity.history.synthetic,
        assessment=assessment,
        margins=margin_plot(assessment.criteria),
        corner_columns=corner_columns(study, quantities),
        load=load_rows(study.case),
        fail_safe=fail_safe_sentences(study.case),
        surfaces=surface_sentences(study.case),
        viewer=viewer(study) if pictures else None,
        flat=flat_map(study) if pictures else None,
        groups=_groups(pictures, plate=study.case.stem.anchor is not None),
        scan=scan_page(study.case),
        seating=seating_page(study.case),
        plots=cycle_plots(series, title) + fail_safe_plots(study.case, title),
        series=series,
        zones=zone_table(study.interface, study.case.stem, study.walk.press_fit, motion),
        quantities=quantities,
        error_words="; ".join(sorted({quantity.error_origin for quantity in quantities})),
        rims=rims(study.case),
        at_rims=rim_peaks(study),
        inputs=case_inputs(study.case),
        grades=GRADES,
        limits=LIMITS,
        steps=solution_steps(study.walk),
        checks=balance_rows(study),
        machine=machine_rows(study),
    )


def _environment(axis: Axis) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "number": number,
        "unit": unit,
        "valued": valued,
        "limit": limit_words,
        "input": input_words,
        "place": lambda point: place(point, axis),
        "png_uri": lambda path: _uri("image/png", path.read_bytes()),
        "svg_uri": lambda text: _uri("image/svg+xml", text.encode()),
    }
    environment.filters.update(filters)
    return environment


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _verdicts(assessment: Assessment) -> list[dict[str, Any]]:
    overall = (
        ("Primary stability", assessment.stability, assessment.stability_sentences),
        ("Safety of bone and implant", assessment.safety, assessment.safety_sentences),
    )
    return [
        {"title": title, "word": word, "mark": tokens.MARKS[word], "sentences": [unit(text) for text in why]}
        for title, word, why in overall
    ]


def _groups(pictures: Sequence[Picture], *, plate: bool) -> list[dict[str, Any]]:
    """Sort the pictures under their headings; an anchor has no flank to unroll but a plate."""
    if not pictures:
        return []
    return [
        {
            "title": PLATE_TITLE if plate and "unrolled" in beginnings else title,
            "pictures": [picture for picture in pictures if picture.name.startswith(beginnings)],
        }
        for title, beginnings in GROUPS
    ]
