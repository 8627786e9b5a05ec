"""A stem that slides until something far off stops it: nothing is lost as long as anything holds."""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.history import History, LostFixation
from fea.contact.problem import Equilibrium, InterfaceProblem
from fea.status import Status

GIVE, FRICTION, INTERFERENCE, GAP = 1e-5, 0.5, 1e-3, 5e-3  # mm/N, 1, mm, mm


def stem_above_a_collar(gap: float, flank: int = 6) -> InterfaceProblem:
    """Flank vertices that press with INTERFERENCE / GIVE each, and a collar that lies off by a gap.

    One rigid motion: the stem sinks, which shears the flank and closes the collar. Every vertex gives by
    itself. The flank bears 6 x 0.5 x 100 N = 300 N.
    """
    count = flank + 1
    motions = np.zeros((count, 3))
    motions[:flank, 1] = -1.0
    motions[flank, 0] = -1.0
    thrust = np.zeros((1, 6))
    thrust[0, 2] = 1.0
    bodies = Equilibrium(GIVE * np.eye(3 * count), motions.reshape(-1, 1), np.zeros((3 * count, 6)), thrust)
    gaps = np.r_[np.full(flank, -INTERFERENCE), gap]
    return InterfaceProblem(bodies, np.ones(count), np.full(count, FRICTION), 1 / GIVE, gaps)


def pushed(*forces: float) -> np.ndarray:
    wrenches = np.zeros((len(forces), 6))
    wrenches[:, 2] = forces
    return wrenches


@pytest.mark.parametrize("gap", [1e-5, 1e-3, GAP, 0.1])
@pytest.mark.parametrize("steps", [(400.0,), (100.0, 400.0), (100.0, 290.0, 301.0, 400.0)])
def test_a_stem_that_slides_sinks_until_its_collar_bears(gap: float, steps: tuple[float, ...]) -> None:
    """Of 400 N the flank keeps its 300 N and the collar bears 100 N, which it gives way to by 1e-3 mm.

    While the stem sticks, the collar is far from touching, and is left out of the iterations.
    """
    history = History(stem_above_a_collar(gap))
    *_, last = history.walk(history.press_fit(1), pushed(*steps))
    assert last.forces[-1, 0] == pytest.approx(100.0, rel=1e-9)
    assert last.forces[:-1, 1] == pytest.approx(50.0, rel=1e-9)
    assert (last.status[:-1] == Status.SLIP).all()
    assert last.motion[0] == pytest.approx(gap + GIVE * 100.0, rel=1e-9)


def test_without_a_collar_in_reach_the_flank_s_limit_is_the_stem_s() -> None:
    """The other sense: pulled, the collar only opens, and beyond 300 N nothing holds."""
    history = History(stem_above_a_collar(GAP))
    walk = history.walk(history.press_fit(1), pushed(-200.0, -299.0, -301.0))
    assert [next(walk).wrench[2] for _ in range(2)] == [-200.0, -299.0]
    with pytest.raises(LostFixation, match="no equilibrium"):
        next(walk)


SPRING = 0.1  # mm/N


def springs(gap: float) -> InterfaceProblem:
    """Two vertices on springs of their own, the first one pushed by Fz, and no rigid motion."""
    loads = np.zeros((6, 6))
    loads[0, 2], loads[3, 2] = -SPRING, SPRING
    bodies = Equilibrium(SPRING * np.eye(6), np.zeros((6, 0)), loads, np.zeros((0, 6)))
    return InterfaceProblem(bodies, np.ones(2), np.full(2, FRICTION), 1 / SPRING, np.full(2, gap))


def test_a_gap_of_a_millimetre_closes_under_load_and_the_other_side_may_open() -> None:
    """Up to 9 N nothing touches; of 15 N 6 N bear, and the vertex that never touched is 1.5 mm farther."""
    history = History(springs(0.9))
    clear, bearing = history.walk(history.press_fit(1), pushed(8.9, 15.0))
    assert (clear.status == Status.OPEN).all()
    assert not clear.forces.any()
    assert clear.jump[0, 0] == pytest.approx(-0.89, rel=1e-9)
    assert bearing.forces[0, 0] == pytest.approx(6.0, rel=1e-9)
    assert bearing.jump[:, 0] == pytest.approx([-0.9, 1.5], rel=1e-9)


def test_what_was_pressed_and_comes_off_by_more_than_half_a_millimetre_is_lost() -> None:
    history = History(springs(-0.01))
    walk = history.walk(history.press_fit(1), pushed(0.1, 4.8, 5.3))
    assert [next(walk).wrench[2] for _ in range(2)] == [0.1, 4.8]
    with pytest.raises(LostFixation, match=r"slid more than 0\.5 mm"):
        next(walk)


def test_what_first_touches_later_is_lost_by_a_slide_too() -> None:
    """Open, it swings 2 mm aside and is not lost; bearing with 1 N, of which friction holds 0.5 N, it is."""
    loads = np.zeros((6, 6))
    loads[0, 2], loads[1, 0] = -SPRING, SPRING
    bodies = Equilibrium(SPRING * np.eye(6), np.zeros((6, 0)), loads, np.zeros((0, 6)))
    history = History(InterfaceProblem(bodies, np.ones(2), np.full(2, FRICTION), 1 / SPRING, np.full(2, 0.1)))
    walk = history.walk(history.press_fit(1), np.array([[20.0, 0, 0, 0, 0, 0], [40.0, 0, 2.0, 0, 0, 0]]))
    assert next(walk).jump[0, 1] == pytest.approx(2.0, rel=1e-9)
    with pytest.raises(LostFixation, match=r"slid more than 0\.5 mm"):
        next(walk)
