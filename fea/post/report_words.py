"""The words and rows of the report: numbers, limits, places, steps, checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fea.case.criteria import Criterion
from fea.post.quantities import variant_results
from fea.post.quantity import Quantity
from fea.post.render.extremes import place_words
from fea.solution import State, Walk
from fea.study import Study
from geometry.axis import STRAIGHT, Axis

#: What no number of the report can say.
LIMITS = (
    "Small sliding: points of bone and stem that face each other stay paired; valid for motions well below"
    " an element's size, not for a stem that subsides or falls out.",
    "Linear elastic bone: no yield, damage, creep or relaxation. Where strain exceeds yield the stress is"
    " too high, and micromotion is understated.",
    "An ideal full-contact press-fit overstates stability: reaming is never that true. The effective"
    " interference is an uncertain input and far less than the reamer's undersize; hence its band and the"
    " corners above.",
    "Coulomb friction with one coefficient a zone; no wear, no lubrication, no ingrowth: the first days after"
    " surgery.",
    "Parametric bone of one cortical material, or of a cortical shell about a cancellous continuum without"
    " trabeculae; soft tissue and muscles act only through the stated load.",
    "At singular rims (edges of contact, coating limits, clamped faces) linear elasticity has no finite peak:"
    " maxima there are marked and not judged.",
    "Limits of micromotion come from animals and retrievals of other implants; they are evidence, not"
    " thresholds of nature.",
    "Not medical advice: no decision about a patient can rest on this page.",
)

#: Columns of the table of corners, by the name of the quantity.
_CORNER_QUANTITIES = (
    ("micromotion_p95_um", "Micromotion 95 %, µm"),
    ("micromotion_area_below_40um_percent", "Below 40 µm, %"),
    ("micromotion_area_above_150um_percent", "Above 150 µm, %"),
)


def number(value: Any) -> str:
    """Return a number with four significant digits, words as they are, a dash for None."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if value == 0:
        return "0"
    digits = f"{value:.4g}" if not 9999.5 <= abs(value) < 1e9 else f"{value:,.0f}".replace(",", "\u202f")
    return digits.replace("-", "−", 1) if value < 0 else digits


def unit(words: str) -> str:
    """Return words with the sign of micrometres, and none for the unit of plain numbers."""
    return "" if words == "1" else re.sub(r"\bum\b", "µm", words)


def unit_of(name: str) -> str:
    """Return a unit as it is printed after a number."""
    return {"um": "µm", "1": ""}.get(name, name)


def valued(quantity: Quantity) -> str:
    """Return a quantity with its error and unit."""
    printed = unit_of(quantity.unit)
    # Round-off is neither a value nor an error to print.
    value = 0.0 if abs(quantity.value) < 1e-12 else quantity.value
    if quantity.error is None:
        return f"{number(value)} {printed} (error unknown)"
    error = 0.0 if quantity.error < 1e-9 * max(abs(value), 1e-3) else quantity.error
    return f"{number(value)} ± {error:.2g} {printed}"


def place(point: tuple[float, float, float], axis: Axis = STRAIGHT) -> str:
    """Say where a point is, along and about the implant's axis."""
    return place_words(np.array(point), axis)


def limit_words(criterion: Criterion) -> str:
    """Return the limits of a criterion in words."""
    printed = unit_of(criterion.unit)
    if criterion.met_at_most is not None:
        words, beyond = f"at most {criterion.met_at_most:g} {printed}", criterion.not_met_above
        return words if beyond in (None, criterion.met_at_most) else f"{words}; broken above {beyond:g}"
    words, beyond = f"at least {criterion.met_at_least:g} {printed}", criterion.not_met_below
    return words if beyond in (None, criterion.met_at_least) else f"{words}; broken below {beyond:g}"


def lost_words(walk: Walk) -> str:
    """Say when fixation was lost; empty where it was not."""
    if walk.loss is None:
        return ""
    if walk.loss.cycle == 0:
        return "Already in the press-fit there is no equilibrium."
    return (
        f"In cycle {walk.loss.cycle}, at {walk.loss.percent:.3g} % of the activity, there is no equilibrium."
    )


