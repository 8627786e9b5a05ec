"""STEP files read again by gmsh's kernel, volumes against closed forms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gmsh
import numpy as np
import pytest

from fea.cad.session import session
from fea.export.source import Source
from fea.export.step import step
from fea.mesh.step import export_reamer
from geometry.bone import Bone, Station
from geometry.reaming import Pass, Reaming

TUBE = Bone(80.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))


def volume_of(path: Path) -> float:
    with session():
        gmsh.model.occ.importShapes(str(path))
        (solid,) = gmsh.model.occ.getEntities(3)
        return float(gmsh.model.occ.getMass(*solid))


def test_the_reamer_is_a_capsule(tmp_path: Path) -> None:
    """A cylinder from the cut, and a hemisphere at its end."""
    path = export_reamer(TUBE, Reaming(16.0, 50.0, 8.0), tmp_path / "new")
    assert volume_of(path) == pytest.approx(np.pi * (64 * 42 + 2 / 3 * 512), rel=1e-9)
    assert [each.name for each in path.parent.iterdir()] == ["reamer.step"]
    assert b"SI_UNIT(.MILLI.,.METRE.)" in path.read_bytes()


def test_a_train_is_one_solid_of_all_its_passes(tmp_path: Path) -> None:
    train = (Pass(12.0, 60.0), Pass(14.0, 60.0), Pass(16.0, 20.0))
    path = export_reamer(TUBE, Reaming(14.0, 60.0, 0.0, train=train), tmp_path)
    assert volume_of(path) == pytest.approx(np.pi * (49 * 60 + (64 - 49) * 20), rel=1e-9)


def test_a_reamer_along_the_bow_sweeps_its_arc(tmp_path: Path) -> None:
    """Pappus: the section times the way of its centre, from the cut to the hemisphere."""
    bone = replace(TUBE, bow_radius=500.0)
    path = export_reamer(bone, Reaming(16.0, 50.0, 8.0, "bow"), tmp_path)
    arc = 500.0 * (np.arcsin((42.0 - 40.0) / 500.0) - np.arcsin(-40.0 / 500.0))
    assert volume_of(path) == pytest.approx(np.pi * (64 * arc + 2 / 3 * 512), rel=1e-6)


def test_stem_bone_and_reamer_are_written_together(femur: Source, tmp_path: Path) -> None:
    """The femur's bow and its straight reamer: stem and reamer in closed form, the bone a sound solid."""
    assert step(femur, tmp_path).main == "stem.step"
    tip = 9 * 5 + 6 * np.pi * 25 / 4 + 125 - 125 / 3
    stem = np.pi * (64 * 50 + tip + (121 - 64) * 4)
    assert volume_of(tmp_path / "stem.step") == pytest.approx(stem, rel=1e-9)
    assert volume_of(tmp_path / "reamer.step") == pytest.approx(np.pi * (64 * 42 + 2 / 3 * 512), rel=1e-9)
    assert 0.0 < volume_of(tmp_path / "bone.step") < np.pi * (196 - 49) * 70 * 1.01


def test_a_canal_that_is_not_reamed_has_no_reamer(femur: Source, tmp_path: Path) -> None:
    case = femur.case
    bone = Bone(70.0, (Station(0.0, 14.0, 14.0, 8.0, 8.0),))
    source = replace(femur, case=replace(case, bone=bone, reaming=None))
    assert "not reamed" in dict(step(source, tmp_path).facts)["files"]
    assert {path.name for path in tmp_path.iterdir()} == {"stem.step", "bone.step"}
