"""A stem at another depth out of a case file: the same case with its levels restated by hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from fea.case.loading import asked_load
from fea.case.reader import read_case
from fea.loads.wrench import move_wrench
from fea.mesh.store import digest_of
from fea.post.inputs import case_inputs
from fea.post.seating import advice, seating_page, seating_table
from geometry.fit import Fit

CASES = Path(__file__).parents[3] / "cases"
LINES = (
    "length_mm = 140.0", "protrusion_mm = 30.0", "from_mm = 0.0", "to_mm = 100.0", "gap_um = 100.0",
    "\nlength_mm = 90.0",
)  # fmt: skip


def changed(tmp_path: Path, *pairs: tuple[str, str], case: str = "femur_press_fit"):
    text = (CASES / f"{case}.toml").read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    for folder in ("loads", "criteria"):
        text = text.replace(f'"{folder}/', f'"{CASES}/{folder}/')
    file = tmp_path / "case.toml"
    file.write_text(text, encoding="utf-8")
    return read_case(file)


def at_depth(tmp_path: Path, depth: float, *pairs: tuple[str, str], case: str = "femur_press_fit"):
    return changed(tmp_path, ("[stem]\n", f"[seating]\ndepth_mm = {depth}\n\n[stem]\n"), *pairs, case=case)


def flat(value: object, place: str = "") -> dict[str, object]:
    if isinstance(value, dict):
        return {
            key: found for name, each in value.items() for key, found in flat(each, f"{place}.{name}").items()
        }
    if isinstance(value, list | tuple):
        return {
            key: found for k, each in enumerate(value) for key, found in flat(each, f"{place}.{k}").items()
        }
    return {place: value}


STRAIGHT = (
    ("bow_radius_mm = 1000.0", ""),
    ("axis_offset_anterior_mm = 0.7", ""),
)


def test_a_depth_of_nothing_changes_nothing(tmp_path: Path) -> None:
    plain, seated = changed(tmp_path), at_depth(tmp_path, 0.0)
    assert repr((plain.bone, plain.reaming, plain.stem)) == repr((seated.bone, seated.reaming, seated.stem))
    assert (plain.reference_point, plain.fit, plain.fail_safe, plain.mesh) == (
        seated.reference_point, seated.fit, seated.fail_safe, seated.mesh,
    )  # fmt: skip
    digests = [
        digest_of(case.bone, case.reaming, case.stem, case.mesh, conforming=True) for case in (plain, seated)
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("depth", "restated"),
    [
        (4.5, ("144.5", "25.5", "4.5", "104.5", None, "85.5")),
        (-3.0, ("137.0", "33.0", "0.0", "97.0", "3100.0", "93.0")),
    ],
)
def test_a_stem_sunk_or_proud_is_the_case_with_its_levels_restated_by_hand(tmp_path: Path, depth, restated):
    """Of a straight bone, whose shape does not hang on the stem's length."""
    collar = ("[stem.collar]\ndiameter_mm = 22.0\nthickness_mm = 4.0\ngap_um = 100.0\n", "")
    pairs = [
        (line, line.partition("=")[0] + "= " + value)
        for line, value in zip(LINES, restated, strict=True)
        if value is not None
    ]
    bare = (*STRAIGHT, *((collar,) if restated[4] is None else ()))
    hand, seated = changed(tmp_path, *pairs, *bare), at_depth(tmp_path, depth, *bare)
    for part in ("bone", "reaming", "stem"):
        mine, theirs = (flat(asdict(getattr(case, part))) for case in (seated, hand))
        mine.pop(".taper_start", None), theirs.pop(".taper_start", None)
        assert mine == {
            key: pytest.approx(value, abs=1e-12) if isinstance(value, float) else value
            for key, value in theirs.items()
        }
    assert seated.reference_point == pytest.approx(hand.reference_point)
    assert seated.fit == hand.fit
    places = np.array([[8.0, 0.0, 3.0], [0.0, 8.0, 90.0], [-5.66, 5.66, 120.0]])
    gaps = [
        Fit(case.bone, case.reaming, case.stem, case.fit).gap(places, 0 * places, np.array([1, 0, 1]))
        for case in (seated, hand)
    ]
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-12)


def test_the_bone_and_its_hole_stay_where_they_are(tmp_path: Path) -> None:
    """The chord of the bow ends where the planned stem does, and the reamer went where it went."""
    plain, proud = changed(tmp_path), at_depth(tmp_path, -5.0)
    assert repr((plain.bone, plain.reaming)) == repr((proud.bone, proud.reaming))
    assert proud.stem.length == 135.0


@pytest.mark.parametrize("depth", [-3.0, 0.1])
def test_the_lever_to_the_cut_follows_the_stem(tmp_path: Path, depth: float) -> None:
    """Force and moment at the adapter's end stay; at the cut the moment changes by depth times shear."""
    case = "femur_fail_safe"
    plain, seated = changed(tmp_path, case=case), at_depth(tmp_path, depth, case=case)
    assert seated.reference_point == pytest.approx(np.add(plain.reference_point, (0.0, 0.0, depth)))
    at_end = [asked_load(case).wrenches for case in (plain, seated)]
    assert at_end[1] == pytest.approx(at_end[0], abs=1e-9)
    moments = [
        move_wrench(asked_load(case).wrenches, case.reference_point, (0.0, 0.0, 0.0))[:, 3:]
        for case in (plain, seated)
    ]
    force = at_end[0][:, :3]
    exact = depth * np.stack([-force[:, 1], force[:, 0], 0.0 * force[:, 0]], axis=1)
    assert np.abs(exact).max() > 5.0
    assert moments[1] - moments[0] == pytest.approx(exact, abs=1e-6)


def test_the_fail_safe_moves_with_the_adapter_and_is_asked_for_the_same(tmp_path: Path) -> None:
    case = "femur_fail_safe"
    plain, seated = changed(tmp_path, case=case), at_depth(tmp_path, -3.0, case=case)
    assert seated.fail_safe.place == pytest.approx(np.add(plain.fail_safe.place, (0.0, 0.0, -3.0)))
    asked = [
        move_wrench(asked_load(case).wrenches, case.reference_point, case.fail_safe.place)
        for case in (plain, seated)
    ]
    assert asked[1] == pytest.approx(asked[0], abs=1e-6)


def test_a_proud_collar_is_said_to_bear_nowhere_and_one_near_the_cut_is_not(tmp_path: Path) -> None:
    (said,) = advice(at_depth(tmp_path, -3.0))
    assert "its collar 3.1 mm off the cut" in said
    assert "it bears nowhere" in said
    assert advice(at_depth(tmp_path, -0.5)) == ()


def test_report_inputs_and_summary_tell_the_depth(tmp_path: Path) -> None:
    proud = at_depth(tmp_path, -3.0)
    assert seating_table(proud)["depth_mm"] == -3.0
    assert ("Stem in the reamed hole", "3 mm proud of where it was planned") in seating_page(proud).facts
    (entry,) = [each for each in case_inputs(proud) if each.name == "seating.depth"]
    assert (entry.value, entry.unit) == (-3.0, "mm")
    sunk = at_depth(tmp_path, 0.1)
    assert ("Stem in the reamed hole", "0.1 mm deeper than planned") in seating_page(sunk).facts
