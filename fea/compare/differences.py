"""What differs between two cases, and whether a quantity's change exceeds what the meshes leave open.

Errors of two runs on meshes of one kind lean the same way more often than not, but nothing shows
by how much: a change is taken for shown only where it exceeds the sum of both errors.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fea.post.assessment import Assessment
from fea.post.quantity import Quantity
from fea.post.report_words import number

Answer = Literal["shown", "not shown", "not known", "none"]

#: Keys of a case that say nothing of its mechanics.
_WORDS = ("title",)


@dataclass(frozen=True)
class Judged:
    """A solved case with its verdict.

    Attributes
    ----------
    name
        Of its file.
    title
        In words.
    text
        Of the case file.
    quantities, assessment
        What came out.
    """

    name: str
    title: str
    text: str
    quantities: tuple[Quantity, ...]
    assessment: Assessment


@dataclass(frozen=True)
class Changed:
    """A key of the case file that differs; a value is None where the key is not stated."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """A quantity in two cases.

    Attributes
    ----------
    title, unit
    before, after : Quantity or None
        None where a case does not have it.
    answer
        ``shown`` where the change exceeds both errors together, ``not shown`` where it does not, ``not
        known`` where an error is not known, ``none`` where nothing changed.
    judged
        Whether a criterion judges it.
    """

    title: str
    unit: str
    before: Quantity | None
    after: Quantity | None
    answer: Answer
    judged: bool

    @property
    def by(self) -> float | None:
        """The change, in `unit`."""
        if self.before is None or self.after is None:
            return None
        return self.after.value - self.before.value

    @property
    def both_errors(self) -> float | None:
        """The sum of both errors, in `unit`."""
        return _errors(self.before, self.after)


def changed_keys(before: str, after: str) -> tuple[Changed, ...]:
    """Compare the texts of two case files key by key.

    Parameters
    ----------
    before, after
        TOML.

    Returns
    -------
    tuple of Changed
        In the order of the files; comments and the order of keys do not count.
    """
    one, two = (dict(_flat(tomllib.loads(text))) for text in (before, after))
    keys = dict.fromkeys((*one, *two))
    return tuple(
        Changed(key, one.get(key), two.get(key))
        for key in keys
        if one.get(key) != two.get(key) and key not in _WORDS
    )


def _flat(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        here = f"{path}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{here}.")
        elif isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
            for row, entry in enumerate(value, start=1):
                yield from _flat(entry, f"{here}[{row}].")
        else:
            yield here, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_shown(entry) for entry in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def changes(before: Judged, after: Judged) -> tuple[Change, ...]:
    """Compare the quantities of two cases, judged ones first.

    Parameters
    ----------
    before, after : Judged

    Returns
    -------
    tuple of Change
    """
    one, two = ({quantity.name: quantity for quantity in case.quantities} for case in (before, after))
    criteria = [result.criterion.quantity for case in (before, after) for result in case.assessment.criteria]
    names = dict.fromkeys((*(name for name in criteria if name in one or name in two), *one, *two))
    found = []
    for name in names:
        first, second = one.get(name), two.get(name)
        said = second if second is not None else first
        assert said is not None
        found.append(Change(said.title, said.unit, first, second, answer_of(first, second), name in criteria))
    return tuple(found)


def answer_of(before: Quantity | None, after: Quantity | None) -> Answer:
    """Say whether a change is more than the errors of both values together.

    Parameters
    ----------
    before, after : Quantity or None

    Returns
    -------
    str
        As `Change.answer`.
    """
    if before is None or after is None:
        return "not known"
    if before.value == after.value:
        return "none"
    errors = _errors(before, after)
    if errors is None:
        return "not known"
    return "shown" if abs(after.value - before.value) > errors else "not shown"


def _errors(before: Quantity | None, after: Quantity | None) -> float | None:
    if before is None or after is None or before.error is None or after.error is None:
        return None
    return before.error + after.error


def sentences(
    before: Judged, after: Judged, found: Sequence[Change], keys: Sequence[Changed]
) -> tuple[str, ...]:
    """Say in words what the change did.

    Parameters
    ----------
    before, after : Judged
    found : sequence of Change
    keys : sequence of Changed

    Returns
    -------
    tuple of str
        What was changed, the verdicts, then the judged quantities whose change is shown.
    """
    return (
        _what(before, after, keys),
        _verdict("Primary stability", before.assessment.stability, after.assessment.stability),
        _verdict("Safety", before.assessment.safety, after.assessment.safety),
        *_effects([change for change in found if change.judged]),
    )


def _what(before: Judged, after: Judged, keys: Sequence[Changed]) -> str:
    if not keys:
        return f"{after.name} states the same as {before.name}: any difference is one of code or mesh."
    listed = "; ".join(
        f"{one.key}: {one.before or 'not stated'} → {one.after or 'not stated'}" for one in keys[:4]
    )
    more = f"; and {len(keys) - 4} more" if len(keys) > 4 else ""
    return f"{after.name} differs from {before.name} in {listed}{more}."


def _verdict(what: str, before: str, after: str) -> str:
    return f"{what} stays {after}." if before == after else f"{what} goes from {before} to {after}."


def _effects(judged: Sequence[Change]) -> Iterator[str]:
    for change in judged:
        if change.answer == "shown" and change.before is not None and change.after is not None:
            way = "rises" if change.after.value > change.before.value else "falls"
            yield (
                f"{change.title[:1].upper()}{change.title[1:]} {way} from {_with_error(change.before)} to"
                f" {_with_error(change.after)} {change.unit}."
            )
    silent = [change.title for change in judged if change.answer == "not shown"]
    if silent:
        yield f"Within the errors of both meshes, so not shown to have changed: {'; '.join(silent)}."
    unknown = [change.title for change in judged if change.answer == "not known"]
    if unknown:
        yield f"Not comparable, as one case has no value or no error: {'; '.join(unknown)}."


def _with_error(quantity: Quantity) -> str:
    error = "" if quantity.error is None else f" ± {number(float(f'{quantity.error:.2g}'))}"
    return f"{number(quantity.value)}{error}"
