"""The fluted press fit in plane strain, by a code of its own: nothing of the program is used.

An eighth of the section between two planes of symmetry, quadratic quadrilaterals (scikit-fem), the
compliance of both rings at the nodes of the interface, and contact without friction as a linear
complementarity problem, solved by its active set. The gap is the shapes' radial distance less the
interference, along the normal of the fluted surface.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from skfem import Basis, BilinearForm, ElementQuad2, ElementVector, MeshQuad, MeshQuad2

from tests.verification.tubes import BONE, INNER, INTERFERENCE, OUTER, RADIUS, STEM

FloatArray = NDArray[np.float64]

SECTOR = np.pi / 4
FLUTES, DEPTH = 4, 0.1
#: Stiffness of the planes of symmetry, as a share of the modulus: the tilted one is held by springs.
_STIFF = 1e6


@dataclass(frozen=True)
class PlaneFit:
    """Mean pressure over the fluted surface in MPa, the share of it in contact, and the pressure by angle.

    At a node of the interface the pressure is its force over what Simpson's rule gives it of the length.
    """

    mean: float
    closed: float
    angle: FloatArray
    pressure: FloatArray


def flutes(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Offset of the stem's surface, mm."""
    return -DEPTH * (0.5 * (1 - np.cos(FLUTES * angle))) ** 3


def seat_plane(cells: int, layers: int = 8) -> PlaneFit:
    """Press the stem in.

    Parameters
    ----------
    cells
        Round the eighth.
    layers
        Along the radius of either ring.

    Returns
    -------
    PlaneFit
    """
    angle = np.linspace(0.0, SECTOR, 2 * cells + 1)
    radius = RADIUS + _offset(angle)
    slope = np.gradient(radius, angle, edge_order=2)
    normal = np.stack(
        [
            np.cos(angle) * radius + np.sin(angle) * slope,
            np.sin(angle) * radius - np.cos(angle) * slope,
        ]
    ) / np.hypot(radius, slope)
    compliance = sum(
        _compliance(ring, law, angle, layers, normal)
        for ring, law in (((INNER, radius), STEM), ((OUTER, np.full_like(radius, RADIUS)), BONE))
    )
    gap = RADIUS - radius - INTERFERENCE
    active = gap < 0.0
    force = np.zeros_like(gap)
    for _ in range(100):
        force[:] = 0.0
        force[active] = np.linalg.solve(compliance[np.ix_(active, active)], -gap[active])
        now = (active & (force > 0.0)) | (~active & (gap + compliance @ force < -1e-13))
        if np.array_equal(now, active):
            break
        active = now
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    along = np.r_[0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y)))]
    last = int(np.flatnonzero(active).max())
    edge = 0.5 * (along[last] + along[last + 1])
    share = np.where(np.arange(len(along)) % 2, 4.0, 2.0) / 3.0
    share[[0, -1]] /= 2.0
    pressure = force / (share * np.gradient(along))
    return PlaneFit(float(force.sum() / along[-1]), float(edge / along[-1]), angle, pressure)


def _offset(angle: FloatArray) -> FloatArray:
    return flutes(angle, np.zeros_like(angle))


def _compliance(
    ring: tuple[float, FloatArray],
    law: tuple[float, float],
    angle: FloatArray,
    layers: int,
    normal: FloatArray,
) -> FloatArray:
    """Displacement of the interface's nodes along the normal, per force along it, mm/(N/mm)."""
    far, near = ring
    plain = MeshQuad2.from_mesh(MeshQuad.init_tensor(np.linspace(0.0, 1.0, layers + 1), angle[::2]))
    share, place = plain.doflocs
    radius = far + (np.interp(place, angle, near) - far) * share
    mesh = MeshQuad2(np.array([radius * np.cos(place), radius * np.sin(place)]), plain.t)
    basis = Basis(mesh, ElementVector(ElementQuad2()), intorder=5)
    modulus, poisson = law
    shear = modulus / (2 * (1 + poisson))
    lame = modulus * poisson / ((1 + poisson) * (1 - 2 * poisson))

    @BilinearForm
    def energy(u, v, _):
        def strain(w):
            return w.grad[0][0], w.grad[1][1], w.grad[0][1] + w.grad[1][0]

        (a, b, c), (d, e, f) = strain(u), strain(v)
        return lame * (a + b) * (d + e) + 2 * shear * (a * d + b * e) + shear * c * f

    stiffness = energy.assemble(basis).tolil()
    # Places of the unknowns in the plain strip tell what lies where.
    along = np.arctan2(basis.doflocs[1], basis.doflocs[0])
    out = np.hypot(*basis.doflocs)
    one, two = basis.split_indices()
    for row, column in zip(*(_sorted(part[np.abs(along[part] - SECTOR) < 1e-9], out) for part in (one, two)),
                           strict=True):  # fmt: skip
        spring = _STIFF * modulus
        stiffness[row, row] += spring
        stiffness[column, column] += spring
        stiffness[row, column] -= spring
        stiffness[column, row] -= spring
    free = np.setdiff1d(np.arange(basis.N), two[np.abs(along[two]) < 1e-9])
    touching = np.abs(out - np.interp(along, angle, near)) < 1e-6
    rows = [_sorted(part[touching[part]], along) for part in (one, two)]
    loads = np.zeros((basis.N, len(angle)))
    for part, component in zip(rows, normal, strict=True):
        loads[part, np.arange(len(angle))] = component
    moved = splu(stiffness.tocsr()[free][:, free].tocsc()).solve(loads[free])
    return np.asarray(loads[free].T @ moved)


def _sorted(rows: NDArray[np.int64], key: FloatArray) -> NDArray[np.int64]:
    return rows[np.argsort(key[rows])]
