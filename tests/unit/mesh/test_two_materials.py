"""Meshes of bone of two materials: volumes, facets, and bones without a natural canal."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.parts import Part
from fea.mesh.regions import take_apart
from fea.mesh.sizes import MeshSizes
from fea.mesh.store import load_mesh, save_mesh
from geometry.bone import Bone, Station
from geometry.core import Core
from geometry.jaw import Jaw
from geometry.outline import Outline
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from geometry.zones import CANCELLOUS, ENDS
from tests.bodies.one_body import volume


def core_of(mesh) -> float:
    part = mesh.bone
    return volume(Part("core", part.points, part.tets[part.regions[CANCELLOUS]], {}))


def area(part, name) -> float:
    corners = part.points[part.facets[name][:, :3]]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(cross, axis=1).sum() / 2)


def test_a_core_between_two_levels_has_its_volume_and_the_bone_the_same_facets() -> None:
    station = Station(0.0, 14.0, 12.0, 7.0, 7.0, 3.0)
    sizes = MeshSizes(3.0, 4.0, shell=1.5)
    stem = Stem(14.0, 16.0, collar=Collar(18.0, 3.0, 0.0), protrusion=3.0)
    cored = build_mesh(Bone(24.0, (station,), core=Core(8.0, 20.0)), None, stem, sizes)
    plain = build_mesh(Bone(24.0, (Station(0.0, 14.0, 12.0, 7.0, 7.0),)), None, stem, MeshSizes(3.0, 4.0))
    assert core_of(cored) == pytest.approx(math.pi * (11.0 * 9.0 - 49.0) * 12.0, rel=2e-3)
    assert plain.bone.regions == {}
    for name in plain.bone.facets:
        assert area(cored.bone, name) == pytest.approx(area(plain.bone, name), rel=2e-2), name
    assert volume(cored.bone) == pytest.approx(volume(plain.bone), rel=1e-3)


def test_a_segment_of_the_jaw_has_its_volumes_and_its_cuts() -> None:
    jaw = Jaw(12.0, 16.0, 9.0, 11.0, 1.5, 1.8, 1.6, 2.5, shift=0.3)
    bone = Bone(16.0, (), core=Core(), outline=jaw)
    mesh = build_mesh(
        bone, Reaming(4.0, 8.5, 1.0), Stem(4.0, 8.0, tip_radius=1.0), MeshSizes(1.0, 2.0, shell=0.8)
    )
    assert mesh.quality.inverted == 0
    level = np.linspace(0.0, 16.0, 40_001)
    section = 2 * float(np.trapezoid(jaw.section.half_width(level), level))
    assert area(mesh.bone, ENDS) == pytest.approx(2 * section, rel=3e-3)
    hole = math.pi * 4.0 * 7.5 + math.pi * (1.0 + math.pi / 2 + 2 / 3)
    assert volume(mesh.bone) == pytest.approx(12.0 * section - hole, rel=1e-4)
    core = (jaw.core.at_top + jaw.core.at_bottom) * (jaw.core.bottom - jaw.core.top)
    assert core_of(mesh) == pytest.approx(12.0 * core - hole + math.pi * 4.0 * 1.8, rel=1e-4)
    assert area(mesh.bone, "proximal") == pytest.approx(
        2 * 12.0 * (jaw.section.inset(1.5, 1.5, 1.5, 0).at_bottom), rel=1e-6
    )


def test_a_bone_without_a_natural_canal_is_whole_beyond_the_drill() -> None:
    bone = Bone(24.0, (Station(0.0, 10.0, 10.0, 0.0, 0.0),))
    mesh = build_mesh(bone, Reaming(8.0, 14.0, 4.0), Stem(8.0, 12.0, tip_radius=3.0), MeshSizes(2.0, 3.0))
    hole = math.pi * 16.0 * 10.0 + 2 / 3 * math.pi * 64.0
    assert volume(mesh.bone) == pytest.approx(math.pi * 100.0 * 24.0 - hole, rel=5e-4)
    assert area(mesh.bone, "proximal") == pytest.approx(math.pi * 100.0, rel=2e-2)


class Triangle(Outline):
    """A rounded triangle, as a tibia's section is."""

    def radius(self, angle, level):
        return 10.0 + 1.2 * np.cos(3 * angle) + 0.05 * level

    def slopes(self, angle, level):
        return -3.6 * np.sin(3 * angle), np.full_like(angle, 0.05)


def test_a_bone_of_any_star_shaped_outline_is_meshed() -> None:
    outline = Triangle()
    bone = Bone(20.0, (), outline=outline)
    mesh = build_mesh(bone, Reaming(8.0, 14.0, 4.0), Stem(8.0, 12.0, tip_radius=3.0), MeshSizes(2.0, 3.0))
    nodes = mesh.bone.points[np.unique(mesh.bone.facets["outer"][:, :3])]
    assert np.abs(bone.outside_outer(nodes)).max() < 5e-3
    angle, level = np.meshgrid(np.linspace(0, 2 * np.pi, 720, endpoint=False), np.linspace(0, 20, 201))
    sections = (outline.radius(angle, level) ** 2).mean(axis=1) * math.pi
    hole = math.pi * 16.0 * 10.0 + 2 / 3 * math.pi * 64.0
    assert volume(mesh.bone) == pytest.approx(float(np.trapezoid(sections, level[:, 0])) - hole, rel=1e-3)


def test_a_mesh_of_two_materials_repeats_and_is_kept(tmp_path) -> None:
    bone = Bone(14.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0, 4.0),), core=Core())
    first, second = (
        build_mesh(bone, None, Stem(14.0, 14.0), MeshSizes(4.0, 5.0, shell=2.0)) for _ in range(2)
    )
    assert np.array_equal(first.bone.points, second.bone.points)
    assert np.array_equal(first.bone.regions[CANCELLOUS], second.bone.regions[CANCELLOUS])
    save_mesh(first, tmp_path / "mesh.npz")
    kept = load_mesh(tmp_path / "mesh.npz")
    assert kept is not None
    assert np.array_equal(kept.bone.regions[CANCELLOUS], first.bone.regions[CANCELLOUS])
    apart = take_apart(first.bone)
    assert len(apart.part.points) > len(first.bone.points)


def test_the_shell_is_meshed_at_its_own_size() -> None:
    bone = Bone(14.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0, 2.0),), core=Core())
    mesh = build_mesh(bone, None, Stem(14.0, 14.0), MeshSizes(4.0, 5.0, shell=1.0))
    inside = np.zeros(len(mesh.bone.tets), dtype=bool)
    inside[mesh.bone.regions[CANCELLOUS]] = True
    corners = mesh.bone.points[mesh.bone.tets[~inside][:, :4]]
    edges = np.linalg.norm(corners[:, [0, 0, 0, 1, 1, 2]] - corners[:, [1, 2, 3, 2, 3, 3]], axis=2)
    assert np.median(edges) < 1.4
    # Two elements through it: vertices lie between its two surfaces.
    radius = np.hypot(*mesh.bone.points[np.unique(mesh.bone.tets[~inside][:, :4])][:, :2].T)
    assert ((radius > 12.4) & (radius < 13.6)).sum() > 50
