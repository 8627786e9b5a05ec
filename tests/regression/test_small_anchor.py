"""A small pre-tensioned anchor through the pipeline: what plate and pins report, two routes, a deck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from fea.cache import Cache
from fea.case.anchor_tables import BAR
from fea.case.case import Case
from fea.case.reader import read_case
from fea.export.deck import Contact, assemble_deck
from fea.export.writer import write_deck
from fea.post import tokens
from fea.post.anchor import bar_shortening
from fea.post.assessment import Assessment, assess_study
from fea.post.face import plate_face
from fea.post.inputs import case_inputs
from fea.post.micromotion import micromotion
from fea.post.plots import cycle_plots
from fea.post.quantity import Quantity
from fea.post.render.unrolled_views import Instant, micromotion_map, pressure_map, status_map
from fea.post.rims import near_rim, rims
from fea.post.series import series
from fea.post.zones import zone_table
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.status import Status
from fea.study import Study
from fea.sweep.design import Axis, Question, design_of
from fea.uncertain.defaults import uncertainty_of
from fea.variants import variants_of
from tests.regression.test_small_femur import ROOT

CASE = """
schema_version = 1
title = "A small anchor"

[bone]
length_mm = 70.0
material = {{ youngs_modulus_MPa = 17000.0, poisson_ratio = 0.3 }}

