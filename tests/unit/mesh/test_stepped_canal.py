"""The mesh of a canal that a train of reamers has stepped: volumes, walls, contact."""

from __future__ import annotations

import math

import gmsh
import numpy as np
import pytest

from fea.cad.session import session
from fea.mesh.build import build_mesh
from fea.mesh.shapes import bone_solid
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.pose import Pose
from geometry.posed import posed
from geometry.reaming import Pass, Reaming
from geometry.removed import removed_volumes
from geometry.stem import Stem
from tests.bodies.one_body import volume

TRAIN = Reaming(14.0, 34.0, 7.0, train=(Pass(12.0, 34.0), Pass(14.0, 34.0), Pass(16.0, 14.0)))
STEM = Stem(14.0, 28.0, 4.0, tip_radius=4.0)


def oval(**kwargs):
    stations = (Station(0.0, 14.0, 13.0, 7.4, 6.0), Station(44.0, 13.5, 13.0, 5.0, 4.5))
    return Bone(44.0, stations, 600.0, 0.6, **kwargs)


def test_the_meshed_bone_has_the_volume_that_the_passes_leave():
    """A tube: pi (R^2 - r^2) L less what the passes took, quarter rounds at the step and all."""
    bone = Bone(44.0, (Station(0.0, 13.5, 13.5, 0.0, 0.0),))
    mesh = build_mesh(bone, TRAIN, STEM, MeshSizes(2.5, 4.0))
    left = math.pi * 13.5**2 * 44.0 - sum(removed_volumes(Canal(bone, TRAIN)))
    assert volume(mesh.bone) == pytest.approx(left, rel=1e-4)
    assert mesh.quality.inverted == 0


@pytest.mark.parametrize("pose", [Pose(), Pose(0.04, -0.02, 0.0, -0.5, 0.4)], ids=["straight", "askew"])
def test_each_pass_takes_the_difference_of_the_solids(pose):
    bone = posed(oval(), pose)
    with session():
        shapes = [None, Reaming(12.0, 34.0, 6.0), TRAIN.only, TRAIN]
        masses = []
        for reaming in shapes:
            solid = bone_solid(Canal(bone, reaming))
            masses.append(gmsh.model.occ.getMass(*solid))
    # The kernel integrates lofted faces to some 4e-5 of the whole bone, 0.3 % of the smallest pass.
    expected = -np.diff(masses)
    assert removed_volumes(Canal(bone, TRAIN)) == pytest.approx(expected, rel=5e-3)


def test_the_edge_of_a_step_is_an_edge_of_the_mesh_and_the_canal_lies_on_its_passes():
    bone = oval()
    mesh = build_mesh(bone, TRAIN, STEM, MeshSizes(2.5, 4.0))
    part = mesh.bone
    corners = part.points[part.facets["canal"][:, :3]]
    assert np.abs(Canal(bone, TRAIN).outside(corners.reshape(-1, 3))).max() < 2e-2
    middle = corners.mean(axis=1)
    guided = np.hypot(middle[:, 0], middle[:, 1]) < 7.0 + 1e-6
    reach = TRAIN.steps[0].profile
    assert (middle[guided, 2] > reach.fillet_centre_level).all()
