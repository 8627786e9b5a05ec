"""The route by iteration against the direct one, on the same small meshes."""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.history import Point
from fea.errors import SolverError
from fea.model.build import Model, build_model
from fea.model.iterative import IterativeModel, IterativeTrack, Method, build_iterative, walk_iterative
from fea.model.recover import displacements
from fea.model.walk import Plan, walk_history
from fea.status import Status
from tests.bodies.structured import FloatArray, everywhere, isotropic, tube_in_tube

REFERENCE_POINT = (1.0, -2.0, -30.0)
STEM, BONE = isotropic(110e3, 0.3), isotropic(17e3, 0.3)
SUPPORTS = {"stem_distal": "free", "stem_proximal": "free", "bone_distal": "free", "bone_proximal": "clamped"}
#: Pushes, bends and twists that a press-fit of 10 um holds, N and N mm.
WRENCHES = np.array(
    [
        [10.0, 0.0, 200.0, 0.0, 400.0, 0.0],
        [30.0, 10.0, 500.0, 300.0, 900.0, 500.0],
        [20.0, -20.0, 300.0, 0.0, 300.0, -800.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)
#: Both routes end at relative residuals below 1e-9; the interface's condition is some hundreds.
AGREEMENT = 1e-6


def pressed(interference: float):
    return lambda points, *_: np.full(len(points), -interference)


def by_iteration(interference: float, exact: bool = False, **kinds: str) -> IterativeModel:
    mesh = tube_in_tube()
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    return build_iterative(
        mesh, materials, {**SUPPORTS, **kinds}, pressed(interference), REFERENCE_POINT,
        Method("superlu", exact),
    )  # fmt: skip


def directly(interference: float) -> Model:
    mesh = tube_in_tube()
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    return build_model(mesh, materials, SUPPORTS, pressed(interference), True, REFERENCE_POINT, "superlu")


def plan(wrenches: FloatArray = WRENCHES) -> Plan:
    return Plan(25.0 * np.arange(len(wrenches)), wrenches, 1, 2, 8)


def walked(model: IterativeModel, friction: float) -> IterativeTrack:
    return walk_iterative(model, model.operators.gap, {"uncoated": friction}, plan())


def reference(interference: float, friction: float) -> tuple[Model, tuple[Point, ...]]:
    model = directly(interference)
    problem = model.problem(model.operators.gap, {"uncoated": friction})
    return model, walk_history(model, problem, plan()).judged


@pytest.mark.parametrize("exact", [False, True], ids=["multigrid", "factorisation"])
@pytest.mark.parametrize(
    ("interference", "friction", "least_slipping"),
    [(0.01, 0.5, 0.0), (0.002, 0.2, 0.5)],
    ids=["tight", "weak"],
)
def test_both_routes_find_the_same_history(
    interference: float, friction: float, least_slipping: float, exact: bool
) -> None:
    _, expected = reference(interference, friction)
    track = walked(by_iteration(interference, exact), friction)
    assert track.loss is None
    assert len(track.points) == len(expected) == 1 + len(WRENCHES)
    force = np.abs(expected[0].forces).max()
    jump = np.abs(expected[0].jump).max()
    for mine, theirs in zip(track.points, expected, strict=True):
        assert np.abs(mine.forces - theirs.forces).max() < AGREEMENT * force
        assert np.abs(mine.jump - theirs.jump).max() < AGREEMENT * jump
    assert max(track.residual.max(), track.imbalance.max()) < 1e-9
    assert max((point.status == Status.SLIP).mean() for point in track.points) > least_slipping


def test_displacements_belong_to_the_points() -> None:
    model, expected = reference(0.01, 0.5)
    track = walked(by_iteration(0.01), 0.5)
    for mine, theirs in zip(
        by_iteration(0.01).displacements(track.points), displacements(model, expected), strict=True
    ):
        assert np.abs(mine - theirs).max() < AGREEMENT * np.abs(theirs).max()


def test_a_load_beyond_the_grip_ends_the_history_and_names_the_motion() -> None:
    model = by_iteration(0.002)
    pull = np.array([[0.0, 0.0, -5e3, 0.0, 0.0, 0.0]])
    track = walk_iterative(model, model.operators.gap, {"uncoated": 0.2}, Plan(np.zeros(1), pull, 1, 1, 3))
    assert track.loss is not None
    assert (track.loss.cycle, track.cycles) == (1, ((),))
    assert track.loss.motion == "sliding out along the axis (distally)"
    assert track.residual.shape == track.imbalance.shape == (1,)


@pytest.mark.parametrize(
    ("kinds", "friction", "load", "says"),
    [
        ({"bone_proximal": "free"}, 0.5, [0.0, 0.0, 100.0, 0.0, 0.0, 0.0], "nothing holds stem and bone"),
        ({}, 0.0, [0.0, 0.0, -100.0, 0.0, 0.0, 0.0], "along z"),
        ({}, 0.0, [0.0, 0.0, 0.0, 0.0, 0.0, 5000.0], "about z"),
    ],
    ids=["both fly", "nothing stops sliding", "nothing stops turning"],
)
def test_a_body_that_is_not_held_is_refused(
    kinds: dict[str, str], friction: float, load: list[float], says: str
) -> None:
    model = by_iteration(0.01, **kinds)
    with pytest.raises(SolverError, match=says):
        walk_iterative(model, model.operators.gap, {"uncoated": friction}, plan(np.array([load])))


def test_a_smooth_press_fit_needs_nothing_that_stops_sliding() -> None:
    model = by_iteration(0.01)
    track = walk_iterative(model, model.operators.gap, {"uncoated": 0.0}, plan(np.zeros((0, 6))))
    assert track.loss is None
    assert max(track.residual.max(), track.imbalance.max()) < 1e-9
    assert not track.seated.forces[:, 1:].any()
