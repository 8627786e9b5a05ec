"""From loose triangles to one closed surface that points outwards; every change is counted and told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from fea.surface.crossing import first_crossing
from fea.surface.raw import Raw
from geometry.curved import FloatArray, IntArray
from geometry.errors import GeometryError

#: Most needles, of which the third corner lies on the opposite edge, that are mended.
_MOST_NEEDLES = 2000


@dataclass(frozen=True, eq=False)
class Closed:
    """A closed surface of straight triangles.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
        Each in some triangle.
    triangles : ndarray, shape (m, 3)
        Pointing outwards.
    mended : tuple of str
        What was changed: count, place and change of volume, a clause each.
    """

    points: FloatArray
    triangles: IntArray
    mended: tuple[str, ...]

    @property
    def volume(self) -> float:
        """Volume inside, mm^3."""
        return enclosed(self.points, self.triangles)


def closed_surface(raw: Raw, file: str, *, hollow: bool = False) -> Closed:
    """Check triangles, and mend what can be mended without a guess.

    Parameters
    ----------
    raw : Raw
        In mm.
    file : str
    hollow : bool
        Whether a second shell may lie within the first, as the canal does in a bone; it then points
        into its own inside.

    Returns
    -------
    Closed

    Raises
    ------
    GeometryError
        When the surface is open, has edges or points where more than two triangles or one fan meet, is
        in several shells, crosses itself or encloses nothing.
    """
    mended: list[str] = []
    tolerance = _tolerance(raw)
    points, triangles = _welded(raw, tolerance, mended)
    triangles = _without_points(points, triangles, mended)
    triangles = _without_doubles(points, triangles, mended)
    triangles = _without_needles(points, triangles, tolerance, mended)
    if not len(triangles):
        raise GeometryError(f"The surface in {file} encloses nothing: every triangle of it is degenerate.")
    _require_manifold(points, triangles, file)
    triangles = _agreeing(points, triangles, file, mended)
    if not hollow:
        _require_one(points, triangles, file)
    used, compact = np.unique(triangles, return_inverse=True)
    points, triangles = points[used], compact.reshape(-1, 3)
    if place := first_crossing(points, triangles):
        (x, y, z), count = place
        raise GeometryError(
            f"The surface in {file} crosses itself in {count} pairs of triangles, the first at"
            f" ({x:.4g}, {y:.4g}, {z:.4g}) mm: mend it in a mesh program or in CAD."
        )
    if hollow and (shells := _shells(points, triangles)).max() > 0:
        return Closed(points, _nested(points, triangles, shells, file, mended), tuple(mended))
    volume = enclosed(points, triangles)
    if volume < 0:
        triangles = np.ascontiguousarray(triangles[:, [0, 2, 1]])
        mended.append(
            f"all {len(triangles)} triangles pointed inwards and were turned round, so that the volume is"
            f" {-volume:.4g} instead of {volume:.4g} mm^3"
        )
    return Closed(points, triangles, tuple(mended))


def enclosed(points: FloatArray, triangles: IntArray) -> float:
    """Return the volume inside a closed surface, negative where it points inwards, mm^3."""
    a, b, c = (points - points.mean(axis=0))[triangles].transpose(1, 0, 2)
    return float(np.einsum("td,td->", a, np.cross(b, c)) / 6)


def _tolerance(raw: Raw) -> float:
    """Distance within which two points are one, mm: four bits of the largest coordinate."""
    largest = float(np.abs(raw.points).max())
    return 4 * float(np.spacing(np.float32(largest))) if raw.single else 1e-9 * max(largest, 1.0)


def _told(place: FloatArray) -> str:
    x, y, z = place
    return f"({x:.4g}, {y:.4g}, {z:.4g}) mm"


def _welded(raw: Raw, tolerance: float, mended: list[str]) -> tuple[FloatArray, IntArray]:
    """Make one point of equal ones, and of those within the tolerance."""
    points, number = np.unique(raw.points + 0.0, axis=0, return_inverse=True)
    number = number.ravel()
    pairs = cKDTree(points).query_pairs(tolerance, output_type="ndarray")
    if len(pairs):
        graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
        count, group = connected_components(graph, directed=False)
        first = np.full(count, len(points))
        np.minimum.at(first, group, np.arange(len(points)))
        mended.append(
            f"{len(points) - count} points within {1000 * tolerance:.2g} um of another, the first at"
            f" {_told(points[pairs[0, 1]])}, were joined with it"
        )
        points, number = points[first], group[number]
    return points, number[raw.triangles]


def _without_points(points: FloatArray, triangles: IntArray, mended: list[str]) -> IntArray:
    """Take out triangles with two corners in one point: their neighbours meet without them."""
    flat = (triangles == np.roll(triangles, 1, axis=1)).any(axis=1)
    if flat.any():
        mended.append(
            f"{int(flat.sum())} triangles without area, the first at {_told(points[triangles[flat][0, 0]])},"
            " were taken out, which changes no volume"
        )
    return np.asarray(triangles[~flat])


def _without_doubles(points: FloatArray, triangles: IntArray, mended: list[str]) -> IntArray:
    """Leave one of equal triangles, and none of two that lie back to back."""
    if not len(triangles):
        return triangles
    _, group, count = np.unique(np.sort(triangles, axis=1), axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    if (count == 1).all():
        return triangles
    sign = np.where(_even(triangles), 1, -1)
    net = np.bincount(group, sign, len(count))
    kept = np.zeros(len(triangles), dtype=bool)
    for direction in (1, -1):
        rows = np.flatnonzero((np.sign(net)[group] == direction) & (sign == direction))
        _, first = np.unique(group[rows], return_index=True)
        kept[rows[first]] = True
    gone = np.flatnonzero(~kept)
    mended.append(
        f"{len(gone)} triangles that stand twice, the first at"
        f" {_told(points[triangles[gone[0]]].mean(axis=0))},"
        " were taken out, which changes no volume"
    )
    return np.asarray(triangles[kept])


def _even(triangles: IntArray) -> np.ndarray:
    """Tell whether the corners run as an even permutation of their rising order."""
    a, b, c = triangles.T
    return np.asarray(((a > b).astype(int) + (a > c) + (b > c)) % 2 == 0)


def _without_needles(
    points: FloatArray, triangles: IntArray, tolerance: float, mended: list[str]
) -> IntArray:
    """Take out triangles with a corner on their opposite edge: that edge's other triangle is split there."""
    corners = points[triangles]
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    flat = np.flatnonzero(area <= tolerance * sides.max(axis=1))
    if not len(flat) or len(flat) > _MOST_NEEDLES:
        return triangles
    work = triangles.copy()
    before = enclosed(points, work)
    kept = np.ones(len(work), dtype=bool)
    added: list[list[int]] = []
    done = []
    for row in flat.tolist():
        side = int(sides[row].argmax())
        a, c, b = (int(work[row, (side + step) % 3]) for step in range(3))
        across = np.flatnonzero(kept & (work == a).any(axis=1) & (work == c).any(axis=1))
        across = across[across != row]
        if len(across) != 1 or across[0] in flat:
            continue
        other = work[across[0]].tolist()
        kept[[row, across[0]]] = False
        added += [[b if p == a else p for p in other], [b if p == c else p for p in other]]
        done.append(b)
    if not done:
        return triangles
    made = np.concatenate([work[kept], np.array(added, dtype=np.int64)])
    mended.append(
        f"{len(done)} triangles with a corner on the opposite edge, the first at {_told(points[done[0]])},"
        f" were taken out, which changes the volume by {enclosed(points, made) - before:.2g} mm^3"
    )
    return made


