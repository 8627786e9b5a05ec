"""Constant strain with full orthotropy in rotated axes.

Every node on the boundary of a brick is moved by u = A x. Then u = A x inside as well, strain and stress are
the same everywhere, and isoparametric elements hold that exactly: what is left is round-off. The material has
nine constants, no two alike, and its axes lie along none of the global ones. A takes each of the six
constant strains in turn.

On curved elements a rule of degree 2 would not do: a constant stress needs degree 3. The curved brick has the
middle of every edge moved its own way, inside and outside; a smooth map would let the errors of neighbours
cancel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.stiffness import assemble, element_blocks
from fea.mesh.parts import Part
from materials.elasticity import Orthotropic
from materials.rotation import rotate_stiffness
from tests.bodies.one_body import displacement, stress_at_nodes
from tests.bodies.structured import brick, everywhere
from tests.verification.case import Answer, Check

SOURCE = "the field itself; project's verification cases, section 4"
SLOW = False

FloatArray = NDArray[np.float64]

GATE, STRAIN = 1e-10, 1e-3
BONE = Orthotropic(12e3, 13.5e3, 20e3, 0.38, 0.22, 0.23, 4.5e3, 5.6e3, 6.2e3)  # MPa
#: Displacement gradients of the strains XX YY ZZ XY YZ XZ; those of shear are not symmetric: they turn, too.
PLACES = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))


def solve() -> Answer:
    """Six states on straight and on curved elements."""
    straight = brick("bone", (0, 0, 0), (3, 2, 4), (3, 3, 4), {})
    curved = bulged(straight)
    material = rotated(BONE.stiffness())
    checks = []
    for words, part in (("straight", straight), ("curved", curved)):
        moved, stressed = errors(part, material)
        checks.append(
            Check(f"error of displacement, {words} elements, of the largest", 0.0, moved, GATE, False)
        )
        checks.append(Check(f"error of stress, {words} elements, of the largest", 0.0, stressed, GATE, False))
    poor = out_of_balance(curved, material, degree=2)
    return Answer(
        checks=tuple(checks),
        mesh=f"{straight.points.size:,} unknowns",
        note="With quadrature of degree 2 the inner nodes of the curved brick would be out of balance by "
        f"{100 * poor:.1g} % of the largest force.",
    )


def bulged(plain: Part) -> Part:
    """The same brick with the middles of its edges moved at random by up to 0.04 mm (seed 5)."""
    middles = np.unique(plain.tets[:, 4:])
    points = plain.points.copy()
    points[middles] += np.random.default_rng(5).uniform(-0.04, 0.04, (len(middles), 3))
    return Part(plain.name, points, plain.tets, plain.facets)


def rotated(stiffness: FloatArray) -> FloatArray:
    """Stiffness with its axes turned about z by 0.3, then about x by -0.7, then about z by 1.1 rad."""

    def turn(axis: int, angle: float) -> FloatArray:
        i, j = (axis + 1) % 3, (axis + 2) % 3
        matrix = np.eye(3)
        matrix[i, i] = matrix[j, j] = np.cos(angle)
        matrix[j, i], matrix[i, j] = np.sin(angle), -np.sin(angle)
        return matrix

    frame = turn(2, 1.1) @ turn(0, -0.7) @ turn(2, 0.3)
    return rotate_stiffness(stiffness, frame[None])[0]


def states(part: Part) -> list[FloatArray]:
    """Displacement of the nodes in the six states."""
    fields = []
    for row, column in PLACES:
        gradient = np.zeros((3, 3))
        gradient[row, column] = STRAIN
        fields.append(part.points @ gradient.T)
    return fields


def skin(part: Part) -> NDArray[np.int64]:
    """Unknowns on the boundary."""
    nodes = np.unique(part.facets["rest"])
    return (3 * nodes[:, None] + np.arange(3)).ravel()


def errors(part: Part, material: FloatArray) -> tuple[float, float]:
    """Largest error of displacement and of recovered stress, each of its largest value, over all states."""
    held, nothing = skin(part), np.zeros(part.points.size)
    moved_by, stressed_by = 0.0, 0.0
    for state, exact in enumerate(states(part)):
        moved = displacement(part, material, held, nothing, exact.ravel())
        stress, expected = stress_at_nodes(part, material, moved), STRAIN * material[:, state]
        moved_by = max(moved_by, float(np.abs(moved - exact).max() / np.abs(exact).max()))
        stressed_by = max(stressed_by, float(np.abs(stress - expected).max() / np.abs(expected).max()))
    return moved_by, stressed_by


def out_of_balance(part: Part, material: FloatArray, degree: int) -> float:
    """Largest force at an inner node under the exact field, of the largest force at the boundary."""
    stiffness = assemble(
        element_blocks(part, everywhere(part, material), degree), part.tets, len(part.points)
    )
    forces = [np.abs(stiffness @ exact.ravel()) for exact in states(part)]
    inner = np.setdiff1d(np.arange(part.points.size), skin(part))
    return float(max(force[inner].max() / force.max() for force in forces))
