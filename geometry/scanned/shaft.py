"""The shaft of a long bone: its axis, and the frame of the implant along it.

The axis is the line through the centroids of the sections across it, by least squares; sections and
line are found in turn until neither changes. The frame has z along the axis towards the body, 0 at
the cut, and x as near to anterior as a right angle to z allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from geometry.axis import STRAIGHT, Axis
from geometry.errors import GeometryError
from geometry.scanned.slices import FloatArray, Triangles

#: Distance of the sections whose centroids are taken, mm.
_PITCH = 2.0
_ROUNDS = 40
#: The shaft ends where sections are larger than its smallest one by this factor.
WIDER = 1.5
#: Least length of shaft through which an axis can be laid, mm.
LEAST_LENGTH = 20.0
#: Largest angle between the axis found and the direction stated, degrees.
MOST_LEAN = 45.0
#: How far above the cut such an end face is looked for, mm, and how far above it the default cut lies.
_NEAR, _CLEAR = 15.0, 0.5


class Solid(Protocol):
    """A bone's sections, whatever they are found from: a triangulated surface, or a volume."""

    @property
    def settled(self) -> float:
        """Change of axis and origin (mm) below which two looks are the same."""

    @property
    def extent(self) -> tuple[float, float]:
        """Lowest and highest level, mm."""

    def lowest(self, direction: FloatArray) -> float:
        """Return the least coordinate along a direction, mm."""

    def moved(self, turn: FloatArray, origin: FloatArray, axis: Axis = STRAIGHT) -> Solid:
        """Return the bone in the straight frame of an implant; see `slices.Triangles.moved`."""

    def end_face(self, reach: float) -> float:
        """Return how far above the foot the bone's own end face reaches, mm, 0 where none is seen."""

    def sections(self, levels: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return areas, shape (l,), mm^2, NaN without a section, and centroids, shape (l, 3), mm."""


@dataclass(frozen=True, eq=False)
class Shaft:
    """Where a bone's shaft lies.

    Attributes
    ----------
    turn : ndarray, shape (3, 3)
        Rows: anterior, left and proximal direction of the implant's frame.
    origin : ndarray, shape (3,), mm
        Where the axis meets the cut.
    length : float, mm
        From the cut to where the bone has widened by `WIDER`.
    straightness : float, mm
        Largest distance of a centroid from the axis.
    cut : float, mm
        Level of the cut above the bone's most distal point, along the axis.
    """

    turn: FloatArray
    origin: FloatArray
    length: float
    straightness: float
    cut: float


def find_shaft(
    bone: Solid,
    proximal: FloatArray,
    anterior: FloatArray,
    cut: float | None = None,
    length: float | None = None,
    axis: Axis = STRAIGHT,
) -> Shaft:
    """Lay the implant's axis through a bone's shaft.

    Parameters
    ----------
    bone : Solid
        Triangles of its surface, say.
    proximal, anterior : ndarray, shape (3,)
        Directions, about.
    cut : float, mm, optional
        Level of the cut above the bone's most distal point; just above the surface's own end face where
        None.
    length : float, mm, optional
        How much of the bone the axis follows; the whole shaft where None.
    axis : Axis
        Of the implant: a bowed one is laid along the bow of the centroids.

    Returns
    -------
    Shaft

    Raises
    ------
    GeometryError
        When the cut lies outside the bone or in its end face, there is no shaft of `LEAST_LENGTH` above
        it, its axis leans by more than `MOST_LEAN`, or the directions are alike.
    """
    turn, origin = _frame(proximal, anterior), np.zeros(3)
    origin = bone.lowest(turn[2]) * turn[2]
    for _ in range(_ROUNDS):
        seen = bone.moved(turn, origin, axis)
        foot, top = seen.extent
        face = seen.end_face((cut or 0.0) + _NEAR)
        low = foot + (face + _CLEAR if cut is None else cut)
        if low >= top:
            raise GeometryError(
                f"The cut lies {low - foot:g} mm above the bone's most distal point, outside the bone, which"
                f" is {top - foot:.1f} mm long."
            )
        levels = np.arange(_CLEAR, min(top - low, length or np.inf), _PITCH)
        areas, centres = seen.sections(low + levels)
        end = _end_of_shaft(levels, areas)
        if min(end, length or end) < LEAST_LENGTH:
            _require_above(face, cut)
            raise GeometryError(
                f"The bone has {min(end, length or end):.0f} mm of shaft above the cut before it widens by"
                f" {100 * WIDER - 100:.0f} %, where an axis needs {LEAST_LENGTH:g} mm: state another cut, or"
                " sections in [[bone.station]]."
            )
        kept = np.isfinite(areas) & ((levels <= end) if length is None else True)
        middle = centres[kept].mean(axis=0)
        along = np.linalg.svd(centres[kept] - middle)[2][0]
        along *= np.sign(along[2])
        start = middle + along * (low - middle[2]) / along[2]
        new = _frame(turn.T @ along, anterior), turn.T @ axis.bend(start) + origin
        change = float(np.linalg.norm(new[0] - turn)) + float(np.linalg.norm(new[1] - origin))
        turn, origin = new
        if change < bone.settled:
            _require_above(face, cut)
            _require_near(turn[2], proximal)
            beside = (centres[kept] - middle) - np.outer((centres[kept] - middle) @ along, along)
            return Shaft(turn, origin, end, float(np.linalg.norm(beside, axis=1).max()), low - foot)
    raise GeometryError(
        "The bone's surface has no shaft through which an axis can be laid above the cut: its sections lead"
        " to another axis with every look; state another cut, or sections in [[bone.station]]."
    )


def stated_shaft(
    bone: Triangles, proximal: FloatArray, anterior: FloatArray, cut: float | None = None
) -> Shaft:
    """Lay the implant's axis along the stated direction, through the centroid of the section at the cut.

    Parameters
    ----------
    bone : Triangles
    proximal, anterior : ndarray, shape (3,)
        Directions; the first one exactly.
    cut : float, mm, optional
        As `find_shaft`.

    Returns
    -------
    Shaft
        Of no length, and of no straightness.

    Raises
    ------
    GeometryError
        When the cut lies outside the bone or in its end face, or the directions are alike.
    """
    turn = _frame(proximal, anterior)
    seen = bone.moved(turn, np.zeros(3))
    foot, top = seen.extent
    face = seen.foot_face()
    _require_above(face, cut)
    low = foot + (face + _CLEAR if cut is None else cut)
    _, centre = seen.sections(np.array([low]))
    if low >= top or not np.isfinite(centre).all():
        raise GeometryError(
            f"The cut lies {low - foot:g} mm above the bone's most distal point, outside the bone, which"
            f" is {top - foot:.1f} mm long."
        )
    return Shaft(turn, turn.T @ centre[0], 0.0, 0.0, low - foot)


def _require_near(axis: FloatArray, proximal: FloatArray) -> None:
    """Refuse an axis that lies far from the stated direction, which then tells neither end from the other."""
    cosine = float(axis @ proximal) / float(np.linalg.norm(proximal))
    lean = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    if lean > MOST_LEAN:
        raise GeometryError(
            f"The shaft's axis leans {lean:.0f} degrees from the stated proximal direction, more than the"
            f" {MOST_LEAN:g} by which a direction tells the ends apart: correct proximal and anterior."
        )


def _require_above(face: float, cut: float | None) -> None:
    """Refuse a cut through the surface's own end face."""
    if cut is not None and face > cut:
        raise GeometryError(
            f"The cut at {cut:g} mm runs through the surface's own end face, which reaches up to {face:.1f}"
            f" mm along the bone's axis: cut at {face + _CLEAR:.1f} mm or more."
        )


def _frame(proximal: FloatArray, anterior: FloatArray) -> FloatArray:
    z = np.asarray(proximal, dtype=np.float64)
    if not (np.linalg.norm(z) > 0.0 and np.linalg.norm(anterior) > 0.0):
        raise GeometryError(
            "The proximal direction and the anterior one must be directions, but one of them is 0."
        )
    z = z / np.linalg.norm(z)
    x = anterior - (anterior @ z) * z
    size = float(np.linalg.norm(x))
    if not size > 0.1 * float(np.linalg.norm(anterior)):
        raise GeometryError("The anterior direction must be across the proximal one, but both are alike.")
    x = x / size
    return np.stack([x, np.cross(z, x), z])


def _end_of_shaft(levels: FloatArray, areas: FloatArray) -> float:
    """Level above the cut at which sections have widened, seen from the smallest one in the first half."""
    found = np.flatnonzero(np.isfinite(areas))
    if not len(found):
        return 0.0
    half = found[: max(1, len(found) // 2)]
    smallest = int(half[np.argmin(areas[half])])
    wide = np.flatnonzero(~(areas <= WIDER * areas[smallest]) & (np.arange(len(areas)) > smallest))
    return float(levels[wide[0]] if len(wide) else levels[found[-1]])
