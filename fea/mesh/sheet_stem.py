"""Stem and bone where the stem comes from a triangulated surface: OCC's kernel knows the bone alone."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh

from fea.mesh.bodies import Elements, sound
from fea.mesh.caps import SizeField
from fea.mesh.cores import own_model
from fea.mesh.filling import fill, straight
from fea.mesh.generate import Volumes, body
from fea.mesh.layered import StemElements
from fea.mesh.revolve import DimTag
from fea.mesh.sheet_pieces import cut_to_pieces
from fea.mesh.sheet_places import Targets, placed
from fea.mesh.sheet_remesh import lines_of, remesh
from fea.mesh.sizes import MeshSizes
from geometry.canal import Canal
from geometry.sheet_stem import SheetStem


@dataclass(frozen=True, eq=False)
class SheetRecipe:
    """How both bodies get their elements.

    Attributes
    ----------
    canal : Canal
    stem : SheetStem
    sizes : MeshSizes
    layers
        None grow.
    """

    canal: Canal
    stem: SheetStem
    sizes: MeshSizes
    layers: tuple[()] = ()

    @property
    def mended(self) -> bool:
        """Whether elements are mended here."""
        return True

    def left_to_gmsh(self, volumes: Volumes) -> tuple[DimTag, ...]:
        """List the solids that gmsh fills with elements."""
        return volumes[1]

    def stem_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> StemElements:
        """Mesh the stem's surface anew and fill it; parameters as ``fea.mesh.bodies.Recipe`` has them."""
        stem, bone = self.stem, self.canal.bone
        limits = {0.0, bone.length, *(level for zone in stem.coatings for level in (zone.start, zone.end))}
        levels = sorted(z for z in limits if stem.distal_level + 1e-3 < z < stem.length - 1e-3)
        pieces = cut_to_pieces(stem.sheet, levels, self.sizes.interface)
        lines = lines_of(pieces)
        with own_model("surface"):
            made = remesh(pieces, lines, size, int(gmsh.option.getNumber("Mesh.Algorithm")))
        surface = placed(made, pieces, lines, Targets(stem.sheet, levels, self.canal))
        filled = fill(surface, (), straight, size, algorithm)
        return StemElements(*sound(filled.points, filled.tets), {})

    def bone_elements(
        self, volumes: Volumes, size: SizeField, algorithm: int, grid: float | None = None
    ) -> Elements:
        """Take the bone's elements out of gmsh; parameters as `stem_elements`."""
        return sound(*body(volumes[1], grid))
