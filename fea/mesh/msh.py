"""A mesh in gmsh's own format: MSH 4.1, with a physical group for each body, region and named face.

gmsh writes the file itself: meshio's writer leaves each entity one physical group, and an element of a
region is of its body, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray

from fea.cad.session import session
from fea.mesh.parts import Mesh, Part
from fea.mesh.regions import element_regions

IntArray = NDArray[np.int64]

#: gmsh's numbers of the 10-node tetrahedron and the 6-node triangle.
_TETRAHEDRON, _TRIANGLE = 11, 9
#: gmsh has the middles of the last two edges of a tetrahedron the other way round.
_ORDER = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 8])


def write_msh(mesh: Mesh, path: Path, names: Sequence[str] = ("stem", "bone")) -> tuple[str, ...]:
    """Write a mesh, second order, in mm.

    Parameters
    ----------
    mesh : Mesh
    path : Path
        Of the ``.msh`` file.
    names
        What the bodies are called.

    Returns
    -------
    tuple of str
        The physical groups: ``stem``, ``stem_region_...``, those of the bone, then ``stem_face_...`` and
        ``bone_face_...``; faces without facets are left out. Nodes and tetrahedra are numbered from 1,
        the stem first.
    """
    groups: list[list[str]] = []
    with session():
        gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
        gmsh.option.setNumber("Mesh.Binary", 0)
        gmsh.option.setNumber("Mesh.SaveAll", 0)
        nodes, elements = 0, 0
        for part, name in zip((mesh.stem, mesh.bone), names, strict=True):
            groups.append(_add_body(part, name, nodes, elements))
            nodes += len(part.points)
            elements += len(part.tets)
        # After all tetrahedra: gmsh numbers triangles on from the last one.
        for part, name, before in zip((mesh.stem, mesh.bone), names, (0, len(mesh.stem.points)), strict=True):
            groups.append(_add_faces(part, name, before))
        gmsh.write(str(path))
    return tuple(name for listed in groups for name in listed)


def _add_body(part: Part, name: str, nodes: int, elements: int) -> list[str]:
    """Add a body as discrete volumes, its numbers after those given; return its groups."""
    code = element_regions(part)
    volumes = []
    for number in range(len(part.regions) + 1):
        volumes.append(gmsh.model.addDiscreteEntity(3))
        if number == 0:
            numbers = np.arange(1, len(part.points) + 1) + nodes
            gmsh.model.mesh.addNodes(3, volumes[0], numbers, part.points.ravel())
        rows = np.flatnonzero(code == number)
        tets = part.tets[rows][:, _ORDER] + 1 + nodes
        gmsh.model.mesh.addElementsByType(volumes[-1], _TETRAHEDRON, rows + 1 + elements, tets.ravel())
    groups = [_group(3, volumes, name)]
    for volume, region in zip(volumes[1:], part.regions, strict=True):
        groups.append(_group(3, [volume], f"{name}_region_{region}"))
    return groups


def _add_faces(part: Part, name: str, nodes: int) -> list[str]:
    """Add the named faces of a body as discrete surfaces; return their groups."""
    groups = []
    for face, facets in part.facets.items():
        if len(facets):
            surface = gmsh.model.addDiscreteEntity(2)
            gmsh.model.mesh.addElementsByType(surface, _TRIANGLE, [], (facets + 1 + nodes).ravel())
            groups.append(_group(2, [surface], f"{name}_face_{face}"))
    return groups


def _group(dimension: int, entities: list[int], name: str) -> str:
    gmsh.model.addPhysicalGroup(dimension, entities, name=name)
    return name
