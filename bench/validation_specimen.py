"""A specimen of the validation: a round stem in a round bone, meshed and factored by the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.sizes import MeshSizes
from fea.model.build import Model, build_model, element_materials
from fea.model.walk import Plan, Track, walk_history
from fea.solve.backends import choose_backend
from geometry.bone import Bone
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.station import Station
from geometry.stem import Stem
from materials.elasticity import Elasticity
from materials.material import Material

FloatArray = NDArray[np.float64]

HELD_FAR = {"bone_proximal": "clamped", "bone_distal": "free"}
HELD_AT_MOUTH = {"bone_proximal": "free", "bone_distal": "symmetric"}


@dataclass(frozen=True)
class Specimen:
    """Lengths in mm; the stem is flush with the cut but for its protrusion."""

    outer: float
    canal: float
    bone_length: float
    stem: float
    stem_length: float
    bone_elasticity: Elasticity
    stem_elasticity: Elasticity
    protrusion: float = 0.0
    size: float = 4.0
    supports: Mapping[str, str] = field(default_factory=lambda: dict(HELD_FAR))

    @property
    def shapes(self) -> tuple[Bone, Reaming | None, Stem]:
        """Bone, reamer and stem; no reamer where the stem fills the natural canal."""
        bone = Bone(self.bone_length, (Station(0.0, *[self.outer / 2] * 2, *[self.canal / 2] * 2),))
        reaming = Reaming(self.stem, self.stem_length + 10.0, 0.0) if self.canal < self.stem else None
        return bone, reaming, Stem(self.stem, self.stem_length, protrusion=self.protrusion)

    def mesh(self) -> Mesh:
        """Curved tetrahedra."""
        return build_mesh(*self.shapes, MeshSizes(self.size, 1.5 * self.size, self.size))

    def model(self, mesh: Mesh) -> Model:
        """Both bodies held, factored and paired; without interference."""
        laws = ((mesh.stem, self.stem_elasticity, "metal"), (mesh.bone, self.bone_elasticity, "bone"))
        stem, bone = (
            element_materials(part, Material.inline(part.name, law, kind), None) for part, law, kind in laws
        )
        free = {"stem_distal": "free", "stem_proximal": "free"}
        fit = Fit(*self.shapes, {"uncoated": ZoneFit(0.0, 0.0)})
        return build_model(
            mesh, (stem, bone), {**free, **self.supports}, fit.gap,
            resists_sliding=True, reference_point=(0.0, 0.0, -self.protrusion), backend=choose_backend(),
        )  # fmt: skip


def walk(
    model: Model, diametral_interference_um: float, friction: float, wrenches: FloatArray, cut_backs: int = 8
) -> Track:
    """Seat the stem, then apply one wrench after the other.

    A uniform interference takes the same from the weak gap at every vertex.
    """
    gap = model.operators.gap - 0.5e-3 * diametral_interference_um
    percent = 100.0 * np.arange(len(wrenches)) / len(wrenches)
    return walk_history(
        model, model.problem(gap, {"uncoated": friction}), Plan(percent, wrenches, 1, 2, cut_backs)
    )
