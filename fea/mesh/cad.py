"""Stem and bone where the stem comes from a CAD file: solids, element sizes, names, recipe."""

from __future__ import annotations

import math
from dataclasses import dataclass

import gmsh
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.cad.step import seated_solid
from fea.mesh.bodies import Elements, sound
from fea.mesh.caps import SizeField
from fea.mesh.generate import Volumes, body
from fea.mesh.layered import StemElements
from fea.mesh.naming import boundary_facets, frozen_part, on_plane
from fea.mesh.parts import FloatArray, IntArray, Part
from fea.mesh.revolve import DimTag
from fea.mesh.shapes import bone_solid
from fea.mesh.sizes import GROWTH_ALONG, GROWTH_AWAY, MeshSizes
from geometry.bone import Bone
from geometry.cad_seat import TOUCHES
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.sheet_stem import SheetStem
from geometry.zones import UNCOATED

#: Pitch of the grid on which element sizes are kept, mm.
_PITCH = 1.5
#: Element size on a curved face as a share of its radius, and the least as a share of the interface's size.
_PER_RADIUS, _LEAST = 0.8, 0.2
#: Square of the element size on a narrow face as a share of its radius times its width, and the least
#: size as a share of the interface's.
_PER_WIDTH, _NARROWEST = 0.4, 0.04
#: Sizes for which curved places are gathered, as shares of the interface's size.
_STEPS = np.geomspace(_LEAST, 1.0, 9)


@dataclass(frozen=True, eq=False)
class CadRecipe:
    """How both bodies get their elements: gmsh fills them, and the worst are mended here.

    Attributes
    ----------
    layers
        None grow.
    """

    layers: tuple[()] = ()

    @property
    def mended(self) -> bool:
        """Whether elements are mended here."""
        return True

    def left_to_gmsh(self, volumes: Volumes) -> tuple[DimTag, ...]:
        """List the solids that gmsh fills with elements."""
        return (*volumes[0], *volumes[1])

    def stem_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> StemElements:
        """Take the stem's elements out of gmsh; parameters as ``fea.mesh.bodies.Recipe`` has them."""
        return StemElements(*sound(*body(volumes[0], grid)), {})

    def bone_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> Elements:
        """Take the bone's elements out of gmsh; parameters as `stem_elements`."""
        return sound(*body(volumes[1], grid))


def cad_ends(bone: Bone, stem: CadStem) -> tuple[float, ...]:
    """List the levels between which the interface's zones run, in rising order, mm.

    Parameters
    ----------
    bone : Bone
    stem : CadStem
    """
    top = min(stem.flank_end, bone.length)
    limits = [level for zone in stem.coatings for level in (zone.start, zone.end)]
    return tuple(sorted({0.0, top, *(level for level in limits if level < top)}))


def cad_solids(canal: Canal, stem: CadStem, *, clipped: bool, conforming: bool) -> Volumes:
    """Build stem and bone, touching but never overlapping; the stem in slabs between the zones' limits.

    Parameters
    ----------
    canal : Canal
    stem : CadStem
    clipped
        Whether the bone is taken out of the stem.
    conforming
        Whether faces that coincide become one.
    """
    occ = gmsh.model.occ
    solid, bone = seated_solid(stem.content, stem.file, stem.pose), bone_solid(canal)
    if clipped:
        parts = occ.cut([solid], [bone], removeTool=False)[0]
        if len(parts) != 1:
            raise ValueError(f"taking the bone out of the stem leaves {len(parts)} pieces of it")
        (solid,) = parts
    slabs = _sliced(solid, canal.bone, stem)
    if conforming:
        _, children = occ.fragment(slabs, [bone])
        if any(len(child) != 1 for child in children):
            raise ValueError("they could not be cut apart into one solid each")
        *slabs, bone = (child[0] for child in children)
    occ.synchronize()
    return tuple(slabs), (bone,)


