"""A case whose stem comes from an STL, PLY or VTP file: what is read, what is told, what is refused."""

from __future__ import annotations

import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.cli import main
from fea.errors import CaseError
from fea.pipeline import mesh
from fea.post.inputs import case_inputs
from geometry.cad_stem import Pose
from geometry.canal import Canal
from geometry.errors import GeometryError
from geometry.sheet_stem import SheetStem
from tests.unit.surface_shapes import cylinder, ply, stl, surface_stem, vtp

ROOT = Path(__file__).parents[3]
TEXT = """schema_version = 1
title = "A stem from triangles"
[bone]
length_mm = 60.0
material = "cortical_reilly_burstein_1975"
[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 12.0
[reaming]
diameter_mm = 16.0
depth_mm = 50.0
[stem]
file = "{file}"
material = "ti_6al_4v"
{more}
[stem.coating]
from_mm = 5.0
to_mm = 30.0
[fit]
friction = 0.4
diametral_interference_um = {interference}
"""
SHAPE = cylinder(48, 7.95, -10.0, 40.0)


def written(
    folder: Path, content: bytes, file: str = "stem.stl", more: str = "", interference: float = 20.0
) -> Path:
    (folder / file).write_bytes(content)
    path = folder / "case.toml"
    path.write_text(TEXT.format(file=file, more=more, interference=interference), encoding="utf-8")
    return path


@cache
def custom() -> Case:
    return read_case(ROOT / "cases" / "femur_custom_surface.toml")


@pytest.mark.parametrize(("file", "write"), [("stem.stl", stl), ("stem.PLY", ply), ("stem.vtp", vtp)])
def test_sizes_come_from_the_file(tmp_path: Path, file: str, write) -> None:
    case = read_case(written(tmp_path, write(SHAPE), file))
    stem = case.stem
    assert isinstance(stem, SheetStem)
    assert (stem.diameter, stem.length, stem.protrusion) == pytest.approx((15.9, 40.0, 10.0), abs=2e-6)
    assert stem.zones == ("coated", "uncoated")
    assert stem.mended == ()


def test_the_unit_is_stated_beside_the_file(tmp_path: Path) -> None:
    shape = SHAPE[0] / 25.4, SHAPE[1]
    case = read_case(written(tmp_path, ply(shape), "a.ply", 'file_unit = "inch"'))
    assert case.stem.diameter == pytest.approx(15.9, abs=1e-7)
    with pytest.raises(
        CaseError, match=r'stem\.file: the surface in a\.ply is 1\.969 mm long .* or "inch"\.'
    ):
        read_case(written(tmp_path, ply(shape), "a.ply"))


def test_the_pose_seats_the_file_and_leaves_its_end_flat(tmp_path: Path) -> None:
    more = "pose = { rotation_deg = [180.0, 0.0, 33.0], translation_mm = [0.0, 0.0, 30.0] }"
    stem = read_case(written(tmp_path, stl(SHAPE), more=more)).stem
    assert (stem.length, stem.protrusion) == pytest.approx((40.0, 10.0), abs=1e-5)


def test_a_pose_turns_about_x_then_y_then_z() -> None:
    """By 90 degrees each: x stays, goes to -z, stays; y goes to z, then x, then y."""
    pose = Pose((math.pi / 2,) * 3, (1.0, 2.0, 3.0))
    turned = pose.seated(np.eye(3))
    assert turned == pytest.approx(np.array([[1, 2, 2], [1, 3, 3], [2, 2, 3]]), abs=1e-12)


def test_what_was_mended_is_an_input_of_the_case_and_told_by_check(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, stl((SHAPE[0], SHAPE[1][:, ::-1])))
    told = {item.name: item.value for item in case_inputs(read_case(path))}
    assert told["stem.file_unit"] == "mm"
    assert told["stem.triangles"] == 192
    assert told["stem.chord_error"] == pytest.approx(7.95 * (1 - math.cos(math.pi / 48)), rel=1e-4)
    assert str(told["stem.mended"]).startswith("all 192 triangles pointed inwards and were turned round")
    assert main(["check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "192 in 3 smooth parts of stem.stl" in said
    assert "would miss the surface by 17 um" in said
    assert "all 192 triangles pointed inwards" in said


@pytest.mark.parametrize(
    ("interference", "refused"), [(20.0, True), (80.0, False), (0.0, False)], ids=["10 um", "40 um", "none"]
)
def test_triangles_must_be_fine_enough_for_the_interference(
    tmp_path: Path, interference: float, refused: bool
) -> None:
    """16 facets round leave 1.9 um: more than a tenth of 10 um, less than a tenth of 40 um."""
    path = written(tmp_path, stl(cylinder(16, 7.95, -10.0, 40.0)), interference=interference)
    if not refused:
        read_case(path)
        return
    with pytest.raises(
        CaseError, match=r"off by 1\.9 um, as at .* at most 1 um may be left .* up to 1\.5e\+02 um"
    ):
        read_case(path)


@pytest.mark.parametrize(
    ("radius", "high", "words"),
    [
        (8.3, 40.0, r"stem\.file.*overlaps the bone by 0\.30 mm"),
        (7.0, 40.0, r"stem\.file.*comes nowhere within 0\.5 mm of the bone"),
        (7.9, 70.0, r"stem\.file.*the tip leaves the bone, which is 60 mm long"),
    ],
)
def test_a_shape_that_cannot_be_is_refused_at_its_key(
    tmp_path: Path, radius: float, high: float, words: str
) -> None:
    with pytest.raises(CaseError, match=words):
        read_case(written(tmp_path, stl(cylinder(48, radius, -10.0, high))))


def test_a_stem_without_a_flat_end_at_its_lowest_level_is_refused() -> None:
    with pytest.raises(GeometryError, match="no flat face at its lowest level"):
        surface_stem(SHAPE, pose=Pose((0.0, 0.1, 0.0)))


def test_the_example_fits_the_canal_as_its_header_says() -> None:
    case = custom()
    assert isinstance(case.stem, SheetStem)
    assert case.stem.mended == ()
    points = case.stem.surface.points
    depth = Canal(case.bone, case.reaming).outside(points)
    level = points[:, 2]
    assert np.abs(depth[(level > 22) & (level < 83)] - 0.01).max() < 2e-3
    assert depth[(level >= 0) & (level < 2)].max() < -0.04
    assert depth[level > 110].max() < -0.3
    assert len(case.stem.content) < 300_000


def test_the_script_draws_the_stem_of_the_example_byte_for_byte(tmp_path: Path) -> None:
    folder = ROOT / "cases" / "stems"
    drawn = tmp_path / "drawn.stl"
    command = [sys.executable, str(folder / "make_bowed_stem.py"), str(drawn)]
    subprocess.run(command, check=True, capture_output=True)
    assert drawn.read_bytes() == (folder / "femur_bowed.stl").read_bytes()


def test_a_mesh_of_it_is_written_without_step_files(tmp_path: Path) -> None:
    path = written(tmp_path, stl(SHAPE))
    text = path.read_text(encoding="utf-8") + "[mesh]\ninterface_size_mm = 3.5\nfar_size_mm = 5.0\n"
    path.write_text(text, encoding="utf-8")
    made, folder = mesh(path, tmp_path / "results")
    assert made.quality.inverted == 0
    assert (folder / "mesh_stem.vtu").exists()
    assert not (folder / "stem.step").exists()
