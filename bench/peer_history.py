"""The problem that both codes solve: the press-fit, then one cycle, with the fit as the deck can state it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.case.case import Case
from fea.contact.operators import Operators
from fea.export.seating import COINCIDENT, seat_by_nodes
from fea.mesh.parts import Mesh
from geometry.fit import Fit

FloatArray = NDArray[np.float64]


def one_cycle(case: Case, instants: int) -> Case:
    """Return the case with one cycle of so many instants; the press-fit alone for none."""
    if case.activity is None or not instants:
        return replace(case, activity=None)
    return replace(case, activity=replace(case.activity, instants_per_cycle=instants, cycles=1))


def gap_of_deck(case: Case, mesh: Mesh, operators: Operators) -> FloatArray:
    """Return the weak gap at the vertices that a deck's moved nodes make.

    A deck knows one move a node, so that the fit is a ramp over the elements at the limit of two
    zones. Vertices on nodes that were not moved keep the case's gap.
    """
    fit = Fit(case.bone, case.reaming, case.stem, case.fit)
    made = (operators.stem @ seat_by_nodes(mesh, fit.gap).ravel())[::3]
    facing = np.unique(np.concatenate([mesh.bone.facets[name] for name in ("canal", "cut")]))
    distance, _ = cKDTree(mesh.bone.points[facing]).query(mesh.stem.points[operators.vertices])
    return np.where(distance < COINCIDENT, made, operators.gap)
