"""A curved surface cut into pieces that gmsh can lay flat: at sharp edges, levels, and where it closes round.

Straight triangles stand for the curved ones; nodes of the mesh are brought onto those later. They are cut
along the levels at which zones end. A smooth patch between two levels is a piece when it is a disk whose
normals do not turn away from one another; else a plane near its middle cuts it, and again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fea.errors import MeshError
from fea.mesh.parts import FloatArray, IntArray
from geometry.sheet import Sheet

BoolArray = NDArray[np.bool_]

#: A vertex this near to a plane, over its shortest edge, lies on it.
_NEAR = 0.2
#: Least cosine between a piece's normals and their mean.
_TURNED = 0.1
#: Rounds of cuts after which a surface is too intricate, and the most pieces that it may have.
_ROUNDS, _MOST = 12, 2000
#: No level.
NONE = -1


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight triangles in pieces.

    Attributes
    ----------
    vertices : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 3)
        Pointing outwards.
    patch : ndarray, shape (m,)
        Smooth patch of each triangle.
    piece : ndarray, shape (m,)
    edges : ndarray, shape (e, 2)
        Between triangles of two pieces.
    sharp : ndarray of bool, shape (e,)
        Whether the edge is one between two patches.
    level : ndarray, shape (e,)
        Which level it lies on, `NONE` for none.
    beside : ndarray, shape (e, 2)
        Its two pieces, in rising order.
    given : int
        So many vertices at the front are the surface's own.
    """

    vertices: FloatArray
    triangles: IntArray
    patch: IntArray
    piece: IntArray
    edges: IntArray
    sharp: BoolArray
    level: IntArray
    beside: IntArray
    given: int


class _Work:
    """Triangles while they are divided."""

    def __init__(self, vertices: FloatArray, triangles: IntArray) -> None:
        self.vertices, self.triangles = vertices, triangles
        #: The triangle that each was a part of before the last cut.
        self.marks = np.arange(len(triangles))
        #: Level on which vertices lie.
        self.on = np.full(len(vertices), NONE)

    def edges(self) -> tuple[IntArray, IntArray]:
        """Return the edges' ends and the edges of each triangle."""
        pairs = self.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
        ends, inverse = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
        return ends, inverse.reshape(-1, 3)

    def cut(self, height: FloatArray, only: BoolArray) -> tuple[BoolArray, IntArray]:
        """Cut triangles where a height over the vertices changes its sign.

        Returns which vertices lie on the cut, and on which side of it each triangle lies, 0 for those that
        are not to be cut.
        """
        ends, of_triangle = self.edges()
        length = np.linalg.norm(self.vertices[ends[:, 0]] - self.vertices[ends[:, 1]], axis=1)
        shortest = np.full(len(self.vertices), np.inf)
        np.minimum.at(shortest, ends.ravel(), np.repeat(length, 2))
        sign = np.where(np.abs(height) <= _NEAR * shortest, 0, np.sign(height)).astype(np.int64)
        wanted = np.zeros(len(ends), dtype=bool)
        wanted[of_triangle[only].ravel()] = True
        split = wanted & (sign[ends[:, 0]] * sign[ends[:, 1]] < 0)
        low, high = height[ends[split, 0]], height[ends[split, 1]]
        share = (low / (low - high))[:, None]
        added = (1 - share) * self.vertices[ends[split, 0]] + share * self.vertices[ends[split, 1]]
        both = self.on[ends[split]]
        origin = self._divide(split, of_triangle, added)
        # Between two vertices of one level lies that level.
        self.on = np.concatenate([self.on, np.where(both[:, 0] == both[:, 1], both[:, 0], NONE)])
        sign = np.concatenate([sign, np.zeros(len(added), dtype=np.int64)])
        on = np.zeros(len(self.vertices), dtype=bool)
        on[np.unique(self.triangles[only[origin]])] = True
        side = np.sign(sign[self.triangles].sum(axis=1))
        return on & (sign == 0), np.where(only[origin], side, 0)

    def _divide(self, split: BoolArray, of_triangle: IntArray, added: FloatArray) -> IntArray:
        """Put new vertices on edges and divide the triangles there; return whose part each is."""
        number = np.full(len(split), -1)
        number[split] = len(self.vertices) + np.arange(len(added))
        middle = number[of_triangle]
        count = (middle >= 0).sum(axis=1)
        made, origin = _divided(self.triangles, middle, count, np.concatenate([self.vertices, added]))
        self.vertices = np.concatenate([self.vertices, added])
        self.triangles, self.marks = made, origin
        return origin


