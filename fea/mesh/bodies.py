"""The elements of stem and bone: filled by gmsh, or grown from their surfaces round layers and threads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fea.mesh.caps import SizeField
from fea.mesh.filling import surface_and_border, surface_of
from fea.mesh.generate import Volumes, body
from fea.mesh.grooves import seam_of
from fea.mesh.layered import StemElements, layered_body
from fea.mesh.layers import Layer, layers_of
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.relax import relaxed
from fea.mesh.revolve import DimTag
from fea.mesh.sizes import MeshSizes
from fea.mesh.split import split_doubly_bound
from fea.mesh.threaded import Threading, threaded_bone, threaded_stem, threading_of
from geometry.bone import Bone
from geometry.engagement import Engagement
from geometry.profile import Profile
from geometry.stem import Stem

#: Scaled Jacobian below which elements are mended where they are mended here.
MENDED_JACOBIAN = 0.2

Elements = tuple[FloatArray, IntArray]


@dataclass(frozen=True, eq=False)
class Recipe:
    """How the elements of both bodies are made.

    Attributes
    ----------
    stem : Stem
    blank : Profile
        The stem's flank and tip as they are meshed.
    layers : tuple of Layer
        Those that grow from the stem's flank.
    threading : Threading or None
        The net between stem and bone; None for a stem without a thread.
    splined : bool
        Whether the bone is lofted through closed splines, or a hole along its bow is cut out of the stem:
        gmsh's optimiser, which has stopped the whole program on such shapes, is asked only where elements
        stay inverted.
    """

    stem: Stem
    blank: Profile
    layers: tuple[Layer, ...]
    threading: Threading | None
    splined: bool = False

    @property
    def mended(self) -> bool:
        """Whether elements are mended here; gmsh's optimiser mends the others."""
        stem = self.stem
        shaped = stem.grooves or stem.slot or stem.lag_screw or stem.anchor
        return bool(shaped or self.threading or self.splined)

    def left_to_gmsh(self, volumes: Volumes) -> tuple[DimTag, ...]:
        """List the solids that gmsh fills with elements."""
        fixture, *abutment = volumes[0]
        grown = bool(self.layers or self.threading)
        return (*(() if grown else (fixture,)), *abutment, *(() if self.threading else volumes[1]))

    def stem_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> StemElements:
        """Take the stem's elements out of gmsh, or grow them.

        Parameters
        ----------
        volumes : pair of tuples
        size : callable
            Size in mm at (x, y, z) in mm.
        algorithm
            gmsh's number of the volume algorithm.
        grid : float, mm
            To which coordinates are rounded; not at all where None.
        """
        fixture, *abutment = volumes[0]
        if self.layers:
            return layered_body(
                surface_of(fixture, grid), self.layers, self.stem, self.blank, size, algorithm
            )
        if self.threading is None:
            return StemElements(*self._sound(*body(volumes[0], grid)), {})
        filled = threaded_stem(surface_of(fixture), self.threading, self.blank, size, algorithm)
        made = filled.points, filled.tets
        if abutment:
            made = _together(made, body(abutment))
        return StemElements(*self._sound(*made), {})

    def bone_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> Elements:
        """Take the bone's elements out of gmsh, or grow them; parameters as `stem_elements`."""
        if self.threading is None:
            return self._sound(*body(volumes[1], grid))
        surface, between = surface_and_border(volumes[1])
        filled = threaded_bone(surface, self.threading, size, algorithm, between)
        return self._sound(filled.points, filled.tets)

    def _sound(self, points: FloatArray, tets: IntArray) -> Elements:
        if not self.mended:
            return points, tets
        return sound(points, tets)


def sound(points: FloatArray, tets: IntArray) -> Elements:
    """Mend the worst of gmsh's elements.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)

    Returns
    -------
    points : ndarray, shape (k, 3), mm
    tets : ndarray, shape (j, 10)
    """
    points, tets = split_doubly_bound(points, tets, MENDED_JACOBIAN)
    return relaxed(points, tets, MENDED_JACOBIAN), tets


def recipe_for(stem: Stem, bone: Bone, engagement: Engagement, sizes: MeshSizes) -> Recipe:
    """Decide how stem and bone get their elements.

    Parameters
    ----------
    stem : Stem
    bone : Bone
    engagement : Engagement
    sizes : MeshSizes
    """
    threading = None
    if stem.thread is not None:
        reaming = engagement.reaming
        assert reaming is not None, "a thread seats in a drilled canal alone"
        threading = threading_of(stem, bone, engagement.blank, reaming.profile, sizes, seam_of(stem, bone))
    reamed = engagement.reaming
    swept = engagement.clipped and reamed is not None and reamed.path == "bow"
    splined = bone.outline is not None or swept
    return Recipe(stem, engagement.blank, layers_of(stem, sizes), threading, splined)


def _together(one: Elements, other: Elements) -> Elements:
    """Join two solids' elements at the nodes that they share, which stand at one place to the last bit."""
    points = np.concatenate([one[0], other[0]])
    _, first, number = np.unique(points, axis=0, return_index=True, return_inverse=True)
    joined = first[number.ravel()]
    tets = joined[np.concatenate([one[1], other[1] + len(one[0])])]
    used, compact = np.unique(tets, return_inverse=True)
    return points[used], compact.reshape(-1, 10)
