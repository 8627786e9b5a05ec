"""Meshes of triangular bones: the volume of their closed form, and that of ellipses without a share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.reaming import Reaming
from geometry.sectioned_bone import SectionedBone
from geometry.station import Triangle
from geometry.stem import Stem
from tests.bodies.one_body import volume

STEM = Stem(14.0, 20.0)
REAMING = Reaming(14.0, 20.0, 0.0)
SIZES = MeshSizes(2.2, 3.0)


def _mesh(bone: Bone):
    return build_mesh(bone, REAMING, STEM, SIZES)


def test_a_reamed_triangular_tube_has_the_volume_of_its_closed_form() -> None:
    """Pi a^2 (1 + t^2/2) less the reamer's circle, times the length."""
    station = Station(0.0, 13.0, 13.0, 0.0, 0.0, triangle=Triangle(0.08, 0.3), wall=8.0)
    bone = _mesh(SectionedBone(20.0, (station,))).bone
    exact = 20.0 * np.pi * (13.0**2 * (1 + 0.08**2 / 2) - 7.0**2)
    assert volume(bone) == pytest.approx(exact, rel=5e-4)


def test_the_canal_above_the_reamer_has_the_thickness_of_its_wall() -> None:
    """Volume by quadrature of both outlines, the reamer's cylinder united with the canal."""
    stations = tuple(
        Station(level, 13.0 + level / 40, 12.0, 0.0, 0.0, triangle=Triangle(0.05, 0.3), wall=wall)
        for level, wall in ((0.0, 6.5), (20.0, 6.0), (40.0, 5.6))
    )
    bone = SectionedBone(40.0, stations)
    meshed = _mesh(bone).bone
    turn = np.linspace(-np.pi, np.pi, 400, endpoint=False)
    levels, weights = np.polynomial.legendre.leggauss(40)
    exact = 0.0
    for low, reamer in ((0.0, 7.0), (20.0, 0.0)):
        for place, weight in zip(levels, weights, strict=True):
            level = np.full_like(turn, low + 10.0 * (1.0 + place))
            assert bone.outline is not None
            assert bone.canal_outline is not None
            canal = np.maximum(bone.canal_outline.radius(turn, level), reamer)
            area = (bone.outline.radius(turn, level) ** 2 - canal**2).sum() * np.pi / len(turn)
            exact += 10.0 * weight * area
    assert volume(meshed) == pytest.approx(exact, rel=2e-3)


def test_without_a_share_the_mesh_has_the_volume_of_the_bone_of_ellipses() -> None:
    station = Station(0.0, 14.0, 12.0, 5.0, 6.0)
    plain = _mesh(Bone(20.0, (station,), axis_offset=0.5)).bone
    same = replace(station, triangle=Triangle(0.0))
    assert volume(_mesh(SectionedBone(20.0, (same,), axis_offset=0.5)).bone) == pytest.approx(
        volume(plain), rel=5e-4
    )
