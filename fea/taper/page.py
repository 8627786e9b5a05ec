"""The page of a taper joint: verdict, criteria, pictures, closed forms, every number; opens offline."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea.case.taper import TaperCase
from fea.post import tokens
from fea.post.fonts import embedded_fonts
from fea.post.inputs import CASE_FILE
from fea.post.plot_margins import margin_plot
from fea.post.plots import Plot
from fea.post.render.extremes import place_words
from fea.post.render.gallery import Picture
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import limit_words, machine_rows, number, unit, valued
from fea.solution import State
from fea.study import Study
from fea.taper.assessment import TaperAssessment, came_apart
from fea.taper.quantities import balance_of
from materials.entry import GRADES
from materials.material import Material

TEMPLATES = Path(__file__).parent / "templates"

#: What no number of the page can say.
LIMITS = (
    "Small sliding: points of cone and socket that face each other stay paired; the cone may move by some"
    " tenths of a millimetre, not out of its socket.",
    "Linear elastic metal: where the stress passes the yield strength the pressure is overstated, and so is"
    " what holds the joint.",
    "A blow is a quasi-static push to its greatest force: no inertia, no stress waves, no rebound.",
    "Smooth conical surfaces: no grooves, roughness, ovality or offset of the axes; of the angles their"
    " difference counts.",
    "Coulomb friction with one coefficient; no wear, so that the surfaces stay as they are, and no corrosion:"
    " slip, friction work and gap are what feeds both, not how far they go.",
    "The index p x slip is no depth of wear: a coefficient of wear would be needed, and none is claimed.",
    "At the ends of the contact linear elasticity has no finite peak: maxima there are left out.",
    "Not medical advice: no decision about a patient can rest on this page.",
)


@dataclass(frozen=True)
class Comparison:
    """A closed form beside what was computed."""

    what: str
    closed_form: float
    computed: float
    unit: str


@dataclass(frozen=True)
class Given:
    """One input of the case: name, value with unit, band, source and grade."""

    name: str
    value: str
    band: str
    source: str
    grade: str | None
    note: str


def write_page(
    folder: Path, joint: TaperCase, study: Study, assessment: TaperAssessment, pictures: Sequence[Picture],
    plots: Sequence[Plot],
) -> Path:  # fmt: skip
    """Write ``report.html``, whole or not at all; parameters as in `page_text`."""
    path, draft = folder / "report.html", folder / ".report.html.part"
    draft.write_text(page_text(joint, study, assessment, pictures, plots), encoding="utf-8")
    draft.replace(path)
    return path


def page_text(
    joint: TaperCase,
    study: Study,
    assessment: TaperAssessment,
    pictures: Sequence[Picture],
    plots: Sequence[Plot],
) -> str:
    """Return the page as text.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    assessment : TaperAssessment
    pictures : sequence of Picture
        May be empty.
    plots : sequence of Plot
    """
    loss, activity = study.walk.loss, joint.case.activity
    return _environment().get_template("taper.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        case=joint.case,
        joint=joint,
        record=study.record,
        lost="" if loss is None else came_apart(loss),
        verdicts=_verdicts(assessment),
        synthetic=activity is not None and activity.history.synthetic,
        assessment=assessment,
        margins=margin_plot(assessment.criteria),
        corners=[(corner, {q.name: q for q in corner.quantities}) for corner in assessment.corners],
        own={q.name: q for q in assessment.quantities},
        pictures=pictures,
        plots=plots,
        comparisons=list(comparisons(joint, assessment)),
        quantities=assessment.quantities,
        error_words="; ".join(sorted({quantity.error_origin for quantity in assessment.quantities})),
        inputs=list(inputs_of(joint)),
        grades=GRADES,
        limits=LIMITS,
        steps=list(_steps(study)),
        checks=check_rows(study),
        machine=machine_rows(study),
    )  # fmt: skip


def comparisons(joint: TaperCase, assessment: TaperAssessment) -> Iterator[Comparison]:
    """Yield the closed forms of thin slices beside what was computed.

    Parameters
    ----------
    joint : TaperCase
    assessment : TaperAssessment
    """
    found = {quantity.name: quantity.value for quantity in assessment.quantities}
    push = joint.seating
    force = joint.force or joint.screw_preload
    if push is None and force is not None:
        push = joint.slices.seating(force, joint.friction)
    assert push is not None
    name = "seating_pressed_um" if joint.force else "seating_um"
    if name in found:
        yield Comparison("push of the cone beyond touching", 1000 * push, found[name], "µm")
    if joint.seating is not None:
        taken = joint.slices.assembly_force(push, joint.friction)
        yield Comparison("force that this push takes, not computed", taken, float("nan"), "N")
    if "pull_off_force_N" in found:
        closed = joint.slices.pull_off_force(push, joint.friction) + (joint.screw_preload or 0.0)
        yield Comparison("pull-off force", closed, found["pull_off_force_N"], "N")
    if "torque_capacity_Nmm" in found:
        closed = joint.slices.torque(push, joint.friction, held=joint.screw_preload is not None) / 1000
        yield Comparison("torque that turns the cone", closed, found["torque_capacity_Nmm"] / 1000, "N m")


def inputs_of(joint: TaperCase) -> Iterator[Given]:
    """Yield every input of a joint with its source."""
    import math

    case, socket = joint.case, joint.socket
    yield Given("assembly", joint.path_in_words, "–", CASE_FILE, None, "")
    lengths = (
        ("cone · large diameter", case.stem.diameter),
        ("cone · length of engagement", case.stem.length),
        ("cone · bore", case.stem.bore_diameter),
        ("cone · neck", case.stem.protrusion),
        ("socket · outer diameter at the mouth", 2 * socket.stations[0].outer_anterior),
        ("socket · outer diameter at its depth", 2 * socket.stations[-1].outer_anterior),
        ("socket · depth of the conical bore", socket.depth),
        ("socket · level at which it is held", socket.length),
        ("adapter · mouth to reference point", -case.reference_point[2]),
    )
    for name, value in lengths:
        yield Given(name, f"{value:g} mm", "–", CASE_FILE, None, "")
    yield Given(
        "cone · included angle", f"{2 * math.degrees(joint.half_angle):.4g}°", "–", CASE_FILE, None, ""
    )
    yield Given(
        "cone · angle less the socket's", f"{math.degrees(joint.mismatch):.3g}°", "–", CASE_FILE, None,
        "positive: contact first at the large end",
    )  # fmt: skip
    band = case.bands[0].friction if case.bands else None
    told = "–" if band is None else f"{band[0]:g} to {band[1]:g}"
    yield Given("friction of metal on metal", f"{joint.friction:g}", told, CASE_FILE, None, "")
    if case.activity is not None:
        history = case.activity.history
        kind = "synthetic history: nobody measured this course. " if history.synthetic else ""
        yield Given("activity", history.title, "–", history.source, history.grade, f"{kind}{history.note}")
        yield Given("body weight", f"{case.activity.body_weight:g} N", "–", CASE_FILE, None, "")
        yield Given("limb", case.activity.limb_side, "–", CASE_FILE, None, "")
    for name, material in (("cone", case.stem_material), ("socket", case.bone_material)):
        yield from _material(name, material)


def _material(body: str, material: Material) -> Iterator[Given]:
    yield Given(f"{body} · material", material.name, "–", CASE_FILE, None, material.note)
    if not material.entries:
        for field in fields(material.elasticity):
            value = getattr(material.elasticity, field.name)
            yield Given(f"{body} · {field.name.replace('_', ' ')}", f"{value:g}", "–", CASE_FILE, None, "")
    known = {**material.entries, **{k: v for k, v in material.strengths.items() if k == "yield_strength"}}
    for name, entry in known.items():
        band = f"{entry.low:g} to {entry.high:g}"
        printed = "" if entry.unit == "1" else f" {entry.unit}"
        yield Given(
            f"{body} · {name.replace('_', ' ')}", f"{entry.value:g}{printed}", band,
            entry.source, entry.grade, entry.note,
        )  # fmt: skip


def check_rows(study: Study) -> list[tuple[str, str]]:
    """Return the audit of balance and energy, the discretisation and the mesh, as rows."""
    balance, mesh, quality = study.balance, study.mesh, study.mesh.quality
    energy = balance_of(study)
    companion = "none"
    if study.coarse is not None:
        ratio = study.coarse.mesh.element_size / mesh.element_size
        companion = f"{number(study.coarse.mesh.unknowns)} unknowns, elements {ratio:.3g} times as large"
    rows = [
        ("Reactions against load, largest difference, relative", number(balance.reaction)),
        ("Contact tractions against load, largest difference, relative", number(balance.contact)),
        ("Friction beyond Coulomb's cone, relative", number(balance.cone)),
        ("Tension on the contact, relative", number(balance.tension)),
    ]
    if energy is not None:
        rows += [
            ("Work of the loads in the judged cycle, mJ", number(energy.work)),
            ("Rise of the elastic energy over it, mJ", number(energy.stored)),
            ("Work of friction in it, mJ", number(energy.friction)),
            ("Missing in this balance, relative: the error of the steps", number(energy.defect)),
        ]
    return [
        *rows,
        ("Companion mesh", companion),
        ("Displacement unknowns", number(mesh.unknowns)),
        ("Vertices of the contact", number(study.record.interface_vertices)),
        ("Least scaled Jacobian, and its place",
         f"{quality.least_scaled_jacobian:.3f}, {place_words_of(quality.worst_place)}"),
    ]  # fmt: skip


def place_words_of(point: tuple[float, float, float]) -> str:
    """Say where a point is; levels count from the socket's mouth."""
    import numpy as np

    return place_words(np.array(point)).replace("the cut", "the mouth").replace("cut", "mouth")