def _divided(
    triangles: IntArray, middle: IntArray, count: IntArray, vertices: FloatArray
) -> tuple[IntArray, IntArray]:
    """Divide triangles at vertices on their edges.

    Parameters
    ----------
    triangles : ndarray, shape (m, 3)
    middle : ndarray, shape (m, 3)
        Vertices on the edges 0-1, 1-2, 2-0, or -1.
    count : ndarray, shape (m,)
        How many there are.
    vertices : ndarray, shape (n, 3), mm

    Returns
    -------
    made : ndarray, shape (k, 3)
    origin : ndarray, shape (k,)
        The triangle that each is a part of.
    """
    rows = np.arange(len(triangles))
    # The first edge is split; of two split edges the third is whole.
    first = np.where(count == 2, (middle < 0).argmax(axis=1) + 1, (middle >= 0).argmax(axis=1)) % 3
    turn = (first[:, None] + np.arange(3)) % 3
    a, b, c = triangles[rows[:, None], turn].T
    p, q, r = middle[rows[:, None], turn].T
    made, origin = [triangles[count == 0]], [rows[count == 0]]

    def add(which: BoolArray, *corners: IntArray) -> None:
        made.append(np.stack([corner[which] for corner in corners], axis=1))
        origin.append(rows[which])

    one, two, three = count == 1, count == 2, count == 3
    add(one, a, p, c)
    add(one, p, b, c)
    add(two, p, b, q)
    ways = [np.linalg.norm(vertices[s] - vertices[t], axis=1) for s, t in ((a, q), (p, c))]
    near = two & (ways[0] <= ways[1])
    add(near, a, p, q)
    add(near, a, q, c)
    add(two & ~near, a, p, c)
    add(two & ~near, p, q, c)
    for corners in ((a, p, r), (p, b, q), (r, q, c), (p, q, r)):
        add(three, *corners)
    return np.concatenate(made), np.concatenate(origin)


def cut_to_pieces(sheet: Sheet, levels: list[float], pitch: float) -> Pieces:
    """Cut a surface into pieces.

    Parameters
    ----------
    sheet : Sheet
    levels : list of float, mm
        In rising order.
    pitch : float, mm
        Of the grid on which planes stand, so that lines of neighbouring pieces end at one point, or apart.

    Returns
    -------
    Pieces

    Raises
    ------
    MeshError
        When it does not come apart into few pieces.
    """
    work, given, patch = _Work(sheet.vertices, sheet.straight), len(sheet.vertices), sheet.straight_patch
    band = np.zeros(len(work.triangles), dtype=np.int64)
    for number, level in enumerate(levels):
        on, side = work.cut(work.vertices[:, 2] - level, np.ones(len(work.triangles), dtype=bool))
        patch, band = patch[work.marks], band[work.marks]
        middles = work.vertices[work.triangles][:, :, 2].mean(axis=1)
        band += np.where(side == 0, middles > level, side > 0)
        work.on[on] = number
    piece = _labels(work, patch, band, np.zeros_like(patch))
    for _ in range(_ROUNDS):
        wrong = _unfit(work, piece)
        if not len(wrong) or piece.max() >= _MOST:
            break
        piece, patch, band = _cut_through(work, (piece, patch, band), wrong, pitch)
    else:
        wrong = _unfit(work, piece)
    if len(wrong):
        x, y, z = work.vertices[work.triangles[piece == wrong[0]]].mean(axis=(0, 1))
        raise MeshError(
            f"The stem's surface is too intricate to be meshed anew, as at x = {x:.1f}, y = {y:.1f},"
            f" z = {z:.1f} mm, where it does not come apart into simple pieces: it is like a lattice or"
            " rough; use the smooth envelope of the shape.",
            {"pieces": int(piece.max()) + 1},
        )
    return _with_edges(work, patch, piece, band, given)


def cut_at(sheet: Sheet, level: float) -> tuple[FloatArray, IntArray]:
    """Cut a surface at a level and keep what lies above.

    Parameters
    ----------
    sheet : Sheet
    level : float, mm

    Returns
    -------
    vertices : ndarray, shape (n, 3), mm
        Those at the cut within a fifth of their shortest edge of the level.
    triangles : ndarray, shape (m, 3)
    """
    work = _Work(sheet.vertices, sheet.straight)
    _, side = work.cut(work.vertices[:, 2] - level, np.ones(len(work.triangles), dtype=bool))
    middles = work.vertices[work.triangles][:, :, 2].mean(axis=1)
    kept = work.triangles[np.where(side == 0, middles > level, side > 0)]
    used, number = np.unique(kept, return_inverse=True)
    return work.vertices[used], number.reshape(-1, 3)


