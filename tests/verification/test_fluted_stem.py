"""A fluted stem of constant section in a round tube, against a plane computation of its own.

Stem and tube are a slice between two planes of symmetry, which is plane strain exactly. The stem has
four flutes and a bore; it is pressed in without friction. `tests.bodies.plane_lands` solves the same
section with biquadratic quadrilaterals, matched nodes and an active set; at twice its resolution its
mean pressure changes by 1.2e-4, and without flutes it gives Lamé's pressure.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.contact.history import History
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import build_model
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Flutes
from geometry.stem import Stem
from tests.bodies.plane_lands import PlaneLands
from tests.bodies.structured import isotropic
from tests.unit.mesh.test_grooves import outline

BORE, RADIUS, OUTER, LENGTH = 3.0, 8.0, 14.0, 3.0
NUMBER, DEPTH, WIDTH = 4, 1.2, 4.0
STEM, BONE, INTERFERENCE = (110000.0, 0.3), (17000.0, 0.3), 0.02
SECTION = {
    "bore": BORE, "radius": RADIUS, "outer": OUTER, "stem": STEM, "bone": BONE, "interference": INTERFERENCE,
}  # fmt: skip
HALF = math.asin(WIDTH / (2 * RADIUS))


def plane(cells, number=NUMBER):
    at, half = outline(-DEPTH, WIDTH, number)
    return PlaneLands(outline=at, half=half, number=number, **SECTION).mean_pressure(cells)


@pytest.fixture(scope="module")
def seated():
    bone = Bone(LENGTH, (Station(0.0, OUTER, OUTER, RADIUS, RADIUS),))
    stem = Stem(2 * RADIUS, LENGTH, bore_diameter=2 * BORE, flutes=Flutes(NUMBER, DEPTH, WIDTH, 0.0, LENGTH))
    mesh = build_mesh(bone, None, stem, MeshSizes(interface=1.2, far=2.0, edge=1.2))
    fit = Fit(bone, None, stem, {"uncoated": ZoneFit(INTERFERENCE, 0.0)})
    laws = [
        np.broadcast_to(isotropic(*law), (len(part.tets), 6, 6))
        for law, part in ((STEM, mesh.stem), (BONE, mesh.bone))
    ]
    faces = ("stem_distal", "stem_proximal", "bone_distal", "bone_proximal")
    model = build_model(
        mesh,
        (laws[0], laws[1]),
        dict.fromkeys(faces, "symmetric"),
        fit.gap,
        False,
        (0.0, 0.0, 0.0),
        "pardiso",
    )
    problem = model.problem(model.operators.gap, {"uncoated": 0.0})
    return model, History(problem).press_fit(1)


def test_the_plane_computation_gives_lames_pressure_without_flutes():
    """Bored stem in a tube, plane strain: the sum of both radial compliances carries the interference."""

    def compliance(inner, outer, law, at_outer):
        modulus, poisson = law
        plane, ratio = modulus / (1 - poisson**2), poisson / (1 - poisson)
        square = (outer**2 + inner**2) / (outer**2 - inner**2)
        return RADIUS * (square + (-ratio if at_outer else ratio)) / plane

    both = compliance(BORE, RADIUS, STEM, True) + compliance(RADIUS, OUTER, BONE, False)
    section = PlaneLands(outline=lambda angle: RADIUS, half=1e-6, number=4, **SECTION)
    pressure, touching = section.mean_pressure(16)
    assert pressure == pytest.approx(INTERFERENCE / both, rel=1e-3)
    assert touching == 1.0


def test_the_plane_computation_has_converged():
    assert plane(12)[0] == pytest.approx(plane(24)[0], rel=3e-4)


def test_lands_carry_the_mean_pressure_of_the_plane_computation(seated):
    """To 1 %: curved quadratic elements of 1.2 mm, with singular edges of the lands."""
    model, point = seated
    mean, touching = plane(16)
    found = point.forces[:, 0].sum() / model.operators.area.sum()
    assert found == pytest.approx(mean, rel=1e-2)
    assert touching == 1.0
    closed = point.forces[:, 0] > 0
    assert model.operators.area[closed].sum() / model.operators.area.sum() > 0.99


def test_lands_have_their_exact_share_of_the_flank(seated):
    model, _ = seated
    lands = RADIUS * (2 * math.pi - NUMBER * 2 * HALF) * LENGTH
    assert model.operators.area.sum() == pytest.approx(lands, rel=1e-6)


def test_contact_leaves_no_force_on_the_whole(seated):
    """Contact forces of either body sum to nothing: round-off of the solved laws."""
    model, point = seated
    for rows in (model.operators.stem, model.operators.bone):
        nodal = (rows.T @ point.forces.ravel()).reshape(-1, 3)
        assert np.abs(nodal.sum(axis=0)[:2]).max() < 1e-9 * point.forces[:, 0].sum()