def _steps(study: Study) -> Iterator[tuple[str, int, int, str, str]]:
    first: Sequence[State] = study.walk.assembly or (study.walk.press_fit,)
    groups = [("assembly", first)]
    groups += [(f"cycle {index + 1}", cycle) for index, cycle in enumerate(study.walk.cycles) if cycle]
    for name, states in groups:
        yield (
            name, len(states), sum(state.iterations for state in states),
            number(max(state.residual for state in states)),
            number(sum(state.dissipation for state in states)),
        )  # fmt: skip


def _verdicts(assessment: TaperAssessment) -> list[dict[str, Any]]:
    both = (
        ("Fretting and hold", assessment.fretting, assessment.fretting_sentences),
        ("Safety of the metal", assessment.safety, assessment.safety_sentences),
    )
    return [
        {"title": title, "word": word, "mark": tokens.MARKS[word], "sentences": [unit(text) for text in why]}
        for title, word, why in both
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "number": lambda value: "–" if isinstance(value, float) and value != value else number(value),
        "unit": lambda words: unit(words).replace("J/m2", "J/m²"),
        "valued": lambda quantity: unit(valued(quantity)).replace("J/m2", "J/m²"),
        "limit": lambda criterion: unit(limit_words(criterion)).replace("J/m2", "J/m²"),
        "place": place_words_of,
        "png_uri": lambda path: _uri("image/png", path.read_bytes()),
        "svg_uri": lambda text: _uri("image/svg+xml", text.encode()),
    }
    environment.filters.update(filters)
    return environment


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
