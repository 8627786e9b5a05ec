"""What a run says of bone of two materials: peaks by material, files, pictures, criteria."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import pyvista as pv

from fea.case.criteria import Criterion
from fea.post.body_parts import CORE_MATERIAL, MATERIAL, bone_pieces, cell_materials, field_part
from fea.post.body_quantities import body_quantities, tip_reach, worst_instant
from fea.post.criteria import judge_all
from fea.post.inputs import case_inputs
from fea.post.render.assembly import assembly_picture, look_at
from fea.post.render.bodies import border
from fea.post.rims import LEAST_REACH_mm, least_reach, near_rim, rims
from fea.post.tensors import envelope, hoop
from fea.post.vtk_output import write_vtk
from fea.study import Study
from geometry.stem import Stem
from geometry.thread import Thread
from geometry.zones import CANCELLOUS
from tests.unit.post import synthetic
from tests.verification.cases.p_core import STRAIN
from tests.verification.press_fits import case_of, solved


@pytest.fixture(scope="module")
def cored() -> Study:
    case = case_of("ct1")
    return solved(replace(case, mesh=replace(case.mesh, interface=2.4, far=3.0, edge=2.4, shell=2.0)))


def test_stress_jumps_at_the_border_as_lame_says(cored: Study) -> None:
    for name, of_core in (("bone", False), (CANCELLOUS, True)):
        part, rows = bone_pieces(cored.mesh.bone)[name]
        radius = np.hypot(part.points[:, 0], part.points[:, 1])
        # Half way through each material, where nothing is extrapolated to a surface.
        middle = 8.5 if of_core else 12.0
        here = (np.abs(radius - middle) < 0.3) & (np.abs(part.points[:, 2] - 7.0) < 4.0)
        found = hoop(cored.bone.stress[0][rows[here]], part.points[here])
        assert here.sum() > 20
        # Hoop stress of the core is a small difference: the gate is a fiftieth of the pressure, or 2 %.
        exact = STRAIN.hoop(radius[here], of_core).mean()
        assert found.mean() == pytest.approx(exact, rel=0.02, abs=STRAIN.pressures[0] / 50)


def test_every_peak_is_of_its_own_material(cored: Study) -> None:
    found = {quantity.name: quantity for quantity in body_quantities(cored)}
    strain = envelope(cored.bone)
    for name, prefix in (("bone", "bone"), (CANCELLOUS, "cancellous")):
        part, rows = bone_pieces(cored.mesh.bone)[name]
        allowed = ~near_rim(part.points, cored.case, "bone")
        value = 100 * strain.tension.value[rows][allowed].max()
        assert found[f"{prefix}_tension_strain_percent"].value == pytest.approx(value)
    assert found["bone_tension_strain_percent"].title.endswith("in the cortical shell")
    assert found["cancellous_tension_strain_percent"].title.endswith("in the cancellous bone")
    assert found["insertion_hoop_stress_MPa"].zone == "cortical shell, away from rims"
    assert worst_instant(cored, "bone") == 0


def test_files_and_inputs_name_both_materials(cored: Study, tmp_path) -> None:
    write_vtk(cored, tmp_path)
    grid = pv.read(tmp_path / "bone.vtu")
    assert set(grid.cell_data["material"].tolist()) == {MATERIAL["bone"], CORE_MATERIAL}
    assert grid.n_points == len(field_part(cored, "bone").points)
    assert any(key.startswith(f"material_{CORE_MATERIAL}_is_") for key in grid.field_data.keys())  # noqa: SIM118
    names = {entry.name for entry in case_inputs(cored.case)}
    assert {"bone_material.youngs_modulus", "core_material.youngs_modulus", "mesh.shell_size"} <= names


def test_cells_count_as_their_material(cored: Study) -> None:
    code = cell_materials(cored.mesh.bone)
    assert (code == CORE_MATERIAL).sum() == len(cored.mesh.bone.regions[CANCELLOUS])


def test_the_picture_names_shell_and_core_and_draws_their_border(cored: Study) -> None:
    (lines,) = border(cored.mesh.bone, -1.0, 1)
    x, y, _ = lines.points.reshape(-1, 3).T
    np.testing.assert_allclose(np.hypot(x, y - 0.02), 10.0, atol=0.06)
    np.testing.assert_allclose(y, 0.02, atol=1e-4)
    sheet = assembly_picture(cored.case, cored.mesh, None)
    words = {text.get_text().partition("\n")[0] for text in sheet.axes.texts}
    assert {"cortical shell", "cancellous bone"} <= words
    assert look_at(cored.case).step == 5.0


def test_a_criterion_of_a_core_is_not_shown_where_there_is_none() -> None:
    name = "cancellous_tension_strain_percent"
    criterion = Criterion(name, name, name, "%", "safety", 0.6, 0.7, None, None, "a source", "C2", "")
    case = replace(synthetic.synthetic_case(), criteria=(criterion,))
    (result,) = judge_all(case, (), None)
    assert result.verdict == "not shown"
    assert result.sentence == "Not shown: the bone has no cancellous core."


def test_reaches_follow_the_diameter_of_thin_stems_only() -> None:
    assert least_reach(Stem(16.0, 140.0)) == LEAST_REACH_mm
    assert least_reach(Stem(10.0, 140.0)) == LEAST_REACH_mm
    assert least_reach(Stem(3.4, 10.0)) == pytest.approx(0.68)
    assert tip_reach(Stem(16.0, 140.0)) == 20.0
    assert tip_reach(Stem(3.4, 10.0)) == 2.5


@pytest.mark.parametrize(
    ("pitch", "interface", "reach"), [(3.0, 2.0, 0.5), (0.8, 0.6, 0.2), (0.8, 1.2, 0.3), (0.8, 4.0, 0.5)]
)
def test_edges_of_a_thread_disturb_a_share_of_its_pitch_at_least_a_row(pitch, interface, reach) -> None:
    case = synthetic.synthetic_case()
    thread = Thread(pitch, 0.35, 0.1, 1.0, 30.0, pitch, 0.5, 0.5)
    stem = replace(case.stem, thread=thread, coatings=(), collar=None)
    case = replace(case, stem=stem, mesh=replace(case.mesh, interface=interface))
    (found,) = (rim for rim in rims(case) if rim.name == "sharp edges of the thread")
    assert found.reach == pytest.approx(reach)
