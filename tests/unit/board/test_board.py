"""The board: what it says of each case, what it takes for stale, and how it sorts and filters."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fea import __version__, provenance
from fea.board.entries import Entry, read_entries
from fea.board.page import board_page, write_board
from fea.board.thumbnails import thumbnails
from fea.case.reader import read_case
from fea.cli import main
from fea.errors import CaseError

CASES = Path(__file__).parents[3] / "cases"
BROWSER = shutil.which("chromium")


def summary(name: str = "femur_press_fit", **changed: Any) -> dict[str, Any]:
    found = {
        "program": {"name": "osseofit", "version": __version__, "commit": "abc"},
        "case": {"title": f"A stem <{name}>", "file": f"{name}.toml"},
        "verdict": {
            "primary_stability": "stable", "primary_stability_why": ["All met."], "safety": "met",
            "safety_why": ["All 5 met."], "fixation_lost": None,
        },
        "quantities": [
            {"name": "micromotion_p95_um", "value": 4.3077, "error": 1.9008, "unit": "um"},
            {"name": "least_wall_mm", "value": 4.247, "error": None, "unit": "mm"},
        ],
        "criteria": [asdict(criterion) for criterion in read_case(CASES / "femur_press_fit.toml").criteria],
        "record": {"digests": {"case": "of another time"}},
    }  # fmt: skip
    return found | changed


def put(results: Path, name: str, found: dict[str, Any] | str, *pages: str, old: bool = False) -> Path:
    folder = results / name
    folder.mkdir(parents=True)
    for page in pages:
        (folder / page).parent.mkdir(exist_ok=True)
        (folder / page).write_text("x", encoding="utf-8")
    path = folder / "summary.json"
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    if old:
        os.utime(path, (0, 0))
    return folder


def entries(results: Path, *, changed: bool = False, cases: Path = CASES) -> tuple[Entry, ...]:
    return read_entries(results, cases, __version__, lambda _: changed)[0]


def test_each_case_has_its_verdict_numbers_and_pages(tmp_path: Path) -> None:
    put(
        tmp_path,
        "femur_press_fit",
        summary(),
        "report.html",
        "sweep-friction/index.html",
        "convergence/index.html",
    )
    (one,) = entries(tmp_path)
    assert (one.stability, one.safety, one.stale) == ("stable", "met", ())
    assert one.numbers["micromotion_p95_um"].value == 4.3077
    assert one.numbers["least_wall_mm"].error is None
    assert one.pages == (
        ("femur_press_fit/report.html", "report"),
        ("femur_press_fit/convergence/index.html", "convergence"),
        ("femur_press_fit/sweep-friction/index.html", "sweep friction"),
    )


def test_a_joint_stands_by_its_fretting_and_a_loose_stem_as_lost(tmp_path: Path) -> None:
    joint = {
        "fretting": "not met",
        "fretting_why": ["Slips."],
        "safety": "met",
        "safety_why": [],
        "came_apart": None,
    }
    put(tmp_path, "adapter_taper", summary("adapter_taper", verdict=joint))
    lost = summary()["verdict"] | {"fixation_lost": {"percent": 4.0}, "primary_stability": "unstable"}
    put(tmp_path, "femur_press_fit", summary(verdict=lost))
    assert [one.stability for one in entries(tmp_path)] == ["not met", "fixation lost"]


def test_a_changed_case_is_stale_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    """A file that is newer than its result but says the same is not stale."""
    same = summary(record={"digests": {"case": read_case(CASES / "femur_press_fit.toml").digest}})
    put(tmp_path, "a", same, old=True)
    put(tmp_path, "b", summary(), old=True)
    put(tmp_path, "c", summary("no_such_case"))
    assert [one.stale for one in entries(tmp_path)] == [
        (),
        ("its case, or a file that it names, has changed since",),
        ("its case file is not there any more",),
    ]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("loads/level_walking.toml", 'title = "', 'title = "Another '),
        ("criteria/primary_stability.toml", "met_at_most = 40.0", "met_at_most = 39.0"),
    ],
)
def test_a_case_is_stale_whose_loads_or_criteria_changed(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    """The case file itself is older than its result and says the same."""
    cases = tmp_path / "cases"
    for folder in ("loads", "criteria"):
        shutil.copytree(CASES / folder, cases / folder)
    shutil.copy(CASES / "femur_press_fit.toml", cases)
    digest = read_case(cases / "femur_press_fit.toml").digest
    put(tmp_path / "results", "a", summary(record={"digests": {"case": digest}}))
    assert entries(tmp_path / "results", cases=cases)[0].stale == ()
    for path in cases.glob("*.toml"):
        os.utime(path, (0, 0))
    text = (cases / name).read_text(encoding="utf-8")
    assert before in text
    (cases / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    later = (tmp_path / "results" / "a" / "summary.json").stat().st_mtime + 5
    os.utime(cases / name, (later, later))
    assert entries(tmp_path / "results", cases=cases)[0].stale == (
        "its case, or a file that it names, has changed since",
    )


def test_a_case_that_became_invalid_is_stale(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "femur_press_fit.toml").write_text("schema_version = 1\n", encoding="utf-8")
    put(tmp_path / "results", "a", summary(), old=True)
    assert entries(tmp_path / "results", cases=cases)[0].stale == (
        "its case has changed since, and is not valid now",
    )


def test_changed_code_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a", summary())
    put(tmp_path, "b", summary(program={"version": "0.0.1", "commit": None}))
    assert [one.stale for one in entries(tmp_path, changed=True)] == [
        ("the program has changed since revision abc",),
        (f"computed by version 0.0.1, this is {__version__}",),
    ]


def test_code_is_compared_by_what_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this checkout: a commit is equal to itself; nothing is known of a dirty or an unknown one."""
    monkeypatch.setattr(provenance, "checkout_commit", lambda: "here")
    assert not provenance.code_changed_since("here")
    assert provenance.code_changed_since(None)
    assert provenance.code_changed_since("abc-dirty")
    assert provenance.code_changed_since("no-such-commit")
    monkeypatch.setattr(provenance, "checkout_commit", lambda: "here-dirty")
    assert provenance.code_changed_since("here-dirty")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"verdict": 3, "program": {}}', "\x00"])
