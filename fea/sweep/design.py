"""The samples of a sweep: what is asked, held against the case, and spelt out."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from fea.cache import digest_of
from fea.case.case import Case
from fea.case.clearances import LARGEST_STRETCH, shape_mistakes
from fea.errors import CaseError
from fea.loads.history import History, read_history
from fea.loads.sentences import nearest, sentence
from fea.sweep.parameters import PARAMETERS, Axis, Value
from fea.sweep.patterns import PATTERNS, PEAKS
from geometry.zones import COLLAR, fitted

#: Most samples of one sweep: at a second each, more than an hour.
MOST_SAMPLES = 5000

FACTORIAL, SOBOL, LIST = "full factorial", "sobol", "list"
#: Whose discretisation error a sample is judged with: the case's, or its own.
ERRORS_OF_CASE, ERRORS_OF_SAMPLE = "case", "sample"


@dataclass(frozen=True)
class Sample:
    """One set of inputs: what it states differs from the case, all else is the case's."""

    values: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """Return the value of a parameter; None where the case's stands."""
        return dict(self.values).get(name)

    @property
    def words(self) -> str:
        """The sample in words."""
        if not self.values:
            return "the case as stated"
        return ", ".join(
            f"{PARAMETERS[name].title} {PARAMETERS[name].shown(value)}" for name, value in self.values
        )


@dataclass(frozen=True)
class Question:
    """What is asked, before the case is looked at.

    Attributes
    ----------
    source
        The study file, or ``command line``: where mistakes are.
    name, title
        Of the results folder, and in words; empty for names made from the design.
    kind
        `FACTORIAL`, `SOBOL` or `LIST`.
    zone
        Name of a zone, ``all``, or None for the first zone with bands in the case, else the
        first of all.
    axes : tuple of Axis
        For `LIST` those that the samples span, made here.
    listed : tuple of Sample
        For `LIST`.
    count, seed
        For `SOBOL`.
    errors
        `ERRORS_OF_CASE` or `ERRORS_OF_SAMPLE`.
    folders : tuple of Path
        Where activities are looked for, in turn.
    """

    source: str
    axes: tuple[Axis, ...] = ()
    name: str = ""
    title: str = ""
    kind: str = FACTORIAL
    zone: str | None = None
    listed: tuple[Sample, ...] = ()
    count: int = 0
    seed: int = 0
    errors: str = ERRORS_OF_CASE
    folders: tuple[Path, ...] = ()

    def key(self, name: str) -> str:
        """Return where a parameter was stated: an option, or a key."""
        if self.source == "command line":
            return PARAMETERS[name].option if name in PARAMETERS else f"--{name}"
        return f"axes.{name}" if name in PARAMETERS and self.kind != LIST else name