@dataclass(frozen=True)
class Step:
    """The record of one step of the history."""

    name: str
    instants: int
    iterations: int
    residual: float
    work: float


def solution_steps(walk: Walk) -> list[Step]:
    """Return the record of press-fit and cycles.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    list of Step
    """
    steps = [_step("press-fit", [walk.press_fit])]
    for index, cycle in enumerate(walk.cycles):
        if cycle:
            broken = " (ended by the loss of fixation)" if len(cycle) < len(walk.percent) else ""
            steps.append(_step(f"cycle {index + 1}{broken}", cycle))
    return steps


def _step(name: str, states: Sequence[State]) -> Step:
    return Step(
        name=name,
        instants=len(states),
        iterations=sum(state.iterations for state in states),
        residual=max(state.residual for state in states),
        work=sum(state.dissipation for state in states),
    )


@dataclass(frozen=True)
class Column:
    """A quantity in the table of corners: the case as stated, and each variant."""

    title: str
    own: str
    cells: dict[str, str]


def corner_columns(study: Study, quantities: Sequence[Quantity]) -> list[Column]:
    """Return the quantities that the table of corners shows.

    Parameters
    ----------
    study : Study
    quantities : sequence of Quantity
        Of the case as stated.

    Returns
    -------
    list of Column
    """
    results = variant_results(study)
    own = _values(quantities)
    found = [(result.name, _values(result.quantities)) for result in results]
    return [
        Column(title, number(own.get(name)), {variant: number(values.get(name)) for variant, values in found})
        for name, title in _CORNER_QUANTITIES
    ]


def _values(quantities: Sequence[Quantity]) -> dict[str, float]:
    """Return values by name, round-off left out."""
    return {quantity.name: round(quantity.value, 6) for quantity in quantities}


def input_words(name: str) -> str:
    """Return the dotted name of an input in words."""
    return name.replace("_", " ").replace(".", " · ")


def balance_rows(study: Study) -> list[tuple[str, str]]:
    """Return the audit of balance, the discretisation and the mesh, as rows."""
    balance, mesh, quality = study.balance, study.mesh, study.mesh.quality
    companion = "none"
    if study.coarse is not None:
        ratio = study.coarse.mesh.element_size / mesh.element_size
        companion = f"{number(study.coarse.mesh.unknowns)} unknowns, elements {ratio:.3g} times as large"
    return [
        ("Reactions against load, largest difference, relative", number(balance.reaction)),
        ("Contact tractions against load, largest difference, relative", number(balance.contact)),
        ("Friction beyond Coulomb's cone, relative", number(balance.cone)),
        ("Tension on the interface, relative", number(balance.tension)),
        ("Least friction work of an increment, N mm (never negative)", number(balance.least_dissipation)),
        ("Largest residual over every vertex and instant, relative", number(balance.residual)),
        ("Displacement unknowns", number(mesh.unknowns)),
        ("Companion mesh for the error estimate", companion),
        ("Elements: stem, bone", f"{number(len(mesh.stem.tets))}, {number(len(mesh.bone.tets))}"),
        ("Interface vertices", number(study.record.interface_vertices)),
        ("Inverted elements", number(quality.inverted)),
        (
            "Least scaled Jacobian, and its place",
            f"{quality.least_scaled_jacobian:.3f}, {place(quality.worst_place, study.case.stem.axis)}",
        ),
        ("Least ratio of inscribed to circumscribed radius", f"{quality.least_gamma:.3f}"),
    ]


def machine_rows(study: Study) -> list[tuple[str, str]]:
    """Return how the run was computed, as rows."""
    record = study.record
    return [
        ("sparse solver, threads", f"{record.backend}, {record.threads}"),
        ("route", record.route),
        ("factorisations: computed, reused", f"{record.factorisations_done}, {record.factorisations_reused}"),
        ("Newton iterations in all", number(record.newton_iterations)),
        ("planned memory", record.memory_plan.removeprefix("memory: ")),
        ("peak memory", f"{record.peak_memory_GB:.2f} GB"),
        (
            "osseofit",
            record.code_version if record.commit is None else f"{record.code_version} ({record.commit})",
        ),
    ]
