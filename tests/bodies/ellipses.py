"""The quarter of an elliptic plate of NAFEMS LE1 and LE10, structured, finer towards its point D.

The inner edge is the ellipse (x/2)^2 + y^2 = 1, the outer one (x/3.25)^2 + (y/2.75)^2 = 1, in metres.
A lies at (0, 1), B at (0, 2.75), C at (3.25, 0), D at (2, 0): CD is on the x axis, AB on the y axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from tests.bodies.structured import Rules, at, brick

FloatArray = NDArray[np.float64]

#: Semi-axes along x and y, mm.
INNER, OUTER = np.array([2000.0, 1000.0]), np.array([3250.0, 2750.0])
#: Grid lines lie at this power of their even places, so that elements are finest at D.
GRADING = 1.5


def quarter(cells: int, levels: Sequence[float]) -> Part:
    """A quarter plate.

    Parameters
    ----------
    cells
        From the inner to the outer edge, and from CD to AB.
    levels
        Of the grid over the thickness, mm, upwards.

    Returns
    -------
    Part
        With facets ``low``, ``high``, ``AB``, ``CD``, ``BC`` (the outer edge) and ``rest``
        (the inner edge).
    """
    even = np.linspace(0.0, 1.0, cells + 1)
    layers = np.arange(len(levels))

    def bend(points: FloatArray) -> FloatArray:
        # Lines move, middles stay between them: an element with its middles off breeds a false singularity.
        way, turn = (np.interp(points[:, axis], even, even**GRADING) for axis in (0, 1))
        axes = INNER + way[:, None] * (OUTER - INNER)
        angle = 0.5 * np.pi * turn
        level = np.interp(points[:, 2], layers, levels)
        return np.column_stack([axes[:, 0] * np.cos(angle), axes[:, 1] * np.sin(angle), level])

    rules: Rules = {
        "low": at(2, levels[0]), "high": at(2, levels[-1]), "AB": at(0, 0.0), "CD": at(1, 0.0),
        "BC": on_outer_edge,
    }  # fmt: skip
    return brick("plate", (0, 0, 0), (1, 1, layers[-1]), (cells, cells, layers[-1]), rules, bend)


def on_outer_edge(points: FloatArray) -> NDArray[np.bool_]:
    """Whether points lie on the outer ellipse."""
    return np.abs(np.hypot(*(points[:, :2] / OUTER).T) - 1.0) < 1e-9


def nodes_at_D(part: Part) -> NDArray[np.int64]:
    """Nodes on the line through D along the thickness, upwards."""
    nodes = np.flatnonzero(np.hypot(part.points[:, 0] - INNER[0], part.points[:, 1]) < 1e-6)
    return nodes[np.argsort(part.points[nodes, 2])]
