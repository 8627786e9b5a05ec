"""Blocks on blocks: the contact patch and Coulomb's limit, without a mesher.

Two bricks on one grid, their facets matching, through the product's own operators,
factorisation and Newton's method.
"""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.history import History, LostFixation
from fea.elasticity.wrench import end_face_loads
from fea.solution import Status
from tests.bodies.structured import at, brick, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, no_gap, plane


def stacked(counts: tuple[int, int, int] = (2, 1, 2), friction: float = 0.0) -> TwoBodies:
    """CGS-1: two bricks, together 1 x 1 x 1, interface at y = 0.5, held by symmetry."""
    low = brick("stem", (0, 0, 0), (1, 0.5, 1), counts, {"contact": at(1, 0.5)})
    high = brick("bone", (0, 0.5, 0), (1, 1, 1), counts, {"contact": at(1, 0.5), "top": at(1, 1.0)})
    material = isotropic(1e6, 0.3)
    sides = [np.r_[plane(part, 0, 0.0, (0,)), plane(part, 2, 0.0, (2,))] for part in (low, high)]
    stem = held_body(low, material, np.r_[sides[0], plane(low, 1, 0.0, (1,))])
    bone = held_body(high, material, sides[1])
    loads = end_face_loads(high.points, high.facets["top"], np.array([0.5, 1.0, 0.5]))
    return join(stem, bone, (np.zeros((3 * len(low.points), 6)), loads), no_gap, friction)


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 1, 2), (3, 2, 2)])
@pytest.mark.parametrize("friction", [0.0, 0.5])
def test_contact_patch_passes_a_uniform_pressure_to_round_off(
    counts: tuple[int, int, int], friction: float
) -> None:
    """CGS-1: E 1e6, nu 0.3, p 109.89: u_x(1) = nu p / E, u_y = -p y / E, the same p everywhere.

    Source: the project's verification cases, section 3. Both bricks widen alike, so friction
    is idle. Round-off of two factorisations and Newton's method: 1e-9.
    """
    bodies = stacked(counts, friction)
    history = History(bodies.problem)
    wrench = np.array([0, -109.89, 0, 0, 0, 0])
    (point,) = history.walk(history.press_fit(1), wrench[None])
    assert point.forces[:, 0] / bodies.operators.area == pytest.approx(109.89, rel=1e-9)
    assert np.abs(point.forces[:, 1:]).max() < 1e-8
    for body, moved in zip((bodies.stem, bodies.bone), bodies.displacement(point), strict=True):
        exact = body.part.points * np.array([0.3, -1.0, 0.3]) * 109.89e-6
        assert moved == pytest.approx(exact, abs=1e-9 * 1.1e-4)


def test_crushed_cubes_carry_their_modulus_times_strain() -> None:
    """SSNP121: two unit cubes, E 2e6, nu 0, crushed by 0.1 over height 2: p = 1e5. Round-off, 1e-9.

    The 0.1 is an interference between cubes that are held at their outer faces.
    """
    low = brick("stem", (0, 0, 0), (1, 1, 1), (2, 2, 2), {"contact": at(1, 1.0)})
    high = brick("bone", (0, 1, 0), (1, 2, 1), (2, 2, 2), {"contact": at(1, 1.0)})
    stem, bone = (
        held_body(part, isotropic(2e6, 0.0), plane(part, 1, level, (0, 1, 2)))
        for part, level in ((low, 0.0), (high, 2.0))
    )
    none = tuple(np.zeros((3 * len(part.points), 6)) for part in (low, high))
    bodies = join(stem, bone, none, lambda points, normals, zones: np.full(len(points), -0.1), 0.3)
    point = History(bodies.problem).press_fit(1)
    assert point.forces[:, 0] / bodies.operators.area == pytest.approx(1e5, rel=1e-9)
    moved = bodies.displacement(point)
    assert moved[0][:, 1] == pytest.approx(-0.05 * low.points[:, 1], abs=1e-10)
    assert moved[1][:, 1] == pytest.approx(0.05 * (2 - high.points[:, 1]), abs=1e-10)


# --------------------------------------------------------------------------------- a block that is dragged

FRICTION, WEIGHT = 0.3, 100.0


def block_on_base() -> TwoBodies:
    """A stiff block, free in all six motions, on a base that is clamped below.

    The wrench acts in the plane of contact, so that dragging does not tilt the block.
    """
    base = brick("bone", (-2, -2, -2), (2, 2, 0), (4, 4, 2), {"contact": at(2, 0.0)})
    block = brick("stem", (-1, -1, 0), (1, 1, 1), (2, 2, 1), {"contact": at(2, 0.0), "top": at(2, 1.0)})
    bone = held_body(base, isotropic(1e3, 0.3), plane(base, 2, -2.0, (0, 1, 2)))
    stem = held_body(block, isotropic(1e6, 0.3), np.zeros(0, dtype=np.int64))
    loads = end_face_loads(block.points, block.facets["top"], np.zeros(3))
    return join(stem, bone, (loads, np.zeros((3 * len(base.points), 6))), no_gap, FRICTION)


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
    bodies = block_on_base()
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
    bodies = block_on_base()
    history = History(bodies.problem)
    low = 0.6 * FRICTION * WEIGHT
    points = list(history.walk(history.press_fit(1), pushed(*([low, 0.0] * 20))))
    ends = np.array([bodies.stem.motions @ point.motion for point in points[2::2]])
    give = np.abs(bodies.stem.motions @ points[1].motion).max()
    assert np.abs(ends[5:] - ends[4]).max() < 1e-6 * give
    assert all((point.status == Status.STICK).any() for point in points)


def test_a_block_pulled_upwards_lets_go_at_once() -> None:
    """No tension: zero interference and a distracting load have no equilibrium, whatever the friction."""
    bodies = block_on_base()
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
    bodies = block_on_base()
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
