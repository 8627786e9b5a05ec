"""Preloads inside stem and bone, on small structured bodies: what the interface carries of them, and how."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fea.contact.history import History, Point
from fea.errors import SolverError
from fea.mesh.parts import Mesh, Part
from fea.model.build import Model, build_model
from fea.model.iterative import Method, build_iterative, walk_iterative
from fea.model.preload import Preload
from fea.model.recover import displacements, reaction_wrench
from fea.model.walk import Plan, walk_history
from tests.bodies.structured import FloatArray, everywhere, isotropic, tube_in_tube
from tests.bodies.walked_tube import FREE, REFERENCE_POINT, WALK

STEM, BONE = isotropic(110e3, 0.3), isotropic(17e3, 0.3)
INTERFERENCE = 0.01
#: N.
FORCE = 800.0
#: Newton's method ends at relative residuals of 3e-10; the interface's condition is some hundreds.
CONVERGED = 1e-6


def pushed(part: Part, where: FloatArray, force: float) -> FloatArray:
    """An axial force in equal parts on a ring of nodes."""
    loads = np.zeros((len(part.points), 3))
    loads[where, 2] = force / np.count_nonzero(where)
    return loads.ravel()


def ring(part: Part, facet: str, level: float) -> FloatArray:
    """Corners of a named facet's elements at a level: they lie evenly round the axis."""
    corners = np.zeros(len(part.points), dtype=bool)
    corners[part.tets[:, :4]] = True
    named = np.zeros(len(part.points), dtype=bool)
    named[part.facets[facet]] = True
    return named & corners & (np.abs(part.points[:, 2] - level) < 1e-9)


def screw(mesh: Mesh) -> Preload:
    """Shortens the stem: distally on its proximal rim, proximally on its distal end."""
    stem, length = mesh.stem, float(mesh.stem.points[:, 2].max())
    inside = pushed(stem, ring(stem, "proximal_end", length), -1.0)
    inside += pushed(stem, ring(stem, "distal_end", 0.0), 1.0)
    return Preload("screw", FORCE, inside, np.zeros(3 * len(mesh.bone.points)))


def spindle(mesh: Mesh) -> Preload:
    """Pulls the stem proximally and pushes the bone distally."""
    stem, bone, length = mesh.stem, mesh.bone, float(mesh.stem.points[:, 2].max())
    return Preload(
        "spindle", FORCE, pushed(stem, ring(stem, "proximal_end", length), 1.0),
        pushed(bone, ring(bone, "cut", 0.0), -1.0),
    )  # fmt: skip


def fit(interference: float):
    return lambda points, *_: np.full(len(points), -interference)


@cache
def model(*names: str, sliding: bool = True, interference: float = INTERFERENCE) -> Model:
    mesh = tube_in_tube()
    preloads = [{"screw": screw, "spindle": spindle}[name](mesh) for name in names]
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    return build_model(
        mesh, materials, FREE, fit(interference), sliding, REFERENCE_POINT, "superlu", preloads=preloads
    )


def walked(at: Model, wrenches: FloatArray = WALK, friction: float = 0.4, parts: int = 2) -> list[Point]:
    history = History(at.problem(at.operators.gap, {"uncoated": friction}))
    seated = history.press_fit(parts)
    return [seated, *history.walk(seated, wrenches)]


def resultant(at: Model, point: Point) -> FloatArray:
    """Force and moment about the origin of the contact forces on the bone."""
    nodal = (at.operators.bone.T @ point.forces.ravel()).reshape(-1, 3)
    return np.r_[nodal.sum(axis=0), np.cross(at.mesh.bone.points, nodal).sum(axis=0)]


def test_a_preload_within_the_stem_leaves_the_resultant_of_contact_unchanged() -> None:
    for plain, screwed in zip(walked(model()), walked(model("screw")), strict=True):
        difference = resultant(model("screw"), screwed) - resultant(model(), plain)
        assert np.abs(difference).max() < 1e-9 * FORCE
        assert np.abs(screwed.forces - plain.forces).max() > 1e-3 * np.abs(plain.forces).max()


