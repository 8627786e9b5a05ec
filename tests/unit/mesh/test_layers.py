"""A coating's layer: its elements, its volume, its bond to the core, and what no mesh can carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.elasticity.gradients import element_gradients
from fea.errors import MeshError
from fea.mesh.build import build_mesh
from fea.mesh.naming import boundary_facets
from fea.mesh.parts import Mesh, Part
from fea.mesh.quality import jacobian_determinants
from fea.mesh.regions import element_regions, take_apart
from fea.mesh.sizes import MeshSizes
from fea.mesh.store import digest_of, load_mesh, save_mesh
from fea.model.body import Body
from fea.model.recover import recover_fields
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from tests.bodies.structured import isotropic

COARSE = MeshSizes(interface=4.0, far=6.0)
TUBE = Bone(20.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))
BOWED = Bone(
    70.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0), Station(70.0, 14.0, 15.0, 6.5, 7.0)), 300.0, 0.5, 40.0
)


def layer(start: float, end: float, thickness: float) -> tuple[Coating]:
    return (Coating(start, end, thickness=thickness),)


COLLARED = Stem(
    16.0,
    40.0,
    10.0,
    tip_radius=5.0,
    collar=Collar(22.0, 4.0, 0.1),
    coatings=layer(0.0, 25.0, 0.8),
)

EXAMPLES = {
    "flush": (TUBE, None, Stem(14.0, 20.0, coatings=layer(0.0, 20.0, 1.0)), COARSE),
    "bored": (
        TUBE,
        None,
        Stem(14.0, 20.0, bore_diameter=6.0, coatings=layer(0.0, 20.0, 1.0)),
        COARSE,
    ),
    "between": (TUBE, None, Stem(14.0, 12.0, 5.0, coatings=layer(4.0, 8.0, 0.3)), COARSE),
    "taper": (
        TUBE,
        None,
        Stem(14.0, 16.0, 4.0, tip_diameter=12.0, coatings=layer(0.0, 16.0, 1.0)),
        COARSE,
    ),
    "collared": (BOWED, Reaming(16.0, 48.0, 8.0), COLLARED, COARSE),
    "thick": (
        TUBE,
        None,
        Stem(14.0, 20.0, coatings=layer(0.0, 10.0, 3.5)),
        MeshSizes(1.7, 3.0),
    ),
}
#: Elements through the thickness, and the exact volume of the layer in mm^3.
LAYERS = {
    "flush": (2, np.pi * (49 - 36) * 20),
    "bored": (2, np.pi * (49 - 36) * 20),
    "between": (2, np.pi * (49 - 6.7**2) * 4),
    "taper": (2, None),
    "collared": (2, np.pi * (64 - 7.2**2) * 25),
    "thick": (3, np.pi * (49 - 3.5**2) * 10),
}

_KEPT: dict[str, Mesh] = {}


def meshed(name: str) -> Mesh:
    if name not in _KEPT:
        _KEPT[name] = build_mesh(*EXAMPLES[name])
    return _KEPT[name]


def volume(part: Part, rows: np.ndarray) -> float:
    return float(element_gradients(part, 6).volume[rows].sum())


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_element_of_a_layered_stem_is_inverted(name: str) -> None:
    mesh = meshed(name)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1
    assert jacobian_determinants(mesh.stem.points, mesh.stem.tets).min() > 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_layer_has_its_elements_through_the_thickness_and_not_one_more(name: str) -> None:
    """Three times its facets times its count: the interface's size bounds it, not the thickness."""
    mesh, (count, _) = meshed(name), LAYERS[name]
    stem = EXAMPLES[name][2]
    part, rows = mesh.stem, mesh.stem.regions["coated"]
    corners = part.points[np.unique(part.tets[rows][:, :4])]
    if stem.tip_diameter is None:
        depth = stem.diameter / 2 - np.hypot(corners[:, 0], corners[:, 1])
        (coating,) = stem.coatings
        thickness = coating.thickness
        assert np.unique(np.round(depth / thickness * count, 6)).tolist() == list(range(count + 1))
    assert len(rows) == 3 * count * len(part.facets["coated"])


@pytest.mark.parametrize("name", [name for name in EXAMPLES if LAYERS[name][1] is not None])
def test_the_volume_of_a_layer_is_that_of_the_ring(name: str) -> None:
    """Facets of 4 mm on a radius of 7 to 8 mm; the middles of their edges lie on the circle."""
    part = meshed(name).stem
    assert volume(part, part.regions["coated"]) == pytest.approx(LAYERS[name][1], rel=2e-4)


def test_a_layer_on_a_taper_is_as_thick_at_right_angles_to_the_flank() -> None:
    """Between two cones that are the thickness apart."""
    part = meshed("taper").stem
    depth = np.hypot(1.0, 1.0 / 16)
    radii = np.array([7.0, 6.0])
    frusta = [np.pi * 16 / 3 * (r[0] ** 2 + r[0] * r[1] + r[1] ** 2) for r in (radii, radii - depth)]
    assert volume(part, part.regions["coated"]) == pytest.approx(frusta[0] - frusta[1], rel=2e-4)


@pytest.mark.parametrize("name", EXAMPLES)
def test_layer_and_core_share_their_nodes(name: str) -> None:
    """No facet of either is left over between them, and the whole has its exact skin."""
    part = meshed(name).stem
    skin = sum(len(rows) for rows in part.facets.values())
    assert len(boundary_facets(part.tets)) == skin
    rows = part.regions["coated"]
    core = np.setdiff1d(np.arange(len(part.tets)), rows)
    own = [boundary_facets(part.tets[some]) for some in (rows, core)]
    keys = [{tuple(row) for row in np.sort(facets, axis=1).tolist()} for facets in own]
    bond = keys[0] & keys[1]
    assert len(own[0]) + len(own[1]) == skin + 2 * len(bond)
    assert len(bond) >= len(part.facets["coated"])
    assert volume(part, rows) + volume(part, core) == pytest.approx(volume(part, np.arange(len(part.tets))))


