"""A lag screw that alone touches bone: what it carries, by equilibrium, and how far it gives, by beams.

The stem is thinner than the canal by 0.6 mm, so that nothing but the screw bears, and the whole axial load
and the whole torque pass through its zone. Friction keeps the screw from sliding along and turning about
its own axis, which nothing else stops.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.contact.history import History
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import build_model
from fea.model.recover import displacements
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.structured import isotropic

STEM, BONE = (110000.0, 0.3), (17000.0, 0.3)
LOAD, TORQUE = 150.0, 1200.0  # N, N mm
ZONES = ("uncoated", "lag_screw")


def seated(screw: LagScrew, wrench: tuple[float, ...], interference: float = 0.01):
    """The bone clamped at its upper end; the seated and the loaded point."""
    bone, reaming = Bone(40.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.6, 40.0, 0.0)
    stem = Stem(16.0, 36.0, 5.0, lag_screw=screw)
    zones = {"uncoated": ZoneFit(0.0, 0.3), "lag_screw": ZoneFit(interference, 0.3)}
    mesh = build_mesh(bone, reaming, stem, MeshSizes(interface=4.5, far=9.0))
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), (BONE, mesh.bone))
    ]
    supports = dict.fromkeys(("stem_distal", "stem_proximal", "bone_distal"), "free")
    fit = Fit(bone, reaming, stem, zones)
    model = build_model(
        mesh, (laws[0], laws[1]), supports | {"bone_proximal": "clamped"}, fit.gap, True, (0.0, 0.0, 0.0),
        "pardiso",
    )  # fmt: skip
    history = History(model.problem(model.operators.gap, dict.fromkeys(ZONES, 0.3)))
    first = history.press_fit(1)
    loads = np.array([wrench])
    model.require_held(loads)
    return model, first, list(history.walk(first, loads))[-1]


def resultant(model, point, zone: str) -> np.ndarray:
    """Force and moment on the bone of a zone's contact forces, by the bone's nodal forces, shape (6,)."""
    chosen = model.operators.zone == model.mesh.zones.index(zone)
    nodal = model.operators.bone.T @ np.where(np.repeat(chosen, 3), point.forces.ravel(), 0.0)
    nodal = nodal.reshape(-1, 3)
    return np.concatenate([nodal.sum(axis=0), np.cross(model.mesh.bone.points, nodal).sum(axis=0)])


@pytest.fixture(scope="module", params=(90.0, 125.0), ids=("across", "oblique"))
def pushed(request: pytest.FixtureRequest):
    screw = LagScrew(6.0, 18.0, 21.0, 21.0, math.radians(request.param), math.radians(30.0))
    return seated(screw, (0.0, 0.0, LOAD, 0.0, 0.0, TORQUE))


def test_nothing_but_the_screw_touches(pushed) -> None:
    model, _, point = pushed
    assert np.abs(resultant(model, point, "uncoated")).max() == 0.0
    assert (model.operators.gap[model.operators.zone == 0] > 0.2).all()


def test_a_seated_screw_presses_all_round_and_carries_nothing(pushed) -> None:
    model, first, _ = pushed
    pressed = first.forces[model.operators.zone == 1, 0]
    assert np.abs(resultant(model, first, "lag_screw")).max() < 1e-8 * pressed.sum()
    assert pressed.sum() > 100.0


def test_the_screw_carries_the_axial_load_and_the_torque_alone(pushed) -> None:
    """Equilibrium of the stem, to round-off of the solver."""
    model, _, point = pushed
    force = resultant(model, point, "lag_screw")
    assert force == pytest.approx([0, 0, LOAD, 0, 0, TORQUE], abs=1e-6 * LOAD)


def test_a_screw_between_stem_and_wall_gives_as_two_beams_built_in_at_both_ends() -> None:
    """Timoshenko beams of the free length, guided at the stem: F/2 (L^3 / (12 E I) + L / (k G A)).

    The wall is a hundred times as stiff as metal and grips the screw. What gives in stem and screw beyond
    the free length makes it softer: a round bar's root adds about a tenth of a diameter at each end.
    """
    screw, free, young, poisson = LagScrew(4.0, 14.0, 29.0, 29.0), 14.0, *STEM
    bone = Bone(28.0, (Station(0.0, 28.0, 28.0, 20.0, 20.0),))
    stem = Stem(12.0, 27.0, 2.0, lag_screw=screw)
    zones = {"uncoated": ZoneFit(0.0, 1.0), "lag_screw": ZoneFit(0.01, 1.0)}
    mesh = build_mesh(bone, None, stem, MeshSizes(interface=3.0, far=9.0))
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), ((100 * young, poisson), mesh.bone))
    ]
    supports = dict.fromkeys(("stem_distal", "stem_proximal", "bone_distal"), "free")
    model = build_model(
        mesh, (laws[0], laws[1]), supports | {"bone_proximal": "clamped"},
        Fit(bone, None, stem, zones).gap, True, (0.0, 0.0, 0.0), "pardiso",
    )  # fmt: skip
    history = History(model.problem(model.operators.gap, dict.fromkeys(ZONES, 1.0)))
    first = history.press_fit(1)
    point = list(history.walk(first, np.array([[0.0, 0.0, LOAD, 0.0, 0.0, 0.0]])))[-1]
    moved, _ = displacements(model, [first, point])
    rise = (moved.basis @ (moved.coefficients[:, 1] - moved.coefficients[:, 0]))[2::3]
    end = np.unique(mesh.stem.facets["distal_end"])
    section, moment = math.pi * screw.radius**2, math.pi * screw.radius**4 / 4
    shear = young / (2 * (1 + poisson))
    factor = 6 * (1 + poisson) / (7 + 6 * poisson)
    beams = LOAD / 2 * (free**3 / (12 * young * moment) + free / (factor * shear * section))
    assert 1.0 < rise[end].mean() / beams < 1.25
