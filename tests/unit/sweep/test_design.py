"""Designs: which samples, which of them is the case as stated, and what each means."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.sweep.design import Sample, design_of, radial_interference
from fea.sweep.request import question_of
from fea.sweep.run import row_digest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


def test_a_full_factorial_is_every_combination_once(case: Case) -> None:
    design = design_of(question_of({"friction": "0.3:0.9:3", "interference_um": "5,20"}), case)
    asked = {(s.get("friction"), s.get("interference_um")) for s in design.samples[1:]}
    assert design.added
    assert len(design.samples) == 7
    assert asked == {(f, i) for f in (0.3, 0.6, 0.9) for i in (5.0, 20.0)}


def test_the_case_as_stated_is_found_among_the_samples(case: Case) -> None:
    """Friction 0.5 and 10 um are the coated zone's own: no sample is added for them."""
    design = design_of(question_of({"friction": "0.3:0.9:7", "interference_um": "5,10"}), case)
    assert not design.added
    assert design.samples[design.stated].values == (("friction", 0.5), ("interference_um", 10.0))
    assert design.stated_values == {"friction": 0.5, "interference_um": 10.0}


def test_the_zone_is_the_uncertain_one_unless_another_is_named(case: Case) -> None:
    assert design_of(question_of({"friction": "0.3"}), case).zones == ("coated",)
    assert design_of(question_of({"friction": "0.3", "zone": "uncoated"}), case).zones == ("uncoated",)
    design = design_of(question_of({"friction": "0.3", "zone": "all"}), case)
    assert design.zones == ("coated", "uncoated")
    assert design.stated_values == {"friction": None}  # 0.5 and 0.3: no single value


def test_any_of_several_coatings_may_be_swept() -> None:
    case = read_case(ROOT / "cases" / "femur_two_zones.toml")
    for zone, zones in (
        (None, ("sprayed",)),
        ("printed", ("printed",)),
        ("all", ("sprayed", "printed", "uncoated")),
    ):
        asked = {"interference_um": "5,15"} | ({} if zone is None else {"zone": zone})
        assert design_of(question_of(asked), case).zones == zones
    stated = design_of(question_of({"interference_um": "5,15", "zone": "printed"}), case).stated_values
    assert stated == {"interference_um": 15.0}


def test_an_activity_is_looked_for_here_and_beside_the_case(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    design = design_of(question_of({"activity": "loads/stair_ascent.toml,loads/level_walking.toml"}), case)
    assert set(design.histories) == {"loads/stair_ascent.toml", "loads/level_walking.toml"}
    assert design.stated == 1
    assert not design.added


def test_interference_in_um_is_diametral_and_a_factor_scales_the_stated(case: Case) -> None:
    assert radial_interference(case, "coated", Sample()) == pytest.approx(0.005)
    assert radial_interference(case, "coated", Sample((("interference_um", 30.0),))) == pytest.approx(0.015)
    assert radial_interference(case, "coated", Sample((("interference_scale", 3.0),))) == pytest.approx(0.015)


def test_a_row_is_kept_under_all_that_its_walk_hangs_on(case: Case) -> None:
    """Criteria and titles do not count; values, zone and what the case states elsewhere do."""
    from dataclasses import replace

    design = design_of(question_of({"friction": "0.3,0.4"}), case)
    digest = row_digest(case, design, 1)
    assert row_digest(replace(case, criteria=(), title="other"), design, 1) == digest
    assert row_digest(case, design, 2) != digest
    assert row_digest(replace(case, steps=replace(case.steps, press_fit_increments=5)), design, 1) != digest
    other = design_of(question_of({"friction": "0.3,0.4", "zone": "uncoated"}), case)
    assert row_digest(case, other, 1) != digest
