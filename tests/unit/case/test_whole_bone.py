"""A whole bone out of a file: aligned, cut, its head found, its canal laid; real bones where they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.case.scan_reading import Placing
from fea.case.whole_reading import HELD_SHARE, WholePlacing, read_whole
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.core import Core
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.whole import Whole
from geometry.stem import Stem
from tests.bodies.scans import rod, write_stl

CASES = Path(__file__).parents[3] / "cases"
REAL = Path(__file__).parents[4] / "shared" / "bones"
PLACING = Placing("mm", (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), 10.0, 1.0)


def test_a_rod_is_cut_held_and_has_a_canal_that_is_closed(tmp_path: Path) -> None:
    """13 mm less a shell of 5 mm: a canal of 8 mm, rounded over as much, that ends where it is told."""
    file = write_stl(tmp_path / "rod.stl", rod(13.0, 90.0, 0.0))
    placing = replace(PLACING, thickness=((0.0, 5.0),))
    found = read_whole(file, placing, WholePlacing(canal_to=50.0, above=70.0))
    assert isinstance(found.canal, ClosedCanal)
    assert found.canal.end == 50.0
    assert found.canal.start == pytest.approx(42.0, abs=0.05)
    bone = found.bone(0.0, Core())
    assert bone.length == pytest.approx(93.0, abs=1e-3)
    assert bone.core == Core(found.canal.start)
    assert found.bone(0.0, Core(30.0)).core == Core(30.0)
    turns = np.linspace(-3.0, 3.0, 20)
    assert found.canal.radius(turns, np.full(20, 30.0)) == pytest.approx(8.0, abs=5e-3)
    ball = read_whole(file, placing, WholePlacing()).whole
    assert isinstance(ball, Whole)
    assert ball.held.head is not None
    assert ball.held.head.centre == pytest.approx((0.0, 0.0, 80.0), abs=0.2)
    assert ball.held.within == pytest.approx(HELD_SHARE * 13.0, abs=0.2)
    none = read_whole(file, placing, WholePlacing(canal_to=0.0, above=70.0))
    assert none.canal is None
    assert none.bone(0.0, Core()).core == Core()


def test_a_stated_axis_is_the_direction_itself_through_the_middle_of_the_cut(tmp_path: Path) -> None:
    file = write_stl(tmp_path / "rod.stl", rod(13.0, 90.0, 0.0))
    leaning = replace(PLACING, proximal=(0.02, 0.0, 1.0))
    found = read_whole(file, leaning, WholePlacing(stated_axis=True, above=70.0))
    assert found.shaft.turn[2] == pytest.approx(np.array([0.02, 0.0, 1.0]) / np.hypot(0.02, 1.0))
    assert isinstance(found.whole, Whole)
    # The section at the cut is an ellipse about the axis; a right turn of the rod about y has no say in it.
    assert found.whole.half_extents(np.array([0.5]))[0] == pytest.approx([13.0, 13.0], abs=0.02)
    with pytest.raises(GeometryError, match="runs through the surface's own end face"):
        read_whole(file, replace(leaning, cut=0.2), WholePlacing(stated_axis=True, above=70.0))


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (WholePlacing(above=200.0), "Nothing of the bone's outer surface"),
        (WholePlacing(above=0.5), "reaches down to the cut"),
        (WholePlacing(above=70.0, canal_to=10.0), "has no wall left"),
        (WholePlacing(above=70.0, canal_to=92.9), r"canal, bone\.surface\.canal_to_mm,|leaves no canal"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(tmp_path: Path, stated: WholePlacing, words: str) -> None:
    file = write_stl(tmp_path / "rod.stl", rod(13.0, 90.0, 0.0))
    with pytest.raises(GeometryError, match=words):
        read_whole(file, replace(PLACING, thickness=((0.0, 5.0),)), stated)


def test_the_example_is_read_with_its_head_where_it_was_made() -> None:
    """A sphere of 23.5 mm: its radius within 0.1 mm, all of it held within 1.1 radii."""
    case = read_case(CASES / "femur_proximal.toml")
    assert isinstance(whole := case.bone.outline, Whole)
    assert whole.held.head is not None
    assert whole.held.head.radius == pytest.approx(23.5, abs=0.1)
    assert whole.held.within == pytest.approx(HELD_SHARE * whole.held.head.radius)
    assert case.core_material is not None
    assert case.bone.length == pytest.approx(whole.length)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="no real bone surfaces in ../shared/bones")
@pytest.mark.parametrize(
    ("file", "stated", "reamed"),
    [
        ("libhip_m3_left_femur_proximal_mm.stl", WholePlacing(), Reaming(14.0, 100.0, 6.0)),
        (
            "libhip_m7_left_femur_proximal_mm.stl",
            WholePlacing(stated_axis=True),
            Reaming(12.0, 28.0, 6.0),
        ),
    ],
)
def test_real_bones_are_meshed_with_and_without_a_shaft(
    file: str, stated: WholePlacing, reamed: Reaming
) -> None:
    """From 80,000 triangles; the second bone ends below the trochanters."""
    placing = replace(PLACING, cut=None, thickness=((0.0, 4.0), (60.0, 2.5), (100.0, 1.5)))
    found = read_whole(REAL / file, placing, stated)
    bone = found.bone(0.0, Core())
    stem = Stem(reamed.diameter, reamed.depth - 6.0, 20.0, tip_radius=3.0)
    mesh = build_mesh(bone, reamed, stem, MeshSizes(3.0, 4.0, 2.6))
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1
