"""What an interface problem is given, at every share of the ramp."""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.problem import Equilibrium, InterfaceProblem


@pytest.mark.parametrize("seated", [0.0, 0.25, 1.0])
def test_interference_is_ramped_and_an_open_gap_is_there_from_the_start(seated: float) -> None:
    """A gap that opened with the ramp would touch, and rub, where the press-fit leaves it open."""
    nothing = Equilibrium(np.eye(9), np.zeros((9, 0)), np.zeros((9, 6)), np.zeros((0, 6)))
    gap = np.array([-0.04, 0.0, 0.2])
    problem = InterfaceProblem(nothing, np.ones(3), np.full(3, 0.3), 1.0, gap)
    assert problem.seated_gap(seated) == pytest.approx([-0.04 * seated, 0.0, 0.2], abs=0.0)