@dataclass(frozen=True)
class Design:
    """The samples of a sweep on one case.

    Attributes
    ----------
    name, title, kind, errors
        As in `Question`, with defaults filled in.
    zones : tuple of str
        The zones whose fit varies.
    axes : tuple of Axis
    samples : tuple of Sample
        In order; the case as stated comes first where no sample equals it.
    stated
        Row of the sample that is the case as stated.
    stated_values : mapping of str to float, str or None
        Its value of each varied parameter; None where the case has no single one.
    histories : mapping of str to History
        Activities by the names that samples use.
    """

    name: str
    title: str
    kind: str
    errors: str
    zones: tuple[str, ...]
    axes: tuple[Axis, ...]
    samples: tuple[Sample, ...]
    stated: int
    stated_values: Mapping[str, Value | None]
    histories: Mapping[str, History] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What the design says of itself, shortened."""
        return digest_of(self.kind, self.zones, self.axes, self.samples, self.errors)[:8]

    @property
    def added(self) -> bool:
        """Whether the case as stated was put before the samples that were asked for."""
        return not self.samples[self.stated].values

    def value(self, sample: Sample, name: str) -> Value | None:
        """Return a sample's value of a parameter, the case's where it states none."""
        found = sample.get(name)
        return self.stated_values.get(name) if found is None else found


def design_of(question: Question, case: Case) -> Design:
    """Hold a question against its case and spell out its samples.

    Parameters
    ----------
    question : Question
    case : Case

    Returns
    -------
    Design

    Raises
    ------
    CaseError
        Every mistake, one sentence each.
    """
    problems: list[str] = []
    names = [axis.name for axis in question.axes]
    zones = _zones(question, case, problems)
    problems += _mistakes(question, case, names)
    histories = _histories(question, case, problems)
    problems += _too_many(question)
    if problems:
        raise CaseError(problems)
    samples = tuple(_samples(question))
    problems += _too_tight(question, case, zones, samples)
    if problems:
        raise CaseError(problems)
    stated_values = {name: stated_value(case, zones, name) for name in names}
    if case.activity is not None:
        own = [name for name, known in histories.items() if known == case.activity.history]
        stated_values |= {"activity": own[0]} if own else {}
    same = [row for row, sample in enumerate(samples) if _as_stated(sample, stated_values, case, histories)]
    every = samples if same else (Sample(), *samples)
    design = Design(
        question.name, question.title, question.kind, question.errors, zones, question.axes, every,
        same[0] if same else 0, stated_values, histories,
    )  # fmt: skip
    words = " and ".join(PARAMETERS[name].title for name in names)
    title = question.title or f"What does the verdict owe to {words}?"
    return Design(**{**vars(design), "name": question.name or design.digest, "title": title})


def stated_value(case: Case, zones: tuple[str, ...], name: str) -> Value | None:
    """Return the case's own value of a parameter; None where its zones differ."""
    fits = [case.fit[zone] for zone in zones]
    if name == "friction":
        return fits[0].friction if len({fit.friction for fit in fits}) == 1 else None
    if name == "interference_um":
        radial = {fit.radial_interference for fit in fits}
        return float(f"{2000.0 * fits[0].radial_interference:.10g}") if len(radial) == 1 else None
    if name in ("interference_scale", "interference_pattern"):
        return 1.0 if name == "interference_scale" else "uniform"
    if case.activity is None:
        return None
    if name == "body_weight_N":
        return case.activity.body_weight
    return Path(str(tomllib.loads(case.text)["activity"]["history"])).stem


def _zones(question: Question, case: Case, problems: list[str]) -> tuple[str, ...]:
    flank = fitted(case.fit)
    if question.zone is None:
        return (case.bands[0].zone,) if case.bands else flank[:1]
    if question.zone == "all":
        return flank
    if question.zone not in flank:
        choices = " or ".join([*flank, "all"])
        message = f"the stem of this case has no such zone whose fit can be swept; write {choices}"
        problems.append(sentence(question.source, question.key("zone"), message, question.zone))
        return flank[:1]
    return (question.zone,)


def _mistakes(question: Question, case: Case, names: list[str]) -> Iterator[str]:
    def at(name: str, message: str, value: object = ...) -> str:
        return sentence(question.source, question.key(name), message, value)

    if not names:
        yield f"{question.source}: there is nothing to vary; give one of {', '.join(PARAMETERS)}."
    if {"interference_um", "interference_scale"} <= set(names):
        yield at("interference_scale", "give the interference in um or as a factor on the case's, not both")
    if case.activity is None:
        for name in ("body_weight_N", "activity"):
            if name in names:
                yield at(name, f"the case {case.path} states no [activity], so there is nothing to load")
    elif case.activity.history.absolute and "body_weight_N" in names:
        yield at(
            "body_weight_N", f"the load of {case.path} is in newtons, which do not hang on the body weight"
        )
    zones = fitted(case.fit)
    for name in names if zones == (COLLAR,) else ():
        if name.startswith("interference"):
            yield at(name, "the plate of an anchor has no interference; vary its friction")
    if "interference_scale" in names and not any(case.fit[zone].radial_interference for zone in zones):
        yield at("interference_scale", "the case states no interference to scale; give interference_um")
    for axis in question.axes:
        for value in axis.values if axis.name == "interference_pattern" else ():
            if value not in PATTERNS:
                close = nearest(str(value), PATTERNS)
                meant = f"the nearest is {close}" if close else f"they are {', '.join(PATTERNS)}"
                yield at(axis.name, f"there is no such pattern; {meant}", value)


