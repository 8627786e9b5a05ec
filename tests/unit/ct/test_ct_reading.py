"""Reading CT volumes: one frame from every format, and one sentence for what cannot be read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from fea.ct.reading import read_mask, read_scan
from geometry.errors import GeometryError
from geometry.scanned.volume import Volume
from tests.bodies.phantoms import write_series, write_volume

AXES = Rotation.from_euler("xyz", [10.0, 20.0, 30.0], degrees=True).as_matrix()
VALUES = np.random.default_rng(2).integers(-900, 1500, (12, 10, 9)).astype(np.int16)
GRID = Volume(VALUES, np.array([11.0, -22.0, 333.0]), np.array([0.7, 0.8, 1.5]), AXES)


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.mha", "a.mhd", "series"])
def test_every_format_gives_numbers_and_places_as_they_were(name: str, tmp_path: Path) -> None:
    """In a turned and shifted frame, to 0.1 um."""
    write = write_series if name == "series" else write_volume
    found = read_scan(write(tmp_path / name, GRID)).volume
    corners = np.array([[0.0, 0.0, 0.0], [8.0, 9.0, 11.0], [8.0, 0.0, 3.0]])
    assert np.array_equal(found.values, VALUES)
    assert found.places(corners) == pytest.approx(GRID.places(corners), abs=1e-4)
    assert found.sample(GRID.places(corners[2:])) == pytest.approx(VALUES[3, 0, 8], abs=0.1)


def test_numbers_between_voxels_are_linear_and_places_outside_are_told() -> None:
    index = np.stack(np.meshgrid(np.arange(9), np.arange(10), np.arange(12), indexing="ij"), -1)
    at = GRID.places(index.reshape(-1, 3).astype(float)) @ [3.0, -2.0, 5.0]
    linear = replace(GRID, values=at.reshape(9, 10, 12).T.copy())
    points = GRID.places(np.random.default_rng(3).uniform(0, 8, (50, 3)))
    assert linear.sample(points) == pytest.approx(points @ [3.0, -2.0, 5.0])
    assert linear.covers(points).all()
    assert not linear.covers(GRID.places(np.array([[8.5, 1.0, 1.0], [-0.1, 1.0, 1.0]]))).any()


def test_the_digest_hangs_on_numbers_and_frame(tmp_path: Path) -> None:
    digests = {
        read_scan(write_volume(tmp_path / f"{n}.mha", volume)).digest
        for n, volume in enumerate(
            [GRID, replace(GRID, values=VALUES + 1), replace(GRID, origin=GRID.origin + 1.0), GRID]
        )
    }
    assert len(digests) == 3


def refused(path: Path, words: str) -> None:
    with pytest.raises(GeometryError, match=words) as caught:
        read_scan(path)
    assert ". " not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_missing_slices_are_refused_with_the_place(tmp_path: Path) -> None:
    folder = write_series(tmp_path / "series", GRID)
    (folder / "slice_0005.dcm").unlink()
    refused(folder, r"slices 3.00 mm apart behind its slice 5 .* 1.50 mm apart: slices are missing")


def test_a_folder_of_two_series_or_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "holds 0 DICOM series")


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.mha"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.6, 0.97])
def test_an_empty_or_truncated_file_is_refused(name: str, share: float, tmp_path: Path) -> None:
    path = write_volume(tmp_path / name, GRID)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    refused(path, "empty, cut short, or not of the format")


def test_a_missing_file_and_another_format_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.nii", "no CT volume at")
    (tmp_path / "bone.stl").write_text("solid")
    refused(tmp_path / "bone.stl", "must end in one of .nii")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spacing": np.array([0.7, 0.7, 4.0])}, "thinner slices"),
        ({"spacing": np.array([0.3, 0.3, 2.5])}, "a ratio of 6"),
        ({"axes": AXES @ np.diag([1.0, 1.0, -1.0])}, "left-handed"),
        ({"values": VALUES[:3]}, "at least 8 are needed"),
        (
            {"values": np.where(VALUES[0, 0, 0] == VALUES, np.nan, VALUES.astype(np.float32))},
            "without a number",
        ),
    ],
)
def test_a_grid_on_which_no_bone_can_be_found_is_refused(change: dict, words: str, tmp_path: Path) -> None:
    refused(write_volume(tmp_path / "a.mha", replace(GRID, **change)), words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"values": VALUES[1:]}, "9 x 10 x 11 voxels where"),
        ({"origin": GRID.origin + 2.0}, "mm off the volume"),
    ],
)
def test_a_mask_of_another_grid_is_refused(change: dict, words: str, tmp_path: Path) -> None:
    scan = read_scan(write_volume(tmp_path / "a.mha", GRID))
    with pytest.raises(GeometryError, match=words):
        read_mask(write_volume(tmp_path / "mask.mha", replace(GRID, **change)), scan)


def test_without_simpleitk_only_a_volume_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_volume(tmp_path / "a.mha", GRID)
    monkeypatch.setitem(sys.modules, "SimpleITK", None)
    refused(path, "read by SimpleITK, which this environment lacks: run make")


def test_a_volume_too_large_is_refused_by_its_header(tmp_path: Path) -> None:
    """A header of 2,000 x 2,000 x 2,000 voxels, and not one of them."""
    sizes = "ObjectType = Image\nNDims = 3\nDimSize = 2000 2000 2000\nElementSpacing = 0.5 0.5 0.5\n"
    (tmp_path / "a.mhd").write_text(sizes + "ElementType = MET_SHORT\nElementDataFile = a.raw\n")
    refused(tmp_path / "a.mhd", "8,000,000,000 voxels, more than the 400,000,000")
