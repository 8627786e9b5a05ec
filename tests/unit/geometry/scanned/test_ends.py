"""A bone that may stand upside down: the end of a shaft above, an epiphysis below."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from fea.case.scan_reading import Placing, read_bone
from geometry.scanned.ends import distal_flare
from geometry.scanned.slices import Triangles
from tests.bodies.scans import as_scanned, shell, write_stl

LENGTH, SHAFT, HEAD = 160.0, 13.0, 26.0


def residual(head: bool = True, radius: float = HEAD, both: bool = False, lean: float = 0.0) -> Triangles:
    """A shaft from a face at 0, which leans by so many mm, to a round head, or with one at either end."""

    def headed(level: np.ndarray) -> np.ndarray:
        into = np.clip((level - 110.0) / 25.0, 0.0, 1.0)
        over = np.clip((level - 135.0) / 25.0, 0.0, 1.0)
        swollen = SHAFT + (radius - SHAFT) * into**2 * (3 - 2 * into)
        return swollen * np.sqrt(np.clip(1.0 - over**2, 1e-4, 1.0))

    def wall(angle: np.ndarray, level: np.ndarray) -> np.ndarray:
        if not head:
            return np.full_like(level, SHAFT)
        return headed(np.maximum(level, LENGTH - level) if both else level)

    bone = shell(wall, 0.0, LENGTH, 48, 200)
    x, y, z = bone.points.T
    sheared = z + lean * (x / (2 * SHAFT) + 0.5) * np.clip(1.0 - z / 60.0, 0.0, 1.0)
    return Triangles(np.column_stack([x, y, sheared]), bone.corners)


def seen(bone: Triangles, cut: float, upside_down: bool) -> Triangles:
    """In the implant's frame, the cut at 0."""
    points = bone.points * np.array([1.0, -1.0, -1.0]) + [0.0, 0.0, LENGTH] if upside_down else bone.points
    return Triangles(points - np.array([0.0, 0.0, cut]), bone.corners)


def test_a_bone_upside_down_is_noticed_by_how_much_its_distal_end_flares() -> None:
    """(26 / 13)^2 in the limit: the largest section is where the flare ends."""
    assert distal_flare(seen(residual(), 60.0, True), 80.0) == pytest.approx(4.0, rel=0.01)
    smaller, oblique = residual(radius=19.0), residual(lean=9.0)
    assert distal_flare(seen(smaller, 60.0, True), 80.0) == pytest.approx((19 / 13) ** 2, rel=0.01)
    assert distal_flare(seen(oblique, 60.0, True), 80.0) == pytest.approx(4.0, rel=0.01)


@pytest.mark.parametrize(
    ("bone", "cut", "upside_down"),
    [
        (residual(), 12.0, False),  # as it stands in the body
        (residual(), 45.0, False),
        (residual(both=True), 60.0, True),  # two epiphyses
        (residual(both=True), 60.0, False),
        (residual(head=False), 30.0, True),  # two faces
        (residual(head=False), 30.0, False),
        (residual(radius=17.0), 60.0, True),  # no wider than some shafts become
        (residual(), 5.0, True),  # cut next to the end: nothing beyond
    ],
)  # fmt: skip
def test_where_the_shape_does_not_tell_nothing_is_said(
    bone: Triangles, cut: float, upside_down: bool
) -> None:
    assert distal_flare(seen(bone, cut, upside_down), 80.0) == 0.0


@pytest.mark.parametrize(("proximal", "flare"), [((0.0, 0.0, -1.0), 4.0), ((0.0, 0.0, 1.0), 0.0)])
def test_a_file_read_with_the_wrong_end_up_bears_the_flare(
    tmp_path: Path, proximal: tuple[float, float, float], flare: float
) -> None:
    """Anywhere in the scanner within a few degrees of its axes."""
    turn = Rotation.from_euler("xyz", [4.0, -3.0, 10.0], degrees=True)
    file = write_stl(tmp_path / "bone.stl", as_scanned(residual(), turn, np.array([30.0, -12.0, 400.0])))
    cut = 60.0 if flare else 15.0
    placing = Placing("mm", proximal, (0.0, -1.0, 0.0), cut, 70.0, ((0.0, 5.0),))
    assert read_bone(file, placing).flare == pytest.approx(flare, rel=0.02)
