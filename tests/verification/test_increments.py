"""The history in more increments: from one instant to the next in 1, 4 or 20 steps along the same path.

Friction depends on the path, and an implicit step takes the path as straight in the jumps too, so
that more steps are nearer to the truth. A solver whose friction forgets, or creeps, shows it here
at once: micromotion then grows with the number of steps.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fea.cache import Cache
from fea.case.reader import read_case
from fea.model.walk import Plan, Track, walk_history
from fea.progress import Clock
from fea.solving import Tools, factor_case, friction_of, mesh_case, plan_of
from fea.status import Status
from tests.regression.test_small_femur import CASE, ROOT


def split(plan: Plan, parts: int) -> Plan:
    """Each instant of every cycle but the first instant of all in equal parts."""
    before = np.vstack([plan.wrenches[-1:], plan.wrenches[:-1]])
    share = np.arange(1, parts + 1)[:, None, None] / parts
    fine = np.moveaxis(before + share * (plan.wrenches - before), 0, 1).reshape(-1, 6)
    return replace(plan, wrenches=fine, percent=np.repeat(plan.percent, parts))


def judged(track: Track, parts: int, area: np.ndarray) -> tuple[float, float, float]:
    """Largest, 95th percentile by area and mean resulting micromotion at the instants of the plan."""
    points = track.judged[1:][parts - 1 :: parts]
    places = np.stack([point.jump[:, 1:] for point in points])
    motion = np.max([np.linalg.norm(places - place, axis=2).max(axis=0) for place in places], axis=0)
    order = np.argsort(motion)
    share = np.cumsum(area[order]) / area.sum()
    return motion.max(), motion[order][np.searchsorted(share, 0.95)], float(motion @ area / area.sum())


@pytest.mark.parametrize("interference_um", [10.0, 5.0])
def test_micromotion_does_not_depend_on_the_number_of_increments(
    tmp_path: Path, interference_um: float
) -> None:
    """The judged cycle of level walking, 1 %: the project's gate. Half of the coating slips with 5 um."""
    text = CASE.format(root=ROOT, friction=0.5, gap=200.0).replace("rehabilitation_axial", "level_walking")
    text = text.replace("diametral_interference_um = 2.0", f"diametral_interference_um = {interference_um}")
    text = text.replace("instants_per_cycle = 12", "instants_per_cycle = 50").replace(
        "cycles = 1", "cycles = 2"
    )
    path = tmp_path / "walking.toml"
    path.write_text(text)
    case, tools = read_case(path), Tools(Cache(tmp_path), Clock())
    model, _ = factor_case(case, mesh_case(case, tools), tools)
    problem, plan = model.problem(model.operators.gap, friction_of(case)), plan_of(case)
    found = {}
    for parts in (1, 4, 20):
        track = walk_history(model, problem, split(plan, parts))
        assert track.walk.loss is None
        assert track.residual < 1e-9
        slipped = np.any([point.status == Status.SLIP for point in track.judged], axis=0)
        assert slipped.sum() > 50
        found[parts] = judged(track, parts, model.operators.area)
    assert found[1][0] > 1e-3
    assert found[4] == pytest.approx(found[1], rel=0.01)
    assert found[20] == pytest.approx(found[1], rel=0.01)
