"""VTK files read back with pyvista and, independently, with meshio."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import meshio
import numpy as np
import pytest
import pyvista as pv

from fea.post.micromotion import micromotion
from fea.post.tensors import envelope, von_mises
from fea.post.vtk_arrays import quadratic_surface
from fea.post.vtk_output import body_instants, write_vtk
from fea.study import Study
from tests.unit.post import synthetic
from tests.unit.post.synthetic import seated_study

WORST = 7  # row of the fields: half way through the cycle

BODY_STATE = {
    "displacement_mm": 3,
    "stress_MPa": 6,
    "stress_von_Mises_MPa": 1,
    "stress_hoop_MPa": 1,
    "principal_stress_MPa": 3,
    "principal_strain": 3,
}
INTERFACE_STATE = {"gap_um", "contact_pressure_MPa", "contact_traction_MPa", "status", "slip_um"}
INTERFACE_CYCLE = {
    "micromotion_resulting_um", "micromotion_reference_um", "micromotion_incremental_um",
    "migration_um", "opening_um",
}  # fmt: skip
INTERFACE_CONSTANT = {"normal", "zone", "gruen_zone", "friction", "radial_interference_um"}


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "case"
    write_vtk(study, path)
    return path


def _series(path: Path) -> list[tuple[float, str, Path]]:
    sets = ET.parse(path).getroot().iter("DataSet")
    return [
        (float(entry.attrib["timestep"]), entry.attrib["name"], path.parent / entry.attrib["file"])
        for entry in sets
    ]


def test_the_files_to_open_are_returned_and_exist(study: Study, tmp_path: Path) -> None:
    written = write_vtk(study, tmp_path)
    assert [path.name for path in written] == [
        "bone.vtu", "stem.vtu", "interface.vtu", "activity.pvd", "activity_bodies.pvd",
    ]  # fmt: skip
    assert all(path.exists() for path in written)


@pytest.mark.parametrize("body", ["bone", "stem"])
def test_a_body_reads_back_with_both_readers(study: Study, folder: Path, body: str) -> None:
    part, fields = (study.mesh.bone, study.bone) if body == "bone" else (study.mesh.stem, study.stem)
    grid = pv.read(folder / f"{body}.vtu")
    other = meshio.read(folder / f"{body}.vtu")
    assert set(grid.celltypes) == {pv.CellType.QUADRATIC_TETRA}
    np.testing.assert_array_equal(grid.points, part.points)
    np.testing.assert_array_equal(other.points, part.points)
    np.testing.assert_array_equal(grid.cells_dict[pv.CellType.QUADRATIC_TETRA], part.tets)
    np.testing.assert_array_equal(other.cells_dict["tetra10"], part.tets)
    for suffix, row in (("", WORST), ("_press_fit", 0)):
        for name, width in BODY_STATE.items():
            array = grid.point_data[f"{name}{suffix}"]
            assert array.reshape(len(part.points), -1).shape[1] == width
            np.testing.assert_array_equal(other.point_data[f"{name}{suffix}"], array)
        np.testing.assert_array_equal(grid.point_data[f"stress_MPa{suffix}"], fields.stress[row])
        np.testing.assert_array_equal(grid.point_data[f"displacement_mm{suffix}"], fields.displacement[row])
    assert grid.field_data["worst_instant_percent"][0] == 50.0


@pytest.mark.parametrize("body", ["bone", "stem"])
def test_curved_tetrahedra_have_their_middles_between_their_corners(folder: Path, body: str) -> None:
    """VTK's order 01 12 02 03 13 23: a swapped middle would be farther than its own sagitta."""
    grid = pv.read(folder / f"{body}.vtu")
    nodes = grid.points[grid.cells_dict[pv.CellType.QUADRATIC_TETRA]]
    for middle, (first, second) in enumerate(((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)), start=4):
        half = (nodes[:, first] + nodes[:, second]) / 2
        length = np.linalg.norm(nodes[:, first] - nodes[:, second], axis=1)
        assert (np.linalg.norm(nodes[:, middle] - half, axis=1) <= 0.11 * length).all()


