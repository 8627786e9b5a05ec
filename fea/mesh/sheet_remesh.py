"""A surface in pieces, meshed anew by gmsh at wanted sizes: curves first, then each piece laid flat.

gmsh gets the pieces as discrete surfaces bounded by discrete curves, makes a map of each onto a plane,
and meshes there. Its nodes lie on the straight triangles; they are brought onto the curved ones later.
"""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np

from fea.mesh.caps import SizeField
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.sheet_pieces import NONE, Pieces

#: gmsh makes no discrete entity's elements longer than 1, whatever is asked for: it is given a smaller
#: unit of length, a power of two so that no bit changes.
UNIT = 2.0**-10
#: A sharp line that turns by more has a vertex there.
_KINK = float(np.cos(np.radians(30.0)))


@dataclass(frozen=True, eq=False)
class Line:
    """A curve between pieces, from vertex to vertex.

    Attributes
    ----------
    vertices : ndarray, shape (k,)
        Of the pieces, in their order; the first and the last are the same where it closes.
    sharp : bool
    level : int
    patch : int
        A smooth patch on one side of it.
    beside : pair of int
        The pieces that it bounds.
    """

    vertices: IntArray
    sharp: bool
    level: int
    patch: int
    beside: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Remeshed:
    """Straight triangles, and on what their nodes lie.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 3)
        Of either orientation.
    patch : ndarray, shape (m,)
        Smooth patch of each.
    edges : ndarray, shape (e, 2)
        Those on lines.
    line : ndarray, shape (e,)
        Their lines.
    vertex : ndarray, shape (n,)
        Of the pieces, where a node is the end of a line; else -1.
    """

    points: FloatArray
    triangles: IntArray
    patch: IntArray
    edges: IntArray
    line: IntArray
    vertex: IntArray


def lines_of(pieces: Pieces) -> tuple[Line, ...]:
    """Chain the edges between pieces into lines.

    Parameters
    ----------
    pieces : Pieces
    """
    label = np.column_stack([pieces.beside, pieces.sharp, pieces.level])
    _, kind = np.unique(label, axis=0, return_inverse=True)
    kind = kind.ravel()
    at: dict[int, list[int]] = {}
    for edge, (a, b) in enumerate(pieces.edges.tolist()):
        at.setdefault(a, []).append(edge)
        at.setdefault(b, []).append(edge)
    ends = {vertex for vertex, edges in at.items() if _ends_line(pieces, kind, vertex, edges)}
    left = set(range(len(pieces.edges)))
    patch_of = np.zeros(int(pieces.piece.max()) + 1, dtype=np.int64)
    patch_of[pieces.piece] = pieces.patch
    lines = []

    def follow(start: int, edge: int) -> None:
        chain = [start]
        first = edge
        while True:
            left.discard(edge)
            a, b = pieces.edges[edge].tolist()
            chain.append(b if chain[-1] == a else a)
            if chain[-1] in ends or chain[-1] == start:
                break
            edge = next(other for other in at[chain[-1]] if other != edge)
        one, other = pieces.beside[first].tolist()
        lines.append(
            Line(
                np.array(chain),
                bool(pieces.sharp[first]),
                int(pieces.level[first]),
                int(patch_of[one]),
                (one, other),
            )
        )

    for vertex in sorted(ends):
        for edge in at[vertex]:
            if edge in left:
                follow(vertex, edge)
    while left:
        edge = min(left)
        follow(int(pieces.edges[edge, 0]), edge)
    return tuple(lines)


def _ends_line(pieces: Pieces, kind: IntArray, vertex: int, edges: list[int]) -> bool:
    """Tell whether lines end at a vertex: more or fewer than two meet, of two kinds, or sharply."""
    if len(edges) != 2 or kind[edges[0]] != kind[edges[1]]:
        return True
    if not pieces.sharp[edges[0]]:
        return False
    ways = []
    for edge in edges:
        a, b = pieces.edges[edge].tolist()
        way = pieces.vertices[b if a == vertex else a] - pieces.vertices[vertex]
        ways.append(way / np.linalg.norm(way))
    return float(-ways[0] @ ways[1]) < _KINK


