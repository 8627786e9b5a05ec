"""How a lag screw seats: where its hole enters and leaves bone, and where each of its ends comes to lie.

An end lies in the stem, in bone, or outside of the bone. The hole of an end that lies in bone is drilled
`DEEPER` than the screw, so that its end face touches nothing; that of an end that stands out goes
through the wall.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geometry.canal import Canal
from geometry.errors import GeometryError, direction_in_words
from geometry.lag_screw import LEAST_STEP, LEAST_WALL, LagScrew
from geometry.stem import Stem

FloatArray = NDArray[np.float64]
#: Where an end of the screw lies.
Place = Literal["stem", "bone", "out"]

#: How much deeper than a screw that ends in bone its hole is, mm.
DEEPER = 1.0
#: Least way by which the whole end of a screw stands in bone, or out of it, mm.
LEAST_DEPTH, LEAST_OUT = 1.0, 0.5
#: How far a hole that goes through a wall is cut beyond the bone's outer surface and the screw, mm.
_BEYOND = 2.0

_TURNS, _WAYS, _BISECTIONS = 96, 400, 40


@dataclass(frozen=True)
class End:
    """One end of a screw.

    Attributes
    ----------
    side : {"tip", "head"}
    place
        In the stem, in bone, outside of it; None where none of them holds.
    depth : float, mm
        How far its face lies outside of the stem, where it is shallowest.
    out : float, mm
        How far its face stands out of the bone's outer surface, where it stands out least; negative
        inside.
    """

    side: Literal["tip", "head"]
    place: Place | None
    depth: float
    out: float


def ends(screw: LagScrew, canal: Canal, stem: Stem) -> tuple[End, End]:
    """Say where the two ends of a screw lie.

    Parameters
    ----------
    screw : LagScrew
    canal : Canal
    stem : Stem

    Returns
    -------
    tip, head : End
    """
    return _end(screw, canal, stem, "tip", 1.0), _end(screw, canal, stem, "head", -1.0)


def _end(screw: LagScrew, canal: Canal, stem: Stem, side: Literal["tip", "head"], sign: float) -> End:
    way = screw.tip if sign > 0 else screw.head
    face, bottom = _disc(screw, sign * way), _disc(screw, sign * (way + DEEPER))
    out = canal.bone.outside_outer(face)
    depth = canal.outside(face)
    in_stem = stem.profile.outside(np.hypot(face[:, 0], face[:, 1]), face[:, 2])
    place: Place | None = None
    if in_stem.max() <= -LEAST_STEP:
        place = "stem"
    elif out.min() >= LEAST_OUT:
        place = "out"
    elif depth.min() >= LEAST_DEPTH and canal.bone.outside_outer(bottom).max() <= -LEAST_WALL:
        place = "bone"
    return End(side, place, float(depth.min()), float(out.min()))


def _disc(screw: LagScrew, along: float) -> FloatArray:
    """Points of the screw's section, centre and rim among them."""
    turn = np.linspace(0.0, math.tau, _TURNS, endpoint=False)
    rings = [
        screw.at(turn, np.full(_TURNS, along), share * screw.radius) for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    return np.concatenate(rings)


def hole(screw: LagScrew, canal: Canal, stem: Stem) -> LagScrew:
    """Give the hole that a screw stands in, as a cylinder of its own length.

    Parameters
    ----------
    screw : LagScrew
        Whose ends lie where they may.
    canal : Canal
    stem : Stem

    Returns
    -------
    LagScrew
    """
    tip, head = ends(screw, canal, stem)
    return screw.longer(_bottom(screw, canal, tip, screw.tip), _bottom(screw, canal, head, screw.head))


def _bottom(screw: LagScrew, canal: Canal, end: End, way: float) -> float:
    if end.place == "out":
        sign = 1.0 if end.side == "tip" else -1.0
        while canal.bone.outside_outer(_disc(screw, sign * way)).min() < _BEYOND:
            way += 0.5
        return way + _BEYOND
    return way + DEEPER if end.place == "bone" else way


def mouths(screw: LagScrew, canal: Canal, stem: Stem) -> dict[str, FloatArray]:
    """Trace the edges between which the screw touches bone, one closed curve each.

    Parameters
    ----------
    screw : LagScrew
    canal : Canal
    stem : Stem

    Returns
    -------
    dict of str to ndarray, shape (96, 3), mm
        By ``"tip inner"``, where the hole leaves the canal, and ``"tip outer"``, where it comes out of
        the bone or the screw ends, and by ``"head inner"`` and ``"head outer"``; without the two of a
        side that ends in the stem.
    """
    turn = np.linspace(0.0, math.tau, _TURNS, endpoint=False)
    found = {}
    for end in ends(screw, canal, stem):
        if end.place in (None, "stem"):
            continue
        sign, way = (1.0, screw.tip) if end.side == "tip" else (-1.0, screw.head)
        inner = _crossing(canal.outside, screw, turn, 0.0, sign * way)
        outer = np.full(_TURNS, sign * way)
        if end.place == "out":
            outer = _crossing(canal.bone.outside_outer, screw, turn, 0.0, sign * way)
        found[f"{end.side} inner"] = screw.at(turn, inner)
        found[f"{end.side} outer"] = screw.at(turn, outer)
    return found


def _crossing(
    outside: Callable[[FloatArray], FloatArray], screw: LagScrew, turn: FloatArray, start: float, end: float
) -> FloatArray:
    """Find where lines along the screw's surface last turn from inside to outside, seen from their end."""
    ways = np.linspace(end, start, _WAYS)
    points = screw.at(np.repeat(turn, _WAYS), np.tile(ways, len(turn)))
    out = (outside(points) > 0).reshape(len(turn), _WAYS)
    first = np.argmin(out, axis=1)
    high, low = ways[np.maximum(first - 1, 0)], ways[first]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        beyond = outside(screw.at(turn, middle)) > 0
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.asarray((low + high) / 2)


def screw_seat_faults(canal: Canal, stem: Stem) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a screw in its bone: the size, and the requirement in words.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    screw = stem.lag_screw
    if screw is None:
        return
    bone = canal.bone
    found = ends(screw, canal, stem)
    for end in found:
        if end.place is None:
            yield end.side, _where(screw, canal, stem, end)
    if any(end.place is None for end in found):
        return
    if all(end.place == "stem" for end in found):
        yield "tip", "the screw must reach bone: give a longer one"
        return
    way = np.linspace(-screw.head, screw.tip, _WAYS)
    turn = np.linspace(0.0, math.tau, _TURNS, endpoint=False)
    points = screw.at(np.repeat(turn, _WAYS), np.tile(way, _TURNS))
    near = points[(bone.outside_outer(points) < LEAST_WALL) & (canal.outside(points) > -LEAST_WALL)]
    for face, room in (("cut", near[:, 2]), ("upper end", bone.length - near[:, 2])):
        row = int(np.argmin(room))
        if room[row] < LEAST_WALL:
            x, y, _ = near[row]
            where = direction_in_words(float(x), float(y))
            left = f"keeps {room[row]:.1f} mm" if room[row] > 0 else "comes out"
            yield (
                "level",
                f"the screw must keep {LEAST_WALL:g} mm from the bone's {face}, but {left} there ({where})",
            )


def seats(canal: Canal, stem: Stem) -> bool:
    """Tell whether a stem's screw, if it has one, seats in a bone.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    screw = stem.lag_screw
    if screw is not None and any(end.place is None for end in ends(screw, canal, stem)):
        return False
    return next(screw_seat_faults(canal, stem), None) is None


def _where(screw: LagScrew, canal: Canal, stem: Stem, end: End) -> str:
    """Say where an end may lie, and where this one does."""
    sign = 1.0 if end.side == "tip" else -1.0
    ways = np.arange(0.5, 2 * float(canal.bone.outer_semi_axes(np.array([screw.level])).max()) + 60.0, 0.1)
    places = [_end(screw.longer(way, way), canal, stem, end.side, sign).place for way in ways.tolist()]
    least_out = next((way for way, place in zip(ways, places, strict=True) if place == "out"), None)
    in_bone = [way for way, place in zip(ways, places, strict=True) if place == "bone"]
    choices = [f"{in_bone[0]:.1f} to {in_bone[-1]:.1f} mm to end in bone"] if in_bone else []
    choices += [] if least_out is None else [f"{least_out:.1f} mm or more to go through the wall"]
    return (
        f"the screw must end a millimetre deep in bone and two before its outer surface, or stand out of it"
        f" by {LEAST_OUT:g} mm all round: give {' or '.join(choices) or 'another angle'}"
    )


def require_seat(canal: Canal, stem: Stem) -> None:
    """Refuse a screw that does not seat.

    Parameters
    ----------
    canal : Canal
    stem : Stem

    Raises
    ------
    GeometryError
    """
    for size, requirement in screw_seat_faults(canal, stem):
        assert stem.lag_screw is not None
        stated = getattr(stem.lag_screw, size)
        raise GeometryError(f"The lag screw's {size} of {stated:g} mm: {requirement}.")