def test_the_envelopes_and_the_material_stand_in_the_main_file(study: Study, folder: Path) -> None:
    grid = pv.read(folder / "bone.vtu")
    found = envelope(study.bone)
    np.testing.assert_array_equal(grid.point_data["peak_von_Mises_MPa"], found.von_mises.value)
    np.testing.assert_array_equal(grid.point_data["peak_principal_strain_tension"], found.tension.value)
    compression = grid.point_data["peak_principal_strain_compression"]
    np.testing.assert_array_equal(compression, found.compression.value)
    assert (compression >= 0).all()
    assert set(grid.cell_data["material"]) == {1}
    assert "material_1_is_synthetic_bone" in grid.field_data
    assert set(pv.read(folder / "stem.vtu").cell_data["material"]) == {2}


def test_hoop_stress_after_press_fit_is_lame_s(folder: Path) -> None:
    grid = pv.read(folder / "bone.vtu")
    a, b = synthetic.STEM_RADIUS, synthetic.BONE_RADIUS
    square = grid.points[:, 0] ** 2 + grid.points[:, 1] ** 2
    expected = synthetic.PRESSURE * a**2 / (b**2 - a**2) * (1 + b**2 / square)
    np.testing.assert_allclose(grid.point_data["stress_hoop_MPa_press_fit"], expected, rtol=1e-9)


def test_the_interface_holds_every_field_at_press_fit_and_worst_instant(study: Study, folder: Path) -> None:
    grid = pv.read(folder / "interface.vtu")
    names = set(grid.point_data)
    assert names >= INTERFACE_CYCLE | INTERFACE_CONSTANT
    assert names >= INTERFACE_STATE
    assert {f"{name}_press_fit" for name in INTERFACE_STATE} <= names
    n = len(study.interface.points)
    press_fit, worst = study.walk.press_fit, study.walk.judged[WORST - 1]
    pressure = grid.point_data["contact_pressure_MPa_press_fit"][:n]
    np.testing.assert_array_equal(pressure, press_fit.traction[:, 0])
    np.testing.assert_array_equal(grid.point_data["contact_pressure_MPa"][:n], worst.traction[:, 0])
    gap = grid.point_data["gap_um"][:n]
    np.testing.assert_allclose(gap[worst.status != 0], 0.0, atol=1e-9)
    assert (gap[worst.status == 0] > 0).all()
    size = np.linalg.norm(grid.point_data["contact_traction_MPa"][:n], axis=1)
    np.testing.assert_allclose(size, np.linalg.norm(worst.traction, axis=1), rtol=1e-12)
    zones = [f"zone_{code}_is_{zone}" for code, zone in enumerate(study.interface.zones)]
    assert [name for name in grid.field_data if name.startswith("zone_")] == zones
    np.testing.assert_array_equal(grid.point_data["zone"][:n], study.interface.zone)
    coated = study.interface.zone == 0
    assert grid.point_data["radial_interference_um"][:n][coated] == pytest.approx(5.0)


def test_micromotion_is_not_a_number_where_nothing_touches(study: Study, folder: Path) -> None:
    grid = pv.read(folder / "interface.vtu")
    motion = micromotion(study.walk)
    moved = grid.point_data["micromotion_resulting_um"][: len(motion.touching)]
    np.testing.assert_array_equal(np.isnan(moved), ~motion.touching)
    np.testing.assert_allclose(moved[motion.touching], 1000 * motion.resulting[motion.touching])


def test_the_interface_is_curved_and_its_middles_are_averages(study: Study, folder: Path) -> None:
    grid = pv.read(folder / "interface.vtu")
    cells = grid.cells_dict[pv.CellType.QUADRATIC_TRIANGLE]
    np.testing.assert_array_equal(meshio.read(folder / "interface.vtu").cells_dict["triangle6"], cells)
    np.testing.assert_array_equal(grid.points[cells[:, 3:]], study.interface.middles)
    pressure = grid.point_data["contact_pressure_MPa"]
    ends = pressure[cells[:, [0, 1, 2]]] + pressure[cells[:, [1, 2, 0]]]
    np.testing.assert_allclose(pressure[cells[:, 3:]], ends / 2, rtol=1e-12)
    zone = grid.point_data["zone"]
    assert (zone[cells] == zone[cells[:, :1]]).all()
    assert np.issubdtype(zone.dtype, np.integer)


def test_facets_of_a_fold_share_no_point(study: Study) -> None:
    """Vertices are split between collar and flank, so their edges and middles are too."""
    points, triangles, spread = quadratic_surface(study.interface)
    zone = spread(study.interface.zone)
    assert len(zone) == len(points) == triangles.max() + 1
    for code in range(3):
        rows = np.unique(triangles[study.interface.zone[study.interface.facets[:, 0]] == code])
        assert (zone[rows] == code).all()


