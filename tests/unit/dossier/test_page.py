"""The document: the guidance's order, every factor, what is missing and what was not done."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from PIL import Image

from fea.case.case import Case
from fea.case.reader import read_case
from fea.dossier import figures
from fea.dossier.blocks import Figure
from fea.dossier.factors import FACTORS
from fea.dossier.page import ORDER
from fea.dossier.run import Run
from fea.dossier.stated import ITEMS
from fea.dossier.verb import dossier
from fea.errors import CaseError
from tests.unit.dossier.made import (
    Place,
    copy_of,
    leave_convergence,
    leave_documents,
    leave_run,
    leave_statements,
    leave_sweep,
    leave_uncertainty,
    leave_verification,
    study_of,
)
from tests.unit.post.synthetic import loosened_study, seated_study, synthetic_study

#: Sections and factors as the guidance and the standard name them, written down here a second time.
SECTIONS = [
    "Executive Report Summary", "Background/Introduction", "Code Verification", "System Configuration",
    "Governing Equations/Constitutive Laws", "System Properties", "System Conditions",
    "System Discretization", "Numerical Implementation", "Validation", "Results", "Discussion",
    "Limitations", "Conclusions", "References",
]  # fmt: skip
FACTOR_TITLES = [
    "Software quality assurance", "Numerical code verification", "Discretization error",
    "Numerical solver error", "Use error", "Model form", "Model inputs", "Test samples", "Test conditions",
    "Equivalency of input parameters", "Output comparison", "Relevance of the quantities of interest",
    "Relevance of the validation activities to the context of use",
]  # fmt: skip


class Page(HTMLParser):
    """The tags, headings, boxes and words of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag == "style"
        self.words.append(f" <{tag}> " if tag in ("h2", "h3", "section") else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"
        self.words.append(f" </{tag}> " if tag in ("h2", "h3", "section") else "")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def headings(self, level: str) -> list[str]:
        return re.findall(rf"<{level}> (.*?) </{level}>", self.text)

    def section(self, title: str) -> str:
        """The words of a section, its heading left out."""
        return self.text.partition(f"{title} </h2>")[2].partition("</section>")[0]

    def count(self, name: str) -> int:
        return sum(attributes.get("class") == name for _, attributes in self.tags)


def page_of(place: Place) -> Page:
    assert dossier(place.case, place.results, place.docs).path == place.page
    return Page(place.page.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True, scope="module")
def plots_once() -> Iterator[None]:
    """Draw the plots of the first document only: they are the report's, and tested there."""
    drawn: dict[bool, tuple[Figure, ...]] = {}
    draw = figures._plots

    def once(case: Case, run: Run) -> tuple[Figure, ...]:
        walked = run.series is not None
        if walked not in drawn:
            drawn[walked] = tuple(draw(case, run))
        return drawn[walked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_plots", once)
        yield


@pytest.fixture(scope="module")
def bare(made_once: Place, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The document of a case with its run and nothing else."""
    return page_of(copy_of(made_once, tmp_path_factory.mktemp("bare")))


@pytest.fixture(scope="module")
def full(made_once: Place, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The document of a case with everything that there can be."""
    place = copy_of(made_once, tmp_path_factory.mktemp("full"))
    leave_statements(place)
    leave_convergence(place)
    leave_uncertainty(place)
    leave_sweep(place)
    leave_verification(place)
    leave_documents(place)
    return page_of(place)


# ------------------------------------------------------------------------------------------- the order


def test_every_section_stands_in_the_guidances_order(bare: Page) -> None:
    assert list(ORDER) == SECTIONS
    found = [heading for heading in bare.headings("h2") if re.match(r"\d+ |\d+[A-Z]", heading)]
    assert [re.sub(r"^\d+ ?", "", heading) for heading in found[-15:]] == SECTIONS
    assert [int(re.match(r"\d+", heading)[0]) for heading in found[-15:]] == list(range(1, 16))  # type: ignore[index]


def test_every_factor_stands_in_the_standards_order_with_what_was_done_and_what_was_not(full: Page) -> None:
    assert [factor.title for factor in FACTORS] == FACTOR_TITLES
    found = [re.sub(r"^A\.\d+ ?", "", heading) for heading in full.headings("h3") if heading.startswith("A.")]
    assert found == FACTOR_TITLES
    parts = re.split(r"<h3> A\.\d+", full.section("Credibility factors (ASME V&V 40)"))[1:]
    for title, part, factor in zip(FACTOR_TITLES, parts, FACTORS, strict=True):
        assert "Done" in part, title
        assert "Not done" in part, title
        assert f"Stated of goal.{factor.key}.rigour" in part
        assert f"Stated of goal.{factor.key}.rationale" in part


def test_the_table_of_contents_leads_to_places_that_exist(bare: Page) -> None:
    places = [attributes["id"] for _, attributes in bare.tags if "id" in attributes]
    assert len(places) == len(set(places))
    links = [attributes["href"] or "" for tag, attributes in bare.tags if tag == "a"]
    assert len(links) > 15 + len(FACTORS)
    assert {link.removeprefix("#") for link in links} <= set(places)


# ---------------------------------------------------------------------------------------- what is missing


def test_every_missing_item_is_shown_by_its_name_counted_and_listed(bare: Page) -> None:
    assert f"{len(ITEMS)} of {len(ITEMS)} statements are missing" in bare.headings("h2")[0]
    body = bare.text.partition("Executive Report Summary </h2>")[2]
    for item in ITEMS.values():
        assert f"MISSING: {item.title}" in body, item.key
    assert bare.count("missing") >= len(ITEMS)
    assert bare.count("stated") == 0


def test_what_is_stated_is_shown_as_stated_and_nothing_is_missing(full: Page) -> None:
    assert full.headings("h2")[0].startswith("✗ 0 of")
    assert full.count("missing") == 0
    for item in ITEMS.values():
        stated = (
            "medium" if item.key in ("risk.model_influence", "risk.model_risk") else f"Stated of {item.key}"
        )
        assert stated in full.text or item.key == "risk.decision_consequence", item.key
    assert full.count("risk") == 1


@pytest.mark.parametrize("key", ["context.question_of_interest", "risk.model_risk", "goal.use_error.rigour"])
def test_one_missing_item_is_missing_and_no_other(key: str, place: Place) -> None:
    leave_statements(place, leave_out=(key,))
    page = page_of(place)
    shown = set(re.findall(r"MISSING: (.*?)(?=[A-Z])", page.text))
    assert {words.strip() for words in shown} == {ITEMS[key].title}
    assert "1 of" in page.headings("h2")[0]


def test_a_risk_is_never_made_from_half_of_it(place: Place) -> None:
    leave_statements(place, leave_out=("risk.decision_consequence", "risk.model_risk"))
    page = page_of(place)
    assert page.count("risk") == 0
    assert "MISSING: model risk" in page.text


# ------------------------------------------------------------------------------------- what was not done


def test_what_was_not_done_is_said_with_the_command_that_does_it(place: Place) -> None:
    page = page_of(place)
    top = page.text.partition("Contents </h2>")[0]
    for words in (
        f"not done: run 'osseofit converge {place.case}'", f"not done: run 'osseofit uncertain {place.case}'",
        f"not done: run 'osseofit sweep {place.case}'", "run 'make verify'", "run 'make bench-peer'",
        "no docs/validation.md",
    ):  # fmt: skip
        assert words in top, words
        assert words in page.section("Limitations"), words


def test_studies_of_another_state_are_not_used(place: Place) -> None:
    leave_convergence(place, digest="0" * 64)
    leave_uncertainty(place, digest="0" * 64)
    leave_sweep(place, digest="0" * 64)
    words = page_of(place).text
    assert words.count("is of another state of the case") >= 3
    for absent in ("observed order 1.87", "97 % (92", "How much friction?"):
        assert absent not in words


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"record": {"digests": null}}'])
def test_studies_that_cannot_be_read_are_said_to_be_so(text: str, place: Place) -> None:
    for path in ("convergence/convergence.json", "uncertainty/uncertainty.json", "sweep-a/sweep.json"):
        (place.folder / path).parent.mkdir()
        (place.folder / path).write_text(text)
    (place.docs / "verification.json").write_text(text)
    words = page_of(place).text
    for name in ("convergence.json", "uncertainty.json", "sweep.json", "docs/verification.json"):
        assert f"{name} cannot be read" in words


def test_a_study_of_this_case_without_a_key_is_not_used(place: Place) -> None:
    leave_uncertainty(place)
    path = place.folder / "uncertainty" / "uncertainty.json"
    path.write_text(path.read_text().replace('"verdicts"', '"verdict"'))
    assert "uncertainty.json cannot be read (KeyError: 'verdicts')" in page_of(place).text


# ------------------------------------------------------------------------------------------ what was done


def test_the_verdict_is_the_runs_own(full: Page, made_once: Place) -> None:
    run = json.loads((made_once.folder / "summary.json").read_text(encoding="utf-8"))
    for title in ("Executive Report Summary", "Results"):
        for sentence in run["verdict"]["primary_stability_why"]:
            assert sentence.replace("um", "µm") in full.section(title).replace("um", "µm")
    assert f"primary stability is {run['verdict']['primary_stability']}," in full.section("Conclusions")


def test_the_numbers_of_the_studies_stand_in_their_sections(full: Page) -> None:
    for words in ("observed order 1.87", "1.87", "4.3 ± 0.21 µm", "79 (no bar) MPa", "Oscillates."):
        assert words in full.section("System Discretization"), words
    assert "Has not converged" not in full.text  # not judged, so not in the table of what is
    for words in (
        "stable 97 % (92 to 99 %)",
        "diametral interference (80 % of the variance)",
        "18",
        "0.3 to 0.9",
        "a test [C2]",
    ):
        assert words in full.section("Results"), words
    assert "How much friction? Every sample is stable." in full.section("Results")
    for words in ("0.13 %", "168.3", "+1.00 %", "2 of 3 gates met in 2 of 3 cases"):
        assert words in full.section("Code Verification"), words
    assert "below 1e-12" in full.section("Every check of the verification suite")
    assert "Held against published experiments." in full.section("Validation")
    assert "Welke" in full.section("Validation")


def test_missed_gates_and_failed_cases_are_listed(place: Place) -> None:
    leave_verification(place, missed=True)
    words = page_of(place).section("Code Verification")
    assert "1 of 3 gates met in 2 of 3 cases; 2 missed" in words
    assert "A1 press fit: mean pressure, MPa" in words
    assert "A bad one: ValueError: no" in words
    assert "1 of 3 cases were not solved" in words


def test_another_revision_is_told(full: Page) -> None:
    words = full.text
    assert "Not of the same revision as the run: this document, verification suite" in words
    assert "was solved at revision fedcba987654, not at the run's" in words


def test_results_without_error_bars_are_flagged(place: Place) -> None:
    case = read_case(place.case)
    leave_run(place, study_of(case, synthetic_study(coarse=False)))
    page = page_of(place)
    assert page.section("Results").count("⚑ no error bar") > 20
    for title in ("Executive Report Summary", "Results"):
        assert re.search(r"No error bar: \d+ of \d+ numbers", page.section(title))
    assert "not estimated for" in page.section("System Discretization")
    assert "No companion mesh" in page.section("Credibility factors (ASME V&V 40)")


def test_a_run_with_error_bars_has_no_flag(bare: Page) -> None:
    assert "⚑" not in bare.text


def test_values_at_singular_places_are_shown_where_a_run_tells_them(place: Place) -> None:
    summary = json.loads((path := place.folder / "summary.json").read_text(encoding="utf-8"))
    summary["at_rims"] = [{"title": "peak pressure", "value": 33.25, "unit": "MPa", "rim": "collar edge"}]
    path.write_text(json.dumps(summary))
    words = page_of(place).section("System Discretization")
    assert "Not judged, without a converged value" in words
    assert "33.25 MPa" in words


def test_lost_fixation_is_said(place: Place) -> None:
    leave_run(place, study_of(read_case(place.case), loosened_study()))
    page = page_of(place)
    lost = "Fixation is lost in cycle 1 at 75 %: pull-out along z."
    assert lost in page.section("Executive Report Summary")
    assert "primary stability is unstable" in page.section("Conclusions")


def test_pictures_are_shown_where_the_run_drew_them(place: Place) -> None:
    assert "none of this run are in" in page_of(place).text
    (place.folder / "bone.vtu").write_text("fields")
    for name in ("assembly", "mesh"):
        Image.new("RGB", (8, 6), "white").save(place.folder / f"{name}.png")
    page = page_of(place)
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert sum((image["src"] or "").startswith("data:image/png") for image in images) == 2
    assert all(len(image["alt"] or "") > 10 for image in images)


def test_pictures_of_an_earlier_run_are_not(place: Place) -> None:
    Image.new("RGB", (8, 6), "white").save(place.folder / "assembly.png")
    (place.folder / "bone.vtu").write_text("fields")
    os.utime(place.folder / "assembly.png", (1.0, 1.0))
    assert "none of this run are in" in page_of(place).text


# ------------------------------------------------------------------------------------------ what it is not


def test_the_document_says_what_it_is_not_at_the_top_and_in_the_conclusions(bare: Page) -> None:
    for part in (bare.text.partition("<section>")[0], bare.section("Conclusions")):
        for words in (
            "not a clearance", "not medical advice", "not a regulatory submission in itself",
            "neither FDA nor ASME has seen, reviewed or endorsed",
        ):  # fmt: skip
            assert words in part, words


def test_nothing_is_fetched_and_nothing_stated_becomes_markup(place: Place) -> None:
    place.statements.write_text('schema_version = 1\n[device]\nname = "<script>alert(1)</script>"\n')
    page = page_of(place)
    text = place.page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "base"}
    for _, attributes in page.tags:
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
    assert "@import" not in text


def test_the_document_is_written_whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of(place)
    before = place.page.read_text(encoding="utf-8")
    assert before.rstrip().endswith("</html>")
    assert not list(place.folder.glob("*.part"))
    place.statements.write_text("schema_version = 1\n[devic]\n")
    with pytest.raises(CaseError):
        dossier(place.case, place.results, place.docs)
    assert place.page.read_text(encoding="utf-8") == before


def test_a_fail_safe_and_conditions_of_the_surface_are_told(place: Place) -> None:
    device = "length_mm = 90.0\nsurface = 'silver_coated'\n[stem.adapter.fail_safe]\ndistal_mm = 60.0\n"
    text = place.case.read_text().replace("length_mm = 90.0", f"{device}bending_limit_Nm = 70.0\n#", 1)
    place.case.write_text(text)
    leave_run(place, study_of(read_case(place.case)))
    words = page_of(place).text
    assert "It does not slip in bending: at most 30.2 N m are asked for, at 46 % of the activity" in words
    assert "silver against bacteria" in words


def test_a_case_without_activity_and_criteria_has_a_dossier(place: Place) -> None:
    text = place.case.read_text()
    text = re.sub(r"\[activity\].*?(?=\[mesh\])", "", text, flags=re.DOTALL)
    place.case.write_text(re.sub(r"\[criteria\].*", "", text, flags=re.DOTALL))
    case = read_case(place.case)
    study = seated_study()
    digests = dict(study.record.digests)
    digests["case"] = case.digest
    leave_run(place, replace(study, case=case, record=replace(study.record, digests=digests)))
    words = page_of(place).text
    assert "the press-fit alone was analysed" in words
    assert "the case states none: nothing was judged" in words
    assert "not judged" in words
