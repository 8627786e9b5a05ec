"""A stem whose coating is meshed: layers grown inwards from the flank, a core within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.mesh.caps import SizeField
from fea.mesh.filling import Base, Surface, fill
from fea.mesh.layers import Layer
from fea.mesh.parts import FloatArray, IntArray
from geometry.profile import Profile
from geometry.stem import Stem

#: Edges inside the core are straight within this share of its radius and follow the flank's
#: roundness beyond the second one, so that thin elements at a layer's ends do not fold.
_STRAIGHT, _ROUND = 0.4, 0.9


@dataclass(frozen=True, eq=False)
class StemElements:
    """A stem's elements by material.

    Attributes
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    regions : mapping of str to ndarray
        Rows of `tets` by the layer's name; the others are the core's.
    """

    points: FloatArray
    tets: IntArray
    regions: dict[str, IntArray]


def layered_body(
    surface: Surface,
    layers: tuple[Layer, ...],
    stem: Stem,
    blank: Profile,
    size: SizeField,
    algorithm: int,
) -> StemElements:
    """Fill a stem's surface with layers and a core.

    Parameters
    ----------
    surface : pair of ndarray
        From `surface_of`.
    layers : tuple of Layer
    stem : Stem
    blank : Profile
        The flank as it is meshed.
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm
        gmsh's number of the volume algorithm.

    Returns
    -------
    StemElements
    """
    points, facets = surface
    bases = [
        Base(
            layer,
            _zone(points, facets, layer, stem, blank),
            {level: _on_end(points, facets, stem, level) for level in (layer.start, layer.end)},
        )
        for layer in layers
    ]
    depth = max(layer.depth for layer in layers)
    made = fill(surface, bases, lambda ends: rounded(ends, blank, depth), size, algorithm)
    names = (layer.name for layer in layers)
    return StemElements(made.points, made.tets, dict(zip(names, made.grown, strict=True)))


def _zone(
    points: FloatArray, facets: IntArray, layer: Layer, stem: Stem, blank: Profile
) -> NDArray[np.bool_]:
    """Find the facets of the flank from which a layer grows."""
    corners = points[facets[:, :3]]
    middle = corners.mean(axis=1)
    across = np.hypot(middle[:, 0], middle[:, 1])
    outside = across > (stem.bore_diameter / 2 + blank.at(middle[:, 2])) / 2
    return np.asarray(outside & (middle[:, 2] > layer.start) & (middle[:, 2] < layer.end))


def _on_end(points: FloatArray, facets: IntArray, stem: Stem, level: float) -> NDArray[np.bool_]:
    """Find the facets of an end face of the stem in which a layer ends, none where it ends elsewhere."""
    if min(abs(level - stem.distal_level), abs(level - stem.length)) > 1e-9:
        return np.zeros(len(facets), dtype=bool)
    return np.asarray((np.abs(points[facets[:, :3], 2] - level) < 1e-6).all(axis=1))


def rounded(ends: FloatArray, blank: Profile, depth: float) -> FloatArray:
    """Put middles of edges halfway in angle and radius near the flank, halfway along the chord inside.

    Parameters
    ----------
    ends : ndarray, shape (e, 2, 3), mm
    blank : Profile
        The flank as it is meshed.
    depth : float, mm
        How far under it the core begins.

    Returns
    -------
    ndarray, shape (e, 3), mm
    """
    straight = ends.mean(axis=1)
    radius = np.hypot(ends[..., 0], ends[..., 1]).mean(axis=1)
    across = np.hypot(straight[:, 0], straight[:, 1])
    core = blank.at(np.minimum(straight[:, 2], blank.fillet_start)) - depth
    weight = np.clip((across / core - _STRAIGHT) / (_ROUND - _STRAIGHT), 0.0, 1.0)
    straight[:, :2] *= 1.0 + (weight * (radius / np.maximum(across, 1e-12) - 1.0))[:, None]
    return np.asarray(straight)
