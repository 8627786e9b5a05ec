"""NAFEMS LE1, elliptic membrane.

A plate 100 mm thick lies between two ellipses with the semi-axes 2 and 1 m (inside) and 3.25 and 2.75 m
(outside); a quarter of it is modelled, with symmetry on AB and CD. A pressure of 10 MPa pulls the outer edge
outwards. E = 210 GPa, Poisson's ratio 0.3. In plane stress the hoop stress at D, where the inner edge
crosses the x axis, is

    sigma_yy(D) = 92.7 MPa.

Here the plate is a solid, half its thickness with symmetry in the middle plane. In a solid the stress at D
varies over the thickness; its mean is held against the target, as in Filon's generalised plane stress.
"""

from __future__ import annotations

import numpy as np

from tests.bodies.ellipses import nodes_at_D, quarter
from tests.bodies.one_body import displacement, stress_at_nodes
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import plane
from tests.verification.case import Answer, Check, Profile
from tests.verification.loads import pressure

SOURCE = "NAFEMS, The Standard NAFEMS Benchmarks (1990), LE1"
SLOW = False

TARGET, HALF, STEEL = 92.7, 50.0, isotropic(210e3, 0.3)  # MPa, mm, MPa
#: Cells along each side in the plane, one over the half thickness.
CELLS = (4, 6, 8, 12, 16)


def solve() -> Answer:
    """Refine the mesh in the plane; the finest one is held against the target."""
    stress, sizes = zip(*map(stress_over_thickness, CELLS), strict=True)
    means = np.array([values.mean() for values in stress])
    return Answer(
        checks=(Check("sigma_yy at D, mean over the thickness, MPa", TARGET, float(means[-1]), 0.01),),
        mesh=f"{sizes[-1]:,} unknowns, {CELLS[-1]} x {CELLS[-1]} cells in the plane",
        profile=Profile(
            "cells along each side", "sigma_yy at D, MPa",
            np.array([CELLS[0], CELLS[-1]]), np.array([TARGET, TARGET]), np.array(CELLS), means,
        ),
        note=f"Over the thickness the stress runs from {stress[-1][0]:.1f} MPa in the middle plane to "
        f"{stress[-1][-1]:.1f} MPa at the face.",
    )  # fmt: skip


def stress_over_thickness(cells: int) -> tuple[np.ndarray, int]:
    """sigma_yy at the nodes through D, evenly spaced from the middle plane to the face; unknowns."""
    plate = quarter(cells, (0.0, HALF))
    held = np.unique(
        np.r_[plane(plate, 0, 0.0, (0,)), plane(plate, 1, 0.0, (1,)), plane(plate, 2, 0.0, (2,))]
    )
    moved = displacement(plate, STEEL, held, pressure(plate, plate.facets["BC"], -10.0))
    return stress_at_nodes(plate, STEEL, moved)[nodes_at_D(plate), 1], moved.size