def _sliced(solid: DimTag, bone: Bone, stem: CadStem) -> list[DimTag]:
    """Cut the stem across at the levels where its zones end, so that no facet lies on both sides of one."""
    occ = gmsh.model.occ
    limits = {0.0, bone.length, *(level for zone in stem.coatings for level in (zone.start, zone.end))}
    levels = sorted(z for z in limits if stem.distal_level + 1e-6 < z < stem.length - 1e-6)
    if not levels:
        return [solid]
    reach = 2 * float(np.abs(stem.surface.points[:, :2]).max()) + 1.0
    planes = [(2, occ.addRectangle(-reach, -reach, z, 2 * reach, 2 * reach)) for z in levels]
    _, children = occ.fragment([solid], planes)
    occ.synchronize()
    slabs = [tag for tag in children[0] if tag[0] == 3]
    faces = set(gmsh.model.getBoundary(slabs, combined=False, oriented=False))
    loose = sorted({tag for child in children[1:] for tag in child} - faces)
    occ.remove(loose, recursive=True)
    return slabs


def cad_field(canal: Canal, stem: CadStem, sizes: MeshSizes) -> SizeField:
    """Make the element size a function of position, from values on a grid.

    Parameters
    ----------
    canal : Canal
    stem : CadStem
    sizes : MeshSizes

    Returns
    -------
    callable
        Size in mm at (x, y, z) in mm.
    """
    bone, surface = canal.bone, stem.surface
    low, high = _box(bone, stem)
    counts = np.ceil((high - low) / _PITCH).astype(int) + 2
    axes = [start + _PITCH * np.arange(count) for start, count in zip(low, counts, strict=True)]
    at = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    ends = np.array(cad_ends(bone, stem))
    facing = surface.points[(surface.points[:, 2] >= -1e-6) & (surface.points[:, 2] <= ends[-1] + 1e-6)]
    away = cKDTree(facing).query(at)[0]
    level = np.clip(at[:, 2], ends[0], ends[-1])
    from_end = np.abs(level[:, None] - ends).min(axis=1)
    along = np.minimum(sizes.interface, sizes.at_edges + GROWTH_ALONG * from_end)
    axes_out = bone.outer_semi_axes(np.linspace(0.0, bone.length, 50))
    best = np.minimum(min(sizes.far, 0.6 * float(axes_out.min())), along + GROWTH_AWAY * away)
    inside = np.clip(at[:, 2], 0.0, bone.length)
    canal_radius = bone.canal_semi_axes(inside).min(axis=1)
    across = at[:, 0] - bone.centre(inside), at[:, 1] - bone.centre_left(inside)
    off_canal = np.abs(np.hypot(*across) - canal_radius)
    best = np.minimum(best, 0.75 * canal_radius + GROWTH_AWAY * off_canal)
    for cap, places in _curved(stem, sizes):
        best = np.minimum(best, cap + GROWTH_AWAY * cKDTree(places).query(at)[0])
    values = best.reshape(counts).tolist()
    x0, y0, z0 = low.tolist()
    last = [int(count) - 2 for count in counts]
    # A surface that is meshed anew fades into the wall below the cut, and leaves no ledge.
    ledge = None if isinstance(stem, SheetStem) else _ledge(canal, stem, sizes)

    def size(x: float, y: float, z: float) -> float:
        u, v, w = (x - x0) / _PITCH, (y - y0) / _PITCH, (z - z0) / _PITCH
        i = min(max(int(u), 0), last[0])
        j = min(max(int(v), 0), last[1])
        k = min(max(int(w), 0), last[2])
        a, b, c = (min(max(share, 0.0), 1.0) for share in (u - i, v - j, w - k))
        near, far = values[i], values[i + 1]
        found = 0.0
        for row, weight in ((near[j], (1 - a) * (1 - b)), (near[j + 1], (1 - a) * b),
                            (far[j], a * (1 - b)), (far[j + 1], a * b)):  # fmt: skip
            found += weight * ((1 - c) * row[k] + c * row[k + 1])
        return found if ledge is None else min(found, ledge(x, y, z))

    return size


