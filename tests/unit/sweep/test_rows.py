"""Rows: what is written is read back the same, and what is damaged is not taken for finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.post.quantity import Quantity
from fea.solution import Loss
from fea.sweep.rows import LOST, SOLVED, Row, read_row, write_row

PEAK = Quantity("p_MPa", "p", 1.25, "MPa", "coated", "now", place=(1.0, 2.0, 3.0), percentile99=1.0)
ROWS = [
    Row(SOLVED, (PEAK,), (PEAK,), 1.4, None, "", 3, 40, 1e-11, 1e-12, 0.5),
    Row(LOST, (), loss=Loss(1, 12.0, "turning", (0.0, 0.0, 0.0, 0.0, 0.0, 1.0))),
]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_read_as_it_was_written(row: Row, tmp_path: Path) -> None:
    write_row(row, tmp_path / "row.json", {"friction": 0.3})
    assert read_row(tmp_path / "row.json") == row
    assert [path.name for path in tmp_path.iterdir()] == ["row.json"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_half_a_row_is_no_row(share: float, tmp_path: Path) -> None:
    path = tmp_path / "row.json"
    write_row(ROWS[0], path, {})
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: int(share * len(text)) - 1 if share else 0], encoding="utf-8")
    assert read_row(path) is None


def test_another_format_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "row.json").write_text('{"inputs": {}, "outcome": "solved"}')
    assert read_row(tmp_path / "row.json") is None
    assert read_row(tmp_path / "none.json") is None
