"""Triangles as a file states them, and how much of a file is read."""

from __future__ import annotations

from dataclasses import dataclass

from geometry.curved import FloatArray, IntArray
from geometry.errors import GeometryError

#: The largest file, and the most triangles and points, that are read.
MOST_BYTES = 100_000_000
MOST_TRIANGLES = 200_000
MOST_POINTS = 3 * MOST_TRIANGLES


@dataclass(frozen=True, eq=False)
class Raw:
    """Triangles as they stand in a file.

    Attributes
    ----------
    points : ndarray, shape (n, 3)
        In the file's unit.
    triangles : ndarray, shape (m, 3)
    single : bool
        Whether the file holds its coordinates in single precision.
    """

    points: FloatArray
    triangles: IntArray
    single: bool


def damaged(file: str, what: str) -> GeometryError:
    """Make the error of a file that does not hold what its format says.

    Parameters
    ----------
    file : str
    what : str
        After "The file ... is damaged:".
    """
    return GeometryError(f"The file {file} is damaged: {what}; export the surface again.")


def require_few(file: str, triangles: int, points: int = 0) -> None:
    """Refuse more triangles or points than are read.

    Parameters
    ----------
    file : str
    triangles, points : int
        As the file declares them.

    Raises
    ------
    GeometryError
    """
    if triangles > MOST_TRIANGLES or points > MOST_POINTS:
        many = f"{triangles} triangles" if triangles > MOST_TRIANGLES else f"{points} points"
        raise GeometryError(
            f"The file {file} has {many}, more than the {MOST_TRIANGLES} triangles that are read: export it"
            " with a coarser tolerance, or reduce it in a mesh program."
        )
    if triangles < 0 or points < 0:
        raise damaged(file, "it declares a negative number of triangles or points")
    if triangles == 0:
        raise GeometryError(f"The file {file} holds no triangle: export the surface again.")
