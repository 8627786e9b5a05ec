"""The study file: a sweep written down, validated as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from fea.errors import CaseError
from fea.loads.sentences import sentence
from fea.loads.tables import Number, Table, Text, read_table
from fea.sweep.design import LIST, SOBOL, Question, Sample
from fea.sweep.parameters import PARAMETERS, Axis, axis_of, range_mistake, spaced

_Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class RangeTable(Table):
    """``{ first = 0.3, last = 0.9, count = 7 }``."""

    first: Number = Field(description="the first value")
    last: Number = Field(description="the last value")
    count: int = Field(
        default=2, strict=True, description="the number of equally spaced values, both ends included"
    )


def _layout_of(stated: object) -> str:
    return "RangeTable" if isinstance(stated, dict | RangeTable) else "list"


#: A range, or a list of values.
Values = Annotated[
    Annotated[RangeTable, Tag("RangeTable")]
    | Annotated[tuple[Number, ...], Field(min_length=1), Tag("list")],
    Discriminator(_layout_of),
]


class AxesTable(Table):
    """``[axes]``: what varies."""

    friction: Values = Field(default=(), description="friction of the swept zone")
    interference_um: Values = Field(default=(), description="diametral interference of the swept zone")
    interference_scale: Values = Field(
        default=(), description="factor on the interference that the case states"
    )
    interference_pattern: _Words = Field(
        default=(), description="how the interference is spread over the zone"
    )
    body_weight_N: Values = Field(default=(), description="body weight")
    activity: _Words = Field(default=(), description="load files, relative to the study file")


class SampleTable(Table):
    """One ``[[sample]]``: what it leaves out is the case's."""

    friction: Number | None = Field(default=None, description="friction of the swept zone")
    interference_um: Number | None = Field(default=None, description="diametral interference")
    interference_scale: Number | None = Field(default=None, description="factor on the interference")
    interference_pattern: Text | None = Field(default=None, description="how it is spread")
    body_weight_N: Number | None = Field(default=None, description="body weight")
    activity: Text | None = Field(default=None, description="a load file, relative to the study file")


class SobolTable(Table):
    """``[sobol]``: a scrambled Sobol sequence over the axes."""

    count: int = Field(strict=True, ge=2, le=4096, description="the number of samples, a power of two")
    seed: int = Field(strict=True, ge=0, le=2**31, description="what the scrambling starts from")


class StudyFile(Table):
    """A study file as it stands."""

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    title: Text = Field(description="the question in words")
    zone: Text | None = Field(
        default=None,
        description="the zone whose fit varies, or all (default: the first with bands in the case)",
    )
    design: Literal["full factorial", "sobol", "list"] = Field(
        default="full factorial", description="how the samples are laid out"
    )
    errors: Literal["case", "sample"] = Field(
        default="case", description="whose discretisation error a sample is judged with"
    )
    axes: AxesTable = Field(default=AxesTable(), description="what varies")
    sobol: SobolTable | None = Field(default=None, description="count and seed of the sequence")
    sample: tuple[SampleTable, ...] = Field(default=(), description="the samples of a list")


def read_study(path: Path) -> Question:
    """Read a study file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Question

    Raises
    ------
    CaseError
        Every mistake that the file alone shows, one sentence each.
    """
    study = read_table(path, "study file", StudyFile)
    problems = [sentence(str(path), *mistake) for mistake in _layout_mistakes(study)]
    found = [*_axes(study.axes)] if study.design != LIST else [*_spanned(study.sample)]
    axes = tuple(axis for _, _, axis in found if isinstance(axis, Axis))
    problems += [sentence(str(path), key, axis, value) for key, value, axis in found if isinstance(axis, str)]
    if problems:
        raise CaseError(problems)
    return Question(
        source=str(path),
        axes=axes,
        name=path.stem,
        title=study.title,
        kind=study.design,
        zone=study.zone,
        listed=tuple(_sample(table) for table in study.sample),
        count=study.sobol.count if study.sobol else 0,
        seed=study.sobol.seed if study.sobol else 0,
        errors=study.errors,
        folders=(path.parent,),
    )


def _layout_mistakes(study: StudyFile) -> Iterator[tuple[str, str, object]]:
    """Yield key, sentence and value of what does not go with the design."""
    axes = study.axes.model_fields_set
    if study.design == LIST:
        if not study.sample:
            yield "sample", 'a design "list" needs its samples; add tables headed [[sample]]', ...
        if axes:
            yield "axes", 'a design "list" has no axes; leave [axes] out or write another design', ...
    elif study.sample:
        yield "sample", f'samples go with design = "list"; this one is "{study.design}"', ...
    elif not axes:
        yield "axes", f"there is nothing to vary; give one of {', '.join(PARAMETERS)}", ...
    if study.design == SOBOL and study.sobol is None:
        yield "sobol", 'a design "sobol" needs [sobol] with count and seed', ...
    if study.design != SOBOL and study.sobol is not None:
        yield "sobol", f'this table goes with design = "sobol"; this one is "{study.design}"', ...
    if study.sobol is not None and study.sobol.count & (study.sobol.count - 1):
        below = 1 << (study.sobol.count.bit_length() - 1)
        message = f"a Sobol sequence is even at powers of two only; write {below} or {2 * below}"
        yield "sobol.count", message, study.sobol.count
    for index, table in enumerate(study.sample):
        if not table.model_fields_set:
            yield f"sample[{index}]", "this sample states nothing; the case as stated is always there", ...


def _axes(table: AxesTable) -> Iterator[tuple[str, object, Axis | str]]:
    """Yield key, stated value, and the axis or what is wrong with it."""
    for name in PARAMETERS:
        stated = getattr(table, name)
        if name not in table.model_fields_set:
            continue
        key, shown = f"axes.{name}", stated if not isinstance(stated, RangeTable) else ...
        if not isinstance(stated, RangeTable):
            yield key, list(stated), axis_of(name, tuple(stated))
        elif mistake := range_mistake(stated.first, stated.last, stated.count):
            yield key, _written(stated), mistake
        else:
            values = spaced(stated.first, stated.last, stated.count)
            yield key, shown, axis_of(name, values, continuous=True)


def _written(table: RangeTable) -> str:
    return f"{table.first:g}:{table.last:g}:{table.count}"


def _spanned(samples: tuple[SampleTable, ...]) -> Iterator[tuple[str, object, Axis | str]]:
    """Yield the axes that listed samples span."""
    for name in PARAMETERS:
        values: list[Any] = []
        for index, table in enumerate(samples):
            value = getattr(table, name)
            if value is not None and (mistake := PARAMETERS[name].wrong(value)):
                yield f"sample[{index}].{name}", value, mistake
            elif value is not None and value not in values:
                values.append(value)
        if values:
            ordered = sorted(values) if PARAMETERS[name].numeric else values
            yield f"sample.{name}", ..., axis_of(name, tuple(ordered))


def _sample(table: SampleTable) -> Sample:
    stated = table.model_dump(exclude_none=True)
    return Sample(tuple((name, stated[name]) for name in PARAMETERS if name in stated))
