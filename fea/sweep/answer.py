"""The answer of a sweep in words, from its samples and from nothing between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fea.sweep.design import FACTORIAL
from fea.sweep.parameters import Axis, Parameter, Value
from fea.sweep.results import Result, Sweep

Pairs = tuple[tuple[Parameter, Value], ...]


@dataclass(frozen=True)
class Threshold:
    """From where on one parameter gives a good answer, the others held.

    Attributes
    ----------
    others : tuple of (Parameter, value)
        What is held; empty for a sweep of one parameter.
    value : float or None
        The outermost sampled value from which every sample is good up to the end of the
        axis; None where there is none.
    good, count
        Samples of the slice that are good, and all.
    next_verdict
        Verdict of the first sample on the other side; empty where all are good.
    """

    others: Pairs
    value: float | None
    good: int
    count: int
    next_verdict: str


@dataclass(frozen=True)
class Answer:
    """What a sweep says.

    Attributes
    ----------
    sentence
        The answer.
    counts
        How many samples have which verdict.
    parameter : Parameter or None
        The one whose thresholds are listed: the first numeric axis of a full factorial.
    upward
        Whether larger values are better.
    goal
        ``"stable"``, or ``"fixed"`` where nothing is judged.
    thresholds : tuple of Threshold
    """

    sentence: str
    counts: str
    parameter: Parameter | None
    upward: bool
    goal: str
    thresholds: tuple[Threshold, ...]


def answer_of(sweep: Sweep) -> Answer:
    """Say what a sweep answers.

    Parameters
    ----------
    sweep : Sweep

    Returns
    -------
    Answer
    """
    results = sweep.asked
    goal = "fixed" if sweep.stated.verdict == "not judged" or "not judged" in sweep.counts else "stable"
    good = sum(_good(result, goal) for result in results)
    counts = _counts(sweep)
    axis = next((axis for axis in sweep.design.axes if axis.parameter.numeric and len(axis.values) > 1), None)
    if axis is None or sweep.design.kind != FACTORIAL:
        sentence = _all_or_none(results, goal, good) or _spread(sweep, goal)
        return Answer(sentence, counts, None, True, goal, ())
    upward, thresholds = _thresholds(sweep, axis, goal)
    sentence = _all_or_none(results, goal, good)
    sentence = sentence or _from_thresholds(sweep, axis, goal, upward, thresholds)
    return Answer(sentence, counts, axis.parameter, upward, goal, thresholds)


def bound_words(parameter: Parameter, value: float, *, upward: bool) -> str:
    """Return ``from friction 0.5 up`` or ``up to body weight 900 N``."""
    said = f"{parameter.title} {parameter.shown(value)}"
    return f"from {said} up" if upward else f"up to {said}"


def _good(result: Result, goal: str) -> bool:
    return result.verdict == ("stable" if goal == "stable" else "not judged")


def _all_or_none(results: Sequence[Result], goal: str, good: int) -> str:
    if good == len(results):
        return f"Every one of the {good} samples is {goal}."
    return "" if good else f"None of the {len(results)} samples is {goal}."


def _counts(sweep: Sweep) -> str:
    words = [
        f"{count} {'keep their fixation' if verdict == 'not judged' else verdict}"
        for verdict, count in sweep.counts.items()
    ]
    return f"Of {len(sweep.asked)} samples: {', '.join(words)}."


def _thresholds(sweep: Sweep, axis: Axis, goal: str) -> tuple[bool, tuple[Threshold, ...]]:
    """Return whether larger is better, and the threshold of each slice along the axis."""
    slices: dict[Pairs, list[tuple[float, Result]]] = {}
    for result in sweep.asked:
        held = tuple(
            (other.parameter, value)
            for other in sweep.design.axes
            if other.name != axis.name and (value := result.sample.get(other.name)) is not None
        )
        here = result.sample.get(axis.name)
        assert isinstance(here, float), "every sample of a full factorial states its axes"
        slices.setdefault(held, []).append((here, result))
    ways = [
        (upward, tuple(_threshold(held, rows, goal, upward) for held, rows in slices.items()))
        for upward in (True, False)
    ]
    return max(ways, key=lambda way: sum(found.good for found in way[1] if found.value is not None))


def _threshold(held: Pairs, rows: list[tuple[float, Result]], goal: str, upward: bool) -> Threshold:
    """Walk from the better end of a slice as long as samples are good."""
    ordered = sorted(rows, key=lambda pair: pair[0], reverse=upward)
    value, verdict = None, ""
    for here, result in ordered:
        if not _good(result, goal):
            verdict = result.verdict
            break
        value = here
    return Threshold(held, value, sum(_good(result, goal) for _, result in rows), len(rows), verdict)


def _from_thresholds(
    sweep: Sweep, axis: Axis, goal: str, upward: bool, thresholds: Sequence[Threshold]
) -> str:
    parameter, values = axis.parameter, [found.value for found in thresholds]
    known = [value for value in values if value is not None]
    others = " and ".join(
        other.parameter.title
        for other in sweep.design.axes
        if other.name != axis.name and len(other.values) > 1
    )
    parts = []
    if known and len(known) == len(values):
        worst = max(known) if upward else min(known)
        everywhere = f" at every {others} of the sweep" if others else ""
        parts.append(f"{goal} {bound_words(parameter, worst, upward=upward)}{everywhere}")
    elif others:
        parts.append(f"no {parameter.title} of the sweep is enough at every {others}")
    else:
        good = thresholds[0].good
        parts.append(f"{goal} in {good} of {thresholds[0].count} samples, without a threshold")
    parts += _told_slices(sweep, axis, goal, upward, thresholds) if others else ()
    sentence = f"{'; '.join(parts)}."
    return sentence[0].upper() + sentence[1:]


def _told_slices(
    sweep: Sweep, axis: Axis, goal: str, upward: bool, thresholds: Sequence[Threshold]
) -> Iterator[str]:
    """Yield the slice of the case as stated, else the easiest one, in words."""
    stated = sweep.design.stated_values
    own = [t for t in thresholds if all(stated.get(parameter.name) == value for parameter, value in t.others)]
    known = [found for found in thresholds if found.value is not None]
    if own:
        found, where = own[0], "at the stated "
    elif known and len(known) < len(thresholds):
        found = (min if upward else max)(known, key=lambda found: found.value or 0.0)
        where = "at best, with "
    else:
        return
    held = " and ".join(f"{parameter.title} {parameter.shown(value)}" for parameter, value in found.others)
    if found.value is not None:
        yield f"{where}{held} {goal} {bound_words(axis.parameter, found.value, upward=upward)}"
    elif found.good:
        yield f"{where}{held} {goal} in {found.good} of {found.count} samples, without a threshold"
    else:
        yield f"{where}{held} {goal} nowhere"


def _spread(sweep: Sweep, goal: str) -> str:
    """Say what is seen in samples that lie on no grid: where all are good, and where none is."""
    parts = [
        part for axis in sweep.design.axes if axis.parameter.numeric for part in _sides(sweep, axis, goal)
    ]
    good = sum(_good(result, goal) for result in sweep.asked)
    first = f"{good} of {len(sweep.asked)} samples are {goal}"
    return f"{'; '.join([first, *parts])}."


def _sides(sweep: Sweep, axis: Axis, goal: str) -> Iterator[str]:
    """Yield the ends of an axis at which every sample is good, or none is."""
    parameter = axis.parameter
    pairs = [
        (value, _good(result, goal))
        for result in sweep.asked
        if isinstance(value := result.sample.get(axis.name), float)
    ]
    for upward in (True, False):
        ordered = sorted(pairs, reverse=upward)
        which = "or more" if upward else "or less"
        for wanted, word in ((True, "all"), (False, "none")):
            run = _run(ordered, wanted)
            # Where both ends are alike the axis decides nothing.
            if len(run) > 1 and ordered[-1][1] != wanted:
                yield (
                    f"{word} of the {len(run)} samples with {parameter.title} {parameter.shown(run[-1])}"
                    f" {which} {'are' if wanted else 'is'} {goal}"
                )


def _run(pairs: Sequence[tuple[float, bool]], wanted: bool) -> list[float]:
    """Return values from the start as long as all at that value are good, or none is."""
    found: list[float] = []
    for value, good in pairs:
        if good != wanted:
            return [other for other in found if other != value]
        found.append(value)
    return found
