"""Elements of a graded lattice, and layers without a grading: through the public case file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.export.deck import Contact, assemble_deck
from fea.export.writer import write_deck
from fea.mesh.parts import Mesh
from fea.mesh.regions import take_apart
from fea.model.build import element_materials
from fea.model.graded import element_density
from fea.post.inputs import case_inputs
from fea.post.lattices import collapse_in_words, density_by_element
from fea.solving import _matter, _stem_at_nodes
from geometry.coating import Coating
from materials.lattice import Lattice
from tests.verification.press_fits import CASES, meshed, solved

#: Densities in place of the layer's modulus of 5000 MPa.
UNIFORM = "[stem.coating.lattice]\nsolid = { youngs_modulus_MPa = 20000.0, poisson_ratio = 0.2 }\n"


def read(folder: Path, text: str) -> Case:
    path = folder / "case.toml"
    path.write_text(text)
    case = read_case(path)
    return replace(case, mesh=replace(case.mesh, interface=3.0, far=3.0, edge=2.6, companion=False))


@cache
def graded() -> tuple[Case, Mesh]:
    case = read_case(next(CASES.glob("gl1_*.toml")))
    case = replace(case, mesh=replace(case.mesh, interface=3.0, far=3.0, edge=2.6, companion=False))
    return case, meshed(case)


def lattice_of_case() -> Lattice:
    found = graded()[0].layer_materials["coated"]
    assert isinstance(found, Lattice)
    return found


def test_a_uniform_lattice_is_bit_for_bit_the_material_of_its_modulus(tmp_path: Path) -> None:
    """5000 = 20000 x 0.5^2 exactly: mesh, tractions and stresses of both are the same numbers."""
    text = next(CASES.glob("cl1_*.toml")).read_text(encoding="utf-8")
    stated = "material = { youngs_modulus_MPa = 5000.0, poisson_ratio = 0.2 }\n"
    assert text.count(stated) == 1
    one = solved(read(tmp_path, text))
    other = solved(read(tmp_path, text.replace(stated, UNIFORM + "relative_density = 0.5\n")))
    assert one.mesh.digest == other.mesh.digest
    assert np.array_equal(one.walk.press_fit.traction, other.walk.press_fit.traction)
    assert np.array_equal(np.asarray(one.stem.stress[0]), np.asarray(other.stem.stress[0]))


def test_an_element_has_the_mean_of_the_modulus_over_itself() -> None:
    """Over the layer this is the exact integral of E, which the modulus of the mean density is not."""
    case, mesh = graded()
    rows, lattice = mesh.stem.regions["coated"], lattice_of_case()
    material = element_materials(mesh.stem, case.stem_material, None, case.layer_materials)
    modulus = 1 / np.linalg.inv(material[rows])[:, 0, 0]
    density, volume = element_density(mesh.stem, rows, lattice)
    shares, volumes = lattice.places.quadrature()
    exact = volumes @ (110000.0 * lattice.grading.at(shares) ** 2) / volumes.sum()
    assert modulus @ volume / volume.sum() == pytest.approx(exact, rel=1e-4)
    assert (modulus > 110000.0 * density**2 * (1 - 1e-12)).all()
    core = np.setdiff1d(np.arange(len(mesh.stem.tets)), rows)
    assert np.array_equal(material[core[0]], case.stem_material.elasticity.stiffness())


def test_a_grading_across_has_its_elements_through_the_thickness() -> None:
    """Six copies of the flank inwards of the surface: seven radii where vertices stand."""
    case, mesh = graded()
    assert case.stem.coatings == (Coating(0.0, 7.0, thickness=1.5, elements=6),)
    vertices = np.unique(mesh.stem.tets[mesh.stem.regions["coated"]][:, :4])
    radius = np.unique(np.hypot(*mesh.stem.points[vertices, :2].T).round(6))
    assert radius == pytest.approx(np.linspace(5.5, 7.0, 7))


def test_nodes_have_the_law_at_their_place() -> None:
    case, mesh = graded()
    found, apart = _stem_at_nodes(case, mesh.stem), take_apart(mesh.stem)
    radius = np.hypot(*apart.part.points[:, :2].T)
    density = 0.2 + 0.6 * np.clip(7.0 - radius, 0.0, 1.5) / 1.5
    modulus = np.where(apart.region == 1, 110000.0 * density**2, 110000.0)
    assert 1 / np.linalg.inv(found)[:, 0, 0] == pytest.approx(modulus, rel=1e-9)


def test_paraview_gets_the_relative_density_of_every_element() -> None:
    case, mesh = graded()
    apart = take_apart(mesh.stem).part
    density = density_by_element(apart, case)
    assert density is not None
    rows = mesh.stem.regions["coated"]
    assert (np.delete(density, rows) == 1.0).all()
    assert 0.2 < density[rows].min() < 0.3
    assert 0.7 < density[rows].max() < 0.8
    assert density_by_element(apart, replace(case, layer_materials={})) is None


def test_a_deck_has_the_lattice_as_at_most_twenty_materials(tmp_path: Path) -> None:
    case, mesh = graded()
    deck = assemble_deck(case, mesh, None, Contact())
    rows = mesh.stem.regions["coated"]
    assert 10 < len(deck.layers) <= 20
    numbers = np.concatenate([numbers for numbers, _ in deck.layers.values()])
    assert np.array_equal(np.sort(numbers), rows + 1)
    assert 0.0 < deck.binned < 0.08
    main = write_deck(deck, tmp_path, "graded", "calculix")
    text = main.read_text(encoding="ascii")
    assert text.count("*MATERIAL, NAME=COATED_LAYER_") == len(deck.layers)
    assert "5. The graded lattice. Its elements stand in up to 20 sets" in text
    assert "*SOLID SECTION, ELSET=COATED_LAYER_01, MATERIAL=COATED_LAYER_01_MATERIAL" in text


def test_the_inputs_state_the_law_with_its_grade() -> None:
    inputs = {item.name: item for item in case_inputs(graded()[0])}
    exponent = inputs["coated_layer_material.exponent"]
    assert (exponent.value, exponent.grade, exponent.source) == (2.0, "C1", "engineering assumption")
    assert inputs["coated_layer_material.relative_density.surface.distal"].value == 0.2
    assert inputs["coated_layer_material.solid.youngs_modulus"].value == 110000.0
    assert inputs["coated_layer_material.poisson_ratio"].note == "taken from the solid"
    assert "stem.coating.elements" not in inputs


def test_a_law_that_the_case_states_has_no_grade_of_ours() -> None:
    case, lattice = graded()[0], lattice_of_case()
    own = replace(lattice, law=replace(lattice.law, exponent=1.5), collapses_at=800.0)
    inputs = {item.name: item for item in case_inputs(replace(case, layer_materials={"coated": own}))}
    exponent = inputs["coated_layer_material.exponent"]
    assert (exponent.value, exponent.grade, exponent.source) == (1.5, None, "stated in the case file")
    assert collapse_in_words(own) == (
        "nominal plastic collapse at 21.5 to 172 MPa, 0.3 x 800 MPa x density^1.5,"
        " engineering assumption [C1]"
    )


def test_no_factor_of_another_grading_is_taken_up() -> None:
    """Turned inside out the density has another stiffness, and the factor another digest."""
    case, mesh = graded()
    lattice = lattice_of_case()
    turned = replace(lattice, grading=replace(lattice.grading, core=(0.2, 0.2), surface=(0.8, 0.8)))
    other = replace(case, layer_materials={"coated": turned})
    assert _matter(case, mesh).digest != _matter(other, mesh).digest
