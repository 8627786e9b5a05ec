"""From a mesh to a contact problem and back: what is held, what is loose, what reacts."""

from __future__ import annotations

import numpy as np
import pytest

from fea.errors import SolverError
from fea.model.body import hold
from fea.model.build import Model, build_model
from fea.model.interface import describe, friction_by_vertex
from fea.model.recover import displacements, reaction_wrench, recover_fields
from fea.model.walk import Plan, walk_history
from tests.bodies.structured import FloatArray, everywhere, isotropic, tube_in_tube

REFERENCE_POINT = (1.0, -2.0, -30.0)
INTERFERENCE = 0.01
STEM, BONE = isotropic(110e3, 0.3), isotropic(17e3, 0.3)


def supports(**kinds: str) -> dict[str, str]:
    names = ("stem_distal", "stem_proximal", "bone_proximal", "bone_distal")
    return {name: kinds.get(name, "free") for name in names}


def model(sliding: bool = True, interference: float = INTERFERENCE, **kinds: str) -> Model:
    mesh = tube_in_tube()
    materials = everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)
    return build_model(
        mesh, materials, supports(**kinds), lambda points, *_: np.full(len(points), -interference), sliding,
        REFERENCE_POINT, "superlu",
    )  # fmt: skip


def walk(at: Model, wrenches: FloatArray, friction: float = 0.4):
    problem = at.problem(at.operators.gap, {"uncoated": friction})
    percent = 100.0 * np.arange(len(wrenches)) / max(len(wrenches), 1)
    return walk_history(at, problem, Plan(percent, wrenches, 1, 2, 8))


@pytest.mark.parametrize(
    ("kinds", "sliding", "resisted", "loose"),
    [
        ({"bone_proximal": "clamped"}, True, 6, 0),
        ({"bone_proximal": "clamped"}, False, 4, 2),  # a smooth cylinder turns and slides
        ({"bone_proximal": "clamped", "stem_distal": "clamped"}, True, 0, 0),
        ({}, True, 6, 6),  # both bodies fly together
        ({}, False, 4, 8),
        ({"bone_proximal": "symmetric"}, True, 6, 3),
    ],
)
def test_motions_are_resisted_or_loose_as_mechanics_says(
    kinds: dict[str, str], sliding: bool, resisted: int, loose: int
) -> None:
    at = model(sliding, **kinds)
    assert (at.basis.shape[1], at.loose.shape[1]) == (resisted, loose)
    assert np.abs(at.basis.T @ at.loose).max(initial=0.0) < 1e-10


def test_a_load_along_a_loose_motion_is_refused_by_its_name() -> None:
    at = model(sliding=False, bone_proximal="clamped")
    at.require_held(np.array([[5.0, 3.0, 0.0, 0.0, 0.0, 0.0]]) * 0)
    with pytest.raises(SolverError, match="along"):
        at.require_held(np.array([[0.0, 0.0, -100.0, 0.0, 0.0, 0.0]]))
    with pytest.raises(SolverError, match="about"):
        at.require_held(np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 5000.0]]))
    model(bone_proximal="clamped").require_held(np.array([[0.0, 0.0, -100.0, 0, 0, 0]]))


@pytest.mark.parametrize("kind", ["clamped", "symmetric", "free"])
def test_supports_hold_the_unknowns_that_they_say(kind: str) -> None:
    part = tube_in_tube().bone
    body = hold(part, everywhere(part, BONE), {"proximal": kind, "cut": "free"})
    nodes = np.unique(part.facets["proximal"])
    every = (3 * nodes[:, None] + np.arange(3)).ravel()
    expected = {"clamped": every, "symmetric": 3 * nodes + 2, "free": every[:0]}[kind]
    assert np.array_equal(body.fixed, expected)
    assert len(body.pins) == body.motions.shape[1] == {"clamped": 0, "symmetric": 3, "free": 6}[kind]
    assert not set(body.free) & (set(body.fixed) | set(body.pins))


@pytest.mark.parametrize("column", range(6))
def test_reactions_balance_each_component_of_the_wrench(column: int) -> None:
    """What acts on a held node is not its reaction: force and moment about the origin, 1e-8.

    The stem's pins sit on loaded nodes, and the bone is clamped where the stem ends.
    """
    at = model(bone_proximal="clamped")
    wrench = np.eye(6)[column] * np.array([50, 50, 300, 2000, 2000, 2000.0])[column]
    track = walk(at, wrench[None])
    stem, bone = displacements(at, track.judged)
    forces = np.column_stack([point.forces.ravel() for point in track.judged])
    wrenches = np.column_stack([point.wrench for point in track.judged])
    on_stem = at.loads @ wrenches + at.operators.stem.T @ forces
    found = reaction_wrench(at.bone, bone, at.operators.bone.T @ forces) + reaction_wrench(
        at.stem, stem, on_stem
    )
    about_origin = np.r_[wrench[:3], wrench[3:] + np.cross(REFERENCE_POINT, wrench[:3])]
    assert found[0] == pytest.approx(np.zeros(6), abs=1e-6)
    assert found[1] == pytest.approx(-about_origin, abs=1e-8 * 1e4)