[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 14.0

[stem]
diameter_mm = 12.0
length_mm = 12.0
material = "ti_6al_4v"

[stem.collar]
diameter_mm = 28.0
thickness_mm = 8.0

[stem.anchor]
preload_N = {preload}
washer_stiffness_N_per_mm = 400.0
pin_diameter_mm = 4.0
pin_levels_mm = [26.0, 38.0]
pin_directions_deg = [0.0, 90.0]

[stem.adapter]
length_mm = 40.0

[fit.collar]
friction = 0.5
friction_band = [0.3, 0.9]

[supports]
bone_proximal = "clamped"

[activity]
history = "{root}/cases/loads/level_walking.toml"
body_weight_N = 300.0
limb_side = "right"
instants_per_cycle = 6
cycles = 1

[mesh]
interface_size_mm = 4.0
companion = false

[criteria]
file = "{root}/cases/criteria/primary_stability.toml"
"""
PRELOAD = 2000.0
AREA = np.pi * (14.0**2 - 7.0**2)


@dataclass(frozen=True, eq=False)
class Ran:
    """A solved case and what it concludes."""

    study: Study
    quantities: dict[str, Quantity]
    assessment: Assessment


def stated(folder: Path, preload: float = PRELOAD) -> Case:
    path = folder / "anchor.toml"
    path.write_text(CASE.format(root=ROOT, preload=preload), encoding="utf-8")
    return read_case(path)


def solved(case: Case, folder: Path) -> Ran:
    study = solve_case(case, Tools(Cache(folder / "cache"), Clock()))
    quantities, assessment = assess_study(study)
    return Ran(study, {found.name: found for found in quantities}, assessment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("anchor")


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    return solved(stated(folder), folder)


def test_the_run_is_in_balance(ran: Ran) -> None:
    balance = ran.study.balance
    assert max(balance.reaction, balance.contact) < 1e-9
    assert balance.residual < 1e-8


def test_the_plate_carries_preload_and_load(ran: Ran) -> None:
    """Statics, at every instant to round-off: P after the press-fit, P + F under the axial force F."""
    walk, interface = ran.study.walk, ran.study.interface
    states = [walk.press_fit, *walk.judged]
    found = [float(interface.area @ state.traction[:, 0]) for state in states]
    exact = [PRELOAD, *(PRELOAD + state.wrench[2] for state in walk.judged)]
    np.testing.assert_allclose(found, exact, rtol=1e-9)
    least = ran.quantities["plate_force_least_N"]
    assert least.value == pytest.approx(min(exact[1:]), rel=1e-9)
    assert ran.quantities["mean_pressure_collar_MPa"].value == pytest.approx(PRELOAD / AREA, rel=2e-3)


def test_the_plate_is_what_is_judged(ran: Ran) -> None:
    judged = {
        "contact_area_percent",
        "micromotion_p95_um",
        "contact_area_least_percent",
        "largest_opening_um",
    }
    assert {ran.quantities[name].zone.partition(",")[0] for name in judged} == {"plate on the cut"}
    assert ran.quantities["contact_area_percent"].value == pytest.approx(100.0)
    # Bending lifts an edge.
    assert ran.quantities["contact_area_least_percent"].value < 90.0
    for name in ("collar_axial_share_percent", "migration_axial_mean_um", "tip_zone_tension_strain_percent"):
        assert name not in ran.quantities


def test_the_course_of_the_collars_force_has_no_share_of_the_load(ran: Ran) -> None:
    found = series(ran.study)
    assert np.isnan(found.collar_share_percent).all()
    assert found.collar_force_N.min() == pytest.approx(ran.quantities["plate_force_least_N"].value)
    (plot,) = [plot for plot in cycle_plots(found, "walking") if plot.name == "collar"]
    assert "%" not in plot.alt


def test_the_bar_shortens_as_bars_in_compression_do(ran: Ran) -> None:
    """Between plate and pins bone is compressed by F L / (E A), and plate and holes yield besides."""
    case, shortening = ran.study.case, bar_shortening(ran.study)
    bar = PRELOAD * (26.0 + 38.0) / 2.0 / (17000.0 * AREA)
    assert 1.0 * bar < shortening[0] < 3.0 * bar
    changes = shortening[1:] - shortening[0]
    told = ran.quantities["anchor_length_change_um"]
    assert told.value == pytest.approx(1000.0 * np.abs(changes).max())
    percent = 100.0 * 400.0 * np.abs(changes).max() / PRELOAD
    assert ran.quantities["anchor_preload_change_percent"].value == pytest.approx(percent)
    assert "400 N/mm" in ran.quantities["anchor_preload_change_percent"].zone
    assert case.preloads == {BAR: PRELOAD}


def test_the_bars_length_is_that_between_spindle_and_pins(ran: Ran) -> None:
    """Moved together it keeps it; a spindle that moves towards the pins by 1 mm shortens it by 1 mm."""
    study = ran.study
    up = [np.tile([0.0, 0.0, 1.0], (len(part.points), 1)) for part in (study.mesh.stem, study.mesh.bone)]
    turned = [np.cross([0.1, 0.2, 0.3], part.points) for part in (study.mesh.stem, study.mesh.bone)]
    for stem, bone, exact in (
        (up[0], up[1], 0.0),
        (*turned, 0.0),
        (up[0], 0 * up[1], 1.0),
        (0 * up[0], up[1], -1.0),
    ):
        moved = replace(
            study,
            stem=replace(study.stem, displacement=stem[None]),
            bone=replace(study.bone, displacement=bone[None]),
        )
        np.testing.assert_allclose(bar_shortening(moved), [exact], atol=1e-10)


def test_the_pins_bear_with_the_preload_over_their_projected_areas(ran: Ran) -> None:
    found = ran.quantities["pin_bearing_pressure_MPa"]
    assert found.value == pytest.approx(PRELOAD / 4.0 / (4.0 * 7.0))
    assert found.error == 0.0


def test_strain_beside_the_holes_is_told_apart_and_theirs_is_not_judged(ran: Ran) -> None:
    anchor = ran.study.case.stem.anchor
    strain = ran.quantities["pin_holes_compression_strain_percent"]
    off = anchor.outside_holes(np.array([strain.place]))[0]
    assert 2.0 < off <= 6.0
    points = ran.study.mesh.bone.points
    assert near_rim(points, ran.study.case, "bone")[anchor.outside_holes(points) < 1.9].all()
    names = {rim.name for rim in rims(ran.study.case)}
    assert {"holes of the pins", "corner of plate and spindle", "canal mouth at the cut"} <= names
    assert not any("tip" in name for name in names)


def test_zones_are_the_plates_quadrants(ran: Ran) -> None:
    study = ran.study
    table = zone_table(study.interface, study.case.stem, study.walk.press_fit, micromotion(study.walk))
    assert [row.name for row in table] == [
        f"plate, {side}" for side in ("anterior", "left", "posterior", "right")
    ]
    assert sum(row.area for row in table) == pytest.approx(AREA, rel=2e-3)


def test_a_preload_that_does_not_hold_is_a_loss_of_fixation(folder: Path) -> None:
    """Walking bends with some 8 N m: with 300 N the plate would need an edge 26 mm from the axis."""
    loose = solved(stated(folder, 300.0), folder)
    assert loose.study.walk.loss is not None
    assert loose.assessment.stability == "unstable"
    assert "plate_force_least_N" not in loose.quantities


def test_no_open_collar_but_corners_of_its_friction(ran: Ran) -> None:
    assert [inputs.name for inputs in variants_of(ran.study.case)] == ["friction low", "friction high"]
    assert {variant.name for variant in ran.study.variants} == {"friction low", "friction high"}


def test_sweeps_and_ranges_vary_the_plates_friction(ran: Ran) -> None:
    case = ran.study.case
    design = design_of(Question("command line", (Axis("friction", (0.4, 0.6)),)), case)
    assert design.zones == ("collar",)
    with pytest.raises(ValueError, match="the plate of an anchor has no interference"):
        design_of(Question("command line", (Axis("interference_um", (5.0,)),)), case)
    ranges, _ = uncertainty_of(case)
    assert ranges.zone == "collar"
    assert "diametral_interference_um" not in {item.name for item in ranges.inputs}


def test_both_routes_find_the_same(ran: Ran, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(ran.study.case, activity=None, bands=())
    direct = solved(case, folder)
    monkeypatch.setenv("OSSEOFIT_ROUTE", "factored")
    other = solved(case, folder)
    assert other.study.walk.loss is None
    mine, theirs = (found.study.walk.press_fit.traction for found in (other, direct))
    assert np.abs(mine - theirs).max() < 1e-6 * np.abs(theirs).max()
    assert max(other.study.balance.reaction, other.study.balance.contact) < 1e-8
    assert "anchor_length_change_um" not in direct.quantities


def test_the_plates_face_is_drawn_in_place_of_an_unrolled_flank(ran: Ran) -> None:
    study = ran.study
    interface, states = study.interface, study.walk.judged
    face = plate_face(interface)
    assert face.areas().sum() == pytest.approx(AREA, rel=2e-3)
    # Anterior is at the top, the patient's left on the left.
    front, left = int(face.down.argmin()), int(face.right.argmin())
    assert face.angle[front] == pytest.approx(0.0, abs=8.0)
    assert face.angle[left] == pytest.approx(90.0, abs=8.0)
    motion = micromotion(study.walk)
    table = zone_table(interface, study.case.stem, study.walk.press_fit, motion)
    seated = Instant("after press-fit", study.walk.press_fit)
    with mpl.rc_context(tokens.style()):
        sheets = [
            pressure_map(face, interface, study.case.stem, [seated, Instant("later", states[1])]),
            micromotion_map(face, interface, study.case.stem, motion.resulting, states, table, "cycle"),
            status_map(face, interface, study.case.stem, Instant("later", states[1])),
        ]
    assert all("The plate's face on the cut" in sheet.says for sheet in sheets)
    assert all("of the plate on the cut" in sheet.says for sheet in sheets)


def test_inputs_name_pins_washers_and_the_bar(ran: Ran) -> None:
    named = {entry.name: entry for entry in case_inputs(ran.study.case)}
    assert (named["preload.anchor_bar"].value, named["preload.anchor_bar"].unit) == (PRELOAD, "N")
    assert named["stem.anchor.pins[1].level"].unit == "mm"
    direction = named["stem.anchor.pins[1].direction"]
    assert (direction.value, direction.unit) == (pytest.approx(np.pi / 2), "rad")
    assert named["stem.anchor.washer_stiffness"].unit == "N/mm"


def test_a_deck_pulls_spindle_and_pins_together(ran: Ran, tmp_path: Path) -> None:
    deck = assemble_deck(ran.study.case, ran.study.mesh, 2, Contact())
    write_deck(deck, tmp_path, "anchor", "calculix")
    first = (tmp_path / "anchor_history.inc").read_text().split("*STEP")[1]
    at_node = np.zeros_like(deck.points)
    for row in first.split("*CLOAD\n")[1].split("*")[0].splitlines():
        node, direction, value = row.split(",")
        at_node[int(node) - 1, int(direction) - 1] = float(value)
    pulled = at_node[:, 2] > 0
    on_end = np.abs(deck.points[:, 2] - 12.0) < 1e-6
    assert at_node[on_end, 2].sum() == pytest.approx(PRELOAD, rel=1e-6)
    assert at_node[~on_end, 2].sum() == pytest.approx(-PRELOAD, rel=1e-6)
    assert pulled.any()


def test_the_open_part_of_the_plate_is_where_bending_lifts_it(ran: Ran) -> None:
    """Where the moment about the cut points its lifting side, vertices are open at the worst instant."""
    study = ran.study
    states = study.walk.judged
    row = int(np.argmin([(state.status != Status.OPEN).mean() for state in states]))
    state, case = states[row], study.case
    moment = state.wrench[3:] + np.cross(np.array(case.reference_point), state.wrench[:3])
    points = study.interface.points
    pressed = moment[0] * points[:, 1] - moment[1] * points[:, 0]
    opened = state.status == Status.OPEN
    assert opened.any()
    assert pressed[opened].mean() < 0 < pressed[~opened].mean()
