"""What a graded lattice reports: mean density, mass, stress over the nominal stress of collapse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.post.body_parts import stem_layers
from fea.post.body_quantities import body_quantities
from fea.post.quantity import EXACT, Quantity
from fea.post.rims import near_rim
from fea.post.tensors import von_mises
from fea.study import Study
from tests.verification.press_fits import CASES, solved


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The verification's stem of the library's titanium, 0.4 to 0.6 at the surface."""
    text = next(CASES.glob("gl1_*.toml")).read_text(encoding="utf-8")
    text = text.replace(
        "[stem.coating.lattice]\nsolid = { youngs_modulus_MPa = 110000.0, poisson_ratio = 0.34 }",
        '[stem.coating.lattice]\nsolid = "ti_6al_4v"',
    ).replace("relative_density_surface = 0.2", "relative_density_surface = [0.4, 0.6]")
    path = tmp_path_factory.mktemp("lattice") / "case.toml"
    path.write_text(text)
    case = read_case(path)
    return solved(replace(case, mesh=replace(case.mesh, interface=3.0, far=3.0, edge=2.6, companion=False)))


@pytest.fixture(scope="module")
def quantities(study: Study) -> dict[str, Quantity]:
    return {quantity.name: quantity for quantity in body_quantities(study)}


def test_density_and_mass_are_integrals_over_the_ring(quantities: dict[str, Quantity]) -> None:
    """Surface 0.5 and core 0.8 in the mean over the length; over r dr the surface weighs more."""
    density, mass = (
        quantities["coated_layer_mean_relative_density_percent"],
        quantities["coated_layer_mass_g"],
    )
    mean = 0.65 + (0.5 - 0.8) / 2 * 0.75 / (3 * 6.25)
    assert density.value == pytest.approx(100 * mean, rel=1e-12)
    assert mass.value == pytest.approx(1e6 * 4.43e-9 * mean * np.pi * (7.0**2 - 5.5**2) * 7.0, rel=1e-12)
    assert density.error_origin == mass.error_origin == EXACT


def test_stress_is_held_against_the_collapse_at_its_own_place(
    study: Study, quantities: dict[str, Quantity]
) -> None:
    """Node by node 0.3 x 830 MPa x density^1.5, which is lowest at the distal end of the surface."""
    part, rows = stem_layers(study.mesh.stem)["coated"]
    height = part.points[:, 2] / 7.0
    depth = np.clip((7.0 - np.hypot(*part.points[:, :2].T)) / 1.5, 0.0, 1.0)
    density = depth * 0.8 + (1 - depth) * (0.4 + 0.2 * height)
    stress = von_mises(np.asarray(study.stem.stress[0])[rows])
    share = 100 * stress / (0.3 * 830.0 * density**1.5)
    found = quantities["coated_layer_collapse_percent"]
    assert found.unit == "%"
    assert found.value == pytest.approx(share[~near_rim(part.points, study.case, "stem")].max(), rel=1e-6)
    assert found.value > 100 * quantities["coated_layer_von_mises_MPa"].value / (0.3 * 830.0)
    assert "not judged" in found.zone
    assert "nominal plastic collapse at 63 to 178 MPa" in quantities["coated_layer_von_mises_MPa"].zone
