"""NAFEMS LE10, thick plate under pressure.

The plate of LE1, 0.6 m thick, under a pressure of 1 MPa on its upper face. AB and CD are planes of symmetry;
the outer curved face does not move in the plane, and its middle line not upwards. E = 210 GPa, Poisson's
ratio 0.3. On the upper face at D, where the inner edge crosses the x axis,

    sigma_yy(D) = -5.38 MPa.

The target has three digits; meshes of 24,000 to 66,000 unknowns give -5.39.
"""

from __future__ import annotations

import numpy as np

from tests.bodies.ellipses import nodes_at_D, quarter
from tests.bodies.one_body import displacement, stress_at_nodes
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import plane
from tests.verification.case import Answer, Check, Profile
from tests.verification.loads import pressure

SOURCE = "NAFEMS, The Standard NAFEMS Benchmarks (1990), LE10"
SLOW = False

TARGET, THICKNESS, STEEL = -5.38, 600.0, isotropic(210e3, 0.3)  # MPa, mm, MPa
#: Cells along each side in the plane; half as many over the thickness.
CELLS = (4, 6, 8, 10, 12)


def solve() -> Answer:
    """Refine the mesh; the finest one is held against the target."""
    stress, sizes = zip(*map(stress_at_D, CELLS), strict=True)
    return Answer(
        checks=(Check("sigma_yy at D, upper face, MPa", TARGET, stress[-1], 0.01),),
        mesh=f"{sizes[-1]:,} unknowns, {CELLS[-1]} x {CELLS[-1]} x {CELLS[-1] // 2} cells",
        profile=Profile(
            "cells along each side", "sigma_yy at D, MPa",
            np.array([CELLS[0], CELLS[-1]]), np.array([TARGET, TARGET]), np.array(CELLS), np.array(stress),
        ),
    )  # fmt: skip


def stress_at_D(cells: int) -> tuple[float, int]:
    """sigma_yy at D on the upper face, and the number of unknowns; layers are thinnest at the faces."""
    levels = 0.5 * THICKNESS * (1 - np.cos(np.linspace(0.0, np.pi, cells // 2 + 1)))
    plate = quarter(cells, levels)
    edge = np.unique(plate.facets["BC"])
    line = edge[np.abs(plate.points[edge, 2] - 0.5 * THICKNESS) < 1e-6]
    symmetry = plane(plate, 0, 0.0, (0,)), plane(plate, 1, 0.0, (1,))
    held = np.unique(np.r_[symmetry[0], symmetry[1], 3 * edge, 3 * edge + 1, 3 * line + 2])
    moved = displacement(plate, STEEL, held, pressure(plate, plate.facets["high"], 1.0))
    return float(stress_at_nodes(plate, STEEL, moved)[nodes_at_D(plate)[-1], 1]), moved.size
