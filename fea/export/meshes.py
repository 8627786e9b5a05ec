"""The mesh alone: gmsh's own format, and VTK's."""

from __future__ import annotations

from pathlib import Path

from fea.export.source import Source, Written
from fea.mesh.msh import write_msh
from fea.post.vtk_output import write_mesh


def gmsh(source: Source, folder: Path) -> Written:
    """Write ``<case>.msh``."""
    path = folder / f"{source.name}.msh"
    groups = write_msh(source.mesh, path, source.bodies)
    return Written(path.name, (*_size(source), ("physical groups", ", ".join(groups))))


def vtu(source: Source, folder: Path) -> Written:
    """Write ``mesh_stem.vtu`` and ``mesh_bone.vtu``; of a joint those of cone and socket."""
    paths = write_mesh(source.mesh, folder, source.bodies)
    return Written(paths[0].name, (*_size(source), ("files", ", ".join(path.name for path in paths))))


def _size(source: Source) -> tuple[tuple[str, str], ...]:
    parts = (source.mesh.stem, source.mesh.bone)
    counts = (sum(len(part.points) for part in parts), sum(len(part.tets) for part in parts))
    return (("nodes, elements", f"{counts[0]}, {counts[1]}"),)
