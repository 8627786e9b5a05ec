"""From shapes to a mesh: solids, their surfaces, their volumes, curved and gated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import gmsh

from fea.cad.session import session, warnings
from fea.errors import MeshError
from fea.mesh.abutment import abutment_solid
from fea.mesh.bodies import Recipe, recipe_for
from fea.mesh.cad import CadRecipe, cad_field, cad_solids, name_cad_stem
from fea.mesh.caps import SizeField, capped, capped_at_edges
from fea.mesh.estimate import require_few
from fea.mesh.generate import OPTIMISED_GRID, Volumes, generate
from fea.mesh.grooves import loft_seam_of, seam_of, spline_path, spline_solids
from fea.mesh.layers import Layer, layers_of
from fea.mesh.naming import bent, name_bone, name_stem
from fea.mesh.parts import Mesh
from fea.mesh.pin_holes import pin_solids
from fea.mesh.quality import gamma, measure
from fea.mesh.revolve import SEAM, DimTag
from fea.mesh.screws import screw_solid
from fea.mesh.shapes import bone_solid, shell_and_core, stem_solid
from fea.mesh.sheet_stem import SheetRecipe
from fea.mesh.sizes import MeshSizes, interface_ends, size_field
from fea.mesh.store import digest_of
from fea.mesh.threaded import hold_circles
from fea.mesh.whole import whole_recipe
from geometry.bone import Bone
from geometry.cad_seat import cad_seat
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.engagement import Engagement, engage
from geometry.reaming import Reaming
from geometry.scanned.whole import Whole
from geometry.screw_seat import hole
from geometry.sheet_stem import SheetStem
from geometry.stem import Stem
from geometry.wall import check_wall

#: Least scaled Jacobian with which a mesh is taken without a further attempt.
GOOD_JACOBIAN = 0.1

#: Least ratio of inscribed to circumscribed radius of a layer's elements, 1 for the regular one: some
#: thirty times as wide as high.
LEAST_LAYER_GAMMA = 0.02

#: gmsh's surface and volume algorithms, in the order in which they are tried.
_ATTEMPTS = ((6, 1), (6, 10), (5, 1), (5, 10))


def build_mesh(
    bone: Bone, reaming: Reaming | None, stem: Stem, sizes: MeshSizes, *, conforming: bool = True
) -> Mesh:
    """Mesh stem and bone with curved 10-node tetrahedra.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
        None where the natural canal is left as it is.
    stem : Stem
    sizes : MeshSizes
    conforming
        False to mesh the bodies apart even where their surfaces coincide, with the
        bone's facets turned against the stem's.

    Returns
    -------
    Mesh

    Raises
    ------
    GeometryError
        When the shapes do not go together.
    MeshError
        When no mesh without inverted elements was found, or a coating's layer is too thin for the
        size of its elements.
    """
    canal = Canal(bone, reaming)
    check_wall(canal)
    if isinstance(stem, CadStem):
        return _build_from_file(canal, stem, sizes, conforming=conforming)
    engagement = engage(canal, stem)
    meshed = replace(canal, reaming=engagement.reaming)
    digest = digest_of(bone, reaming, stem, sizes, conforming=conforming)
    whole = isinstance(bone.outline, Whole)
    recipe = (whole_recipe if whole else recipe_for)(stem, bone, engagement, sizes)
    field = size_field(bone, stem, engagement.blank, sizes)
    if stem.grooves or stem.slot or stem.lag_screw or stem.anchor:
        require_few(field, meshed, stem)

    def take(volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None) -> Mesh:
        made = recipe.stem_elements(volumes, size, algorithm, grid)
        stem_part = name_stem(made.points, made.tets, meshed, stem, engagement.blank, made.regions)
        bone_part = name_bone(*recipe.bone_elements(volumes, size, algorithm, grid), meshed, stem)
        stem_part, bone_part = (bent(part, stem.axis) for part in (stem_part, bone_part))
        quality = measure(stem_part, bone_part)
        return Mesh(stem_part, bone_part, quality, digest, stem.zones, stem.axis)

    with session():
        volumes = _solids(meshed, stem, engagement, sizes, conforming=conforming)
        if recipe.threading:
            hold_circles(recipe.threading)
        size = capped(field, meshed, stem, engagement.blank, sizes)
        return _accepted(*_best(volumes, recipe, size, take), recipe.layers)


def _build_from_file(canal: Canal, stem: CadStem, sizes: MeshSizes, *, conforming: bool) -> Mesh:
    """Mesh a stem from a file and its bone."""
    seat = cad_seat(canal, stem)
    recipe = SheetRecipe(canal, stem, sizes) if isinstance(stem, SheetStem) else CadRecipe()
    digest = digest_of(canal.bone, canal.reaming, stem, sizes, conforming=conforming)

    def take(volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None) -> Mesh:
        made = recipe.stem_elements(volumes, size, algorithm, grid)
        stem_part = name_cad_stem(made.points, made.tets, canal, stem)
        bone_part = name_bone(*recipe.bone_elements(volumes, size, algorithm, grid), canal, stem)
        return Mesh(stem_part, bone_part, measure(stem_part, bone_part), digest, stem.zones, stem.axis)

    with session():
        try:
            if isinstance(stem, SheetStem):
                volumes: Volumes = ((), (bone_solid(canal),))
                gmsh.model.occ.synchronize()
            else:
                volumes = cad_solids(canal, stem, clipped=seat.clipped, conforming=conforming)
        except Exception as error:  # gmsh raises nothing narrower
            raise MeshError(f"gmsh could not build the solids of stem and bone: {error}") from error
        size = capped_at_edges(cad_field(canal, stem, sizes), sizes)
        return _accepted(*_best(volumes, recipe, size, take), ())


def _best(
    volumes: Volumes, recipe: Recipe | CadRecipe | SheetRecipe, size: SizeField, take: Callable[..., Mesh]
) -> tuple[Mesh | None, list[str]]:
    """Try gmsh's algorithms until a mesh is good; the best one and what gmsh complained of."""
    best: Mesh | None = None
    complaints: list[str] = []
    for surface, volume in _ATTEMPTS:
        try:
            generate(recipe.left_to_gmsh(volumes), size, surface, volume)
            mesh = take(volumes, size, volume)
            last_resort = isinstance(recipe, Recipe) and recipe.splined and mesh.quality.inverted > 0
            poor = mesh.quality.least_scaled_jacobian < GOOD_JACOBIAN
            if last_resort or (poor and not recipe.mended):
                gmsh.model.mesh.optimize("HighOrder")
                mesh = take(volumes, size, volume, OPTIMISED_GRID)
        except Exception as error:  # gmsh raises nothing narrower
            complaints += [str(error), *warnings()]
            continue
        if best is None or mesh.quality.least_scaled_jacobian > best.quality.least_scaled_jacobian:
            best = mesh
        if best.quality.least_scaled_jacobian >= GOOD_JACOBIAN:
            break
    return best, complaints


