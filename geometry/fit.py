"""The fit: gap minus interference over the interface, as an exact function of position.

gap = clearance - radial interference, where the clearance is the way along the outward
normal from the stem's nominal surface to the wall of the canal, infinite over a groove that
splines have left in it; the collar has the gap that is stated for it, and splines and a lag
screw, whose shape the bone has, have none but their interference. A thread's flanks and crest
are like splines; at its root the bone ends where it was drilled. The surface that was meshed
does not enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geometry.bone import Bone
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.rays import Rays
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.zones import COLLAR, LAG_SCREW, SPLINES, THREAD

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class ZoneFit:
    """Fit and friction of one zone of the stem.

    Attributes
    ----------
    radial_interference : float, mm
        Overlap of the undeformed radii, of splines and threads that along their normal, of a
        lag screw that of its own radii; positive where pressed.
    friction
        Coulomb's coefficient.
    """

    radial_interference: float
    friction: float


@dataclass(frozen=True, eq=False)
class Fit:
    """A stem in a canal.

    Attributes
    ----------
    bone : Bone
    reaming : Reaming or None
    stem : Stem
    zones : mapping of str to ZoneFit
        By the names in ``stem.zones``.
    """

    bone: Bone
    reaming: Reaming | None
    stem: Stem
    zones: Mapping[str, ZoneFit]

    def clearance(self, points: FloatArray) -> FloatArray:
        """Measure the clearance between the nominal stem's flank and the canal.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            On the meshed flank or tip fillet: their angle about the implant's axis and
            their level along it are used, of a stem from a file the nearest point of its surface.

        Returns
        -------
        ndarray, shape (n,), mm
            Infinite where no wall is within ``geometry.canal.REACH``.
        """
        if isinstance(self.stem, CadStem):
            return Canal(self.bone, self.reaming).along(*self.stem.surface.closest(points))
        profile = self.stem.profile
        points = self.stem.axis.straighten(points)
        level = np.array(points[:, 2], dtype=np.float64)
        radial, axial = profile.normal(level)
        angle = np.arctan2(points[:, 1], points[:, 0])
        found = Canal(self.bone, self.reaming).clearance(Rays(angle, profile.at(level), level, radial, axial))
        path = self.stem.spline_path
        return found if path is None else np.where(path.outside(points) < 0, np.inf, found)

    def gap(self, points: FloatArray, normals: FloatArray, zone_codes: IntArray) -> FloatArray:
        """Give the initial gap minus radial interference.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm
            On the meshed stem.
        normals : ndarray, shape (n, 3)
            Unit normals out of the meshed stem; only their number is checked, the
            nominal profile has its own.
        zone_codes : ndarray, shape (n,)
            Index into ``stem.zones``.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative where pressed, infinite where no wall is near.
        """
        assert len(points) == len(normals) == len(zone_codes)
        codes = np.asarray(zone_codes)
        gap = np.zeros(len(points))
        names = np.array(self.stem.zones)[codes]
        collar, thread = names == COLLAR, names == THREAD
        flank = ~np.isin(names, (COLLAR, SPLINES, THREAD, LAG_SCREW))
        gap[flank] = self.clearance(points[flank])
        gap[thread] = self._over_root(points[thread])
        gap[~collar] -= self._interference(codes[~collar])
        if collar.any():
            assert self.stem.collar is not None
            gap[collar] = self.stem.collar.gap
        return gap

    def _over_root(self, points: FloatArray) -> FloatArray:
        """Give the gap between a thread and the drilled wall: none where the ridge stands higher."""
        thread, reaming = self.stem.thread, self.reaming
        if thread is None or reaming is None:
            return np.zeros(len(points))
        room = (reaming.diameter - self.stem.diameter) / 2
        height = thread.height(np.arctan2(points[:, 1], points[:, 0]), points[:, 2])
        return np.where(height > abs(room), 0.0, room - height if room > 0 else room)

    def _interference(self, codes: IntArray) -> FloatArray:
        radial = np.zeros(len(codes))
        for code in np.unique(codes):
            radial[codes == code] = self.zones[self.stem.zones[code]].radial_interference
        return radial
