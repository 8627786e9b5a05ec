"""What an abutment's joint carries, and its screw: resultants to round-off, on a mesh without symmetry."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fea.elasticity.rigid import LEVER, rigid_fields
from fea.elasticity.wrench import end_face_loads
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.sizes import MeshSizes
from fea.model.abutment_screw import head_facets, joint_wrenches, screw_preload, thread_facets
from geometry.abutment import Abutment, Screw
from geometry.bone import Bone, Station
from geometry.stem import Stem
from tests.bodies.one_body import displacement
from tests.bodies.structured import everywhere, isotropic
from tests.bodies.two_bodies import held_body

SEAT, FORCE = -3.0, 700.0
REFERENCE_POINT = np.array([2.0, -5.0, -40.0])


@cache
def fixture() -> tuple[Stem, Mesh]:
    abutment = Abutment(13.0, 12.0, Screw(8.0, 16.0, 11.0), SEAT)
    stem = Stem(16.0, 30.0, bore_diameter=6.0, abutment=abutment)
    bone = Bone(40.0, (Station(0.0, 14.0, 14.0, 8.0, 8.0),))
    return stem, build_mesh(bone, None, stem, MeshSizes(5.0, 6.0))


def test_the_screw_acts_along_the_axis_without_a_moment() -> None:
    stem, mesh = fixture()
    preload = screw_preload("abutment screw", FORCE, stem, mesh)
    assert preload.force == FORCE
    assert not preload.bone_loads.any()
    nodal = preload.stem_loads.reshape(-1, 3)
    for facets, force in ((thread_facets(mesh.stem, stem), -1.0), (head_facets(mesh.stem, stem), 1.0)):
        here = np.unique(facets)
        resultant = np.r_[nodal[here].sum(axis=0), np.cross(mesh.stem.points[here], nodal[here]).sum(axis=0)]
        np.testing.assert_allclose(resultant, [0, 0, force, 0, 0, 0], atol=1e-10)
    away = np.setdiff1d(np.arange(len(nodal)), np.r_[thread_facets(mesh.stem, stem).ravel(),
                                                     head_facets(mesh.stem, stem).ravel()])  # fmt: skip
    assert not nodal[away].any()


@pytest.mark.parametrize("column", range(6))
def test_the_joint_carries_each_component_of_the_wrench_about_its_middle(column: int) -> None:
    """Held at the tip alone, whatever acts on the abutment goes through the joint: M + (c - s) x F."""
    stem, mesh = fixture()
    part, law = mesh.stem, isotropic(110e3, 0.3)
    tip = np.unique(part.facets["proximal_end"])
    held = held_body(part, law, (3 * tip[:, None] + np.arange(3)).ravel()).fixed
    loads = end_face_loads(part.points, part.facets["distal_end"], REFERENCE_POINT)[:, column]
    moved = displacement(part, law, held, FORCE * loads)
    found = joint_wrenches(part, everywhere(part, law), stem, moved[:, :, None])[0]
    force, moment = FORCE * np.eye(6)[column, :3], FORCE * np.eye(6)[column, 3:]
    exact = np.r_[force, moment + np.cross(REFERENCE_POINT - [0, 0, SEAT], force)]
    np.testing.assert_allclose(found, exact, atol=1e-8 * FORCE * 50)


def test_a_rigid_motion_loads_no_joint() -> None:
    stem, mesh = fixture()
    part = mesh.stem
    fields = rigid_fields(part.points).reshape(len(part.points), 3, 6) / LEVER
    assert np.abs(joint_wrenches(part, everywhere(part, isotropic(110e3, 0.3)), stem, fields)).max() < 1e-6
