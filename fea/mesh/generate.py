"""Surfaces, volumes and curved elements in a running gmsh session."""

from __future__ import annotations

from collections.abc import Sequence

import gmsh
import numpy as np

from fea.errors import MeshError
from fea.mesh.caps import SizeField
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.revolve import DimTag

#: Solids of the stem (its abutment is one of its own) and of the bone.
Volumes = tuple[tuple[DimTag, ...], tuple[DimTag, ...]]

#: gmsh's optimiser of curved elements sums in the order of addresses, so that its last
#: bits differ between runs; on this grid, in mm, its results repeat.
OPTIMISED_GRID = 2.0**-26

#: gmsh's 10-node tetrahedron has its last two nodes in the other order.
_TO_VTK = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 8])


def generate(volumes: Sequence[DimTag], size: SizeField, surface: int, volume: int) -> None:
    """Mesh all surfaces together and volumes one by one, then curve the elements.

    Volumes apart, because the facets of bodies that nearly touch may cross.

    Parameters
    ----------
    volumes : sequence of tuples
        Those to fill.
    size : callable
        Size in mm at (x, y, z) in mm.
    surface, volume : int
        gmsh's numbers of the algorithms.
    """
    mesh = gmsh.model.mesh
    gmsh.option.setNumber("Mesh.MeshOnlyVisible", 0)
    gmsh.model.setVisibility(gmsh.model.getEntities(), 1)
    mesh.clear()
    gmsh.option.setNumber("Mesh.Algorithm", surface)
    gmsh.option.setNumber("Mesh.Algorithm3D", volume)
    mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: size(x, y, z))
    mesh.generate(2)
    gmsh.option.setNumber("Mesh.MeshOnlyVisible", 1)
    for entity in volumes:
        gmsh.model.setVisibility(gmsh.model.getEntities(3), 0)
        gmsh.model.setVisibility([entity], 1, recursive=True)
        mesh.generate(3)
    gmsh.option.setNumber("Mesh.MeshOnlyVisible", 0)
    gmsh.model.setVisibility(gmsh.model.getEntities(), 1)
    mesh.setOrder(2)


def body(volumes: Sequence[DimTag], grid: float | None = None) -> tuple[FloatArray, IntArray]:
    """Take nodes and elements of one body out of gmsh, numbered on their own.

    Parameters
    ----------
    volumes : sequence of tuples
        Solids that make up the body; they share the faces between them.
    grid : float, mm
        To which coordinates are rounded; not at all where None.

    Returns
    -------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)

    Raises
    ------
    MeshError
        When a solid has no 10-node tetrahedra.
    """
    found = []
    for volume in volumes:
        kinds, _, connectivity = gmsh.model.mesh.getElements(*volume)
        if list(kinds) != [11]:
            raise MeshError("gmsh left a solid without elements.")
        found.append(connectivity[0])
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    tets = np.asarray(np.concatenate(found), dtype=np.int64).reshape(-1, 10)[:, _TO_VTK]
    used, local = np.unique(tets, return_inverse=True)
    rows = np.argsort(tags)[np.searchsorted(np.sort(tags), used)]
    points = np.asarray(coordinates, dtype=np.float64).reshape(-1, 3)[rows]
    if grid is not None:
        points = np.round(points / grid) * grid
    return points, local.reshape(-1, 10)
