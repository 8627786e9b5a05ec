"""Bones by site: what fills a case in, what each value's source is, and what overrides it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fea.case.reader import read_case
from fea.case.site_filling import SiteError, fill
from fea.case.site_library import SITES_FILE, read_sites
from fea.case.site_words import bone_as_toml
from fea.errors import CaseError
from fea.post.inputs import case_inputs
from geometry.sectioned_bone import SectionedBone
from materials.errors import MaterialError

CASES = Path(__file__).parents[3] / "cases"
FEMUR = (CASES / "femur_press_fit.toml").read_text(encoding="utf-8")
TABLES, REST = FEMUR.split("[bone]")[0], FEMUR[FEMUR.index("[reaming]") :]


def _case(folder: Path, bone: str):
    rest = REST.replace('"loads/', f'"{CASES}/loads/').replace('"criteria/', f'"{CASES}/criteria/')
    path = folder / "case.toml"
    path.write_text(f'{TABLES}[bone]\nmaterial = "cortical_reilly_burstein_1975"\n{bone}\n{rest}')
    return read_case(path)


def test_a_percentile_of_a_normal_distribution_moves_what_has_a_standard_deviation() -> None:
    """1120 - 1.6448536 * 260 = 692.34 and 10.49 - 1.6448536 * 1.52 = 7.99."""
    filled = fill({"site": "femur", "percentile": 5.0})
    assert filled.moved == ("bow radius", "canal width")
    assert filled.keys["bow_radius_mm"] == 692.34
    assert min(station["canal_diameter_mm"] for station in filled.keys["station"]) == 7.99
    mean = fill({"site": "femur"})
    outer = [[part["outer_mediolateral_mm"] for part in one.keys["station"]] for one in (filled, mean)]
    assert outer[0] == outer[1]
    assert fill({"site": "femur", "percentile": 50.0}).keys == mean.keys


def test_numbers_of_a_sex_are_those_of_that_sex() -> None:
    assert fill({"site": "femur", "sex": "female"}).keys["bow_radius_mm"] == 884.0
    assert fill({"site": "femur", "sex": "male"}).keys["bow_radius_mm"] == 959.0


@pytest.mark.parametrize("name", list(read_sites()))
def test_every_site_makes_a_bone_at_both_ends_of_its_shaft(name: str) -> None:
    site = read_sites()[name]
    whole = site.whole_length_mm.value
    for stump in (1.0 - site.shaft[0], 1.0 - site.shaft[1] + 12.0 / whole):
        tables = tomllib.loads(bone_as_toml({"site": name, "stump_length_mm": stump * whole}))
        length = tables["bone"]["length_mm"]
        assert length == pytest.approx(stump * whole - (1.0 - site.shaft[1]) * whole, abs=0.006)
        levels = [station["level_mm"] for station in tables["bone"]["station"]]
        assert levels[0] == 0.0
        assert levels[-1] == length
        assert levels == sorted(set(levels))


def test_what_is_printed_is_what_fills_in() -> None:
    stated = {"site": "tibia", "percentile": 20.0, "stump_length_mm": 150.0}
    printed = bone_as_toml(stated)
    bone = tomllib.loads(printed)["bone"]
    filled = fill(stated)
    assert {key: value for key, value in bone.items() if key != "material"} == filled.keys
    assert "# whole_length_mm    320.32 mm: Zhao 2018 (n = 107), grade A; mean 339" in printed
    assert "percentile 20 moved whole length, the only values with a standard deviation" in printed


def test_a_cut_at_a_section_gives_that_section() -> None:
    filled = fill({"site": "tibia", "whole_length_mm": 400.0, "stump_length_mm": 240.0})
    assert filled.keys["station"][0] == {
        "level_mm": 0.0, "outer_anteroposterior_mm": 26.0, "outer_mediolateral_mm": 22.5,
        "cortical_wall_mm": 5.5, "outer_triangularity": 0.045, "outer_apex_deg": 0.0,
    }  # fmt: skip
    assert filled.keys["length_mm"] == pytest.approx(0.85 * 400.0 - 160.0)


def test_the_apex_of_a_left_limb_is_mirrored() -> None:
    right, left = (fill({"site": "radius"}, left=side).keys["station"] for side in (False, True))
    assert [part["outer_apex_deg"] for part in right] == [-part["outer_apex_deg"] for part in left]
    assert right[0]["outer_apex_deg"] == 90.0


def test_a_case_of_a_site_has_its_bone_and_names_every_source(tmp_path: Path) -> None:
    case = _case(tmp_path, 'site = "femur"\nsex = "male"\nstump_length_mm = 250.0')
    assert case.bone.length == pytest.approx(0.8 * 430.0 - 180.0)
    assert case.bone.bow_radius == 959.0
    found = {item.name: item for item in case_inputs(case)}
    assert found["bone.site.canal_width"].grade == "A"
    assert "PMC8589507" in found["bone.site.canal_width"].source
    assert found["bone.site.sections"].grade == "C3"
    assert found["bone.site.stump_length"].value == 250.0


def test_stations_and_bow_that_are_stated_override(tmp_path: Path) -> None:
    stations = "".join(
        f"[[bone.station]]\nlevel_mm = {level}\nouter_diameter_mm = 29.0\ncanal_diameter_mm = 12.0\n"
        for level in (0.0, 200.0)
    )
    case = _case(tmp_path, f'site = "femur"\nlength_mm = 200.0\nbow_radius_mm = 1500.0\n{stations}')
    assert case.bone.bow_radius == 1500.0
    assert {station.outer_left for station in case.bone.stations} == {14.5}
    names = [item.name for item in case_inputs(case)]
    assert "bone.site.sections" not in names
    assert "bone.site.bow_radius" not in names


def test_the_digest_of_a_case_follows_what_its_site_says(tmp_path: Path, monkeypatch) -> None:
    one = _case(tmp_path, 'site = "femur"')
    sites = dict(read_sites())
    known = sites["femur"].stump_share
    sites["femur"] = sites["femur"].model_copy(
        update={"stump_share": known.model_copy(update={"value": 0.6})}
    )
    monkeypatch.setattr("fea.case.site_filling.read_sites", lambda: sites)
    assert _case(tmp_path, 'site = "femur"').digest != one.digest


def test_sections_of_the_file_are_what_the_keys_say(tmp_path: Path) -> None:
    station = (
        "[[bone.station]]\nouter_diameter_mm = 30.0\ncortical_wall_mm = 8.0\nouter_triangularity = 0.04\n"
        "outer_apex_deg = 180.0\n"
    )
    bone = _case(tmp_path, f"length_mm = 200.0\n{station}").bone
    assert isinstance(bone, SectionedBone)
    (stated,) = bone.stations
    assert stated.wall == 8.0
    assert stated.triangle is not None
    assert stated.triangle.apex == pytest.approx(3.14159265)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"site": "phalanx", "sex": "male"}, "no numbers of one sex are known for the proximal phalanx"),
        ({"site": "tibia", "percentile": 5.0, "whole_length_mm": 340.0}, "a percentile moves nothing"),
        ({"site": "tibia", "stump_length_mm": 150.0, "length_mm": 120.0}, "the shaft ends 99.15 mm above"),
        ({"site": "tibia", "length_mm": 300.0}, "is 220.3 mm long"),
        ({"site": "tibia", "core": {}}, "which a cancellous core cannot lie in"),
    ],
)
def test_what_a_site_cannot_be_is_refused(stated: dict[str, object], words: str) -> None:
    with pytest.raises(SiteError, match=words):
        fill(stated)


def test_the_verb_refuses_in_the_words_of_the_key() -> None:
    with pytest.raises(CaseError, match="percentile = 100: must be at most 99"):
        bone_as_toml({"site": "tibia", "percentile": 100})


def test_an_assumption_that_cites_a_source_is_no_site(tmp_path: Path) -> None:
    text = SITES_FILE.read_text(encoding="utf-8")
    wrong = text.replace('sd = 22.2, grade = "A"', 'sd = 22.2, grade = "C1"')
    assert wrong != text
    path = tmp_path / "sites.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(MaterialError, match="does not go with grade C1"):
        read_sites(path)


def test_only_what_was_read_in_a_source_is_graded_above_an_assumption() -> None:
    read = {
        (name, key)
        for name, site in read_sites().items()
        for key in ("whole_length_mm", "bow_radius_mm", "canal_width_mm", "stump_share", "sections")
        if (value := getattr(site, key)) is not None and not value.grade.startswith("C")
    }
    assert read == {
        ("femur", "bow_radius_mm"), ("femur", "canal_width_mm"), ("humerus", "canal_width_mm"),
        ("tibia", "whole_length_mm"),
    }  # fmt: skip
