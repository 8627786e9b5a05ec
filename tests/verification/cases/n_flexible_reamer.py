"""Straight stem in a hole that a flexible reamer left: contact at three places.

The hole is an arc of circles of radius r_h that rises by s over the length L of the bone; the stem, of
radius r_h - c, runs along the mean of the arc, so that it overlaps the bone by s/2 - c at three places: at
both ends on the outer side of the bow and in the middle on the inner one. Elsewhere it stands off by up to
s/2 + c. Bone, reamer, stem, the mesh with the overlap taken out of the stem, pairing and fit are the
program's. Stem and bone are beams in series, and the rise that play does not take up bends and shears both
(`n_three_point`):

    F = (s - 2 c) / [ L^3/48 (1/EI_stem + 1/EI_bone) + L/4 (1/kGA_stem + 1/kGA_bone) ],

F in the middle and F/2 at either end. Three places they stay while 12 (s - 2 c) / L^2, the bending in the
middle, is less than the curvature of the arc, 8 s / L^2. What the wall gives way is left out by beams. The
gate is 3 %.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.elasticity.rigid import rigid_fields, statically_determinate_pins
from fea.mesh.build import build_mesh
from fea.mesh.parts import Part
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import held_body, join
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.cases.n_three_point import cowper

SOURCE = "Timoshenko beams in series; shear coefficients: Cowper 1966, from general knowledge"
SLOW = True

BORE, RADIUS, HOLE, OUTER, LENGTH = 3.0, 8.0, 8.1, 15.0, 240.0
STEM, BONE = (110000.0, 0.3), (110000.0, 0.3)
RISE, PLAY = 0.5, HOLE - RADIUS
SIZES = MeshSizes(interface=3.0, far=9.0, edge=0.5)


def solve() -> Answer:
    """Seat the stem, and read the three forces and the stem's shape."""
    bow = LENGTH**2 / (8 * RISE) + RISE / 2
    bone = Bone(LENGTH, (Station(0.0, OUTER, OUTER, 0.0, 0.0),), bow, RISE / 2, LENGTH)
    reaming = Reaming(2 * HOLE, LENGTH + 5.0, 0.0, "bow")
    stem = Stem(2 * RADIUS, LENGTH + 4.0, protrusion=4.0, bore_diameter=2 * BORE)
    fit = Fit(bone, reaming, stem, {"uncoated": ZoneFit(0.0, 0.0)})
    mesh = build_mesh(bone, reaming, stem, SIZES)
    motions = rigid_fields(mesh.stem.points)
    loose = statically_determinate_pins(motions, np.eye(6)[:, [2, 5]], np.arange(3 * len(mesh.stem.points)))
    whole = rigid_fields(mesh.bone.points)
    held = statically_determinate_pins(whole, np.eye(6), np.arange(3 * len(mesh.bone.points)))
    none = [np.zeros((3 * len(part.points), 6)) for part in (mesh.stem, mesh.bone)]
    bodies = join(
        held_body(mesh.stem, isotropic(*STEM), loose), held_body(mesh.bone, isotropic(*BONE), held),
        (none[0], none[1]), fit.gap, 0.0, ("uncoated", "canal"),
    )  # fmt: skip
    point = History(bodies.problem).press_fit(1)
    level = mesh.stem.points[bodies.operators.vertices, 2]
    push = (bodies.operators.bone.T @ point.forces.ravel()).reshape(-1, 3)[:, 0]
    where = mesh.bone.points[:, 2]
    exact = force()
    parts = {
        "in the middle": (np.abs(where - LENGTH / 2) < LENGTH / 4, exact),
        "at the cut": (where < LENGTH / 4, exact / 2),
        "at the far end": (where > 3 * LENGTH / 4, exact / 2),
    }
    clear = (np.abs(level - LENGTH / 2) > 0.15 * LENGTH) & (np.abs(level - LENGTH / 2) < 0.4 * LENGTH)
    along, bent = _shape(mesh.stem, bodies.displacement(point)[0])
    line = _elastic_line(along, exact)
    checks = [
        Check(f"force {name}, N", reference, float(abs(push[rows].sum())), 0.03)
        for name, (rows, reference) in parts.items()
    ]
    checks += [
        Check(
            "force between the places, share",
            0.0,
            float(np.abs(point.forces[clear, 0]).sum() / exact),
            1e-3,
            False,
        ),
        Check("rise of the stem's bending, um", 1e3 * np.ptp(line), 1e3 * float(np.ptp(bent)), 0.03),
    ]
    return Answer(
        tuple(checks),
        mesh=f"{3 * (len(mesh.stem.points) + len(mesh.bone.points)):,} unknowns",
        profile=Profile("level, mm", "bending of the stem, um", along, 1e3 * line, along, 1e3 * bent),
        note=f"The stem is up to {RISE / 2 + PLAY:.3g} mm off the wall and {RISE / 2 - PLAY:.3g} mm in it.",
    )


def force() -> float:
    """In the middle, N."""
    give = 0.0
    for (modulus, poisson), inner, outer in ((STEM, BORE, RADIUS), (BONE, HOLE, OUTER)):
        second, area = np.pi * (outer**4 - inner**4) / 4, np.pi * (outer**2 - inner**2)
        give += LENGTH**3 / (48 * modulus * second)
        give += LENGTH / (4 * cowper(inner / outer, poisson) * modulus / (2 * (1 + poisson)) * area)
    return (RISE - 2 * PLAY) / give


def _elastic_line(level: FloatArray, middle: float) -> FloatArray:
    """Deflection of the stem on its ends under a force in the middle, mm, as the hole rises."""
    modulus, poisson = STEM
    second, area = np.pi * (RADIUS**4 - BORE**4) / 4, np.pi * (RADIUS**2 - BORE**2)
    near = np.minimum(level, LENGTH - level)
    bending = near * (3 * LENGTH**2 - 4 * near**2) / (48 * modulus * second)
    shear = near / (2 * cowper(BORE / RADIUS, poisson) * modulus / (2 * (1 + poisson)) * area)
    return middle * (bending + shear)


def _shape(stem: Part, moved: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Levels and mean deflection along x of slices of the stem, the chord between its ends taken out."""
    within = (stem.points[:, 2] > 0.0) & (stem.points[:, 2] < LENGTH)
    slices = np.floor(stem.points[within, 2] / 4.0).astype(int)
    many = np.bincount(slices)
    level = np.bincount(slices, stem.points[within, 2]) / many
    mean = np.bincount(slices, moved[within, 0]) / many
    ends = np.polyfit(level[[0, -1]], mean[[0, -1]], 1)
    return level, mean - np.polyval(ends, level)
