"""Manufactured solution: orders of convergence.

A smooth displacement is chosen, and the body force that it needs follows from equilibrium, f = -div sigma.
With X = k x + 0.3, Y = k y + 0.5, Z = k z + 0.7, s and c their sines and cosines, and e.g. sXcYcZ for
sin X cos Y cos Z,

    u = (a sXcYcZ,  b cXsYcZ,  c cXcYsZ),        div u = k (a + b + c) cXcYcZ,
    f = k^2 [ (lambda + mu) (a + b + c) + 3 mu (a, b, c) ] * (sXcYcZ, cXsYcZ, cXcYsZ).

The body is a sector of a tube, so that its elements are curved. Displacements are prescribed on one end and
on the inner face, the tractions of the exact stress act on the rest. Theory for quadratic elements: the error
in the L2 norm falls with the third power of the size in displacement, with the second in stress. Stress is
that of the elements themselves, not recovered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from tests.bodies.one_body import displacement
from tests.bodies.structured import at, brick, isotropic, on_radius
from tests.bodies.two_bodies import plane
from tests.verification.case import Answer, Check, Profile
from tests.verification.loads import body_force, traction
from tests.verification.norms import relative_error, sample

SOURCE = "manufactured here; orders: standard theory of finite elements"
SLOW = False

FloatArray = NDArray[np.float64]

MODULUS, POISSON = 17000.0, 0.3  # MPa
MU = MODULUS / (2 * (1 + POISSON))
LAMBDA = MODULUS * POISSON / ((1 + POISSON) * (1 - 2 * POISSON))
#: Inner and outer radius, length, mm, and angle, rad, of the sector.
INNER, OUTER, LENGTH, ANGLE = 8.0, 14.0, 6.0, 0.6
WAVE, SHIFTS, AMPLITUDES = 0.25, np.array([0.3, 0.5, 0.7]), 1e-3 * np.array([1.0, -0.4, 0.7])  # 1/mm, 1, mm
#: Cells along each side.
CELLS = (2, 3, 5, 8)


def solve() -> Answer:
    """Errors on four meshes; the orders are those between the two finest."""
    parts = [sector(cells) for cells in CELLS]
    found = np.array([errors(part) for part in parts])
    size = LENGTH / np.array(CELLS)
    order = np.log(found[-2] / found[-1]) / np.log(size[-2] / size[-1])
    lines = [found[-1, column] * (size / size[-1]) ** power for column, power in ((0, 3), (1, 2))]
    gap = [np.nan]  # parts the two lines of the figure
    return Answer(
        checks=(
            Check("order of displacement in L2", 3.0, float(order[0]), 0.3, relative=False),
            Check("order of stress in L2", 2.0, float(order[1]), 0.3, relative=False),
        ),
        mesh=f"{parts[0].points.size:,} to {parts[-1].points.size:,} unknowns",
        order=f"{order[0]:.2f} of 3 in displacement, {order[1]:.2f} of 2 in stress",
        profile=Profile(
            "element size, mm", "relative error in L2 of stress (upper) and displacement (lower)",
            np.r_[size, gap, size], np.r_[lines[0], gap, lines[1]],
            np.r_[size, size], found.T.ravel(), logarithmic=True,
        ),
        note="In the figure the lines have the slopes 2 and 3, through the finest mesh.",
    )  # fmt: skip


def errors(part: Part) -> tuple[float, float]:
    """Relative errors of displacement and stress in the L2 norm."""
    held = np.union1d(
        plane(part, 2, 0.0, (0, 1, 2)), (3 * np.unique(part.facets["inner"])[:, None] + np.arange(3)).ravel()
    )
    loads = body_force(part, exact_force)
    for name in ("end", "rest"):
        loads += traction(part, part.facets[name], exact_traction)
    material = isotropic(MODULUS, POISSON)
    moved = displacement(part, material, held, loads, exact_displacement(part.points).ravel())
    sampled = sample(part, moved)
    return (
        relative_error(sampled, sampled.displacement, exact_displacement),
        relative_error(sampled, sampled.strain @ material, exact_stress),
    )


def sector(cells: int) -> Part:
    """A sector of a tube between two half planes through z."""

    def bend(points: FloatArray) -> FloatArray:
        radius, angle, level = points.T
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), level])

    rules = {"start": at(2, 0.0), "inner": on_radius(INNER), "end": at(2, LENGTH)}
    return brick("bone", (INNER, 0, 0), (OUTER, ANGLE, LENGTH), (cells,) * 3, rules, bend)


def waves(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sines and cosines of X, Y, Z, shape (k, 3) each."""
    phase = WAVE * places + SHIFTS
    return np.sin(phase), np.cos(phase)


def exact_displacement(places: FloatArray) -> FloatArray:
    """Shape (k, 3), mm."""
    s, c = waves(places)
    x, y, z = 0, 1, 2
    modes = [s[:, x] * c[:, y] * c[:, z], c[:, x] * s[:, y] * c[:, z], c[:, x] * c[:, y] * s[:, z]]
    return AMPLITUDES * np.column_stack(modes)


def exact_force(places: FloatArray) -> FloatArray:
    """Shape (k, 3), N/mm^3."""
    ratio = (LAMBDA + MU) * AMPLITUDES.sum() / AMPLITUDES + 3 * MU
    return WAVE**2 * ratio * exact_displacement(places)


def exact_stress(places: FloatArray) -> FloatArray:
    """Shape (k, 6), MPa, XX YY ZZ XY YZ XZ."""
    s, c = waves(places)
    a, spread = AMPLITUDES, c.prod(axis=1)
    normal = [(LAMBDA * a.sum() + 2 * MU * a[i]) * spread for i in range(3)]
    shear = [-MU * (a[i] + a[j]) * s[:, i] * s[:, j] * c[:, 3 - i - j] for i, j in ((0, 1), (1, 2), (0, 2))]
    return WAVE * np.column_stack([*normal, *shear])


def exact_traction(places: FloatArray, normals: FloatArray) -> FloatArray:
    """Stress times normal, shape (k, 3), MPa."""
    xx, yy, zz, xy, yz, xz = exact_stress(places).T
    rows = ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
    return np.column_stack([np.einsum("ik,ki->k", np.array(row), normals) for row in rows])
