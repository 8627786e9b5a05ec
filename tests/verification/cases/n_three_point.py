"""Straight stem in a bowed canal that it clears: contact at three points.

A slender stem of length L lies with radial play c in a canal whose axis is a parabola of rise s > 2 c. Its
middle bears on the inner side of the bow and its ends on the outer one; the rest stays clear. Stem and bone
are beams in series, and the rise that play does not take up bends and shears both:

    F = (s - 2 c) / [ L^3/48 (1/EI_stem + 1/EI_bone) + L/4 (1/kGA_stem + 1/kGA_bone) ],

F at the middle and F/2 at either end, with Cowper's shear coefficient of a tube for k. Three points they
stay while the bending at the middle, 12 (s - 2 c) / L^2, is less than the curvature of the parabola,
8 s / L^2; here 2 c = s / 2. The stem follows the elastic line of a beam on two supports. Contact is kept in
the mean of half a facet, so that the ends bear within the first millimetre; the meshes are finer there and at
the middle, and do not match round the stem. What the wall gives way under the three points is left out by
beams: the tube is as stiff as the stem. The gate is 3 %.
"""

from __future__ import annotations

import numpy as np

from fea.contact.history import History
from fea.contact.operators import GapFunction
from fea.elasticity.rigid import rigid_fields, statically_determinate_pins
from fea.mesh.parts import Part
from tests.bodies.structured import isotropic, on_radius, tube
from tests.bodies.two_bodies import held_body, join
from tests.verification.case import Answer, Check, FloatArray, Profile

SOURCE = "Timoshenko beams in series; shear coefficients: Cowper 1966, from general knowledge"
SLOW = True

BORE, RADIUS, OUTER, LENGTH = 1.0, 4.0, 10.0, 200.0
STEM, BONE = (110000.0, 0.3), (110000.0, 0.3)
RISE = 0.04
PLAY = RISE / 4
#: Cells along radius, circumference and axis.
STEM_CELLS, BONE_CELLS = (1, 20, 40), (1, 24, 40)
#: How much finer the meshes are at the ends and in the middle than in the mean.
CROWDING = 0.85


def solve() -> Answer:
    """Seat the stem in the parabola."""
    return seat(fit)


def seat(gap: GapFunction) -> Answer:
    """Seat the stem, and read the three forces and the stem's shape."""
    stem, bone = _part("stem", BORE, RADIUS, STEM_CELLS), _part("bone", RADIUS, OUTER, BONE_CELLS)
    motions = rigid_fields(stem.points)
    loose = statically_determinate_pins(motions, np.eye(6)[:, [2, 5]], np.arange(3 * len(stem.points)))
    whole = rigid_fields(bone.points)
    held = statically_determinate_pins(whole, np.eye(6), np.arange(3 * len(bone.points)))
    none = [np.zeros((3 * len(part.points), 6)) for part in (stem, bone)]
    bodies = join(
        held_body(stem, isotropic(*STEM), loose), held_body(bone, isotropic(*BONE), held),
        (none[0], none[1]), gap, 0.0,
    )  # fmt: skip
    point = History(bodies.problem).press_fit(1)
    places = stem.points[bodies.operators.vertices]
    angle, level = np.arctan2(places[:, 1], places[:, 0]), places[:, 2]
    push = point.forces[:, 0] * np.cos(angle)
    middle = np.abs(level - LENGTH / 2) < LENGTH / 4
    exact = force()
    along, bent = _shape(stem, bodies.displacement(point)[0])
    line = elastic_line(along, exact)
    clear = (np.abs(level - LENGTH / 2) > 0.1 * LENGTH) & (np.abs(level - LENGTH / 2) < 0.4 * LENGTH)
    return Answer(
        checks=(
            Check("force at the middle, N", exact, float(abs(push[middle].sum())), 0.03),
            Check("force at the cut, N", exact / 2, float(abs(push[level < LENGTH / 4].sum())), 0.03),
            Check("force at the far end, N", exact / 2, float(abs(push[level > 3 * LENGTH / 4].sum())), 0.03),
            Check(
                "force between the points, share", 0.0, float(np.abs(push[clear]).sum() / exact), 1e-3, False
            ),
            Check("rise of the stem's bending, um", 1e3 * np.ptp(line), 1e3 * float(np.ptp(bent)), 0.03),
        ),
        mesh=f"{3 * (len(stem.points) + len(bone.points)):,} unknowns, 20 facets round the stem, 24 round",
        profile=Profile("level, mm", "bending of the stem, um", along, 1e3 * line, along, 1e3 * bent),
        note=f"The force at the middle is {abs(push[middle].sum()):.2f} N for {exact:.2f} N.",
    )


def fit(points: FloatArray, normals: FloatArray, zones: FloatArray) -> FloatArray:
    """Radial gap: the play, and the canal's offset on the side that it leans to."""
    x, y, level = points.T
    rise = RISE * (1.0 - (2.0 * level / LENGTH - 1.0) ** 2)
    return PLAY + (rise - RISE / 2) * x / np.hypot(x, y)


def force() -> float:
    """At the middle, N."""
    give = 0.0
    for (modulus, poisson), inner, outer in ((STEM, BORE, RADIUS), (BONE, RADIUS, OUTER)):
        second, area = np.pi * (outer**4 - inner**4) / 4, np.pi * (outer**2 - inner**2)
        give += LENGTH**3 / (48 * modulus * second)
        give += LENGTH / (4 * cowper(inner / outer, poisson) * modulus / (2 * (1 + poisson)) * area)
    return (RISE - 2 * PLAY) / give


def cowper(ratio: float, poisson: float) -> float:
    """Shear coefficient of a tube with this ratio of inner to outer radius."""
    square = (1 + ratio**2) ** 2
    return 6 * (1 + poisson) * square / ((7 + 6 * poisson) * square + (20 + 12 * poisson) * ratio**2)


def elastic_line(level: FloatArray, middle: float) -> FloatArray:
    """Deflection of the stem on its ends under a force at the middle, mm, as the canal rises."""
    modulus, poisson = STEM
    second, area = np.pi * (RADIUS**4 - BORE**4) / 4, np.pi * (RADIUS**2 - BORE**2)
    near = np.minimum(level, LENGTH - level)
    bending = near * (3 * LENGTH**2 - 4 * near**2) / (48 * modulus * second)
    shear = near / (2 * cowper(BORE / RADIUS, poisson) * modulus / (2 * (1 + poisson)) * area)
    return middle * (bending + shear)


def _part(name: str, inner: float, outer: float, cells: tuple[int, int, int]) -> Part:
    def crowded(points: FloatArray) -> FloatArray:
        level = points[:, 2] / LENGTH
        level = level - CROWDING * np.sin(4 * np.pi * level) / (4 * np.pi)
        return np.column_stack([points[:, :2], LENGTH * level])

    return tube(name, (inner, outer), (0.0, LENGTH), cells, {"contact": on_radius(RADIUS)}, crowded)


def _shape(stem: Part, moved: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Levels and mean deflection along x of the stem's sections, the chord between its ends taken out."""
    levels, row = np.unique(np.round(stem.points[:, 2], 6), return_inverse=True)
    mean = np.bincount(row, moved[:, 0]) / np.bincount(row)
    return levels, mean - np.interp(levels, levels[[0, -1]], mean[[0, -1]])
