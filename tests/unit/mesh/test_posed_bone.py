"""Meshes of bones in which the implant stands askew: volumes in closed form, faces, distances."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.parts import Part
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.core import Core
from geometry.pose import Pose
from geometry.posed import posed
from geometry.reaming import Reaming
from geometry.scanned.splined import fit_outline
from geometry.stem import Collar, Stem
from geometry.zones import CANCELLOUS
from tests.bodies.one_body import volume

TILT = Pose(tilt_front=math.radians(3.0), tilt_left=math.radians(-2.0), entry_front=-1.0, entry_left=0.5)
STEM = Stem(14.0, 24.0, 4.0, collar=Collar(18.0, 3.0, 0.0), tip_radius=3.0)
SIZES = MeshSizes(3.0, 4.0)


def test_a_solid_cylinder_drilled_askew_has_its_volume_in_closed_form():
    """Between planes square to the drill, L apart: pi R^2 L / cos t, less the drill's pi r^2 D."""
    bone = posed(Bone(36.0, (Station(0.0, 14.0, 14.0, 0.0, 0.0),)), TILT)
    mesh = build_mesh(bone, Reaming(14.0, 28.0, 0.0), STEM, SIZES)
    whole = math.pi * 14.0**2 * 36.0 / math.cos(TILT.tilt)
    assert volume(mesh.bone) == pytest.approx(whole - math.pi * 49.0 * 28.0, rel=2e-4)
    assert mesh.quality.inverted == 0


def test_shell_and_core_askew_have_their_volumes():
    """The core between levels of the bone, not of the implant: its own ends stand square to the bone."""
    bone = posed(Bone(40.0, (Station(0.0, 14.0, 12.0, 0.0, 0.0, 2.5),), core=Core(10.0, 30.0)), TILT)
    mesh = build_mesh(bone, Reaming(14.0, 28.0, 0.0), STEM, MeshSizes(3.0, 4.0, shell=1.5))
    part = mesh.bone
    core = volume(Part("core", part.points, part.tets[part.regions[CANCELLOUS]], {}))
    # The drill passes the core's lower end and stands 28 mm deep along its own axis, all within the core:
    # what it takes is a cylinder whose lower end is oblique, pi r^2 times its axis' length there.
    inside = 28.0 - 10.0 / math.cos(TILT.tilt)
    taken = math.pi * 49.0 * inside
    assert core == pytest.approx(math.pi * 11.5 * 9.5 * 20.0 - taken, rel=2e-3)


def test_nodes_of_oval_and_splined_bones_lie_on_their_surfaces_and_faces():
    angles, levels = np.linspace(-np.pi, np.pi, 60, endpoint=False), np.linspace(0.0, 36.0, 37)
    wave = 1.0 + 0.04 * np.cos(2 * angles)[:, None] + 0.0 * levels
    outlines = [fit_outline(angles, levels, size * wave, 12, 12.0) for size in (14.0, 6.0)]
    oval = Bone(36.0, (Station(0.0, 15.0, 13.0, 6.0, 5.5), Station(36.0, 14.0, 12.5, 5.5, 5.0)), 300.0)
    for stated in (oval, Bone(36.0, (), outline=outlines[0], canal_outline=outlines[1])):
        bone, reaming = posed(stated, TILT), Reaming(14.0, 28.0, 3.0)
        mesh = build_mesh(bone, reaming, STEM, SIZES)
        part = mesh.bone
        corners = {name: part.points[np.unique(facets[:, :3])] for name, facets in part.facets.items()}
        assert np.abs(bone.outside_outer(corners["outer"])).max() < 2e-2
        assert np.abs(Canal(bone, reaming).outside(corners["canal"])).max() < 2e-2
        assert np.ptp(corners["cut"][:, 2]) < 1e-6
        assert corners["proximal"][:, 2] == pytest.approx(36.0, abs=1e-6)
        assert set(part.facets) == {"canal", "cut", "outer", "proximal"}