def test_contact_carries_exactly_what_pulls_the_stem_against_the_bone() -> None:
    """The contact forces on the bone are then the pull on the stem, less the wrench's part."""
    for plain, pulled in zip(walked(model()), walked(model("spindle")), strict=True):
        difference = resultant(model("spindle"), pulled) - resultant(model(), plain)
        np.testing.assert_allclose(difference, [0, 0, FORCE, 0, 0, 0], atol=1e-9 * FORCE * 14.0)


@pytest.mark.parametrize("exact", [None, True, False], ids=["direct", "factorisation", "multigrid"])
def test_a_free_bone_is_carried_against_its_preload_by_contact_alone(exact: bool | None) -> None:
    """The stem is clamped and the bone held by nothing else: contact pulls back what the spindle pushes."""
    mesh = tube_in_tube()
    kinds = {**FREE, "bone_proximal": "free", "stem_distal": "clamped"}
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    pull = [spindle(mesh)]
    if exact is None:
        at = build_model(
            mesh, materials, kinds, fit(INTERFERENCE), True, REFERENCE_POINT, "superlu", preloads=pull
        )
        seated = walked(at, WALK[:0])[0]
    else:
        iterative = build_iterative(
            mesh, materials, kinds, fit(INTERFERENCE), REFERENCE_POINT, Method("superlu", exact), pull
        )
        plan = Plan(np.zeros(0), WALK[:0], 0, 2, 8)
        seated = walk_iterative(iterative, iterative.operators.gap, {"uncoated": 0.4}, plan).seated
        at = model("spindle")
    np.testing.assert_allclose(resultant(at, seated), [0, 0, FORCE, 0, 0, 0], atol=1e-7 * FORCE * 14.0)


def test_preloads_grow_with_the_fit_and_stay_in_force() -> None:
    points = walked(model("screw", "spindle"))
    for point, wrench in zip(points, [np.zeros(6), *WALK], strict=True):
        np.testing.assert_allclose(point.loads, [*wrench, FORCE, FORCE], rtol=1e-14, atol=1e-12)
        np.testing.assert_array_equal(point.wrench, point.loads[:6])
    half = History(model("screw").problem(model("screw").operators.gap, {"uncoated": 0.4})).unloaded
    np.testing.assert_array_equal(half.loads, np.zeros(7))


def test_bonded_bodies_superpose_their_preloads() -> None:
    """With friction that nothing overcomes equilibrium is linear in fit, preloads and wrench."""
    alone, screwed, pulled, both = (
        walked(model(*names), friction=50.0, parts=1)
        for names in ((), ("screw",), ("spindle",), ("screw", "spindle"))
    )
    for none, one, other, sum_ in zip(alone, screwed, pulled, both, strict=True):
        expected = one.forces + other.forces - none.forces
        assert np.abs(sum_.forces - expected).max() < CONVERGED * np.abs(expected).max()


@pytest.mark.parametrize("names", [("screw",), ("spindle",)])
@pytest.mark.parametrize("exact", [False, True], ids=["multigrid", "factorisation"])
def test_both_routes_find_the_same_preloaded_history(names: tuple[str, ...], exact: bool) -> None:
    direct = model(*names)
    plan = Plan(10.0 * np.arange(len(WALK)), WALK, 1, 2, 8)
    expected = walk_history(direct, direct.problem(direct.operators.gap, {"uncoated": 0.4}), plan)
    mesh = direct.mesh
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    iterative = build_iterative(
        mesh, materials, FREE, fit(INTERFERENCE), REFERENCE_POINT, Method("superlu", exact), direct.preloads
    )
    found = walk_iterative(iterative, iterative.operators.gap, {"uncoated": 0.4}, plan)
    assert found.loss is None
    assert len(found.points) == len(expected.judged) == 1 + len(WALK)
    size = np.abs(expected.judged[0].forces).max()
    for mine, theirs in zip(found.points, expected.judged, strict=True):
        assert np.abs(mine.forces - theirs.forces).max() < CONVERGED * size
        np.testing.assert_allclose(mine.loads, theirs.loads, rtol=1e-14, atol=1e-12)
    moved = zip(iterative.displacements(found.points), displacements(direct, expected.judged), strict=True)
    for mine, theirs in moved:
        assert np.abs(mine - theirs).max() < CONVERGED * np.abs(theirs).max()
    assert max(found.residual.max(), found.imbalance.max(), expected.residual, expected.imbalance) < 1e-8


