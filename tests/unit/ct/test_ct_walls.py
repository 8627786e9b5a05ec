"""Walls and axis of a bone in a CT volume, held against phantoms whose shape is known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from fea.ct.bone import Imager, read_bone
from geometry.errors import GeometryError
from geometry.scanned.bone import Scanned
from geometry.scanned.imaged import Imaged
from geometry.scanned.shaft import find_shaft
from geometry.scanned.splined import SplinedOutline
from geometry.scanned.volume import Volume, find_bone
from tests.bodies.phantoms import LEAN, MARROW, SOFT, Tube, imaged, write_volume

AXIS, FRONT = LEAN.apply([0.0, 0.0, 1.0]), LEAN.apply([1.0, 0.0, 0.0])
ABOUT = tuple((AXIS + np.array([0.05, 0.0, 0.03])).tolist())
IMAGER = Imager(400.0, ABOUT, tuple(FRONT.tolist()), 15.0, 60.0)
TURNED = Rotation.from_euler("xyz", [10.0, 20.0, 30.0], degrees=True)
KINDS = {
    "straight": {},
    "turned and anisotropic": {"axes": TURNED, "spacing": (0.6, 0.6, 1.5)},
    "blurred": {"blur": 0.9, "spacing": (0.8, 0.8, 0.8)},
}


@cache
def phantom(kind: str) -> Volume:
    return imaged(Tube(), **KINDS[kind])


def bone_in(volume: Volume, tmp_path, imager: Imager = IMAGER) -> Scanned:
    return read_bone(write_volume(tmp_path / "bone.mha", volume), None, imager)


def radii(outline: SplinedOutline) -> np.ndarray:
    turns = np.linspace(-np.pi, np.pi, 400)
    return outline.radius(turns, np.linspace(1.0, 59.0, 400))


@pytest.mark.parametrize("kind", KINDS)
def test_radii_are_found_to_a_tenth_of_a_voxel_however_the_tube_lies(kind: str, tmp_path) -> None:
    """13 and 7.5 mm in the mean, blurred by as much as a voxel, with partial volume."""
    found = bone_in(phantom(kind), tmp_path)
    voxel = phantom(kind).spacing.min()
    assert found.canal is not None
    assert radii(found.scan.outer).mean() == pytest.approx(13.0, abs=0.1 * voxel)
    assert radii(found.canal).mean() == pytest.approx(7.5, abs=0.1 * voxel)
    assert np.abs(radii(found.scan.outer) - 13.0).max() < 0.15 * voxel
    assert found.scan.closeness.percentile_95 < 0.1 * voxel


@pytest.mark.parametrize("kind", KINDS)
def test_the_axis_is_found_wherever_the_tube_lies(kind: str, tmp_path) -> None:
    shaft = bone_in(phantom(kind), tmp_path).shaft
    off = np.cross(shaft.origin - np.array(Tube().centre), AXIS)
    assert np.linalg.norm(np.cross(shaft.turn[2], AXIS)) < np.radians(0.03)
    assert np.linalg.norm(off) < 0.02
    assert shaft.turn[0] @ FRONT > 0.999


def test_thin_walls_are_found_by_the_stated_number_of_their_bone(tmp_path) -> None:
    """A wall of 2 mm under a blur of 0.6 mm shows less than its bone has, and half of it lies outside."""
    volume = imaged(Tube(canal=11.0))
    free = bone_in(volume, tmp_path)
    told = bone_in(volume, tmp_path, Imager(400.0, ABOUT, IMAGER.anterior, 15.0, 60.0, 1400.0))
    assert free.imaging is not None
    assert free.imaging.levels.cortical < 1300.0
    assert radii(free.scan.outer).mean() - 13.0 > 0.1
    assert radii(told.scan.outer).mean() == pytest.approx(13.0, abs=0.07)
    assert told.canal is not None
    assert radii(told.canal).mean() == pytest.approx(11.0, abs=0.07)


def test_noise_of_40_HU_moves_a_wall_by_less_than_a_tenth_of_a_voxel(tmp_path) -> None:
    found = bone_in(imaged(Tube(), noise=40.0), tmp_path)
    assert found.canal is not None
    assert radii(found.scan.outer).mean() == pytest.approx(13.0, abs=0.07)
    assert radii(found.canal).mean() == pytest.approx(7.5, abs=0.07)


def test_levels_are_those_of_soft_tissue_marrow_and_bone(tmp_path) -> None:
    levels = bone_in(phantom("straight"), tmp_path).imaging.levels
    assert levels.soft == pytest.approx(SOFT, abs=1.0)
    assert levels.marrow == pytest.approx(MARROW, abs=1.0)
    assert levels.cortical == pytest.approx(1400.0, abs=2.0)


def two_bones() -> Volume:
    """A thinner tube 40 mm beside, and a speck of metal in its canal."""
    volume = imaged(Tube(), air=60.0)
    index = np.argwhere(np.ones(volume.values.shape, dtype=bool))[:, ::-1]
    inside = LEAN.inv().apply(volume.places(index.astype(float)) - np.array(Tube().centre))
    away = np.hypot(inside[:, 0] - 40.0, inside[:, 1])
    values = volume.values.copy()
    within = np.abs(inside[:, 2]) < 35.0
    values.reshape(-1)[within & (away < 9.0) & (away > 5.0)] = 900
    values.reshape(-1)[within & (away < 1.5) & (np.abs(inside[:, 2]) < 2.0)] = 2000
    return Volume(values, volume.origin, volume.spacing, volume.axes)


def test_a_point_tells_which_bone_it_is() -> None:
    """From the middle of a canal, where a speck lies nearer: the tube of 9 mm, or that of 13 mm."""
    volume = two_bones()
    points = LEAN.apply([[40.0, 0.0, 0.0], [0.0, 0.0, 0.0]]) + np.array(Tube().centre)
    other, first = (find_bone(volume, 400.0, near=point) for point in points)
    largest = find_bone(volume, 400.0)
    assert first.voxels == largest.voxels > other.voxels
    assert other.pieces == 3
    middle = LEAN.inv().apply(other.rim - np.array(Tube().centre)).mean(axis=0)
    np.testing.assert_allclose(middle, [40.0, 0.0, 0.0], atol=0.3)
    assert np.allclose(other.volume.sample(points[:1]), 2000.0)


def test_a_point_far_from_any_bone_is_refused_with_its_place() -> None:
    far = LEAN.apply([0.0, -50.0, 0.0]) + np.array(Tube().centre)
    with pytest.raises(GeometryError, match=r"No bone lies within 30 mm of near_mm = \["):
        find_bone(two_bones(), 400.0, near=far)
    with pytest.raises(GeometryError, match="No bone lies within 30 mm"):
        find_bone(two_bones(), 400.0, near=far + 1e4)


def test_another_bone_beside_is_left_out() -> None:
    """A rod of 900 HU, 3 mm outside the tube: rays that cross it end at the tube's own wall all the same."""
    volume = phantom("straight")
    index = np.argwhere(np.ones(volume.values.shape, dtype=bool))[:, ::-1]
    inside = LEAN.inv().apply(volume.places(index.astype(float)) - np.array(Tube().centre))
    rod = np.hypot(inside[:, 0] - 18.5, inside[:, 1]) < 2.0
    values = volume.values.copy()
    values.reshape(-1)[rod] = 900
    found = find_bone(Volume(values, volume.origin, volume.spacing, volume.axes), 400.0)
    assert found.pieces > 1
    middle = LEAN.apply([[18.5, 0.0, 5.0]]) + np.array(Tube().centre)
    assert found.volume.sample(middle) == pytest.approx(900.0)
    assert found.alone.sample(middle) == pytest.approx(SOFT, abs=1.0)
    bone = Imaged(found, 400.0)
    shaft = find_shaft(bone, AXIS, FRONT, 15.0)
    outer, _, _ = bone.moved(shaft.turn, shaft.origin).walls(40.0)
    assert outer.max() < 13.2


