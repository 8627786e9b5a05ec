"""What lies within layers: a volume bounded by given triangles, and plane faces within given edges.

Each is meshed in a model of its own within the running gmsh session; the given triangles and
edges stay as they are, so that volume and layers share their vertices.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gmsh
import numpy as np

from fea.errors import MeshError
from fea.mesh.caps import SizeField
from fea.mesh.parts import FloatArray, IntArray


def fill_volume(
    points: FloatArray,
    triangles: IntArray,
    size: SizeField,
    algorithm: int,
    inside: IntArray | None = None,
) -> tuple[FloatArray, IntArray]:
    """Fill a closed surface with 4-node tetrahedra.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (k, 3)
        Rows of `points`.
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.
    inside : ndarray, shape (i, 3), optional
        Triangles inside that are to be faces of tetrahedra.

    Returns
    -------
    added : ndarray, shape (j, 3), mm
        Vertices inside, numbered from n.
    tets : ndarray, shape (m, 4)
    """
    used = np.unique(triangles)
    with own_model("core"):
        surface = gmsh.model.addDiscreteEntity(2)
        gmsh.model.mesh.addNodes(2, surface, used + 1, points[used].ravel())
        gmsh.model.mesh.addElementsByType(surface, 2, [], (triangles + 1).ravel())
        volume = gmsh.model.geo.addVolume([gmsh.model.geo.addSurfaceLoop([surface])])
        gmsh.model.geo.synchronize()
        if inside is not None and len(inside):
            own = np.setdiff1d(inside, used)
            wall = gmsh.model.addDiscreteEntity(2)
            gmsh.model.mesh.addNodes(2, wall, own + 1, points[own].ravel())
            gmsh.model.mesh.addElementsByType(wall, 2, [], (inside + 1).ravel())
            gmsh.model.mesh.embed(2, [wall], 3, volume)
            used = np.union1d(used, inside)
        gmsh.option.setNumber("Mesh.Algorithm3D", algorithm)
        gmsh.model.mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: size(x, y, z))
        gmsh.model.mesh.generate(3)
        kinds, _, connectivity = gmsh.model.mesh.getElements(3, volume)
        if list(kinds) != [4]:
            raise MeshError("gmsh left the inside of a closed surface without elements.")
        tags, places, _ = gmsh.model.mesh.getNodes(3, volume)
    number = np.zeros(int(max(connectivity[0].max(), used.max() + 1)) + 1, dtype=np.int64)
    number[used + 1] = used
    number[np.asarray(tags, dtype=np.int64)] = len(points) + np.arange(len(tags))
    return np.asarray(places).reshape(-1, 3), number[np.asarray(connectivity[0], dtype=np.int64)].reshape(
        -1, 4
    )


def fill_plane(points: FloatArray, edges: IntArray, size: SizeField) -> tuple[FloatArray, IntArray]:
    """Fill the plane region within closed lines of edges with triangles.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    edges : ndarray, shape (k, 2)
        Rows of `points`, all at one level; the outline, and a hole within it if there is one.
    size : callable
        Size in mm at (x, y, z) in mm.

    Returns
    -------
    added : ndarray, shape (j, 3), mm
        Vertices inside, numbered from n.
    triangles : ndarray, shape (m, 3)
    """
    loops = closed_lines(edges)
    widths = [float(np.hypot(*points[loop, :2].T).max()) for loop in loops]
    with own_model("end"):
        geo, number = gmsh.model.geo, {}
        for vertex in np.unique(edges).tolist():
            number[vertex] = geo.addPoint(*points[vertex].tolist())
        outlines = []
        for row in np.argsort(widths)[::-1].tolist():
            loop = loops[row]
            ends = zip(loop, np.roll(loop, -1), strict=True)
            lines = [geo.addLine(number[int(a)], number[int(b)]) for a, b in ends]
            for line in lines:
                geo.mesh.setTransfiniteCurve(line, 2)
            outlines.append(geo.addCurveLoop(lines))
        face = geo.addPlaneSurface(outlines)
        geo.synchronize()
        gmsh.model.mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: size(x, y, z))
        gmsh.model.mesh.generate(2)
        kinds, _, connectivity = gmsh.model.mesh.getElements(2, face)
        if list(kinds) != [2]:
            raise MeshError("gmsh left an end face of a body without elements.")
        tags, places, _ = gmsh.model.mesh.getNodes(2, face)
        at_points = {int(gmsh.model.mesh.getNodes(0, tag)[0][0]): vertex for vertex, tag in number.items()}
    at_points |= {int(tag): len(points) + row for row, tag in enumerate(tags)}
    corners = [at_points[int(tag)] for tag in connectivity[0]]
    return np.asarray(places).reshape(-1, 3), np.array(corners, dtype=np.int64).reshape(-1, 3)


def closed_lines(edges: IntArray) -> list[IntArray]:
    """Chain edges into closed lines.

    Parameters
    ----------
    edges : ndarray, shape (k, 2)

    Returns
    -------
    list of ndarray
        Vertices of each in their order, from the lowest number on.

    Raises
    ------
    MeshError
        When they do not close.
    """
    beside: dict[int, list[int]] = {}
    for a, b in edges.tolist():
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    if any(len(ends) != 2 for ends in beside.values()):
        raise MeshError("An end face of a body has no closed outline.")
    loops, left = [], set(beside)
    while left:
        loop = [min(left)]
        onward = min(beside[loop[0]])
        while onward != loop[0]:
            loop.append(onward)
            onward = next(end for end in beside[onward] if end != loop[-2])
        left -= set(loop)
        loops.append(np.array(loop))
    return loops


@contextmanager
def own_model(name: str) -> Iterator[None]:
    """Work in a model of its own, and go back to the one before.

    Parameters
    ----------
    name : str
    """
    before = gmsh.model.getCurrent()
    gmsh.model.add(name)
    gmsh.option.setNumber("Mesh.Renumber", 0)
    try:
        yield
    finally:
        gmsh.option.setNumber("Mesh.Renumber", 1)
        gmsh.model.remove()
        gmsh.model.setCurrent(before)
