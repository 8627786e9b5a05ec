"""The library of surface conditions: sound, traceable, and the table of the page is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from materials.errors import MaterialError
from materials.library import read_library
from materials.surfaces import BONE, PLACES, SKIN, UNITS, Surface, read_surfaces, surface_of

PAGE = Path(__file__).parents[3] / "docs" / "implants.md"
FILE = """
[sources]
paper = "a paper, abstract"
[surfaces.one]
title = "one"
places = {places}
{entry}
"""
FRICTION = 'friction = { value = 0.5, unit = "1", range = [0.3, 0.9], grade = "C2", source = "assumption" }'


def read(folder: Path, places: str = '["bone"]', entry: str = FRICTION) -> Surface:
    path = folder / "surfaces.toml"
    path.write_text(FILE.format(places=places, entry=entry), encoding="utf-8")
    return read_surfaces(path)["one"]


def row_of(surface: Surface) -> str:
    """A row of the page's table."""
    cells = []
    for name in UNITS:
        entry = surface.entries.get(name)
        cells.append(f"{entry.value:g} ({entry.low:g} to {entry.high:g}) {entry.grade}" if entry else "")
    return f"| `{surface.name}` | {surface.title} | {', '.join(surface.places)} | {' | '.join(cells)} |"


@pytest.mark.parametrize("surface", read_surfaces().values(), ids=lambda surface: surface.name)
def test_every_condition_stands_in_the_page_with_its_numbers(surface: Surface) -> None:
    assert row_of(surface) in PAGE.read_text(encoding="utf-8")


def test_the_page_has_no_condition_that_the_library_lacks() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- surfaces -->")[2].partition("<!-- end -->")[0]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(read_surfaces())


def test_there_is_something_for_bone_and_for_skin() -> None:
    for place in PLACES:
        assert [surface for surface in read_surfaces().values() if place in surface.places]
    assert SKIN in surface_of("titanium_niobium_nitride").places
    assert BONE in surface_of("plasma_sprayed").places


def test_factors_of_fatigue_say_what_the_metals_limits_say() -> None:
    strengths = read_library().material("ti_6al_4v").strengths
    porous, smooth = strengths["fatigue_limit_porous_coated"].value, strengths["fatigue_limit_smooth"].value
    factor = surface_of("porous_coated").fatigue_factor
    assert factor is not None
    assert factor.value == pytest.approx(porous / smooth, abs=0.005)
    rough, fine = (strengths[f"fatigue_maximum_{state}"].value for state in ("rough", "smooth"))
    factor = surface_of("blasted").fatigue_factor
    assert factor is not None
    assert factor.value == pytest.approx(rough / fine, abs=0.005)


def test_an_unknown_condition_is_refused_with_the_nearest() -> None:
    with pytest.raises(MaterialError, match="'polishd' is not in the library; the nearest is"):
        surface_of("polishd")


def test_a_file_is_read_with_its_own_sources(tmp_path: Path) -> None:
    entry = FRICTION.replace("C2", "A").replace('"assumption"', '"paper"')
    found = read(tmp_path, entry=entry).friction
    assert found is not None
    assert (found.value, found.source, found.grade) == (0.5, "a paper, abstract", "A")


@pytest.mark.parametrize(
    ("places", "entry", "part"),
    [
        ('["nail"]', FRICTION, r"surfaces\.one.*places.*nail"),
        ("[]", FRICTION, "give a list of bone, skin or both"),
        ('["skin"]', FRICTION, "friction is that on bone"),
        ('["bone"]', FRICTION.replace("friction", "stickiness"), "stickiness.*not known"),
        ('["bone"]', FRICTION.replace('"1"', '"um"'), "give the value in '1'"),
        ('["bone"]', FRICTION.replace("[0.3, 0.9]", "[0.6, 0.9]"), "outside its range"),
        ('["bone"]', FRICTION.replace("[0.3, 0.9]", "[-0.3, 0.9]"), "give numbers from 0 on"),
        ('["bone"]', FRICTION.replace('"assumption"', '"paper"'), "does not go with grade"),
    ],
)
def test_what_cannot_be_traced_is_refused(tmp_path: Path, places: str, entry: str, part: str) -> None:
    with pytest.raises(MaterialError, match=part):
        read(tmp_path, places, entry)
