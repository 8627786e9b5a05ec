"""A bone upside down in a CT volume, and one that the volume cuts off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.ct.bone import Imager, read_bone
from fea.post.seating import advice
from geometry.scanned.volume import Volume
from tests.bodies.phantoms import write_volume

CASES = Path(__file__).parents[3] / "cases"
PITCH = 1.2
#: Where the saw went, mm above the middle of the head.
FACE = 120.0


def residual(beyond: float) -> Volume:
    """A tube of 13 and 7 mm from the ball of 24 mm at its foot to its face; the volume goes on beyond it."""
    x, y = (PITCH * np.arange(-24, 25) for _ in range(2))
    z = np.arange(-30.0, FACE + beyond, PITCH)
    level, side, front = np.meshgrid(z, y, x, indexing="ij")
    across = np.hypot(side, front)
    ball = np.sqrt(across**2 + level**2) <= 24.0
    shaft = (across <= 13.0) & (level > 0.0) & (level <= FACE)
    values = np.where(ball | shaft, 1400.0, 40.0)
    values[(across <= 7.0) & (level > 12.0) & (level <= FACE)] = -60.0
    return Volume(values, np.array([x[0], y[0], z[0]]), np.full(3, PITCH), np.eye(3))


@pytest.mark.parametrize(
    ("proximal", "beyond", "flare"),
    [
        ((0.0, 0.0, 1.0), 15.0, (24 / 13) ** 2),  # the head at the distal end
        ((0.0, 0.0, 1.0), -6.0, 0.0),  # the same, cut off by the volume: no face of the bone's
        ((0.0, 0.0, -1.0), 15.0, 0.0),  # as it stands in the body
    ],
)
def test_a_volume_shows_its_bone_upside_down_unless_it_ends_with_it(
    tmp_path: Path, proximal: tuple[float, float, float], beyond: float, flare: float
) -> None:
    cut = 50.0 if proximal[2] > 0 else 20.0
    file = write_volume(tmp_path / "bone.nii.gz", residual(beyond))
    found = read_bone(file, None, Imager(400.0, proximal, (0.0, -1.0, 0.0), cut, 60.0))
    assert found.flare == pytest.approx(flare, rel=0.05)


def test_what_may_stand_upside_down_is_said_and_what_to_do(tmp_path: Path) -> None:
    file = write_volume(tmp_path / "bone.nii.gz", residual(15.0))
    scanned = read_bone(file, None, Imager(400.0, (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), 50.0, 60.0))

    plain = read_case(CASES / "femur_press_fit.toml")
    (said,) = advice(replace(plain, scanned=scanned))
    assert "becomes 3.3 times that of its shaft" in said
    assert "turn bone.ct.proximal round" in said
    (said,) = advice(replace(plain, scanned=replace(scanned, imaging=None)))
    assert "turn bone.surface.proximal round" in said
