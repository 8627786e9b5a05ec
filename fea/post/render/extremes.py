"""Where a field is largest: where it is judged and elsewhere, and its 99th percentile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.micromotion import area_percentile
from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SIDES = (
    "anterior", "anterior left", "left", "posterior left",
    "posterior", "posterior right", "right", "anterior right",
)  # fmt: skip


#: A value elsewhere is told only where it is larger by this factor.
CLEARLY = 1.02
#: Letters in a line of the legend.
LONGEST = 30


@dataclass(frozen=True, eq=False)
class Extremes:
    """Largest values of a field.

    Attributes
    ----------
    value, place
        Largest value where it is judged, and its place (3 floats, mm).
    elsewhere, elsewhere_place
        Largest value outside, where it is clearly larger still; else None.
    percentile
        99th percentile where it is judged.
    """

    value: float
    place: FloatArray
    elsewhere: float | None
    elsewhere_place: FloatArray | None
    percentile: float


def extremes(
    values: FloatArray, points: FloatArray, weight: FloatArray, judged: BoolArray
) -> Extremes | None:
    """Find the largest values.

    Parameters
    ----------
    values : ndarray, shape (n,)
    points : ndarray, shape (n, 3), mm
    weight : ndarray, shape (n,)
        Area or volume that belongs to each value; 0 leaves it out.
    judged : ndarray of bool, shape (n,)
        False near singular rims and outside the judged zone.

    Returns
    -------
    Extremes or None
        None where nothing that has weight is judged.
    """
    counts = weight > 0.0
    inside = counts & judged
    if not inside.any():
        return None
    best = int(np.argmax(np.where(inside, values, -np.inf)))
    other = int(np.argmax(np.where(counts, values, -np.inf)))
    higher = bool(values[other] > CLEARLY * values[best])
    return Extremes(
        value=float(values[best]),
        place=points[best],
        elsewhere=float(values[other]) if higher else None,
        elsewhere_place=points[other] if higher else None,
        percentile=area_percentile(values[inside], weight[inside], 99.0),
    )


def _lines(point: FloatArray, axis: Axis) -> str:
    """Say where a point is, in two lines where one would be too long for the legend."""
    words = place_words(point, axis)
    return words if len(words) <= LONGEST else words.replace(", ", ",\n")


def place_words(point: FloatArray, axis: Axis = STRAIGHT) -> str:
    """Say where a point is.

    Parameters
    ----------
    point : ndarray, shape (3,), mm
    axis : Axis
        The implant's.

    Returns
    -------
    str
        Depth from the cut along the axis, and side of it.
    """
    point = axis.straighten(point)
    depth = f"{abs(point[2]):.0f} mm deep" if point[2] > -0.5 else f"{-point[2]:.0f} mm distal of the cut"
    if np.hypot(point[0], point[1]) < 0.5:
        return f"{depth}, on the axis"
    sector = round(np.degrees(np.arctan2(point[1], point[0])) / 45.0) % 8
    return f"{depth}, {_SIDES[sector]}"


@dataclass(frozen=True)
class Words:
    """How the numbers of a picture are told: unit, format, and what is judged."""

    unit: str
    judged: str = "away from rims"
    elsewhere: str = "at a singular rim"
    form: str = ".1f"
    axis: Axis = STRAIGHT


def rows(found: Extremes | None, words: Words) -> list[tuple[str, str]]:
    """Return the numbers as rows for a legend.

    Parameters
    ----------
    found : Extremes or None
    words : Words

    Returns
    -------
    list of (str, str)
    """
    if found is None:
        return [("Largest value", "none: no contact")]
    value = f"{found.value:{words.form}} {words.unit}\n{words.judged}\n{_lines(found.place, words.axis)}"
    lines = [
        ("○  Largest", value),
        ("99th percentile there", f"{found.percentile:{words.form}} {words.unit}"),
    ]
    if found.elsewhere is not None and found.elsewhere_place is not None:
        value = f"{found.elsewhere:{words.form}} {words.unit}\n{_lines(found.elsewhere_place, words.axis)}"
        lines.append((f"◇  Larger still {words.elsewhere}", value))
    return lines


def sentence(found: Extremes | None, words: Words) -> str:
    """Return the numbers as a sentence, for those who cannot see the picture.

    Parameters
    ----------
    found : Extremes or None
    words : Words

    Returns
    -------
    str
    """
    if found is None:
        return "There is no contact."
    told = (
        f"The largest value {words.judged} is {found.value:{words.form}} {words.unit},"
        f" {place_words(found.place, words.axis)}; the 99th percentile there is"
        f" {found.percentile:{words.form}} {words.unit}."
    )
    if found.elsewhere is None or found.elsewhere_place is None:
        return told
    place = place_words(found.elsewhere_place, words.axis)
    return (
        f"{told} It is larger still {words.elsewhere}: {found.elsewhere:{words.form}} {words.unit}, {place}."
    )
