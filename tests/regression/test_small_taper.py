"""A small taper joint through the pipeline: seat, hold, fretting, energy, words, files."""

from __future__ import annotations

import json
import math
import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea import pipeline
from fea.cache import Cache
from fea.case.taper import TaperCase, read_taper
from fea.cli import verbs
from fea.errors import SolverError
from fea.model.walk import walk_history
from fea.progress import Clock
from fea.solution import State
from fea.solving import Tools, assembly_of, factor_case, mesh_case, plan_of, solve_case
from fea.study import Study
from fea.taper.assessment import TaperAssessment, assess_taper
from fea.taper.fretting import fretting
from fea.taper.quantities import balance_of, cycle_before, normal_force, seating, taper_quantities
from fea.taper.words import in_words_of_a_joint
from tests.regression.test_small_femur import ROOT

CASE = """
schema_version = 1
kind = "taper_joint"
title = "A small joint"

[cone]
large_diameter_mm = 14.0
engagement_mm = 14.0
angle_deg = 5.0
angle_mismatch_deg = {mismatch}
bore_diameter_mm = 6.0
neck_length_mm = 6.0
material = "ti_6al_4v"

[socket]
outer_diameter_mm = 20.0
depth_mm = 16.0
length_mm = 24.0
material = "ti_6al_4v"

[adapter]
length_mm = 70.0

[fit]
friction = 0.2
{band}

[assembly]
{assembly}

[activity]
history = "{root}/cases/loads/level_walking.toml"
body_weight_N = 400.0
limb_side = "right"
instants_per_cycle = 16
cycles = 2

[mesh]
interface_size_mm = 3.2
far_size_mm = 4.0
companion = false

[output]
renders = false

[criteria]
file = "{root}/cases/criteria/taper_joint.toml"
"""
FORCE = 2000.0


def stated(
    folder: Path, assembly: str = f"force_N = {FORCE}", band: str = "", mismatch: float = 0.02
) -> Path:
    path = folder / "joint.toml"
    path.write_text(CASE.format(root=ROOT, assembly=assembly, band=band, mismatch=mismatch), encoding="utf-8")
    return path


def solved(joint: TaperCase, cache: Path) -> Study:
    return solve_case(joint.case, Tools(Cache(cache), Clock()))


