"""A study of closed forms: micromotion 60 um x weight / (friction x interference x modulus x 800 N)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.post.quantity import CYCLE, EXACT, PRESS_FIT, Quantity
from fea.solution import Loss
from fea.sweep.rows import FAILED, LOST, SOLVED, Row
from fea.uncertain.defaults import uncertainty_of
from fea.uncertain.design import Options, Values, design_of
from fea.uncertain.results import Judged, judge_uncertainty
from fea.uncertain.run import StudyRows

ROOT = Path(__file__).parents[3]
STATED: Values = {
    "diametral_interference_um": 10.0, "friction": 0.5, "bone_modulus_factor": 1.0, "wall_change_mm": 0.0,
    "body_weight_N": 800.0, "bending_factor": 1.0,
}  # fmt: skip


@pytest.fixture(scope="session")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


def row_of(values: Values, loose: float, factor: float = 1.0) -> Row:
    """One sample in closed form; beyond `loose` um of micromotion it has lost its fixation."""
    said = {name: float(value) for name, value in values.items()}
    hold = said["friction"] * said["diametral_interference_um"] * said["bone_modulus_factor"]
    moved = factor * 60.0 * said["bending_factor"] * said["body_weight_N"] / 800.0 / hold
    hoop = factor * 1.2 * said["diametral_interference_um"] * said["bone_modulus_factor"]
    wall = 6.0 + said["wall_change_mm"]
    found = (
        Quantity("insertion_hoop_stress_MPa", "largest hoop stress", hoop, "MPa", "bone", PRESS_FIT),
        Quantity("least_wall_mm", "least wall", wall, "mm", "bone", "before", error=0.0, error_origin=EXACT),
        Quantity("micromotion_p95_um", "95th percentile of micromotion", moved, "um", "coated", CYCLE),
        Quantity("micromotion_area_below_40um_percent", "area that moves less than 40 um",
                 100.0 if moved < 40.0 else 0.0, "%", "coated", CYCLE),
        Quantity("micromotion_area_above_150um_percent", "area above 150 um", 0.0, "%", "coated", CYCLE),
        Quantity("bone_tension_strain_percent", "largest strain in tension", hoop / 200, "%", "bone", CYCLE),
        Quantity("bone_compression_strain_percent", "largest compression", hoop / 300, "%", "bone", CYCLE),
        Quantity("stem_von_mises_MPa", "largest von Mises stress", 80.0 * said["bending_factor"], "MPa",
                 "stem", CYCLE),
    )  # fmt: skip
    if moved > loose:
        loss = Loss(1, 12.0, "turning about the axis", (0.0,) * 6)
        return Row(LOST, found[:2], loss=loss, seconds=0.5)
    return Row(SOLVED, found, residual=1e-11, imbalance=1e-12, seconds=1.0)


MakeStudy = Callable[..., Judged]


@pytest.fixture(scope="session")
def make_study(case: Case) -> MakeStudy:
    def make(loose: float = 1e9, failed: tuple[int, ...] = (), *, companion: bool = True) -> Judged:
        own = case if companion else replace(case, mesh=replace(case.mesh, companion=False))
        design = design_of(uncertainty_of(own)[0], Options(8, 16))
        rows = tuple(
            Row(FAILED, problem="no state converged") if row in failed else row_of(values, loose)
            for row, values in enumerate(design.values)
        )
        coarse = row_of(STATED, 1e9, 0.98).quantities if companion else None
        stated = replace(row_of(STATED, 1e9), coarse=coarse, ratio=1.5 if companion else None)
        return judge_uncertainty(StudyRows(own, design, stated, rows, 129, 10, 60.0, 2), from_case=False)

    return make


@pytest.fixture(scope="session")
def study(make_study: MakeStudy) -> Judged:
    return make_study()


@pytest.fixture(scope="session")
def loose(make_study: MakeStudy) -> Judged:
    return make_study(loose=25.0, failed=(5, 77))
