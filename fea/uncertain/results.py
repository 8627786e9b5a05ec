"""A study judged: the verdict of every sample, bands, probabilities, sensitivities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.case.criteria import Criterion
from fea.post.corners import stability_of
from fea.post.criteria import SAFETY, CriterionResult, in_group, judge_all, worst_verdict
from fea.post.quantity import Quantity
from fea.solution import Loss
from fea.sweep.results import with_own_errors
from fea.sweep.rows import FAILED, LOST, Row
from fea.uncertain.design import Design, Values
from fea.uncertain.indices import Sensitivity, sensitivity
from fea.uncertain.probability import Probability, probability
from fea.uncertain.run import StudyRows

FloatArray = NDArray[np.float64]

STABILITY_VERDICTS = ("stable", "not shown", "unstable")
SAFETY_VERDICTS = ("met", "not shown", "not met")
NOT_JUDGED = "not judged"
#: Of the bands, percent of the samples that have a value.
PERCENTILES = (5.0, 50.0, 95.0)
#: Quantities whose error grows with them, by unit and by end of the name.
_GROWING_UNITS, _GROWING_NAMES = ("um", "MPa"), ("_strain_percent",)


@dataclass(frozen=True)
class Result:
    """One sample, judged.

    Attributes
    ----------
    number
        From 1; 0 is the case as stated.
    model
        From 1.
    values
        Its inputs.
    row
    stability, safety
        One of the verdicts; ``"not judged"`` without such a criterion, ``"not solved"`` without
        a solution.
    why
        Why stability is what it is.
    quantities : tuple of Quantity
        With discretisation errors where they are known.
    criteria : tuple of CriterionResult
    """

    number: int
    model: int
    values: Values
    row: Row
    stability: str
    safety: str
    why: str
    quantities: tuple[Quantity, ...]
    criteria: tuple[CriterionResult, ...]

    def value(self, name: str) -> float | None:
        """Return a quantity's value by name, or None."""
        return next((quantity.value for quantity in self.quantities if quantity.name == name), None)


@dataclass(frozen=True, eq=False)
class Band:
    """What the uncertain inputs make of one judged quantity.

    Attributes
    ----------
    name, title, unit
    criterion
        The first that judges it.
    values : ndarray, shape (n,)
        Of every solved sample; NaN where one has none.
    low, middle, high : float or None
        Percentiles 5, 50 and 95 over the samples that have it; None where none has.
    stated, error : float or None
        Of the case as stated.
    sensitivity
    verdicts : tuple of Probability
        Of the criterion.
    """

    name: str
    title: str
    unit: str
    criterion: Criterion
    values: FloatArray
    low: float | None
    middle: float | None
    high: float | None
    stated: float | None
    error: float | None
    sensitivity: Sensitivity
    verdicts: tuple[Probability, ...]

    @property
    def missing(self) -> int:
        """Samples without a value."""
        return int(np.count_nonzero(np.isnan(self.values)))


@dataclass(frozen=True, eq=False)
class Judged:
    """A finished study.

    Attributes
    ----------
    rows
        What was walked.
    from_case
        Whether the ranges are the case's own.
    stated
        The case as stated.
    results : tuple of Result
        In the order of the design.
    bands : tuple of Band
        Of every quantity that a criterion judges, in the order of the criteria.
    stability, safety : tuple of Probability
        Of each verdict; empty without such a criterion.
    lost
        Probability that fixation is lost.
    """

    rows: StudyRows
    from_case: bool
    stated: Result
    results: tuple[Result, ...]
    bands: tuple[Band, ...]
    stability: tuple[Probability, ...]
    safety: tuple[Probability, ...]
    lost: Probability

    @property
    def case(self) -> Case:
        """As stated, with the element sizes of the study."""
        return self.rows.case

    @property
    def design(self) -> Design:
        """The samples."""
        return self.rows.design

    @property
    def solved(self) -> tuple[Result, ...]:
        """The samples with a solution."""
        return tuple(result for result in self.results if result.row.outcome != FAILED)


