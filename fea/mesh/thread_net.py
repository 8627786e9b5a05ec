r"""The net of a thread: triangles over the unrolled core, with vertices along every edge of the ridge.

Over angle t and level z the edges of a ridge are straight lines that climb by the lead in one
turn; rings have a lead of nothing. Vertices stand where these lines cross columns of equal
angles, and on both rims of the threaded part. Between two columns a strip of triangles is closed
like a zip, every piece of a line being one of its rungs. So triangles are as long round the stem
as they may be, however narrow a flank is; and on a cylinder a strip is a plane, so that no
element beside it can be caught between two of its facets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fea.mesh.sizes import MeshSizes
from geometry.thread import Thread

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Rows across a part of the section: one for so much of the interface size along the axis.
_ROW = 0.25
#: Distance from a rim, over that of the nearest lines, within which lines have no vertices.
_CLEAR = 0.75


@dataclass(frozen=True, eq=False)
class Net:
    """Triangles over angle and level, closed round the axis.

    Attributes
    ----------
    angle : ndarray, shape (v,), rad
        From the seam on, less than a turn.
    level : ndarray, shape (v,), mm
    triangles : ndarray, shape (t, 3)
        Seen from outside they turn to the left.
    around
        Vertices on either rim: the first ones on the lower, the next ones on the upper.
    seam : float, rad
        Angle of the first vertex of a rim.
    """

    angle: FloatArray
    level: FloatArray
    triangles: IntArray
    around: int
    seam: float


def count_around(radius: float, sizes: MeshSizes) -> int:
    """Give the number of vertices round a threaded stem: even, at least eight.

    Parameters
    ----------
    radius : float, mm
        Of the crest.
    sizes : MeshSizes

    Returns
    -------
    int
    """
    return max(8, 2 * math.ceil(math.pi * radius / sizes.interface))


def rows_of(thread: Thread, sizes: MeshSizes, room: float = 0.0) -> FloatArray:
    """Give the phases of the lines in one pitch: the edges of the ridge, and rows between them.

    Parameters
    ----------
    thread : Thread
    sizes : MeshSizes
    room : float, mm
        Height above the core at which the drilled bone begins; its edges are lines too.

    Returns
    -------
    ndarray, shape (k,), mm
        Rising.
    """
    ends = np.append(thread.knots, thread.pitch)
    if 0 < room < thread.depth:
        fall, rise = thread.depth - room, room
        crossed = thread.crest + fall * math.tan(thread.proximal_lean)
        ends = np.sort([*ends, crossed, thread.knots[3] + rise * math.tan(thread.distal_lean)])
    widths = np.diff(ends)
    counts = np.maximum(1, np.ceil(widths / (_ROW * sizes.interface) - 1e-9)).astype(np.int64)
    pieces = [
        low + width / count * np.arange(count)
        for low, width, count in zip(ends, widths, counts.tolist(), strict=False)
    ]
    return np.concatenate(pieces)


def weave(thread: Thread, around: int, rows: FloatArray, seam: float) -> Net:
    """Lay the net of a thread.

    Parameters
    ----------
    thread : Thread
    around
        Number of vertices in one turn.
    rows : ndarray, shape (k,), mm
        Phases of the lines.
    seam : float, rad
        Angle at which the rims begin.

    Returns
    -------
    Net
    """
    angle = seam + math.tau / around * np.arange(around)
    columns = [_column(thread, rows, seam + math.tau / around * turn) for turn in range(around)]
    # The first column once more, one turn on: computed anew it could differ by a vertex beside a rim.
    levels_first, lines = columns[0]
    shifted = lines.copy()
    shifted[1:-1] -= round(thread.lead / thread.pitch) * len(rows)
    columns.append((levels_first, shifted))
    levels, number, count = [np.repeat([thread.start, thread.end], around)], [], 2 * around
    for turn in range(around):
        inner = columns[turn][0][1:-1]
        number.append(np.concatenate([[turn], count + np.arange(len(inner)), [around + turn]]))
        levels.append(inner)
        count += len(inner)
    strips = []
    for turn in range(around):
        strip = _zip(*columns[turn], *columns[turn + 1], bool(turn % 2))
        left, right = number[turn], number[(turn + 1) % around]
        both = np.concatenate([left, right])
        strips.append(both[strip])
    counts = [len(own) - 2 for own in number]
    return Net(
        np.concatenate([angle, angle, np.repeat(angle, counts)]),
        np.concatenate(levels),
        np.concatenate(strips),
        around,
        seam,
    )


def _column(thread: Thread, rows: FloatArray, angle: float) -> tuple[FloatArray, IntArray]:
    """List the vertices of one column from rim to rim: level, and number of the line.

    Lines keep their numbers on the way round, so that a column one turn on has other numbers than
    the first; the rims have numbers beyond all lines.
    """
    clear = _CLEAR * float(np.diff(np.append(rows, rows[0] + thread.pitch)).min())
    low, high = thread.start + clear, thread.end - clear
    climbed = thread.origin + thread.lead * angle / math.tau
    least, most = (math.floor((level - climbed) / thread.pitch) for level in (low, high))
    many = len(rows)
    line = np.arange((least - 1) * many, (most + 1) * many)
    level = climbed + line // many * thread.pitch + rows[line % many]
    within = (level > low) & (level < high)
    limits = np.iinfo(np.int64)
    return (
        np.concatenate([[thread.start], level[within], [thread.end]]),
        np.concatenate([[limits.min], line[within], [limits.max]]),
    )


def _zip(
    left: FloatArray, left_line: IntArray, right: FloatArray, right_line: IntArray, odd: bool
) -> IntArray:
    """Close the strip between two columns with triangles that turn to the left, seen from outside.

    Parameters
    ----------
    left, right : ndarray, shape (p,) and (q,), mm
        Rising levels.
    left_line, right_line : ndarray
        Numbers of the lines that the vertices stand on; a number in both is a rung.
    odd : bool
        Which diagonal a strip begins with where both are as long.

    Returns
    -------
    ndarray, shape (p + q - 2, 3)
        Rows of left, then of right.
    """
    partner = {line: row for row, line in enumerate(right_line.tolist())}
    rungs = [(row, partner[line]) for row, line in enumerate(left_line.tolist()) if line in partner]
    found = []
    for (a, b), (a_end, b_end) in pairwise(rungs):
        leans = odd
        while (a, b) != (a_end, b_end):
            up_left = abs(left[a + 1] - right[b]) if a < a_end else math.inf
            up_right = abs(right[b + 1] - left[a]) if b < b_end else math.inf
            if up_left < up_right - 1e-9 or (leans and up_left < up_right + 1e-9):
                found.append((a, len(left) + b, a + 1))
                a += 1
            else:
                found.append((a, len(left) + b, len(left) + b + 1))
                b += 1
        odd = not odd
    return np.array(found, dtype=np.int64)
