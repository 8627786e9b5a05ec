"""How a thread seats: the drilled canal that its ridge stands into, and the wall beyond its crest."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geometry.canal import Canal
from geometry.errors import direction_in_words
from geometry.stem import Stem
from geometry.thread import LEAST_WALL, Fault
from geometry.wall import outer_distance

FloatArray = NDArray[np.float64]

#: Least share of the thread's depth that must stand in the bone.
LEAST_ENGAGEMENT = 0.2
#: Most that the drill may be narrower than the core, over the diameter, mm, and over that of the core.
MOST_UNDER, MOST_UNDER_SHARE = 0.1, 0.01

_ANGLES = np.linspace(0.0, 2 * np.pi, 96, endpoint=False)


def seat_faults(canal: Canal, stem: Stem) -> Iterator[Fault]:
    """Yield what is wrong between thread, drilled canal and bone, as the size and the requirement.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    thread = stem.thread
    if thread is None:
        return
    reaming = canal.reaming
    if reaming is None:
        yield "depth", "a thread stands in a drilled canal: state [reaming] with the drill's diameter"
        return
    if canal.bowed_reamer:
        yield "depth", "a thread is cut along a straight axis: ream the canal straight"
        return
    most = 2 * thread.depth * (1 - LEAST_ENGAGEMENT)
    over = reaming.diameter - stem.diameter
    if over > most:
        yield (
            "depth",
            f"the thread stands {max(thread.depth - over / 2, 0.0):.3g} mm into a canal drilled to"
            f" {reaming.diameter:g} mm: drill at most {stem.diameter + most:.4g} mm",
        )
    elif over < -min(MOST_UNDER, MOST_UNDER_SHARE * stem.diameter) - 1e-9:
        yield "depth", f"the drill must not be narrower than the core of {stem.diameter:g} mm"
    if reaming.profile.fillet_start < thread.end - 1e-9:
        yield "end", f"the drill's full diameter ends at {reaming.profile.fillet_start:.4g} mm: end below it"
    if thread.end >= canal.bone.length:
        yield "end", f"the thread must end in the bone, which is {canal.bone.length:g} mm long"
        return
    levels = np.linspace(thread.start, thread.end, 2 + round(2 * (thread.end - thread.start)))
    level, angle = (grid.ravel() for grid in np.meshgrid(levels, _ANGLES, indexing="ij"))
    drilled = np.stack(
        [reaming.diameter / 2 * np.cos(angle), reaming.diameter / 2 * np.sin(angle), level], axis=1
    )
    wider = -canal.bone.outside_canal(drilled)
    if (wider > 0).any():
        yield _wide_canal(canal, stem, drilled[wider > 0], drilled[int(np.argmax(wider))])
    crest = stem.diameter / 2 + thread.depth * thread.fullness(level)
    wall = outer_distance(canal.bone, np.stack([crest * np.cos(angle), crest * np.sin(angle), level], axis=1))
    row = int(np.argmin(wall))
    if wall[row] < LEAST_WALL:
        where = f"at z = {level[row]:.0f} mm ({direction_in_words(np.cos(angle[row]), np.sin(angle[row]))})"
        left = f"leaves {wall[row]:.2f} mm" if wall[row] > 0 else "breaks through it"
        yield "depth", f"the thread must leave {LEAST_WALL:g} mm of the bone's wall, but {left} {where}"


def _wide_canal(canal: Canal, stem: Stem, open_at: FloatArray, widest: FloatArray) -> Fault:
    """Say where the bone's own canal is wider than the drill, and which drill would clear it.

    Parameters
    ----------
    canal : Canal
    stem : Stem
        With a thread.
    open_at : ndarray, shape (k, 3), mm
        Points of the drill's surface that lie in the canal.
    widest : ndarray, shape (3,), mm
        The one that lies deepest in it.
    """
    thread = stem.thread
    assert thread is not None, "asked of threads alone"
    low, high = float(open_at[:, 2].min()), float(open_at[:, 2].max())
    turn, level = np.meshgrid(_ANGLES, np.linspace(*canal.bone.span, 2 + round(2 * canal.bone.length)))
    wall = canal.bone.canal_places(turn.ravel(), level.ravel())
    beside = wall[(wall[:, 2] >= thread.start) & (wall[:, 2] <= thread.end)]
    needed = math.ceil(round(20.0 * float(np.hypot(beside[:, 0], beside[:, 1]).max()), 6)) / 10.0
    where = f"between {low:.0f} and {high:.0f} mm" if high - low > 1.0 else f"at {low:.0f} mm"
    return (
        "start" if low - thread.start <= thread.end - high else "end",
        f"the bone's own canal is wider than the drill {where}, most at z = {widest[2]:.0f} mm"
        f" ({direction_in_words(*widest[:2])}): drill {needed:.4g} mm or more, with a core to go with it, or"
        " keep the thread off these levels",
    )
