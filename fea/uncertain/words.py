"""What a study says in words: its answer, its inputs, what it varied and what it did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from fea.case.uncertainty import CHOICE, KINDS, LOG_UNIFORM, TRIANGULAR, Kind, Uncertain, Value
from fea.post.criteria import PRIMARY_STABILITY
from fea.post.inputs import Input, case_inputs
from fea.post.report_words import number, unit_of
from fea.sweep.rows import FAILED
from fea.uncertain.probability import Probability
from fea.uncertain.results import Band, Judged

#: Inputs of a case that an uncertain input takes the place of, by the beginnings of their names.
_REPLACED = {
    "body_weight_N": ("activity.body_weight",),
    "history": ("activity.history",),
    "bone_modulus_factor": tuple(
        f"{body}_material.{constant}" for body in ("bone", "core") for constant in ("E", "G", "youngs")
    ),
    "bone_material": ("bone_material.",),
}

NOT_VARIED = (
    "The pattern of the fit: the interference is uniform over its zone. osseofit sweep varies the pattern.",
    "The canal, the bow, reamer and stem: they are as stated.",
    "The limits of the criteria. They are as uncertain as their grades say: a probability here is that of"
    " keeping these limits, not of clinical success.",
    "What the model leaves out: yield and creep of bone, wear, ingrowth, impact. No range of an input"
    " holds that.",
    "Dependence between inputs: all are drawn independently, though friction of porous surfaces falls"
    " with pressure.",
    "The open collar: the collar bears as it does in the case as stated.",
)


def percent(share: float) -> str:
    """Return a share as percent, never rounded to 0 or 100 where it is neither."""
    if share != share:
        return "–"
    value = 100.0 * share
    if 0.0 < value < 1.0:
        return f"{value:.1g} %"
    return f"{100.0 - float(f'{100.0 - value:.1g}'):g} %" if 99.0 < value < 100.0 else f"{value:.0f} %"


def interval(found: Probability) -> str:
    """Return the interval of a probability."""
    return f"{percent(found.low).removesuffix(' %')} to {percent(found.high)}"


def likely(found: Probability, count: int) -> str:
    """Return a verdict with its share of so many samples and the interval of its probability."""
    return f"{found.verdict} in {found.count} of {count} samples, a probability of {interval(found)}"


def answers_of(judged: Judged) -> tuple[str, ...]:
    """Say what a study answers: one paragraph on stability, one on safety, where they are judged."""
    count, found = len(judged.solved), []
    for title, verdicts in (
        ("Primary stability", judged.stability),
        ("Safety of bone and implant", judged.safety),
    ):
        told = "; ".join(likely(entry, count) for entry in verdicts if entry.count)
        found += [f"{title}: {told}."] if told else []
    if judged.lost.count:
        words = f"{judged.lost.count} of {count} samples lose their fixation."
        found = [f"{found[0]} {words}", *found[1:]] if judged.stability else [words, *found]
    return tuple(found) or ("The case states no criterion: only bands are told.",)


def answer_of(judged: Judged) -> str:
    """Return the answer in one text."""
    return " ".join(answers_of(judged))


def decides(bands: Sequence[Band]) -> str:
    """Say which input makes most of the spread of the first quantity of stability that tells it."""
    for band in bands:
        if band.sensitivity.indices and band.criterion.group == PRIMARY_STABILITY:
            top = max(band.sensitivity.indices, key=lambda index: index.total)
            return (
                f"What spreads the {band.title} most is the {KINDS[top.name].title}: {percent(top.first)}"
                f" of the variance by itself, {percent(min(top.total, 1.0))} together with the other inputs."
            )
    return ""


def notes_of(judged: Judged) -> Iterator[str]:
    """Yield what a reader must know of all verdicts alike."""
    case, options = judged.case, judged.design.options
    if not judged.from_case:
        yield (
            "The case states no [uncertainty]: the ranges below are defaults, each with its source and"
            " grade. The probabilities are no better than these ranges."
        )
    if not (judged.stability or judged.safety):
        yield "The case states no criterion: only loss of fixation is told."
    elif not case.mesh.companion:
        yield (
            "The case has no companion mesh, so no discretisation error is known, and no sample can be"
            " shown stable; write companion = true in [mesh]."
        )
    elif judged.rows.stated.coarse is None or judged.rows.stated.loss is not None:
        yield (
            "The case as stated has no judged cycle, so that its discretisation error is not known and no"
            " sample can be shown stable."
        )
    else:
        yield (
            "Every sample is judged with the discretisation error of the case as stated; of motion,"
            " stress and strain it grows with the value."
        )
    failed = len(judged.results) - len(judged.solved)
    if failed:
        yield (
            f"{failed} of {len(judged.results)} samples were not solved: they count in no probability"
            " and no band."
        )
    if options.size_factor > 1.0:
        yield (
            f"Elements are {options.size_factor:g} times as large as the case asks: bands and verdicts"
            " carry the discretisation error of this mesh."
        )
    if any(item.kind.meshed for item in judged.design.uncertainty.inputs):
        yield (
            "Each model has a mesh of its own, for its wall is another: the scatter from mesh to mesh is"
            " part of the bands."
        )


def cost_of(judged: Judged) -> str:
    """Say what the study took."""
    rows, options = judged.rows, judged.design.options
    companion = " and its companion mesh" if judged.case.mesh.companion else ""
    models = "model" if options.models == 1 else "models"
    total = sum(result.row.seconds for result in (judged.stated, *judged.results))
    return (
        f"{len(judged.results)} samples on {options.models} factorised {models}, beside the case as"
        f" stated{companion}; {number(round(total))} s of walking and recovering summed over the samples."
        f" This call set up {rows.factored} models and walked {rows.walked} samples in"
        f" {number(round(rows.seconds))} s on {rows.workers} processes."
    )


def range_words(item: Uncertain) -> str:
    """Return a range in words, with its unit."""
    if item.distribution == CHOICE:
        return f"{', '.join(shown(item.kind, choice) for choice in item.choices)}; equally likely"
    unit = {"1": ""}.get(item.kind.unit, f" {unit_of(item.kind.unit)}")
    ends = f"{number(item.least)} to {number(item.most)}{unit}"
    if item.distribution == TRIANGULAR:
        return f"{ends}, most likely {number(item.peak)}"
    return f"{ends}, {'equal ratios' if item.distribution == LOG_UNIFORM else 'all'} equally likely"


def cost_words(kind: Kind) -> str:
    """Say what another value of an input takes."""
    if kind.meshed:
        return "mesh, factorisation, walk"
    return "factorisation, walk" if kind.model else "walk"


def shown(kind: Kind, value: Value | None) -> str:
    """Return a value of an input with its unit."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return PurePath(value).stem.replace("_", " ")
    unit = {"1": ""}.get(kind.unit, f" {unit_of(kind.unit)}")
    return f"{number(value)}{unit}"


