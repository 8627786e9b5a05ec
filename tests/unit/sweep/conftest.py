"""A sweep of closed forms: micromotion 20 um / (friction x interference in um), lost where that is large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.post.quantity import CYCLE, PRESS_FIT, Quantity
from fea.solution import Loss
from fea.sweep.design import Design, Sample, design_of
from fea.sweep.request import question_of
from fea.sweep.results import Sweep, judge_sweep
from fea.sweep.rows import FAILED, LOST, SOLVED, Row
from fea.sweep.run import Walked

ROOT = Path(__file__).parents[3]
#: Beyond this micromotion in um the synthetic stem is loose.
LOOSE_um = 500.0


@pytest.fixture(scope="session")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


def quantities(moved: float, interference: float) -> tuple[Quantity, ...]:
    share = 100.0 if moved < 40.0 else 0.0
    return (
        Quantity("mean_pressure_coated_MPa", "mean contact pressure, coated zone", interference / 10, "MPa",
                 "coated zone", PRESS_FIT),
        Quantity("micromotion_p95_um", "95th percentile of resulting micromotion", moved, "um",
                 "coated zone, where it touches", CYCLE),
        Quantity("micromotion_area_below_40um_percent", "area that moves less than 40 um", share, "%",
                 "coated zone", CYCLE),
        Quantity("micromotion_area_above_150um_percent", "area that moves more than 150 um",
                 100.0 if moved > 150.0 else 0.0, "%", "coated zone", CYCLE),
    )  # fmt: skip


def row_of(design: Design, sample: Sample) -> Row:
    friction = design.value(sample, "friction")
    interference = design.value(sample, "interference_um")
    assert isinstance(friction, float)
    assert isinstance(interference, float)
    if friction * interference == 0.0:
        return Row(FAILED, problem="nothing resists", seconds=0.1)
    moved = 20.0 / (friction * interference)
    found = quantities(moved, interference)
    if moved > LOOSE_um:
        loss = Loss(1, 12.0, "turning about the axis", (0.0,) * 6)
        return Row(LOST, found[:1], loss=loss, newton_iterations=40, residual=1e-11, seconds=0.2)
    coarse = tuple(replace(quantity, value=0.98 * quantity.value) for quantity in found)
    return Row(SOLVED, found, coarse, 1.4, None, "", 12, 40, 1e-11, 1e-12, 0.2)


def walked(design: Design) -> Walked:
    rows = tuple(row_of(design, sample) for sample in design.samples)
    return Walked(design, rows, len(rows), 1.0, 2, {"mechanics": "00" * 16})


MakeSweep = Callable[..., Sweep]


@pytest.fixture(scope="session")
def make_sweep(case: Case) -> MakeSweep:
    def make(**stated: str) -> Sweep:
        return judge_sweep(case, walked(design_of(question_of(stated), case)))

    return make


@pytest.fixture(scope="session")
def sweep(make_sweep: MakeSweep) -> Sweep:
    return make_sweep(friction="0,0.01,0.1,0.3,0.5,0.9", interference_um="0.5,1,2,10")
