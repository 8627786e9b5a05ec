"""Meshes of stems from files: the parametric stem's volumes and zones, taken-out bone, bores, digests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import gmsh
import numpy as np
import pytest

from fea.cad.session import session
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh, Part
from fea.mesh.sizes import MeshSizes
from fea.mesh.step import export_step
from fea.mesh.store import digest_of, load_mesh, save_mesh
from geometry.bone import Bone, Station
from geometry.cad_stem import CadStem, Pose
from geometry.coating import Coating
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.one_body import volume
from tests.unit.cad_shapes import cylinder, square, stem_of, step
from tests.unit.mesh.test_abutment import area

BONE = Bone(50.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
REAMED = Reaming(16.0, 45.0, 5.0)
SIZES = MeshSizes(3.0, 4.0)
COATINGS = (Coating(5.0, 25.0),)


def read_back(stem: Stem, folder) -> CadStem:
    """The same stem, read from its own STEP file."""
    path, _ = export_step(BONE, REAMED, stem, folder)
    return stem_of(path.read_bytes(), stem.coatings)


@cache
def meshed(stem: Stem) -> Mesh:
    return build_mesh(BONE, REAMED, stem, SIZES)


def areas(part: Part) -> dict[str, float]:
    return {name: area(part, facets) for name, facets in part.facets.items()}


def test_a_stem_read_back_from_its_own_file_has_the_same_volumes_and_zones(tmp_path) -> None:
    """A taper with rounded tip and bore, 0.11 mm and more off the wall: either keeps its own surface."""
    stem = Stem(15.78, 35.0, 10.0, 15.38, 3.0, 4.0, coatings=COATINGS)
    read = read_back(stem, tmp_path)
    for size in ("diameter", "length", "protrusion", "distal_level"):
        assert getattr(read, size) == pytest.approx(getattr(stem, size), abs=1e-6)
    drawn, found = meshed(stem), meshed(read)
    assert found.quality.inverted == 0
    for name in ("coated", "uncoated", "distal_end"):
        assert area(found.stem, found.stem.facets[name]) == pytest.approx(
            area(drawn.stem, drawn.stem.facets[name]), rel=1e-3
        )
    assert volume(found.stem) == pytest.approx(volume(drawn.stem), rel=1e-3)
    assert volume(found.bone) == pytest.approx(volume(drawn.bone), rel=1e-3)


def test_bone_is_taken_out_of_a_stem_that_overlaps_it() -> None:
    mesh = meshed(stem_of(cylinder(8.05, -10.0, 35.0), COATINGS))
    part = mesh.stem
    above = part.points[part.points[:, 2] > 0.01]
    assert np.hypot(above[:, 0], above[:, 1]).max() == pytest.approx(8.0, abs=1e-6)
    below = part.points[part.points[:, 2] < -0.01]
    assert np.hypot(below[:, 0], below[:, 1]).max() == pytest.approx(8.05, abs=1e-6)
    assert areas(part)["coated"] == pytest.approx(2 * np.pi * 8 * 20, rel=1e-4)
    stem_nodes = {tuple(row) for row in np.round(part.points[part.facets["coated"].ravel()], 9).tolist()}
    bone_nodes = {
        tuple(row) for row in np.round(mesh.bone.points[mesh.bone.facets["canal"].ravel()], 9).tolist()
    }
    assert stem_nodes <= bone_nodes


def test_a_square_stem_keeps_its_own_surface_and_its_zones() -> None:
    mesh = meshed(stem_of(square(12.0, 2.0, -10.0, 35.0), COATINGS))
    round_the_corners = 4 * (12.0 - 4.0) + 2 * np.pi * 2.0
    found = areas(mesh.stem)
    assert found["coated"] == pytest.approx(20 * round_the_corners, rel=1e-3)
    assert found["uncoated"] == pytest.approx(15 * round_the_corners, rel=1e-3)
    section = 12.0**2 - (4 - np.pi) * 4.0
    assert found["distal_end"] == pytest.approx(section, rel=1e-3)
    assert found["proximal_end"] == pytest.approx(section, rel=1e-3)
    assert volume(mesh.stem) == pytest.approx(45 * section, rel=1e-3)


def test_a_bore_is_no_zone() -> None:
    def draw() -> None:
        occ = gmsh.model.occ
        occ.cut(
            [(3, occ.addCylinder(0, 0, -10, 0, 0, 45, 7.9))], [(3, occ.addCylinder(0, 0, -10, 0, 0, 45, 3))]
        )

    part = meshed(stem_of(step(draw), COATINGS)).stem
    for zone in ("coated", "uncoated"):
        assert np.hypot(*part.points[part.facets[zone].ravel(), :2].T).min() > 7.8


def test_the_digest_holds_the_files_content_and_the_pose(tmp_path) -> None:
    stem = stem_of(cylinder(7.9, -10.0, 35.0), COATINGS)
    others = (
        replace(stem, digest="0" * 64),
        replace(stem, pose=Pose(translation=(0.0, 0.0, 1.0))),
        replace(stem, coatings=()),
    )
    digests = {digest_of(BONE, REAMED, each, SIZES) for each in (stem, *others)}
    assert len(digests) == 4
    mesh = meshed(stem)
    assert mesh.digest in digests
    save_mesh(mesh, tmp_path / "mesh.npz")
    kept = load_mesh(tmp_path / "mesh.npz", mesh.digest)
    assert kept is not None
    assert np.array_equal(kept.stem.points, mesh.stem.points)
    assert np.array_equal(build_mesh(BONE, REAMED, stem, SIZES).stem.points, mesh.stem.points)


def test_the_step_file_that_is_written_is_the_stem_where_it_is_seated(tmp_path) -> None:
    stem = stem_of(cylinder(7.9, 0.0, 45.0), translation=(0.1, 0.0, -10.0))
    path, _ = export_step(BONE, REAMED, stem, tmp_path)
    with session():
        gmsh.model.occ.importShapes(str(path))
        gmsh.model.occ.synchronize()
        box = gmsh.model.getBoundingBox(-1, -1)
    assert box == pytest.approx((-7.8, -7.9, -10.0, 8.0, 7.9, 35.0), abs=1e-5)
