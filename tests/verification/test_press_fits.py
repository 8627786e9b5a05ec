"""Press fits beside their cases: the published digits, balance, the whole program.

Pressure, displacement and hoop stress of A1 to A6, plane strain and finite hubs are cases: `p_a1` to
`p_a6`, `p_a1_turned`, `p_a4_plane_strain`, `p_ff1`, `p_ff2`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fea.pipeline import run
from materials.elasticity import TransverselyIsotropic
from tests.verification.lame import FITS
from tests.verification.press_fits import CASES, case_of, press_fit

#: Pressure, hub displacement, hub hoop stress and pressure in plane strain, as published.
PUBLISHED = {
    "a1": (58.52407, 0.04739302, 97.54011, 61.11058),
    "a2": (56.62606, 0.04585600, 94.37676, 59.22430),
    "a3": (42.66691, 0.02914666, 65.76479, 44.59169),
    "a4": (75.0, 0.007375, 125.0, 82.41758),
    "a5": (3.376760, 0.09982809, 4.147215, 3.411119),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_numbers_are_those_of_the_closed_form(name: str) -> None:
    """Seven digits are published: 2e-7 relative."""
    fit = FITS[name]
    found = fit.pressure, fit.hub_displacement, fit.hub_hoop, fit.plane_strain.pressure
    assert found == pytest.approx(PUBLISHED[name], rel=2e-7)


def test_a6_follows_from_the_same_formula_with_the_transverse_constants() -> None:
    """Axes of isotropy along z: in the plane only E_t and nu_t matter. Three digits are published."""
    assert FITS["a6"].pressure == pytest.approx(13.7, rel=5e-3)
    assert FITS["a6"].hub_hoop == pytest.approx(27.0, rel=5e-3)


def test_a_frictionless_fit_is_in_balance() -> None:
    """Nothing holds these bodies and nothing loads them: no reaction, no friction, no tension.

    Curved facets are not quite a cylinder, so that pressure on them leaves a few millionths
    of itself along the motions that a frictionless fit does not resist.
    """
    balance = press_fit("a1").balance
    assert balance.reaction < 1e-5
    assert balance.contact < 1e-9
    assert balance.cone == 0.0
    assert balance.tension == 0.0
    assert balance.residual < 1e-8


def test_a4_through_the_whole_program(tmp_path: Path) -> None:
    """The public path: from the case file to the summary, pressure within the gate of 0.5 %."""
    text = next(CASES.glob("a4_*.toml")).read_text()
    path = tmp_path / "a4.toml"
    path.write_text(f"{text}\n[mesh]\ncompanion = false\n\n[output]\nrenders = false\n")
    outcome = run(path, tmp_path / "results")
    summary = json.loads((outcome.folder / "summary.json").read_text())
    quantities = {entry["name"]: entry["value"] for entry in summary["quantities"]}
    assert quantities["mean_pressure_uncoated_MPa"] == pytest.approx(75.0, rel=5e-3)
    assert summary["verdict"]["primary_stability"] == "not judged"


def test_transverse_isotropy_of_a6_is_along_the_axis() -> None:
    """The public case states Reilly & Burstein's constants with the stiff direction along z."""
    material = case_of("a6").bone_material.elasticity
    assert isinstance(material, TransverselyIsotropic)
    compliance = np.linalg.inv(material.stiffness())
    assert 1 / compliance[2, 2] == pytest.approx(17000)
    assert 1 / compliance[0, 0] == pytest.approx(11500)
    assert -compliance[0, 1] * 11500 == pytest.approx(0.58)
