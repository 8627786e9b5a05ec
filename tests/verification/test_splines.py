"""Splines and flutes under torque: equilibrium, what carries it, and torsional stiffness.

Splines of a stem without friction must carry the whole torque, because round lands carry none. The
twist of a long bar is held against Saint-Venant's torsional constant, computed apart in the plane.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.contact.history import History
from fea.elasticity.stiffness import stiffness_matrix
from fea.elasticity.wrench import end_face_loads
from fea.errors import SolverError
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import build_model
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Flutes, Splines
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.plane_torsion import torsional_constant
from tests.bodies.structured import isotropic
from tests.unit.mesh.test_grooves import outline

RADIUS, LENGTH, TORQUE = 8.0, 10.0, 20_000.0  # N mm
STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)


def seat(stem, interference):
    """Frictionless, the bone clamped at its upper end, the stem held by contact alone."""
    bone, reaming = Bone(14.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.0, 14.0, 0.0)
    zones = {"uncoated": ZoneFit(0.0, 0.0), "splines": ZoneFit(interference, 0.0)}
    mesh = build_mesh(bone, reaming, stem, MeshSizes(interface=2.5, far=3.0))
    fit = Fit(bone, reaming, stem, zones)
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), (BONE, mesh.bone))
    ]
    supports = dict.fromkeys(("stem_distal", "stem_proximal", "bone_distal"), "free")
    model = build_model(
        mesh, (laws[0], laws[1]), supports | {"bone_proximal": "clamped"}, fit.gap, False, (0.0, 0.0, 0.0),
        "pardiso",
    )  # fmt: skip
    return model


@pytest.fixture(scope="module")
def turned():
    stem = Stem(2 * RADIUS, LENGTH, 5.0, splines=Splines(6, 1.0, 3.0, 0.0, LENGTH))
    model = seat(stem, 0.002)
    problem = model.problem(model.operators.gap, dict.fromkeys(("uncoated", "splines"), 0.0))
    history = History(problem)
    wrenches = np.zeros((2, 6))
    wrenches[:, 5] = TORQUE / 2, TORQUE
    seated = history.press_fit(2)
    model.require_held(wrenches)
    return model, seated, list(history.walk(seated, wrenches))[-1]


def moments(model, point):
    """Moment about the axis of the contact forces on the bone, of each vertex's nodal forces."""
    rows, forces = model.operators.bone, point.forces.ravel()
    x, y, _ = model.mesh.bone.points.T

    def of(chosen):
        nodal = (rows.T @ np.where(np.repeat(chosen, 3), forces, 0.0)).reshape(-1, 3)
        return float((x * nodal[:, 1] - y * nodal[:, 0]).sum())

    zone = model.operators.zone
    return {name: of(zone == model.mesh.zones.index(name)) for name in ("uncoated", "splines")}


def test_a_seated_spline_carries_no_torque_yet(turned):
    model, seated, _ = turned
    assert abs(sum(moments(model, seated).values())) < 1e-6 * TORQUE


def test_contact_on_the_bone_has_the_torque_of_the_load(turned):
    model, _, point = turned
    assert sum(moments(model, point).values()) == pytest.approx(TORQUE, rel=1e-6)


def test_splines_carry_the_torque_that_round_lands_cannot(turned):
    """Normals of curved facets of the lands are radial to some 1e-4."""
    model, _, point = turned
    found = moments(model, point)
    assert found["splines"] == pytest.approx(TORQUE, rel=1e-3)
    assert abs(found["uncoated"]) < 1e-3 * TORQUE


