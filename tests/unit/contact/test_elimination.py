"""A reduced system answers as the whole one does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from fea.contact.elimination import Elimination, Selection, eliminate
from fea.contact.problem import Equilibrium, System, unknowns
from fea.errors import SolverError

seeds = st.integers(0, 2**32 - 1)
VERTICES, LOADS = 14, 3


def draw(random: np.random.Generator) -> tuple[System, np.ndarray, np.ndarray]:
    """A system, forces at zero jump and jumps of all vertices."""
    root = random.normal(size=(3 * VERTICES, 3 * VERTICES))
    stiffness = root @ root.T + 3 * VERTICES * np.eye(3 * VERTICES)
    system = System(stiffness, np.ones(VERTICES), random.uniform(0, 1, VERTICES), 1.0)
    return system, random.normal(size=(3 * VERTICES, LOADS)), random.normal(size=(VERTICES, 3))


def pick(random: np.random.Generator, count: int) -> Selection:
    order = random.permutation(count)
    first, second = np.sort(random.integers(0, count + 1, 2))
    return Selection(np.sort(order[:first]), np.sort(order[first:second]))


def compare(elimination: Elimination, system: System, force: np.ndarray, jump: np.ndarray) -> None:
    """Jumps and forces of all vertices by one dense solve: open carry nothing, stuck do not move."""
    active, stuck, idle = (unknowns(v) for v in (elimination.active, elimination.stuck, elimination.idle))
    held = jump[elimination.stuck].ravel()
    load = elimination.reduce(force, held).combined(np.vstack([np.eye(LOADS), np.ones(LOADS)]))
    moved = np.repeat(jump[elimination.active].ravel()[:, None], LOADS, axis=1)
    exact = np.zeros((3 * VERTICES, LOADS))
    exact[active], exact[stuck] = moved, held[:, None]
    right = force[idle] + system.stiffness[idle] @ exact
    exact[idle] = -np.linalg.solve(system.stiffness[np.ix_(idle, idle)], right)
    forces = system.stiffness @ exact + force
    assert elimination.expand(moved, held, load) == pytest.approx(exact, abs=1e-10)
    assert elimination.system.stiffness @ moved + load.force == pytest.approx(forces[active], abs=1e-8)
    single = 1e-5 * np.abs(system.stiffness).max()
    for column in range(LOADS):
        weights = np.zeros((LOADS + 1, 1))
        weights[[column, LOADS]] = 1.0
        one = elimination.reduce(force, held).combined(weights)
        away, carried = elimination.glance(moved[:, column], one)
        assert away.ravel() == pytest.approx(exact[idle, column], abs=1e-4)
        assert carried.ravel() == pytest.approx(forces[stuck, column], abs=single)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_a_reduced_system_answers_as_the_whole_one(seed: int) -> None:
    """Any jumps of the active vertices: the same jumps and forces everywhere.

    Dense algebra of 42 well conditioned unknowns: round-off, 1e-10 of jumps, 1e-8 of forces; the
    glance in single precision, 1e-5 of the stiffness.
    """
    random = np.random.default_rng(seed)
    system, force, jump = draw(random)
    compare(Elimination(system, pick(random, VERTICES)), system, force, jump)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_vertices_that_were_stuck_can_be_released(seed: int) -> None:
    """Released ones are active as if they had been kept from the start."""
    random = np.random.default_rng(seed)
    system, force, jump = draw(random)
    first = Elimination(system, pick(random, VERTICES))
    freed = first.stuck[random.uniform(size=len(first.stuck)) < 0.5]
    second = first.released(freed)
    assert set(second.active) == {*first.active, *freed}
    assert set(second.stuck) == set(first.stuck) - set(freed)
    compare(second, system, force, jump)


def test_an_elimination_of_nothing_is_the_system_itself() -> None:
    system, force, _ = draw(np.random.default_rng(0))
    same = Elimination(system, Selection.everything(VERTICES))
    assert same.system.stiffness is system.stiffness
    assert np.array_equal(same.reduce(force, np.zeros(0)).force[:, :LOADS], force)


def test_the_larger_system_is_left_as_it_was() -> None:
    """Factors overwrite copies of the stiffness, never the stiffness."""
    system, force, jump = draw(np.random.default_rng(1))
    before = system.stiffness.copy()
    elimination = Elimination(system, Selection(np.arange(3), np.arange(3, 10)))
    elimination.reduce(force, jump[3:10].ravel())
    elimination.released(np.array([4, 7]))
    assert np.array_equal(system.stiffness, before)


def test_what_would_float_is_not_eliminated() -> None:
    """Everything open: its block resists no rigid motion, has no factor, and is kept."""
    rigid = np.tile(np.eye(3), (VERTICES, 1)) / np.sqrt(VERTICES)
    stiffness = np.eye(3 * VERTICES) - rigid @ rigid.T
    system = System(stiffness - 1e-14 * np.eye(3 * VERTICES), np.ones(VERTICES), np.ones(VERTICES), 1.0)
    none = np.zeros(0, dtype=np.int64)
    with pytest.raises(linalg.LinAlgError):
        Elimination(system, Selection(none, none))
    assert len(eliminate(system, Selection(none, none)).active) == VERTICES


@given(seeds, st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_the_stiffness_solves_the_equilibrium_of_the_compliance(seed: int, motions: int) -> None:
    """Jumps are C q + G a + U w, and G^T q + T w = 0, for any jumps and wrenches: round-off, 1e-9."""
    random = np.random.default_rng(seed)
    count = 3 * VERTICES
    root = random.normal(size=(count, count))
    bodies = Equilibrium(
        root @ root.T + np.eye(count),
        random.normal(size=(count, motions)),
        random.normal(size=(count, 6)),
        random.normal(size=(motions, 6)),
    )
    solved, jump, wrench = bodies.stiffness, random.normal(size=count), random.normal(size=6)
    forces = solved.matrix @ jump + solved.load_force @ wrench
    motion = solved.jump_motion @ jump + solved.load_motion @ wrench
    found = bodies.compliance @ forces + bodies.motions @ motion + bodies.load_jump @ wrench
    size = np.abs(bodies.compliance).max() * max(np.abs(forces).max(), 1.0)
    assert found == pytest.approx(jump, abs=1e-9 * size)
    drive = bodies.motions.T @ forces + bodies.load_thrust @ wrench
    assert drive == pytest.approx(np.zeros(motions), abs=1e-9 * size)
    assert solved.matrix == pytest.approx(solved.matrix.T, abs=1e-12 * np.abs(solved.matrix).max())


def test_two_surfaces_held_at_one_place_are_refused_in_one_sentence() -> None:
    """A jump that neither body can make leaves the compliance without an inverse."""
    compliance = np.eye(6)
    compliance[4, 4] = -1e-12
    bodies = Equilibrium(compliance, np.zeros((6, 0)), np.zeros((6, 6)), np.zeros((0, 6)))
    with pytest.raises(SolverError, match=r"not positive definite.*\[supports\]"):
        _ = bodies.stiffness
