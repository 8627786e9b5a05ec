"""A residual bone out of a file: mended, aligned, cut, with its canal, or refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.scan_reading import Placing, read_bone
from geometry.errors import GeometryError
from geometry.scanned.slices import Triangles
from tests.bodies.scans import FloatArray, joined, shell, write_stl

REAL = Path(__file__).parents[4] / "shared" / "bones"
PLACING = Placing("mm", (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), 10.0, 80.0)
OUTER, CANAL, LENGTH = 13.0, 6.0, 120.0


def outer(inward: bool = False) -> Triangles:
    return shell(lambda a, z: np.full_like(a, OUTER), 0.0, LENGTH, 48, 40, inward=inward)


def canal(inward: bool = True, shift: float = 0.0) -> Triangles:
    wall = shell(lambda a, z: np.full_like(a, CANAL), 1.0, LENGTH - 1.0, 36, 40, inward=inward)
    return Triangles(wall.points + np.array([shift, 0.0, 0.0]), wall.corners)


def radius(outline, level: float) -> FloatArray:
    return outline.radius(np.linspace(-3.0, 3.0, 20), np.full(20, level))


@pytest.mark.parametrize(("first", "second"), [(False, True), (True, True), (False, False), (True, False)])
def test_a_canal_is_the_inner_shell_however_either_points(tmp_path: Path, first: bool, second: bool) -> None:
    """Read, both shells turned as they must be, fitted within 1 um; what was turned is told."""
    file = write_stl(tmp_path / "bone.stl", joined(outer(first), canal(second)))
    found = read_bone(file, PLACING)
    assert found.canal is not None
    assert radius(found.scan.outer, 40.0) == pytest.approx(OUTER, abs=1e-3)
    assert radius(found.canal, 40.0) == pytest.approx(CANAL, abs=1e-3)
    turned = [words for words in found.mended if "turned round" in words]
    assert len(turned) == int(first) + int(not second)
    assert found.bone(80.0).hollow


@pytest.mark.parametrize(("unit", "scale"), [("mm", 1.0), ("cm", 0.1), ("m", 0.001), ("inch", 1 / 25.4)])
def test_a_bone_is_the_same_in_every_unit(tmp_path: Path, unit: str, scale: float) -> None:
    file = write_stl(tmp_path / "bone.stl", joined(outer(), canal()), scale)
    found = read_bone(file, replace(PLACING, unit=unit))
    assert found.shaft.cut == pytest.approx(10.0)
    assert radius(found.scan.outer, 40.0) == pytest.approx(OUTER, abs=2e-3)


def test_a_cortical_thickness_lays_the_canal_inside_and_may_change_along_the_bone(tmp_path: Path) -> None:
    """13 mm less 5 mm at the cut and 7 mm at 80 mm, at right angles to a wall that does not lean."""
    file = write_stl(tmp_path / "bone.stl", outer())
    found = read_bone(file, replace(PLACING, thickness=((0.0, 5.0), (80.0, 7.0))))
    assert found.canal is not None
    for level in (5.0, 40.0, 75.0):
        assert radius(found.canal, level) == pytest.approx(OUTER - 5.0 - level / 40.0, abs=5e-3)


def test_a_thickness_is_measured_across_the_wall_where_the_bone_is_a_cone(tmp_path: Path) -> None:
    """A cone of slope 0.2 and a shell of 4 mm: along the radius it is 4 sqrt(1 + 0.04) mm thick."""
    cone = shell(lambda a, z: 12.0 + 0.05 * z, 0.0, LENGTH, 60, 60)
    found = read_bone(write_stl(tmp_path / "bone.stl", cone), replace(PLACING, thickness=((0.0, 4.0),)))
    assert found.canal is not None
    expected = 12.0 + 0.05 * (10.0 + 40.0) - 4.0 * np.hypot(1.0, 0.05)
    assert radius(found.canal, 40.0) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize(
    ("surfaces", "change", "words"),
    [
        ((outer(), canal(), canal(shift=40.0)), {}, r"in 3 shells.*a bone has one, or two"),
        ((outer(), canal(shift=40.0)), {}, r"in 2 shells.*must lie within the first"),
        ((outer(),), {"thickness": ((0.0, 12.5),)}, r"cortical shell of 12\.5 mm leaves no canal at z = "),
        ((outer(), canal()), {"thickness": ((0.0, 5.0),)}, "leave cortical_thickness_mm out"),
        ((outer(),), {"unit": "cm"}, r'1200 mm long.*it fits: "mm"'),
        ((outer(),), {"length": 115.0}, r"z = 11\d\.\d mm .* meets 0 walls .*shorten the bone"),
        ((outer(),), {"cut": 300.0}, r"300 mm above the bone's most distal point, outside the bone"),
        ((outer(),), {"proximal": (0.0, 0.0, 0.0)}, "proximal direction"),
    ],
)
def test_what_is_no_bone_is_refused_in_words(
    tmp_path: Path, surfaces: tuple[Triangles, ...], change: dict[str, object], words: str
) -> None:
    file = write_stl(tmp_path / "bone.stl", joined(*surfaces))
    with pytest.raises(GeometryError, match=words):
        read_bone(file, replace(PLACING, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "words"), [("bone.obj", "must end in one of"), ("none.stl", "There is no surface")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        read_bone(tmp_path / name, PLACING)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="no real bone surfaces in ../shared/bones")
def test_a_real_shaft_is_fitted_within_a_tenth_of_a_millimetre() -> None:
    """The first of the real femora has some 75 mm of shaft; gate 0.3 mm at the 95th percentile."""
    file = REAL / "libhip_m3_left_femur_proximal_mm.stl"
    found = read_bone(file, replace(PLACING, cut=None, length=80.0, thickness=((0.0, 6.0),)))
    assert found.shaft.length > 70.0
    assert found.scan.closeness.percentile_95 < 0.1
    assert found.scan.closeness.largest < 0.3


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="no real bone surfaces in ../shared/bones")
def test_a_real_bone_without_a_shaft_is_refused() -> None:
    with pytest.raises(GeometryError, match="no shaft"):
        read_bone(REAL / "libhip_m7_left_femur_proximal_mm.stl", replace(PLACING, cut=None, length=60.0))