def test_a_summary_that_is_none_is_named_and_the_rest_is_shown(tmp_path: Path, text: str) -> None:
    put(tmp_path, "broken", text)
    put(tmp_path, "whole", summary())
    found, unread = read_entries(tmp_path, CASES, __version__, lambda _: False)
    assert [one.name for one in found] == ["whole"]
    assert [one.name for one in unread] == ["broken"]
    assert "summary.json cannot be read" in unread[0].why


def test_an_unfinished_case_is_no_case(tmp_path: Path) -> None:
    (tmp_path / "running").mkdir()
    (tmp_path / "running" / ".summary.json.part").write_text("{", encoding="utf-8")
    assert read_entries(tmp_path, CASES, __version__, lambda _: False) == ((), ())


def test_no_folder_of_results_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CaseError, match="there is no such folder of results"):
        read_entries(tmp_path / "none", CASES, __version__, lambda _: False)
    assert main(["board", "--results", str(tmp_path / "none")]) == 1
    assert "there is no such folder of results" in capsys.readouterr().err


def test_small_pictures_are_made_once(tmp_path: Path) -> None:
    folder = put(tmp_path, "femur_press_fit", summary())
    Image.new("RGB", (600, 300), "red").save(folder / "unrolled_micromotion.png")
    found = entries(tmp_path)
    assert thumbnails(found, tmp_path) == {"femur_press_fit": ".thumbnails/femur_press_fit.webp"}
    small = tmp_path / ".thumbnails" / "femur_press_fit.webp"
    with Image.open(small) as picture:
        assert picture.size == (300, 150)
    before = small.stat().st_mtime_ns
    thumbnails(found, tmp_path)
    assert small.stat().st_mtime_ns == before
    os.utime(small, (0, 0))
    thumbnails(found, tmp_path)
    assert small.stat().st_mtime_ns != 0


def test_the_page_is_whole_and_says_every_value_with_its_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "femur_press_fit", summary(), "report.html")
    put(tmp_path, "broken", "{")
    assert main(["board", "--results", str(tmp_path), "--cases", str(CASES)]) == 0
    said = capsys.readouterr().out
    assert "cases              1" in said
    assert "broken" in said
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "4.308 ± 1.9" in page
    assert "A stem &lt;femur_press_fit&gt;" in page
    assert "<strong>broken</strong>: summary.json cannot be read" in page
    assert "default-src 'none'" in page
    assert not list(tmp_path.glob(".index*"))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on the path")
def test_it_sorts_and_filters_in_a_browser(tmp_path: Path) -> None:
    for name, value, word in (
        ("a", 30.0, "stable"),
        ("b", 4.0, "not shown"),
        ("c", None, "stable"),
        ("d", 12.0, "stable"),
    ):
        quantities = [{"name": "micromotion_p95_um", "value": value, "error": None, "unit": "um"}]
        verdict = summary()["verdict"] | {"primary_stability": word}
        put(tmp_path, name, summary(quantities=quantities, verdict=verdict))
    path, *_ = write_board(tmp_path, CASES)
    after = (
        "<script>const order = () => [...document.querySelectorAll('#board tbody tr:not([hidden])')]"
        ".map((row) => row.cells[1].dataset.sort).join('');"
        "const heads = [...document.querySelectorAll('#board th button')];"
        "const head = heads.find((button) => button.textContent.startsWith('Micro'));"
        "head.click(); const up = order(); head.click(); const down = order();"
        "document.getElementById('verdict').value = 'stable';"
        "document.getElementById('verdict').dispatchEvent(new Event('input'));"
        "document.body.dataset.found = [up, down, order()].join();</script></body>"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", after), encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom", path.as_uri(),
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = re.search('data-found="([^"]*)"', done.stdout)
    assert found is not None
    assert found[1] == "bdac,adbc,adc"


def test_a_thousand_cases_are_one_small_page() -> None:
    many = tuple(
        Entry(
            f"case_{i}",
            "A stem",
            "stable",
            "met",
            "",
            {},
            (),
            ((f"case_{i}/report.html", "report"),),
            None,
            0.0,
            "1",
        )
        for i in range(1000)
    )
    page = board_page(many, (), {})
    assert page.count('<tr data-verdict="stable"') == 1000
    assert len(page) < 2e6
