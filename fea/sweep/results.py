"""A sweep judged: each sample's verdict, and the band of every quantity over the samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from fea.case.case import Case
from fea.post.corners import stability_of, with_errors_of
from fea.post.criteria import PRIMARY_STABILITY, CriterionResult, in_group, judge_all
from fea.post.micromotion import BAND_EDGES_um
from fea.post.quantity import Quantity, with_errors
from fea.sweep.design import ERRORS_OF_SAMPLE, Design, Sample
from fea.sweep.rows import FAILED, LOST, Row
from fea.sweep.run import Walked

#: Verdicts in the order from good to bad.
VERDICTS = ("stable", "not judged", "not shown", "unstable", "fixation lost", "not solved")


@dataclass(frozen=True)
class Result:
    """One sample, judged.

    Attributes
    ----------
    number
        From 1, in the order of the design.
    sample, row
    verdict
        One of `VERDICTS`.
    sentence
        Why.
    quantities : tuple of Quantity
        With discretisation errors where they are known.
    criteria : tuple of CriterionResult
        Those of primary stability; none without a solution.
    """

    number: int
    sample: Sample
    row: Row
    verdict: str
    sentence: str
    quantities: tuple[Quantity, ...]
    criteria: tuple[CriterionResult, ...]

    def quantity(self, name: str) -> Quantity | None:
        """Return a quantity by name, or None."""
        return next((quantity for quantity in self.quantities if quantity.name == name), None)

    def number_of(self, name: str) -> float | None:
        """Return a quantity's value by name, or None."""
        found = self.quantity(name)
        return None if found is None else found.value


@dataclass(frozen=True)
class Band:
    """What one quantity does over the sweep.

    Attributes
    ----------
    name, title, unit
    least, middle, most
        Minimum, median and maximum over the samples that have the quantity.
    at_least, at_most : Result
        Samples of minimum and maximum.
    stated : float or None
        Of the case as stated.
    samples
        How many have the quantity.
    """

    name: str
    title: str
    unit: str
    least: float
    middle: float
    most: float
    at_least: Result
    at_most: Result
    stated: float | None
    samples: int


@dataclass(frozen=True)
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    case, walked
    results : tuple of Result
        In the order of the design.
    bands : tuple of Band
    notes : tuple of str
        What keeps the verdicts from being more than they are.
    """

    case: Case
    walked: Walked
    results: tuple[Result, ...]
    bands: tuple[Band, ...]
    notes: tuple[str, ...]

    @property
    def design(self) -> Design:
        """The samples."""
        return self.walked.design

    @property
    def asked(self) -> tuple[Result, ...]:
        """The results that were asked for: without the case as stated where it was added."""
        return self.results[1:] if self.design.added else self.results

    @property
    def stated(self) -> Result:
        """The case as stated."""
        return self.results[self.design.stated]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of the samples that were asked for have each verdict, from good to bad."""
        found = Counter(result.verdict for result in self.asked)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}


def judge_sweep(case: Case, walked: Walked) -> Sweep:
    """Judge every sample by the interface, as the corners of a case are.

    Parameters
    ----------
    case : Case
    walked : Walked

    Returns
    -------
    Sweep
    """
    design = walked.design
    stated = walked.rows[design.stated]
    default = with_own_errors(stated)
    results = []
    for number, (sample, row) in enumerate(zip(design.samples, walked.rows, strict=True), start=1):
        if design.errors == ERRORS_OF_SAMPLE:
            quantities = with_own_errors(row)
        else:
            quantities = with_errors_of(default, row.quantities)
        results.append(_judged(case, number, sample, row, quantities))
    notes = (*_notes(case, design, stated), *_migrated(results))
    return Sweep(case, walked, tuple(results), bands_of(results, design.stated), notes)


def bands_of(results: Sequence[Result], stated: int) -> tuple[Band, ...]:
    """Return the band of every quantity that a sample has.

    Parameters
    ----------
    results : sequence of Result
    stated : int
        Row of the case as stated.

    Returns
    -------
    tuple of Band
        In the order in which a full row tells its quantities.
    """
    known: dict[str, Quantity] = {}
    for result in sorted(results, key=lambda result: -len(result.quantities)):
        for quantity in result.quantities:
            known.setdefault(quantity.name, quantity)
    found = []
    for name, quantity in known.items():
        having = [(value, result) for result in results if (value := result.number_of(name)) is not None]
        least = min(having, key=lambda pair: pair[0])
        most = max(having, key=lambda pair: pair[0])
        found.append(
            Band(
                name, quantity.title, quantity.unit, least[0], median(value for value, _ in having), most[0],
                least[1], most[1], results[stated].number_of(name), len(having),
            )
        )  # fmt: skip
    return tuple(found)


def with_own_errors(row: Row) -> tuple[Quantity, ...]:
    """Return the quantities of a row with the errors that its own companion mesh gives."""
    return row.quantities if row.ratio is None else with_errors(row.quantities, row.coarse, row.ratio)


def _judged(case: Case, number: int, sample: Sample, row: Row, quantities: tuple[Quantity, ...]) -> Result:
    if row.outcome == FAILED:
        sentence = f"No solution was found: {row.problem}."
        return Result(number, sample, row, FAILED, sentence, (), ())
    criteria = in_group(judge_all(case, quantities, row.loss), PRIMARY_STABILITY)
    stability, sentences = stability_of(criteria, row.loss)
    verdict = LOST if row.outcome == LOST else str(stability)
    return Result(number, sample, row, verdict, " ".join(sentences), quantities, criteria)


def _migrated(results: Sequence[Result]) -> Iterator[str]:
    """Yield a warning where samples are stable only after they have moved far."""
    limit = BAND_EDGES_um[-1]
    far = [
        result
        for result in results
        if result.verdict == "stable" and (result.number_of("migration_p95_um") or 0.0) > limit
    ]
    if far:
        yield (
            f"{len(far)} of the stable samples migrate by more than {limit:g} µm (95th percentile) before the"
            " judged cycle: their micromotion is small only once they have moved. No criterion judges"
            " migration."
        )


def _notes(case: Case, design: Design, stated: Row) -> list[str]:
    """Return what a reader must know of all verdicts alike."""
    found = []
    if not in_group(judge_all(case, (), None), PRIMARY_STABILITY):
        found.append("The case states no criterion of primary stability: only fixation is told.")
    elif not case.mesh.companion:
        found.append(
            "The case has no companion mesh, so no discretisation error is known, and no sample can be shown"
            " stable; write companion = true in [mesh]."
        )
    elif design.errors != ERRORS_OF_SAMPLE and (stated.coarse is None or stated.loss is not None):
        found.append(
            "The case as stated has no judged cycle, so that its discretisation error is not known and no"
            " sample can be shown stable; judge each sample with its own error (--errors sample)."
        )
    elif design.errors != ERRORS_OF_SAMPLE:
        found.append(
            "Every sample is judged with the discretisation error of the case as stated; in µm it grows with"
            " the value."
        )
    return found