def test_every_spline_carries_its_share(turned):
    """Six of them, symmetric about the axis: a sixth each, but for the mesh."""
    model, _, point = turned
    x, y, _ = model.mesh.stem.points[model.operators.vertices].T
    spline = np.round(np.arctan2(y, x) / (math.pi / 3)).astype(int) % 6
    on = model.operators.zone == model.mesh.zones.index("splines")
    rows, bone = model.operators.bone, model.mesh.bone.points
    shares = []
    for k in range(6):
        forces = np.where(np.repeat(on & (spline == k), 3), point.forces.ravel(), 0.0)
        nodal = (rows.T @ forces).reshape(-1, 3)
        shares.append(float((bone[:, 0] * nodal[:, 1] - bone[:, 1] * nodal[:, 0]).sum()) / TORQUE)
    assert shares == pytest.approx([1 / 6] * 6, rel=0.02)


def test_without_splines_nothing_holds_the_stem_against_the_torque():
    model = seat(Stem(2 * RADIUS, LENGTH, 5.0), 0.0)
    with pytest.raises(SolverError, match=r"nothing holds the stem against .*rotation"):
        model.require_held(np.array([[0.0, 0.0, 0.0, 0.0, 0.0, TORQUE]]))


SECTIONS = {
    "flutes": (-1.2, 4.0, {"flutes": Flutes(4, 1.2, 4.0, -5.0, 45.0)}),
    "splines": (1.0, 3.0, {"splines": Splines(4, 1.0, 3.0, 0.0, 45.0)}),
}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_long_bar_twists_as_saint_venant_says(name):
    """Twist between 15 and 35 mm of a bar of 50 mm, T / (G J), to 0.75 %.

    Three curved elements over the arc of a flute or spline are some 0.5 % too stiff, five of them 0.1 %.

    Without the flutes J is 23 % larger, without the splines 5 % smaller.
    """
    rise, width, parts = SECTIONS[name]
    stem = Stem(2 * RADIUS, 45.0, 5.0, bore_diameter=6.0, **parts)
    bone, reaming = Bone(1.5, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.0, 1.5, 0.0)
    part = build_mesh(bone, reaming, stem, MeshSizes(interface=2.5, far=3.0)).stem
    loads = end_face_loads(part.points, part.facets["distal_end"], np.zeros(3))[:, 5]
    stiffness = stiffness_matrix(part, np.broadcast_to(isotropic(*STEM), (len(part.tets), 6, 6)))
    held = np.unique(part.facets["proximal_end"])
    free = np.setdiff1d(np.arange(3 * len(part.points)), (3 * held[:, None] + np.arange(3)).ravel())
    moved = np.zeros(3 * len(part.points))
    moved[free] = pypardiso_solve(stiffness[free][:, free], loads[free])
    x, y, z = part.points.T
    inside = (z > 15.0) & (z < 35.0)
    u, v, _ = moved.reshape(-1, 3)[inside].T
    turn = (x[inside] * v - y[inside] * u) / (x[inside] ** 2 + y[inside] ** 2)
    twist = abs(np.polyfit(z[inside], turn, 1)[0])
    shear = STEM[0] / (2 * (1 + STEM[1]))
    at, half = outline(rise, width, 4)
    ticks = np.unique(np.r_[np.linspace(0, half, 13), np.linspace(half, math.pi / 2 - half, 31),
                            np.linspace(math.pi / 2 - half, math.pi / 2, 13)])  # fmt: skip
    constant = torsional_constant(3.0, at, ticks, 24)
    assert twist == pytest.approx(1.0 / (shear * constant), rel=7.5e-3)
    plain = math.pi / 2 * (RADIUS**4 - 3.0**4)
    assert abs(plain / constant - 1) > 0.04


def pypardiso_solve(matrix, right):
    """Solve a symmetric positive definite system."""
    from pypardiso import spsolve as direct

    return direct(matrix.tocsr(), right)


def test_the_torsional_constant_of_a_ring_is_exact():
    ring = torsional_constant(3.0, lambda angle: 8.0, np.linspace(0, math.pi / 2, 61), 24)
    assert ring == pytest.approx(math.pi / 2 * (8.0**4 - 3.0**4), rel=1e-3)
