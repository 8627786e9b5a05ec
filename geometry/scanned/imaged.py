"""The walls of a bone in a CT volume, by rays across its axis.

A wall lies where the CT number is half way between what lies beside it and the cortical bone in it. The
scanner's blur leaves that place where it is on a flat wall, whatever its width, while any other number moves
with the blur. The cortical number is the median over all rays of the largest one within the wall: where a
thin wall's own largest number is lowered by the blur, half of it would lie outside the wall.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from geometry.axis import STRAIGHT, Axis
from geometry.errors import GeometryError, direction_in_words
from geometry.scanned.scan import RAYS, level_grid
from geometry.scanned.slices import IntArray, area_and_centroid
from geometry.scanned.volume import BoolArray, FloatArray, Found

#: Rays round a section of which only area and centroid are wanted, and steps along a ray per voxel.
_FEW_RAYS, _STEPS = 72, 2
#: How far outside the wall soft tissue is looked at, mm; and how deep in the canal, as a share of its radius.
_BESIDE, _DEEP = (2.0, 6.0), 0.5
#: Steps of the false-position search within the interval that has the wall.
_REFINED = 4
#: Levels that are walked at once, so that memory stays bounded.
_AT_ONCE = 32


@dataclass(frozen=True)
class Levels:
    """CT numbers by which walls are found, HU.

    Attributes
    ----------
    soft, marrow, cortical : float
        Medians beside the wall, within the canal, and of the largest ones in the wall.
    """

    soft: float
    marrow: float
    cortical: float

    @property
    def outer(self) -> float:
        """Of the outer wall."""
        return (self.soft + self.cortical) / 2

    @property
    def inner(self) -> float:
        """Of the canal's wall."""
        return (self.marrow + self.cortical) / 2