@pytest.mark.parametrize("name", ["flush", "between", "collared"])
def test_a_layer_keeps_the_facets_that_stem_and_bone_share(name: str) -> None:
    """All six nodes of a coated facet stand where those of the bone's do, to the last bit."""
    mesh = meshed(name)
    bone = {tuple(sorted(map(tuple, mesh.bone.points[row].tolist()))) for row in mesh.bone.facets["canal"]}
    coated = [tuple(sorted(map(tuple, mesh.stem.points[row].tolist()))) for row in mesh.stem.facets["coated"]]
    shared = sum(row in bone for row in coated)
    assert shared > 0.5 * len(coated) if name == "collared" else shared == len(coated)


def test_a_layered_mesh_repeats_bit_for_bit() -> None:
    first, again = meshed("between"), build_mesh(*EXAMPLES["between"])
    for one, two in ((first.stem, again.stem), (first.bone, again.bone)):
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.tets, two.tets)


def test_a_layered_mesh_comes_back_from_disk(tmp_path: Path) -> None:
    mesh = meshed("between")
    save_mesh(mesh, tmp_path / "mesh.npz")
    again = load_mesh(tmp_path / "mesh.npz", mesh.digest)
    assert again is not None
    assert again.stem.regions.keys() == {"coated"}
    assert again.bone.regions == {}
    assert np.array_equal(again.stem.regions["coated"], mesh.stem.regions["coated"])


def test_only_a_thickness_makes_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A coating without one says the same of itself as before there were layers."""
    said = []
    monkeypatch.setattr("fea.mesh.store.repr", lambda what: said.append(what) or repr(what), raising=False)
    plain = Stem(14.0, 12.0, 5.0, coatings=(Coating(4.0, 8.0),))
    layered = replace(plain, coatings=layer(4.0, 8.0, 0.3))
    assert digest_of(TUBE, None, plain, COARSE) != digest_of(TUBE, None, layered, COARSE)
    assert said[0][2][2]["coating"] == {"start": 4.0, "end": 8.0}
    assert said[1][2][2]["coating"] == {"start": 4.0, "end": 8.0, "thickness": 0.3}


def test_a_layer_flatter_than_its_elements_can_be_is_refused() -> None:
    stem = Stem(14.0, 12.0, 5.0, coatings=layer(4.0, 8.0, 0.02))
    with pytest.raises(MeshError, match=r"layer of 0\.02 mm is too thin for elements of this size"):
        build_mesh(TUBE, None, stem, COARSE)


def test_a_layer_that_ends_where_bone_cuts_the_stem_is_refused() -> None:
    stem = Stem(14.4, 20.0, 5.0, coatings=layer(0.0, 15.0, 0.5))
    with pytest.raises(GeometryError, match="cannot end at z = 15 mm on a stem that overlaps the bone"):
        build_mesh(TUBE, None, stem, COARSE)


def test_strain_that_jumps_between_core_and_layer_is_not_smeared() -> None:
    """u_z = s (r - a) in the layer and 0 in the core: a shear strain of s, and none, at the same places.

    The radius is no polynomial on curved elements of 4 mm: 5 %. Averaged over both it would be 50 % off.
    """
    part, inner, shear = meshed("flush").stem, 6.0, 1e-3
    radius = np.hypot(part.points[:, 0], part.points[:, 1])
    moved = np.zeros_like(part.points)
    layer = np.unique(part.tets[part.regions["coated"]])
    moved[layer, 2] = shear * (radius[layer] - inner)
    moved[np.setdiff1d(np.arange(len(moved)), layer), 2] = 0.0
    soft, stiff = isotropic(5000.0, 0.2), isotropic(110000.0, 0.3)
    apart = take_apart(part)
    material = np.where(element_regions(part)[:, None, None] == 1, soft, stiff)
    none = np.zeros((6, 0))
    body = Body(part, material, np.zeros(0, dtype=np.int64), none, np.zeros(0, dtype=np.int64))
    fields = recover_fields(body, moved.reshape(-1, 1), np.stack([stiff, soft])[apart.region])
    x, y, _ = apart.part.points.T
    strain, stress = np.asarray(fields.strain[0]), np.asarray(fields.stress[0])
    along = (strain[:, 5] * x + strain[:, 4] * y) / np.maximum(np.hypot(x, y), 1e-9)
    pull = (stress[:, 5] * x + stress[:, 4] * y) / np.maximum(np.hypot(x, y), 1e-9)
    in_layer = apart.region == 1
    assert along[in_layer] == pytest.approx(shear, rel=0.05)
    assert np.abs(along[~in_layer]).max() < 1e-12 * shear
    assert pull[in_layer] == pytest.approx(shear * soft[4, 4], rel=0.05)
    twice = np.unique(apart.source, return_counts=True)
    assert (twice[1] == 2).sum() == len(apart.source) - len(part.points) > 0


def test_facets_of_a_body_taken_apart_follow_their_elements() -> None:
    apart = take_apart(meshed("collared").stem)
    own = {tuple(row) for row in np.sort(boundary_facets(apart.part.tets), axis=1).tolist()}
    for name, rows in apart.part.facets.items():
        assert {tuple(row) for row in np.sort(rows, axis=1).tolist()} <= own, name
        whole = meshed("collared").stem
        assert np.array_equal(apart.part.points[rows], whole.points[whole.facets[name]])
