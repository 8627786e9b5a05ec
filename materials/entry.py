"""A value that can be traced: with unit, range, source and how well it is known.

Grades: A read in the primary source's abstract, a maker's or a regulator's page; B read
second-hand; C1, C2, C3 engineering assumptions, from confident to placeholder; D derived,
with the formula in the note. A range is an engineering assumption unless it has a source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from materials.errors import MaterialError

#: How well a value is known, by grade.
GRADES: Mapping[str, str] = {
    "A": "read in the primary source's abstract, a maker's page or a regulator's page",
    "B": "read second-hand, in a text or a code that quotes the source",
    "C1": "engineering assumption, confident",
    "C2": "engineering assumption, fair",
    "C3": "engineering assumption, a placeholder for the limits of a slider",
    "D": "derived here, by the formula in the note",
}

#: Source of every C value, and of every range that was not read.
ASSUMPTION = "engineering assumption"

#: Units in which the room states values ("1" has none).
UNITS = ("MPa", "1", "tonne/mm3", "g/cm3", "1/s", "um")


def check_origin(source: str, grade: str, note: str) -> None:
    """Refuse an origin that does not hold together.

    Raises
    ------
    MaterialError
        Where the grade is unknown, the source is empty, a C value cites or another does
        not, or a D value has no formula in its note.
    """
    if grade not in GRADES:
        raise MaterialError(f"The grade is '{grade}'; give one of {', '.join(GRADES)}.")
    if not source.strip():
        raise MaterialError(
            f"The source is empty; name it, or write '{ASSUMPTION}' and grade it C1, C2 or C3."
        )
    if (source == ASSUMPTION) != grade.startswith("C"):
        raise MaterialError(
            f"The source '{source}' does not go with grade {grade}; '{ASSUMPTION}' goes with C1, C2, C3 only."
        )
    if grade == "D" and not note.strip():
        raise MaterialError("The grade D needs its formula; write it into the note.")


@dataclass(frozen=True)
class Entry:
    """One traceable value.

    Attributes
    ----------
    value, low, high : float
        The value and the range in which it may be varied, in `unit`.
    unit
        One of `UNITS`.
    source
        Where the value stands; `ASSUMPTION` for grades C1, C2, C3.
    grade
        A key of `GRADES`.
    note
        What the value is, or the formula it follows from (grade D).
    range_source
        Where the range stands.

    Raises
    ------
    MaterialError
        Where the value lies outside its range, or source and grade do not go together.
    """

    value: float
    unit: str
    low: float
    high: float
    source: str
    grade: str
    note: str = ""
    range_source: str = ASSUMPTION

    def __post_init__(self) -> None:
        """Refuse a value that cannot be traced."""
        if self.unit not in UNITS:
            raise MaterialError(f"The unit is '{self.unit}'; give one of {', '.join(UNITS)}.")
        # NaN fails the comparison too.
        if not -math.inf < self.low <= self.value <= self.high < math.inf:
            raise MaterialError(
                f"The value {self.value:g} lies outside its range {self.low:g} to {self.high:g}; "
                "correct the value or widen the range."
            )
        check_origin(self.source, self.grade, self.note)

    def cite(self) -> str:
        """Return value, unit, range, source and grade in one line."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{self.value:g}{unit} ({self.low:g} to {self.high:g}), {self.source} [{self.grade}]"