def _histories(question: Question, case: Case, problems: list[str]) -> dict[str, History]:
    """Read the activities that samples name, by the names of their files."""
    found: dict[str, History] = {}
    stated = [value for axis in question.axes if axis.name == "activity" for value in axis.values]
    for name in stated:
        folders = (*question.folders, case.path.parent)
        path = next((folder / str(name) for folder in folders if (folder / str(name)).is_file()), None)
        if path is None:
            looked = " or ".join(str(folder / str(name)) for folder in folders)
            message = f"there is no load file at {looked}"
            problems.append(sentence(question.source, question.key("activity"), message, name))
            continue
        try:
            found[str(name)] = read_history(path)
        except CaseError as error:
            problems.extend(error.problems)
            continue
        if case.activity is not None and found[str(name)].absolute != case.activity.history.absolute:
            message = "this history and the case's must both be in percent of body weight, or both in newtons"
            problems.append(sentence(question.source, question.key("activity"), message, name))
    return found


def _too_many(question: Question) -> Iterator[str]:
    count = {
        FACTORIAL: math.prod(len(axis.values) for axis in question.axes),
        SOBOL: question.count,
        LIST: len(question.listed),
    }[question.kind]
    if count > MOST_SAMPLES:
        yield (
            f"{question.source}: {count} samples are more than {MOST_SAMPLES}; give fewer values,"
            f" or a study file with design = \"{SOBOL}\"."
        )  # fmt: skip


def _samples(question: Question) -> Iterator[Sample]:
    names = [axis.name for axis in question.axes]
    if question.kind == LIST:
        yield from question.listed
    elif question.kind == FACTORIAL:
        for values in product(*(axis.values for axis in question.axes)):
            yield Sample(tuple(zip(names, values, strict=True)))
    else:
        from scipy.stats import qmc

        drawn = qmc.Sobol(len(names), scramble=True, rng=question.seed).random(question.count)
        for row in drawn:
            yield Sample(
                tuple((axis.name, _drawn(axis, float(u))) for axis, u in zip(question.axes, row, strict=True))
            )


def _drawn(axis: Axis, share: float) -> Value:
    """Return an axis's value at a share from 0 to 1 of its range, or of its list."""
    low, high = axis.values[0], axis.values[-1]
    if axis.continuous and isinstance(low, float) and isinstance(high, float):
        return float(f"{low + share * (high - low):.6g}")
    return axis.values[min(int(share * len(axis.values)), len(axis.values) - 1)]


def _too_tight(
    question: Question, case: Case, zones: tuple[str, ...], samples: tuple[Sample, ...]
) -> Iterator[str]:
    """Name the largest local interference of the sweep where it is beyond small strains."""
    largest, tightest = 0.0, Sample()
    for sample in samples:
        radial = max(radial_interference(case, zone, sample) for zone in zones)
        radial *= PEAKS[str(sample.get("interference_pattern") or "uniform")]
        if radial > largest:
            largest, tightest = radial, sample
    if any(shape_mistakes(case.bone, case.reaming, case.stem, largest, True)):
        name = next((name for name, _ in tightest.values if name.startswith("interference")), "interference")
        most = 1000 * LARGEST_STRETCH * case.stem.diameter
        message = (
            f"the diametral interference reaches {2000 * largest:.4g} um where the pattern is highest; with"
            f" the overlap that the shapes have already, at most {most:.4g} um is a fit"
        )
        yield sentence(question.source, question.key(name), message, tightest.get(name))


def radial_interference(case: Case, zone: str, sample: Sample) -> float:
    """Return a zone's mean radial interference in a sample, mm."""
    stated = sample.get("interference_um")
    radial = case.fit[zone].radial_interference if stated is None else float(stated) / 2000.0
    scale = sample.get("interference_scale")
    return radial if scale is None else radial * float(scale)


def _as_stated(
    sample: Sample, stated: Mapping[str, Value | None], case: Case, histories: Mapping[str, History]
) -> bool:
    """Tell whether a sample is the case itself."""
    for name, value in sample.values:
        own = stated[name]
        if name == "activity":
            if case.activity is None or histories[str(value)] != case.activity.history:
                return False
        elif isinstance(value, float) and isinstance(own, float):
            if not math.isclose(value, own, rel_tol=1e-9, abs_tol=1e-12):
                return False
        elif value != own:
            return False
    return True
