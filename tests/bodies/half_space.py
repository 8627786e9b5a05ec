"""Elastic half-spaces cut off at a finite distance, held there by the field that is due outside.

A contact of radius a on a half-space moves the material at a distance L by a share a/L of the
approach, too much to hold it still. Far away all that counts is the resultant, so that the nodes of
the cut move as Boussinesq's (normal) and Cerruti's (tangential) point loads say, per unit load, and
with the half-space as a whole, whose translation is unknown. What is neglected is of the order
(a/L)^3. (K. L. Johnson, Contact Mechanics, 1985, sections 3.2 and 3.6.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.model.body import Body
from tests.bodies.structured import graded, isotropic
from tests.bodies.two_bodies import TwoBodies, held_body, join, plane, prescribed

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def boussinesq(places: FloatArray, modulus: float, poisson: float) -> FloatArray:
    """Displacement, shape (k, 3), by a unit force along z at the origin of the half-space z > 0."""
    x, y, z = places.T
    far = np.linalg.norm(places, axis=1)
    sideways = z / far**3 - (1 - 2 * poisson) / (far * (far + z))
    deep = z**2 / far**3 + 2 * (1 - poisson) / far
    return (1 + poisson) / (2 * np.pi * modulus) * np.column_stack([x * sideways, y * sideways, deep])


def cerruti(places: FloatArray, modulus: float, poisson: float) -> FloatArray:
    """Displacement, shape (k, 3), by a unit force along x at the origin of the half-space z > 0."""
    x, y, z = places.T
    far = np.linalg.norm(places, axis=1)
    soft, below = 1 - 2 * poisson, far + z
    along = 1 / far + x**2 / far**3 + soft * (1 / below - x**2 / (far * below**2))
    across = x * y / far**3 - soft * x * y / (far * below**2)
    deep = x * z / far**3 + soft * x / (far * below)
    return (1 + poisson) / (2 * np.pi * modulus) * np.column_stack([along, across, deep])


@dataclass(frozen=True, eq=False)
class Grid:
    """A structured grid of a half-space, fine where contact is expected.

    Attributes
    ----------
    x, y : ndarray, mm
        Coordinates on the surface, ascending; where they begin at 0 there is a plane of symmetry.
    depth : ndarray, mm
        Coordinates into the half-space, from 0.
    near : float, mm
        Half the width of the square that may touch.
    """

    x: FloatArray
    y: FloatArray
    depth: FloatArray
    near: float

    @property
    def whole_axes(self) -> list[int]:
        """Axes across which there is no plane of symmetry."""
        return [axis for axis, along in enumerate((self.x, self.y)) if along[0] < 0.0] + [2]

    @property
    def share(self) -> float:
        """Modelled share of the whole body: a half for each plane of symmetry."""
        return 0.5 ** (3 - len(self.whole_axes))


def half_space(name: str, grid: Grid, modulus: float, poisson: float) -> tuple[Body, FloatArray]:
    """Cut the lower half-space, `stem`, or the upper one, `bone`, from a grid, and load it.

    Parameters
    ----------
    name
        ``"stem"`` or ``"bone"``.
    grid
    modulus : float, MPa
    poisson

    Returns
    -------
    Body
        The cut is held; the stem's is carried by the translations that no mirror stops.
    loads : ndarray, shape (3 n, 6)
        Of unit forces on the whole stem along x (column 0) and z (column 2): the far field that
        such a contact makes in this body, and on the stem the force itself.
    """
    up = 1.0 if name == "bone" else -1.0

    def touching(points: FloatArray) -> NDArray[np.bool_]:
        return (np.abs(points) <= [grid.near + 1e-9, grid.near + 1e-9, 1e-9]).all(axis=1)

    part = graded(name, (grid.x, grid.y, np.sort(up * grid.depth)), {"contact": touching})
    symmetric = [axis for axis in (0, 1) if axis not in grid.whole_axes]
    mirrors = [plane(part, axis, 0.0, (axis,)) for axis in symmetric]
    ends = [(0, grid.x[-1]), (1, grid.y[-1]), (2, up * grid.depth[-1])]
    ends += [(axis, -value) for axis, value in ends[:2] if axis not in symmetric]
    cut = np.unique(np.concatenate([plane(part, axis, value, (0, 1, 2)) for axis, value in ends]))
    carried = np.eye(6)[:, grid.whole_axes if name == "stem" else []]
    body = held_body(part, isotropic(modulus, poisson), np.concatenate([cut, *mirrors]), carried)
    far = np.zeros((len(part.points), 3, 6))
    nodes, across = np.unique(cut // 3), np.array([1.0, 1.0, up])
    depth = part.points[nodes] * across
    # Contact pushes the bone along the load, and the stem, its mirror image, against it.
    far[nodes, :, 0] = up * cerruti(depth, modulus, poisson) * across
    far[nodes, :, 2] = boussinesq(depth, modulus, poisson) * across
    loads = prescribed(body, far.reshape(-1, 6))
    if name == "stem":
        loads[3 * nodes[0] + np.array([0, 2]), [0, 2]] += grid.share
    return body, loads


def pressed_spheres(
    grid: Grid, elastic: tuple[float, float], radius: float, friction: float = 0.0
) -> TwoBodies:
    """Let two equal half-spaces face each other like spheres.

    Parameters
    ----------
    grid
        Of either.
    elastic : tuple of 2 floats
        Young's modulus in MPa and Poisson's ratio.
    radius : float, mm
        Equivalent radius R of the pair; the gap is r^2 / 2R.
    friction
    """

    def gap(points: FloatArray, normals: FloatArray, zones: IntArray) -> FloatArray:
        return (points[:, 0] ** 2 + points[:, 1] ** 2) / (2 * radius)

    (stem, lower), (bone, upper) = (half_space(name, grid, *elastic) for name in ("stem", "bone"))
    return join(stem, bone, (lower, upper), gap, friction)
