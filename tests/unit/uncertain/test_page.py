"""The page, the drawings and the tables: whole, self-contained, and honest about what is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fea.progress import Clock
from fea.uncertain.publish import publish_uncertainty
from fea.uncertain.results import Judged
from fea.uncertain.table import table_text
from fea.uncertain.words import answers_of
from tests.unit.sweep.test_page import Page


@pytest.fixture(scope="module")
def folder(loose: Judged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uncertainty")
    (folder / "bands_of_old.svg").write_text("of an earlier study")
    publish_uncertainty(loose, folder, Clock())
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def test_a_study_leaves_its_files_and_no_draft_and_nothing_of_an_earlier_one(
    folder: Path, loose: Judged
) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"index.html", "samples.csv", "uncertainty.json", "verdicts.svg"} <= names
    assert {f"{band.name}.svg" for band in loose.bands} <= names
    assert "bands_of_old.svg" not in names
    assert not any(name.endswith(".part") for name in names)


def test_the_page_fetches_nothing_and_has_words_for_every_picture(page: Page, loose: Judged) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    told = sum(bool(band.sensitivity.indices) for band in loose.bands)
    assert 0 < told < len(loose.bands)
    assert len(images) == 1 + 2 * len(loose.bands) + told
    for attributes in images:
        assert (attributes["src"] or "").startswith("data:image/svg+xml;base64,")
        assert len(attributes["alt"] or "") > 30
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "iframe"}]


def test_the_page_answers_first_and_names_every_range_with_its_source_and_grade(
    page: Page, loose: Judged
) -> None:
    words = page.text
    assert 0 < words.index(answers_of(loose)[0]) < words.index("How likely is each verdict?")
    for item in loose.design.uncertainty.inputs:
        assert item.kind.title in words
        assert item.source.replace(" um", " µm")[:40] in words
    for said in (
        "Defaults: the case states no [uncertainty].", "What is not varied", "have no value", "No indices.",
        "no state converged", "scatter from mesh to mesh",
    ):  # fmt: skip
        assert said in words


def test_the_table_has_a_row_for_every_sample_and_the_case_as_stated_first(loose: Judged) -> None:
    rows = list(csv.DictReader(io.StringIO(table_text(loose))))
    assert len(rows) == 129
    assert (rows[0]["sample"], rows[0]["friction"]) == ("0", "0.5")
    for row in rows:
        assert bool(row["micromotion_p95_um"]) == (row["outcome"] == "solved")
        assert bool(row["loss_motion"]) == (row["outcome"] == "fixation lost")
        assert row["least_wall_mm"] or row["outcome"] == "not solved"


def test_the_summary_tells_the_same_as_the_table(folder: Path, loose: Judged) -> None:
    told = json.loads((folder / "uncertainty.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO(table_text(loose))))
    for sample, row in zip(told["samples"], rows, strict=True):
        assert sample["primary_stability"] == row["primary_stability"]
        assert str(sample["values"].get("micromotion_p95_um", "")) == row["micromotion_p95_um"]
    shares = [entry["share"] for entry in told["verdicts"]["primary_stability"]]
    assert sum(shares) == pytest.approx(1.0)
    assert [entry["name"] for entry in told["quantities"]] == [band.name for band in loose.bands]
    assert told["ranges_from"] == "defaults"
