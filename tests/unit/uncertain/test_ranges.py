"""Ranges: shares of probability against SciPy's own distributions, and defaults that hold the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fea.case.case import Case
from fea.case.reader import read_case
from fea.case.uncertainty import CHOICE, KINDS, LOG_UNIFORM, TRIANGULAR, UNIFORM, Uncertain
from fea.uncertain.defaults import uncertainty_of
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.screw_seat import seats
from geometry.wall import least_wall
from materials.entry import GRADES

ROOT = Path(__file__).parents[3]
SHARES = np.linspace(0.0, 1.0, 41)


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


@pytest.mark.parametrize(
    ("item", "reference"),
    [
        (Uncertain("friction", UNIFORM, "s", "A", 0.3, 0.9), stats.uniform(0.3, 0.6)),
        (Uncertain("friction", LOG_UNIFORM, "s", "A", 0.25, 8.0), stats.loguniform(0.25, 8.0)),
        (Uncertain("friction", TRIANGULAR, "s", "A", 0.6, 1.6, 1.0), stats.triang(0.4, 0.6, 1.0)),
        (Uncertain("friction", TRIANGULAR, "s", "A", 0.3, 0.9, 0.3), stats.triang(0.0, 0.3, 0.6)),
        (Uncertain("friction", TRIANGULAR, "s", "A", 0.3, 0.9, 0.9), stats.triang(1.0, 0.3, 0.6)),
    ],
)
def test_a_share_is_the_value_below_which_it_lies(item: Uncertain, reference: object) -> None:
    found = [item.at(float(share)) for share in SHARES]
    assert found == pytest.approx(reference.ppf(SHARES), rel=1e-12)  # type: ignore[attr-defined]


def test_choices_are_equally_likely_and_the_last_share_is_the_last_choice() -> None:
    item = Uncertain("history", CHOICE, "s", "A", choices=("a", "b", "c"))
    assert [item.at(share) for share in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == ["a", "a", "b", "b", "c", "c"]


def test_a_case_without_the_table_gets_defaults_with_source_and_grade(case: Case) -> None:
    found, stated = uncertainty_of(case)
    assert not stated
    assert [item.name for item in found.inputs] == [
        "diametral_interference_um", "friction", "bone_modulus_factor", "wall_change_mm", "body_weight_N",
        "bending_factor",
    ]  # fmt: skip
    for item in found.inputs:
        assert item.source
        assert item.grade in (*GRADES, None)
        assert item.grade not in ("A", "B")  # no default was read as a range in a source
        assert item.least < item.most
        assert KINDS[item.name] is item.kind


def test_the_bands_of_the_case_stand_for_their_inputs(case: Case) -> None:
    """2.5 to 50 um and 0.3 to 0.9, as the default case states them."""
    interference, friction = uncertainty_of(case)[0].inputs[:2]
    assert (interference.least, interference.most) == pytest.approx((2.5, 50.0))
    assert (friction.least, friction.most) == (0.3, 0.9)
    assert interference.source == friction.source == "band in the case file"
    assert interference.grade is None


def test_without_ranges_the_first_zone_with_bands_is_uncertain() -> None:
    """Its own bands stand for their inputs, and no other zone's do."""
    found, stated = uncertainty_of(read_case(ROOT / "cases" / "femur_two_zones.toml"))
    assert (found.zone, stated) == ("sprayed", False)
    interference, friction = found.inputs[:2]
    assert (interference.least, interference.most) == pytest.approx((2.5, 50.0))
    assert interference.source.startswith("engineering assumption")
    assert (friction.least, friction.most) == (0.3, 0.6)
    assert friction.source == "band in the case file"


def test_defaults_hold_the_values_of_a_case_that_lies_outside_them(case: Case) -> None:
    fits = dict(case.fit)
    fits["coated"] = replace(fits["coated"], radial_interference=0.0005, friction=1.2)
    interference, friction = uncertainty_of(replace(case, fit=fits, bands=()))[0].inputs[:2]
    assert (interference.least, interference.most) == pytest.approx((1.0, 50.0))
    assert (friction.least, friction.peak, friction.most) == (0.3, 1.2, 1.2)


def test_the_default_change_of_the_wall_leaves_half_of_the_least(case: Case) -> None:
    """28 mm outside: 1 mm; with a reamer that leaves a wall of a millimetre or two, half of that."""
    by_name = {item.name: item for item in uncertainty_of(case)[0].inputs}
    assert (by_name["wall_change_mm"].least, by_name["wall_change_mm"].most) == (-1.0, 1.0)
    assert case.reaming is not None
    thin = replace(case, reaming=replace(case.reaming, diameter=24.0))
    wall = least_wall(Canal(thin.bone, thin.reaming)).thickness
    by_name = {item.name: item for item in uncertainty_of(thin)[0].inputs}
    assert 0.0 < wall < 2.0
    assert by_name["wall_change_mm"].most == pytest.approx(wall / 2, rel=0.05)