def test_the_activity_plays_every_instant_of_the_judged_cycle(study: Study, folder: Path) -> None:
    entries = _series(folder / "activity.pvd")
    np.testing.assert_allclose([percent for percent, _, _ in entries], study.walk.percent)
    reader = pv.PVDReader(folder / "activity.pvd")
    np.testing.assert_allclose(reader.time_values, study.walk.percent)
    reader.set_active_time_value(reader.time_values[6])
    grid = reader.read()[0]
    assert INTERFACE_STATE | {"micromotion_from_start_um"} == set(grid.point_data)
    n, state = len(study.interface.points), study.walk.judged[6]
    np.testing.assert_allclose(grid.point_data["contact_pressure_MPa"][:n], state.traction[:, 0], rtol=1e-6)
    flank = study.interface.zone != 2
    moved = 2000 * synthetic.amplitude(study.interface)[flank]
    np.testing.assert_allclose(grid.point_data["micromotion_from_start_um"][:n][flank], moved, rtol=1e-5)
    assert all(grid.point_data[name].dtype != np.float64 for name in grid.point_data)


def test_whole_bodies_play_at_the_instants_that_the_case_asks_for(study: Study, folder: Path) -> None:
    entries = _series(folder / "activity_bodies.pvd")
    assert {name for _, name, _ in entries} == {"bone", "stem"}
    percents = sorted({percent for percent, _, _ in entries})
    assert percents == pytest.approx([0.0, 25.0, 50.0, 75.0])
    assert len(entries) == 2 * study.case.output.body_instants
    bone = next(path for percent, name, path in entries if name == "bone" and percent == pytest.approx(50.0))
    grid = pv.read(bone)
    np.testing.assert_allclose(
        grid.point_data["stress_von_Mises_MPa"], von_mises(study.bone.stress[WORST]), rtol=1e-5
    )
    assert grid.points.dtype == np.float32
    assert set(grid.point_data) == {
        "displacement_mm",
        "stress_MPa",
        "stress_von_Mises_MPa",
        "principal_strain",
    }
    assert len(pv.PVDReader(folder / "activity_bodies.pvd").read()) == 2


@pytest.mark.parametrize(
    ("count", "wanted", "worst", "expected"),
    [
        (50, 5, 20, (0, 10, 20, 30, 40)),
        (50, 5, 23, (0, 10, 23, 30, 40)),
        (3, 10, 1, (0, 1, 2)),
        (50, 0, 7, ()),
    ],
)
def test_the_written_instants_are_spread_and_hold_the_worst(
    count: int, wanted: int, worst: int, expected: tuple[int, ...]
) -> None:
    assert body_instants(count, wanted, worst) == expected


def test_with_loss_of_fixation_the_series_ends_there_and_says_so(loosened: Study, tmp_path: Path) -> None:
    write_vtk(loosened, tmp_path)
    entries = _series(tmp_path / "activity.pvd")
    assert len(entries) == 9
    assert max(percent for percent, _, _ in entries) < 75.0
    for path in (tmp_path / "bone.vtu", tmp_path / "interface.vtu", entries[-1][2]):
        assert pv.read(path).field_data["fixation_lost_at_percent"][0] == 75.0
        assert not any(name.startswith("micromotion") for name in pv.read(path).point_data)
    assert not (tmp_path / "activity_bodies.pvd").exists()
    stress = pv.read(tmp_path / "bone.vtu").point_data["stress_MPa"]
    np.testing.assert_array_equal(stress, loosened.bone.stress[0])


def test_a_press_fit_alone_has_plain_names_and_no_series(tmp_path: Path) -> None:
    write_vtk(seated_study(), tmp_path)
    assert "stress_MPa" in pv.read(tmp_path / "bone.vtu").point_data
    assert not [name for name in pv.read(tmp_path / "bone.vtu").point_data if name.endswith("press_fit")]
    assert not list(tmp_path.glob("*.pvd"))


def test_files_of_an_earlier_run_do_not_stay(study: Study, tmp_path: Path) -> None:
    write_vtk(study, tmp_path)
    write_vtk(seated_study(), tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["bone.vtu", "interface.vtu", "stem.vtu"]
    fewer = replace(study, case=replace(study.case, output=replace(study.case.output, body_instants=2)))
    write_vtk(study, tmp_path)
    write_vtk(fewer, tmp_path)
    assert len(list((tmp_path / "activity").glob("bone_*.vtu"))) == 2
