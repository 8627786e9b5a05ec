"""Pull-out of a press fit beside its cases: the estimate, a short stem, and a stem without interference.

The pull-out forces of A1 are cases: `p_pull_out`, `p_pull_out_far_end`, `p_pull_out_mouth`.
"""

from __future__ import annotations

import numpy as np
import pytest

from fea.case.case import Supports
from fea.contact.history import LOOSE
from tests.verification.press_fits import solved
from tests.verification.pull_out import FAR_END, Ramp, around, estimate, last_held, pulled


def test_the_estimate_is_the_published_one() -> None:
    """66.4 kN and 49.0 kN at a length of 60 mm, three digits."""
    assert estimate(60.0, mouth=False) == pytest.approx(66.4e3, rel=1e-3)
    assert estimate(60.0, mouth=True) == pytest.approx(49.0e3, rel=1e-3)


def test_a_short_stem_pulls_out_where_the_coupled_estimate_says() -> None:
    """20 mm, in steps of 1.3 % of the estimate: within 6 %.

    The estimate has plane sections and no ends; at a length of less than three radii the end
    effects of the stress reach everywhere, and the mesh is coarse.
    """
    force = estimate(20.0, mouth=False)
    ramp = around(force, 0.15)
    study = solved(pulled(20.0, ramp, FAR_END, 3.5))
    held = last_held(study)
    assert 0.94 * force < held < 1.06 * force - ramp.step
    assert study.walk.loss.cycle == 1
    assert study.walk.loss.direction[2] < 0
    assert study.balance.cone < 1e-8
    assert study.balance.least_dissipation > -1e-9


def test_without_interference_a_distracting_load_pulls_the_stem_out_at_once() -> None:
    """Nothing presses, so nothing rubs: the first instant with tension has no equilibrium, and says so.

    No state stands beyond it: millimetres of free travel are not micromotion.
    """
    study = solved(pulled(14.0, Ramp(100, 200), Supports(bone_proximal="clamped"), 3.5, interference=0.0))
    loss = study.walk.loss
    assert loss is not None
    assert (loss.cycle, loss.percent) == (1, 2.0)
    assert "along the axis (distally)" in loss.motion
    assert study.walk.judged == ()
    (cycle,) = study.walk.cycles
    assert len(cycle) == 1
    assert not cycle[0].traction.any()
    assert max(float(np.abs(state.jump).max()) for state in cycle) == 0.0


def test_free_travel_in_small_steps_is_not_passed_off_as_micromotion() -> None:
    """The same pull in steps of one newton: a stem without interference has nothing that holds it.

    Curved facets are not quite a cylinder, so that a stem that slides meets a trace of pressure:
    some 0.04 mm for each newton. Whatever the steps, its travel since the press-fit never
    exceeds the one beyond which it counts as loose.
    """
    study = solved(pulled(14.0, Ramp(1, 24), Supports(bone_proximal="clamped"), 3.5, interference=0.0))
    (cycle,) = study.walk.cycles
    assert max(float(np.abs(state.jump[:, 1:]).max()) for state in cycle) < LOOSE
    assert study.walk.loss is not None
    assert "along the axis (distally)" in study.walk.loss.motion
