"""What a sweep can vary, and how its values are written on the command line.

``a,b,c`` lists values; ``A:B:N`` is N equally spaced values from A to B, both included.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

Value = float | str

#: Most values of one axis.
MOST_VALUES = 1000


@dataclass(frozen=True)
class Parameter:
    """One input that a sweep can vary.

    Attributes
    ----------
    name
        Its key in a study file and its column in the table, with the unit.
    title, unit
        In words; ``"1"`` for no unit.
    help
        For the command line.
    least, most
        Range of a number; both None for words.
    open_end
        True where the least value itself is not allowed.
    zoned
        Whether it belongs to the swept zone of the stem.
    """

    name: str
    title: str
    unit: str
    help: str
    least: float | None = None
    most: float | None = None
    open_end: bool = False
    zoned: bool = True

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.least is not None

    @property
    def option(self) -> str:
        """Its option on the command line."""
        return f"--{self.name.replace('_', '-')}"

    def shown(self, value: Value | None) -> str:
        """Return a value with its unit, as it is printed."""
        if value is None:
            return "–"
        if isinstance(value, str):
            return PurePath(value).stem.replace("_", " ")
        unit = {"1": "", "um": " µm", "factor": "×"}.get(self.unit, f" {self.unit}")
        return f"{value:.4g}{unit}"

    def wrong(self, value: Value) -> str | None:
        """Say what is wrong with a value of a numeric parameter; None where it may stand."""
        if not isinstance(value, float) or self.least is None or self.most is None:
            return None
        if not math.isfinite(value):
            return "must be a finite number"
        if value < self.least or (self.open_end and value == self.least):
            return f"must be {'greater than' if self.open_end else 'at least'} {self.least:g}"
        return f"must be at most {self.most:g}" if value > self.most else None


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in (
            Parameter("friction", "friction", "1", "coefficient of friction of the zone", 0.0, 1e6),
            Parameter(
                "interference_um", "diametral interference", "um",
                "diametral interference of the zone in um", 0.0, 100_000.0,
            ),
            Parameter(
                "interference_scale", "factor on the interference", "factor",
                "factor on the interference that the case states", 0.0, 100.0,
            ),
            Parameter(
                "interference_pattern", "pattern of the interference", "1",
                "how the interference is spread over the zone: uniform, distal, proximal, middle, ends,"
                " anteroposterior, mediolateral",
            ),
            Parameter(
                "body_weight_N", "body weight", "N", "body weight in N", 0.0, 1e6, open_end=True, zoned=False
            ),
            Parameter(
                "activity", "activity", "1", "load files, beside this folder or the case's", zoned=False
            ),
        )
    }
)  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """The values of one parameter.

    Attributes
    ----------
    name
        Key of `PARAMETERS`.
    values : tuple of float or of str
        In the order in which they were stated.
    continuous
        Whether values between the ends may be drawn too: for a range, not for a list.
    """

    name: str
    values: tuple[Value, ...]
    continuous: bool = False

    @property
    def parameter(self) -> Parameter:
        """What varies."""
        return PARAMETERS[self.name]


def spaced(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return `count` equally spaced values from `low` to `high`, free of round-off in the tenth digit."""
    if count == 1:
        return (low,)
    return tuple(float(f"{low + (high - low) * k / (count - 1):.10g}") for k in range(count))


def range_mistake(low: float, high: float, count: int) -> str | None:
    """Say what is wrong with a range; None where it is sound."""
    if not 1 <= count <= MOST_VALUES:
        return f"a range has 1 to {MOST_VALUES} values, not {count}"
    if count == 1 and low != high:
        return "a range of one value must begin and end at it; give 2 values or more"
    if count > 1 and not low < high:
        return f"a range must rise from its first to its last value, but {low:g} is not below {high:g}"
    return None


def parse_axis(name: str, text: str) -> Axis | str:
    """Read one axis from the command line.

    Parameters
    ----------
    name : str
        Key of `PARAMETERS`.
    text : str
        ``A:B:N`` or ``a,b,c``.

    Returns
    -------
    Axis or str
        What is wrong with it, in words, where it is no axis.
    """
    parameter = PARAMETERS[name]
    if not parameter.numeric:
        words = tuple(word.strip() for word in text.split(",") if word.strip())
        return axis_of(name, words) if words else "give one or more, with commas between them"
    parts = text.split(":")
    if len(parts) not in (1, 3):
        return "write first:last:number, such as 0.3:0.9:7, or values with commas, such as 0.3,0.5"
    if len(parts) == 1:
        try:
            return axis_of(name, tuple(float(part) for part in text.split(",")))
        except ValueError:
            return "every value must be a number; write values with commas, such as 0.3,0.5"
    try:
        low, high = float(parts[0]), float(parts[1])
    except ValueError:
        return "the first and the last value must be numbers, such as 0.3:0.9:7"
    try:
        count = int(parts[2])
    except ValueError:
        return "the number of values must be a whole number, such as 0.3:0.9:7"
    mistake = range_mistake(low, high, count)
    return mistake or axis_of(name, spaced(low, high, count), continuous=True)


def axis_of(name: str, values: tuple[Value, ...], *, continuous: bool = False) -> Axis | str:
    """Return an axis of sound values, or what is wrong with the first that is not."""
    parameter = PARAMETERS[name]
    for value in values:
        if mistake := parameter.wrong(value):
            return f"{parameter.title} {mistake}, not {value:g}"
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        return f"{parameter.shown(twice)} stands twice"
    if len(values) > MOST_VALUES:
        return f"an axis has at most {MOST_VALUES} values, not {len(values)}"
    return Axis(name, values, continuous)