def test_a_mask_takes_the_place_of_the_threshold(tmp_path) -> None:
    volume = phantom("straight")
    marked = Volume((volume.values > 500).astype(np.uint8), volume.origin, volume.spacing, volume.axes)
    mask = write_volume(tmp_path / "mask.nii.gz", marked)
    file = write_volume(tmp_path / "bone.nii.gz", volume)
    found = read_bone(file, mask, IMAGER)
    assert found.imaging is not None
    assert found.imaging.masked
    assert radii(found.scan.outer).mean() == pytest.approx(13.0, abs=0.07)


@pytest.mark.parametrize(
    ("imager", "words"),
    [
        (Imager(400.0, tuple(FRONT.tolist()), tuple(AXIS.tolist()), 15.0, 60.0), "mm of shaft above the cut"),
        (Imager(400.0, ABOUT, IMAGER.anterior, 150.0, 60.0), "outside the bone"),
        (Imager(400.0, ABOUT, IMAGER.anterior, 15.0, 90.0), "mm of bone above the cut, where length_mm"),
        (Imager(2000.0, ABOUT, IMAGER.anterior, 15.0, 60.0), "No voxel is above 2000 HU"),
    ],
)
def test_a_volume_that_does_not_fit_its_case_is_refused(imager: Imager, words: str, tmp_path) -> None:
    with pytest.raises(GeometryError, match=words):
        bone_in(phantom("straight"), tmp_path, imager)


def test_a_bone_without_a_canal_is_refused_with_the_place(tmp_path) -> None:
    volume = imaged(Tube(canal=0.0), spacing=(1.0, 1.0, 1.2))
    with pytest.raises(GeometryError, match=r"At z = .* no canal is found"):
        bone_in(volume, tmp_path)