def test_a_case_without_activity_or_without_bending_varies_no_such_input(case: Case) -> None:
    names = [item.name for item in uncertainty_of(replace(case, activity=None))[0].inputs]
    assert "body_weight_N" not in names
    still = tuple(((0.0, 0.0), (100.0, 0.0)) for _ in range(6))
    assert case.activity is not None
    resting = replace(case.activity, history=replace(case.activity.history, points=still))
    names = [item.name for item in uncertainty_of(replace(case, activity=resting))[0].inputs]
    assert "bending_factor" not in names
    assert "body_weight_N" in names


def test_ranges_of_the_case_file_are_read_as_they_stand(case: Case, tmp_path: Path) -> None:
    text = case.text.replace('"loads/', f'"{ROOT}/cases/loads/').replace(
        '"criteria/', f'"{ROOT}/cases/criteria/'
    )
    text += f"""
[uncertainty.bone_modulus_factor]
distribution = "triangular"
least = 0.5
peak = 0.9
most = 2.0
source = "a test"
grade = "C3"

[uncertainty.bone_material]
choices = ["cortical_ashman_1984", "cortical_knets"]
source = "a test"
grade = "B"

[uncertainty.history]
choices = ["{ROOT}/cases/loads/level_walking.toml", "{ROOT}/cases/loads/stair_ascent.toml"]
source = "a test"
grade = "D"
"""
    (tmp_path / "case.toml").write_text(text)
    found, stated = uncertainty_of(read_case(tmp_path / "case.toml"))
    assert stated
    assert found.zone == "coated"
    factor, material, history = found.inputs
    assert (factor.least, factor.peak, factor.most, factor.grade) == (0.5, 0.9, 2.0, "C3")
    assert set(found.materials) == set(material.choices)
    assert set(found.histories) == set(history.choices)


def test_the_default_change_of_the_wall_lets_a_lag_screw_seat() -> None:
    """The screw of the example stands out of either wall by half a millimetre, whatever the change."""
    case = read_case(ROOT / "cases" / "femur_short_lag_screw.toml")
    assert case.stem.lag_screw is not None

    def change(of: Case) -> float:
        return next(
            (item.most for item in uncertainty_of(of)[0].inputs if item.name == "wall_change_mm"), 0.0
        )

    shorter = replace(case, stem=replace(case.stem, lag_screw=case.stem.lag_screw.longer(24.5, 25.0)))
    assert 0.1 <= change(shorter) < change(case)
    for wall in (change(case), change(shorter)):
        canal = Canal(case.bone.thickened(wall), case.reaming)
        assert seats(canal, (case if wall == change(case) else shorter).stem)
    barely = replace(case, stem=replace(case.stem, lag_screw=case.stem.lag_screw.longer(24.02, 25.0)))
    assert change(barely) == 0.0


def test_the_default_change_of_the_wall_leaves_a_thread_its_wall() -> None:
    """1.5 mm beyond the crest, of which the thread must leave one."""
    case = read_case(ROOT / "cases" / "femur_threaded.toml")
    thin = tuple(replace(station, outer_anterior=10.9, outer_left=10.9) for station in case.bone.stations)
    case = replace(case, bone=replace(case.bone, stations=thin, bow_radius=None, axis_offset=0.0))
    (wall,) = (item for item in uncertainty_of(case)[0].inputs if item.name == "wall_change_mm")
    assert 0.4 < wall.most < 0.71
    assert "thread" in wall.source
    for change in (wall.least, wall.most):
        engage(Canal(case.bone.thickened(change), case.reaming), case.stem)


def test_the_default_change_of_the_wall_lets_no_plate_graze_the_bone() -> None:
    """A plate 0.5 mm inside of the bone's edge all round but for 0.2 mm."""
    case = read_case(ROOT / "cases" / "femur_pretensioned.toml")
    assert case.stem.collar is not None
    plate = replace(case.stem.collar, diameter=27.0)
    case = replace(
        case, stem=replace(case.stem, collar=plate), bone=replace(case.bone, axis_offset=0.2, bow_radius=None)
    )
    found = [item for item in uncertainty_of(case)[0].inputs if item.name == "wall_change_mm"]
    most = found[0].most if found else 0.0
    assert most < 0.5
    for change in np.linspace(-most, most, 41):
        engage(Canal(case.bone.thickened(float(change)), case.reaming), case.stem)
