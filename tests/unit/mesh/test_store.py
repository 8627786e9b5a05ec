"""Meshes on disk."""

from dataclasses import replace

import numpy as np
import pytest

from fea.mesh.parts import Mesh, Part, Quality
from fea.mesh.sizes import MeshSizes
from fea.mesh.store import digest_of, load_mesh, save_mesh
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem

BONE = Bone(60.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
STEM = Stem(16.0, 40.0, collar=Collar(22.0, 4.0, 0.1))
CASE = (BONE, Reaming(16.0, 50.0, 8.0), STEM, MeshSizes(2.8, 4.0))


@pytest.fixture
def mesh():
    points = np.linspace(0.0, 1.0, 30).reshape(10, 3)
    tets = np.arange(10, dtype=np.int64)[None]
    facets = {"coated": tets[:, :6], "free": np.zeros((0, 6), dtype=np.int64)}
    stem, bone = Part("stem", points, tets, facets), Part("bone", 2 * points, tets, {"canal": tets[:, 2:8]})
    return Mesh(stem, bone, Quality(0.25, 0.5, 0, (1.0, 2.0, 3.0)), digest_of(*CASE), ("coated",))


def test_a_mesh_comes_back_bit_for_bit(mesh, tmp_path):
    path = tmp_path / "deep" / "mesh.npz"
    save_mesh(mesh, path)
    again = load_mesh(path, mesh.digest)
    assert again is not None
    for one, two in ((mesh.stem, again.stem), (mesh.bone, again.bone)):
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.tets, two.tets)
        assert one.facets.keys() == two.facets.keys()
        assert all(np.array_equal(one.facets[name], two.facets[name]) for name in one.facets)
    assert again.quality == mesh.quality
    assert again.digest == mesh.digest
    assert again.zones == mesh.zones
    assert [file.name for file in path.parent.iterdir()] == ["mesh.npz"]


def test_arrays_that_come_back_cannot_be_written(mesh, tmp_path):
    save_mesh(mesh, tmp_path / "mesh.npz")
    again = load_mesh(tmp_path / "mesh.npz")
    assert again is not None
    with pytest.raises(ValueError, match="read-only"):
        again.stem.points[0] = 0.0


def test_a_file_without_its_zones_is_no_mesh(mesh, tmp_path):
    path = tmp_path / "mesh.npz"
    save_mesh(mesh, path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if name != "zones"}
    np.savez(path, **arrays)
    assert load_mesh(path) is None
    np.savez(path, zones=np.array(["coated", "mesh"]), **arrays)
    assert load_mesh(path) is None


def test_a_mesh_is_known_by_the_names_of_its_zones():
    """One coating called coated is what older meshes were made of; any other name is another mesh."""
    bone, reaming, stem, sizes = CASE
    plain = digest_of(bone, reaming, replace(stem, coatings=(Coating(0.0, 20.0),)), sizes)
    named = digest_of(bone, reaming, replace(stem, coatings=(Coating(0.0, 20.0, "mesh"),)), sizes)
    assert plain != named != digest_of(*CASE) != plain


@pytest.mark.parametrize("kept", [0, 10, 200, 1500])
def test_a_damaged_file_is_no_mesh(mesh, tmp_path, kept):
    path = tmp_path / "mesh.npz"
    save_mesh(mesh, path)
    path.write_bytes(path.read_bytes()[:kept])
    assert load_mesh(path) is None


def test_a_flipped_byte_is_never_read_as_another_mesh(mesh, tmp_path):
    """The archive's checksums guard the arrays; bytes that say nothing may differ."""
    path = tmp_path / "mesh.npz"
    save_mesh(mesh, path)
    sound = path.read_bytes()
    refused = 0
    for place in range(0, len(sound), 7):
        data = bytearray(sound)
        data[place] ^= 0xFF
        path.write_bytes(bytes(data))
        again = load_mesh(path)
        refused += again is None
        assert again is None or again.stem.facets.keys() == mesh.stem.facets.keys()
        assert again is None or np.array_equal(again.stem.points, mesh.stem.points)
    assert refused > 0.5 * len(sound) / 7


def test_a_missing_file_or_another_mesh_is_no_mesh(mesh, tmp_path):
    assert load_mesh(tmp_path / "none.npz") is None
    save_mesh(mesh, tmp_path / "mesh.npz")
    assert load_mesh(tmp_path / "mesh.npz", "other") is None


def test_the_digest_follows_shapes_and_sizes_but_not_the_fit():
    bone, reaming, stem, sizes = CASE
    digest = digest_of(*CASE)
    assert digest == digest_of(*CASE)
    assert digest == digest_of(bone, reaming, replace(stem, collar=Collar(22.0, 4.0, 0.2)), sizes)
    others = {
        digest_of(replace(bone, length=61.0), reaming, stem, sizes),
        digest_of(bone, None, stem, sizes),
        digest_of(bone, reaming, replace(stem, diameter=15.9), sizes),
        digest_of(bone, reaming, stem, replace(sizes, far=5.0)),
        digest_of(*CASE, conforming=False),
    }
    assert len(others | {digest}) == 6


def test_a_mesh_is_known_by_the_elements_through_its_layer():
    """A graded lattice asks for more of them; a layer that asks for none has the digest that it had."""
    layer = Coating(0.0, 30.0, thickness=1.5)
    plain, graded = (
        digest_of(BONE, CASE[1], replace(STEM, coatings=(zone,)), CASE[3])
        for zone in (layer, replace(layer, elements=4))
    )
    assert plain != graded
    assert "elements" not in replace(STEM, coatings=(layer,)).stated()["coating"]