def _edges(triangles: IntArray) -> IntArray:
    return np.asarray(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2))


def _require_manifold(points: FloatArray, triangles: IntArray, file: str) -> None:
    pairs = _edges(triangles)
    _, row, count = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True, return_counts=True)
    for wrong, what in (
        (row[count == 1], "open: {} edges have one triangle alone"),
        (row[count > 2], "no skin of a solid: at {} edges more than two triangles meet"),
    ):
        if len(wrong):
            raise GeometryError(
                f"The surface in {file} is {what.format(len(wrong))}, the first at"
                f" {_told(points[pairs[wrong[0]]].mean(axis=0))}: close it in a mesh program or in CAD."
            )
    order = np.lexsort(np.sort(pairs, axis=1).T)
    one, other = order[::2], order[1::2]
    # Corners of one point are connected across the edges that they share.
    first, second = [], []
    for edge in (0, 1):
        vertex = pairs[one, edge]
        match = np.where(pairs[other, 0] == vertex, 0, 1)
        first.append(3 * (one // 3) + (one % 3 + edge) % 3)
        second.append(3 * (other // 3) + (other % 3 + match) % 3)
    row, column = np.concatenate(first), np.concatenate(second)
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(triangles.size,) * 2)
    count, fan = connected_components(graph, directed=False)
    vertex = np.zeros(count, dtype=np.int64)
    vertex[fan] = triangles.ravel()
    several = np.flatnonzero(np.bincount(vertex, minlength=len(points)) > 1)
    if len(several):
        raise GeometryError(
            f"The surface in {file} is no skin of a solid: at {len(several)} points parts of it touch at a"
            f" tip, the first at {_told(points[several[0]])}: mend it in a mesh program or in CAD."
        )


def _agreeing(points: FloatArray, triangles: IntArray, file: str, mended: list[str]) -> IntArray:
    """Turn the fewer triangles of a shell that do not agree with their neighbours."""
    count = len(triangles)
    pairs = _edges(triangles)
    order = np.lexsort(np.sort(pairs, axis=1).T)
    one, other = order[::2], order[1::2]
    differ = (pairs[one, 0] == pairs[other, 0]).astype(np.int64)
    if not differ.any():
        return triangles
    a, b = one // 3, other // 3
    row = np.concatenate([a, a + count])
    column = np.concatenate([b + differ * count, b + (1 - differ) * count])
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(2 * count, 2 * count))
    _, label = connected_components(graph, directed=False)
    if (label[:count] == label[count:]).any():
        first = int(np.flatnonzero(label[:count] == label[count:])[0])
        raise GeometryError(
            f"The surface in {file} has one side only, as at {_told(points[triangles[first]].mean(axis=0))}:"
            " it is no skin of a solid; mend it in CAD."
        )
    turn = label[:count] > label[count:]
    _, shell = np.unique(np.minimum(label[:count], label[count:]), return_inverse=True)
    shell = shell.ravel()
    many = np.bincount(shell, turn) > 0.5 * np.bincount(shell)
    turn ^= many[shell]
    made = np.where(turn[:, None], triangles[:, [0, 2, 1]], triangles)
    place = points[triangles[int(np.flatnonzero(turn)[0])]].mean(axis=0)
    change = enclosed(points, made) - enclosed(points, triangles)
    mended.append(
        f"{int(turn.sum())} triangles that pointed against their neighbours, the first at {_told(place)},"
        f" were turned round, which changes the volume by {change:.4g} mm^3"
    )
    return made


def _shells(points: FloatArray, triangles: IntArray) -> IntArray:
    """Return the number of each triangle's shell, from 0 on."""
    pairs = _edges(triangles)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
    _, label = connected_components(graph, directed=False)
    return np.asarray(np.unique(label[triangles[:, 0]], return_inverse=True)[1]).ravel()


def _require_one(points: FloatArray, triangles: IntArray, file: str) -> None:
    shells = _shells(points, triangles)
    if shells.max() > 0:
        raise _several(points, triangles, shells, file, "one is read")


def _several(
    points: FloatArray, triangles: IntArray, shells: IntArray, file: str, read: str
) -> GeometryError:
    count = int(shells.max()) + 1
    places = ", ".join(_told(points[triangles[shells == k]].mean(axis=(0, 1))) for k in range(min(count, 4)))
    return GeometryError(
        f"The surface in {file} is in {count} shells, with middles at {places}, and {read}:"
        " leave the others out, or join the bodies in CAD."
    )


def _nested(
    points: FloatArray, triangles: IntArray, shells: IntArray, file: str, mended: list[str]
) -> IntArray:
    """Make the outer of two shells point outwards and the inner one into itself."""
    if shells.max() > 1:
        raise _several(points, triangles, shells, file, "a bone has one, or two where the canal is given")
    volumes = [enclosed(points, triangles[shells == k]) for k in (0, 1)]
    outer = int(abs(volumes[1]) > abs(volumes[0]))
    corners_of = [points[triangles[shells == k]] for k in (outer, 1 - outer)]
    boxes = [(corners.min(axis=(0, 1)), corners.max(axis=(0, 1))) for corners in corners_of]
    if (boxes[1][0] < boxes[0][0]).any() or (boxes[1][1] > boxes[0][1]).any():
        raise _several(
            points, triangles, shells, file, "the second must lie within the first, as a canal does"
        )
    made = triangles.copy()
    for shell, wanted, words in (
        (outer, 1.0, "outer shell pointed inwards"),
        (1 - outer, -1.0, "inner shell pointed out of itself"),
    ):
        if volumes[shell] * wanted < 0:
            rows = shells == shell
            made[rows] = made[rows][:, [0, 2, 1]]
            mended.append(f"the {int(rows.sum())} triangles of the {words} and were turned round")
    return made