@pytest.mark.parametrize("names", [("screw",), ("spindle",)])
def test_without_friction_the_increments_of_the_press_fit_do_not_matter(names: tuple[str, ...]) -> None:
    """A frictionless press-fit has no path. A smooth tube is held axially by supports for the spindle."""
    mesh = tube_in_tube()
    preloads = [{"screw": screw, "spindle": spindle}[name](mesh) for name in names]
    kinds = FREE if names == ("screw",) else {**FREE, "stem_proximal": "symmetric"}
    at = build_model(
        mesh, (everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)), kinds, fit(INTERFERENCE), False,
        REFERENCE_POINT, "superlu", preloads=preloads,
    )  # fmt: skip
    one, four = (walked(at, WALK[:0], 0.0, parts)[0] for parts in (1, 4))
    assert np.abs(one.forces - four.forces).max() < CONVERGED * np.abs(one.forces).max()
    plain = model(sliding=False)
    without = walked(plain, WALK[:0], 0.0, 1)[0]
    assert np.abs(one.forces - without.forces).max() > 1e-4 * np.abs(one.forces).max()


def test_reactions_hold_against_preloads_on_held_nodes() -> None:
    """The clamped end of the bone carries nothing of a preload, though its forces act there."""
    mesh = tube_in_tube()
    bone, length = mesh.bone, float(mesh.bone.points[:, 2].max())
    pull = replace(spindle(mesh), bone_loads=pushed(bone, ring(bone, "proximal", length), -1.0))
    at = build_model(
        mesh, (everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)), FREE, fit(INTERFERENCE), True,
        REFERENCE_POINT, "superlu", preloads=[pull],
    )  # fmt: skip
    points = walked(at, WALK[:0])
    forces, loads = points[0].forces.reshape(-1, 1), points[0].loads[:, None]
    stem, moved = displacements(at, points)
    reaction = reaction_wrench(at.bone, moved, at.operators.bone.T @ forces + at.bone_loads @ loads[6:])
    assert np.abs(reaction).max() < 1e-8 * FORCE
    assert (
        np.abs(reaction_wrench(at.stem, stem, at.operators.stem.T @ forces + at.loads @ loads)).max()
        < 1e-8 * FORCE
    )


def test_a_preload_that_drives_a_loose_motion_is_refused_by_its_name() -> None:
    with pytest.raises(SolverError, match="along z"):
        model("spindle", sliding=False).require_held(np.zeros((0, 6)))
    model("screw", sliding=False).require_held(np.zeros((0, 6)))


@pytest.mark.parametrize("turned", [False, True], ids=["force", "moment"])
def test_a_preload_with_a_resultant_is_refused(turned: bool) -> None:
    mesh = tube_in_tube()
    wrong = screw(mesh)
    if turned:
        skewed = wrong.stem_loads.reshape(-1, 3).copy()
        skewed[:, 2] *= 1.0 + 0.01 * (mesh.stem.points[:, 2] > 10.0) * mesh.stem.points[:, 0]
        wrong = replace(wrong, stem_loads=skewed.ravel())
    else:
        wrong = replace(wrong, bone_loads=pushed(mesh.bone, ring(mesh.bone, "cut", 0.0), 0.01))
    with pytest.raises(SolverError, match="the screw is not in equilibrium with itself"):
        build_model(
            mesh, (everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)), FREE, fit(0.01), True,
            REFERENCE_POINT, "superlu", preloads=[wrong],
        )  # fmt: skip
