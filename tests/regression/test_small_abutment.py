"""A small fixture with an abutment and its screw, through the pipeline, by two routes and into a deck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.elasticity.wrench import end_face_loads
from fea.export.deck import Contact, Deck, assemble_deck
from fea.export.writer import write_deck
from fea.mesh.parts import Mesh
from fea.model.preload import Preload
from fea.post.assessment import assess_study
from fea.post.inputs import case_inputs
from fea.post.joint import JOINT, joint_pressures
from fea.post.quantity import Quantity
from fea.post.rims import rims
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.study import Study
from tests.regression.test_small_femur import ROOT

CASE = """
schema_version = 1
title = "A small fixture with an abutment"

[bone]
length_mm = 40.0
material = {{ youngs_modulus_MPa = 17000.0, poisson_ratio = 0.3 }}

[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 16.0

[stem]
diameter_mm = 16.0
length_mm = 30.0
bore_diameter_mm = 6.0
material = "ti_6al_4v"

[stem.abutment]
diameter_mm = 14.0
length_mm = 15.0
seat_mm = -2.0
{material}

[stem.abutment.screw]
preload_N = {preload}
engagement_from_mm = 6.0
engagement_to_mm = 14.0
seat_diameter_mm = 11.0
core_diameter_mm = 5.0

[stem.adapter]
length_mm = 60.0

[fit]
friction = 0.4
diametral_interference_um = 20.0

[supports]
bone_proximal = "clamped"

[activity]
history = "{root}/cases/loads/level_walking.toml"
body_weight_N = 300.0
limb_side = "right"
instants_per_cycle = 6
cycles = 1

[mesh]
interface_size_mm = 5.0
companion = false

[criteria]
file = "{root}/cases/criteria/primary_stability.toml"
"""
PRELOAD = 3000.0
STEEL = "material = { youngs_modulus_MPa = 200000.0, poisson_ratio = 0.3 }"


@dataclass(frozen=True, eq=False)
class Ran:
    """A solved case and what it concludes."""

    study: Study
    quantities: dict[str, Quantity]
    safety: tuple[str, ...]


def stated(folder: Path, preload: float = PRELOAD, material: str = STEEL) -> Case:
    path = folder / "fixture.toml"
    path.write_text(CASE.format(root=ROOT, preload=preload, material=material), encoding="utf-8")
    return read_case(path)


def solved(case: Case, folder: Path) -> Ran:
    study = solve_case(case, Tools(Cache(folder / "cache"), Clock()))
    quantities, assessment = assess_study(study)
    return Ran(study, {found.name: found for found in quantities}, assessment.safety_sentences)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fixture")


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    return solved(stated(folder), folder)


def carried(study: Study) -> tuple[np.ndarray, np.ndarray]:
    """Axial force and bending moment on the joint by statics alone: all that acts on the abutment."""
    case = study.case
    lever = np.array(case.reference_point) - [0.0, 0.0, -2.0]
    wrenches = np.array([np.zeros(6), *(state.wrench for state in study.walk.judged)])
    moment = wrenches[:, 3:] + np.cross(lever, wrenches[:, :3])
    return PRELOAD + wrenches[:, 2], moment


def test_the_run_is_in_balance(ran: Ran) -> None:
    balance = ran.study.balance
    assert max(balance.reaction, balance.contact) < 1e-9
    assert balance.residual < 1e-8


def test_the_joint_carries_what_acts_on_the_abutment(ran: Ran) -> None:
    """Statics: preload and wrench on the abutment alone; internal forces of its elements, to round-off."""
    joint = ran.study.case.stem.joint
    assert joint is not None
    pressure, angle = joint_pressures(ran.study, joint)
    force, moment = carried(ran.study)
    bending = np.hypot(moment[:, 0], moment[:, 1])
    exact = force / joint.area - bending * joint.outer_radius / joint.second_moment
    np.testing.assert_allclose(pressure, exact, atol=1e-8 * PRELOAD / joint.area)
    assert pressure[0] == pytest.approx(PRELOAD / joint.area, rel=1e-8)
    # Where the moment lifts: its vector product with the arm points proximally on the side pressed less.
    x, y = np.cos(angle[1:]), np.sin(angle[1:])
    lifted = moment[1:, 0] * y - moment[1:, 1] * x
    np.testing.assert_allclose(lifted, -bending[1:], atol=1e-6 * bending.max())


def test_an_open_joint_is_said_plainly_and_a_closed_one_too(ran: Ran, folder: Path) -> None:
    opened = ran.quantities[JOINT]
    assert opened.value < 0.0
    assert opened.error == 0.0
    joint = ran.study.case.stem.joint
    row = int(np.argmin(joint_pressures(ran.study, joint)[0]))
    sentence = (
        f"the joint would open at {ran.study.walk.percent[row - 1]:g} % of the activity: the preload of"
        f" {PRELOAD:g} N does not hold it; what is computed holds it together"
    )
    assert sentence in opened.zone
    assert f"Not judged: {sentence}." in ran.safety
    tight = solved(stated(folder, 50000.0), folder)
    assert tight.quantities[JOINT].value > 0.0
    assert tight.quantities[JOINT].zone.endswith("positive: the joint stays closed")
    assert not any("joint" in sentence for sentence in tight.safety)


def test_the_abutment_of_its_own_material_is_reported_apart(ran: Ran, folder: Path) -> None:
    assert ran.quantities["abutment_von_mises_MPa"].zone.startswith("abutment, away from rims; ")
    assert ran.quantities["stem_von_mises_MPa"].zone == "stem without its abutment, away from rims"
    core = np.pi * 5.0**2 / 4
    assert ran.quantities["abutment_screw_mean_stress_MPa"].value == pytest.approx(PRELOAD / core)
    one = solved(stated(folder, material=""), folder)
    assert "abutment_von_mises_MPa" not in one.quantities
    assert one.quantities["stem_von_mises_MPa"].zone == "stem, away from rims"
    # One solid or two materials: what the joint carries is the same.
    assert one.quantities[JOINT].value == pytest.approx(ran.quantities[JOINT].value, rel=1e-8)


def test_the_preload_widens_and_narrows_the_fixture_but_adds_no_load(ran: Ran, folder: Path) -> None:
    """The clamped part is shortened and so widened: contact pressure changes, its resultant does not."""
    loose = solved(stated(folder, 1e-3), folder)
    area = ran.study.interface.area
    tractions = [study.walk.press_fit.traction for study in (ran.study, loose.study)]
    assert np.abs(tractions[0] - tractions[1]).max() > 0.1
    axial = [float((area * traction[:, 1]).sum()) for traction in tractions]
    assert axial[0] == pytest.approx(axial[1], abs=1e-6 * PRELOAD)


def test_both_routes_find_the_same(ran: Ran, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(ran.study.case, activity=None, steps=replace(ran.study.case.steps, press_fit_increments=1))
    direct = solved(case, folder)
    monkeypatch.setenv("OSSEOFIT_ROUTE", "factored")
    other = solved(case, folder)
    mine, theirs = (found.study.walk.press_fit.traction for found in (other, direct))
    assert np.abs(mine - theirs).max() < 1e-6 * np.abs(theirs).max()
    assert other.quantities[JOINT].value == pytest.approx(PRELOAD / case.stem.joint.area, rel=1e-6)
    assert max(other.study.balance.reaction, other.study.balance.contact) < 1e-8


@pytest.mark.parametrize("route", ["direct", "factored"])
def test_the_balance_knows_preloads_on_held_nodes(
    ran: Ran, folder: Path, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """A preload between the stem's end and the clamped end of the bone, which reacts against it."""

    def between(case: Case, mesh: Mesh) -> tuple[Preload, ...]:
        on_stem = end_face_loads(mesh.stem.points, mesh.stem.facets["distal_end"], np.zeros(3))[:, 2]
        on_bone = end_face_loads(mesh.bone.points, mesh.bone.facets["proximal"], np.zeros(3))[:, 2]
        return (Preload("spindle", 300.0, on_stem, -on_bone),)

    case = replace(ran.study.case, activity=None, steps=replace(ran.study.case.steps, press_fit_increments=1))
    monkeypatch.setenv("OSSEOFIT_ROUTE", route)
    monkeypatch.setattr("fea.solving.preloads_of", between)
    study = solve_case(case, Tools(Cache(folder / "cache"), Clock()))
    assert max(study.balance.reaction, study.balance.contact) < 1e-8
    pressed = study.walk.press_fit.traction[:, 1] * study.interface.area
    # The sum that is exact is the balance's; axes of a coarse cylinder's facets are not all along z.
    assert float(pressed.sum()) == pytest.approx(300.0, rel=5e-3)


def test_inputs_and_rims_name_abutment_and_screw(ran: Ran) -> None:
    named = {entry.name: entry for entry in case_inputs(ran.study.case)}
    assert (named["preload.abutment_screw"].value, named["preload.abutment_screw"].unit) == (PRELOAD, "N")
    assert named["abutment_material.youngs_modulus"].value == 200000.0
    assert named["stem.abutment.screw.head_diameter"].unit == "mm"
    found = {(rim.name, rim.level) for rim in rims(ran.study.case)}
    assert ("end of the screw's thread", 6.0) in found
    assert ("edge of the joint of fixture and abutment", -2.0) in found
    assert ("edge of the screw's head", -17.0) in found


def test_a_deck_puts_the_preload_on_with_the_press_fit_and_keeps_it(ran: Ran, tmp_path: Path) -> None:
    deck = assemble_deck(ran.study.case, ran.study.mesh, 2, Contact())
    write_deck(deck, tmp_path, "fixture", "calculix")
    steps = (tmp_path / "fixture_history.inc").read_text().split("*STEP")[1:]
    assert len(steps) == 3
    forces: dict[tuple[int, int], float] = {}
    for step, wrench in zip(steps, [np.zeros(6), *deck.cycle.wrenches], strict=True):
        for row in step.split("*CLOAD\n")[1].split("*")[0].splitlines():
            node, direction, value = row.split(",")
            forces[int(node), int(direction)] = float(value)  # a force stated again replaces the one before
        at_node = np.zeros_like(deck.points)
        for (node, direction), value in forces.items():
            at_node[node - 1, direction - 1] = value
        np.testing.assert_allclose(at_node.sum(axis=0), wrench[:3], atol=1e-7 * PRELOAD)
        below = deck.points[:, 2] < -2.0
        assert at_node[below, 2].sum() == pytest.approx(PRELOAD + wrench[2], rel=1e-9)
    mesh = (tmp_path / "fixture_mesh.inc").read_text()
    assert "ELSET=ABUTMENT\n" in mesh
    assert len(deck.preloaded) > 10


def test_a_deck_without_preload_states_none(ran: Ran, tmp_path: Path) -> None:
    case = replace(ran.study.case, preloads={})
    deck: Deck = assemble_deck(case, ran.study.mesh, 2, Contact())
    write_deck(deck, tmp_path, "fixture", "abaqus")
    assert "preload" not in (tmp_path / "fixture_history.inc").read_text()
