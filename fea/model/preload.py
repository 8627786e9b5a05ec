"""Internal preloads: forces inside stem and bone that balance each other, as loads of a model.

A preload is nodal forces on stem and bone for 1 N of it. Together they have no resultant; on one
body alone they may have one, which the interface then carries. Preloads are put in with the fit
and stay in force, and stand behind the six unit wrenches among the columns of a model's loads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.rigid import rigid_fields
from fea.errors import SolverError
from fea.mesh.parts import Mesh

FloatArray = NDArray[np.float64]

#: Largest resultant of a preload on stem and bone together, relative to the forces in it.
_BALANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Preload:
    """One preload.

    Attributes
    ----------
    name
        In words.
    force : float, N
        How large it is.
    stem_loads : ndarray, shape (3 n,)
        Nodal forces on the stem, N per N of preload.
    bone_loads : ndarray, shape (3 m,)
        Nodal forces on the bone, likewise.
    """

    name: str
    force: float
    stem_loads: FloatArray
    bone_loads: FloatArray


def amplitudes(preloads: Sequence[Preload]) -> FloatArray:
    """Return the preloads' forces, ndarray, shape (p,), N."""
    return np.array([preload.force for preload in preloads], dtype=np.float64)


def stem_columns(wrenches: FloatArray, preloads: Sequence[Preload]) -> FloatArray:
    """Return the loads on the stem.

    Parameters
    ----------
    wrenches : ndarray, shape (3 n, 6)
        Nodal forces of unit wrenches.
    preloads
        What follows them.

    Returns
    -------
    ndarray, shape (3 n, 6 + p)
    """
    return np.column_stack([wrenches, *(preload.stem_loads for preload in preloads)])


def bone_columns(size: int, preloads: Sequence[Preload]) -> FloatArray:
    """Return the preloads on the bone, which no wrench acts on.

    Parameters
    ----------
    size
        Number of the bone's unknowns, 3 m.
    preloads

    Returns
    -------
    ndarray, shape (3 m, p)
    """
    return np.column_stack([np.zeros((size, 0)), *(preload.bone_loads for preload in preloads)])


def require_balanced(mesh: Mesh, preloads: Sequence[Preload]) -> None:
    """Refuse a preload that is not inside stem and bone.

    Parameters
    ----------
    mesh
        The bodies that it acts on.
    preloads

    Raises
    ------
    SolverError
        Where the forces on both bodies have a resultant force or moment.
    """
    for preload in preloads:
        parts = ((mesh.stem, preload.stem_loads), (mesh.bone, preload.bone_loads))
        # Moments come divided by a lever, so that forces and moments are measured alike.
        resultant = sum(rigid_fields(part.points).T @ loads for part, loads in parts)
        size = sum(float(np.abs(loads).sum()) for _, loads in parts)
        if not float(np.abs(resultant).max()) <= _BALANCE * size:
            share = float(np.abs(resultant).max()) / max(size, 1e-300)
            raise SolverError(
                f"the {preload.name} is not in equilibrium with itself: its resultant on stem and bone is "
                f"{share:.1e} of the sum of its forces; a preload has none"
            )
