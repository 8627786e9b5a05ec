"""The board's page: one table that sorts and filters, without a network and quick with a thousand cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea import __version__
from fea.board.entries import Entry, Unread, counted, read_entries
from fea.board.thumbnails import thumbnails
from fea.post import tokens
from fea.post.fonts import embedded_fonts
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import number, unit
from fea.provenance import code_changed_since

TEMPLATES = Path(__file__).parent / "templates"
NAME = "index.html"

#: Columns of numbers: the first quantity that a case has, and the heading.
COLUMNS = (
    (("micromotion_p95_um", "slip_p95_um"), "Micromotion 95 %, µm"),
    (("micromotion_area_below_40um_percent",), "Below 40 µm, %"),
    (("contact_area_least_percent",), "Least contact, %"),
    (("insertion_hoop_stress_MPa",), "Hoop stress, MPa"),
    (("stem_von_mises_MPa",), "Stem stress, MPa"),
    (("least_wall_mm",), "Least wall, mm"),
)


def write_board(results: Path, cases: Path) -> tuple[Path, tuple[Entry, ...], tuple[Unread, ...]]:
    """Read the results and write the board, whole or not at all.

    Parameters
    ----------
    results : Path
        The folder of results; the board is its ``index.html``.
    cases : Path
        The folder of case files.

    Returns
    -------
    path : Path
    entries : tuple of Entry
    unread : tuple of Unread

    Raises
    ------
    CaseError
        Where there is no such folder of results.
    """
    entries, unread = read_entries(results, cases, __version__, cache(code_changed_since))
    page = board_page(entries, unread, thumbnails(entries, results))
    path = results / NAME
    draft = results / f".{NAME}.part"
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)
    return path, entries, unread


def board_page(entries: Sequence[Entry], unread: Sequence[Unread], pictures: Mapping[str, str]) -> str:
    """Return the page; pictures are paths from its folder by the cases' names."""
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    environment.filters.update({"number": number, "unit": unit, "day": _day})
    return environment.get_template("board.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        version=__version__,
        entries=entries,
        unread=unread,
        counts=[(tokens.MARKS[word], count) for word, count in counted(entries).items()],
        stale=sum(bool(entry.stale) for entry in entries),
        columns=[heading for _, heading in COLUMNS],
        cells={entry.name: [_cell(entry, names) for names, _ in COLUMNS] for entry in entries},
        pictures=pictures,
    )


def _cell(entry: Entry, names: Sequence[str]) -> tuple[str, str]:
    """Return what sorts a cell, and its text: value and error."""
    found = next((entry.numbers[name] for name in names if name in entry.numbers), None)
    if found is None or found.value is None:
        return "", "–"
    error = "" if found.error is None else f" ± {number(float(f'{found.error:.2g}'))}"
    return repr(float(found.value)), f"{number(found.value)}{error}"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
