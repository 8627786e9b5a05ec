"""The page, the drawings and the table: whole, self-contained, and honest about what is missing."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fea.progress import Clock
from fea.sweep.answer import answer_of
from fea.sweep.publish import publish_sweep
from fea.sweep.results import Sweep
from fea.sweep.table import table_text
from tests.unit.sweep.conftest import MakeSweep


class Page(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def folder(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    publish_sweep(sweep, folder, Clock())
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def test_a_sweep_leaves_its_files_and_no_draft(folder: Path, sweep: Sweep) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"index.html", "table.csv", "sweep.json", "map.svg", "map.png"} <= names
    assert {f"{band.name}.svg" for band in sweep.bands} <= names
    assert not any(name.endswith(".part") for name in names)


def test_the_page_fetches_nothing_and_has_words_for_every_picture(page: Page) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) == 1 + 4
    for attributes in images:
        assert (attributes["src"] or "").startswith("data:image/svg+xml;base64,")
        assert len(attributes["alt"] or "") > 30
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "iframe"}]


def test_the_page_answers_first_and_says_what_it_does_not_judge(page: Page, sweep: Sweep) -> None:
    words = page.text
    assert 0 < words.index(answer_of(sweep).sentence) < words.index("The map of the verdict")
    for said in (
        "What was held fixed",
        "What is not judged here",
        "Safety of bone and implant",
        "fixation lost",
    ):
        assert said in words
    assert "nothing resists" in words  # why a sample was not solved


def test_the_table_has_a_row_for_every_sample_and_leaves_empty_what_is_not_known(sweep: Sweep) -> None:
    rows = list(csv.DictReader(io.StringIO(table_text(sweep))))
    assert len(rows) == len(sweep.results) == 25 - (not sweep.design.added)
    assert sum(row["as_stated"] == "yes" for row in rows) == 1
    for row in rows:
        solved = row["outcome"] == "solved"
        assert bool(row["micromotion_p95_um"]) == solved
        assert bool(row["loss_motion"]) == (row["outcome"] == "fixation lost")
        assert row["verdict_micromotion_percentile"] != "" or row["outcome"] == "not solved"


def test_the_summary_tells_the_same_as_the_table(folder: Path, sweep: Sweep) -> None:
    told = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO(table_text(sweep))))
    for sample, row in zip(told["samples"], rows, strict=True):
        assert sample["primary_stability"] == row["primary_stability"]
        assert str(sample["values"].get("micromotion_p95_um", "")) == row["micromotion_p95_um"]
    assert told["counts"] == dict(sweep.counts)
    held = {entry["name"] for entry in told["held_fixed"]}
    assert "fit.uncoated.friction" in held
    assert "fit.coated.friction" not in held


def test_designs_of_one_and_of_many_parameters_are_drawn_too(make_sweep: MakeSweep, tmp_path: Path) -> None:
    """One parameter, words only, and four parameters whose lines are too many to draw one by one."""
    for index, stated in enumerate(
        (
            {"friction": "0.3,0.5", "interference_um": "10"},
            {"interference_pattern": "uniform,distal", "interference_um": "10", "friction": "0.5"},
            {
                "friction": "0.1,0.3,0.5",
                "interference_um": "1:10:4",
                "body_weight_N": "600,800",
                "interference_pattern": "uniform,ends",
            },
        )
    ):
        folder = tmp_path / str(index)
        folder.mkdir()
        publish_sweep(make_sweep(**stated), folder, Clock())
        assert (folder / "sweep.json").exists()
