"""The library that ships: every value traceable, every wrong file refused in one sentence."""

import dataclasses
import itertools
import pickle

import pytest

from materials import (
    ASSUMPTION,
    GRADES,
    LIBRARY_FILE,
    LIMITS,
    Entry,
    Isotropic,
    Material,
    MaterialError,
    TransverselyIsotropic,
    read_library,
)

LIBRARY = read_library()
ENTRIES = [
    pytest.param(entry, id=f"{material.name}.{name}")
    for material in LIBRARY.materials.values()
    for name, entry in (*material.entries.items(), *material.strengths.items())
]
ENTRIES += [
    pytest.param(entry, id=name)
    for name, entry in (*LIBRARY.friction.items(), *LIBRARY.chain_entries.items())
]


def written(tmp_path, old, new):
    """Return the path of a copy of the library with one text replaced."""
    text = LIBRARY_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "changed.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_value_has_a_source_a_grade_a_range_and_a_unit(entry):
    """Checked here against the file that ships, beside the check at load."""
    assert entry.source
    assert entry.range_source
    assert entry.grade in GRADES
    assert entry.low <= entry.value <= entry.high
    assert entry.unit


@pytest.mark.parametrize("law", LIBRARY.density_laws.values(), ids=lambda law: law.name)
def test_every_density_law_has_a_source_a_grade_and_a_range(law):
    """A law is a value too."""
    assert law.source
    assert law.grade in GRADES
    assert 0 < law.low < law.high


def test_an_assumption_cites_nobody():
    """Grades C1, C2, C3 and only these say 'engineering assumption'."""
    for entry in (parameter.values[0] for parameter in ENTRIES):
        assert (entry.source == ASSUMPTION) == entry.grade.startswith("C")


@pytest.mark.parametrize("material", LIBRARY.materials.values(), ids=lambda material: material.name)
def test_every_corner_of_the_ranges_is_positive_definite(material):
    """A study may vary all constants at once over their ranges without a refusal."""
    law = material.elasticity
    names = [field.name for field in dataclasses.fields(law)]
    ends = [(material.entries[name].low, material.entries[name].high) for name in names]
    for corner in itertools.product(*ends):
        type(law)(*corner)


def test_the_default_cortical_bone_is_reilly_and_bursteins():
    """11.5 / 17 GPa, nu_12 .58, nu_31 .46, G 3.3 GPa."""
    bone = LIBRARY.material("cortical_reilly_burstein_1975")
    assert bone.elasticity == TransverselyIsotropic(11500, 17000, 0.58, 0.46, 3300)
    assert bone.limit("tensile_strength_transverse").value == 51
    assert bone.kind == "bone"


def test_cancellous_bone_follows_its_density_law():
    """E = 6850 rho^1.49 at the stated density; mass density in tonne/mm3."""
    bone = LIBRARY.material("cancellous")
    density = bone.entries["apparent_density"].value
    assert bone.elasticity.youngs_modulus == pytest.approx(6850 * density**1.49, rel=1e-14)
    assert bone.entries["youngs_modulus"].grade == "D"
    assert bone.density == pytest.approx(density * 1e-9, rel=1e-14)


def test_every_limit_is_one_of_the_vocabulary_and_in_its_unit():
    """Criteria ask by name; a misspelt limit would never be found."""
    for material in LIBRARY.materials.values():
        for name, entry in material.strengths.items():
            assert entry.unit == LIMITS[name].unit


def test_a_porous_modulus_stays_below_the_open_cell_estimate():
    """E_solid (1 - porosity)^2 = 114000 * 0.4^2 = 18240 MPa."""
    assert LIBRARY.material("porous_titanium_coating").entries["youngs_modulus"].high == pytest.approx(18240)


def test_an_unknown_material_is_refused_with_the_nearest_name():
    """One sentence with the nearest name and the list."""
    with pytest.raises(
        MaterialError, match=r"nearest is 'cortical_reilly_burstein_1975', known are cancellous, "
    ):
        LIBRARY.material("cortical_reily")
    with pytest.raises(MaterialError, match="nearest is 'ti_6al_4v'"):
        LIBRARY.material("Ti-6Al-4V")
    with pytest.raises(
        MaterialError, match="density law 'keler' is not in the library; the nearest is 'keller_1994'"
    ):
        LIBRARY.density_law("keler")
    with pytest.raises(MaterialError, match="friction entry"):
        LIBRARY.friction_of("glue")


def test_a_limit_that_a_material_does_not_state_is_refused():
    """The material and what it does state are named."""
    with pytest.raises(MaterialError, match=r"'steel' states no limit 'yield_strength'; known are none\."):
        LIBRARY.material("steel").limit("yield_strength")


def test_the_shipped_library_is_read_once():
    """Hundreds of cases share it."""
    assert read_library() is LIBRARY