def _box(bone: Bone, stem: CadStem) -> tuple[FloatArray, FloatArray]:
    """Corners of the box about both bodies."""
    levels = np.linspace(0.0, bone.length, 50)
    axes, centre, points = bone.outer_semi_axes(levels), bone.centre(levels), stem.surface.points
    left = bone.centre_left(levels)
    low = np.array([float((centre - axes[:, 0]).min()), float((left - axes[:, 1]).min()), 0.0])
    high = np.array([float((centre + axes[:, 0]).max()), float((left + axes[:, 1]).max()), bone.length])
    return np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))


def _curved(stem: CadStem, sizes: MeshSizes) -> list[tuple[float, FloatArray]]:
    """Caps on faces that turn within less than an element."""
    surface = stem.surface
    asked = _PER_RADIUS / np.maximum(surface.curvature, 1e-9) / sizes.interface
    steps = np.searchsorted(_STEPS, np.maximum(asked, _STEPS[0] * (1 + 1e-9))) - 1
    return [
        (float(share) * sizes.interface, surface.points[steps == step])
        for step, share in enumerate(_STEPS[:-1])
        if (steps == step).any()
    ]


def _ledge(canal: Canal, stem: CadStem, sizes: MeshSizes) -> SizeField | None:
    """Cap on the narrow face that taking the bone out of the stem leaves at the cut; None without one.

    It follows the stem's outline on a grid of its own, finer than the face's elements.
    """
    if stem.distal_level > -1e-6:
        return None
    rim = stem.rim(0.0)
    depth = canal.outside(rim)
    rim, depth = rim[depth > TOUCHES], depth[depth > TOUCHES]
    if not len(rim):
        return None
    cap = math.sqrt(_PER_WIDTH * stem.diameter / 2 * float(depth.max()))
    cap = max(cap, _NARROWEST * sizes.interface)
    if cap >= sizes.interface:
        return None
    pitch = cap / 4
    low, high = rim[:, :2].min(axis=0) - 4.0, rim[:, :2].max(axis=0) + 4.0
    axes = [np.arange(start, end + pitch, pitch) for start, end in zip(low, high, strict=True)]
    at = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    off = cKDTree(rim[:, :2]).query(at.reshape(-1, 2))[0].reshape(at.shape[:2]).tolist()
    x0, y0 = low.tolist()
    last = len(axes[0]) - 1, len(axes[1]) - 1

    def size(x: float, y: float, z: float) -> float:
        i, j = round((x - x0) / pitch), round((y - y0) / pitch)
        if not (0 <= i <= last[0] and 0 <= j <= last[1]):
            return math.inf
        return cap + GROWTH_AWAY * math.hypot(off[i][j], z)

    return size


def name_cad_stem(points: FloatArray, tets: IntArray, canal: Canal, stem: CadStem) -> Part:
    """Make a part of the elements of a stem from a file.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)
    canal : Canal
    stem : CadStem

    Returns
    -------
    Part
    """
    facets = boundary_facets(tets)
    corners = points[facets[:, :3]]
    middle = corners.mean(axis=1)
    distal, tip = on_plane(corners, stem.distal_level), on_plane(corners, stem.length)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    top = min(stem.length, canal.bone.length)
    flank = (middle[:, 2] > 0) & (middle[:, 2] < top) & ~(distal | tip | on_plane(corners, 0.0))
    flank &= stem.faces_out(middle, normals)
    masks: dict[str, NDArray[np.bool_]] = {
        zone.name: flank & (middle[:, 2] > zone.start) & (middle[:, 2] < zone.end) for zone in stem.coatings
    }
    masks[UNCOATED] = flank & ~np.logical_or.reduce([np.zeros_like(flank), *masks.values()])
    masks |= {"distal_end": distal, "proximal_end": tip}
    masks["free"] = ~np.logical_or.reduce(list(masks.values()))
    return frozen_part("stem", points, tets, {name: facets[mask] for name, mask in masks.items()})
