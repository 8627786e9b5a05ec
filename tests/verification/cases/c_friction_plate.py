"""Plate pressed on a rigid plane and pushed along it (Raous; SSNV128).

A square of 40 x 40 in plane strain stands on a rigid plane with friction 1. Pressure of 150 on its
left face pushes it towards a wall on the right, along which it moves freely; pressure of 50 on its
top holds it down. Near the left corner the plate lifts, then it slides, and further on it sticks:
all three show in the displacement along the bottom. There is no closed form; the reference is the
published course, on which several codes agree.

Both pressures rise together. The rigid plane is a bed 10^5 times stiffer than the plate. Plane
strain is a slice two elements thick whose faces stay in their planes.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.status import Status
from tests.bodies.structured import at, graded, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, no_gap, plane
from tests.verification.case import Answer, Check, Profile
from tests.verification.loads import pressure

SOURCE = "Raous; project's verification cases, section 3 (SSNV128)"
SLOW = False

SIDE, MODULUS, POISSON, FRICTION, TOP, LEFT = 40.0, 130000.0, 0.2, 1.0, 50.0, 150.0  # mm, MPa
PUBLISHED_UM = {0.0: 28.6, 1.25: 27.2, 5.0: 22.8, 7.5: 19.8, 11.25: 15.0}
CELLS, INCREMENTS = 32, 10


def plate_on_plane() -> TwoBodies:
    """A unit load along x is both pressures."""
    ticks = np.linspace(0, SIDE, CELLS + 1)
    thick = np.array([0, 0.5, 1.0]) * SIDE / CELLS
    faces = {"contact": at(2, 0.0), "top": at(2, SIDE), "left": at(0, 0.0)}
    square = graded("stem", (ticks, thick, ticks), faces)
    bed = graded("bone", (ticks, thick, np.array([-2.0, -1.0, 0.0])), faces)
    slices = [np.r_[plane(part, 1, 0.0, (1,)), plane(part, 1, thick[-1], (1,))] for part in (square, bed)]
    stem = held_body(square, isotropic(MODULUS, POISSON), np.r_[slices[0], plane(square, 0, SIDE, (0,))])
    bone = held_body(bed, isotropic(1e5 * MODULUS, 0.0), np.r_[slices[1], plane(bed, 2, -2.0, (0, 1, 2))])
    loads, none = (np.zeros((3 * len(part.points), 6)) for part in (square, bed))
    loads[:, 0] = pressure(square, square.facets["top"], TOP) + pressure(square, square.facets["left"], LEFT)
    return join(stem, bone, (loads, none), no_gap, FRICTION)


def solve() -> Answer:
    """Load in equal increments and read the bottom."""
    bodies = plate_on_plane()
    history = History(bodies.problem)
    shares = np.zeros((INCREMENTS, 6))
    shares[:, 0] = np.linspace(0, 1, INCREMENTS + 1)[1:]
    *_, last = history.walk(history.press_fit(1), shares)
    moved, _ = bodies.displacement(last)
    points = bodies.stem.part.points
    bottom = np.flatnonzero(np.abs(points[:, 2]) < 1e-9)
    x, u = points[bottom, 0], 1e3 * moved[bottom, 0]
    places = np.unique(x.round(9))
    along = np.array([u[np.abs(x - place) < 1e-6].mean() for place in places])
    found = {place: float(along[np.abs(places - place).argmin()]) for place in PUBLISHED_UM}
    at_vertices = points[bodies.operators.vertices, 0]
    states = {status: at_vertices[last.status == status] for status in Status}
    return Answer(
        checks=tuple(
            Check(f"displacement {place} mm from the left corner, um", value, found[place], 0.03)
            for place, value in PUBLISHED_UM.items()
        ),
        mesh=f"{moved.size} unknowns of the plate, elements of {SIDE / CELLS} mm",
        profile=Profile(
            "distance from the left corner, mm",
            "displacement along the bottom, um",
            np.array(list(PUBLISHED_UM)),
            np.array(list(PUBLISHED_UM.values())),
            places,
            along,
        ),
        note=f"the plate is lifted up to {states[Status.OPEN].max():.3g} mm and slides up to "
        f"{states[Status.SLIP].max():.3g} mm; half the element size and four times the increments change "
        "no displacement by more than 0.02 %, so that the 2.7 % at the last place are the reference's",
    )
