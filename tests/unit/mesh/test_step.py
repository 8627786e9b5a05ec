"""STEP export, read back."""

from pathlib import Path

import gmsh
import numpy as np
import pytest

from fea.cad.session import session
from fea.case.reader import read_case
from fea.mesh.step import export_step, why_no_step
from geometry.bone import Bone, Station
from geometry.errors import GeometryError
from geometry.grooves import Splines
from geometry.reaming import Reaming
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


def test_the_step_file_of_a_splined_stem_has_its_splines(tmp_path, capfd):
    """Six ribs over 10 mm add the section's area beyond the circle; the bone is the reamed one."""
    splines = Splines(6, 1.0, 3.0, 0.0, 10.0)
    bone = Bone(20.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
    paths = export_step(bone, Reaming(14.0, 20.0, 0.0), Stem(14.0, 20.0, splines=splines), tmp_path)
    half = np.arcsin(1.5 / 7.0)
    height = 1.0 + 7.0 - np.sqrt(49.0 - 2.25)
    radius = (2.25 + height**2) / (2 * height)
    angle = 2 * np.arcsin(1.5 / radius)
    rib = radius**2 * (angle - np.sin(angle)) / 2 - 49.0 * (2 * half - np.sin(2 * half)) / 2
    assert volume_of(paths[0]) == pytest.approx(np.pi * 49 * 20 + 6 * rib * 10, rel=1e-6)
    assert volume_of(paths[1]) == pytest.approx(np.pi * (196 - 49) * 20, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("femur_press_fit", None),
        ("femur_bowed", "bent after its shapes are drawn"),
        ("femur_custom_surface", "a stem of triangles is no solid"),
        ("femur_threaded", "a thread is cut into the mesh"),
        ("femur_proximal", "a whole bone is a surface of triangles"),
    ],
)
def test_what_is_no_solid_has_no_step_file(name: str, words: str | None):
    """Else a threaded stem would go out without its thread, and a whole bone as the cylinder for it."""
    case = read_case(Path(__file__).parents[3] / "cases" / f"{name}.toml")
    why = why_no_step(case.bone, case.stem)
    assert why is None if words is None else why is not None and words in why