def remesh(pieces: Pieces, lines: tuple[Line, ...], size: SizeField, algorithm: int) -> Remeshed:
    """Mesh pieces anew in gmsh's current, empty model.

    Parameters
    ----------
    pieces : Pieces
    lines : tuple of Line
        From `lines_of`.
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm : int
        gmsh's number of the surface algorithm.

    Returns
    -------
    Remeshed
    """
    model, mesh = gmsh.model, gmsh.model.mesh
    known: set[int] = set()
    ends = sorted({int(line.vertices[row]) for line in lines for row in (0, -1)})

    def add(dim: int, tag: int, vertices: IntArray) -> None:
        fresh = [int(v) for v in np.unique(vertices) if int(v) not in known]
        known.update(fresh)
        mesh.addNodes(dim, tag, np.array(fresh) + 1, (UNIT * pieces.vertices[fresh]).ravel())

    for vertex in ends:
        model.addDiscreteEntity(0, vertex + 1)
        model.setCoordinates(vertex + 1, *(UNIT * pieces.vertices[vertex]).tolist())
        add(0, vertex + 1, np.array([vertex]))
        mesh.addElementsByType(vertex + 1, 15, [], [vertex + 1])
    around: dict[int, list[int]] = {}
    for number, line in enumerate(lines, start=1):
        chain = line.vertices
        model.addDiscreteEntity(1, number, sorted({int(chain[0]) + 1, int(chain[-1]) + 1}))
        add(1, number, chain[1:-1]) if len(chain) > 2 else None
        mesh.addElementsByType(number, 1, [], np.stack([chain[:-1], chain[1:]], axis=1).ravel() + 1)
        for piece in line.beside:
            around.setdefault(piece, []).append(number)
    count = int(pieces.piece.max()) + 1
    for piece in range(count):
        model.addDiscreteEntity(2, piece + 1, around[piece])
        own = pieces.triangles[pieces.piece == piece]
        if len(set(np.unique(own).tolist()) - known):
            add(2, piece + 1, own)
        mesh.addElementsByType(piece + 1, 2, [], own.ravel() + 1)
    mesh.createGeometry()
    gmsh.option.setNumber("Mesh.Algorithm", algorithm)
    mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: UNIT * size(x / UNIT, y / UNIT, z / UNIT))
    mesh.generate(2)
    return _taken(pieces, lines, ends, count)


def _taken(pieces: Pieces, lines: tuple[Line, ...], ends: list[int], count: int) -> Remeshed:
    mesh = gmsh.model.mesh
    tags, places, _ = mesh.getNodes()
    row = np.zeros(int(tags.max()) + 1, dtype=np.int64)
    row[np.asarray(tags, dtype=np.int64)] = np.arange(len(tags))
    triangles, owner = [], []
    for piece in range(count):
        found = row[np.asarray(mesh.getElementsByType(2, piece + 1)[1], dtype=np.int64)].reshape(-1, 3)
        triangles.append(found)
        owner.append(np.full(len(found), pieces.patch[np.argmax(pieces.piece == piece)]))
    edges, line = [], []
    for number in range(len(lines)):
        found = row[np.asarray(mesh.getElementsByType(1, number + 1)[1], dtype=np.int64)].reshape(-1, 2)
        edges.append(found)
        line.append(np.full(len(found), number))
    vertex = np.full(len(tags), NONE)
    for end in ends:
        vertex[row[int(mesh.getNodes(0, end + 1)[0][0])]] = end
    return Remeshed(
        np.asarray(places, dtype=np.float64).reshape(-1, 3) / UNIT,
        np.concatenate(triangles),
        np.concatenate(owner),
        np.concatenate(edges),
        np.concatenate(line),
        vertex,
    )
