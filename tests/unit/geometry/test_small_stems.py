"""Fixed lengths that follow the diameter of thin stems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.contact.history import LOOSE
from fea.solving import plan_of
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.engagement import SHARED, engage, shared_within
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.thread import Thread
from geometry.thread_seat import seat_faults
from tests.unit.post import synthetic


def test_a_thin_stem_shares_the_canal_within_a_hundredth_of_its_diameter() -> None:
    assert shared_within(Stem(16.0, 140.0)) == SHARED
    assert shared_within(Stem(4.0, 10.0)) == pytest.approx(0.04)
    bone = Bone(20.0, (Station(0.0, 5.0, 5.0, 1.0, 1.0),))
    for gap, shared in ((0.03, True), (0.06, False)):
        canal = Canal(bone, Reaming(4.0 + 2 * gap, 12.0, 0.5))
        assert engage(canal, Stem(4.0, 10.0, tip_radius=0.5)).shared is shared


def test_a_drill_may_be_a_hundredth_narrower_than_a_thin_core() -> None:
    bone = Bone(20.0, (Station(0.0, 6.0, 6.0, 0.0, 0.0),))
    stem = Stem(4.0, 10.0, thread=Thread(0.8, 0.35, 0.1, 1.0, 8.0, 0.8, 0.5, 0.5))
    for narrower, faults in ((0.03, 0), (0.06, 1)):
        canal = Canal(bone, Reaming(4.0 - narrower, 11.0, 0.5))
        assert len(list(seat_faults(canal, stem))) == faults


def test_a_thin_stem_is_loose_when_it_has_slid_a_twentieth_of_its_diameter() -> None:
    case = synthetic.synthetic_case()
    assert plan_of(case).loose == LOOSE
    thin = replace(case, stem=Stem(4.0, 10.0))
    assert plan_of(thin).loose == pytest.approx(0.2)
    assert plan_of(replace(thin, activity=None)).loose == pytest.approx(0.2)
    assert np.isfinite(plan_of(thin).wrenches).all()
