"""A whole bone: its triangulated surface above the cut, meshed anew, round the canal that the kernel knows.

The kernel cuts canal and reamed hole out of a cylinder that stands in for the bone, together with the stem,
so that facets on the wall are those of any other bone. Here the bone's own surface takes the place of the
cylinder's: cut at z = 0, classified into disks by gmsh, meshed anew at the size field, its nodes and middles
brought onto the curved surface. The annulus at the cut is a plane within given edges, and the volume is
filled within given triangles.
"""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np

from fea.errors import MeshError
from fea.mesh.bodies import Elements, Recipe, sound
from fea.mesh.caps import SizeField
from fea.mesh.cores import own_model
from fea.mesh.filling import Surface, fill, straight, surface_of
from fea.mesh.generate import Volumes
from fea.mesh.layers import layers_of
from fea.mesh.parts import FloatArray, IntArray
from fea.mesh.revolve import DimTag
from fea.mesh.shapes import stand_in_radius, stand_in_top
from fea.mesh.sheet_pieces import cut_at
from fea.mesh.sheet_remesh import UNIT
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone
from geometry.engagement import Engagement
from geometry.scanned.whole import Whole
from geometry.stem import Stem

#: How far nodes lie off the faces of the cylinder that stands in, mm, at most.
_OFF = 1e-6
#: Turns in which a point of a level is brought onto the surface there.
_TURNS = 12


@dataclass(frozen=True, eq=False)
class WholeRecipe(Recipe):
    """How the elements of a stem and a whole bone are made.

    Attributes
    ----------
    bone : Bone
        With a `geometry.scanned.whole.Whole` as its outline.
    """

    bone: Bone | None = None

    @property
    def mended(self) -> bool:
        """Whether elements are mended here."""
        return True

    def left_to_gmsh(self, volumes: Volumes) -> tuple[DimTag, ...]:
        """See `Recipe.left_to_gmsh`: the bone is filled here."""
        return tuple(tag for tag in super().left_to_gmsh(volumes) if tag not in volumes[1])

    def bone_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> Elements:
        """Fill the bone between its surface and the canal's wall; parameters as `stem_elements`."""
        assert self.bone is not None
        assert isinstance(self.bone.outline, Whole)
        (solid,) = volumes[1]
        wall = canal_wall(surface_of(solid, grid), self.bone)
        sheet = outer_surface(self.bone.outline, size, int(gmsh.option.getNumber("Mesh.Algorithm")))
        filled = fill(joined(sheet, wall), (), straight, size, algorithm)
        return sound(filled.points, filled.tets)


def whole_recipe(stem: Stem, bone: Bone, engagement: Engagement, sizes: MeshSizes) -> WholeRecipe:
    """Decide how a stem and a whole bone get their elements; parameters as `fea.mesh.bodies.recipe_for`."""
    return WholeRecipe(stem, engagement.blank, layers_of(stem, sizes), None, True, bone)


def canal_wall(surface: Surface, bone: Bone) -> Surface:
    """Leave of the solid that stands in for a bone the wall of its canal.

    Parameters
    ----------
    surface : pair of ndarray
        Of the solid, from `fea.mesh.filling.surface_of`.
    bone : Bone

    Returns
    -------
    pair of ndarray
        The same for the wall alone.
    """
    points, facets = surface
    x, y, z = points[facets].transpose(2, 0, 1)
    outside = (np.hypot(x, y) > stand_in_radius(bone) - _OFF).all(axis=1)
    ends = (np.abs(z) < _OFF).all(axis=1) | (np.abs(z - stand_in_top(bone)) < _OFF).all(axis=1)
    return compact(points, facets[~(outside | ends)])


def compact(points: FloatArray, facets: IntArray) -> Surface:
    """Leave out the points that no facet has, the vertices first.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)
    """
    used = np.concatenate([np.unique(facets[:, :3]), np.unique(facets[:, 3:])])
    number = np.zeros(len(points), dtype=np.int64)
    number[used] = np.arange(len(used))
    return points[used], number[facets]


def joined(one: Surface, other: Surface) -> Surface:
    """Make one surface of two that share no node, the vertices first.

    Parameters
    ----------
    one, other : pair of ndarray
    """
    points = np.concatenate([one[0], other[0]])
    return compact(points, np.concatenate([one[1], other[1] + len(one[0])]))


def outer_surface(whole: Whole, size: SizeField, algorithm: int) -> Surface:
    """Mesh a whole bone's surface above the cut anew.

    Parameters
    ----------
    whole : Whole
    size : callable
        Size in mm at (x, y, z) in mm.
    algorithm : int
        gmsh's number of the surface algorithm.

    Returns
    -------
    points : ndarray, shape (n, 3), mm
        Vertices first.
    facets : ndarray, shape (k, 6)
        Of either orientation.

    Raises
    ------
    MeshError
        When gmsh leaves holes or tears in it.
    """
    vertices, triangles = cut_at(whole.sheet, 0.0)
    with own_model("outer"):
        points, facets = _meshed_anew(vertices, triangles, size, algorithm)
    pairs = facets[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    edges, inverse, count = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True, return_counts=True)
    rim = count == 1
    on_cut = np.zeros(len(points), dtype=bool)
    on_cut[edges[rim].ravel()] = True
    if count.max() > 2 or not rim.any() or np.abs(points[on_cut, 2]).max() > 1.0:
        raise MeshError("gmsh did not mesh the bone's outer surface anew in one piece.")
    placed = _placed(whole, points, on_cut)
    middles = _placed(whole, placed[edges].mean(axis=1), rim)
    curved = np.hstack([facets, len(points) + inverse.reshape(-1, 3)])
    return np.concatenate([placed, middles]), curved


def _meshed_anew(
    vertices: FloatArray, triangles: IntArray, size: SizeField, algorithm: int
) -> tuple[FloatArray, IntArray]:
    """Mesh straight triangles anew in gmsh's current, empty model."""
    mesh = gmsh.model.mesh
    entity = gmsh.model.addDiscreteEntity(2)
    mesh.addNodes(2, entity, np.arange(1, len(vertices) + 1), (UNIT * vertices).ravel())
    mesh.addElementsByType(entity, 2, [], (triangles + 1).ravel())
    # No edge is sharp: gmsh divides the surface where it cannot be laid flat in one piece.
    mesh.classifySurfaces(np.pi, True, True, np.pi)
    mesh.createGeometry()
    gmsh.option.setNumber("Mesh.Algorithm", algorithm)
    mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: UNIT * size(x / UNIT, y / UNIT, z / UNIT))
    mesh.generate(2)
    tags, places, _ = mesh.getNodes()
    row = np.zeros(int(tags.max()) + 1, dtype=np.int64)
    row[np.asarray(tags, dtype=np.int64)] = np.arange(len(tags))
    found = row[np.asarray(mesh.getElementsByType(2)[1], dtype=np.int64)].reshape(-1, 3)
    used, number = np.unique(found, return_inverse=True)
    points = np.asarray(places, dtype=np.float64).reshape(-1, 3)[used] / UNIT
    return points, number.reshape(-1, 3)


def _placed(whole: Whole, points: FloatArray, on_cut: np.ndarray) -> FloatArray:
    """Bring points onto the curved surface, those of the cut on where the surface crosses it."""
    surface = whole.sheet.surface
    found = points.copy()
    found[~on_cut] = surface.closest(points[~on_cut])[0]
    rim = points[on_cut]
    for _ in range(_TURNS):
        rim[:, 2] = 0.0
        rim = surface.closest(rim)[0]
    rim[:, 2] = 0.0
    found[on_cut] = rim
    return found
