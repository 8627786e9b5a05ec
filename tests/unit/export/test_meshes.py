"""Meshes as gmsh and VTK files, read back by meshio, which wrote neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import meshio
import numpy as np
import pytest

from fea.export.meshes import gmsh, vtu
from fea.export.source import Source
from fea.mesh.msh import write_msh
from fea.mesh.parts import Mesh
from tests.unit.post.synthetic_mesh import synthetic_mesh


@pytest.fixture(scope="module")
def layered() -> Mesh:
    """The synthetic mesh, some of whose elements are of another material in either body."""
    mesh = synthetic_mesh(8)
    stem = replace(mesh.stem, regions={"coated": np.arange(5, 40, 3)})
    bone = replace(mesh.bone, regions={"cancellous": np.array([0, 7, 8])})
    return replace(mesh, stem=stem, bone=bone)


@pytest.fixture(scope="module")
def path(layered: Mesh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gmsh") / "mesh.msh"
    write_msh(layered, path)
    return path


@pytest.fixture(scope="module")
def read(path: Path) -> meshio.Mesh:
    return meshio.read(path)


def cells_of(mesh: meshio.Mesh, group: str) -> set[tuple[int, ...]]:
    """The elements of a physical group, each as its nodes in VTK's order."""
    blocks = zip(mesh.cells, mesh.cell_sets[group], strict=True)
    return {tuple(row) for block, rows in blocks for row in block.data[rows].tolist()}


def test_gmsh_file_has_every_node_and_body_in_order(layered: Mesh, read: meshio.Mesh) -> None:
    points = np.concatenate([layered.stem.points, layered.bone.points])
    assert read.points == pytest.approx(points, rel=1e-15, abs=1e-15)  # 16 digits are written
    assert {block.type for block in read.cells} == {"tetra10", "triangle6"}
    shift = len(layered.stem.points)
    assert cells_of(read, "stem") == set(map(tuple, layered.stem.tets.tolist()))
    assert cells_of(read, "bone") == set(map(tuple, (layered.bone.tets + shift).tolist()))


def test_numbers_of_elements_are_those_of_the_mesh_and_none_stands_twice(layered: Mesh, path: Path) -> None:
    """Read as the manual of MSH 4.1 states blocks: dimension, entity, type, how many; then the elements."""
    text = path.read_text(encoding="ascii")
    assert text.startswith("$MeshFormat\n4.1 0 8\n")
    lines = text.split("$Elements\n")[1].split("$EndElements")[0].splitlines()[1:]
    numbers, tetrahedra = [], {}
    while lines:
        _, _, kind, count = map(int, lines[0].split())
        rows = [[int(word) for word in line.split()] for line in lines[1 : 1 + count]]
        numbers += [row[0] for row in rows]
        if kind == 11:
            tetrahedra |= {row[0]: row[1:5] for row in rows}
        lines = lines[1 + count :]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    shift = len(layered.stem.points)
    corners = np.concatenate([layered.stem.tets, layered.bone.tets + shift])[:, :4] + 1
    assert np.array_equal([tetrahedra[number + 1] for number in range(len(corners))], corners)


def test_elements_of_a_region_are_of_their_body_too(layered: Mesh, read: meshio.Mesh) -> None:
    for part, name, shift in (
        (layered.stem, "stem_region_coated", 0),
        (layered.bone, "bone_region_cancellous", len(layered.stem.points)),
    ):
        (rows,) = part.regions.values()
        found = cells_of(read, name)
        assert found == set(map(tuple, (part.tets[rows] + shift).tolist()))
        assert found < cells_of(read, name.split("_")[0])


def test_every_named_face_is_a_physical_group(layered: Mesh, read: meshio.Mesh) -> None:
    faces = {}
    for part, shift in ((layered.stem, 0), (layered.bone, len(layered.stem.points))):
        faces |= {f"{part.name}_face_{name}": rows + shift for name, rows in part.facets.items() if len(rows)}
    assert {name for name in read.cell_sets if "_face_" in name} == set(faces)
    for name, rows in faces.items():
        assert cells_of(read, name) == set(map(tuple, rows.tolist()))


def test_vtu_files_hold_both_bodies_and_their_materials(
    layered: Mesh, solved: Source, tmp_path: Path
) -> None:
    source = replace(solved)
    source.__dict__["mesh"] = layered
    written = vtu(source, tmp_path)
    assert written.main == "mesh_stem.vtu"
    for part, layer in ((layered.stem, 3), (layered.bone, 101)):
        found = meshio.read(tmp_path / f"mesh_{part.name}.vtu")
        assert np.array_equal(found.points, part.points)
        (block,) = found.cells
        assert block.type == "tetra10"
        assert np.array_equal(block.data, part.tets)
        (rows,) = part.regions.values()
        (material,) = found.cell_data["material"]
        assert set(np.flatnonzero(material == layer)) == set(rows.tolist())


def test_bodies_of_a_joint_have_their_own_names(solved: Source, tmp_path: Path) -> None:
    source = replace(solved, joint=True)
    source.__dict__["mesh"] = solved.mesh
    gmsh(source, tmp_path)
    vtu(source, tmp_path)
    groups = meshio.read(tmp_path / "synthetic.msh").field_data
    assert {"cone", "socket", "socket_face_canal"} < set(groups)
    assert {path.name for path in tmp_path.glob("*.vtu")} == {"mesh_cone.vtu", "mesh_socket.vtu"}