def test_a_material_survives_a_trip_to_another_process():
    """A study sends cases to workers."""
    bone = LIBRARY.material("cortical_reilly_burstein_1975")
    assert pickle.loads(pickle.dumps(bone)) == bone


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value = 11500,", "value = 115000,", r"E_transverse: The value 115000 lies outside its range"),
        (
            'value = 11500, unit = "MPa"',
            'value = 11.5, unit = "GPa"',
            r"unit is 'GPa'; give the value in 'MPa'",
        ),
        ('grade = "B", source = "cowin" }', 'source = "cowin" }', r"The key 'grade' is missing"),
        (
            'grade = "B", source = "cowin" }',
            'grade = "E", source = "cowin" }',
            r"grade is 'E'; give one of A, B",
        ),
        ('grade = "B", source = "cowin" }', 'grade = "C1", source = "cowin" }', r"does not go with grade C1"),
        ('grade = "B", source = "cowin" }', 'grade = "B", source = "cowen" }', r"nearest is 'cowin'"),
        ("range = [9000, 13500]", "range = [9000]", r"give \[low, high\]"),
        ("value = 11500,", 'value = "stiff",', r"The value is 'stiff'; give a number"),
        ("nu_transverse = { value = 0.58", "nu_transvers = { value = 0.58", r"'nu_transverse' is missing"),
        (
            '0.46, unit = "1", range = [0.30, 0.46]',
            '0.68, unit = "1", range = [0.30, 0.70]',
            r"materials\.cortical_reilly_burstein_1975: elasticity: .*minor 1 - nu_12 - 2 nu_13 nu_31",
        ),
        ('kind = "bone"', 'kind = "bones"', r"kind is 'bones'; the nearest is 'bone'"),
        ('symmetry = "isotropic"', 'symmetry = "isotropc"', r"nearest is 'isotropic'"),
        ("tensile_yield_strain", "tensile_yeild_strain", r"nearest is 'tensile_yield_strain'"),
        ('strengths = "cortical_bone"', 'strengths = "cortical"', r"nearest is 'cortical_bone'"),
        ("value = 1.9e-9", "value = -1.9e-9", r"density: The value -1\.9e-09 lies outside"),
        ('density_law = "morgan', 'density_law = "morgn', r"nearest is 'morgan"),
        ("range = [0.28, 0.70]", "range = [0.10, 0.70]", r"materials\.cancellous: .*first 0\.1 g/cm3"),
        (
            'range = [0.05, 0.35]\ngrade = "B"\nsource = "crawford"',
            'range = [0.01, 0.35]\ngrade = "B"\nsource = "crawford"',
            r"density_laws\.crawford_2003: .*not positive over its range",
        ),
        ("range = [0.26, 0.75]", "range = [0.75, 0.26]", r"two rising densities above 0"),
        ("kind = ", "kind ", r"changed\.toml: The library is not valid TOML"),
        ("[density_chain]", "[density_chian]", r"'density_chain' is missing"),
        (
            "(0.37 + 0.95) / 2; falls with pressure (0.5 to 1.5 MPa) and bone density, rises with roughness.",
            "",
            r"grade D needs its formula",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_value_and_remedy(tmp_path, old, new, message):
    """One fault at a time in a copy of the library that ships."""
    with pytest.raises(MaterialError, match=message) as refusal:
        read_library(written(tmp_path, old, new))
    assert str(refusal.value).startswith("changed.toml: ")
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path):
    """The file is named."""
    with pytest.raises(MaterialError, match=r"absent\.toml: The library cannot be read"):
        read_library(tmp_path / "absent.toml")


def test_a_material_of_a_case_file_has_its_law_and_no_limits():
    """What the case states, nothing more."""
    stated = Material.inline("test rod", Isotropic(70000.0, 0.33))
    assert stated.elasticity == Isotropic(70000.0, 0.33)
    assert stated.density is None
    assert not stated.strengths
    with pytest.raises(MaterialError, match="states no limit"):
        stated.limit("yield_strength")


def test_a_material_of_a_case_file_is_checked_too():
    """Kind and density."""
    with pytest.raises(MaterialError, match="'wood'"):
        Material.inline("test rod", Isotropic(70000.0, 0.33), kind="wood")
    with pytest.raises(MaterialError, match="density of 'test rod' is -1 tonne/mm3"):
        Material.inline("test rod", Isotropic(70000.0, 0.33), density=-1.0)


def test_an_entry_prints_value_unit_range_source_and_grade():
    """The line that a report prints."""
    entry = Entry(51.6, "MPa", 45, 58, "Turner 2001, abstract", "A")
    assert entry.cite() == "51.6 MPa (45 to 58), Turner 2001, abstract [A]"
