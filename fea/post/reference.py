"""The reference area: what shares and percentiles of the interface are taken over.

The interface holds what faces bone within the contact search. A part of the coating that
faces no bone has no contact either: it belongs to the reference area all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.contact.surface import facet_points
from fea.mesh.parts import Part
from fea.post.micromotion import area_percent, reference_zone
from fea.solution import Interface
from geometry.zones import porous

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ReferenceArea:
    """An area of the stem.

    Attributes
    ----------
    name
    mask : ndarray of bool, shape (n,)
        The interface vertices that belong to it.
    vertex_area : ndarray, shape (n,), mm^2
        Of all interface vertices.
    area : float, mm^2
        The whole, with what faces no bone.
    """

    name: str
    mask: BoolArray
    vertex_area: NDArray[np.float64]
    area: float

    def percent(self, part: BoolArray) -> float:
        """Return the share of the area where `part`, shape (n,), holds, in percent."""
        return area_percent(part, self.vertex_area, self.mask, self.area)


def reference_area(interface: Interface, stem: Part) -> ReferenceArea:
    """Return the reference area of an interface.

    Parameters
    ----------
    interface : Interface
    stem : Part
        The meshed stem.

    Returns
    -------
    ReferenceArea
    """
    mask, name = reference_zone(interface)
    zones = {interface.zones[int(code)] for code in np.unique(interface.zone[mask])}
    coatings = porous(interface.zones)
    return _area(interface, stem, coatings if zones & set(coatings) else sorted(zones), name)


def coated_areas(interface: Interface, stem: Part) -> dict[str, ReferenceArea]:
    """Return each coating's own area by its name; empty with one coating, which is the reference itself.

    Parameters
    ----------
    interface : Interface
    stem : Part
        The meshed stem.

    Returns
    -------
    dict of str to ReferenceArea
    """
    names = porous(interface.zones)
    if len(names) < 2:
        return {}
    return {name: _area(interface, stem, (name,), f"{name} zone") for name in names}


def _area(interface: Interface, stem: Part, zones: Sequence[str], name: str) -> ReferenceArea:
    mask = interface.within(*zones)
    faces = sum(float(facet_points(stem.points, stem.facets[zone]).area.sum()) for zone in zones)
    return ReferenceArea(name, mask, interface.area, max(faces, float(interface.area[mask].sum())))
