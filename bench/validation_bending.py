"""Four-point bending of an implanted bone: a pure moment over a span, stem and bone in frictional contact.

Two ways in which a rig can bring the moment in are both solved on one factorisation: through the
stem where it leaves the bone, and through the bone's cut face, with the stem carried along inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc, spearmanr
from validation_closed_forms import composite_rigidity, rigidity_in_series
from validation_inputs import BENDING, Bone, Range
from validation_reading import flexural_rigidity, section_rotation
from validation_specimen import Specimen, walk

from fea.contact.history import Point
from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Mesh
from fea.model.build import Model
from fea.model.recover import displacements
from materials.elasticity import Isotropic

FloatArray = NDArray[np.float64]

#: Bone beyond the longest stem and span, so that the clamped end does not show, mm.
BEYOND = 30.0
#: Stem distal of the cut, on whose end the moment acts in one of the two ways, mm.
PROTRUSION = 10.0
#: Parts of the moment, one after the other.
STEPS = (0.25, 0.5, 0.75, 1.0)
#: Edge length of the elements, mm.
SIZE = 4.0
#: From N mm^2 to N m^2.
N_M2 = 1e-6
SEED = 2013


@dataclass(frozen=True, eq=False)
class BoneLoaded(Model):
    """The same bodies with the wrench on the bone's cut face instead of the stem's end."""

    @cached_property
    def cut_loads(self) -> FloatArray:
        """Nodal forces on the bone of unit wrenches about the middle of the cut, shape (3 n, 6)."""
        part = self.bone.part
        return end_face_loads(part.points, part.facets["cut"], np.zeros(3))

    @cached_property
    def free_loads(self) -> FloatArray:
        """The same on the solver's unknowns, the bone's first."""
        return np.vstack([self.cut_loads[self.bone.free], np.zeros((len(self.stem.free), 6))])

    def _thrust(self) -> FloatArray:
        bone = self.bone.motions.T @ (self.bone.rigid.T @ self.cut_loads)
        return np.vstack([bone, np.zeros((self.stem.motions.shape[1], 6))])


def bone_loaded(model: Model) -> BoneLoaded:
    """Take over a factored model."""
    names = ("mesh", "operators", "bone", "stem", "solver", "loads", "basis", "loose")
    return BoneLoaded(**{name: getattr(model, name) for name in names})


@dataclass(frozen=True)
class Rigidity:
    """Of one sample, N m^2.

    Attributes
    ----------
    through_stem, through_bone
        At the whole moment, by how it enters; NaN where there was no equilibrium.
    first_stem, first_bone
        The same at the first of `STEPS`.
    composite, bone_alone
        In closed form: stem and bone with one curvature, and the reamed bone by itself.
    """

    through_stem: float
    through_bone: float
    first_stem: float
    first_bone: float
    composite: float
    bone_alone: float


def samples(bone: Bone, count: int) -> list[dict[str, float]]:
    """Latin hypercube of low discrepancy over the ranges, by key; one for both bones but for the modulus."""
    ranges = (*BENDING, bone.modulus)
    drawn = qmc.LatinHypercube(len(ranges), optimization="random-cd", rng=np.random.default_rng(SEED))
    unit = drawn.random(count)
    return [{r.key: r.at(u) for r, u in zip(ranges, row, strict=True)} for row in unit]


def specimen_of(inputs: Mapping[str, float], bone: Bone, size: float = SIZE) -> Specimen:
    """One sample as a specimen; the natural canal is never wider than the stem."""
    return Specimen(
        outer=inputs["outer"],
        canal=min(inputs["outer"] - 2 * inputs["wall"], inputs["stem"]),
        bone_length=160.0 + BEYOND,
        stem=inputs["stem"],
        stem_length=inputs["length"],
        bone_elasticity=bone.elasticity(inputs["modulus"]),
        stem_elasticity=Isotropic(inputs["stem_modulus"], 0.3),
        protrusion=PROTRUSION,
        size=size,
    )


def closed_forms(inputs: Mapping[str, float], specimen: Specimen) -> tuple[float, float]:
    """Composite beam, and bone alone, over the span, N m^2."""
    implanted = min(inputs["span"], specimen.stem_length)
    bone = composite_rigidity([(inputs["modulus"], specimen.outer, specimen.stem)])
    above = composite_rigidity([(inputs["modulus"], specimen.outer, specimen.canal)])
    both = bone + composite_rigidity([(inputs["stem_modulus"], specimen.stem, 0.0)])
    rest = (inputs["span"] - implanted, above)
    composite, alone = (N_M2 * rigidity_in_series([(implanted, low), rest]) for low in (both, bone))
    return composite, alone


def solve(inputs: Mapping[str, float], bone: Bone, mesh: Mesh, size: float = SIZE) -> Rigidity:
    """Bend one sample both ways."""
    specimen = specimen_of(inputs, bone, size)
    model = specimen.model(mesh)
    wrenches = np.zeros((len(STEPS), 6))
    wrenches[:, 4] = np.array(STEPS) * bone.moment
    found = []
    for loaded in (model, bone_loaded(model)):
        track = walk(loaded, inputs["interference"], inputs["friction"], wrenches)
        cycle = track.cycles[0] if track.cycles else ()
        if len(cycle) < len(STEPS):
            found.append((np.nan, np.nan))
        else:
            found.append(_read(loaded, (track.seated, cycle[0], cycle[-1]), inputs["span"], size))
    (first_stem, stem), (first_bone, through_bone) = found
    return Rigidity(stem, through_bone, first_stem, first_bone, *closed_forms(inputs, specimen))


def _read(model: Model, points: Sequence[Point], span: float, size: float) -> tuple[float, float]:
    """Rigidity at two loads, N m^2; what the press-fit moved is taken off."""
    stem, bone = (np.asarray(field) for field in displacements(model, points))
    upper = model.bone.part, bone
    lower = upper if isinstance(model, BoneLoaded) else (model.stem.part, stem)
    found = []
    for column, point in enumerate(points[1:], start=1):
        turned = [
            section_rotation(part.points, (field[:, column] - field[:, 0]).reshape(-1, 3), level, 1.5 * size)
            for (part, field), level in ((lower, 0.0), (upper, span))
        ]
        found.append(N_M2 * flexural_rigidity(float(point.wrench[4]), span, (turned[0], turned[1])))
    return found[0], found[1]


def correlations(
    inputs: Sequence[Mapping[str, float]], found: FloatArray, ranges: Sequence[Range]
) -> dict[str, float]:
    """Spearman's rank correlation of each input with a result, over the samples that have one."""
    known = np.isfinite(found)
    result = {}
    for r in ranges:
        values = np.array([row[r.key] for row in inputs])
        result[r.key] = float(spearmanr(values[known], found[known]).statistic)
    return result


def effects(
    inputs: Sequence[Mapping[str, float]], found: FloatArray, ranges: Sequence[Range]
) -> tuple[dict[str, float], float]:
    """Relative change of a result as one input crosses its range.

    Least squares of the result's logarithm, linear in the inputs' positions in their ranges.

    Returns
    -------
    change : dict of key to float
    unexplained : float
        Root mean square of what is left, as a share of the result; with the numbers fitted taken off.
    """
    known = np.isfinite(found)
    places = np.array([[r.position(row[r.key]) for r in ranges] for row in inputs])[known]
    rows = np.column_stack([np.ones(len(places)), places])
    logarithm = np.log(found[known])
    slopes, *_ = np.linalg.lstsq(rows, logarithm, rcond=None)
    left = logarithm - rows @ slopes
    free = max(len(left) - len(slopes), 1)
    change = np.expm1(slopes[1:])
    return {r.key: float(one) for r, one in zip(ranges, change, strict=True)}, float(
        np.sqrt(left @ left / free)
    )
