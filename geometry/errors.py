"""The errors of wrong shapes."""

from __future__ import annotations

import math


class GeometryError(ValueError):
    """A shape that cannot be, or shapes that do not go together: one plain sentence."""


def require_positive(what: str, value: float) -> None:
    """Refuse a size that is not a positive number.

    Parameters
    ----------
    what
        The size in words, the subject of the sentence.
    value : float, mm

    Raises
    ------
    GeometryError
        When `value` is zero, negative or no finite number.
    """
    if not (math.isfinite(value) and value > 0):
        raise GeometryError(f"{what} must be positive, but it is {value:g} mm.")


def require_not_negative(what: str, value: float) -> None:
    """Refuse a size that is negative or no finite number.

    Parameters
    ----------
    what
        The size in words, the subject of the sentence.
    value : float, mm

    Raises
    ------
    GeometryError
        When `value` is negative or no finite number.
    """
    if not (math.isfinite(value) and value >= 0):
        raise GeometryError(f"{what} must not be negative, but it is {value:g} mm.")


def direction_in_words(x: float, y: float) -> str:
    """Name the side of the bone towards which (x, y) points.

    Parameters
    ----------
    x, y : float
        Components to the front and to the patient's left.
    """
    if math.hypot(x, y) < 1e-9:
        return "on the axis"
    names = ("anterior", "anterior left", "left", "posterior left", "posterior", "posterior right", "right")
    octant = round(math.degrees(math.atan2(y, x)) / 45.0) % 8
    return (*names, "anterior right")[octant]
