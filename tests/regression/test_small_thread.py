"""A small threaded fixture through the pipeline: zones, judged area, bands, rims, maps, sweeps, a deck."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from fea.cache import Cache
from fea.case.reader import read_case
from fea.export.deck import Contact, assemble_deck
from fea.export.writer import write_deck
from fea.post import tokens
from fea.post.assessment import assess_study
from fea.post.inputs import case_inputs
from fea.post.quantity import Quantity
from fea.post.rims import near_rim, rims
from fea.post.unrolled import unroll
from fea.post.zones import zone_table
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.study import Study
from fea.sweep.design import Axis, Question, design_of
from fea.uncertain.defaults import uncertainty_of
from tests.regression.test_small_femur import ROOT

CASE = """
schema_version = 1
title = "A small fixture"

[bone]
length_mm = 50.0
material = {{ youngs_modulus_MPa = 17000.0, poisson_ratio = 0.3 }}

[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 12.0

[reaming]
diameter_mm = 14.0
depth_mm = 34.0
end_radius_mm = 6.0

[stem]
diameter_mm = 14.0
length_mm = 26.0
protrusion_mm = 6.0
bore_diameter_mm = 5.0
material = "ti_6al_4v"

[stem.thread]
form = "{form}"
pitch_mm = 4.0
depth_mm = 1.5
crest_mm = 0.8
from_mm = 3.0
to_mm = 23.0

[stem.adapter]
length_mm = 40.0

[fit]
friction = 0.3

[fit.thread]
interference_um = 4.0
friction = 0.4
friction_band = [0.3, 0.6]

[supports]
bone_proximal = "clamped"

[activity]
history = "{root}/cases/loads/level_walking.toml"
body_weight_N = 300.0
limb_side = "right"
instants_per_cycle = 6
cycles = 2

[steps]
press_fit_increments = 2

[mesh]
interface_size_mm = 5.0
companion = false

[output]
renders = false

[criteria]
file = "{root}/cases/criteria/primary_stability.toml"
"""


def stated(folder: Path, form: str) -> Path:
    path = folder / f"{form}.toml"
    path.write_text(CASE.format(form=form, root=ROOT), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("thread")
    case = read_case(stated(folder, "helix"))
    return solve_case(case, Tools(Cache(folder / "cache"), Clock()))


@pytest.fixture(scope="module")
def quantities(study: Study) -> dict[str, Quantity]:
    found, _ = assess_study(study)
    return {quantity.name: quantity for quantity in found}


@pytest.fixture(autouse=True)
def drawn() -> Iterator[None]:
    with mpl.rc_context(tokens.style()):
        yield


def test_the_thread_is_what_micromotion_is_judged_on(study: Study, quantities: dict[str, Quantity]) -> None:
    found = quantities
    assert study.interface.zones == ("uncoated", "thread")
    assert found["micromotion_p95_um"].zone == "thread, where it touches"
    assert 0.0 < found["micromotion_p95_um"].value < 20.0
    assert found["mean_pressure_thread_MPa"].value > 5.0


def test_the_run_is_in_balance(study: Study) -> None:
    balance = study.balance
    assert max(balance.reaction, balance.contact) < 1e-9
    assert balance.residual < 1e-8


def test_its_friction_band_makes_variants(study: Study) -> None:
    assert {variant.name for variant in study.variants} >= {"friction low", "friction high"}


def test_what_lies_between_core_and_crest_is_no_judged_peak(study: Study) -> None:
    """And the metal of the core is judged."""
    case, places = (
        study.case,
        np.array([[8.9, 0.0, 13.0], [8.4, 0.0, 13.0], [5.0, 0.0, 13.0], [10.0, 0, 13.0]]),
    )
    assert near_rim(places, case, "bone").tolist() == [True, True, False, False]
    assert near_rim(places, case, "stem").tolist() == [True, True, False, False]
    assert "sharp edges of the thread" in {rim.name for rim in rims(case)}


def test_vertices_inside_the_thread_are_judged_though_edges_split_them(study: Study) -> None:
    here = study.interface.within("thread")
    assert 0.2 < (~study.interface.rim[here]).mean() < 1.0


def test_the_whole_thread_is_on_the_map(study: Study) -> None:
    """Its projection covers a turn between both ends, as that of a cylinder does."""
    flat = unroll(study.interface)
    inside = (flat.depth[flat.triangles].mean(axis=1) > 3.0) & (
        flat.depth[flat.triangles].mean(axis=1) < 23.0
    )
    area = flat.areas()[inside & ~flat.repeated].sum()
    assert area == pytest.approx(2 * np.pi * flat.radius * 20.0, rel=0.02)


def test_zones_hold_the_whole_interface(study: Study) -> None:
    table = zone_table(study.interface, study.case.stem, study.walk.press_fit, None)
    assert sum(row.area for row in table) == pytest.approx(study.interface.area.sum())


def test_inputs_list_the_thread_with_its_units(study: Study) -> None:
    found = {entry.name: entry for entry in case_inputs(study.case)}
    assert found["fit.thread.interference"].value == pytest.approx(4.0)
    assert found["stem.thread.pitch"].unit == "mm"
    assert found["stem.thread.distal_lean"].unit == "rad"
    assert found["stem.thread.form"].value == "helix"


def test_friction_of_the_thread_can_be_swept_and_is_uncertain(study: Study) -> None:
    question = Question("test", (Axis("friction", (0.3, 0.5)),), zone="thread")
    assert design_of(question, study.case).zones == ("thread",)
    uncertainty, own = uncertainty_of(study.case)
    assert (uncertainty.zone, own) == ("thread", False)


def test_a_deck_has_the_thread_as_a_surface(study: Study, tmp_path: Path) -> None:
    deck = assemble_deck(study.case, study.mesh, 2, Contact())
    path = write_deck(deck, tmp_path, "thread", "calculix")
    assert "THREAD" in Path(path).read_text(encoding="utf-8").upper()


def test_rings_stand_whole_by_default(tmp_path: Path) -> None:
    case = read_case(stated(tmp_path, "rings"))
    assert case.stem.thread is not None
    assert case.stem.thread.run_out == 0.0
    assert case.stem.thread.whole_rings == 5
