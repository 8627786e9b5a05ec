"""Study files: the good ones mean what the command line means, each wrong one gets its sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.sweep.design import LIST, SOBOL, Sample, design_of
from fea.sweep.request import question_of
from fea.sweep.study_file import read_study

ROOT = Path(__file__).parents[3]
WRONG = ROOT / "tests" / "data" / "wrong_studies"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


@pytest.mark.parametrize("path", sorted(WRONG.glob("*.toml")), ids=lambda path: path.stem)
def test_each_wrong_study_gets_its_sentences(path: Path, case: Case) -> None:
    """One sentence a mistake, as many as the file says that it expects, each with file and key."""
    expected = [line[11:] for line in path.read_text().splitlines() if line.startswith("# expects: ")]
    with pytest.raises(CaseError) as caught:
        design_of(read_study(path), case)
    problems = caught.value.problems
    assert len(problems) == len(expected), problems
    for words in expected:
        assert any(f"{path}: {words}" in problem for problem in problems), (words, problems)


def test_the_example_study_is_valid(case: Case) -> None:
    design = design_of(read_study(ROOT / "cases" / "studies" / "how_much_friction.toml"), case)
    assert design.name == "how_much_friction"
    assert len(design.samples) == 7 * 5
    assert not design.added


def test_a_study_means_what_the_options_mean(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'schema_version = 1\ntitle = "t"\nzone = "all"\n[axes]\n'
        "friction = { first = 0.3, last = 0.9, count = 3 }\ninterference_um = [5, 10.0]\n"
    )
    told = question_of({"friction": "0.3:0.9:3", "interference_um": "5,10", "zone": "all"})
    assert design_of(read_study(path), case).samples == design_of(told, case).samples


def test_a_list_holds_its_samples_and_the_case_as_stated(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'schema_version = 1\ntitle = "t"\ndesign = "list"\n'
        "[[sample]]\nfriction = 0.3\n[[sample]]\nbody_weight_N = 900\nfriction = 0.4\n"
    )
    design = design_of(read_study(path), case)
    assert design.kind == LIST
    assert design.samples[0] == Sample()
    assert design.samples[1:] == (
        Sample((("friction", 0.3),)),
        Sample((("friction", 0.4), ("body_weight_N", 900.0))),
    )
    assert [axis.values for axis in design.axes] == [(0.3, 0.4), (900.0,)]


def test_a_sobol_design_is_the_same_every_time_and_within_its_ranges(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'schema_version = 1\ntitle = "t"\ndesign = "sobol"\nsobol = { count = 16, seed = 3 }\n[axes]\n'
        'friction = { first = 0.3, last = 0.9 }\ninterference_pattern = ["uniform", "distal"]\n'
    )
    design = design_of(read_study(path), case)
    assert design.kind == SOBOL
    assert design.samples == design_of(read_study(path), case).samples
    drawn = design.samples[1:]
    assert len(drawn) == 16
    assert all(0.3 <= sample.get("friction") <= 0.9 for sample in drawn)  # type: ignore[operator]
    assert sorted(sample.get("interference_pattern") for sample in drawn).count("distal") == 8  # type: ignore[type-var]


def test_options_and_a_study_do_not_mix() -> None:
    with pytest.raises(CaseError, match=r"--friction: the study file .* states this"):
        question_of({"friction": "0.3"}, ROOT / "cases" / "studies" / "how_much_friction.toml")


def test_every_mistake_of_the_options_is_told_at_once() -> None:
    stated = {"friction": "0.9:0.3:7", "interference_um": "x", "name": "a/b", "errors": "mine"}
    with pytest.raises(CaseError) as caught:
        question_of(stated)
    assert len(caught.value.problems) == 4
    assert all(problem.startswith("command line: --") for problem in caught.value.problems)


def test_a_zone_that_the_case_lacks_is_named() -> None:
    case = read_case(ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml")
    with pytest.raises(CaseError, match='--zone = "coated": the stem of this case has no such zone'):
        design_of(question_of({"friction": "0.3", "zone": "coated"}), case)


def test_a_case_without_activity_has_no_weight_to_vary() -> None:
    case = read_case(ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml")
    with pytest.raises(CaseError, match=r"states no \[activity\]"):
        design_of(question_of({"body_weight_N": "600,900"}), case)