def axial_on_cone(study: Study, state: State) -> float:
    """What the socket does to the cone along the axis, N."""
    interface = study.interface
    along = np.stack([interface.normal[:, 2], interface.axial[:, 2], interface.circumferential[:, 2]], axis=1)
    return -float(interface.area @ np.sum(state.traction * along, axis=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("taper")


@pytest.fixture(scope="module")
def run(folder: Path) -> tuple[TaperCase, Study, Path]:
    """A joint with both ends of its band of friction; at 0.04 it does not lock itself."""
    path = stated(folder, band="friction_band = [0.04, 0.3]")
    outcome = pipeline.run(path, folder / "results")
    joint = read_taper(path)
    return joint, solved(joint, folder / "results" / ".cache"), outcome.folder


def test_the_force_of_assembly_is_in_equilibrium_with_a_wedge_that_slips(
    run: tuple[TaperCase, Study, Path],
) -> None:
    """F = N (sin a + f cos a) with every vertex that touches slipping inwards, on any mesh."""
    joint, study, _ = run
    peak = max(study.walk.assembly, key=lambda state: state.wrench[2])
    assert peak.wrench[2] == FORCE
    a, socket = joint.half_angle, math.atan(joint.socket.slope)
    assert a - socket == pytest.approx(math.radians(0.01), rel=1e-6)
    # The surface that both share is the socket's, and its angle counts.
    found = normal_force(study.interface, peak) * (math.sin(socket) + 0.2 * math.cos(socket))
    assert found == pytest.approx(FORCE, rel=1e-3)
    # Frames of vertices are means over curved facets; forces themselves balance to round-off.
    assert axial_on_cone(study, peak) == pytest.approx(-FORCE, rel=5e-3)
    assert study.balance.contact < 1e-10
    assert study.balance.reaction < 1e-10


def test_the_seat_is_that_of_thin_slices_to_a_few_percent(run: tuple[TaperCase, Study, Path]) -> None:
    joint, study, _ = run
    peak = max(study.walk.assembly, key=lambda state: state.wrench[2])
    assert seating(study.interface, peak) == pytest.approx(joint.slices.seating(FORCE, 0.2), rel=0.08)


def test_a_released_cone_stays_and_keeps_its_press(run: tuple[TaperCase, Study, Path]) -> None:
    _, study, _ = run
    *_, last = study.walk.assembly
    assert last is study.walk.press_fit
    assert not last.wrench.any()
    peak = max(study.walk.assembly, key=lambda state: state.wrench[2])
    assert 0.9 < normal_force(study.interface, last) / normal_force(study.interface, peak) < 1.0
    assert abs(axial_on_cone(study, last)) < 5e-3 * FORCE


def test_friction_work_of_the_places_is_that_of_the_solvers_increments(
    run: tuple[TaperCase, Study, Path],
) -> None:
    joint, study, _ = run
    done = fretting(study.interface, study.walk.press_fit, study.walk.judged, cycle_before(study.walk))
    increments = sum(state.dissipation for state in study.walk.judged)
    assert done.total(study.interface.area) == pytest.approx(increments, rel=1e-10)
    assert (done.energy >= -1e-12).all()
    assert (done.energy <= joint.friction * done.index + 1e-12).all()


def test_the_work_of_the_loads_is_elastic_energy_and_friction(run: tuple[TaperCase, Study, Path]) -> None:
    """What is missing is the error of the steps, and falls with their square."""
    joint, study, folder = run
    defects = []
    for instants in (16, 64):
        activity = replace(joint.case.activity, instants_per_cycle=instants)  # type: ignore[type-var]
        finer = replace(joint, case=replace(joint.case, activity=activity, bands=()))
        balance = balance_of(study if instants == 16 else solved(finer, folder.parent / ".cache"))
        assert balance is not None
        assert balance.friction > 0.1
        defects.append(balance.defect)
    assert defects[0] < 0.12
    assert defects[1] < defects[0] / 4


def test_a_band_that_reaches_below_the_tangent_of_the_half_angle_leaves_the_verdict_open(
    run: tuple[TaperCase, Study, Path],
) -> None:
    joint, study, _ = run
    assessment = assess_taper(joint, study)
    low, high = assessment.corners
    assert low.friction == 0.04
    assert low.fretting == "not met"
    assert "The joint does not hold: the cone is sliding out along the axis" in low.sentence
    assert high.fretting != "not met"
    assert assessment.fretting == "not shown"
    assert assessment.fretting_sentences[0].startswith("Friction decides:")


def test_files_speak_of_cone_and_socket_and_of_no_bone(run: tuple[TaperCase, Study, Path]) -> None:
    *_, folder = run
    names = {path.name for path in folder.iterdir()}
    assert {"cone.vtu", "socket.vtu", "contact.vtu", "activity.pvd", "report.html", "summary.json"} <= names
    assert not [name for name in names if "bone" in name or "stem" in name]
    page = (folder / "report.html").read_text(encoding="utf-8")
    page = re.sub(r"<style>.*?</style>|<details>.*?</details>|data:[^\"]*", "", page, flags=re.DOTALL)
    words = re.sub(r"bone-anchored", "", page)
    assert not re.findall(r"\b(?:bones?|stems?|canal|reamed|micromotion|press-fit)\b", words, re.IGNORECASE)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["kind"] == "taper_joint"
    assert {"cone", "socket"} == set(summary["mesh"]["bodies"])
    assert "bone" not in " ".join(quantity["name"] for quantity in summary["quantities"])
    assert summary["energy"]["friction_mJ"] == pytest.approx(sum(summary["series"]["friction_work_mJ"]))


def test_a_report_is_written_again_without_solving_and_refused_once_the_case_changed(
    run: tuple[TaperCase, Study, Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "joint.toml"
    outcome = pipeline.report(path, folder / "results")
    assert verbs._tell(outcome.folder, outcome.assessment, Namespace(fail_on_verdict=True)) == 3
    assert "fretting           not shown" in capsys.readouterr().out
    stated(folder, band="friction_band = [0.04, 0.25]")
    with pytest.raises(ValueError, match="this case is not solved as it stands"):
        pipeline.report(path, folder / "results")
    stated(folder, band="friction_band = [0.04, 0.3]")


def test_mesh_writes_cone_and_socket(folder: Path) -> None:
    made, where = pipeline.mesh(stated(folder, band="friction_band = [0.04, 0.3]"), folder / "results")
    assert (where / "mesh_cone.vtu").exists()
    assert (where / "mesh_socket.vtu").exists()
    assert not (where / "stem.step").exists()
    assert made.quality.inverted == 0


def test_a_screw_holds_with_its_preload_and_counts_for_the_pull_off(tmp_path: Path) -> None:
    """The contact carries the preload, whole; without a load nothing else acts on the cone."""
    joint = read_taper(stated(tmp_path, "screw_preload_N = 1500.0"))
    study = solved(joint, tmp_path / ".cache")
    assert study.walk.loss is None
    assert axial_on_cone(study, study.walk.press_fit) == pytest.approx(-1500.0, rel=5e-3)
    found = {quantity.name: quantity for quantity in taper_quantities(joint, study)}
    assert found["pull_off_force_N"].value > 1500.0
    balance = balance_of(study)
    assert balance is not None
    assert balance.defect < 0.12


def test_a_seat_by_overlap_presses_in_proportion_and_near_the_slices(tmp_path: Path) -> None:
    """Cones of one angle close everywhere at once; slices do not know what stiffens the socket above."""
    forces = []
    for seat in (0.06, 0.12):
        joint = read_taper(stated(tmp_path, f"seating_mm = {seat}", mismatch=0.0))
        study = solved(replace(joint, case=replace(joint.case, activity=None)), tmp_path / ".cache")
        forces.append(normal_force(study.interface, study.walk.press_fit))
    assert forces[1] == pytest.approx(2 * forces[0], rel=1e-9)
    assert forces[1] == pytest.approx(joint.slices.normal_force(0.12), rel=0.15)


def test_a_joint_that_comes_apart_is_told_so_and_judged_by_nothing_beyond(tmp_path: Path) -> None:
    """Friction that hardly locks, a weak press and a patient of 2000 N, whose bending levers the cone out."""
    path = stated(tmp_path, "force_N = 15.0")
    text = path.read_text(encoding="utf-8").replace("friction = 0.2", "friction = 0.05")
    text = text.replace("[mesh]", "[steps]\nmax_cut_backs = 3\n\n[mesh]")
    path.write_text(text.replace("body_weight_N = 400.0", "body_weight_N = 2000.0"), encoding="utf-8")
    outcome = pipeline.run(path, tmp_path / "results")
    assessment = outcome.assessment
    assert isinstance(assessment, TaperAssessment)
    assert assessment.fretting == "not met"
    assert "The joint comes apart at" in assessment.fretting_sentences[0]
    assert assessment.safety == "not shown"
    assert not [quantity for quantity in assessment.quantities if quantity.name.startswith("slip")]
    page = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert "free travel is no slip of a joint" in page


def test_a_joint_is_refused_by_iteration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSSEOFIT_ROUTE", "factored")
    with pytest.raises(SolverError, match="a taper joint is solved on the direct route alone"):
        pipeline.run(stated(tmp_path), tmp_path / "results")


def test_the_course_of_an_assembly_rises_in_equal_steps_and_falls_to_nothing(tmp_path: Path) -> None:
    case = read_taper(stated(tmp_path)).case
    assert assembly_of(case)[:, 2].tolist() == [500.0, 1000.0, 1500.0, 2000.0, 1500.0, 1000.0, 500.0, 0.0]
    assert not assembly_of(replace(case, assembly_force=0.0)).size


def test_what_the_rooms_below_say_is_said_of_cone_and_socket() -> None:
    told = in_words_of_a_joint("gmsh could not mesh the stem and the bone after the press-fit")
    assert told == "gmsh could not mesh the cone and the socket after the assembly"


def test_a_wedge_that_is_pulled_lightly_does_not_spring_out_of_its_seat(tmp_path: Path) -> None:
    """Sprung out is an equilibrium too: 40 N pull at a cone that holds 1200 N, and full steps find it."""
    case = read_taper(ROOT / "cases" / "adapter_taper.toml").case
    assert case.activity is not None
    coarse = replace(case.mesh, interface=2.8, edge=2.4, far=3.2, companion=False)
    activity = replace(case.activity, instants_per_cycle=40, cycles=1)
    case = replace(case, mesh=coarse, activity=activity, bands=())
    tools = Tools(Cache(tmp_path), Clock())
    mesh = mesh_case(case, tools)
    model, _ = factor_case(case, mesh, tools)
    plan = plan_of(case)
    plan = replace(plan, percent=plan.percent[:29], wrenches=plan.wrenches[:29])
    problem = model.problem(model.operators.gap, {"uncoated": 0.2})
    near, far = (walk_history(model, problem, replace(plan, farthest=most)) for most in (0.02, math.inf))
    assert near.walk.loss is None
    pressed = [float(point.forces[:, 0].sum()) for point in near.cycles[0]]
    assert min(pressed) > 0.9 * float(near.seated.forces[:, 0].sum())
    sprung = [float(point.forces[:, 0].sum()) for point in far.cycles[0]]
    assert min(sprung) < 0.1 * min(pressed), "full steps no longer spring: this test shows nothing any more"