def _accepted(mesh: Mesh | None, complaints: list[str], layers: tuple[Layer, ...]) -> Mesh:
    """Let a mesh without inverted elements through."""
    if mesh is None:
        raise MeshError(
            "gmsh could not mesh the stem and the bone at this size: change the mesh's interface"
            " size, finer first.",
            {"gmsh": complaints},
        )
    quality = mesh.quality
    if quality.inverted:
        x, y, z = quality.worst_place
        raise MeshError(
            f"{quality.inverted} elements of the mesh are inverted, the worst at x = {x:.1f},"
            f" y = {y:.1f}, z = {z:.1f} mm: choose a finer interface size, or a finer far size"
            " where that place is away from the interface.",
            {"least_scaled_jacobian": quality.least_scaled_jacobian, "place": quality.worst_place},
        )
    for layer in layers:
        least = float(gamma(mesh.stem.points, mesh.stem.tets[mesh.stem.regions[layer.name]]).min())
        if least < LEAST_LAYER_GAMMA:
            raise MeshError(
                f"The coating's layer of {layer.depth:.4g} mm is too thin for elements of this size, which"
                f" would be flat (radius ratio {least:.2g}, at least {LEAST_LAYER_GAMMA:g}): choose a finer"
                f" interface size, or leave the coating's thickness out.",
                {"least_gamma": least},
            )
    return mesh


def _solids(
    canal: Canal, stem: Stem, engagement: Engagement, sizes: MeshSizes, *, conforming: bool
) -> Volumes:
    """Build stem and bone, touching but never overlapping."""
    try:
        return _joined(canal, stem, engagement, sizes, conforming=conforming)
    except Exception as error:  # gmsh raises nothing narrower
        raise MeshError(f"gmsh could not build the solids of stem and bone: {error}") from error


def _joined(
    canal: Canal, stem: Stem, engagement: Engagement, sizes: MeshSizes, *, conforming: bool
) -> Volumes:
    occ = gmsh.model.occ
    turn = seam_of(stem, canal.bone) - SEAM
    thread = stem.thread
    # Stem and bone have the net of a thread in common, whose seam is that of both.
    apart = not conforming and thread is None
    turn += 0.5 * sizes.interface / engagement.blank.radius if apart else 0.0
    bone_tag = bone_solid(canal, turn, (thread.start, thread.end) if thread else (), loft_seam_of(stem))
    marks = {*interface_ends(canal.bone, stem)}
    marks |= {level for layer in layers_of(stem, sizes) for level in (layer.start, layer.end)}
    stem_tag = stem_solid(stem, engagement.blank, sorted(marks), canal.bone)
    if engagement.clipped:
        (stem_tag,) = occ.cut([stem_tag], [bone_tag], removeTool=False)[0]
    if stem.spline_bars is not None:
        (bone_tag,) = occ.cut([bone_tag], spline_path(stem.spline_bars))[0]
        (stem_tag,) = occ.fuse([stem_tag], spline_solids(stem.spline_bars))[0]
    if stem.anchor is not None:
        (bone_tag,) = occ.cut([bone_tag], pin_solids(stem.anchor, canal.bone))[0]
    if stem.lag_screw is not None:
        (bone_tag,) = occ.cut([bone_tag], [screw_solid(hole(stem.lag_screw, canal, stem))])[0]
        (stem_tag,) = occ.fuse([stem_tag], [screw_solid(stem.lag_screw)])[0]
    stem_tags, bone_tags = [stem_tag], [bone_tag]
    if canal.bone.core is not None and not isinstance(canal.bone.outline, Whole):
        bone_tags = shell_and_core(bone_tag, canal.bone)
    if stem.abutment is not None:
        _, children = occ.fragment(stem_tags, [abutment_solid(stem, engagement.blank)])
        stem_tags = _single(children)
    if conforming:
        _, children = occ.fragment(stem_tags, bone_tags)
        whole = _single(children)
        stem_tags, bone_tags = whole[: len(stem_tags)], whole[len(stem_tags) :]
    occ.synchronize()
    return tuple(stem_tags), tuple(bone_tags)


def _single(children: Sequence[Sequence[DimTag]]) -> list[DimTag]:
    """Return the one solid that is left of each that was given."""
    if any(len(child) != 1 for child in children):
        raise ValueError("they could not be cut apart into one solid each")
    return [child[0] for child in children]
