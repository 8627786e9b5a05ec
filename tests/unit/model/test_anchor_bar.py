"""The bar of an anchor as a preload: shares of pins and cortices, the pressure, exact resultants."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fea.elasticity.rigid import LEVER, rigid_fields
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.pin_holes import PIN_HOLES
from fea.mesh.sizes import MeshSizes
from fea.model.anchor_bar import bar_preload, bearing_loads, hole_facets, pin_loads
from fea.model.preload import require_balanced
from geometry.anchor import Anchor, Pin
from geometry.bone import Bone, Station
from geometry.stem import Collar, Stem

#: The canal lies 1 mm behind the implant's axis, so that cortices are not alike.
BONE = Bone(70.0, (Station(0.0, 14.0, 13.0, 7.0, 7.0),), axis_offset=1.0)
PINS = (Pin(24.0, 0.0), Pin(36.0, np.pi / 2), Pin(48.0, 0.7))
STEM = Stem(10.0, 12.0, collar=Collar(28.0, 5.0, 0.0), anchor=Anchor(4.0, PINS))
#: Of curved facets that follow a hole with three elements a quarter turn.
CURVED = 5e-3


@cache
def mesh() -> Mesh:
    return build_mesh(BONE, None, STEM, MeshSizes(4.0, 5.0))


def resultant(points: np.ndarray, loads: np.ndarray) -> np.ndarray:
    return rigid_fields(points).T @ loads * [1, 1, 1, LEVER, LEVER, LEVER]


def test_spindle_and_bone_are_pulled_together_on_the_axis() -> None:
    bar = bar_preload("anchor bar", 2700.0, STEM, mesh())
    assert (bar.name, bar.force) == ("anchor bar", 2700.0)
    np.testing.assert_allclose(resultant(mesh().stem.points, bar.stem_loads), [0, 0, 1, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(resultant(mesh().bone.points, bar.bone_loads), [0, 0, -1, 0, 0, 0], atol=1e-11)
    require_balanced(mesh(), [bar])
    loaded = np.flatnonzero(bar.bone_loads.reshape(-1, 3).any(axis=1))
    assert set(loaded) <= set(np.unique(mesh().bone.facets[PIN_HOLES]))


def test_every_pin_carries_the_same_share() -> None:
    bar = bar_preload("anchor bar", 1.0, STEM, mesh()).bone_loads.reshape(-1, 3)
    for row in range(len(PINS)):
        holes = np.unique(np.concatenate(hole_facets(mesh().bone, STEM.anchor, row)))
        assert bar[holes, 2].sum() == pytest.approx(-1.0 / len(PINS), abs=1e-12)


def test_cortices_share_a_pin_as_a_beam_that_is_loaded_on_the_axis() -> None:
    """Ahead the wall runs from 6 to 13 mm, behind from 8 to 15 mm: shares 11.5 and 9.5 of 21."""
    part = mesh().bone
    ahead, behind = hole_facets(part, STEM.anchor, 0)
    loads = pin_loads(part, STEM.anchor, 0).reshape(-1, 3)
    assert -loads[np.unique(ahead), 2].sum() == pytest.approx(11.5 / 21.0, rel=CURVED)
    assert -loads[np.unique(behind), 2].sum() == pytest.approx(9.5 / 21.0, rel=CURVED)


def test_the_pressure_is_a_cosine_on_the_distal_half() -> None:
    """A cosine pressure of 1 N along -z has, across the pin, halves of (1/2) / (pi/2) = 1/pi N."""
    part, pin = mesh().bone, PINS[1]
    ahead, _ = hole_facets(part, STEM.anchor, 1)
    nodal = bearing_loads(part, ahead, pin).reshape(-1, 3)
    nodes = np.unique(ahead)
    _, across, above = pin.coordinates(part.points[nodes])
    assert nodal[nodes, 2].sum() == pytest.approx(-1.0, abs=1e-12)
    # What is well above the pin's axis is not pressed.
    assert np.abs(nodal[nodes][above > 0.6]).max() < 1e-12
    side = (nodal[nodes] @ pin.across)[across > 1e-6].sum()
    assert side == pytest.approx(1.0 / np.pi, rel=2e-2)
    assert nodal[nodes] @ pin.along == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("row", range(3))
def test_what_is_taken_out_to_balance_a_pin_is_small(row: int) -> None:
    """The lever's shares leave only what oblique walls and the mesh do: less than 3 % of the load."""
    part = mesh().bone
    holes = hole_facets(part, STEM.anchor, row)
    pressed = [bearing_loads(part, facets, PINS[row]) for facets in holes]
    loads = pin_loads(part, STEM.anchor, row)
    design = np.stack([*pressed], axis=1)
    shares, *_ = np.linalg.lstsq(design, loads, rcond=None)
    left = loads - design @ shares
    assert np.abs(left).sum() < 0.03 * np.abs(loads).sum()
