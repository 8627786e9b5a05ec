"""The linearised laws: the converged state satisfies them, and the preconditioner inverts its own rows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fea.contact.law import law_residual, trial
from fea.contact.linearised import Surface, linearise
from fea.status import Status

FloatArray = NDArray[np.float64]
COUNT = 60
SCALE, TIE = 800.0, 8000.0
ROUND_OFF = 1e-12


@pytest.fixture
def surface() -> Surface:
    random = np.random.default_rng(1)
    return Surface(random.uniform(0.5, 2.0, COUNT), random.uniform(0.2, 0.8, COUNT), SCALE, TIE)


def state(surface: Surface) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Tractions, gaps and slips that satisfy both laws: open, sticking, slipping by turns."""
    random = np.random.default_rng(2)
    kind = np.arange(COUNT) % 3
    pressure = np.where(kind > 0, random.uniform(1.0, 5.0, COUNT), 0.0)
    angle = random.uniform(0.0, 2 * np.pi, COUNT)
    along = np.column_stack([np.cos(angle), np.sin(angle)])
    share = np.where(kind == 2, 1.0, 0.6)
    shear = (share * surface.friction * pressure)[:, None] * along
    gap = np.where(kind == 0, random.uniform(1e-3, 5e-3, COUNT), 0.0)
    slip = np.where(kind == 2, -random.uniform(1e-3, 5e-3, COUNT), 0.0)[:, None] * along
    slip[kind == 0] = random.standard_normal((int((kind == 0).sum()), 2)) * 1e-3
    return np.column_stack([pressure, shear]), gap, slip


def test_a_state_that_satisfies_the_laws_satisfies_its_linearisation(surface: Surface) -> None:
    traction, gap, slip = state(surface)
    law = law_residual(traction, gap, slip, surface.friction, SCALE)
    assert np.abs(law).max() < ROUND_OFF * 5.0
    now = trial(traction, gap, slip, surface.friction, SCALE)
    assert set(now.status) == {Status.OPEN, Status.STICK, Status.SLIP}
    jump, target = np.column_stack([gap, slip]), np.zeros((COUNT, 3))
    laws = linearise(surface, now, target)
    forces = traction * surface.area[:, None]
    assert np.abs(laws.rows(jump, forces) - laws.target).max() < ROUND_OFF * TIE


def test_a_force_of_the_softened_laws_satisfies_them(surface: Surface) -> None:
    traction, gap, slip = state(surface)
    laws = linearise(surface, trial(traction, gap, slip, surface.friction, SCALE), np.zeros((COUNT, 3)))
    random = np.random.default_rng(3)
    jump, rows = random.standard_normal((2, COUNT, 3))
    force = laws.force(rows, jump)
    giving = force / (TIE * surface.area)[:, None]
    assert np.abs(laws.rows(jump + giving, force) - rows).max() < ROUND_OFF * TIE


def test_ties_are_symmetric_and_not_negative(surface: Surface) -> None:
    traction, gap, slip = state(surface)
    ties = linearise(surface, trial(traction, gap, slip, surface.friction, SCALE), np.zeros((COUNT, 3))).ties
    assert np.allclose(ties, ties.swapaxes(1, 2), rtol=ROUND_OFF, atol=ROUND_OFF)
    assert np.linalg.eigvalsh(ties).min() > 0.0