def stated_values(judged: Judged) -> dict[str, Value]:
    """Return the case's own value of each uncertain input."""
    case, zone = judged.case, judged.design.uncertainty.zone
    found: dict[str, Value] = {
        "diametral_interference_um": float(f"{2000.0 * case.fit[zone].radial_interference:.10g}"),
        "friction": case.fit[zone].friction,
        "bone_modulus_factor": 1.0,
        "bone_material": case.bone_material.name,
        "wall_change_mm": 0.0,
        "bending_factor": 1.0,
    }
    if case.activity is not None:
        found["history"] = case.activity.history.title
        if case.activity.body_weight is not None:
            found["body_weight_N"] = case.activity.body_weight
    return {name: found[name] for name in judged.design.names}


def held_fixed(judged: Judged) -> tuple[Input, ...]:
    """Return the inputs of the case that no sample varies."""
    zone = judged.design.uncertainty.zone
    replaced = _REPLACED | {
        "friction": (f"fit.{zone}.friction",),
        "diametral_interference_um": (f"fit.{zone}.diametral_interference", f"fit.{zone}.interference"),
    }
    varied = tuple(start for name in judged.design.names for start in replaced.get(name, ()))
    outer = "wall_change_mm" in judged.design.names
    return tuple(
        entry
        for entry in case_inputs(judged.case)
        if not (varied and entry.name.startswith(varied)) and not (outer and ".outer_" in entry.name)
    )


def unsolved(judged: Judged) -> list[str]:
    """Return why samples were not solved, each reason with its samples."""
    reasons: dict[str, list[int]] = {}
    for result in judged.results:
        if result.row.outcome == FAILED:
            reasons.setdefault(result.row.problem, []).append(result.number)
    return [f"Samples {', '.join(map(str, numbers))}: {problem}." for problem, numbers in reasons.items()]
