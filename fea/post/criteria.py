"""One criterion held against one quantity: met, not met or not shown, and why.

With the value v and its error e, a criterion "at most" with the limits a <= b is met when
v + e <= a, not met when v - e > b, and not shown in between; "at least" is its mirror.
An error that is not known can show no criterion met: then the value alone may still say
that a criterion is not met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fea.case.case import Case
from fea.case.criteria import Criterion
from fea.post.quantity import Quantity
from fea.solution import Loss

Verdict = Literal["met", "not shown", "not met"]

#: Groups of criteria, each with its overall verdict.
PRIMARY_STABILITY, SAFETY = "primary stability", "safety"

#: Quantities of a cancellous core alone.
OF_CORE = ("cancellous_tension_strain_percent", "cancellous_compression_strain_percent")

#: From good to bad; the worst of a group is its verdict.
SEVERITY: Mapping[Verdict, int] = {"met": 0, "not shown": 1, "not met": 2}


@dataclass(frozen=True)
class CriterionResult:
    """A criterion with its verdict.

    Attributes
    ----------
    criterion
    verdict
        ``"met"``, ``"not shown"`` or ``"not met"``.
    quantity
        What was judged; None where the run cannot tell it.
    limit
        The limit to keep, in the criterion's unit.
    margin
        How far the value lies on the good side of the limit, in the criterion's unit;
        negative on the bad side. None without a value.
    margin_percent
        The margin in percent of the limit; None for a limit of 0.
    sentence
        Why, in one sentence.
    """

    criterion: Criterion
    verdict: Verdict
    quantity: Quantity | None
    limit: float
    margin: float | None
    margin_percent: float | None
    sentence: str


def judge(criterion: Criterion, quantity: Quantity | None, reason: str) -> CriterionResult:
    """Hold a criterion against its quantity.

    Parameters
    ----------
    criterion : Criterion
    quantity : Quantity, or None
    reason
        Why there is no quantity, as the end of a sentence; used only without one.

    Returns
    -------
    CriterionResult
    """
    limit, beyond, sign = _limits(criterion)
    if quantity is None:
        return CriterionResult(criterion, "not shown", None, limit, None, None, f"Not shown: {reason}.")
    margin = sign * (limit - quantity.value)
    percent = None if limit == 0 else 100 * margin / abs(limit)
    verdict, sentence = _verdict(quantity, limit, beyond, sign)
    return CriterionResult(criterion, verdict, quantity, limit, margin, percent, sentence)


def judge_all(case: Case, quantities: Iterable[Quantity], loss: Loss | None) -> tuple[CriterionResult, ...]:
    """Hold every criterion of a case against its quantity.

    Parameters
    ----------
    case : Case
    quantities : iterable of Quantity
    loss : Loss, or None

    Returns
    -------
    tuple of CriterionResult
        In the order of the criteria file.
    """
    by_name = {quantity.name: quantity for quantity in quantities}
    absent = {} if case.bone.core is not None else dict.fromkeys(OF_CORE, "the bone has no cancellous core")
    reason = "the interface does not touch where this is taken"
    if loss is not None:
        reason = "fixation is lost before a cycle can be judged"
    elif case.activity is None:
        reason = "the case states no activity"
    return tuple(
        judge(criterion, by_name.get(criterion.quantity), absent.get(criterion.quantity, reason))
        for criterion in case.criteria
    )


def in_group(results: Iterable[CriterionResult], group: str) -> tuple[CriterionResult, ...]:
    """Return the results of one group, `PRIMARY_STABILITY` or `SAFETY`."""
    return tuple(result for result in results if result.criterion.group == group)


def worst_verdict(results: Iterable[CriterionResult]) -> Verdict:
    """Return the worst verdict of one or more results."""
    return max((result.verdict for result in results), key=lambda verdict: SEVERITY[verdict])


def reasons(group: Sequence[CriterionResult], overall: Verdict) -> tuple[str, ...]:
    """Return the sentences of the criteria that make the verdict of their group.

    Parameters
    ----------
    group : sequence of CriterionResult
    overall
        Their worst verdict.

    Returns
    -------
    tuple of str
    """
    if overall == "met":
        return (f"All {len(group)} criteria are met.",)
    return tuple(f"{item.criterion.title}: {item.sentence}" for item in group if item.verdict == overall)


def _limits(criterion: Criterion) -> tuple[float, float, float]:
    """Limit to keep, limit beyond which it is not met, and +1 where small is good, else -1."""
    if criterion.met_at_most is not None:
        beyond = criterion.not_met_above
        return criterion.met_at_most, criterion.met_at_most if beyond is None else beyond, 1.0
    assert criterion.met_at_least is not None, "the reader asks for one of the two limits"
    beyond = criterion.not_met_below
    return criterion.met_at_least, criterion.met_at_least if beyond is None else beyond, -1.0


def _verdict(quantity: Quantity, limit: float, beyond: float, sign: float) -> tuple[Verdict, str]:
    value, unit = sign * quantity.value, "" if quantity.unit == "1" else f" {quantity.unit}"
    error = quantity.error or 0.0
    shown = f"{quantity.value:.4g}{unit}"
    readable = 0.0 if error < 1e-9 * abs(value) else error  # round-off is no error to print
    band = f"{shown} ± {readable:.2g}{unit}" if quantity.error is not None else f"{shown}, error unknown,"
    side, other = ("at most", "more than") if sign > 0 else ("at least", "less than")
    kept, passed = f"{side} {limit:g}{unit}", f"{other} {beyond:g}{unit}"
    if value - error > sign * beyond:
        return "not met", f"Not met: {band} is {passed}."
    if quantity.error is None and value <= sign * limit:
        return "not shown", (
            f"Not shown: {shown} is {kept}, but its discretisation error is {quantity.error_origin}."
        )
    if value + error <= sign * limit:
        return "met", f"Met: {band} is {kept}."
    if sign * limit < value <= sign * beyond:
        return "not shown", f"Not shown: {band} lies between the limits {limit:g} and {beyond:g}{unit}."
    return "not shown", f"Not shown: the error of {band} crosses the limit ({side} {limit:g}{unit})."
