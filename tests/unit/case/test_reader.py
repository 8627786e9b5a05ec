"""Cases that are right: what they become in N, mm, MPa and radians."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from fea.case.case import Bands, Case, Supports
from fea.case.reader import read_case
from fea.case.schema import INTERFACE_PER_DIAMETER
from fea.case.taper import is_taper, read_taper
from geometry.coating import Coating
from geometry.fit import ZoneFit
from materials.elasticity import Isotropic, Orthotropic, TransverselyIsotropic

CASES = Path(__file__).parents[3] / "cases"
TUBE = """
schema_version = 1
title = "A plain stem in a plain tube"
[bone]
length_mm = 30.0
material = {bone}
[[bone.station]]
outer_diameter_mm = 28
canal_diameter_mm = 14
[stem]
diameter_mm = 14
length_mm = {length}
material = {{ youngs_modulus_MPa = 110000, poisson_ratio = 0.3 }}
{stem}
[fit]
diametral_interference_um = 100.0
friction = 0.0
"""
PLAIN = "{ youngs_modulus_MPa = 17000, poisson_ratio = 0.3 }"


def tube(folder: Path, bone: str = PLAIN, length: float = 30.0, stem: str = "", more: str = "") -> Case:
    path = folder / "tube.toml"
    path.write_text(TUBE.format(bone=bone, length=length, stem=stem) + more, encoding="utf-8")
    return read_case(path)


@pytest.fixture(scope="module")
def femur() -> Case:
    return read_case(CASES / "femur_press_fit.toml")


#: Folders of files that are no cases.
OTHERS = ("loads", "criteria", "studies")


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(CASES.rglob("*.toml")) if path.parent.name not in OTHERS],
    ids=lambda path: path.stem,
)
def test_every_case_in_the_repository_reads(path: Path) -> None:
    assert (read_taper(path).case if is_taper(path) else read_case(path)).title


def test_the_default_case_is_the_one_that_is_documented(femur: Case) -> None:
    assert femur.bone.length == 220.0
    assert femur.bone.bow_radius == 1000.0
    assert femur.bone.axis_offset == 0.7
    assert femur.bone.chord_length == 140.0
    assert [station.canal_left for station in femur.bone.stations] == [7.0, 5.25, 6.0]
    assert femur.reaming is not None
    assert (femur.reaming.diameter, femur.reaming.depth, femur.reaming.path) == (16.0, 150.0, "straight")
    assert femur.stem.collar is not None
    assert femur.stem.collar.gap == pytest.approx(0.1)
    assert femur.stem.coatings == (Coating(0.0, 100.0, "coated"),)
    assert femur.reference_point == (0.0, 0.0, -90.0)
    assert femur.supports == Supports(bone_proximal="clamped")
    assert femur.activity is not None
    assert (femur.activity.body_weight, femur.activity.limb_side) == (800.0, "right")
    assert (femur.activity.instants_per_cycle, femur.activity.cycles) == (50, 2)
    assert femur.activity.history.synthetic
    assert len(femur.criteria) == 8
    assert "schema_version = 1" in femur.text


def test_a_diametral_interference_in_micrometres_becomes_a_radial_one_in_millimetres(femur: Case) -> None:
    assert femur.fit["coated"].radial_interference == pytest.approx(0.005, rel=1e-15)
    assert femur.fit["uncoated"] == ZoneFit(0.0, 0.3)
    (bands,) = femur.bands
    assert bands.zone == "coated"
    assert bands.radial_interference == pytest.approx((0.00125, 0.025), rel=1e-15)
    assert bands.friction == (0.3, 0.9)


def test_the_collar_rubs_as_the_uncoated_stem_unless_it_says_otherwise(tmp_path: Path, femur: Case) -> None:
    assert femur.fit["collar"].friction == 0.3
    collar = "[stem.collar]\ndiameter_mm = 20\nthickness_mm = 3"
    case = tube(tmp_path, stem=collar, more="[fit.collar]\nfriction = 0.2\n")
    assert case.fit["collar"] == ZoneFit(0.0, 0.2)


COATINGS = """
[[stem.coating]]
name = "mesh"
from_mm = 20
to_mm = 25
[[stem.coating]]
name = "spray"
to_mm = 20
"""


def test_several_coatings_have_names_and_fits(tmp_path: Path) -> None:
    fits = "[fit.spray]\nfriction = 0.5\nfriction_band = [0.3, 0.6]\n"
    fits += "[fit.mesh]\nfriction = 0.9\n"
    fits += "diametral_interference_um = 30.0\ndiametral_interference_band_um = [10, 50]\n"
    case = tube(tmp_path, stem=COATINGS, more=fits)
    assert case.stem.coatings == (Coating(0.0, 20.0, "spray"), Coating(20.0, 25.0, "mesh"))
    assert case.fit == {
        "spray": ZoneFit(0.0, 0.5), "mesh": ZoneFit(0.015, 0.9), "uncoated": ZoneFit(0.05, 0.0),
    }  # fmt: skip
    assert list(case.fit) == list(case.stem.zones)
    assert case.bands == (Bands("spray", None, (0.3, 0.6)), Bands("mesh", (0.005, 0.025), None))


def test_a_zone_without_a_table_has_the_fit_of_all(tmp_path: Path) -> None:
    case = tube(tmp_path, stem=COATINGS, more="[fit.mesh]\nfriction = 0.9\n")
    assert case.fit["spray"] == case.fit["uncoated"] == ZoneFit(0.05, 0.0)
    assert case.fit["mesh"] == ZoneFit(0.0, 0.9)


def test_one_coating_may_have_a_name(tmp_path: Path) -> None:
    table = '[stem.coating]\nname = "mesh"\nto_mm = 20\n'
    case = tube(tmp_path, stem=table, more="[fit.mesh]\nfriction = 0.9\n")
    assert case.stem.zones == ("mesh", "uncoated")
    assert case.fit["mesh"].friction == 0.9


def test_a_list_of_one_coating_is_the_table(tmp_path: Path) -> None:
    one = tube(tmp_path, stem="[stem.coating]\nto_mm = 20\n")
    assert tube(tmp_path, stem="[[stem.coating]]\nto_mm = 20\n").stem == one.stem


@pytest.mark.parametrize(
    ("more", "zone"),
    [
        ("[uncertainty]\n", "spray"),
        ('[uncertainty]\nzone = "mesh"\n', "mesh"),
        ("[fit.mesh]\nfriction = 0.5\nfriction_band = [0.3, 0.6]\n[uncertainty]\n", "mesh"),
        ('[uncertainty]\nzone = "uncoated"\n', "uncoated"),
    ],
)
def test_the_uncertain_zone_is_stated_or_has_bands_or_is_the_first(
    tmp_path: Path, more: str, zone: str
) -> None:
    friction = '[uncertainty.friction]\nleast = 0.0\nmost = 1.0\nsource = "a test"\ngrade = "C3"\n'
    found = tube(tmp_path, stem=COATINGS, more=more + friction).uncertainty
    assert found is not None
    assert found.zone == zone


@pytest.mark.parametrize("stated", ["", 'zone = "thread"\n'])
def test_the_thread_is_the_uncertain_zone_where_it_has_the_bands_or_is_named(
    tmp_path: Path, stated: str
) -> None:
    """Its interference is told over the diameter, twice that along the normal: 10 um of 5."""
    folder = Path(__file__).parents[3] / "cases"
    lines = (folder / "femur_threaded.toml").read_text(encoding="utf-8")
    lines = lines.replace('"loads/', f'"{folder}/loads/').replace('"criteria/', f'"{folder}/criteria/')
    source = 'source = "a test"\ngrade = "C3"\n'
    lines += f"\n[uncertainty]\n{stated}[uncertainty.friction]\nleast = 0.35\nmost = 0.6\n{source}"
    lines += f"[uncertainty.diametral_interference_um]\nleast = 8.0\nmost = 12.0\n{source}"
    path = tmp_path / "case.toml"
    path.write_text(lines, encoding="utf-8")
    found = read_case(path).uncertainty
    assert found is not None
    assert found.zone == "thread"


def test_the_interference_of_a_lag_screw_is_over_its_diameter_and_of_a_thread_along_the_normal(
    tmp_path: Path,
) -> None:
    """20 um over the diameter are 10 um a side; 5 um along the normal are 5 um."""
    folder = Path(__file__).parents[3] / "cases"
    assert read_case(folder / "femur_threaded.toml").fit["thread"] == ZoneFit(0.005, 0.4)
    lines = (folder / "femur_short_lag_screw.toml").read_text(encoding="utf-8")
    lines = lines.replace('"loads/', f'"{folder}/loads/').replace('"criteria/', f'"{folder}/criteria/')
    path = tmp_path / "case.toml"
    table = "[fit.lag_screw]\ndiametral_interference_um ="
    path.write_text(lines.replace(f"{table} 0.0", f"{table} 20.0"), encoding="utf-8")
    assert read_case(path).fit["lag_screw"] == ZoneFit(0.01, 0.3)


def test_a_plain_tube_needs_no_more_than_its_sizes(tmp_path: Path) -> None:
    case = tube(tmp_path)
    assert case.fit == {"uncoated": ZoneFit(0.05, 0.0)}
    assert case.bone.is_plain
    assert case.reaming is None
    assert case.activity is None
    assert case.bands == ()
    assert case.criteria == ()
    assert case.supports == Supports()
    assert (case.steps.press_fit_increments, case.steps.max_cut_backs) == (4, 8)
    assert case.mesh.interface == pytest.approx(14.0 * INTERFACE_PER_DIAMETER)
    assert case.mesh.edge < case.mesh.interface == case.mesh.far
    assert case.mesh.companion
    assert case.output.renders


def test_the_default_sizes_are_those_that_the_mesher_recommends(femur: Case, tmp_path: Path) -> None:
    sizes = pytest.importorskip("fea.mesh.sizes")
    case = tube(tmp_path)
    recommended = sizes.recommended(case.stem)
    assert case.mesh.interface == pytest.approx(recommended.interface)
    assert case.mesh.far == pytest.approx(recommended.far)
    assert case.mesh.edge == pytest.approx(recommended.at_edges)


@pytest.mark.parametrize(
    ("length", "stem"),
    [
        (20.0, ""),
        (30.0, "protrusion_mm = 10"),
        (45.0, "protrudes_proximally = true\nprotrusion_mm = 15"),
    ],
)
def test_a_stem_may_be_short_or_come_out_at_either_end(tmp_path: Path, length: float, stem: str) -> None:
    open_canal = "[reaming]\ndiameter_mm = 14\ndepth_mm = 30\n"
    case = tube(tmp_path, length=length, stem=stem, more=open_canal)
    assert case.stem.length == length


def test_a_wrench_without_an_adapter_acts_at_the_distal_end_of_the_stem(tmp_path: Path) -> None:
    assert tube(tmp_path, stem="protrusion_mm = 10").reference_point == (0.0, 0.0, -10.0)


def test_materials_may_be_stated_inline(tmp_path: Path) -> None:
    assert tube(tmp_path).bone_material.elasticity == Isotropic(17000.0, 0.3)
    transverse = (
        "{ youngs_modulus_transverse_MPa = 11500, youngs_modulus_axial_MPa = 17000, "
        "poisson_ratio_transverse = 0.58, poisson_ratio_axial_transverse = 0.46, "
        "shear_modulus_axial_transverse_MPa = 3300 }"
    )
    law = tube(tmp_path, bone=transverse).bone_material.elasticity
    assert law == TransverselyIsotropic(11500.0, 17000.0, 0.58, 0.46, 3300.0)
    ashman = (
        "{ youngs_modulus_radial_MPa = 12000, youngs_modulus_circumferential_MPa = 13400, "
        "youngs_modulus_axial_MPa = 20000, poisson_ratio_radial_circumferential = 0.376, "
        "poisson_ratio_radial_axial = 0.222, poisson_ratio_circumferential_axial = 0.235, "
        "shear_modulus_radial_circumferential_MPa = 4530, shear_modulus_radial_axial_MPa = 5610, "
        "shear_modulus_circumferential_axial_MPa = 6230 }"
    )
    law = tube(tmp_path, bone=ashman).bone_material.elasticity
    assert law == Orthotropic(12000.0, 13400.0, 20000.0, 0.376, 0.222, 0.235, 4530.0, 5610.0, 6230.0)


def test_bone_of_a_density_follows_its_law(tmp_path: Path) -> None:
    bone = '{ density_law = "morgan_2003_femoral_neck", apparent_density_g_cm3 = 0.6, poisson_ratio = 0.3 }'
    law = tube(tmp_path, bone=bone).bone_material.elasticity
    assert isinstance(law, Isotropic)
    assert law.youngs_modulus == pytest.approx(6850.0 * 0.6**1.49)  # Morgan 2003, femoral neck


def test_a_station_may_be_an_ellipse(tmp_path: Path) -> None:
    path = tmp_path / "oval.toml"
    text = TUBE.format(bone=PLAIN, length=30.0, stem="").replace(
        "outer_diameter_mm = 28", "outer_anteroposterior_mm = 30\nouter_mediolateral_mm = 27"
    )
    path.write_text(text, encoding="utf-8")
    station = read_case(path).bone.stations[0]
    assert (station.outer_anterior, station.outer_left) == (15.0, 13.5)
    assert (station.canal_anterior, station.canal_left) == (7.0, 7.0)


def test_a_case_is_frozen_and_made_of_plain_values(femur: Case) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        femur.title = "another"  # type: ignore[misc]
    plain = dataclasses.asdict(femur)
    assert plain["mesh"]["interface"] == 3.1
    assert pickle.loads(pickle.dumps(femur)) == femur


def test_a_press_fit_alone_needs_no_support(tmp_path: Path) -> None:
    assert len(tube(tmp_path).supports.free_motions) == 6
    held = tube(tmp_path, more='[supports]\nstem_distal = "symmetric"\n').supports
    assert held.free_motions == ("translate x", "translate y", "rotate z")
