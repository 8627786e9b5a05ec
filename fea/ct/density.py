"""The density of a bone from its CT numbers, and the modulus from it.

HU -> rho_QCT -> rho_ash -> rho_app is linear, and a published law gives the modulus from one of these. Beside
either wall the blur mixes bone and soft tissue, and there the number is taken from farther inside along the
ray, so that the wall's skin is no softer than the bone under it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError, direction_in_words
from geometry.scanned.imaged import Imaged
from geometry.scanned.scan import level_grid
from geometry.scanned.splined import SplinedOutline
from materials.bone import DensityChain, DensityLaw
from materials.elasticity import Isotropic
from materials.entry import Entry
from materials.material import Material

FloatArray = NDArray[np.float64]
Mean = Literal["modulus", "density"]

#: The wall's skin from which no number is taken, in voxels (geometric mean of the three spacings), unless
#: stated: where a blur of a standard deviation of 0.85 voxels leaves 0.2 % of the step at the wall.
INSET_VOXELS = 2.5
#: Places over the wall at which density is summed up: rays, and steps through the wall.
_AROUND, _THROUGH = 48, 9


@dataclass(frozen=True, eq=False)
class BoneDensity:
    """A density by place.

    Attributes
    ----------
    bone : Imaged
        The volume in the implant's frame.
    outer, canal : SplinedOutline
        The bone's walls.
    length : float, mm
        Of the bone.
    chain : DensityChain
    law : DensityLaw
        For Young's modulus.
    inset : float, mm
        How far inside the walls numbers are taken at least.
    mean : str
        What an element has the mean of: ``modulus``, or ``density``.
    content : str
        Digest of the volume.
    """

    bone: Imaged
    outer: SplinedOutline
    canal: SplinedOutline
    length: float
    chain: DensityChain
    law: DensityLaw
    inset: float
    mean: Mean = "modulus"
    content: str = ""

    def __repr__(self) -> str:
        """Say the content, as digests need it."""
        place = hashlib.sha256(self.bone.turn.tobytes() + self.bone.origin.tobytes()).hexdigest()
        parts = (self.outer, self.canal, self.chain, self.law, self.inset, self.mean, self.content, place)
        return f"BoneDensity{parts}"

    def hounsfield_at(self, points: FloatArray) -> FloatArray:
        """Return CT numbers, the walls' skin left out.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            In space, the cut at z = 0.

        Returns
        -------
        ndarray, shape (n,), HU
        """
        straight = self.bone.axis.straighten(points)
        angle, level = np.arctan2(straight[:, 1], straight[:, 0]), straight[:, 2]
        low = self.canal.radius(angle, level) + self.inset
        high = self.outer.radius(angle, level) - self.inset
        middle = (low + high) / 2
        low, high = np.minimum(low, middle), np.maximum(high, middle)  # a thin wall: from its middle
        away = np.clip(np.hypot(straight[:, 0], straight[:, 1]), low, high)
        inside = np.column_stack([away * np.cos(angle), away * np.sin(angle), level])
        return self.bone.found.volume.sample(self.bone.in_file(inside))

    def of_law(self, hounsfield: FloatArray) -> FloatArray:
        """Return the density that the law takes, g/cm3, bound to where the law holds."""
        found = self.chain.from_hounsfield(hounsfield, self.law.density)
        return np.clip(found, self.law.low, self.law.high)

    def law_density_at(self, points: FloatArray) -> FloatArray:
        """Return the law's kind of density at points, shape (n,), g/cm3."""
        return self.of_law(self.hounsfield_at(points))

    def apparent_at(self, points: FloatArray) -> FloatArray:
        """Return the apparent density at points, shape (n,), g/cm3."""
        return self.chain.from_hounsfield(self.hounsfield_at(points), "apparent")

    def modulus_at(self, points: FloatArray) -> FloatArray:
        """Return Young's modulus at points, shape (n,), MPa."""
        return self.law(self.law_density_at(points))

    @cached_property
    def summary(self) -> Summary:
        """Density and modulus over the whole wall."""
        angles, levels = np.linspace(-np.pi, np.pi, _AROUND, endpoint=False), level_grid(self.length)
        angle, level = (grid.ravel() for grid in np.meshgrid(angles, levels, indexing="ij"))
        low, high = self.canal.radius(angle, level), self.outer.radius(angle, level)
        share = (np.arange(_THROUGH) + 0.5) / _THROUGH
        away = low[:, None] + share * (high - low)[:, None]
        weight = (away * (high - low)[:, None]).ravel()
        angle, level = np.repeat(angle, _THROUGH), np.repeat(level, _THROUGH)
        flat = away.ravel()
        straight = np.column_stack([flat * np.cos(angle), flat * np.sin(angle), level])
        hounsfield = self.hounsfield_at(self.bone.axis.bend(straight))
        self._require_positive(hounsfield, straight)
        kind = self.chain.from_hounsfield(hounsfield, self.law.density)
        apparent = self.chain.from_hounsfield(hounsfield, "apparent")
        modulus = self.law(np.clip(kind, self.law.low, self.law.high))
        weight = weight / weight.sum()
        return Summary(
            (float(apparent.min()), float(weight @ apparent), float(apparent.max())),
            (float(modulus.min()), float(weight @ modulus), float(modulus.max())),
            float(weight @ (kind < self.law.low)),
            float(weight @ (kind > self.law.high)),
        )

    def _require_positive(self, hounsfield: FloatArray, straight: FloatArray) -> None:
        """Refuse a calibration by which bone weighs nothing or less."""
        qct = self.chain.from_hounsfield(hounsfield, "qct")
        worst = int(np.argmin(qct))
        if qct[worst] <= 0.0:
            x, y, z = straight[worst].tolist()
            away = float(np.hypot(x, y))
            raise GeometryError(
                f"The calibration gives {qct[worst]:.3f} g/cm3 to {hounsfield[worst]:.0f} HU in the"
                f" bone's wall at z = {z:.0f} mm ({direction_in_words(x / away, y / away)}), and a density is"
                " above 0: correct offset_g_cm3 and slope_g_cm3_per_HU."
            )


