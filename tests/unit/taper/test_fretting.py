"""Fretting of hand-made states: slip while touching, work, index, gap; balance of a spring with friction."""

from __future__ import annotations

import numpy as np
import pytest

from fea.solution import Interface, State
from fea.status import Status
from fea.study import Loop
from fea.taper.fretting import EnergyBalance, Fretting, energy_balance, fretting

FRICTION = 0.5


def interface(count: int) -> Interface:
    frames = np.broadcast_to(np.eye(3)[:, None, :], (3, count, 3))
    return Interface(
        points=np.zeros((count, 3)), normal=frames[0], axial=frames[1], circumferential=frames[2],
        area=np.full(count, 2.0), facets=np.zeros((0, 3), np.int64), middles=np.zeros((0, 3, 3)),
        zone=np.zeros(count, np.int64), zones=("uncoated",), friction=np.full(count, FRICTION),
        fit=np.zeros(count), rim=np.zeros(count, bool),
    )  # fmt: skip


def state(rows: list[tuple[float, float, float, float, Status]]) -> State:
    """Pressure, axial friction, gap, axial slide and status of each vertex."""
    traction = np.array([[p, t, 0.0] for p, t, *_ in rows])
    jump = np.array([[gap, slide, 0.0] for _, _, gap, slide, _ in rows])
    status = np.array([row[4] for row in rows])
    none = np.zeros(6)
    return State(traction, jump, status, none, none, none, 0, 0.0, 0.0)


def to_and_fro() -> tuple[State, list[State], State]:
    """One vertex rubs between 0 and 4 um under 10 MPa, one sticks, one lifts off and slides by 9 um."""
    stuck = (10.0, 1.0, 0.0, 0.0, Status.STICK)
    seated = state([(10.0, 0.0, 0.0, 0.0, Status.STICK), stuck, (10.0, 0.0, 0.0, 0.0, Status.STICK)])
    out = state(
        [(10.0, -5.0, 0.0, 4e-3, Status.SLIP), stuck, (0.0, 0.0, 2e-3, 9e-3, Status.OPEN)]
    )  # fmt: skip
    back = state(
        [(10.0, 5.0, 0.0, 0.0, Status.SLIP), stuck, (10.0, 5.0, 0.0, 1e-3, Status.SLIP)]
    )  # fmt: skip
    return seated, [out, back], back


def done() -> Fretting:
    seated, states, before = to_and_fro()
    return fretting(interface(3), seated, states, before)


def test_slip_is_told_of_what_touches_and_not_of_free_travel() -> None:
    assert done().slip.tolist() == pytest.approx([4e-3, 0.0, 0.0])
    assert done().touching.all()


def test_work_and_index_are_friction_and_pressure_times_the_way() -> None:
    """There and back by 4 um under 10 MPa: 0.08 MPa mm, half of it lost to a friction of 0.5."""
    found = done()
    assert found.index[:2].tolist() == pytest.approx([10.0 * 8e-3, 0.0])
    assert found.energy[:2].tolist() == pytest.approx([FRICTION * 10.0 * 8e-3, 0.0])
    # What lands counts with the friction that it lands with, as the solver's increment does.
    assert found.energy[2] == pytest.approx(5.0 * 8e-3)
    assert found.total(np.full(3, 2.0)) == pytest.approx(2.0 * found.energy.sum())


def test_the_gap_is_told_of_what_touched_after_assembly() -> None:
    assert done().opening.tolist() == pytest.approx([0.0, 0.0, 2e-3])
    seated, states, before = to_and_fro()
    open_ = state([(0.0, 0.0, 1e-3, 0.0, Status.OPEN)] * 3)
    assert not fretting(interface(3), open_, states, before).opening.any()
    assert seated.status.tolist() == [Status.STICK] * 3


def test_without_an_instant_before_the_cycle_closes_on_itself() -> None:
    seated, states, _ = to_and_fro()
    assert fretting(interface(3), seated, states).path[0] == pytest.approx(8e-3)


def test_the_balance_of_a_slider_behind_a_spring_is_exact() -> None:
    """A spring of 2 N/mm pulls a slider of 1 N: from 0.5 mm on it slides, and comes back alike.

    The end is pulled to 1 mm and back to -1 mm and 1 mm again: the loop costs 1 N over twice 1 mm, and the
    spring holds the same at its ends. Between the instants force and way are linear, so that trapezoids are
    exact.
    """
    end = np.array([1.0, 0.0, -1.0, 0.0, 1.0])
    force = np.array([1.0, -1.0, -1.0, 1.0, 1.0])
    loads, moved = np.zeros((5, 6)), np.zeros((5, 6))
    loads[:, 2], moved[:, 2] = force, end
    balance = energy_balance(Loop(loads, moved, force**2 / (2 * 2.0)), 2.0)
    assert balance == EnergyBalance(2.0, 0.0, 2.0)
    assert balance.defect == 0.0
    assert energy_balance(Loop(loads, moved, force**2 / 4.0), 1.0).defect == pytest.approx(0.5)


def test_nothing_that_moves_has_no_defect() -> None:
    assert EnergyBalance(0.0, 0.0, 0.0).defect == 0.0
