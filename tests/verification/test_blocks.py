"""Blocks on blocks at Coulomb's limit, without a mesher.

Two bricks on one grid, their facets matching, through the product's own operators,
factorisation and Newton's method. Blocks beyond the limit and held below it, and the contact
patch, are cases: `c_block_dragged`, `c_block_held`, `c_patch`, `c_crushed_cubes`.
"""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.history import History, LostFixation
from fea.status import Status
from tests.verification.dragging import free_block

FRICTION, WEIGHT = 0.3, 100.0


def pushed(*drags: float, turn: float = 0.0) -> np.ndarray:
    wrenches = np.zeros((1 + len(drags), 6))
    wrenches[:, 2] = -WEIGHT
    wrenches[1:, 0], wrenches[1:, 1] = np.cos(turn) * np.array(drags), np.sin(turn) * np.array(drags)
    return wrenches


@pytest.mark.parametrize("turn", [0.0, 0.6, np.pi])
def test_a_dragged_block_slides_at_friction_times_its_weight(turn: float) -> None:
    """Held at 99.9 % of mu N, gone at 100.1 %: Coulomb's limit of the resultant, in any direction.

    Exact for any distribution of the pressure, for when all slides, all friction points one way.
    """
    bodies = free_block(FRICTION)
    history = History(bodies.problem)
    limit = FRICTION * WEIGHT
    walk = history.walk(history.press_fit(1), pushed(0.5 * limit, 0.999 * limit, 1.001 * limit, turn=turn))
    held = [next(walk) for _ in range(3)]
    with pytest.raises(LostFixation) as caught:
        next(walk)
    shear = np.einsum("vcd,vc->d", bodies.operators.frames[:, 1:], held[-1].forces[:, 1:])
    assert np.linalg.norm(shear) / held[-1].forces[:, 0].sum() == pytest.approx(0.999 * FRICTION, rel=1e-6)
    away = bodies.stem.motions @ caught.value.direction
    assert np.argmax(np.abs(away)) == (0 if abs(np.cos(turn)) > abs(np.sin(turn)) else 1)
    assert away[0] * np.cos(turn) > 0


def test_a_block_below_its_limit_sticks_and_does_not_creep() -> None:
    """Pushed to 60 % of mu N and let go, twenty times: after the first push nothing moves on.

    The stop criterion of 3e-10 may add up over forty instants: 1e-7 of the elastic give.
    """
    bodies = free_block(FRICTION)
    history = History(bodies.problem)
    low = 0.6 * FRICTION * WEIGHT
    points = list(history.walk(history.press_fit(1), pushed(*([low, 0.0] * 20))))
    ends = np.array([bodies.stem.motions @ point.motion for point in points[2::2]])
    give = np.abs(bodies.stem.motions @ points[1].motion).max()
    assert np.abs(ends[5:] - ends[4]).max() < 1e-6 * give
    assert all((point.status == Status.STICK).any() for point in points)


def test_a_block_pulled_upwards_lets_go_at_once() -> None:
    """No tension: zero interference and a distracting load have no equilibrium, whatever the friction."""
    bodies = free_block(FRICTION)
    history = History(bodies.problem)
    wrench = np.array([[0, 0, 1.0, 0, 0, 0]])
    with pytest.raises(LostFixation) as caught:
        next(history.walk(history.press_fit(1), wrench))
    away = bodies.stem.motions @ caught.value.direction
    assert np.argmax(np.abs(away)) == 2
    assert away[2] > 0


def test_a_block_pushed_above_its_edge_tips_over() -> None:
    """A moment beyond N times half the width: 100 N on 2 mm holds 100 N mm and no more.

    0.98 of it stands on its edge, 1.02 has no equilibrium; the rotation about y is named.
    """
    bodies = free_block(FRICTION)
    history = History(bodies.problem)
    wrenches = pushed(0.0, 0.0, 0.0)
    wrenches[2:, 4] = 0.5 * WEIGHT, 1.2 * WEIGHT
    walk = history.walk(history.press_fit(1), wrenches)
    for _ in range(3):
        next(walk)
    with pytest.raises(LostFixation) as caught:
        next(walk)
    away = bodies.stem.motions @ caught.value.direction
    assert np.argmax(np.abs(away)) == 4
