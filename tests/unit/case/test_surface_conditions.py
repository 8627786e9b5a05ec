"""Conditions of the surface in a case: friction with its band, endurance, and what is only data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fea.case.case import SKIN_PASSAGE, Bands, Case
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.post.endurance import endurance, endurance_quantity
from fea.post.inputs import case_inputs
from fea.post.quantity import Quantity
from fea.post.surfaces import surface_sentences, surface_table
from materials.surfaces import surface_of

CASES = Path(__file__).parents[3] / "cases"
FRICTION = "friction = 0.5\nfriction_band = [0.3, 0.9]\n"
CRITERION = """
schema_version = 1
title = "endurance"
[[criterion]]
id = "endures"
title = "The stem endures"
quantity = "stem_surface_fatigue_percent"
group = "safety"
met_at_most = 100.0
source = "made for a test"
grade = "C3"
"""


def case_of(folder: Path, *changes: tuple[str, str]) -> Case:
    text = (CASES / "femur_press_fit.toml").read_text(encoding="utf-8")
    text = text.replace('"loads/', f'"{CASES}/loads/').replace('"criteria/', f'"{CASES}/criteria/')
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return read_case(path)


COATED = ("to_mm = 100.0\n", 'to_mm = 100.0\nsurface = "printed_mesh"\n')
FLANK = ('material = "ti_6al_4v"\n', 'material = "ti_6al_4v"\nsurface = "blasted"\n')


def test_friction_from_a_surface_comes_with_its_range_as_the_band(tmp_path: Path) -> None:
    case = case_of(tmp_path, COATED, (FRICTION, 'friction = "from_surface"\n'))
    assert case.fit["coated"].friction == 0.66
    assert case.bands == (Bands("coated", pytest.approx((0.00125, 0.025)), (0.37, 0.95)),)
    assert case.fit["uncoated"].friction == 0.3


def test_a_band_that_is_stated_stays_beside_friction_from_a_surface(tmp_path: Path) -> None:
    case = case_of(tmp_path, COATED, (FRICTION, 'friction = "from_surface"\nfriction_band = [0.5, 0.7]\n'))
    assert case.bands[0].friction == (0.5, 0.7)


def test_a_surface_alone_changes_no_friction(tmp_path: Path) -> None:
    plain, stated = case_of(tmp_path), case_of(tmp_path, COATED, FLANK)
    assert (stated.fit, stated.bands) == (plain.fit, plain.bands)
    assert {zone: surface.name for zone, surface in stated.surfaces.items()} == {
        "coated": "printed_mesh", "uncoated": "blasted",
    }  # fmt: skip
    assert not plain.surfaces


def test_the_collar_follows_the_flank_s_friction_from_its_surface(tmp_path: Path) -> None:
    flank = "diametral_interference_um = 0.0\nfriction = 0.3"
    case = case_of(tmp_path, FLANK, (flank, flank.replace("0.3", '"from_surface"')))
    assert case.fit["uncoated"].friction == case.fit["collar"].friction == 0.4


def test_the_weakest_surface_s_endurance_is_a_share_of_the_smooth_metal_s(tmp_path: Path) -> None:
    case = case_of(tmp_path, COATED, FLANK)
    # 550 MPa of the smooth alloy: 0.3 for the mesh, 0.7 for the blasted flank.
    assert endurance(case) == (pytest.approx(165.0), "coated")
    stress = Quantity(
        "stem_von_mises_MPa", "", 330.0, "MPa", "stem", "then", local_error=33.0, percentile99=165.0
    )
    found = endurance_quantity(case, stress)
    assert found is not None
    assert (found.value, found.local_error, found.percentile99) == pytest.approx((200.0, 20.0, 100.0))
    assert "printed mesh, laser-melted on the coated zone endures 165 MPa" in found.zone
    assert endurance_quantity(case_of(tmp_path), stress) is None
    skin = {SKIN_PASSAGE: surface_of("polished")}
    assert endurance(replace(case, surfaces=skin)) is None


def test_the_skin_passage_is_data_outside_the_mechanical_model(tmp_path: Path) -> None:
    adapter = ("[stem.adapter]\n", '[stem.adapter]\nsurface = "silver_coated"\n')
    case, plain = case_of(tmp_path, adapter), case_of(tmp_path)
    assert case.fit == plain.fit
    (told,) = surface_sentences(case)
    assert told.startswith("Passage through the skin: silver against bacteria: coating 10 um (1 to 20)")
    assert told.endswith("It is outside the mechanical model: no skin, no infection, no wear is computed.")
    entry = {item.name: item for item in case_inputs(case)}
    assert "no infection" in entry["surface.skin_passage.condition"].note
    coating = entry["surface.skin_passage.coating"]
    assert (coating.low, coating.high, coating.grade) == (1.0, 20.0, "C3")


def test_the_report_says_which_friction_is_walked(tmp_path: Path) -> None:
    own = surface_sentences(case_of(tmp_path, COATED))
    taken = surface_sentences(case_of(tmp_path, COATED, (FRICTION, 'friction = "from_surface"\n')))
    assert own[0].endswith("The friction that is walked is 0.5, as the case states it.")
    assert taken[0].endswith("The friction that is walked is 0.66, the surface's.")
    assert own[1] == taken[1]
    assert own[1].startswith("The weakest of them endures 165 MPa at a stress ratio of -1")
    (row,) = surface_table(case_of(tmp_path, COATED))
    assert (row["zone"], row["name"], row["values"]["friction"]["high"]) == ("coated", "printed_mesh", 0.95)


def test_a_criterion_on_endurance_needs_a_surface_and_a_metal_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "endures.toml").write_text(CRITERION, encoding="utf-8")
    file = (f'"{CASES}/criteria/primary_stability.toml"', '"endures.toml"')
    assert case_of(tmp_path, file, COATED).criteria[0].unit == "%"
    with pytest.raises(CaseError, match=r"criterion endures judges what .* add stem\.surface"):
        case_of(tmp_path, file)
    inline = ('material = "ti_6al_4v"', "material = { youngs_modulus_MPa = 110000.0, poisson_ratio = 0.3 }")
    with pytest.raises(CaseError, match="but that of stem of the case is not known"):
        case_of(tmp_path, file, COATED, inline)
