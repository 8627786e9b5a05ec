"""The case file of a taper joint: conversion, place of its socket, closed forms, and refusals by verbs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea import cli
from fea.case.reader import read_case
from fea.case.taper import SCREW, TaperCase, read_taper
from fea.case.taper_forms import Slices, left_for_torque
from fea.case.taper_tables import taper_schema
from fea.errors import CaseError
from geometry.fit import Fit

ROOT = Path(__file__).parents[3]
JOINT = ROOT / "cases" / "adapter_taper.toml"


def changed(folder: Path, *changes: tuple[str, str]) -> TaperCase:
    text = JOINT.read_text(encoding="utf-8")
    for old, new in (
        *changes,
        ('"loads/', f'"{ROOT}/cases/loads/'),
        ('"criteria/', f'"{ROOT}/cases/criteria/'),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "joint.toml"
    path.write_text(text, encoding="utf-8")
    return read_taper(path)


def gap_at(joint: TaperCase, level: float) -> float:
    case = joint.case
    fit = Fit(case.bone, case.reaming, case.stem, case.fit)
    place = np.array([[case.stem.diameter / 2, 0.0, level]])
    return float(fit.gap(place, np.array([[1.0, 0.0, 0.0]]), np.array([0]))[0])


def test_the_default_joint_has_the_cone_as_stem_and_the_socket_as_bone() -> None:
    joint = read_taper(JOINT)
    case = joint.case
    assert math.degrees(2 * joint.half_angle) == pytest.approx(5.0)
    assert case.stem.tip_diameter == pytest.approx(14.0 - 2 * 20.0 * math.tan(math.radians(2.5)))
    assert case.bone.turned
    assert joint.socket.depth == 24.0
    assert case.reference_point == (0.0, 0.0, -90.0)
    assert case.supports.bone_proximal == "clamped"
    assert case.assembly_force == 2000.0
    assert case.preloads == {}


@pytest.mark.parametrize("mismatch", [0.05, 0.0, -0.05])
def test_cone_and_socket_touch_first_at_the_end_that_the_sign_of_the_mismatch_says(
    mismatch: float, tmp_path: Path
) -> None:
    """The gap along the cone's normal is the difference of the tangents times the way from that end."""
    joint = changed(tmp_path, ("angle_mismatch_deg = 0.05", f"angle_mismatch_deg = {mismatch}"))
    female = math.tan(math.radians(5.0 - mismatch) / 2)
    far = 20.0 * abs(math.tan(joint.half_angle) - female)
    # Rays run along the cone's normal to a socket of another slope.
    along = 1.0 / (math.cos(joint.half_angle) + female * math.sin(joint.half_angle))
    # At the mouth a ray of a cone that stands off leaves the socket; a little above it does not.
    for level, share in ((1.0, 1.0 / 20.0), (19.0, 19.0 / 20.0)):
        expected = far * (share if mismatch > 0 else 1.0 - share) * along
        assert gap_at(joint, level) == pytest.approx(expected, abs=1e-12)


def test_a_seat_is_an_overlap_along_the_cones_normal(tmp_path: Path) -> None:
    seated = changed(tmp_path, ("force_N = 2000.0", "seating_mm = 0.1"), ("= 0.05 ", "= 0.0 "))
    assert gap_at(seated, 5.0) == pytest.approx(-0.1 * math.sin(seated.half_angle), abs=1e-12)
    assert seated.case.assembly_force == 0.0


def test_a_screw_is_a_preload_that_stays_and_needs_no_cone_that_locks(tmp_path: Path) -> None:
    held = changed(
        tmp_path, ("force_N = 2000.0", "screw_preload_N = 3000.0"), ("friction = 0.2\n", "friction = 0.03\n"),
        ("friction_band = [0.15, 0.3]\n", ""),
    )  # fmt: skip
    assert held.case.preloads == {SCREW: 3000.0}
    assert held.case.assembly_force == 0.0


def slices() -> Slices:
    law = (110000.0, 0.3)
    return Slices(math.radians(1e-3), 7.0, 10.0, 2.0, (14.0, 14.0), law, law)


def test_a_slice_of_a_cone_with_no_angle_is_lames_shrink_fit() -> None:
    """P = u E / (r ((R^2 + r^2)/(R^2 - r^2) + (r^2 + b^2)/(r^2 - b^2))) for one metal, whatever its nu."""
    thin = slices()
    overlap = 0.01
    pressure = float(thin.pressure(overlap / math.tan(thin.half_angle), np.array([0.0]))[0])
    ratio = (14**2 + 7**2) / (14**2 - 7**2) + (7**2 + 2**2) / (7**2 - 2**2)
    assert pressure == pytest.approx(overlap * 110000.0 / (7.0 * ratio), rel=1e-12)


def test_a_force_of_assembly_gives_the_seat_that_takes_this_force() -> None:
    joint = read_taper(JOINT).slices
    push = joint.seating(2000.0, 0.2)
    assert joint.assembly_force(push, 0.2) == pytest.approx(2000.0, rel=1e-9)
    normal = joint.normal_force(push)
    a = joint.half_angle
    assert joint.pull_off_force(push, 0.2) == pytest.approx(normal * (0.2 * math.cos(a) - math.sin(a)))


def test_what_the_wedge_takes_of_friction_is_not_left_for_a_torque() -> None:
    """Friction 0.1 on a half angle of tangent 0.06 leaves 0.08: a triangle of 6, 8 and 10."""
    assert left_for_torque(math.atan(0.06), 0.1, held=False) == pytest.approx(0.08)
    assert left_for_torque(math.atan(0.06), 0.1, held=True) == 0.1
    assert left_for_torque(math.atan(0.2), 0.1, held=False) == 0.0


def verbs() -> dict[str, Callable[[], object]]:
    from fea import pipeline
    from fea.converge.request import meshes_of
    from fea.dossier import verb
    from fea.export.verb import export_case
    from fea.sweep.request import question_of
    from fea.uncertain.design import Options

    question = question_of({"friction": "0.2,0.3"}, None)
    return {
        "sweep": lambda: pipeline.sweep(JOINT, question),
        "converge": lambda: pipeline.converge(JOINT, meshes_of(3, 1.3, 1.0)),
        "uncertain": lambda: pipeline.uncertain(JOINT, Options(2, 4, 1.0, 1)),
        "export": lambda: export_case(JOINT, "calculix", None, Path("results"), 2),
        "dossier": lambda: verb.dossier(JOINT, Path("results")),
        "template": lambda: verb.template(JOINT),
        "read": lambda: read_case(JOINT),
    }


@pytest.mark.parametrize("verb", ["sweep", "converge", "uncertain", "export", "dossier", "template", "read"])
def test_verbs_that_ask_for_bone_refuse_a_joint_in_one_sentence(verb: str) -> None:
    with pytest.raises(
        CaseError, match="the file states a taper joint, which the verbs check, mesh"
    ) as caught:
        verbs()[verb]()
    assert len(caught.value.problems) == 1


def test_check_reads_a_joint(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(JOINT)]) == 0
    assert "a valid case, 'Taper joint of a dual-cone adapter" in capsys.readouterr().out


def test_the_schema_of_a_joint_stands_beside_its_cases_as_the_tables_are() -> None:
    stands = json.loads((ROOT / "cases" / "taper_joint.schema.json").read_text(encoding="utf-8"))
    assert stands == taper_schema()
    assert stands["$defs"]["ConeTable"]["properties"]["angle_deg"]["x-unit"] == "degrees"


def test_two_cases_that_differ_in_their_force_differ() -> None:
    case = read_taper(JOINT).case
    assert replace(case, assembly_force=1.0) != case
