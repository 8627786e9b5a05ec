"""Bone of two materials: shares of crossed elements, stiffness of elements and nodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.cancellous import bone_at_nodes, bone_materials, core_shares, negative_share
from geometry.bone import Bone
from geometry.core import Core
from geometry.jaw import Jaw
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.thread import Thread
from geometry.zones import CANCELLOUS
from materials.elasticity import Isotropic
from tests.verification.norms import sample
from tests.verification.press_fits import CASES


def test_the_share_of_a_cut_tetrahedron_is_that_of_its_points() -> None:
    rng = np.random.default_rng(1)
    weights = rng.dirichlet(np.ones(4), 200_000)
    distance = rng.normal(size=(12, 4))
    counted = ((distance @ weights.T) < 0).mean(axis=1)
    np.testing.assert_allclose(negative_share(distance), counted, atol=4e-3)


def test_closed_forms_of_the_share() -> None:
    # One vertex in: the corner cut off halfway is an eighth; a plane through an edge and halfway is a half.
    distance = np.array([[-1.0, 1, 1, 1], [1, -1, -1, -1], [-1, 1, 0, 0], [-1, -1, 1, 1], [-1, -2, -3, -4]])
    np.testing.assert_allclose(negative_share(distance), [1 / 8, 7 / 8, 1 / 2, 1 / 2, 1.0], atol=1e-4)


@pytest.fixture(scope="module")
def tube():
    case = read_case(CASES / "ct1_core_plane_strain.toml")
    sizes = MeshSizes(3.0, 4.0, shell=2.0)
    return case, build_mesh(case.bone, None, case.stem, sizes)


def test_elements_of_a_mesh_that_follows_the_border_are_of_one_material(tube) -> None:
    case, mesh = tube
    distance = case.bone.outside_core(mesh.bone.points)
    shares = core_shares(mesh.bone, distance)
    assert set(shares) == {0.0, 1.0}
    inside = np.zeros(len(shares), dtype=bool)
    inside[mesh.bone.regions[CANCELLOUS]] = True
    assert (shares == inside).all()
    shear = bone_materials(case, mesh)[:, 3, 3]
    np.testing.assert_allclose(shear[inside], 2000.0 / 2.4, rtol=1e-12)
    np.testing.assert_allclose(shear[~inside], 17000.0 / 2.6, rtol=1e-12)


def test_equal_materials_in_shell_and_core_are_one_material_bit_for_bit(tube) -> None:
    case, mesh = tube
    same = replace(case, core_material=case.bone_material)
    plain = replace(case, core_material=None)
    assert np.array_equal(bone_materials(same, mesh), bone_materials(plain, mesh))
    assert np.array_equal(bone_at_nodes(same, mesh.bone), bone_at_nodes(plain, mesh.bone))


def test_nodes_between_the_materials_stand_twice_and_have_either_law(tube) -> None:
    case, mesh = tube
    found = bone_at_nodes(case, mesh.bone)
    assert len(found) > len(mesh.bone.points)
    laws = np.unique(np.round(found[:, 3, 3], 6))
    np.testing.assert_allclose(laws, [2000.0 / 2.4, 17000.0 / 2.6], rtol=1e-9)


def test_round_a_thread_shares_add_up_to_the_core_s_volume_and_the_border_is_conforming_beyond() -> None:
    jaw = Jaw(12.0, 14.0, 9.0, 9.0, 1.0, 2.0, 2.0, 2.0)
    bone = Bone(14.0, (), core=Core(), outline=jaw)
    thread = Thread(0.9, 0.35, 0.15, 1.0, 6.4, 0.9, np.radians(30), np.radians(30))
    stem = Stem(3.4, 8.0, tip_radius=0.6, thread=thread)
    mesh = build_mesh(bone, Reaming(3.4, 8.5, 0.6), stem, MeshSizes(1.4, 2.5, shell=1.0))
    assert mesh.quality.inverted == 0
    part = mesh.bone
    shares = core_shares(part, bone.outside_core(part.points))
    volume = sample(part, np.zeros_like(part.points)).volume.sum(axis=1)
    crossed = (shares > 0) & (shares < 1)
    middle = part.points[part.tets[crossed][:, :4]].mean(axis=1)
    assert 0 < crossed.sum() < 0.06 * len(shares)
    assert np.hypot(middle[:, 0], middle[:, 1]).max() < 4.0
    # The core's box, less the drill's hole with its rounded end and the ridge from 2 mm on.
    whole = 12.0 * 5.0 * 10.0
    straight = np.pi * 1.7**2 * (7.9 - 2.0)
    end = np.pi * (1.1**2 * 0.6 + 1.1 * np.pi * 0.6**2 / 2 + 2 * 0.6**3 / 3)
    level = np.linspace(2.0, 6.4, 4001)
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    height = 1.7 + thread.height(np.repeat(angle, len(level)), np.tile(level, len(angle)))
    ridge = float(np.trapezoid((height**2 - 1.7**2).reshape(len(angle), -1).mean(axis=0), level)) * np.pi
    assert (shares * volume).sum() == pytest.approx(whole - straight - end - ridge, rel=3e-3)


def test_a_law_of_its_own_axes_is_turned_with_the_bone(tube) -> None:
    case, mesh = tube
    stiff = replace(case.bone_material, elasticity=Isotropic(1.0, 0.0))
    found = bone_materials(replace(case, core_material=stiff), mesh)
    inside = mesh.bone.regions[CANCELLOUS]
    np.testing.assert_allclose(
        found[inside], np.broadcast_to(stiff.elasticity.stiffness(), (len(inside), 6, 6)), atol=1e-12
    )
