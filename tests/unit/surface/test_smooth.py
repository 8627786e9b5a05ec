"""The curved surface of a triangulation comes back: how far off, how fast that falls, what it says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fea.surface.smooth import MOST_PATCHES, smooth_sheet
from geometry.errors import GeometryError
from geometry.sheet import Sheet
from tests.unit.surface_shapes import FloatArray, box, closed, cylinder, ring

#: Points of the reference triangle, barycentric.
LATTICE = np.array([[i, j, 6 - i - j] for i in range(7) for j in range(7 - i)]) / 6


def sampled(sheet: Sheet) -> FloatArray:
    """Places all over the curved triangles, shape (m, s, 3)."""
    w, u, v = LATTICE.T
    shapes = np.stack(
        [w * (2 * w - 1), u * (2 * u - 1), v * (2 * v - 1), 4 * w * u, 4 * u * v, 4 * v * w], axis=1
    )
    return np.einsum("sa,tad->tsd", shapes, sheet.surface.points[sheet.surface.triangles])


@cache
def torus(around: int, jitter: float) -> tuple[Sheet, FloatArray]:
    """A sheet, and the distance of its places from the torus that it was cut from."""
    sheet = smooth_sheet(closed(ring(around, jitter)), "a.stl")
    places = sampled(sheet)
    return sheet, np.abs(np.hypot(np.hypot(places[..., 0], places[..., 1]) - 20.0, places[..., 2]) - 8.0)


def off_cylinder(around: int, along: int = 1) -> tuple[Sheet, float]:
    sheet = smooth_sheet(closed(cylinder(around, 8.0, -10.0, 40.0, along)), "a.stl")
    places = sampled(sheet)
    flank = np.abs(places[..., 2] - 15.0) < 25.0 - 1e-9
    return sheet, float(np.abs(np.hypot(places[..., 0], places[..., 1]) - 8.0)[flank].max())


def test_a_cylinder_of_long_needles_comes_back_to_the_fourth_order() -> None:
    """32 facets round 8 mm miss the circle by R (1 - cos(pi / 32)) = 39 um straight, by 0.1 um curved."""
    found = {around: off_cylinder(around) for around in (16, 32, 64)}
    for around, (sheet, off) in found.items():
        assert sheet.chord_error == pytest.approx(8 * (1 - np.cos(np.pi / around)), rel=1e-6)
        assert off <= float(sheet.remainder.max()) <= 2 * off
        assert sheet.surface.curvature.max() == pytest.approx(1 / 8, rel=2e-2)
    assert found[32][1] < 1e-4
    assert np.log2(found[16][1] / found[32][1]) > 3.9
    assert np.log2(found[32][1] / found[64][1]) > 3.9


def test_sharp_edges_stay_sharp_and_flat_faces_flat() -> None:
    sheet, _ = off_cylinder(32)
    assert sheet.patches == 3
    assert len(sheet.sharp) == 64
    assert np.unique(np.round(sheet.sharp[..., 2], 12)).tolist() == [-10.0, 40.0]
    assert np.hypot(*sheet.sharp.reshape(-1, 3)[:, :2].T) == pytest.approx(np.full(192, 8.0), abs=1e-9)
    flat = np.abs(sheet.surface.normals[:, 2]) > 0.5
    levels = sheet.surface.points[sheet.surface.triangles[flat], 2]
    assert np.abs(np.abs(levels - 15.0) - 25.0).max() < 1e-12


def test_a_box_stays_a_box() -> None:
    sheet = smooth_sheet(closed(box((0, 0, 0), (10, 20, 30))), "a.stl")
    assert sheet.patches == 6
    assert sheet.chord_error < 1e-12
    assert sheet.remainder.max() < 1e-12
    assert sheet.surface.volume == pytest.approx(6000.0, rel=1e-12)


@pytest.mark.parametrize("jitter", [0.0, 0.5], ids=["even", "uneven"])
def test_a_torus_comes_back_to_the_third_order(jitter: float) -> None:
    """Of both signs of curvature; the triangles at random moved by half their spacing, diagonals mixed."""
    coarse, middle, fine = (torus(around, jitter)[1].max() for around in (24, 48, 96))
    assert np.log2(coarse / middle) > 2.7
    assert np.log2(middle / fine) > 2.7
    assert fine < 0.01 * torus(96, jitter)[0].chord_error


@pytest.mark.parametrize("jitter", [0.0, 0.5], ids=["even", "uneven"])
@pytest.mark.parametrize("around", [24, 48, 96])
def test_what_is_left_is_estimated_from_above_and_not_by_far(around: int, jitter: float) -> None:
    sheet, off = torus(around, jitter)
    assert off.max() < sheet.remainder.max() < 6 * off.max()


def test_a_rounding_that_runs_out_into_a_flat_face_leaves_it_flat() -> None:
    """A quarter of a torus from 5 to 8 mm between a cylinder and its end face."""
    points, triangles = cylinder(48, 8.0, 0.0, 30.0, 10)
    turn = np.clip((points[:, 2] - 15.0) / 15.0, 0.0, 1.0) * np.pi / 2
    across = np.hypot(points[:, 0], points[:, 1])
    moved = points.copy()
    moved[:, :2] *= ((5.0 + 3.0 * np.cos(turn)) / 8.0)[:, None]
    moved[:, 2] = np.where(points[:, 2] > 15.0, 15.0 + 3.0 * np.sin(turn), points[:, 2])
    moved[across < 1e-9, :2] = 0.0
    sheet = smooth_sheet(closed((moved, triangles)), "a.stl")
    assert sheet.patches == 2
    assert sheet.surface.points[:, 2].max() == pytest.approx(18.0, abs=1e-9)


def test_a_lattice_is_refused_by_the_number_of_its_parts() -> None:
    """A column of which every second ring of 60 stands 2 mm farther out: steps all round."""
    points, triangles = cylinder(24, 8.0, 0.0, 122.0, 244)
    row = np.minimum(np.arange(len(points)) // 24, 244)
    out = np.where((row // 2) % 2 == 1, 1.4, 1.0)
    out[-2:] = 1.0
    points = points * np.stack([out, out, np.ones_like(out)], axis=1)
    with pytest.raises(GeometryError, match=rf"in \d+ smooth parts .* more than the {MOST_PATCHES} that"):
        smooth_sheet(closed((points, triangles)), "a.stl")
