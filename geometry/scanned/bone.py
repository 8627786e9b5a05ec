"""A residual bone from a triangulated surface: outline, canal, and how it was found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geometry.bone import Bone
from geometry.core import Core
from geometry.errors import GeometryError, direction_in_words
from geometry.outline import FloatArray
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.imaged import Imaged, Levels
from geometry.scanned.scan import CANAL_SPLINES, RAYS, Scan, level_grid
from geometry.scanned.shaft import Shaft
from geometry.scanned.slices import Triangles
from geometry.scanned.splined import SplinedOutline, fit_outline, through_points
from geometry.scanned.whole import Whole

#: The thinnest cortical shell that is taken for one, and the least canal within it, mm.
LEAST_THICKNESS, LEAST_CANAL = 0.5, 1.0
#: By how much a point may lie nearer to the surface than the shell's thickness, mm.
_CROSSED = 0.05


@dataclass(frozen=True, eq=False)
class Imaging:
    """What a CT volume adds to a bone's surface.

    Attributes
    ----------
    bone : Imaged
        The volume in the implant's frame.
    levels : Levels
        By which the walls were found.
    masked
        Whether a mask told the bone's voxels.
    pointed
        Whether a point told which piece is the bone.
    """

    bone: Imaged
    levels: Levels
    masked: bool
    pointed: bool = False


@dataclass(frozen=True, eq=False)
class Scanned:
    """A bone's surface as it was read, and what was made of it.

    Attributes
    ----------
    file : str
        Its name.
    digest : str
        Hexadecimal, of the file's content.
    mended : tuple of str
        What was changed on the surface before it was used, a clause each.
    surface : Triangles
        In the straight frame of the implant, the cut at z = 0.
    shaft : Shaft
        Where that frame lies in the file's coordinates.
    scan : Scan, or None
        The fitted outer surface and, where the file has it, the canal; of a whole bone what its canal was
        laid in, None without one.
    canal : SplinedOutline, ClosedCanal, or None
        The natural canal, from the file or by the thickness of the cortical shell; closed in a whole bone.
    imaging : Imaging, or None
        Where the bone is from a CT volume; the surface is then what rays found in it.
    flare : float
        Of a bone that may stand upside down: see `ends.distal_flare`. 0 where nothing says so.
    whole : Whole, or None
        Where the bone's outer surface is the given one itself.
    """

    file: str
    digest: str
    mended: tuple[str, ...]
    surface: Triangles
    shaft: Shaft
    scan: Scan | None
    canal: SplinedOutline | ClosedCanal | None
    imaging: Imaging | None = None
    flare: float = 0.0
    whole: Whole | None = None

    @property
    def fitted(self) -> Scan:
        """What was fitted; only of a bone that is not whole."""
        assert self.scan is not None
        return self.scan

    def bone(self, length: float, core: Core | None = None) -> Bone:
        """Return the bone from the cut to a level, mm, with a core where it is a whole one.

        A core that states no beginning begins where the natural canal begins to close: below, the canal is
        all that lies within the shell.
        """
        if self.whole is not None:
            if core is not None and core.start == -math.inf and isinstance(self.canal, ClosedCanal):
                core = Core(self.canal.start, core.end)
            return Bone(self.whole.length, (), core=core, outline=self.whole, canal_outline=self.canal)
        return Bone(length, (), outline=self.fitted.outer, canal_outline=self.canal)


def canal_by_thickness(
    outer: SplinedOutline, levels: FloatArray, thicknesses: FloatArray, length: float
) -> SplinedOutline:
    """Lay a canal within a bone, a cortical shell's thickness below its outer surface.

    Parameters
    ----------
    outer : SplinedOutline
    levels, thicknesses : ndarray, shape (k,), mm
        The shell's thickness by level, at right angles to the surface; linear between, constant beyond.
    length : float, mm

    Returns
    -------
    SplinedOutline
        Through points that far along the normals.

    Raises
    ------
    GeometryError
        When the shell leaves no canal about the axis.
    """
    angles = np.linspace(-np.pi, np.pi, RAYS, endpoint=False)
    places = level_grid(length)
    angle, level = (grid.ravel() for grid in np.meshgrid(angles, places, indexing="ij"))
    thick = np.interp(level, levels, thicknesses)
    inner = outer.places(angle, level) - thick[:, None] * _normals(outer, angle, level)
    radius, turned = np.hypot(inner[:, 0], inner[:, 1]), np.arctan2(inner[:, 1], inner[:, 0])
    astray = np.abs(np.mod(turned - angle + np.pi, 2 * np.pi) - np.pi) > np.pi / 4
    left = np.where(astray, -1.0, radius)
    worst = int(np.argmin(left))
    if left[worst] < LEAST_CANAL:
        x, y = float(np.cos(angle[worst])), float(np.sin(angle[worst]))
        away = float(outer.radius(angle[[worst]], level[[worst]])[0])
        raise GeometryError(
            f"A cortical shell of {thick[worst]:g} mm leaves no canal at z = {level[worst]:.0f} mm, where the"
            f" bone's surface ({direction_in_words(x, y)}) is {away:.1f} mm from the implant's axis:"
            " state it thinner there."
        )
    grid = radius.reshape(len(angles), len(places))
    rough = fit_outline(angles, places, grid, *CANAL_SPLINES)
    inside = (inner[:, 2] >= 0.0) & (inner[:, 2] <= length)
    # Where the surface is hollow, normals cross before they are as long as the shell is thick.
    inside[inside] = outer.depth(inner[inside], length) > thick[inside] - _CROSSED
    return through_points(rough, turned[inside], inner[inside, 2], radius[inside])


def _normals(outline: SplinedOutline, angle: FloatArray, level: FloatArray) -> FloatArray:
    """Outward unit normals, shape (n, 3)."""
    radius = outline.radius(angle, level)
    by_angle, by_level = outline.slopes(angle, level)
    cosine, sine, turn = np.cos(angle), np.sin(angle), by_angle / radius
    normal = np.stack([cosine + turn * sine, sine - turn * cosine, -by_level], axis=1)
    return np.asarray(normal / np.linalg.norm(normal, axis=1)[:, None])
