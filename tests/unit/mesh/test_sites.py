"""Bones by site mesh, with the volume of their sections."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from fea.case.conversion import bone_of
from fea.case.shape_tables import BoneTable, StemTable
from fea.case.site_filling import fill
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.canal import Canal
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.wall import check_wall
from tests.bodies.one_body import volume

TURNS = np.linspace(-np.pi, np.pi, 240, endpoint=False)


@pytest.mark.parametrize(
    ("name", "length", "diameter", "size"),
    [("radius", 36.0, 7.0, 2.2), ("ulna", 36.0, 8.0, 2.4), ("phalanx", 22.0, 4.8, 1.5)],
)
def test_a_small_bone_of_a_site_meshes_with_the_volume_of_its_sections(
    name: str, length: float, diameter: float, size: float
) -> None:
    """By quadrature along the bone: the outer section less reamer and canal united."""
    filled = fill({"site": name, "length_mm": length})
    table = BoneTable.model_validate(
        filled.keys | {"site": name, "length_mm": length, "material": "cancellous"}
    )
    stem = Stem(diameter, 0.6 * length)
    made = StemTable(diameter_mm=diameter, length_mm=stem.length, material="ti_6al_4v")
    bone = bone_of(table, made)
    reaming = Reaming(diameter, 0.7 * length, 0.0)
    assert check_wall(Canal(bone, reaming)).thickness > 0.5
    mesh = build_mesh(bone, reaming, stem, MeshSizes(size, 1.5 * size))
    assert bone.outline is not None
    assert bone.canal_outline is not None
    marks = np.unique([0.0, reaming.depth, *(station.level for station in bone.stations)])
    exact = 0.0
    for low, high in pairwise(marks):
        places, weights = np.polynomial.legendre.leggauss(24)
        for place, weight in zip(places, weights, strict=True):
            level = np.full_like(TURNS, (low + high) / 2 + (high - low) / 2 * place)
            reamer = diameter / 2 if level[0] < reaming.depth else 0.0
            canal = np.maximum(bone.canal_outline.radius(TURNS, level), reamer)
            area = (bone.outline.radius(TURNS, level) ** 2 - canal**2).sum() * math.pi / len(TURNS)
            exact += (high - low) / 2 * weight * area
    assert volume(mesh.bone) == pytest.approx(exact, rel=3e-3)
