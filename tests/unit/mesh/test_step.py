"""STEP export, read back."""

import gmsh
import numpy as np
import pytest

from fea.mesh.session import session
from fea.mesh.step import export_step
from geometry.bone import Bone, Station
from geometry.errors import GeometryError
from geometry.stem import Stem

TUBE = Bone(20.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),))


def volume_of(path):
    with session():
        gmsh.model.occ.importShapes(str(path))
        return sum(gmsh.model.occ.getMass(3, tag) for _, tag in gmsh.model.occ.getEntities(3))


def test_step_files_hold_the_nominal_solids(tmp_path, capfd):
    """The stem keeps its own diameter, 13.9, where the mesh shares the canal's surface."""
    stem, bone = export_step(TUBE, None, Stem(13.9, 20.0, 10.0), tmp_path / "cad")
    assert sorted(path.name for path in stem.parent.iterdir()) == ["bone.step", "stem.step"]
    assert volume_of(stem) == pytest.approx(np.pi * 6.95**2 * 30, rel=1e-9)
    assert volume_of(bone) == pytest.approx(np.pi * (196 - 49) * 20, rel=1e-9)
    assert b"SI_UNIT(.MILLI.,.METRE.)" in stem.read_bytes()
    assert capfd.readouterr().out == ""


def test_shapes_that_do_not_go_together_leave_no_file(tmp_path):
    with pytest.raises(GeometryError):
        export_step(TUBE, None, Stem(16.0, 20.0), tmp_path)
    assert not list(tmp_path.iterdir())
