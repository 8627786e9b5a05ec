"""The two projections against their variational definitions, vertex by vertex."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fea.contact.selection as selection_room
from fea.contact.law import law_residual, trial
from fea.contact.selection import Margins, Outlook, friction_usage, select
from fea.status import Status

SCALE = 40.0
seeds = st.integers(0, 2**32 - 1)


def draw(seed: int, count: int = 50):
    random = np.random.default_rng(seed)
    traction = random.normal(size=(count, 3)) * 10
    gap, slip = random.normal(size=count) * 0.2, random.normal(size=(count, 2)) * 0.2
    return traction, gap, slip, random.choice([0.0, 0.3, 0.9], count)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_the_residual_is_the_distance_from_the_projections(seed: int) -> None:
    """Y is the projection of x on a convex set exactly where (x - y) . (z - y) <= 0 for all z in it.

    Checked for the half line p >= 0 and for Coulomb's disk with 200 points of its rim:
    round-off of products of numbers up to 30, 1e-10.
    """
    traction, gap, slip, friction = draw(seed)
    projected = traction - law_residual(traction, gap, slip, friction, SCALE)
    pressure, target = projected[:, 0], traction[:, 0] - SCALE * gap
    assert pressure.min() >= 0
    assert (pressure == pytest.approx(target)) or (((pressure == 0) | np.isclose(pressure, target)).all())
    assert ((target - pressure) * (0 - pressure) <= 1e-10).all()
    shear, radius = projected[:, 1:], friction * np.maximum(traction[:, 0], 0.0)
    assert (np.linalg.norm(shear, axis=1) <= radius + 1e-12).all()
    away = traction[:, 1:] - SCALE * slip - shear
    angle = np.linspace(0, 2 * np.pi, 200)
    rim = radius[:, None, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    assert np.einsum("vd,vkd->vk", away, rim - shear[:, None]).max() < 1e-10


def one(p: float, q: tuple[float, float], gap: float, slip: tuple[float, float], friction: float):
    return np.array([[p, *q]]), np.array([gap]), np.array([slip]), np.array([friction]), SCALE


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (one(0.0, (0, 0), 0.1, (0.3, 0.1), 0.5), True),  # open: nothing carried, free to move
        (one(0.0, (0, 0), -0.1, (0, 0), 0.5), False),  # interpenetration
        (one(2.0, (0, 0), 0.1, (0, 0), 0.5), False),  # pressure across a gap
        (one(-2.0, (0, 0), 0.0, (0, 0), 0.5), False),  # tension
        (one(2.0, (0.9, 0), 0.0, (0, 0), 0.5), True),  # sticks below its limit
        (one(2.0, (1.0, 0), 0.0, (-0.2, 0), 0.5), True),  # slides against its friction
        (one(2.0, (1.0, 0), 0.0, (+0.2, 0), 0.5), False),  # slides along with its friction
        (one(2.0, (0.9, 0), 0.0, (-0.2, 0), 0.5), False),  # slides below its limit
        (one(2.0, (1.1, 0), 0.0, (0, 0), 0.5), False),  # beyond the cone
        (one(2.0, (0.6, 0.8), 0.0, (-0.3, -0.4), 0.5), True),  # obliquely
        (one(2.0, (0, 0), 0.0, (0.3, 0.1), 0.0), True),  # without friction
        (one(2.0, (0.1, 0), 0.0, (0, 0), 0.0), False),
    ],
)
def test_states_that_signorini_and_coulomb_allow_and_forbid(state, holds: bool) -> None:
    assert bool(np.abs(law_residual(*state)).max() < 1e-12) is holds


@pytest.mark.parametrize(
    ("state", "status", "mobility"),
    [
        (one(1.0, (0, 0), 0.1, (0, 0), 0.5), Status.OPEN, None),
        (one(1.0, (0, 0), 0.0, (0.001, 0), 0.5), Status.STICK, 1.0),
        (one(1.0, (0, 0), 0.0, (-0.1, 0), 0.5), Status.SLIP, 0.5 / 4.0),
        (one(1.0, (0, 0), 0.0, (0, 0), 0.0), Status.SLIP, None),
    ],
)
def test_augmented_tractions_indicate_the_state(state, status: Status, mobility: float | None) -> None:
    """P - c g <= 0 is open; |q - c s| against friction (p - c g) tells slip from stick."""
    found = trial(*state)
    assert found.status[0] == status
    assert np.linalg.norm(found.direction[0]) == pytest.approx(1.0)
    if mobility is not None:
        assert found.mobility[0] == pytest.approx(mobility)
    if status == Status.SLIP and state[3][0] > 0:
        assert found.direction[0] == pytest.approx([1.0, 0.0])


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_indicated_states_agree_with_the_residual(seed: int) -> None:
    """Where the laws hold, an open vertex carries nothing, and one that sticks does not move."""
    traction, gap, slip, friction = draw(seed)
    projected = traction - law_residual(traction, gap, slip, friction, SCALE)
    now = trial(traction, gap, slip, friction, SCALE)
    assert (projected[now.status == Status.OPEN, 0] == 0).all()
    assert (projected[now.status != Status.OPEN, 0] > 0).all()
    assert (friction[now.status == Status.STICK] > 0).all()
    assert (now.mobility >= 0).all()
    assert (now.mobility <= 1).all()


def test_the_usage_of_friction_is_shear_over_its_limit() -> None:
    forces = np.array([[10.0, 3.0, 4.0], [0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [10.0, 1.0, 0.0]])
    usage = friction_usage(forces, np.array([0.5, 0.5, 0.5, 0.0]))
    assert usage == pytest.approx([1.0, np.inf, 0.0, np.inf])


def test_only_vertices_that_are_sure_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sticking well below its limit, or open well above its margin; whatever slips stays."""
    status = np.array([Status.STICK, Status.STICK, Status.SLIP, Status.OPEN, Status.OPEN])
    usage, gap = np.array([0.2, 0.8, 1.0, np.inf, np.inf]), np.array([0, 0, 0, 0.1, 0.001])
    monkeypatch.setattr(selection_room, "INSTANT", Margins(usage=0.5, gap=0.01))
    chosen = select(status, Outlook(usage, gap))
    assert list(chosen.active) == [1, 2, 4]
    assert list(chosen.stuck) == [0]