def test_displacements_have_the_jumps_of_the_contact_problem() -> None:
    """Weak jumps of the recovered fields equal those that the solver found: round-off, 1e-9 mm."""
    at = model(bone_proximal="clamped")
    track = walk(at, np.array([[30.0, -20.0, 200.0, 500.0, 800.0, -900.0]]))
    stem, bone = displacements(at, track.judged)
    jump = at.operators.stem @ stem + at.operators.bone @ bone
    for column, point in enumerate(track.judged):
        assert jump[:, column].reshape(-1, 3) == pytest.approx(point.jump, abs=1e-9)


def test_stem_motion_is_in_millimetres_and_radians() -> None:
    """`State.stem_motion`: a rotation in rad about the origin moves a far point by angle times arm.

    The stem is stiff against the load of a small torque, so that its rigid motion is what its
    pins leave: the twist of the recovered field, within the elastic part.
    """
    at = model(bone_proximal="clamped")
    track = walk(at, np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 2000.0]]))
    stem, _ = displacements(at, track.judged)
    motion = track.walk.cycles[0][0].stem_motion
    field = stem[:, 1].reshape(-1, 3)
    x, y, _ = at.mesh.stem.points.T
    twist = float(np.mean((field[:, 1] * x - field[:, 0] * y) / (x**2 + y**2)))
    assert motion[5] == pytest.approx(twist, rel=0.5)


def test_stress_is_the_stiffness_times_the_strain_at_every_node() -> None:
    """One stiffness for all nodes, or one for each: the same stress. Round-off, 1e-9 MPa."""
    at = model(bone_proximal="clamped")
    track = walk(at, np.zeros((0, 6)))
    _, bone = displacements(at, track.judged)
    fields = recover_fields(at.bone, bone, BONE)
    assert fields.stress.shape == (1, len(at.mesh.bone.points), 6)
    assert np.abs(fields.stress).max() > 1.0
    assert fields.stress[0] == pytest.approx(fields.strain[0] @ BONE, abs=1e-9)
    varied = np.broadcast_to(BONE, (len(at.mesh.bone.points), 6, 6))
    assert recover_fields(at.bone, bone, varied).stress == pytest.approx(fields.stress, abs=1e-9)


def test_a_walk_keeps_what_stands_before_the_loss() -> None:
    """Pulled harder and harder: equilibria up to the pull-out, then a loss that says when and which way."""
    at = model(bone_proximal="clamped")
    wrenches = np.zeros((6, 6))
    wrenches[:, 2] = -np.array([0.0, 500.0, 2000.0, 1e5, 0.0, 0.0])
    track = walk(at, wrenches)
    loss = track.walk.loss
    assert loss is not None
    assert loss.cycle == 1
    assert loss.percent == pytest.approx(50.0)
    assert "distally" in loss.motion
    assert loss.direction[2] < 0
    assert [state.wrench[2] for state in track.walk.cycles[0]] == [0.0, -500.0, -2000.0]
    assert track.walk.judged == ()
    assert len(track.judged) == 1
    assert track.residual < 1e-8
    assert track.imbalance < 1e-9


def test_friction_is_the_zones_and_zero_where_none_is_stated() -> None:
    assert friction_by_vertex(
        np.array([0, 1, 2]), ("coated", "uncoated", "collar"), {"coated": 0.5, "uncoated": 0.3}
    ) == pytest.approx([0.5, 0.3, 0])


def test_the_interface_is_described_with_its_rims() -> None:
    """Open ends of the contact at z = 0 and z = 20: vertices within reach are rims, the others are not."""
    at = model(bone_proximal="clamped")
    interface = describe(at.mesh, at.operators, {"uncoated": 0.4}, 3.0)
    level = interface.points[:, 2]
    assert np.array_equal(interface.rim, (level < 3.0) | (level > 17.0))
    assert interface.fit == pytest.approx(-INTERFERENCE, rel=1e-12)
    corners, middles = interface.points[interface.facets], interface.middles
    assert np.abs(np.hypot(middles[..., 0], middles[..., 1]) - 7.0).max() < 1e-9
    chord = 0.5 * (corners + np.roll(corners, -1, axis=1))
    assert np.linalg.norm(middles - chord, axis=2).max() < 7 * (1 - np.cos(np.pi / 8)) + 1e-9
