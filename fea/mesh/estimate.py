"""How many tetrahedra a mesh of a grooved stem will have, before it is made.

A body meshed at the size h has about `PER_CUBE` times the integral of dV / h^3 tetrahedra: over stems
with and without flutes, splines and slot gmsh's meshes had between 5.3 and 8.1 times as many, the
larger ones 5.3 to 6.1. The integral is a mean over points that fill the bodies evenly.
"""

from __future__ import annotations

import numpy as np

from fea.errors import MeshError
from fea.mesh.groove_sizes import SizeField
from fea.mesh.parts import FloatArray
from geometry.canal import Canal
from geometry.stem import Stem

#: Tetrahedra in a cube of the element size.
PER_CUBE = 6.0
#: Largest number of tetrahedra that is meshed for a stem with grooves.
MOST_TETS = 1_500_000

_POINTS = 30_000
#: Steps of the evenly filling sequence in three dimensions: powers of 1/g with g^4 = g + 1.
_STEPS = 1.2207440846057596 ** -np.arange(1.0, 4.0)


def expected_tets(size: SizeField, canal: Canal, stem: Stem) -> float:
    """Estimate the number of tetrahedra of stem and bone.

    Parameters
    ----------
    size : callable
        Size in mm at (x, y, z) in mm.
    canal : Canal
    stem : Stem

    Returns
    -------
    float
    """
    points, volume = _points(canal, stem)
    across = np.hypot(points[:, 0], points[:, 1])
    z = points[:, 2]
    metal = (z < stem.length) & (z > stem.distal_level) & (across > stem.bore_diameter / 2)
    metal &= stem.profile.outside(across, z) < 0
    bone = (z > 0) & (z < canal.bone.length) & (canal.bone.outside_outer(points) < 0)
    bone &= canal.outside(points) > 0
    inside = points[metal | bone]
    cubes = np.array([size(*point) ** -3 for point in inside.tolist()])
    return float(PER_CUBE * cubes.sum() * volume / len(points))


def require_few(size: SizeField, canal: Canal, stem: Stem) -> None:
    """Refuse a mesh of a grooved or anchored stem that would be too large.

    Parameters
    ----------
    size : callable
        Size in mm at (x, y, z) in mm.
    canal : Canal
    stem : Stem

    Raises
    ------
    MeshError
        When it would have more than `MOST_TETS` tetrahedra.
    """
    expected = expected_tets(size, canal, stem)
    if expected <= MOST_TETS:
        return
    parts = [
        name
        for name in ("flutes", "splines", "slot", "lag_screw", "anchor")
        if getattr(stem, name) is not None
    ]
    sizes = {"lag_screw": "diameter_mm", "anchor": "pin_diameter_mm"}
    keys = " and ".join(f"stem.{name}.{sizes.get(name, 'width_mm')}" for name in parts)
    raise MeshError(
        f"The mesh would have about {expected / 1e6:.1f} million tetrahedra, more than"
        f" {MOST_TETS / 1e6:g} million: give a larger {keys}, fewer of them, or a coarser"
        " mesh.interface_size_mm.",
        {"expected_tetrahedra": expected},
    )


def _points(canal: Canal, stem: Stem) -> tuple[FloatArray, float]:
    """Points that fill the box about both bodies evenly, and the box's volume."""
    levels = np.linspace(0.0, canal.bone.length, 50)
    axes, centre = canal.bone.outer_semi_axes(levels), canal.bone.centre(levels)
    front = max(float((centre + axes[:, 0]).max()), stem.diameter / 2)
    back = min(float((centre - axes[:, 0]).min()), -stem.diameter / 2)
    side = max(float((axes[:, 1] + abs(canal.bone.centre_left(levels))).max()), stem.diameter / 2)
    low = np.array([back, -side, stem.distal_level])
    high = np.array([front, side, max(canal.bone.length, stem.length)])
    share = np.remainder(0.5 + np.arange(1.0, _POINTS + 1)[:, None] * _STEPS, 1.0)
    return low + (high - low) * share, float(np.prod(high - low))
