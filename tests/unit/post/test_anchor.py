"""How hard an anchor's pins bear where the two cortices are not alike."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fea.case.anchor_tables import BAR
from fea.post.anchor import anchor_quantities
from geometry.anchor import Anchor, Pin
from geometry.bone import Bone, Station
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem


def test_the_thin_cortex_carries_as_the_support_of_a_beam_and_bears_hardest() -> None:
    """Canal of 8 mm radius about the implant's axis in bone of 14 mm whose middle lies 2 mm behind it.

    The pin's supports lie (8 + 12) / 2 mm ahead and (8 + 16) / 2 mm behind, so that the nearer one, of 4 mm
    of wall, carries 12 / 22 of half the preload.
    """
    bone = Bone(80.0, (Station(0.0, 14.0, 14.0, 5.0, 5.0),), axis_offset=2.0)
    pins = (Pin(40.0, 0.0), Pin(55.0, 0.0))
    stem = Stem(14.0, 30.0, 10.0, collar=Collar(24.0, 4.0, 0.0), anchor=Anchor(4.0, pins))
    case = SimpleNamespace(bone=bone, reaming=Reaming(16.0, 70.0, 4.0), stem=stem, preloads={BAR: 2200.0})
    found = next(iter(anchor_quantities(SimpleNamespace(case=case))))
    assert found.name == "pin_bearing_pressure_MPa"
    assert found.value == pytest.approx(2200.0 / 2 * 12 / 22 / (4.0 * 4.0), rel=1e-6)