def _labels(work: _Work, *labels: IntArray) -> IntArray:
    """Return a number for each connected part of triangles that agree in all labels."""
    _, same = np.unique(np.stack(labels, axis=1), axis=0, return_inverse=True)
    same = same.ravel()
    _, of_triangle = work.edges()
    order = np.argsort(of_triangle.ravel(), kind="stable").reshape(-1, 2) // 3
    joined = order[same[order[:, 0]] == same[order[:, 1]]]
    count = len(work.triangles)
    graph = coo_array((np.ones(len(joined)), (joined[:, 0], joined[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _directions(work: _Work) -> FloatArray:
    """Return normals of the triangles times twice their area, shape (m, 3)."""
    corners = work.vertices[work.triangles]
    return np.asarray(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))


def _sums(values: FloatArray, piece: IntArray, count: int) -> FloatArray:
    return np.stack([np.bincount(piece, column, count) for column in values.T], axis=1)


def _unfit(work: _Work, piece: IntArray) -> IntArray:
    """List the pieces that are no disk, or turn too far."""
    count = int(piece.max()) + 1
    _, of_triangle = work.edges()
    faces = np.bincount(piece, minlength=count)
    pairs = np.unique(np.stack([np.repeat(piece, 3), of_triangle.ravel()], axis=1), axis=0)
    corners = np.unique(np.stack([np.repeat(piece, 3), work.triangles.ravel()], axis=1), axis=0)
    euler = faces - np.bincount(pairs[:, 0], minlength=count) + np.bincount(corners[:, 0], minlength=count)
    normal = _directions(work)
    mean = _sums(normal, piece, count)
    mean /= np.maximum(np.linalg.norm(mean, axis=1), 1e-300)[:, None]
    length = np.maximum(np.linalg.norm(normal, axis=1), 1e-300)
    least = np.full(count, np.inf)
    np.minimum.at(least, piece, np.einsum("td,td->t", normal, mean[piece]) / length)
    return np.flatnonzero((euler != 1) | (least < _TURNED))


def _cut_through(
    work: _Work, labels: tuple[IntArray, IntArray, IntArray], wrong: IntArray, pitch: float
) -> tuple[IntArray, IntArray, IntArray]:
    """Cut each of some pieces across the axis along which its normals vary most, through its middle."""
    piece, patch, band = labels
    count = int(piece.max()) + 1
    normal = _directions(work)
    area = np.linalg.norm(normal, axis=1)
    unit = normal / np.maximum(area, 1e-300)[:, None]
    total = np.bincount(piece, area, count)[:, None]
    mean = _sums(unit * area[:, None], piece, count) / total
    spread = _sums(unit**2 * area[:, None], piece, count) / total - mean**2
    middle = _sums(work.vertices[work.triangles].mean(axis=1) * area[:, None], piece, count) / total
    planes: dict[tuple[int, float], list[int]] = {}
    for number in wrong.tolist():
        axis = int(np.round(spread[number], 6).argmax())
        across = work.vertices[work.triangles[piece == number], axis]
        place = pitch * round(float(middle[number, axis]) / pitch)
        if min(place - float(across.min()), float(across.max()) - place) < pitch / 2:
            place = float(middle[number, axis])
        planes.setdefault((axis, place), []).append(number)
    # Pieces that one plane cuts are cut together, so that their lines meet.
    for (axis, place), numbers in planes.items():
        _, side = work.cut(work.vertices[:, axis] - place, np.isin(piece, numbers))
        origin = work.marks
        piece, patch, band = piece[origin], patch[origin], band[origin]
        beyond = np.where(side == 0, work.vertices[work.triangles][:, :, axis].mean(axis=1) > place, side > 0)
        for number in numbers:
            piece = np.where((piece == number) & beyond, int(piece.max()) + 1, piece)
    return _labels(work, piece), patch, band


def _with_edges(work: _Work, patch: IntArray, piece: IntArray, band: IntArray, given: int) -> Pieces:
    ends, of_triangle = work.edges()
    sides = np.argsort(of_triangle.ravel(), kind="stable").reshape(-1, 2) // 3
    between = piece[sides[:, 0]] != piece[sides[:, 1]]
    ends, sides = ends[between], sides[between]
    on = work.on[ends]
    level = np.where((on[:, 0] == on[:, 1]) & (band[sides[:, 0]] != band[sides[:, 1]]), on[:, 0], NONE)
    sharp = patch[sides[:, 0]] != patch[sides[:, 1]]
    return Pieces(
        work.vertices, work.triangles, patch, piece, ends, sharp, level,
        np.sort(piece[sides], axis=1), given,
    )  # fmt: skip
