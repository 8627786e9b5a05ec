"""A threaded stem in its bone: what carries which load, by equilibrium alone.

Without friction, rings carry an axial force and nothing else carries any; no torque acts on a body
of revolution. A helix may be screwed along itself, which ties torque to force.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.contact.history import History
from fea.elasticity.rigid import LEVER
from fea.errors import SolverError
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import build_model
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.structured import isotropic
from tests.unit.mesh.test_thread_net import thread

STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
ZONES = ("uncoated", "thread")
FORCE = 1000.0  # N


def seated(form, interference=0.002, friction=0.0):
    """Thread of seven pitches, the bone clamped at its upper end, the stem held by contact alone."""
    bone, reaming = Bone(30.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.0, 26.0, 4.0)
    stem = Stem(16.0, 20.0, 4.0, thread=thread(form=form, end=18.0, run_out=2.5))
    zones = {"uncoated": ZoneFit(0.0, friction), "thread": ZoneFit(interference, friction)}
    mesh = build_mesh(bone, reaming, stem, MeshSizes(4.0, 5.0))
    fit = Fit(bone, reaming, stem, zones)
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), (BONE, mesh.bone))
    ]
    supports = dict.fromkeys(("stem_distal", "stem_proximal", "bone_distal"), "free")
    return build_model(
        mesh, (laws[0], laws[1]), supports | {"bone_proximal": "clamped"}, fit.gap, friction > 0,
        (0.0, 0.0, -4.0), "pardiso",
    )  # fmt: skip


def walked(model, wrench, friction=0.0):
    """Press-fit, then the wrench in two steps."""
    history = History(model.problem(model.operators.gap, dict.fromkeys(ZONES, friction)))
    start = history.press_fit(1)
    steps = np.array([0.5, 1.0])[:, None] * np.asarray(wrench)
    model.require_held(steps)
    return start, list(history.walk(start, steps))[-1]


def resultants(model, point):
    """Force along and moment about the axis of the contact forces on the bone by zone, N and N mm."""
    rows, forces = model.operators.bone, point.forces.ravel()
    x, y, _ = model.mesh.bone.points.T
    found = {}
    for name in ZONES:
        chosen = model.operators.zone == model.mesh.zones.index(name)
        nodal = (rows.T @ np.where(np.repeat(chosen, 3), forces, 0.0)).reshape(-1, 3)
        found[name] = nodal[:, 2].sum(), (x * nodal[:, 1] - y * nodal[:, 0]).sum()
    return found


@pytest.fixture(scope="module")
def rings():
    return seated("rings")


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_rings_without_friction_carry_the_whole_axial_force(rings, sign):
    """Pulled out and pushed in; the core beside them is a cylinder and carries none."""
    start, point = walked(rings, [0.0, 0.0, sign * FORCE, 0.0, 0.0, 0.0])
    before, after = resultants(rings, start), resultants(rings, point)
    assert abs(before["thread"][0]) < 1e-6 * FORCE
    assert after["thread"][0] == pytest.approx(sign * FORCE, rel=1e-3)
    assert sum(axial for axial, _ in after.values()) == pytest.approx(sign * FORCE, rel=1e-8)


def test_no_torque_is_held_by_rings_without_friction(rings):
    """Curved facets are no exact circles: they resist less than counts."""
    with pytest.raises(SolverError, match="rotation about z"):
        walked(rings, [0.0, 0.0, 0.0, 0.0, 0.0, 1000.0])


def test_a_helix_without_friction_is_free_to_screw_and_to_nothing_else():
    """One motion is left: once round it climbs by the lead. So a force F holds a torque F lead / 2 pi.

    Only the run-outs, a third of this thread, resist it, and by less than counts; the motion that they
    resist least climbs by 1.5 % less.
    """
    model = seated("helix")
    assert model.loose.shape[1] == 1
    count = model.bone.motions.shape[1]
    motion = model.stem.motions @ model.loose[count:, 0]
    climbed = motion[2] / (motion[5] / LEVER) * math.tau
    assert climbed == pytest.approx(2.5, rel=0.02)
    for wrench in ([0.0, 0.0, FORCE, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, FORCE]):
        with pytest.raises(SolverError, match="nothing holds the stem"):
            walked(model, wrench)


@pytest.mark.parametrize("form", ["helix", "rings"])
def test_with_friction_a_thread_holds_force_and_torque(form):
    """Together they are the contact's resultant, on all zones."""
    model = seated(form, interference=0.004, friction=0.4)
    _, point = walked(model, [0.0, 0.0, -FORCE, 0.0, 0.0, 1000.0], friction=0.4)
    found = resultants(model, point)
    assert sum(axial for axial, _ in found.values()) == pytest.approx(-FORCE, rel=1e-8)
    assert sum(moment for _, moment in found.values()) == pytest.approx(1000.0, rel=1e-6)
    assert found["thread"][0] == pytest.approx(-FORCE, rel=0.1)
