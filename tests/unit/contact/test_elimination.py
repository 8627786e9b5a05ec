"""A reduced system answers as the whole one does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fea.contact.elimination import Elimination, Load, Selection
from fea.contact.problem import System, unknowns

seeds = st.integers(0, 2**32 - 1)
VERTICES, MOTIONS = 14, 3


def draw(random: np.random.Generator) -> tuple[System, Load, np.ndarray]:
    root = random.normal(size=(3 * VERTICES, 3 * VERTICES))
    give = random.normal(size=(MOTIONS, MOTIONS))
    system = System(
        compliance=root @ root.T + 3 * VERTICES * np.eye(3 * VERTICES),
        motions=random.normal(size=(3 * VERTICES, MOTIONS)),
        give=-give @ give.T,
        area=np.ones(VERTICES),
        friction=random.uniform(0, 1, VERTICES),
        scale=1.0,
    )
    load = Load(random.normal(size=3 * VERTICES), random.normal(size=MOTIONS))
    return system, load, random.normal(size=(VERTICES, 3))


def pick(random: np.random.Generator, count: int) -> Selection:
    order = random.permutation(count)
    first, second = np.sort(random.integers(0, count + 1, 2))
    return Selection(np.sort(order[:first]), np.sort(order[first:second]))


def whole(system: System, load: Load, target, free, stuck, forces, motion):
    """Forces of the whole system by one dense solve: stuck jumps prescribed, idle forces zero."""
    full = np.zeros((len(system.area), 3))
    full[free] = forces
    there = unknowns(stuck)
    missing = target[stuck].ravel() - load.offset[there]
    missing = missing - system.compliance[there] @ full.ravel() - system.motions[there] @ motion
    if len(there):
        held = np.linalg.solve(system.compliance[np.ix_(there, there)], missing)
        full[stuck] = held.reshape(-1, 3)
    return full


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_a_reduced_system_answers_as_the_whole_one(seed: int) -> None:
    """Any forces on the active vertices and any motion: same forces, jumps and equilibrium.

    Dense algebra of 42 well conditioned unknowns: round-off, 1e-10.
    """
    random = np.random.default_rng(seed)
    system, load, target = draw(random)
    chosen = pick(random, VERTICES)
    elimination = Elimination(system, chosen)
    forces, motion = random.normal(size=(len(chosen.active), 3)), random.normal(size=MOTIONS)
    reduced, held = elimination.load(load, target)
    full = elimination.expand(forces, motion, held)
    expected = whole(system, load, target, chosen.active, chosen.stuck, forces, motion)
    assert full == pytest.approx(expected, abs=1e-10)
    jump = system.jump(full, motion, load.offset)
    here = elimination.system.jump(forces, motion, reduced.offset)
    assert here == pytest.approx(jump[chosen.active], abs=1e-9)
    assert elimination.complete(here, target, full, motion, load) == pytest.approx(jump, abs=1e-9)
    small = elimination.system
    drive = small.motions.T @ forces.ravel() + small.give @ motion + reduced.thrust
    exact = system.motions.T @ full.ravel() + system.give @ motion + load.thrust
    assert drive == pytest.approx(exact, abs=1e-9)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_eliminations_can_be_nested(seed: int) -> None:
    """What the inner one leaves out of the outer one is left out of the whole one."""
    random = np.random.default_rng(seed)
    system, load, target = draw(random)
    outer = Elimination(system, pick(random, VERTICES))
    inner = Elimination(outer.system, pick(random, len(outer.active)))
    forces, motion = random.normal(size=(len(inner.active), 3)), random.normal(size=MOTIONS)
    middle, outer_held = outer.load(load, target)
    _, inner_held = inner.load(middle, target[outer.active])
    half = inner.expand(forces, motion, inner_held)
    full = outer.expand(half, motion, outer_held)
    free, stuck = outer.active[inner.active], np.r_[outer.stuck, outer.active[inner.stuck]]
    assert full == pytest.approx(whole(system, load, target, free, stuck, forces, motion), abs=1e-9)


def test_an_elimination_of_nothing_is_the_system_itself() -> None:
    system, load, target = draw(np.random.default_rng(0))
    same = Elimination(system, Selection.everything(VERTICES))
    assert same.system.compliance is system.compliance
    reduced, held = same.load(load, target)
    assert np.array_equal(reduced.offset, load.offset)
    assert not len(held)


def test_the_larger_system_is_left_as_it_was() -> None:
    """The factor overwrites a copy of the compliance, never the compliance."""
    system, load, target = draw(np.random.default_rng(1))
    before = system.compliance.copy()
    Elimination(system, Selection(np.arange(3), np.arange(3, 10))).load(load, target)
    assert np.array_equal(system.compliance, before)
