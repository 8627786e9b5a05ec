"""Press fits with closed forms, A1 to A6, through the public case files at the recommended mesh.

A frictionless fit of a stem and a hub of equal length with free ends is exactly plane stress in
three dimensions: uniform pressure, no edge effect. With delta the radial interference,

    p = delta / { a [ ((b^2+a^2)/(b^2-a^2) + nu_h)/E_h + ((a^2+ri^2)/(a^2-ri^2) - nu_s)/E_s ] }

(Lamé; the project's verification cases, section 1). Gates from there: mean pressure 0.5 %,
area-weighted root mean square of the pointwise error 2 % away from the ends, displacement 0.2 %.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from fea.case.case import Supports
from fea.mesh.build import build_mesh
from fea.pipeline import run
from geometry.fit import ZoneFit
from materials.elasticity import TransverselyIsotropic
from tests.verification.press_fits import (
    CASES,
    canal,
    case_of,
    nodal_mean,
    press_fit,
    pressure,
    solved,
)

#: case: ri, a, b, E_s, nu_s, E_h, nu_h, delta, pressure, hub displacement and hoop stress as published.
TABLE = {
    "a1": (0, 7, 14, 110000, 0.3, 17000, 0.3, 0.05, 58.52407, 0.04739302, 97.54011),
    "a2": (3, 7, 14, 110000, 0.3, 17000, 0.3, 0.05, 56.62606, 0.04585600, 94.37676),
    "a3": (0, 6, 13, 210000, 0.3, 16700, 0.36, 0.03, 42.66691, 0.02914666, 65.76479),
    "a4": (0, 10, 20, 200000, 0.3, 200000, 0.3, 0.01, 75.0, 0.007375, 125.0),
    "a5": (0, 8, 25, 110000, 0.3, 400, 0.25, 0.1, 3.376760, 0.09982809, 4.147215),
}
#: A6 by the theory of an orthotropic tube; its published digits are 13.7 and 27.0.
A6_PRESSURE, A6_HOOP = 13.7, 27.0
PRESSURES = {name: row[8] for name, row in TABLE.items()} | {"a6": A6_PRESSURE}


def lame(ri, a, b, stem, hub, delta):
    """Pressure of the closed form for (E, nu) of stem and hub in plane stress."""
    give = ((b**2 + a**2) / (b**2 - a**2) + hub[1]) / hub[0]
    give += ((a**2 + ri**2) / (a**2 - ri**2) - stem[1]) / stem[0]
    return delta / (a * give)


@pytest.mark.parametrize("name", TABLE)
def test_the_published_numbers_are_those_of_the_closed_form(name: str) -> None:
    """Seven digits are published: 2e-7 relative."""
    ri, a, b, *_, delta, p, u, hoop = TABLE[name]
    stem, hub = TABLE[name][3:5], TABLE[name][5:7]
    assert lame(ri, a, b, stem, hub, delta) == pytest.approx(p, rel=2e-7)
    ratio = (b**2 + a**2) / (b**2 - a**2)
    assert p * ratio == pytest.approx(hoop, rel=2e-7)
    assert p * a * (ratio + hub[1]) / hub[0] == pytest.approx(u, rel=2e-7)


def test_a6_follows_from_the_same_formula_with_the_transverse_constants() -> None:
    """Axes of isotropy along z: in the plane only E_t and nu_t matter. Three digits are published."""
    p = lame(0, 8, 14, (110000, 0.3), (11500, 0.58), 0.025)
    assert p == pytest.approx(A6_PRESSURE, rel=5e-3)
    assert p * (14**2 + 8**2) / (14**2 - 8**2) == pytest.approx(A6_HOOP, rel=5e-3)


@pytest.mark.parametrize("name", PRESSURES)
def test_mean_pressure_is_within_half_a_percent(name: str) -> None:
    """Gate 0.5 %: weak gaps with exact offsets converge fast in the mean."""
    exact = lame(0, 8, 14, (110000, 0.3), (11500, 0.58), 0.025) if name == "a6" else PRESSURES[name]
    found = pressure(press_fit(name), exact, 0.0)
    assert found.mean == pytest.approx(exact, rel=5e-3)


@pytest.mark.parametrize("name", PRESSURES)
def test_pressure_is_uniform_within_two_percent_away_from_the_ends(name: str) -> None:
    """Gate 2 % root mean square over the facets a tenth of the length away from the ends.

    A discretisation error: the bone's stress falls as 1 / r^2, which quadratic displacements
    follow to second order in the size of the elements.
    """
    exact = lame(0, 8, 14, (110000, 0.3), (11500, 0.58), 0.025) if name == "a6" else PRESSURES[name]
    study = press_fit(name)
    found = pressure(study, exact, 0.1 * study.case.bone.length)
    assert found.rms < 0.02, f"root mean square {found.rms:.2%}, largest {found.largest:.2%}"


@pytest.mark.parametrize("name", TABLE)
def test_the_hub_widens_as_the_closed_form_says(name: str) -> None:
    """Gate 0.2 % of u_hub(a), averaged over the canal."""
    study = press_fit(name)
    assert nodal_mean(study, canal(study)[0]) == pytest.approx(TABLE[name][9], rel=2e-3)


@pytest.mark.parametrize("name", PRESSURES)
def test_hoop_stress_of_the_hub_is_within_five_percent(name: str) -> None:
    """Recovered stress is extrapolated linearly to a surface where 1 / r^2 is steepest.

    It comes out low, by 3 to 4.3 % at the recommended size: a discretisation error of order
    (h/a)^2 that the companion mesh estimates. The gate here is 5 %.
    """
    hoop = A6_HOOP if name == "a6" else TABLE[name][10]
    study = press_fit(name)
    assert nodal_mean(study, canal(study)[1]) == pytest.approx(hoop, rel=0.05)


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


def test_a4_through_the_whole_program(tmp_path) -> None:
    """The public path: from the case file to the summary, pressure within the gate of 0.5 %."""
    import json

    text = next(CASES.glob("a4_*.toml")).read_text()
    path = tmp_path / "a4.toml"
    path.write_text(f"{text}\n[mesh]\ncompanion = false\n\n[output]\nrenders = false\n")
    outcome = run(path, tmp_path / "results")
    summary = json.loads((outcome.folder / "summary.json").read_text())
    quantities = {entry["name"]: entry["value"] for entry in summary["quantities"]}
    assert quantities["mean_pressure_uncoated_MPa"] == pytest.approx(75.0, rel=5e-3)
    assert summary["verdict"]["primary_stability"] == "not judged"


# ------------------------------------------------------------------------------------ plane strain


def plane_strain_case(friction: float):
    case = case_of("a4")
    every = dict.fromkeys(("bone_proximal", "bone_distal", "stem_proximal", "stem_distal"), "symmetric")
    fit = {zone: ZoneFit(0.01, friction) for zone in case.fit}
    return replace(case, supports=Supports(**every), fit=fit)


@pytest.mark.parametrize("friction", [pytest.param(0.0, marks=pytest.mark.slow), 100.0])
def test_symmetric_end_faces_make_plane_strain(friction: float) -> None:
    """E -> E / (1 - nu^2), nu -> nu / (1 - nu): A4 has p = 82.41758 MPa. Gate 0.5 % in the mean.

    With equal Poisson's ratios both bodies want the same axial stress, nothing slides, and
    friction is idle: the same pressure without slip.
    """
    stem = (200000 / (1 - 0.09), 0.3 / 0.7)
    assert lame(0, 10, 20, stem, stem, 0.01) == pytest.approx(82.41758, rel=1e-7)
    study = solved(plane_strain_case(friction))
    found = pressure(study, 82.41758, 2.0)
    assert found.mean == pytest.approx(82.41758, rel=5e-3)
    assert found.rms < 0.03, f"root mean square {found.rms:.2%}, largest {found.largest:.2%}"
    shear = np.abs(study.walk.press_fit.traction[:, 1:]).max()
    # Nothing drives shear but the same local error that the pressure has, some 7 % at the largest.
    assert shear < 0.1 * 82.4


# ---------------------------------------------------------------------------------------- finite hub

FINITE = {
    "ff1": (58.632, 30.0, (0.25, 0.5, 1, 2, 3, 5), (62.66, 60.64, 59.04, 58.09, 57.93, 58.14)),
    "ff2": (76.765, 20.0, (0.25, 0.5, 1, 2, 3, 5), (107.37, 93.57, 82.97, 75.91, 73.60, 72.71)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FINITE)
def test_finite_hub_on_a_longer_stem(name: str) -> None:
    """FF1 and FF2: two codes agree on the mean pressure and on its course near the hub's edge.

    Mean 0.5 %. The pressure at the edge itself is singular and has no value, and the vertices
    next to it swing round the course by 10 %; from one and a half elements on the mean round
    the circumference is held to 3 %, the discretisation at the recommended mesh.
    """
    mean, length, distances, course = FINITE[name]
    study = press_fit(name)
    found = pressure(study, mean, 0.0)
    assert found.mean == pytest.approx(mean, rel=5e-3)
    interface, values = study.interface, study.walk.press_fit.traction[:, 0]
    level = interface.points[:, 2]
    edge = np.minimum(level, length - level)
    size = study.case.mesh.interface
    for distance, expected in zip(distances, course, strict=True):
        near = np.abs(edge - distance) < 0.35 * size
        if distance < 1.5 * size or not near.any():
            continue
        there = np.interp(edge[near], distances, course)
        ratio = np.average(values[near] / there, weights=interface.area[near])
        assert ratio == pytest.approx(1.0, rel=0.03), f"{distance} mm from the edge, {expected} MPa"


@pytest.mark.slow
def test_a_hub_mesh_turned_by_half_a_facet_meets_the_same_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A1 with meshes that do not match: mean 0.5 %, displacement 0.2 %, root mean square as matched."""
    monkeypatch.setattr("fea.solving.build_mesh", partial(build_mesh, conforming=False))
    study = solved(case_of("a1"))
    found = pressure(study, TABLE["a1"][8], 1.4)
    assert found.mean == pytest.approx(TABLE["a1"][8], rel=5e-3)
    assert nodal_mean(study, canal(study)[0]) == pytest.approx(TABLE["a1"][9], rel=2e-3)
    matched = pressure(press_fit("a1"), TABLE["a1"][8], 1.4)
    assert found.rms < max(0.02, 1.3 * matched.rms), f"root mean square {found.rms:.2%} for {matched.rms:.2%}"


def test_transverse_isotropy_of_a6_is_along_the_axis() -> None:
    """The public case states Reilly & Burstein's constants with the stiff direction along z."""
    material = case_of("a6").bone_material.elasticity
    assert isinstance(material, TransverselyIsotropic)
    compliance = np.linalg.inv(material.stiffness())
    assert 1 / compliance[2, 2] == pytest.approx(17000)
    assert 1 / compliance[0, 0] == pytest.approx(11500)
    assert -compliance[0, 1] * 11500 == pytest.approx(0.58)
