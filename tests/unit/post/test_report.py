"""The report: verdict first, every number, nothing fetched, nothing without words."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fea.post.assessment import Assessment, assess_study
from fea.post.corners import DecidingInput
from fea.post.quantity import Quantity
from fea.post.render.gallery import Picture
from fea.post.report import GROUPS, report_page, write_report
from fea.post.report_words import number, unit, valued
from fea.post.rims import rims
from fea.post.series import series
from fea.solution import Fields
from fea.study import Study
from tests.unit.post.synthetic import equipped


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def judged(study: Study) -> tuple[tuple[Quantity, ...], Assessment]:
    return assess_study(study)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, ...]:
    folder = tmp_path_factory.mktemp("pictures")
    found = []
    for _, beginnings in GROUPS:
        path = folder / f"{beginnings[0]}.png"
        Image.new("RGB", (8, 6), "white").save(path)
        found.append(Picture(beginnings[0], path, "What?", f"A picture of {beginnings[0]} <1>.", 8.0, 6.0))
    return tuple(found)


@pytest.fixture(scope="module")
def text(study: Study, judged: tuple[tuple[Quantity, ...], Assessment], pictures: tuple[Picture, ...]) -> str:
    return report_page(study, *judged, series(study), pictures)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_image_has_words_for_those_who_cannot_see_it(page: Page) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) > len(GROUPS)
    for attributes in images:
        alt = attributes["alt"]
        assert alt is not None
        assert len(alt.strip()) > 10


def test_the_page_asks_nothing_of_a_network(page: Page, text: str) -> None:
    """No link, every source and every url inlined, scripts too, and the page forbids the browser to ask."""
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "embed", "base"}
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert scripts
    assert all("src" not in attributes for attributes in scripts)
    (rule,) = (a["content"] for tag, a in page.tags if tag == "meta" and "content" in a and "http-equiv" in a)
    assert rule is not None
    assert rule.startswith("default-src 'none'; img-src data:; font-src data:;")
    assert "http" not in rule
    for _, attributes in page.tags:
        for key in ("src", "href", "srcset", "data", "poster"):
            assert (attributes.get(key) or "data:").startswith("data:")
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert all(url.startswith("data:") for style in styles for url in re.findall(r"url\((.*?)\)", style))
    assert not any("@import" in style for style in styles)


def test_every_picture_is_embedded_whole(text: str, pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        assert base64.b64encode(picture.path.read_bytes()).decode() in text


def test_the_verdict_comes_before_everything_else(page: Page, judged) -> None:
    assessment = judged[1]
    words = page.text
    first = words.index("Primary stability")
    assert words.index(assessment.stability) < words.index("Criteria")
    assert first < words.index("Safety of bone and implant") < words.index("Criteria")


def test_both_verdicts_have_a_symbol_beside_their_colour(page: Page) -> None:
    symbols = [attributes for tag, attributes in page.tags if attributes.get("class") == "symbol"]
    assert len(symbols) == 2


def test_the_numbers_of_the_assessment_stand_in_the_report(page: Page, judged) -> None:
    quantities, assessment = judged
    for quantity in quantities:
        assert " ".join(valued(quantity).split()) in page.text, quantity.name
    for result in assessment.criteria:
        assert number(result.limit) in page.text
        assert result.criterion.source in page.text
        assert unit(result.criterion.title) in page.text


def test_the_corners_and_the_open_collar_are_listed(page: Page, judged) -> None:
    for corner in judged[1].corners:
        assert corner.name in page.text


def test_a_deciding_input_is_named(study: Study, judged, pictures: tuple[Picture, ...]) -> None:
    quantities, assessment = judged
    decision = DecidingInput(
        "fit.coated.friction", (0.3, 0.9), ("unstable", "stable"), (), "Friction decides."
    )
    uncertain = replace(assessment, stability="not shown", deciding=(decision,))
    words = Page(report_page(study, quantities, uncertain, series(study), pictures)).text
    assert "Friction decides." in words


def test_a_synthetic_load_is_labelled_synthetic(page: Page) -> None:
    assert "synthetic load" in page.text
    assert page.text.index("synthetic load") < page.text.index("Criteria")


def test_inputs_stand_with_their_grade(page: Page, study: Study) -> None:
    for entry in study.case.bone_material.entries.values():
        assert " ".join(number(entry.value).split()) in page.text
    assert "a placeholder for the limits of a slider" in page.text


def test_the_singular_rims_are_named_with_what_is_left_out(page: Page, study: Study) -> None:
    for rim in rims(study.case):
        assert rim.name in page.text
    assert "left out: within 2 mm of canal mouth at the cut" in page.text
    assert "Largest at a rim, never judged" in page.text


def test_the_limits_of_validity_are_said(page: Page) -> None:
    for words in ("Small sliding", "Linear elastic bone", "overstates stability", "not medical advice"):
        assert words.lower() in page.text.lower()


def test_the_record_is_complete(page: Page, study: Study) -> None:
    record = study.record
    for words in (*record.digests.values(), *record.versions.values(), *record.times, record.backend):
        assert words in page.text


def test_lost_fixation_is_said_first(loosened: Study) -> None:
    words = Page(report_page(loosened, *assess_study(loosened), series(loosened), ())).text
    assert loosened.walk.loss is not None
    assert words.index("Fixation is lost") < words.index("Primary stability")
    assert "75 % of the activity" in words[: words.index("Primary stability")]
    assert loosened.walk.loss.motion in words[: words.index("Primary stability")]
    assert "before fixation was lost" in words


def test_what_a_case_states_cannot_become_markup(study: Study, judged, pictures: tuple[Picture, ...]) -> None:
    evil = replace(study, case=replace(study.case, title="<script>alert(1)</script>"))
    text = report_page(evil, *judged, series(study), pictures)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_case_without_activity_and_pictures_is_reported(study: Study) -> None:
    still = replace(
        study,
        case=replace(study.case, activity=None, bands=(), criteria=()),
        walk=replace(study.walk, percent=np.zeros(0), cycles=()),
        stem=_seated(study.stem),
        bone=_seated(study.bone),
        variants=(),
        coarse=None,
    )
    words = Page(report_page(still, *assess_study(still), series(still), ())).text
    assert "not judged" in words
    assert "No pictures were made" in words


def test_a_fail_safe_and_surfaces_are_told_with_their_plot(study: Study, judged) -> None:
    case = equipped(study).case
    told = Page(report_page(replace(study, case=case), *judged, series(study), ()))
    assert "It slips in bending from" in told.text
    assert "160 N m are asked for at 50 %, 50 N m pass, 110 N m are withheld." in told.text
    assert "Largest resultant bending moment at the cut 50 N m" in told.text
    assert "When does the fail-safe slip?" in told.text
    assert "Passage through the skin: polished, coated with titanium niobium nitride" in told.text


def test_without_a_fail_safe_the_report_is_silent_about_it(page: Page) -> None:
    assert "fail-safe" not in page.text
    assert "Conditions of the surface" not in page.text
    assert "Where the load acts" in page.text


def _seated(fields: Fields) -> Fields:
    return replace(
        fields, displacement=fields.displacement[:1], strain=fields.strain[:1], stress=fields.stress[:1]
    )


def test_the_report_is_written_whole(
    study: Study, judged, pictures: tuple[Picture, ...], tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_text("printed from an earlier one", encoding="utf-8")
    path = write_report(tmp_path, study, *judged, series(study), pictures)
    assert path == tmp_path / "report.html"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]
    assert path.stat().st_size < 10_000_000
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, "–"), (0.0, "0"), (-2.5, "−2.5"), (12345.6, "12\u202f346"), (1e-9, "1e-09"), (0.5, "0.5"),
        ("right", "right"),
    ],
)  # fmt: skip
def test_numbers_are_printed_for_readers(value, printed) -> None:
    assert number(value) == printed
