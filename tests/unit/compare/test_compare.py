"""Comparing cases: what differs, what is shown, and the maps of the change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.compare import verb
from fea.compare.differences import Judged, answer_of, changed_keys, changes, sentences
from fea.compare.drawing import difference_limit
from fea.compare.maps import maps_of
from fea.errors import CaseError
from fea.post.assessment import assess_study
from fea.post.quantity import Quantity
from fea.solution import Walk
from fea.study import Study
from tests.unit.post.synthetic import loosened_study, synthetic_study

CASES = Path(__file__).parents[3] / "cases"


def quantity(value: float, error: float | None) -> Quantity:
    return Quantity("x_um", "x", value, "um", "zone", "when", error=error)


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ((10.0, 1.0), (12.1, 1.0), "shown"),
        ((10.0, 1.0), (12.0, 1.0), "not shown"),  # exactly the sum exceeds nothing
        ((10.0, 1.0), (7.9, 1.0), "shown"),
        ((10.0, 1.0), (10.0, 1.0), "none"),
        ((10.0, None), (90.0, 1.0), "not known"),
        ((10.0, 1.0), (90.0, None), "not known"),
    ],
)
def test_a_change_is_shown_where_it_exceeds_both_errors(before, after, answer: str) -> None:
    assert answer_of(quantity(*before), quantity(*after)) == answer
    assert answer_of(None, quantity(1.0, 0.1)) == "not known"


def test_keys_are_compared_by_path_whatever_the_order_and_the_comments() -> None:
    one = "title = 'a'\n[stem]\nd = 16.0 # mm\n[[bone.station]]\nz = 0\n[[bone.station]]\nz = 9\n"
    two = "title = 'b'\n[[bone.station]]\nz = 0\n[[bone.station]]\nz = 8\n[stem]\nd = 15.5\nslot = true\n"
    found = {change.key: (change.before, change.after) for change in changed_keys(one, two)}
    assert found == {"stem.d": ("16", "15.5"), "bone.station[2].z": ("9", "8"), "stem.slot": (None, "true")}
    assert changed_keys(one, one.replace("# mm", "")) == ()


def judged(study: Study, name: str, text: str = "[fit]\nfriction = 0.5\n") -> Judged:
    quantities, assessment = assess_study(study)
    return Judged(name, name, text, tuple(quantities), assessment)


def test_sentences_say_what_was_changed_and_what_it_did() -> None:
    one = judged(synthetic_study(), "one")
    more = [
        replace(q, value=q.value + 20, error=1.0) if q.name == "micromotion_p95_um" else q
        for q in one.quantities
    ]
    two = replace(one, name="two", text="[fit]\nfriction = 0.3\n", quantities=tuple(more))
    keys = changed_keys(one.text, two.text)
    said = sentences(one, two, changes(one, two), keys)
    assert said[0] == "two differs from one in fit.friction: 0.5 → 0.3."
    assert said[1].startswith("Primary stability stays")
    assert any("rises from" in sentence and sentence.count("±") == 2 for sentence in said[2:])
    same = sentences(one, replace(one, name="two"), changes(one, one), ())
    assert same[0].startswith("two states the same as one")
    assert not any("rises" in sentence for sentence in same)


def test_judged_quantities_stand_first() -> None:
    one = judged(synthetic_study(), "one")
    found = changes(one, one)
    flags = [change.judged for change in found]
    assert flags == sorted(flags, reverse=True)
    assert len(found) == len(one.quantities)
    assert {change.answer for change in found} == {"none"}


def scaled(study: Study, factor: float) -> Study:
    """The same study with its jumps of the judged cycle and its pressures multiplied."""

    def more(walk: Walk) -> Walk:
        def state(one):
            return replace(
                one, jump=one.jump * [1.0, factor, factor], traction=one.traction * [factor, 1.0, 1.0]
            )

        return replace(
            walk, press_fit=state(walk.press_fit), cycles=tuple(tuple(map(state, c)) for c in walk.cycles)
        )

    return replace(study, walk=more(study.walk))


def test_the_map_of_the_change_is_the_difference_of_the_fields() -> None:
    """Twice the motion and the pressure: the change is the first field itself."""
    one = synthetic_study()
    laid = maps_of((one, scaled(one, 2.0)))
    assert laid is not None
    for first, second in (laid.micromotion, laid.pressure):
        told = np.isfinite(first)
        assert told.mean() > 0.5
        np.testing.assert_array_equal(told, np.isfinite(second))
        np.testing.assert_allclose(second[told] - first[told], first[told], rtol=1e-9, atol=1e-9)
        assert np.nanmax(first) > 0


def test_a_stem_that_came_loose_has_no_map_of_micromotion() -> None:
    laid = maps_of((synthetic_study(), loosened_study()))
    assert laid is not None
    assert np.isnan(laid.micromotion[1]).all()
    assert np.isfinite(laid.pressure[1]).any()


def test_without_a_flank_there_are_no_maps() -> None:
    study = synthetic_study()
    plate = replace(study.interface, zones=("collar",) * len(study.interface.zones))
    assert maps_of((study, replace(study, interface=plate))) is None


def test_the_scale_of_a_change_is_a_round_number_above_most_of_it() -> None:
    assert difference_limit([np.array([0.0, 3.0, np.nan]), np.array([-1.0])]) == 5.0
    assert difference_limit([np.array([np.nan])]) == 1.0
    assert difference_limit([np.array([1e9])]) == 500.0


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two solved cases, as if they had been run."""
    one = synthetic_study()
    studies = {"one": one, "two": scaled(one, 2.0)}
    cases = {name: replace(study.case, path=tmp_path / f"{name}.toml") for name, study in studies.items()}
    monkeypatch.setattr(verb, "read_case", lambda path: cases[path.stem])
    monkeypatch.setattr(verb, "is_taper", lambda path: path.stem == "joint")
    solved = {name: replace(study, case=cases[name]) for name, study in studies.items()}
    cases["unsolved"] = cases["one"]
    monkeypatch.setattr(verb, "kept_study", lambda _, name: solved.get(name))
    return tmp_path


def test_the_page_is_one_file_with_maps_and_tables(kept: Path) -> None:
    written = verb.compare([kept / "one.toml", kept / "two.toml"], kept)
    page = written.path.read_text(encoding="utf-8")
    assert written.path == kept / "compare" / "one-two" / "index.html"
    assert page.count("data:image/png;base64,") == 2
    assert "default-src 'none'" in page
    assert "http" not in page.split("</style>")[1].replace("https://", "http://").replace("http-equiv", "")
    assert "Both errors" in page
    assert "no change" in page
    assert not list(written.path.parent.glob(".*"))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["one"], "compare two to 5"),
        (["one", "two", "one"], "a case is given twice"),
        (["one", "unsolved"], "not solved as it stands; run 'osseofit run"),
        (["joint", "one"], "taper joints are not compared yet"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(kept: Path, names: list[str], words: str) -> None:
    with pytest.raises(CaseError, match=words):
        verb.compare([kept / f"{name}.toml" for name in names], kept)
    assert not (kept / "compare").exists()
