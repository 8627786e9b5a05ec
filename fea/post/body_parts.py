"""The bodies as their fields see them: a stem with a layer taken apart into core and layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fea.mesh.naming import boundary_facets
from fea.mesh.parts import Part
from fea.mesh.regions import element_regions, take_apart
from fea.study import Solved
from geometry.zones import ABUTMENT

IntArray = NDArray[np.int64]

#: Cell data ``material`` of each body; the layers of the stem follow, in their order.
MATERIAL = {"bone": 1, "stem": 2}
#: That of the bone's cancellous core, clear of the layers of any stem.
CORE_MATERIAL = 101


def field_part(study: Solved, body: str) -> Part:
    """Return the mesh on whose nodes the fields of a body stand.

    Parameters
    ----------
    study : Solved
    body
        ``"bone"`` or ``"stem"``.

    Returns
    -------
    Part
        A body of several materials is taken apart: nodes between them stand twice.
    """
    return take_apart(study.mesh.bone if body == "bone" else study.mesh.stem).part


def cell_materials(part: Part) -> NDArray[np.int32]:
    """Return the material's number of each element, shape (m,)."""
    code = element_regions(part)
    if part.name == "bone":
        return np.where(code > 0, CORE_MATERIAL, MATERIAL["bone"]).astype(np.int32)
    return np.where(code > 0, max(MATERIAL.values()) + code, MATERIAL[part.name]).astype(np.int32)


def bone_pieces(bone: Part) -> Mapping[str, tuple[Part, IntArray]]:
    """Return the bone by material, each with its skin in one piece.

    Parameters
    ----------
    bone : Part
        Not taken apart.

    Returns
    -------
    mapping of str to (Part, ndarray)
        ``"bone"``, the whole bone or its cortical shell, and ``"cancellous"`` where there is a core, each
        with the rows of the bone's fields that its nodes have.
    """
    whole = take_apart(bone).part
    if not whole.regions:
        return {"bone": (whole, np.arange(len(whole.points)))}
    shell = _piece(whole, np.flatnonzero(element_regions(whole) == 0))
    return {"bone": shell} | {name: _piece(whole, rows) for name, rows in whole.regions.items()}


def stem_core(stem: Part) -> tuple[Part, IntArray]:
    """Return what is of the stem's own material.

    Parameters
    ----------
    stem : Part

    Returns
    -------
    part : Part
        The whole stem where it has no layer; else the core, its skin in one piece.
    rows : ndarray, shape (n,)
        Rows of the stem's fields that its nodes have.
    """
    whole = take_apart(stem).part
    if not whole.regions:
        return whole, np.arange(len(whole.points))
    return _piece(whole, np.flatnonzero(element_regions(whole) == 0))


def without_regions(stem: Part) -> str:
    """Say what `stem_core` returns."""
    if not stem.regions:
        return "stem"
    return "stem without its abutment" if set(stem.regions) == {ABUTMENT} else "core of the stem"


def stem_layers(stem: Part) -> Mapping[str, tuple[Part, IntArray]]:
    """Return the regions of the stem by name, each as `stem_core` returns the core."""
    whole = take_apart(stem).part
    return {name: _piece(whole, rows) for name, rows in whole.regions.items()}


def _piece(whole: Part, elements: IntArray) -> tuple[Part, IntArray]:
    nodes, tets = np.unique(whole.tets[elements], return_inverse=True)
    tets = tets.reshape(-1, 10)
    skin = {"free": boundary_facets(tets)}
    return replace(whole, points=whole.points[nodes], tets=tets, facets=skin, regions={}), nodes
