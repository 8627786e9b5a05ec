"""A stem from a CAD file: any closed shape, seated in the bone, with the same zones as others.

It answers what the rest asks of a stem: how long it is, where its zones lie, where its distal end
is, how far it reaches from the axis. It has no profile: what needs one does not take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from geometry.coating import Coating, require_coatings
from geometry.curved import CurvedSurface, FloatArray
from geometry.errors import GeometryError
from geometry.stem import Stem
from geometry.zones import COATED

#: Largest share of the axis in a normal of the flank: beyond it the tip's rounding begins.
_FLANK = float(np.sin(np.radians(10.0)))
#: How far a face may lie off the level of an end, mm.
OFF_PLANE = 1e-6


@dataclass(frozen=True)
class Pose:
    """Where a shape is put: turned about x, then y, then z of space, then moved.

    Attributes
    ----------
    rotation : tuple of 3 floats, rad
    translation : tuple of 3 floats, mm
    """

    rotation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def seated(self, points: FloatArray) -> FloatArray:
        """Put points where the shape is put.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        found = np.array(points, dtype=np.float64)
        for axis, angle in enumerate(self.rotation):
            if angle:
                one, other = (axis + 1) % 3, (axis + 2) % 3
                c, s = np.cos(angle), np.sin(angle)
                turned = c * found[:, one] - s * found[:, other], s * found[:, one] + c * found[:, other]
                found[:, one], found[:, other] = turned
        return np.asarray(found + np.array(self.translation))


@dataclass(frozen=True)
class CadStem(Stem):
    """A stem from a CAD file.

    Of the attributes of `Stem` it has `diameter` (of the smallest circle about the axis that holds
    it above the cut), `length`, `protrusion` and `coatings`; the others stand at their defaults.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    digest : str
        Hexadecimal digest of its content.
    pose : Pose
    content : bytes
        The file.
    surface : CurvedSurface
        Of the shape where it is seated.

    Raises
    ------
    GeometryError
        When a coating does not lie on the stem, has a thickness, or coatings overlap.
    """

    file: str = field(kw_only=True)
    digest: str = field(kw_only=True)
    pose: Pose = field(kw_only=True)
    content: bytes = field(kw_only=True, repr=False, compare=False)
    surface: CurvedSurface = field(kw_only=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "coatings", tuple(sorted(self.coatings, key=lambda zone: zone.start)))
        for zone in self.coatings:
            if zone.thickness is not None:
                raise GeometryError(
                    f"The coating '{zone.name}' cannot have a thickness on a stem from a file: leave it out."
                )
        require_coatings(self.coatings, self.length)

    @property
    def profile(self) -> NoReturn:
        """A stem from a file has none.

        Raises
        ------
        GeometryError
            Always.
        """
        raise GeometryError("A stem from a file has no profile: this is not modelled for it.")

    @staticmethod
    def faces_out(points: FloatArray, normals: FloatArray) -> NDArray[np.bool_]:
        """Tell which points of the surface face away from the axis, as those of a bore do not.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
        normals : ndarray, shape (n, 3)

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return np.asarray(np.einsum("nd,nd->n", points[:, :2], normals[:, :2]) > 0)

    @cached_property
    def flank_end(self) -> float:
        """Level at which the flank ends and the tip begins, mm: above it every face leans by 10 degrees."""
        normals, middles = self.surface.normals, self.surface.middles
        flank = (np.abs(normals[:, 2]) <= _FLANK) & (middles[:, 2] > 0) & self.faces_out(middles, normals)
        if not flank.any():
            return self.length
        return float(self.surface.points[self.surface.triangles[flank], 2].max())

    def rim(self, level: float) -> FloatArray:
        """Cut the surface at a level, or just inside an end face there.

        Parameters
        ----------
        level : float, mm

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        inside = min(max(level, self.distal_level + 1e-3), self.length - 1e-3)
        return self.surface.section(inside)

    def stated(self) -> dict[str, Any]:
        """Return the stem's values by name, nested as its parts are."""
        found = {name: getattr(self, name) for name in ("file", "digest", "diameter", "length", "protrusion")}
        turned = dict(zip(("about_x", "about_y", "about_z"), self.pose.rotation, strict=True))
        moved = dict(zip("xyz", self.pose.translation, strict=True))
        found["pose"] = {"rotation": turned, "translation": moved}
        zones = [
            {"start": zone.start, "end": zone.end} | ({} if zone.name == COATED else {"name": zone.name})
            for zone in self.coatings
        ]
        return found | {"coating": tuple(zones) if len(zones) > 1 else next(iter(zones), None)}


def cad_stem(
    file: str,
    digest: str,
    content: bytes,
    pose: Pose,
    surface: CurvedSurface,
    coatings: Sequence[Coating] = (),
) -> CadStem:
    """Make a stem of a surface.

    Parameters
    ----------
    file, digest : str
    content : bytes
    pose : Pose
    surface : CurvedSurface
    coatings : sequence of Coating

    Raises
    ------
    GeometryError
        When the shape does not reach the cut, no part of it stands above the cut, it has no flat end
        face at its lowest level, or its coatings do not lie on it.
    """
    levels = surface.points[:, 2]
    # The kernel's last bits are no part of a size.
    low, high = round(float(levels.min()), 9), round(float(levels.max()), 9)
    if high <= OFF_PLANE:
        raise GeometryError(
            f"The stem in {file} reaches from z = {low:.4g} to {high:.4g} mm, all on the distal side of the"
            " cut: seat it with pose.translation_mm, the cut is z = 0 and z points towards the hip."
        )
    if low > OFF_PLANE:
        raise GeometryError(
            f"The stem in {file} begins at z = {low:.4g} mm, above the cut, where nothing can load it: seat"
            " it with pose.translation_mm so that its distal end stands at z = 0 or below."
        )
    low = 0.0 if abs(low) <= OFF_PLANE else low
    if not (np.abs(surface.points[surface.triangles, 2] - low) <= OFF_PLANE).all(axis=1).any():
        raise GeometryError(
            f"The stem in {file} has no flat face at its lowest level, z = {low:.4g} mm, at which the load"
            " would act: cut its distal end square to z, or turn it with pose.rotation_deg."
        )
    above = surface.points[levels >= -OFF_PLANE]
    widest = round(2 * float(np.hypot(above[:, 0], above[:, 1]).max()), 9)
    return CadStem(
        widest, high, -low, coatings=tuple(coatings),
        file=file, digest=digest, pose=pose, content=content, surface=surface,
    )  # fmt: skip
