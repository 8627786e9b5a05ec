"""The report printed by a browser, and what is said where that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fea.errors import CaseError
from fea.post import pdf


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text("<html><body><h1>A verdict</h1></body></html>", encoding="utf-8")
    return path


@pytest.mark.skipif(not any(map(shutil.which, pdf.BROWSERS)), reason="no browser on the path")
def test_a_page_is_printed_beside_itself(page: Path) -> None:
    path = pdf.print_pdf(page)
    assert path == page.with_suffix(".pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert path.read_bytes().rstrip().endswith(b"%%EOF")
    assert sorted(file.name for file in page.parent.iterdir()) == ["report.html", "report.pdf"]


def test_without_a_browser_it_says_what_to_do(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    with pytest.raises(
        CaseError, match=r"no browser that prints is on the path \(no-such-browser.*install one"
    ):
        pdf.print_pdf(page)


def test_a_browser_that_fails_leaves_the_earlier_file(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`false` ends with 1, `true` prints nothing."""
    page.with_suffix(".pdf").write_text("earlier", encoding="utf-8")
    for command in ("false", "true"):
        monkeypatch.setattr(pdf, "BROWSERS", (command,))
        with pytest.raises(CaseError, match=f"{command} did not print .*report.html: exit code"):
            pdf.print_pdf(page)
        assert page.with_suffix(".pdf").read_text(encoding="utf-8") == "earlier"