@dataclass(frozen=True, eq=False)
class Imaged:
    """A bone in a volume as it lies in the straight frame of an implant: a `shaft.Solid`.

    Attributes
    ----------
    found : Found
    threshold : float, HU
        Above which a voxel is bone.
    turn : ndarray, shape (3, 3)
        Rows: the directions of the frame.
    origin : ndarray, shape (3,), mm
    axis : Axis
        The implant's.
    """

    found: Found
    threshold: float
    turn: FloatArray = field(default_factory=lambda: np.eye(3))
    origin: FloatArray = field(default_factory=lambda: np.zeros(3))
    axis: Axis = STRAIGHT

    @cached_property
    def _rim(self) -> FloatArray:
        return np.asarray(self.axis.straighten((self.found.rim - self.origin) @ self.turn.T))

    @property
    def _pitch(self) -> float:
        return float(self.found.volume.spacing.min()) / _STEPS

    @property
    def settled(self) -> float:
        """See `shaft.Solid`: rays start from whole voxels, so that sections move by steps."""
        return 1e-3 * float(self.found.volume.spacing.min())

    @property
    def extent(self) -> tuple[float, float]:
        """See `shaft.Solid`."""
        return float(self._rim[:, 2].min()), float(self._rim[:, 2].max())

    def lowest(self, direction: FloatArray) -> float:
        """See `shaft.Solid`."""
        return float((self.found.rim @ direction).min())

    def moved(self, turn: FloatArray, origin: FloatArray, axis: Axis = STRAIGHT) -> Imaged:
        """See `shaft.Solid`."""
        return replace(self, turn=turn, origin=origin, axis=axis)

    def end_face(self, reach: float) -> float:
        """See `shaft.Solid`: a volume has none, so that the cut is always stated."""
        return 0.0

    def in_file(self, straight: FloatArray) -> FloatArray:
        """Return places, shape (n, 3), mm, in the file's coordinates."""
        return np.asarray(self.axis.bend(straight) @ self.turn + self.origin)

    def sections(self, levels: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `shaft.Solid`: polygons through the outermost crossings of rays, if all meet bone."""
        areas, centres = np.full(len(levels), np.nan), np.full((len(levels), 3), np.nan)
        angles = np.linspace(-np.pi, np.pi, _FEW_RAYS, endpoint=False)
        rim, half = self._rim, float(self.found.volume.spacing.max())
        order = np.argsort(rim[:, 2])
        bounds = np.searchsorted(rim[order, 2], [levels - half, levels + half])
        for row, level in enumerate(levels.tolist()):
            near = rim[order[bounds[0, row] : bounds[1, row]], :2]
            if len(near) < 3:
                continue
            centre = (near.min(axis=0) + near.max(axis=0)) / 2
            reach = float(np.linalg.norm(near - centre, axis=1).max()) + 3 * half
            for _ in range(2):  # from the first polygon's own centroid again
                away = self._outermost(centre, level, angles, reach)
                if not (away > 0.0).all():
                    areas[row], centres[row] = np.nan, np.nan  # a part, at the bone's oblique end
                    break
                ends = centre + away[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
                area, centre = area_and_centroid(np.stack([ends, np.roll(ends, -1, axis=0)], axis=1))
                areas[row], centres[row] = area, [*centre, level]
        return areas, centres

    def _outermost(self, centre: FloatArray, level: float, angles: FloatArray, reach: float) -> FloatArray:
        """Return how far from a centre rays leave the bone, shape (a,), mm; 0 where they meet none."""
        steps = np.arange(0.0, reach, self._pitch)

        def at(ray: IntArray, away: FloatArray) -> FloatArray:
            return self._on_rays(centre, angles[ray], np.full(ray.shape, level), away)

        ray: IntArray = np.arange(len(angles))
        values = at(*np.broadcast_arrays(ray[:, None], steps[None]))
        last = _last(values >= self.threshold)
        met = (last >= 0) & (last < len(steps) - 1)
        away = np.zeros(len(angles))
        away[met] = _refine(at, ray[met], steps[last[met]], steps[last[met] + 1], self.threshold)
        return away

    def _on_rays(
        self, centre: FloatArray, angle: FloatArray, level: FloatArray, away: FloatArray
    ) -> FloatArray:
        """CT numbers along rays, in the shape of the arguments."""
        x, y = centre[0] + away * np.cos(angle), centre[1] + away * np.sin(angle)
        points = np.stack([x, y, level], axis=-1).reshape(-1, 3)
        return self.found.alone.sample(self.in_file(points)).reshape(away.shape)

    def walls(self, length: float, cortical: float | None = None) -> tuple[FloatArray, FloatArray, Levels]:
        """Find both walls of the bone from its cut to a level.

        Parameters
        ----------
        length : float, mm
        cortical : float, HU, optional
            Of the bone in the wall, where the wall is too thin everywhere to show it.

        Returns
        -------
        outer, canal : ndarray, shape (RAYS, l), mm
            Distances from the axis, on the rays and levels of `scan.RAYS` and `scan.level_grid`.
        levels : Levels

        Raises
        ------
        GeometryError
            When a ray meets no bone, the canal is not found, the wall is too thin to be seen, or the
            volume ends.
        """
        angles, places = np.linspace(-np.pi, np.pi, RAYS, endpoint=False), level_grid(length)
        rim = self._rim
        rim = rim[(rim[:, 2] > -2.0) & (rim[:, 2] < length + 2.0)]
        beyond = 2 * float(self.found.volume.spacing.max())
        steps = np.arange(0.0, float(np.hypot(rim[:, 0], rim[:, 1]).max()) + beyond, self._pitch)
        self._require_covered(places, float(steps[-1]) - beyond)
        rough = _Walk(self, angles, places, steps)
        levels = rough.levels()
        if cortical is not None:
            levels = replace(levels, cortical=cortical)
        return *rough.walls(levels), levels

    def _require_covered(self, places: FloatArray, reach: float) -> None:
        """Refuse a bone that leaves the volume."""
        around = np.linspace(0.0, 2 * np.pi, 8, endpoint=False)
        for level in places.tolist():
            ring = np.column_stack([0.5 * reach * np.cos(around), 0.5 * reach * np.sin(around)])
            points = np.column_stack([ring, np.full(len(ring), level)])
            if not self.found.volume.covers(self.in_file(points)).all():
                raise GeometryError(
                    f"The volume ends at z = {level:.0f} mm above the cut: shorten the bone, or give a scan"
                    " that has all of it."
                )


@dataclass(frozen=True, eq=False)
class _Walk:
    """Rays from the axis, and what the volume has along them."""

    bone: Imaged
    angles: FloatArray
    places: FloatArray
    steps: FloatArray

    def _at(self, ray: IntArray, away: FloatArray) -> FloatArray:
        """CT numbers by number of the ray, level by level."""
        angle, level = self.angles[ray % len(self.angles)], self.places[ray // len(self.angles)]
        return self.bone._on_rays(np.zeros(2), angle, level, away)

    @cached_property
    def values(self) -> NDArray[np.float32]:
        """CT numbers, shape (l a, s), in single precision."""
        count = len(self.angles) * len(self.places)
        found = np.zeros((count, len(self.steps)), dtype=np.float32)
        block = _AT_ONCE * len(self.angles)
        for start in range(0, count, block):
            ray = np.arange(start, min(count, start + block))
            found[ray] = self._at(*np.broadcast_arrays(ray[:, None], self.steps[None]))
        return found

    def _refuse(self, ray: int, words: str) -> NoReturn:
        angle, level = self.angles[ray % len(self.angles)], self.places[ray // len(self.angles)]
        side = direction_in_words(float(np.cos(angle)), float(np.sin(angle)))
        raise GeometryError(f"At z = {level:.1f} mm ({side}) {words}")

    def _run(self, dense: BoolArray) -> tuple[IntArray, IntArray]:
        """First and last step of the outermost stretch of each ray that is dense."""
        last = _last(dense)
        column = np.arange(dense.shape[1])
        before = _last(~dense & (column < last[:, None]))
        return before + 1, last

    def levels(self) -> Levels:
        """Look at soft tissue, marrow and cortical bone."""
        dense = self.values >= self.bone.threshold
        first, last = self._run(dense)
        if (last < 0).any():
            self._refuse(
                int(np.argmax(last < 0)),
                f"a ray from the implant's axis meets no bone above {self.bone.threshold:g} HU: the axis"
                " leaves the bone there; shorten the bone, or state another threshold_HU.",
            )
        if (first == 0).any():
            self._refuse(
                int(np.argmax(first == 0)),
                f"no canal is found: from the implant's axis to the outer wall all is above"
                f" {self.bone.threshold:g} HU; cut the bone higher, shorten it, or state another"
                " threshold_HU.",
            )
        column = np.arange(len(self.steps))
        within = (column >= first[:, None]) & (column <= last[:, None])
        peak = np.where(within, self.values, -np.inf).max(axis=1)
        deep = self.values[column < _DEEP * first[:, None]]
        edge = self.steps[last]
        ray: IntArray = np.arange(len(last))
        beside = [self._at(ray, edge + away) for away in np.linspace(*_BESIDE, 5)]
        return Levels(float(np.median(beside)), float(np.median(deep)), float(np.median(peak)))

    def walls(self, levels: Levels) -> tuple[FloatArray, FloatArray]:
        """Find where the wall begins and ends, shape (a, l) each."""
        column = np.arange(len(self.steps))
        first, last = self._run(self.values >= self.bone.threshold)
        within = (column >= first[:, None]) & (column <= last[:, None])
        crest = np.where(within, self.values, -np.inf).argmax(axis=1)
        top = self.values[np.arange(len(crest)), crest]
        least = max(levels.outer, levels.inner)
        if (top < least).any():
            least_at = int(np.argmin(top))
            self._refuse(
                least_at,
                f"the wall has {top[least_at]:.0f} HU at most, and walls are found by {least:.0f} HU:"
                " it is too thin for this scan's resolution, or no wall; end the bone lower.",
            )
        beyond = (self.values < levels.outer) & (column > crest[:, None])
        out = np.where(beyond.any(axis=1), np.argmax(beyond, axis=1), len(column))
        inside = _last((self.values < levels.inner) & (column < crest[:, None]))
        if (inside < 0).any():
            self._refuse(
                int(np.argmax(inside < 0)),
                f"no canal is found: inward of the wall the volume never falls below {levels.inner:.0f} HU;"
                " shorten the bone, or state sections in [[bone.station]].",
            )
        if (out >= len(column)).any():
            self._refuse(int(np.argmax(out >= len(column))), "the bone's outer wall is not found.")
        rays: IntArray = np.arange(len(crest))
        outer = _refine(self._at, rays, self.steps[out - 1], self.steps[out], levels.outer)
        canal = _refine(self._at, rays, self.steps[inside + 1], self.steps[inside], levels.inner)
        shape = len(self.places), len(self.angles)
        return outer.reshape(shape).T, canal.reshape(shape).T


def _last(true: BoolArray) -> IntArray:
    """Return the last column of each row that is true, -1 where none is."""
    reached = true.shape[1] - 1 - np.argmax(true[:, ::-1], axis=1)
    return np.asarray(np.where(true.any(axis=1), reached, -1))


def _refine(
    at: Callable[[IntArray, FloatArray], FloatArray],
    ray: IntArray,
    above: FloatArray,
    below: FloatArray,
    level: float,
) -> FloatArray:
    """Narrow down where rays cross a number, from a place above it and one below, by false position."""
    one, two = above.copy(), below.copy()
    high, low = at(ray, one) - level, at(ray, two) - level
    place = one
    for _ in range(_REFINED):
        place = one + (two - one) * high / np.where(high == low, 1.0, high - low)
        value = at(ray, place) - level
        up = value >= 0.0
        one, high = np.where(up, place, one), np.where(up, value, high)
        two, low = np.where(up, two, place), np.where(up, low, value)
    return np.asarray(place)
