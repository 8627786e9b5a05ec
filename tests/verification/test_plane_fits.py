"""The plane code of `n_uneven_wall`, `n_eccentric_gap`, `n_oval_gap`, `n_side_load` against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verification.cases import n_eccentric_gap, n_oval_gap, n_side_load
from tests.verification.lame import PressFit
from tests.verification.plane_fits import Section, circle, persson_load, press
from tests.verification.rings import oval_give
from tests.verification.sections import BONE, BORE, OUTER, RADIUS, STEM


def test_round_rings_have_lames_pressure_and_widening() -> None:
    """Mean 1e-5; at a node 1e-3, for a node's share of the length is that of Simpson's rule."""
    exact = PressFit(BORE, RADIUS, OUTER, STEM, BONE, 0.05).plane_strain
    found = press(Section(BORE, RADIUS, circle(RADIUS), circle(OUTER), STEM, BONE, 0.05), 32)
    assert found.mean == pytest.approx(exact.pressure, rel=1e-5)
    assert found.pressure == pytest.approx(np.full(65, exact.pressure), rel=1e-3)
    modulus, square = BONE[0] / (1 - BONE[1] ** 2), OUTER**2 - RADIUS**2
    wider = 4 * exact.pressure * RADIUS**2 * OUTER / (modulus * square)
    assert found.wider == pytest.approx((wider, wider), rel=1e-5)


def test_a_slightly_oval_canal_has_michells_pressure() -> None:
    """Ovality and interference are a micrometre and less, so that the shape itself does not count."""
    oval, interference = 1e-4, 5e-5
    section = Section(
        BORE, RADIUS, lambda angle: RADIUS + oval * np.cos(2 * angle), circle(OUTER), STEM, BONE, interference
    )
    found = press(section, 32)
    wave = 2 / np.pi * np.trapezoid(found.pressure * np.cos(2 * found.angle), found.angle)
    exact = -oval / (oval_give(RADIUS, OUTER, *BONE) + oval_give(RADIUS, BORE, *STEM))
    assert found.edges.size == 0
    assert wave == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("force", [16.0, 64.0])
def test_a_cylinder_in_an_infinite_plate_has_perssons_angle_of_contact(force: float) -> None:
    """A plate of 29 radii, a rigid core of a thirty-fifth; the angle to half the distance of two nodes."""
    clearance, cells = 5e-4, 60
    section = Section(0.2, 7.0, circle(7.0 + clearance), circle(200.0), STEM, STEM, rigid=True, force=force)
    found = press(section, cells, 20)
    load = force * (1 - STEM[1] ** 2) / (STEM[0] * clearance)
    (edge,) = found.edges
    node = np.pi / (2 * cells)
    assert persson_load(edge - node / 2) < load < persson_load(edge + node / 2)
    assert found.resultant == pytest.approx(force, rel=1e-10)


def test_a_shallow_load_of_perssons_cylinder_is_hertzs() -> None:
    """Load = pi / 8 times the square of the half angle."""
    assert persson_load(0.01) == pytest.approx(np.pi / 8 * 1e-4, rel=1e-4)


@pytest.mark.parametrize("case", [n_eccentric_gap, n_oval_gap, n_side_load])
def test_the_references_have_converged(case) -> None:
    """Three meshes: means and ways are known to 1e-3, a fifth of their gates; edges to a node."""
    coarse, fine, finest = (press(case.SECTION, cells) for cells in (20, 40, 80))
    assert coarse.mean == pytest.approx(finest.mean, rel=2e-3)
    assert fine.mean == pytest.approx(finest.mean, rel=1e-3)
    assert fine.shift == pytest.approx(finest.shift, rel=1e-3, abs=1e-9)
    assert fine.pressure.max() == pytest.approx(finest.pressure.max(), rel=4e-3)
    assert fine.closed / len(fine.edges) == pytest.approx(finest.closed / len(finest.edges), abs=np.pi / 80)


def test_an_eccentric_stem_that_is_free_finds_the_middle() -> None:
    """Interference all round and no support: the offset is a rigid motion, and Lamé's pressure stays."""
    exact = PressFit(BORE, RADIUS, OUTER, STEM, BONE, 1e-3).plane_strain.pressure
    section = Section(BORE, RADIUS, circle(RADIUS, 5e-4), circle(OUTER, 5e-4), STEM, BONE, 1e-3)
    found = press(section, 32)
    assert found.pressure == pytest.approx(np.full(65, exact), rel=2e-3)
    assert found.resultant == pytest.approx(0.0, abs=1e-9)
