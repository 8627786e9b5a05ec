"""Named parts of a mesh: two bodies of curved 10-node tetrahedra with named facets.

The data that leave the mesh room. Node order is VTK's: a tetrahedron has its four
vertices, then the middles of the edges 01, 12, 02, 03, 13, 23; a triangle has its
three vertices, then the middles of 01, 12, 20, and its normal points out of the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """One body.

    Attributes
    ----------
    name
        ``"stem"`` or ``"bone"``.
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
        Rows of `points`.
    facets : mapping of str to ndarray, shape (k, 6)
        Boundary facets by name, rows of `points`. The stem has its zones by name (such as
        ``coated``, ``uncoated``, ``collar``, the face towards the cut, and ``splines`` and
        ``lag_screw``, where they stand in the bone), ``distal_end``, ``proximal_end`` (a flat
        tip) and ``free``; the bone has ``canal``, ``cut``, ``outer`` and ``proximal``, and
        ``pin_holes`` with an anchor. A name without facets has an array of no rows.
    regions : mapping of str to ndarray, shape (j,)
        Elements of another material than the body's own by name, rows of `tets`, none in
        two regions. The layer of a coating bears its zone's name, ``coated``.
    """

    name: str
    points: FloatArray
    tets: IntArray
    facets: Mapping[str, IntArray]
    regions: Mapping[str, IntArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Quality:
    """What the mesh gate measured.

    Attributes
    ----------
    least_scaled_jacobian
        Least ratio of smallest to largest Jacobian determinant in one element.
    least_gamma
        Least ratio of inscribed to circumscribed radius, scaled to 1 for the regular one.
    inverted
        Number of elements with a Jacobian determinant that is not positive.
    worst_place : tuple of 3 floats, mm
        Centre of the element with the least scaled Jacobian.
    """

    least_scaled_jacobian: float
    least_gamma: float
    inverted: int
    worst_place: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Mesh:
    """Stem and bone, meshed.

    Attributes
    ----------
    stem, bone
        The two bodies; where they share a surface their facets coincide, but their
        nodes are their own.
    quality
        The measured quality.
    digest
        Hexadecimal digest of everything that determined the mesh.
    zones : tuple of str
        Facets of the stem that may touch bone, in the order of the zone codes: the stem's
        own zones.
    axis
        The implant's, about which its sections stand.
    """

    stem: Part
    bone: Part
    quality: Quality
    digest: str
    zones: tuple[str, ...]
    axis: Axis = STRAIGHT

    @property
    def unknowns(self) -> int:
        """Number of displacement unknowns before any support."""
        return 3 * (len(self.stem.points) + len(self.bone.points))

    @property
    def element_size(self) -> float:
        """Effective element size, mm: the cube root of volume over elements, both bodies together.

        The volume is that of the straight-sided elements. What a case asks for is a wish: where shapes
        are narrow, elements stay smaller, and a mesh asked for 1.5 times coarser is less than that.
        """
        parts = (self.stem, self.bone)
        corners = [part.points[part.tets[:, :4]] for part in parts]
        volume = sum(float(np.abs(np.linalg.det(c[:, 1:] - c[:, :1])).sum()) / 6 for c in corners)
        return float(np.cbrt(volume / sum(len(part.tets) for part in parts)))
