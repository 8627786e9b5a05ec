"""Rigid and flexible reamers out of a case file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.case.reader import read_case
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.seated import seated

CASES = Path(__file__).parents[3] / "cases"


def read(tmp_path: Path, *pairs: tuple[str, str]):
    text = (CASES / "femur_flexible_reamer.toml").read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    for folder in ("loads", "criteria"):
        text = text.replace(f'"{folder}/', f'"{CASES}/{folder}/')
    file = tmp_path / "case.toml"
    file.write_text(text, encoding="utf-8")
    return read_case(file)


@pytest.mark.parametrize(
    ("stated", "way"),
    [
        ('kind = "flexible" ', "bow"),
        ('kind = "flexible"\npath = "bow"', "bow"),
        ('path = "bow"', "bow"),
        ('kind = "rigid"', "straight"),
        ('kind = "rigid"\npath = "straight"', "straight"),
        ("", "straight"),
    ],
)
def test_a_flexible_reamer_follows_the_bow_and_a_rigid_one_does_not(
    tmp_path: Path, stated: str, way: str
) -> None:
    case = read(tmp_path, ('kind = "flexible" ', f"{stated}\n"))
    assert case.reaming is not None
    assert case.reaming.path == way


def test_the_example_is_pressed_at_three_places_and_stands_off_between_them(tmp_path: Path) -> None:
    """A bow of 1000 mm rises by 1.8 mm over 120: 0.15 mm of overlap in front at either end, behind midway."""
    case = read(tmp_path)
    canal = Canal(case.bone, case.reaming)
    assert engage(canal, case.stem).clipped
    found = seated(canal, case.stem)
    front, _, behind, _ = found.contact.T
    assert front[0] > 0.3
    assert behind[(found.levels > 45.0) & (found.levels < 75.0)].min() > 0.5
    assert front[(found.levels > 20.0) & (found.levels < 100.0)].max() == 0.0
    assert behind[(found.levels < 25.0) | (found.levels > 95.0)].max() == 0.0