@dataclass(frozen=True)
class Summary:
    """A bone's density and modulus.

    Attributes
    ----------
    apparent : tuple of 3 floats, g/cm3
        Least, mean and largest in the wall.
    modulus : tuple of 3 floats, MPa
        The same, after densities were bound to the law's range.
    below, above : float
        Shares of the wall where the density was raised to the law's range, or lowered to it.
    """

    apparent: tuple[float, float, float]
    modulus: tuple[float, float, float]
    below: float
    above: float


@dataclass(frozen=True)
class ImagedMaterial(Material):
    """Bone whose modulus is by place; `elasticity` has the mean one.

    Attributes
    ----------
    by_place : BoneDensity
    calibration : mapping of str to Entry
        Constants of the chain with their origin.
    """

    by_place: BoneDensity = field(kw_only=True, hash=False)
    calibration: dict[str, Entry] = field(kw_only=True, hash=False, default_factory=dict)

    @property
    def mechanics(self) -> object:
        """See `Material.mechanics`."""
        return repr(self.by_place), self.elasticity

    def scaled(self, factor: float) -> ImagedMaterial:
        """Return the bone with its modulus times a factor everywhere."""
        law = self.by_place.law
        law = replace(law, coefficient=factor * law.coefficient, offset=factor * law.offset)
        field = replace(self.by_place, law=law)
        return replace(self, elasticity=self.elasticity.scaled(factor), by_place=field)

    @property
    def unit_stiffness(self) -> FloatArray:
        """Stiffness of a modulus of 1 MPa, ndarray, shape (6, 6)."""
        assert isinstance(self.elasticity, Isotropic)
        return Isotropic(1.0, self.elasticity.poisson_ratio).stiffness()
