"""The example with a CT volume: its shape against the one it was made of, and what is told of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.case.uncertainty import Uncertainty
from fea.converge.run import solved_digest
from fea.ct.density import ImagedMaterial
from fea.errors import CaseError
from fea.export.deck import Contact, assemble_deck
from fea.mesh.parts import Mesh
from fea.post.inputs import case_inputs
from fea.post.scan import scan_page, scan_table
from fea.sweep.run import mechanics_digest
from fea.uncertain.sampling import model_case

CASES = Path(__file__).parents[3] / "cases"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(CASES / "femur_ct.toml")


def test_the_example_has_the_shape_that_it_was_made_of(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Voxels of 0.8 x 0.8 x 1.5 mm, a bowed shaft that leans: walls within a tenth of a voxel in the mean."""
    monkeypatch.syspath_prepend(str(CASES / "bones"))
    maker = __import__("make_femur_ct")
    scanned = case.scanned
    assert scanned is not None
    assert scanned.imaging is not None
    assert scanned.canal is not None
    angle, level = (a.ravel() for a in np.meshgrid(np.linspace(-3.1, 3.1, 90), np.linspace(2.0, 123.0, 62)))
    walls = ((scanned.scan.outer, maker.outer, 0.25), (scanned.canal, maker.canal, 0.35))
    for found, exact, most in walls:
        places = maker.in_shaft(scanned.imaging.bone.in_file(found.places(angle, level)))
        off = np.hypot(places[:, 0], places[:, 1]) - exact(
            np.arctan2(places[:, 1], places[:, 0]), places[:, 2]
        )
        assert abs(off.mean()) < 0.08
        assert np.percentile(np.abs(off), 95) < 0.16
        assert np.abs(off).max() < most
    del sys.modules["make_femur_ct"]


def test_the_example_s_modulus_is_that_of_the_numbers_it_was_made_of(case: Case) -> None:
    """1,250 to 1,450 HU, a seventh less at 214 mm: between the law's moduli of 1,070 and 1,450 HU."""
    material = case.bone_material
    assert isinstance(material, ImagedMaterial)
    total, density = material.by_place.summary, material.by_place
    least, most = (float(density.law(density.chain.from_hounsfield(hu, "ash"))) for hu in (1070.0, 1450.0))
    assert least < total.modulus[0] < total.modulus[1] < total.modulus[2] < most
    assert total.below == total.above == 0.0
    assert material.strengths  # those of the stated material


def test_report_and_summary_tell_of_volume_density_and_calibration(case: Case) -> None:
    page, table = scan_page(case), scan_table(case)
    assert page is not None
    assert table is not None
    assert [plot.name for plot in page.plots] == ["scan_sections", "scan_distance", "scan_modulus"]
    facts = dict(page.facts)
    assert "0.8 x 0.8 x 1.5 mm" in facts["Voxels"]
    assert "triangles" not in facts["File"]
    assert "6.8e" not in facts["Young's modulus"]
    assert "10500 rho_ash^2.29" in facts["Young's modulus"]
    assert page.warning == ""
    assert table["canal"] == "volume"
    assert table["spacing_mm"] == pytest.approx([0.8, 0.8, 1.5])
    inputs = {one.name: one for one in case_inputs(case)}
    assert inputs["bone_density.hu_slope"].value == 6.8e-4
    assert inputs["bone_density.hu_slope"].grade == "B"
    assert inputs["bone_density.ash_slope"].grade == "B"
    assert inputs["bone_density.law"].value == "keller_1994"


def test_what_was_solved_with_one_volume_is_not_taken_for_another(case: Case) -> None:
    material = case.bone_material
    assert isinstance(material, ImagedMaterial)
    other = replace(material, by_place=replace(material.by_place, content="another volume"))
    changed = replace(case, bone_material=other)
    assert mechanics_digest(case) != mechanics_digest(changed)
    assert solved_digest(case, 1.0) != solved_digest(changed, 1.0)


def test_a_deck_of_a_bone_whose_modulus_is_by_place_is_refused(case: Case) -> None:
    with pytest.raises(CaseError, match=r"bone\.ct\.density: .* not written as a deck yet"):
        assemble_deck(case, Mesh.__new__(Mesh), None, Contact())


def test_a_sample_s_factor_on_the_modulus_reaches_every_place(case: Case) -> None:
    found = model_case(case, Uncertainty("coated", (), {}, {}), {"bone_modulus_factor": 0.5}).bone_material
    assert isinstance(found, ImagedMaterial)
    assert isinstance(case.bone_material, ImagedMaterial)
    stated = case.bone_material.by_place.summary.modulus
    assert found.by_place.summary.modulus == pytest.approx([value / 2 for value in stated])
