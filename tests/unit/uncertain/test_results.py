"""What a study concludes: verdicts, bands and probabilities, of its samples and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.sweep.rows import LOST
from fea.uncertain.results import Judged, errors_of, judge_uncertainty
from fea.uncertain.words import answer_of, decides, held_fixed, notes_of, percent
from tests.unit.uncertain.conftest import MakeStudy


def test_each_sample_has_the_verdict_of_its_closed_form(study: Judged) -> None:
    """Stable up to 40 um less its error of 1.25 x 2 % / 0.5 = 5 %; beyond 40 um no area is below 40 um."""
    for result in study.results:
        moved = result.value("micromotion_p95_um")
        assert moved is not None
        expected = "stable" if 1.05 * moved <= 40.0 else "unstable" if moved >= 40.0 else "not shown"
        assert result.stability == expected, result


def test_the_error_of_stress_strain_and_motion_grows_with_them_and_shrinks_never(study: Judged) -> None:
    default = {quantity.name: quantity for quantity in study.stated.quantities}
    for result in study.results:
        for quantity in errors_of(study.stated.quantities, result.quantities):
            own = default[quantity.name]
            if own.error is None or not own.value or quantity.unit not in ("um", "MPa"):
                continue
            factor = max(1.0, quantity.value / own.value)
            assert quantity.error == pytest.approx(own.error * factor, rel=1e-12)


def test_bands_are_percentiles_of_the_samples_that_have_a_value(loose: Judged) -> None:
    band = next(band for band in loose.bands if band.name == "micromotion_p95_um")
    values = [result.value("micromotion_p95_um") for result in loose.results]
    having = np.array([value for value in values if value is not None])
    assert (band.low, band.middle, band.high) == pytest.approx(np.percentile(having, (5, 50, 95)))
    lost = sum(result.row.outcome == "fixation lost" for result in loose.results)
    assert lost > 0
    assert band.missing == lost
    assert band.stated == pytest.approx(12.0)


def test_lost_fixation_counts_as_unstable_and_what_was_not_solved_not_at_all(loose: Judged) -> None:
    unstable = next(found for found in loose.stability if found.verdict == "unstable")
    assert loose.lost.count > 0
    assert unstable.count >= loose.lost.count
    assert len(loose.solved) == 126
    assert sum(found.count for found in loose.stability) == 126
    assert sum(found.share for found in loose.stability) == pytest.approx(1.0)
    assert any("2 of 128 samples were not solved" in note for note in notes_of(loose))
    for result in loose.results:
        if result.row.outcome == "fixation lost":
            assert result.safety in ("not shown", "not met")


def test_a_lost_stem_is_never_shown_safe(loose: Judged) -> None:
    """Hoop stress and wall are known of it and may be within their limits: of its strains nothing is."""
    known = ("insertion_hoop_stress_MPa", "least_wall_mm")
    criteria = tuple(criterion for criterion in loose.case.criteria if criterion.quantity in known)
    assert len(criteria) == 2
    rows = replace(loose.rows, case=replace(loose.case, criteria=criteria))
    lost = [item for item in judge_uncertainty(rows, from_case=False).results if item.row.outcome == LOST]
    kept = [item for item in lost if all(result.verdict == "met" for result in item.criteria)]
    assert kept
    assert {item.safety for item in kept} == {"not shown"}


def test_indices_are_of_what_spreads_and_of_nothing_else(study: Judged) -> None:
    """Wall: the wall's change alone. Hoop stress 1.2 x interference x modulus: no friction, no weight.

    Micromotion is a product, whose logarithm is a sum: interference, from 2.5 to 50, spreads most.
    """
    by_name = {band.name: band.sensitivity for band in study.bands}
    wall = {index.name: index.total for index in by_name["least_wall_mm"].indices}
    assert wall.pop("wall_change_mm") == pytest.approx(1.0, abs=1e-9)
    assert max(wall.values()) < 1e-9
    hoop = {index.name: index for index in by_name["insertion_hoop_stress_MPa"].indices}
    assert hoop["diametral_interference_um"].first > 0.9
    assert hoop["friction"].total < 0.01
    moved = by_name["micromotion_p95_um"]
    assert moved.logarithm
    assert max(moved.indices, key=lambda index: index.total).name == "diametral_interference_um"
    assert "diametral interference" in decides(study.bands)
    assert "the same in every sample" in by_name["micromotion_area_above_150um_percent"].why_not


def test_where_fixation_is_lost_the_rest_is_no_box_and_has_no_indices(loose: Judged) -> None:
    band = next(band for band in loose.bands if band.name == "micromotion_p95_um")
    assert not band.sensitivity.indices
    assert "have no value" in band.sensitivity.why_not


def test_without_a_companion_mesh_nothing_is_shown_stable_and_the_page_says_why(
    make_study: MakeStudy,
) -> None:
    study = make_study(companion=False)
    stable = next(found for found in study.stability if found.verdict == "stable")
    assert stable.count == 0
    assert any("no companion mesh" in note for note in notes_of(study))


def test_the_answer_tells_every_verdict_with_its_interval(loose: Judged) -> None:
    answer = answer_of(loose)
    for words in ("Primary stability", "stable", "unstable", "lose their fixation", "Safety", " to "):
        assert words in answer


def test_what_is_varied_is_not_told_as_held_fixed(study: Judged) -> None:
    names = {entry.name for entry in held_fixed(study)}
    assert "fit.uncoated.friction" in names
    assert "bone.stations[0].canal_left" in names
    for varied in (
        "fit.coated.friction", "fit.coated.diametral_interference", "bone.stations[0].outer_left",
        "bone_material.E_transverse", "activity.body_weight",
    ):  # fmt: skip
        assert varied not in names


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.004, "0.4 %"), (0.414, "41 %"), (0.996, "99.6 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, words: str) -> None:
    assert percent(share) == words
