"""The pose of an implant out of a case file: sides, signs, and where the axis ends up."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.post.inputs import case_inputs
from geometry.posed import PosedBone
from materials.elasticity import Isotropic
from materials.rotation import rotate_stiffness

CASES = Path(__file__).parents[3] / "cases"


def askew(tmp_path: Path, side: str, seating: str, *, case: str = "femur_press_fit"):
    text = (CASES / f"{case}.toml").read_text(encoding="utf-8")
    for folder in ("loads", "criteria", "bones", "stems"):
        text = text.replace(f'"{folder}/', f'"{CASES}/{folder}/')
    text = text.replace('limb_side = "right"', f'limb_side = "{side}"')
    file = tmp_path / "case.toml"
    file.write_text(text.replace("[stem]\n", f"[seating]\n{seating}\n\n[stem]\n", 1), encoding="utf-8")
    return read_case(file)


def tip_of(case) -> np.ndarray:
    """The middle of the tip in the bone's frame, to the front, the left and the hip."""
    return case.bone.pose.to_bone(np.array([[0.0, 0.0, case.stem.length]]))[0]


@pytest.mark.parametrize(("side", "lateral"), [("right", -1.0), ("left", 1.0)])
def test_in_varus_the_tip_leans_to_the_lateral_side_of_either_limb(tmp_path, side, lateral):
    case = askew(tmp_path, side, "varus_deg = 1.5\noffset_lateral_mm = 0.5")
    tip = tip_of(case)
    assert math.degrees(math.atan2(lateral * tip[1] - 0.5, tip[2])) == pytest.approx(1.5)
    assert tip[0] == pytest.approx(0.0, abs=1e-12)


def test_in_extension_the_tip_leans_to_the_back_whatever_the_side(tmp_path):
    for side in ("right", "left"):
        case = askew(tmp_path, side, "flexion_deg = -1.0\noffset_anterior_mm = 1.0")
        assert tip_of(case) == pytest.approx(
            [1.0 - 140.0 * math.sin(math.radians(1.0)), 0.0, 140.0 * math.cos(math.radians(1.0))]
        )


def test_externally_rotated_the_implant_s_front_turns_to_the_lateral_side(tmp_path):
    for side, lateral in (("right", -1.0), ("left", 1.0)):
        front = askew(tmp_path, side, "external_rotation_deg = 20.0").bone.pose.rotation[:, 0]
        assert math.degrees(math.atan2(lateral * front[1], front[0])) == pytest.approx(20.0)


def test_a_seating_of_zeros_is_none_and_changes_no_shape(tmp_path):
    case = askew(tmp_path, "right", "varus_deg = 0.0")
    assert not isinstance(case.bone, PosedBone)
    assert repr(case.bone) == repr(read_case(CASES / "femur_press_fit.toml").bone)


def test_the_inputs_of_a_report_list_the_pose_with_its_units():
    inputs = {entry.name: entry for entry in case_inputs(read_case(CASES / "femur_varus.toml"))}
    assert inputs["bone.pose.tilt_left"].value == pytest.approx(-math.radians(2.0))
    assert inputs["bone.pose.tilt_left"].unit == "rad"
    assert inputs["bone.pose.entry_front"].unit == "mm"


def test_the_directions_of_bone_turn_with_the_bone_and_not_with_the_implant():
    """Axial at the cut is the bone's long axis, which leans against the implant's by its tilt."""
    case, plain = (read_case(CASES / f"{name}.toml") for name in ("femur_varus", "femur_press_fit"))
    places = np.array([[12.0, 0.0, 60.0], [0.0, 12.0, 60.0]])
    stated = plain.bone_frames(case.bone.pose.to_bone(places))
    assert case.bone.pose.rotation @ case.bone_frames(places) == pytest.approx(stated, abs=1e-12)


@pytest.mark.parametrize(
    ("case", "varus"), [("femur_scanned", 1.0), ("femur_custom", 0.1), ("femur_short_lag_screw", 0.2)]
)
def test_scanned_bones_and_stems_from_files_may_stand_askew(tmp_path, case, varus):
    found = askew(tmp_path, "right", f"varus_deg = {varus}", case=case)
    assert isinstance(found.bone, PosedBone)


def test_isotropic_bone_does_not_notice_how_its_axes_stand_and_cortical_bone_does():
    """Turned by the pose the isotropic stiffness is itself; cortical bone is softer along the implant."""
    case = read_case(CASES / "femur_varus.toml")
    frames = case.bone_frames(np.array([[12.0, 1.0, 60.0], [-3.0, 11.0, 120.0]]))
    isotropic = Isotropic(17_000.0, 0.3).stiffness()
    assert rotate_stiffness(isotropic, frames) == pytest.approx(
        np.broadcast_to(isotropic, (2, 6, 6)), abs=1e-9 * isotropic.max()
    )
    cortical = case.bone_material.elasticity.stiffness()
    along = rotate_stiffness(cortical, frames)[:, 2, 2]
    assert (along < cortical[2, 2] * (1 - 1e-4)).all()
