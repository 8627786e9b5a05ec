"""The mesh of a fixture with its abutment: the joint is faces, the screw's rings are whole facets."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.naming import FACES
from fea.mesh.parts import Mesh, Part
from fea.mesh.sizes import MeshSizes
from fea.mesh.step import export_step
from fea.mesh.store import digest_of, load_mesh, save_mesh
from fea.model.abutment_screw import head_facets, thread_facets
from geometry.abutment import Abutment, Screw
from geometry.bone import Bone, Station
from geometry.grooves import Flutes
from geometry.stem import Collar, Stem
from tests.bodies.one_body import volume

BONE = Bone(40.0, (Station(0.0, 14.0, 14.0, 8.0, 8.0),))
SIZES = MeshSizes(4.0, 6.0)
#: Curved quadratic facets as coarse as these: a circle of 24 chords is off by 4e-4.
CURVED = 1e-3


def stem_with(diameter: float, seat: float, head: float | None, own: bool) -> Stem:
    screw = Screw(8.0, 16.0, head)
    return Stem(16.0, 30.0, bore_diameter=6.0, abutment=Abutment(diameter, 12.0, screw, seat, own))


CASES = [(16.0, 0.0, None, False), (12.0, 0.0, 10.0, True), (13.0, -3.0, 11.0, True)]


@cache
def meshed(*sizes: float) -> tuple[Stem, Mesh]:
    stem = stem_with(*sizes)  # type: ignore[arg-type]
    return stem, build_mesh(BONE, None, stem, SIZES)


def area(part: Part, facets: np.ndarray) -> float:
    """Area of curved facets, mm^2."""
    from fea.elasticity.wrench import triangle_shapes

    _, weights, _, slopes = triangle_shapes(5)
    tangents = np.einsum("qar,kad->kqrd", slopes, part.points[facets])
    return float((np.linalg.norm(np.cross(tangents[:, :, 0], tangents[:, :, 1]), axis=2) * weights).sum())


@pytest.mark.parametrize("sizes", CASES)
def test_the_joint_is_an_annulus_of_whole_faces(sizes: tuple) -> None:
    stem, mesh = meshed(*sizes)
    part, seat = mesh.stem, stem.abutment.seat
    levels = part.points[part.tets[:, :4], 2]
    assert not ((levels.min(axis=1) < seat - 1e-9) & (levels.max(axis=1) > seat + 1e-9)).any()
    above = part.tets[levels.mean(axis=1) > seat][:, FACES].reshape(-1, 6)
    below = part.tets[levels.mean(axis=1) < seat][:, FACES].reshape(-1, 6)
    shared = {tuple(sorted(face)) for face in above[:, :3].tolist()}
    joint = np.array([face for face in below.tolist() if tuple(sorted(face[:3])) in shared])
    assert np.abs(part.points[joint, 2] - seat).max() < 1e-9
    assert area(part, joint) == pytest.approx(stem.joint.area, rel=CURVED)


@pytest.mark.parametrize("sizes", CASES)
def test_thread_and_head_have_the_areas_of_their_rings(sizes: tuple) -> None:
    stem, mesh = meshed(*sizes)
    assert area(mesh.stem, thread_facets(mesh.stem, stem)) == pytest.approx(np.pi * 6.0 * 8.0, rel=CURVED)
    head = stem.abutment.screw.head_diameter or stem.abutment.diameter
    exact = np.pi / 4 * (head**2 - 6.0**2)
    assert area(mesh.stem, head_facets(mesh.stem, stem)) == pytest.approx(exact, rel=CURVED)


@pytest.mark.parametrize("sizes", CASES)
def test_the_abutment_is_a_region_where_its_material_is_its_own(sizes: tuple) -> None:
    stem, mesh = meshed(*sizes)
    part = mesh.stem
    assert set(part.regions) == ({"abutment"} if stem.abutment.own_material else set())
    for rows in part.regions.values():
        abutment = Part("abutment", part.points, part.tets[rows], {})
        exact = np.pi / 4 * (stem.abutment.diameter**2 - 6.0**2) * 12.0
        assert volume(abutment) == pytest.approx(exact, rel=CURVED)


def test_fixture_and_bone_share_their_facets_beside_an_abutment() -> None:
    _, mesh = meshed(*CASES[0])
    ours, theirs = (
        {tuple(np.round(point, 9)) for point in part.points[part.facets[name]].reshape(-1, 3)}
        for part, name in ((mesh.stem, "uncoated"), (mesh.bone, "canal"))
    )
    assert ours <= theirs


def test_the_digest_knows_the_shape_of_the_abutment_and_not_the_core_of_the_screw() -> None:
    one = stem_with(*CASES[1])
    screw = Screw(8.0, 16.0, 10.0, core_diameter=5.0)
    other = Stem(16.0, 30.0, bore_diameter=6.0, abutment=Abutment(12.0, 12.0, screw, 0.0, True))
    assert digest_of(BONE, None, one, SIZES) == digest_of(BONE, None, other, SIZES)
    assert digest_of(BONE, None, one, SIZES) != digest_of(BONE, None, stem_with(*CASES[2]), SIZES)


def test_a_kept_mesh_has_its_abutment(tmp_path) -> None:
    _, mesh = meshed(*CASES[1])
    save_mesh(mesh, tmp_path / "mesh.npz")
    kept = load_mesh(tmp_path / "mesh.npz")
    assert kept is not None
    np.testing.assert_array_equal(kept.stem.regions["abutment"], mesh.stem.regions["abutment"])


def test_the_step_file_is_one_solid_with_its_abutment(tmp_path) -> None:
    stem, _ = export_step(BONE, None, stem_with(*CASES[1]), tmp_path)
    text = stem.read_text()
    assert text.count("MANIFOLD_SOLID_BREP") == 1
    assert "-12." in text


@pytest.mark.parametrize(
    "others",
    [
        {"flutes": Flutes(4, 1.0, 4.0, 4.0, 24.0, 6.0)},
        {"collar": Collar(20.0, 3.0, 0.0)},
    ],
    ids=lambda others: next(iter(others)),
)
def test_an_abutment_goes_with_flutes_and_a_collar(others: dict[str, object]) -> None:
    abutment = Abutment(13.0, 12.0, Screw(8.0, 16.0, 11.0), -3.0, own_material=True)
    stem = Stem(16.0, 30.0, bore_diameter=6.0, abutment=abutment, **others)  # type: ignore[arg-type]
    mesh = build_mesh(BONE, None, stem, SIZES)
    levels = mesh.stem.points[mesh.stem.tets[:, :4], 2]
    assert not ((levels.min(axis=1) < -3.0 - 1e-9) & (levels.max(axis=1) > -3.0 + 1e-9)).any()
    assert mesh.quality.least_scaled_jacobian > 0.1
    assert len(thread_facets(mesh.stem, stem))
    assert len(mesh.stem.facets.get("collar", ())) == 0 or "collar" in others
