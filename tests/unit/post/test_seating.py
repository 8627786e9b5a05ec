"""What is told of the seating before anything is solved: a breach is an answer, not an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.case.reader import read_case, read_shapes
from fea.cli import main
from fea.errors import CaseError
from fea.post.rims import rims
from fea.post.seating import advice, seating_page, seating_table

ROOT = Path(__file__).parents[3]
CASES = ROOT / "cases"
BOTH = ("femur_varus", "femur_press_fit")
BROKEN = ROOT / "tests" / "data" / "wrong_cases" / "seating_breaks_the_wall.toml"


def test_a_breach_is_told_with_its_place_and_refused_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CaseError, match="the reamer breaks the right wall"):
        read_case(BROKEN)
    case, faults = read_shapes(BROKEN)
    assert len(faults) == 1
    table = seating_table(case)
    assert table["breached"] is True
    assert -0.2 < table["least_wall_mm"] < -0.05
    assert table["least_wall_place_mm"][2] == pytest.approx(142.4, abs=1.5)
    assert main(["fit", str(BROKEN)]) == 1
    said = capsys.readouterr().out
    assert f"breaks through the bone by {-table['least_wall_mm']:.2f} mm at z = 14" in said
    assert "(right)" in said
    assert "does not go together: " in said


def test_the_default_case_is_told_with_its_wall_and_what_the_reamer_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wall 14 - 8 - (sagitta - 0.7) at the top of the bow; a mouth of 14 mm reamed to 16."""
    plot = tmp_path / "fit.svg"
    assert main(["fit", str(CASES / "femur_press_fit.toml"), "--plot", str(plot)]) == 0
    said = capsys.readouterr().out
    assert "4.25 mm at z = 70 mm" in said
    assert "16 mm to 150 mm takes" in said
    assert "Implant in the bone" not in said
    assert plot.read_text(encoding="utf-8").startswith("<svg")


def test_the_summary_holds_pose_fill_wall_and_passes() -> None:
    table = seating_table(read_case(CASES / "femur_varus.toml"))
    assert table["pose"]["tip_leans_to_the_front_deg"] == pytest.approx(-3.0)
    assert table["pose"]["tip_leans_to_the_left_deg"] == pytest.approx(-2.0)
    assert table["least_wall_mm"] == pytest.approx(1.577, abs=1e-3)
    assert len(table["canal_fill"]) == len(table["levels_mm"]) == len(table["wall_mm"])
    assert set(table["cortical_contact_share"]) == {"anterior", "left", "posterior", "right"}
    (one,) = table["passes"]
    assert one["diameter_mm"] == 16.0
    assert 10_000 < one["removed_mm3"] < 20_000


def test_a_wide_step_of_a_train_gets_advice_and_no_refusal(tmp_path: Path) -> None:
    text = (CASES / "femur_press_fit.toml").read_text(encoding="utf-8")
    for folder in ("loads", "criteria"):
        text = text.replace(f'"{folder}/', f'"{CASES}/{folder}/')
    train = "train = [{ diameter_mm = 13.0 }, { diameter_mm = 15.0 }, { diameter_mm = 16.0 }]"
    file = tmp_path / "case.toml"
    file.write_text(text.replace("diameter_mm = 16.0\ndepth_mm", f"{train}\ndepth_mm"), encoding="utf-8")
    case = read_case(file)
    (sentence,) = advice(case)
    assert "13 to 15 mm" in sentence
    assert "15 to 16" not in sentence
    page = seating_page(case)
    assert [what for what, _ in page.facts if what.startswith("Pass")] == ["Pass 1", "Pass 2", "Pass 3"]
    assert sentence in page.warnings


def test_edges_that_pose_and_train_make_are_rims_and_not_judged(tmp_path: Path) -> None:
    """The bone's edge under a collar that stands over it; the step, where contact begins, and its corner."""
    names = {name: {rim.name for rim in rims(read_case(CASES / f"{name}.toml"))} for name in BOTH}
    assert names["femur_varus"] - names["femur_press_fit"] == {"edge of the bone under the collar"}
    text = (CASES / "femur_press_fit.toml").read_text(encoding="utf-8")
    for folder in ("loads", "criteria"):
        text = text.replace(f'"{folder}/', f'"{CASES}/{folder}/')
    train = "train = [{ diameter_mm = 16.0 }, { diameter_mm = 17.0, depth_mm = 40.0 }]"
    text = text.replace("diameter_mm = 16.0\ndepth_mm", f"{train}\ndepth_mm").replace(
        "end_radius_mm = 8.0", "end_radius_mm = 0.0"
    )
    file = tmp_path / "case.toml"
    file.write_text(text, encoding="utf-8")
    stepped = {rim.name: rim for rim in rims(read_case(file))}
    assert (stepped["step of the reamed canal"].level, stepped["step of the reamed canal"].radius) == (
        40.0,
        8.0,
    )
    assert stepped["sharp corner of the canal's step"].radius == 8.5
