r"""The residual bone: elliptic sections on a bowed centreline.

The centreline is the circular arc of radius R whose chord, from z = 0 to z = c, is
parallel to the implant axis and lies `axis_offset` behind it:
x_c(z) = sqrt(R^2 - (z - c/2)^2) - sqrt(R^2 - (c/2)^2) - axis_offset. A negative radius
bows backwards. Where the implant itself is bowed, all this stands in its straight frame
(`geometry.axis`), and the bow is what the bone has more than the implant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PPoly

from geometry.centreline import Centreline
from geometry.core import Core
from geometry.errors import GeometryError, require_positive
from geometry.jaw import Jaw
from geometry.outline import Outline
from geometry.scanned.whole import Whole
from geometry.station import Station, check_levels, outside_ellipses, semi_axes_by_level

__all__ = ["Bone", "Station"]

FloatArray = NDArray[np.float64]

#: Directions in which the largest radius of an outline is sought.
_TURNS = 144


@dataclass(frozen=True)
class Bone:
    """A bone cut square at z = 0.

    Attributes
    ----------
    length : float, mm
    stations : tuple of Station
        In rising order of level; outside their range the nearest one holds.
    bow_radius : float, mm
        Of the bow, anterior where positive; None for a straight bone.
    axis_offset : float, mm
        How far the implant axis runs in front of the chord.
    chord_length : float, mm
        Level of the chord's upper end; the whole bone where None.
    core : Core, or None
        Where bone within the cortical shell is cancellous; the stations then state the shell.
    outline : Outline, or None
        The outer surface of a bone whose sections are no ellipses: it is straight and has no stations.
    canal_outline : Outline, or None
        The wall of its natural canal, where it has one.

    Raises
    ------
    GeometryError
        When a size is not positive, stations are missing or out of order, or the bow
        is too tight for the length, or a core has no shell about it.
    """

    length: float
    stations: tuple[Station, ...]
    bow_radius: float | None = None
    axis_offset: float = 0.0
    chord_length: float | None = None
    core: Core | None = None
    outline: Outline | None = None
    canal_outline: Outline | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stations", tuple(self.stations))
        require_positive("The bone's length", self.length)
        if self.chord_length is not None:
            require_positive("The bow's chord length", self.chord_length)
        if self.outline is None:
            check_levels(self.stations, self.length)
        elif self.stations or self.bow_radius is not None or self.axis_offset != 0.0:
            raise GeometryError("A bone with an outline of its own is straight and has no stations.")
        if self.canal_outline is not None and self.outline is None:
            raise GeometryError("A natural canal with an outline of its own needs a bone with one.")
        if self.core is not None and not isinstance(self.outline, Jaw):
            self._require_shell(self.core)
        if self.bow_radius is not None:
            reach = max(self.half_chord, self.length - self.half_chord)
            if not abs(self.bow_radius) > 2 * reach:
                raise GeometryError(
                    f"The bow radius must be more than {2 * reach:g} mm for a bone of {self.length:g} mm,"
                    f" but it is {self.bow_radius:g} mm."
                )

    def _require_shell(self, core: Core) -> None:
        """Refuse a core without a shell about it, or off the bone."""
        whole = self.outline if isinstance(self.outline, Whole) else None
        stated = self.outline is None and all(station.shell is not None for station in self.stations)
        if not (stated if whole is None else whole.thickness):
            raise GeometryError("A cancellous core needs the thickness of the cortical shell about it.")
        if whole is not None:
            return
        if core.start >= self.length or core.end <= 0:
            raise GeometryError(
                f"The cancellous core must lie in the bone, between 0 and {self.length:g} mm, but it runs"
                f" from {core.start:g} to {core.end:g} mm."
            )

    def thickened(self, wall: float) -> Bone:
        """Return the bone with another thickness of its wall, the canal and a cortical shell as they are.

        Where the canal is given by the wall, and the section is triangular, it stays but for the triangle's
        share of the change.

        Parameters
        ----------
        wall : float, mm
            Added to every outer semi-axis; negative for a thinner wall.

        Returns
        -------
        Bone

        Raises
        ------
        GeometryError
            When a station is left without a wall, or the bone has an outline of its own.
        """
        if not self.stations:
            raise GeometryError(
                "The wall of a segment of the jaw has no one thickness; vary the sizes in the case itself."
            )
        stations = [
            replace(
                station,
                outer_anterior=station.outer_anterior + wall,
                outer_left=station.outer_left + wall,
                wall=None if station.wall is None else station.wall + wall,
            )
            for station in self.stations
        ]
        return replace(self, stations=tuple(stations))

    @property
    def half_chord(self) -> float:
        """Level of the top of the bow, mm."""
        return (self.length if self.chord_length is None else self.chord_length) / 2

    @cached_property
    def centreline(self) -> Centreline:
        """Where the sections stand."""
        return Centreline(self.bow_radius, self.half_chord, self.axis_offset)

    @property
    def bow_centre(self) -> float:
        """Position x of the centre of the bow's circle, mm (only for a bowed bone)."""
        return self.centreline.bow_centre

    @property
    def turned(self) -> bool:
        """False: a bone is lofted; a `geometry.socket.Socket` is turned about the implant's axis."""
        return False

    @property
    def posed(self) -> bool:
        """True where the implant stands askew in the bone (`geometry.posed`)."""
        return False

    @property
    def span(self) -> tuple[float, float]:
        """Levels between which the surfaces of the bone are needed, mm: its ends."""
        return 0.0, self.length

    @property
    def is_plain(self) -> bool:
        """True for a straight bone of one section: a tube."""
        return self.bow_radius is None and len(self.stations) == 1 and self.outline is None

    @property
    def hollow(self) -> bool:
        """True where the bone has a natural canal."""
        return self.canal_outline is not None or (bool(self.stations) and self.stations[0].hollow)

    @property
    def least_shell(self) -> float | None:
        """Least thickness of the cortical shell about the core, mm; None without a core."""
        if self.core is None:
            return None
        if isinstance(self.outline, Jaw):
            return self.outline.shell
        if isinstance(self.outline, Whole):
            return min(thickness for _, thickness in self.outline.thickness)
        return min(station.shell for station in self.stations if station.shell is not None)

    @cached_property
    def _axes(self) -> PPoly:
        return semi_axes_by_level(self.stations)

    def _semi_axes(self, level: FloatArray) -> FloatArray:
        return np.asarray(self._axes(np.clip(level, self.stations[0].level, self.stations[-1].level)))

    def centre(self, level: FloatArray) -> FloatArray:
        """Give the position x of the centreline.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n,), mm
        """
        return self.centreline.at(level)

    def centre_left(self, level: FloatArray) -> FloatArray:
        """Give the position y of the centreline, as `centre` gives x: 0 unless the implant stands askew."""
        return np.zeros_like(np.asarray(level, dtype=np.float64))

    def outer_places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Give points of the outer surface.

        Parameters
        ----------
        angle : ndarray, shape (n,), rad
            About the centreline; of an ellipse its parameter.
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        if self.outline is not None:
            return self.outline.places(angle, level)
        return self._places(self.outer_semi_axes(level), angle, level)

    def canal_places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Give points of the natural canal's wall, as `outer_places` gives those of the outer surface."""
        if self.canal_outline is not None:
            return self.canal_outline.places(angle, level)
        return self._places(self.canal_semi_axes(level), angle, level)

    def _places(self, axes: FloatArray, angle: FloatArray, level: FloatArray) -> FloatArray:
        x = self.centre(level) + axes[:, 0] * np.cos(angle)
        return np.stack([x, axes[:, 1] * np.sin(angle), level], axis=1)

    def centre_slope(self, level: FloatArray) -> FloatArray:
        """Give the slope dx/dz of the centreline.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n,)
        """
        return self.centreline.slope(level)

    def outer_semi_axes(self, level: FloatArray) -> FloatArray:
        """Give the semi-axes of the outer ellipse along x and y, or half the extents of an outline.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 2), mm
        """
        if self.outline is not None:
            return self.outline.half_extents(np.atleast_1d(np.asarray(level, dtype=np.float64)))
        return self._semi_axes(level)[..., :2]

    def reach(self, level: FloatArray) -> FloatArray:
        """Bound how far the outer surface lies from the implant's axis at levels, shape (n,), mm.

        Of ellipses it is the larger semi-axis and the way to their centre, of an outline its largest radius.
        """
        level = np.atleast_1d(np.asarray(level, dtype=np.float64))
        if self.outline is None:
            return np.asarray(self.outer_semi_axes(level).max(axis=1) + abs(self.centre(level)))
        turn, place = np.meshgrid(np.linspace(-np.pi, np.pi, _TURNS, endpoint=False), level)
        radius = self.outline.radius(turn.ravel(), place.ravel()).reshape(turn.shape)
        return np.asarray(radius.max(axis=1) / np.cos(np.pi / _TURNS))

    def canal_semi_axes(self, level: FloatArray) -> FloatArray:
        """Give the semi-axes of the natural canal's ellipse along x and y, or half its outline's extents.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 2), mm
            0 without a natural canal.
        """
        if self.canal_outline is not None:
            return self.canal_outline.half_extents(np.atleast_1d(np.asarray(level, dtype=np.float64)))
        if not self.hollow:
            return np.zeros((*np.shape(level), 2))
        return self._semi_axes(level)[..., 2:4]

    def core_semi_axes(self, level: FloatArray) -> FloatArray:
        """Give the semi-axes of the ellipse within the cortical shell along x and y.

        Parameters
        ----------
        level : ndarray, shape (n,), mm

        Returns
        -------
        ndarray, shape (n, 2), mm
            Those of the outer ellipse less the shell's thickness.
        """
        return self._semi_axes(level)[..., 4:]

    def outside_outer(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside the outer surface, to first order.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside; exact for circles, to first order near ellipses.
        """
        if self.outline is not None:
            return self.outline.outside(points)
        return self._outside(points, self.outer_semi_axes(points[:, 2]))

    def outside_canal(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside the natural canal, to first order.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside; exact for circles, to first order near ellipses.
        """
        if not self.hollow:
            return np.full(len(points), np.inf)
        if self.canal_outline is not None:
            return self.canal_outline.outside(points)
        return self._outside(points, self.canal_semi_axes(points[:, 2]))

    def outside_core(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside the cancellous core, to first order.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative inside, whether there is bone or canal; infinite without a core.
        """
        if self.core is None:
            return np.full(len(points), np.inf)
        if isinstance(self.outline, Jaw | Whole):
            across = self.outline.outside_core(points)
        else:
            across = self._outside(points, self.core_semi_axes(points[:, 2]))
        beyond = np.maximum(self.core.start - points[:, 2], points[:, 2] - self.core.end)
        return np.asarray(np.maximum(across, beyond))

    def _outside(self, points: FloatArray, axes: FloatArray) -> FloatArray:
        return outside_ellipses(points[:, 0] - self.centre(points[:, 2]), points[:, 1], axes)

    def material_frames(self, points: FloatArray) -> FloatArray:
        """Give the local directions of the bone.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n, 3, 3)
            Columns: radial, circumferential, axial along the bowed centreline; right-handed. In a
            segment of the jaw the bone's long axis runs along the arch, x; radial is then y.
        """
        if isinstance(self.outline, Jaw):
            along = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
            return np.broadcast_to(along, (len(points), 3, 3)).copy()
        slope = self.centre_slope(points[:, 2])
        axial = np.stack([slope, np.zeros_like(slope), np.ones_like(slope)], axis=1)
        axial /= np.linalg.norm(axial, axis=1, keepdims=True)
        off = points[:, 0] - self.centre(points[:, 2])
        radial = np.stack([off, points[:, 1], np.zeros_like(slope)], axis=1)
        radial[np.hypot(radial[:, 0], radial[:, 1]) < 1e-9] = (1.0, 0.0, 0.0)
        radial -= np.einsum("ij,ij->i", radial, axial)[:, None] * axial
        radial /= np.linalg.norm(radial, axis=1, keepdims=True)
        return np.stack([radial, np.cross(axial, radial), axial], axis=2)
