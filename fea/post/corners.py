"""The corners of the uncertain inputs: their verdicts, and the input that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from fea.case.case import Case
from fea.post.criteria import (
    PRIMARY_STABILITY,
    CriterionResult,
    Verdict,
    in_group,
    judge_all,
    reasons,
    worst_verdict,
)
from fea.post.quantities import VariantResult
from fea.post.quantity import Quantity
from fea.solution import Loss

Stability = Literal["stable", "not shown", "unstable", "not judged"]
_STABILITY: Mapping[Verdict, Stability] = {"met": "stable", "not shown": "not shown", "not met": "unstable"}


@dataclass(frozen=True)
class CornerVerdict:
    """One variant, judged.

    Attributes
    ----------
    name
    inputs : tuple of (str, float) pairs
        What differs from the default, by case key with unit.
    stability
        ``"stable"``, ``"not shown"``, ``"unstable"`` or ``"not judged"``.
    sentence
        Why.
    criteria : tuple of CriterionResult
        Those of primary stability.
    """

    name: str
    inputs: tuple[tuple[str, float], ...]
    stability: Stability
    sentence: str
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True)
class DecidingInput:
    """An input whose change alone flips the verdict.

    Attributes
    ----------
    key
        Of the case file, with unit.
    values : tuple of 2 floats
    verdicts : tuple of 2 str
        At these values.
    others : tuple of (str, float) pairs
        The other inputs, at which it flips.
    sentence
    """

    key: str
    values: tuple[float, float]
    verdicts: tuple[str, str]
    others: tuple[tuple[str, float], ...]
    sentence: str


def deciding_inputs(corners: Sequence[CornerVerdict]) -> tuple[DecidingInput, ...]:
    """Find the inputs that decide between the corners.

    Parameters
    ----------
    corners : sequence of CornerVerdict

    Returns
    -------
    tuple of DecidingInput
        One for each input that flips the verdict while the others stay; where it flips in
        more than one place, the first. Empty where all corners agree.
    """
    found: dict[str, DecidingInput] = {}
    for first, second in combinations(corners, 2):
        if first.stability == second.stability:
            continue
        before, after = dict(first.inputs), dict(second.inputs)
        changed = [key for key in before if before[key] != after.get(key)]
        if len(changed) == 1 and before.keys() == after.keys():
            found.setdefault(changed[0], _decision(changed[0], first, second))
    return tuple(found.values())


def _decision(key: str, first: CornerVerdict, second: CornerVerdict) -> DecidingInput:
    low, high = sorted((first, second), key=lambda corner: dict(corner.inputs)[key])
    values = (dict(low.inputs)[key], dict(high.inputs)[key])
    verdicts = (low.stability, high.stability)
    others = tuple((name, value) for name, value in low.inputs if name != key)
    at = "" if not others else " at " + ", ".join(f"{name} = {value:g}" for name, value in others)
    sentence = (
        f"The input that decides is {key}: {verdicts[0]} with {values[0]:g}, "
        f"{verdicts[1]} with {values[1]:g}{at}."
    )
    return DecidingInput(key, values, verdicts, others, sentence)


def lost(loss: Loss) -> str:
    """Say when and how fixation was lost.

    Parameters
    ----------
    loss : Loss

    Returns
    -------
    str
        One sentence.
    """
    if loss.cycle == 0:
        return f"Fixation is lost in the press-fit: {loss.motion}."
    return f"Fixation is lost at {loss.percent:g} % of the activity in cycle {loss.cycle}: {loss.motion}."


def stability_of(results: Sequence[CriterionResult], loss: Loss | None) -> tuple[Stability, tuple[str, ...]]:
    """Judge primary stability of one set of inputs.

    Parameters
    ----------
    results : sequence of CriterionResult
        Of any group.
    loss : Loss, or None

    Returns
    -------
    stability
    sentences : tuple of str
        Why.
    """
    if loss is not None:
        return "unstable", (lost(loss),)
    group = in_group(results, PRIMARY_STABILITY)
    if not group:
        return "not judged", ("The case states no criterion of primary stability.",)
    overall = worst_verdict(group)
    return _STABILITY[overall], reasons(group, overall)


def judge_corner(case: Case, default: Sequence[Quantity], variant: VariantResult) -> CornerVerdict:
    """Judge a variant by its interface, with the default's discretisation errors.

    Parameters
    ----------
    case : Case
    default : sequence of Quantity
        Of the case as stated.
    variant : VariantResult

    Returns
    -------
    CornerVerdict
    """
    quantities = with_errors_of(default, variant.quantities)
    results = in_group(judge_all(case, quantities, variant.loss), PRIMARY_STABILITY)
    stability, sentences = stability_of(results, variant.loss)
    return CornerVerdict(variant.name, variant.inputs, stability, " ".join(sentences), results)


def with_errors_of(default: Sequence[Quantity], quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Give each quantity the default's error; one in um grows with the value."""
    known = {quantity.name: quantity for quantity in default}
    found = []
    for quantity in quantities:
        source = known.get(quantity.name)
        if source is not None and source.error is not None:
            grown = abs(quantity.value / source.value) if quantity.unit == "um" and source.value else 1.0
            origin = f"that of the default: {source.error_origin}"
            quantity = replace(quantity, error=source.error * max(1.0, grown), error_origin=origin)
        found.append(quantity)
    return tuple(found)