def judge_uncertainty(rows: StudyRows, *, from_case: bool) -> Judged:
    """Judge every sample by every criterion, with the discretisation error of the case as stated.

    Parameters
    ----------
    rows : StudyRows
    from_case : bool
        Whether the ranges are the case's own.

    Returns
    -------
    Judged
    """
    case, design = rows.case, rows.design
    default = with_own_errors(rows.stated)
    stated = _judged(case, 0, 0, {}, rows.stated, default)
    results = tuple(
        _judged(case, number, int(model) + 1, values, row, errors_of(default, row.quantities))
        for number, (values, model, row) in enumerate(
            zip(design.values, design.model, rows.rows, strict=True), start=1
        )
    )
    solved = [result for result in results if result.row.outcome != FAILED]
    models = np.array([result.model for result in solved], dtype=np.int64)

    def shares(verdicts: Sequence[str], found: Sequence[str]) -> tuple[Probability, ...]:
        if not found or NOT_JUDGED in found:
            return ()
        said = np.array(found)
        return tuple(probability(verdict, said == verdict, models) for verdict in verdicts)

    lost = np.array([result.row.outcome == LOST for result in solved], dtype=bool)
    return Judged(
        rows=rows,
        from_case=from_case,
        stated=stated,
        results=results,
        bands=_bands(case, design, stated, results),
        stability=shares(STABILITY_VERDICTS, [result.stability for result in solved]),
        safety=shares(SAFETY_VERDICTS, [result.safety for result in solved]),
        lost=probability("fixation lost", lost, models),
    )


def errors_of(default: Sequence[Quantity], quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Give each quantity the error of the case as stated; of a length, stress or strain it grows with it.

    Parameters
    ----------
    default : sequence of Quantity
        Of the case as stated.
    quantities : sequence of Quantity
        Of a sample.

    Returns
    -------
    tuple of Quantity
    """
    known = {quantity.name: quantity for quantity in default}
    found = []
    for quantity in quantities:
        source = known.get(quantity.name)
        if source is not None and source.error is not None:
            grows = quantity.unit in _GROWING_UNITS or quantity.name.endswith(_GROWING_NAMES)
            factor = abs(quantity.value / source.value) if grows and source.value else 1.0
            origin = f"that of the case as stated: {source.error_origin}"
            quantity = replace(quantity, error=source.error * max(1.0, factor), error_origin=origin)
        found.append(quantity)
    return tuple(found)


def _judged(
    case: Case, number: int, model: int, values: Values, row: Row, quantities: tuple[Quantity, ...]
) -> Result:
    if row.outcome == FAILED:
        why = f"No solution was found: {row.problem}."
        return Result(number, model, values, row, FAILED, FAILED, why, (), ())
    criteria = judge_all(case, quantities, row.loss)
    stability, sentences = stability_of(criteria, row.loss)
    return Result(
        number, model, values, row, str(stability), _safety(criteria, row.loss), " ".join(sentences),
        quantities, criteria,
    )  # fmt: skip


def _safety(criteria: Sequence[CriterionResult], loss: Loss | None) -> str:
    """Return the worst verdict of safety; of a lost stem only what is broken already is known."""
    group = in_group(criteria, SAFETY)
    if not group:
        return NOT_JUDGED
    worst = worst_verdict(group)
    return worst if loss is None or worst == "not met" else "not shown"


def _bands(case: Case, design: Design, stated: Result, results: Sequence[Result]) -> tuple[Band, ...]:
    solved = [row for row, result in enumerate(results) if result.row.outcome != FAILED]
    models = design.model[solved]
    levels = [len(item.choices) for item in design.uncertainty.inputs]
    found: dict[str, Band] = {}
    for criterion in case.criteria:
        if criterion.quantity in found:
            continue
        name = criterion.quantity
        values = np.array([_number(results[row].value(name)) for row in solved], dtype=np.float64)
        known = _known(name, (stated, *results))
        having = values[np.isfinite(values)]
        low, middle, high = np.percentile(having, PERCENTILES) if len(having) else [None] * 3
        own = next((quantity for quantity in stated.quantities if quantity.name == name), None)
        said = np.array(
            [item.verdict for row in solved for item in results[row].criteria if item.criterion == criterion]
        )
        found[name] = Band(
            name, criterion.title if known is None else known.title, criterion.unit, criterion, values,
            _plain(low), _plain(middle), _plain(high),
            None if own is None else own.value, None if own is None else own.error,
            sensitivity(design.shares[solved], values, models, design.names, levels)
            if len(having) else Sensitivity("No sample has a value."),
            tuple(probability(verdict, said == verdict, models) for verdict in SAFETY_VERDICTS)
            if len(said) else (),
        )  # fmt: skip
    return tuple(found.values())


def _known(name: str, results: Sequence[Result]) -> Quantity | None:
    return next((q for result in results for q in result.quantities if q.name == name), None)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _plain(value: float | None) -> float | None:
    return None if value is None else float(value)
