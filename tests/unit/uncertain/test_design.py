"""Designs: few models, many samples on each, spread evenly; and samples that are cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.case.uncertainty import CHOICE, UNIFORM, Uncertain, Uncertainty
from fea.errors import CaseError
from fea.uncertain.defaults import uncertainty_of
from fea.uncertain.design import Options, design_of, drawn
from fea.uncertain.run import row_digest
from fea.uncertain.sampling import bent, coarsened, model_case, sample_case
from materials.library import read_library

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


@pytest.fixture(scope="module")
def ranges(case: Case) -> Uncertainty:
    return uncertainty_of(case)[0]


def test_what_needs_a_factorisation_changes_from_model_to_model_only(ranges: Uncertainty) -> None:
    design = design_of(ranges, Options(8, 16))
    outer = [column for column, item in enumerate(ranges.inputs) if item.kind.model]
    assert [ranges.inputs[column].name for column in outer] == ["bone_modulus_factor", "wall_change_mm"]
    assert design.shares.shape == (128, 6)
    for model in range(8):
        here = design.shares[design.model == model]
        assert len(here) == 16
        assert np.all(here[:, outer] == here[0, outer])
    assert len(np.unique(design.shares[:, outer], axis=0)) == 8


def test_every_sixteenth_of_each_range_is_met_on_every_model(ranges: Uncertainty) -> None:
    """A block of 16 points of a Sobol' sequence has one point in each sixteenth of every axis."""
    design = design_of(ranges, Options(8, 16))
    for column, item in enumerate(ranges.inputs):
        shares = design.shares[:, column]
        if item.kind.model:
            assert sorted((8 * np.unique(shares)).astype(int)) == list(range(8))
        else:
            for model in range(8):
                assert sorted((16 * shares[design.model == model]).astype(int)) == list(range(16))


def test_other_numbers_than_powers_of_two_are_spread_evenly_too() -> None:
    shares = drawn(12, 3, 0)
    assert np.all(np.sort((12 * shares).astype(int), axis=0) == np.arange(12)[:, None])


def test_a_design_repeats_for_its_seed_and_for_no_other(ranges: Uncertainty) -> None:
    again = [design_of(ranges, Options(4, 4, seed=seed)).values for seed in (3, 3, 4)]
    assert again[0] == again[1]
    assert again[0] != again[2]


def test_without_an_input_that_needs_another_model_there_is_one() -> None:
    ranges = Uncertainty("coated", (Uncertain("friction", UNIFORM, "s", "A", 0.3, 0.9),))
    design = design_of(ranges, Options(8, 16))
    assert design.options.models == 1
    assert len(design.values) == 128
    assert not design.model.any()


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"models": 0}, "--models = 0: must lie between 1 and 256"),
        ({"samples": -1}, "--samples = -1: must lie between 1 and 5000"),
        ({"size_factor": 0.5}, "--size-factor = 0.5: must lie between 1 and 4"),
        ({"size_factor": float("nan")}, "--size-factor = nan: must lie between 1 and 4"),
        ({"seed": -1}, "--seed = -1: must lie between 0 and"),
        ({"models": 200, "samples": 200}, "40000 samples are more than 5000"),
    ],
)
def test_what_cannot_be_computed_gets_one_sentence(stated: dict[str, float], words: str) -> None:
    with pytest.raises(CaseError, match=words) as caught:
        Options(**stated)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 1


def test_a_sample_is_the_case_with_its_inputs_in_place(case: Case, ranges: Uncertainty) -> None:
    values = {
        "diametral_interference_um": 30.0, "friction": 0.7, "bone_modulus_factor": 1.5,
        "wall_change_mm": -0.5, "body_weight_N": 900.0, "bending_factor": 1.1,
    }  # fmt: skip
    found = sample_case(case, ranges, values)
    assert (found.fit["coated"].radial_interference, found.fit["coated"].friction) == (0.015, 0.7)
    assert found.fit["uncoated"] == case.fit["uncoated"]
    ours, stated = found.bone_material.elasticity, case.bone_material.elasticity
    assert ours.stiffness() == pytest.approx(1.5 * stated.stiffness(), rel=1e-12)
    assert found.bone.stations[1].outer_left == 13.5
    assert found.bone.stations[1].canal_left == case.bone.stations[1].canal_left
    assert found.activity is not None
    assert found.activity.body_weight == 900.0
    only_model = model_case(case, ranges, values)
    assert (only_model.bone, only_model.bone_material) == (found.bone, found.bone_material)
    assert (only_model.fit, only_model.activity) == (case.fit, case.activity)


def test_a_sample_that_states_nothing_is_the_case(case: Case, ranges: Uncertainty) -> None:
    assert sample_case(case, ranges, {}) == case
    assert row_digest(sample_case(case, ranges, {})) == row_digest(case)
    assert row_digest(sample_case(case, ranges, {"friction": 0.31})) != row_digest(case)
    assert row_digest(sample_case(case, ranges, {"wall_change_mm": 0.1})) != row_digest(case)
    assert row_digest(coarsened(case, 2.0)) != row_digest(case)


def test_materials_and_histories_are_chosen_by_name(case: Case) -> None:
    stiff = read_library().material("cortical_yoon_katz_1976")
    assert case.activity is not None
    history = bent(case.activity.history, 2.0)
    item = Uncertain("bone_material", CHOICE, "s", "A", choices=("stiff", "other"))
    ranges = Uncertainty("coated", (item,), {"bent": history}, {"stiff": stiff})
    found = sample_case(case, ranges, {"bone_material": "stiff", "history": "bent"})
    assert found.bone_material == stiff
    assert found.activity is not None
    assert found.activity.history == history


def test_bending_leaves_force_and_torsion_alone(case: Case) -> None:
    assert case.activity is not None
    stated, found = case.activity.history, bent(case.activity.history, 1.2)
    for row in (0, 1, 2, 5):
        assert found.points[row] == stated.points[row]
    for row in (3, 4):
        assert [value for _, value in found.points[row]] == pytest.approx(
            [1.2 * value for _, value in stated.points[row]]
        )
