"""A case whose stem comes from a STEP file: what is read of it, and what its shape is refused for."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fea.cad.step import read_step
from fea.case.case import Case
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.post.rims import rims
from geometry.cad_stem import CadStem
from geometry.stem import Stem
from tests.unit.cad_shapes import cylinder

TEXT = """schema_version = 1
title = "A stem from a file"
[bone]
length_mm = 60.0
bow_radius_mm = 900.0
material = "cortical_reilly_burstein_1975"
[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 12.0
[reaming]
diameter_mm = 16.0
depth_mm = 50.0
[stem]
file = "stem.step"
material = "ti_6al_4v"
{more}
[stem.coating]
from_mm = 5.0
to_mm = 30.0
[fit]
friction = 0.4
"""


def written(folder: Path, content: bytes, more: str = "") -> Path:
    (folder / "stem.step").write_bytes(content)
    path = folder / "case.toml"
    path.write_text(TEXT.format(more=more), encoding="utf-8")
    return path


@cache
def custom() -> Case:
    return read_case(Path(__file__).parents[3] / "cases" / "femur_custom.toml")


def test_sizes_come_from_the_file(tmp_path: Path) -> None:
    case = read_case(written(tmp_path, cylinder(7.95, -10.0, 40.0)))
    stem = case.stem
    assert isinstance(stem, CadStem)
    assert (stem.diameter, stem.length, stem.protrusion) == pytest.approx((15.9, 40.0, 10.0), abs=1e-6)
    assert case.reference_point == pytest.approx((0.0, 0.0, -10.0), abs=1e-6)
    assert case.mesh.interface == pytest.approx(0.14 * 15.9, rel=1e-6)
    assert case.bone.chord_length == pytest.approx(40.0, abs=1e-6)
    assert stem.zones == ("coated", "uncoated")


def test_the_pose_seats_the_file(tmp_path: Path) -> None:
    more = "pose = { rotation_deg = [180.0, 0.0, 0.0], translation_mm = [0.0, 0.0, 30.0] }"
    stem = read_case(written(tmp_path, cylinder(7.95, -10.0, 40.0), more)).stem
    assert (stem.length, stem.protrusion) == pytest.approx((40.0, 10.0), abs=1e-6)


def test_the_digest_of_a_case_follows_the_content_of_the_file(tmp_path: Path) -> None:
    first = read_case(written(tmp_path, cylinder(7.95, -10.0, 40.0)))
    other = read_case(written(tmp_path, cylinder(7.9, -10.0, 40.0)))
    assert first.text == other.text
    assert first.digest != other.digest
    plain = replace(first, stem=Stem(15.9, 40.0))
    assert plain.digest not in (first.digest, other.digest)


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (cylinder(8.3, -10.0, 40.0), "", r"stem\.file.*overlaps the bone by 0\.30 mm"),
        (cylinder(7.0, -10.0, 40.0), "", r"stem\.file.*comes nowhere within 0\.5 mm of the bone"),
        (cylinder(7.9, -10.0, 70.0), "", r"stem\.file.*the tip leaves the bone, which is 60 mm long"),
        (cylinder(7.9, -10.0, 20.0), "", r"stem\.coating\.to_mm = 30\.0: the coating must end on the stem"),
        (b"ISO-10303-21;", "", r"stem\.file: the stem's file stem\.step could not be read as STEP"),
    ],
    ids=["overlap", "no bone near", "too long", "coating beyond", "damaged"],
)
def test_a_shape_that_cannot_be_is_refused_at_its_key(
    tmp_path: Path, content: bytes, more: str, words: str
) -> None:
    with pytest.raises(CaseError, match=words):
        read_case(written(tmp_path, content, more))


def test_the_example_is_read_and_its_rims_follow_its_oval_outline() -> None:
    case = custom()
    assert isinstance(case.stem, CadStem)
    found = {rim.name: rim for rim in rims(case)}
    mouth = found["canal mouth at the cut"]
    assert mouth.covers(np.array([[8.45, 0.0, 0.0], [0.0, 6.95, 0.0]])).all()
    assert not mouth.covers(np.array([[0.0, 0.0, 0.0], [0.0, 12.0, 0.0]])).any()
    assert found["end of contact at the tip"].level == pytest.approx(112.7, abs=0.5)


def test_the_script_draws_the_stem_of_the_example(tmp_path: Path) -> None:
    folder = Path(__file__).parents[3] / "cases" / "stems"
    drawn = tmp_path / "drawn.step"
    command = [sys.executable, str(folder / "make_custom_stem.py"), str(drawn)]
    subprocess.run(command, check=True, capture_output=True)
    stem = custom().stem
    assert isinstance(stem, CadStem)
    again = read_step(drawn.read_bytes(), drawn.name, stem.pose)
    assert again.volume == pytest.approx(stem.surface.volume, rel=1e-9)
    assert again.points.max(axis=0) == pytest.approx(stem.surface.points.max(axis=0), abs=1e-9)
