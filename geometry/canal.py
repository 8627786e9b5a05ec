"""The canal that the stem meets: the natural canal and the reamer's sweep, united.

Functions `outside_*` are negative in the void, positive in bone or beyond it, and
measure the distance to the wall to first order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from geometry.bone import Bone, FloatArray
from geometry.errors import GeometryError
from geometry.rays import Rays
from geometry.reaming import Reaming

#: How far from the stem a wall is looked for, mm.
REACH = 2.0

#: How deep in the bone the surface of a stem from a file may lie, mm, at most.
DEEPEST = 0.5

_BISECTIONS = 48


@dataclass(frozen=True)
class Canal:
    """The void in the bone.

    Attributes
    ----------
    bone
    reaming
        None where the natural canal is left as it is. A bone without a natural canal has none but
        what the reamer makes.

    Raises
    ------
    GeometryError
        When there is neither a natural canal nor a reamed one, or the reamer follows the bow of a bone
        in which the implant stands askew.
    """

    bone: Bone
    reaming: Reaming | None

    def __post_init__(self) -> None:
        if self.reaming is None and not self.bone.hollow:
            raise GeometryError("A bone without a natural canal must be reamed or drilled: state the reamer.")
        if self.bone.posed and self.reaming is not None and self.reaming.path == "bow":
            raise GeometryError(
                "A reamer that follows the bone's bow does not run along an implant's axis that stands askew:"
                " ream straight."
            )

    @property
    def bowed_reamer(self) -> bool:
        """True where a reamer followed a bowed or offset centreline."""
        if self.reaming is None or self.reaming.path == "straight":
            return False
        return self.bone.bow_radius is not None or self.bone.axis_offset != 0.0

    @property
    def round_natural_radius(self) -> float | None:
        """Radius of a natural canal that is one cylinder about the implant axis, mm; else None."""
        if not self.bone.stations or not self.bone.hollow:
            return None
        first = self.bone.stations[0]
        coaxial = self.bone.is_plain and self.bone.axis_offset == 0.0
        return first.canal_anterior if coaxial and first.canal_anterior == first.canal_left else None

    @property
    def round_and_coaxial(self) -> bool:
        """True where every section of the natural canal is a circle about the implant axis."""
        straight = (
            bool(self.bone.stations)
            and self.bone.outline is None
            and self.bone.hollow
            and self.bone.bow_radius is None
            and self.bone.axis_offset == 0.0
            and not self.bone.posed
        )
        return straight and all(
            station.canal_anterior == station.canal_left for station in self.bone.stations
        )

    def path_frame(self, level: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give centre, front direction and tangent of the reamer's path.

        Parameters
        ----------
        level : ndarray, shape (n,), mm
            Along the path, by the level of the bow's centreline; the rounded end goes
            on straight.

        Returns
        -------
        centre, front, tangent : ndarray, shape (n, 3)
        """
        assert self.reaming is not None
        zero, one = np.zeros_like(level), np.ones_like(level)
        if not self.bowed_reamer:
            ahead = np.stack([zero, zero, one], axis=1)
            return np.stack([zero, zero, level], axis=1), np.stack([one, zero, zero], axis=1), ahead
        bent = np.minimum(level, self.reaming.profile.fillet_centre_level)
        slope = self.bone.centre_slope(bent)
        length = np.hypot(1.0, slope)
        tangent = np.stack([slope / length, zero, one / length], axis=1)
        front = np.stack([one / length, zero, -slope / length], axis=1)
        centre = np.stack([self.bone.centre(bent), zero, bent], axis=1)
        return centre + (level - bent)[:, None] * tangent, front, tangent

    def outside_reamer(self, points: FloatArray) -> FloatArray:
        """Measure the distance to the surface that the reamer sweeps.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Infinite without a reamer; of a train that to the surface of all its passes.
        """
        if self.reaming is None:
            return np.full(len(points), np.inf)
        found = self._outside_pass(points)
        for step in self.steps:
            found = np.minimum(found, step._outside_pass(points))
        return found

    @cached_property
    def main(self) -> Canal:
        """The canal without the steps of the reamer's train."""
        return self if self.reaming is None else replace(self, reaming=self.reaming.only)

    @cached_property
    def steps(self) -> tuple[Canal, ...]:
        """Canals of the steps of the reamer's train, each alone."""
        return tuple(replace(self, reaming=step) for step in self.reaming.steps) if self.reaming else ()

    def _outside_pass(self, points: FloatArray) -> FloatArray:
        """Distance to the surface of the one pass that goes to the full depth."""
        assert self.reaming is not None
        profile = self.reaming.profile
        bottom = profile.fillet_centre_level
        centre, _, tangent = (row[0] for row in self.path_frame(np.array([bottom])))
        ahead = (points - centre) @ tangent
        if self.bowed_reamer and self.bone.bow_radius is not None:
            from_bow = np.hypot(points[:, 0] - self.bone.bow_centre, points[:, 2] - self.bone.half_chord)
            across = np.hypot(from_bow - abs(self.bone.bow_radius), points[:, 1])
            beyond = np.linalg.norm(points - centre - ahead[:, None] * tangent, axis=1)
            across = np.where(ahead > 0, beyond, across)
        else:
            across = np.hypot(points[:, 0] - centre[0], points[:, 1])
        flank = across - profile.radius
        end = np.hypot(np.maximum(across - profile.fillet_centre_radius, 0.0), ahead) - profile.end_radius
        return np.where(ahead > 0, end, flank)

    def outside(self, points: FloatArray) -> FloatArray:
        """Measure the distance to the wall of the canal, natural or reamed, whichever is wider.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative in the void.
        """
        return np.minimum(self.outside_reamer(points), self.bone.outside_canal(points))

    def clearance(self, rays: Rays) -> FloatArray:
        """Measure the signed way along rays until they leave the void.

        Parameters
        ----------
        rays : Rays
            n rays.

        Returns
        -------
        ndarray, shape (n,), mm
            Negative where a ray starts in the bone, infinite where no wall is within
            `REACH` or the ray ends beyond the bone's ends; exact zero on a coaxial wall.
        """
        way = np.maximum(self.way(rays, "reamer"), self.way(rays, "natural"))
        for step in self.steps:
            way = np.maximum(way, step.way(rays, "reamer"))
        level = rays.level + np.where(np.isfinite(way), way, 0.0) * rays.axial
        within = (level > -1e-9) & (level < self.bone.length + 1e-9) & (way <= REACH)
        return np.where(within, way, np.inf)

    def along(self, places: FloatArray, directions: FloatArray) -> FloatArray:
        """Measure the signed way from places along directions until they leave the void.

        Parameters
        ----------
        places : ndarray, shape (n, 3), mm
            At most `DEEPEST` in the bone.
        directions : ndarray, shape (n, 3)
            Unit vectors.

        Returns
        -------
        ndarray, shape (n,), mm
            As `clearance` gives it.
        """

        def at(way: FloatArray) -> FloatArray:
            return places + way[:, None] * directions

        many = len(places)
        way = _between(self.outside, at, np.full(many, -DEEPEST), np.full(many, REACH))
        level = at(np.where(np.isfinite(way), way, 0.0))[:, 2]
        within = (level > -1e-9) & (level < self.bone.length + 1e-9) & (way <= REACH)
        return np.where(within, way, np.inf)

    def way(self, rays: Rays, surface: Literal["reamer", "natural"]) -> FloatArray:
        """Measure the way to one of the two surfaces; where it is a coaxial cylinder, in closed form.

        Steps of a train are not part of the reamer's surface here: what guides the stem is the pass that
        goes to the full depth.
        """
        outside, radius, top = self.bone.outside_canal, self.round_natural_radius, math.inf
        if surface == "reamer":
            if self.reaming is None:
                return np.full(len(rays.angle), -np.inf)
            outside, radius = self._outside_pass, None
            if not self.bowed_reamer:
                radius, top = self.reaming.diameter / 2, self.reaming.profile.fillet_centre_level
        if radius is None:
            return _bisect(outside, rays)
        far = np.abs(radius - rays.radius) > 2 * REACH * rays.radial
        way = (radius - rays.radius) / np.where(far, 1.0, rays.radial)
        rest = far | (rays.level + way * rays.axial > top)
        way[rest] = _bisect(outside, rays.take(rest))
        return way


def _bisect(outside: Callable[[FloatArray], FloatArray], rays: Rays) -> FloatArray:
    """Measure the way along rays to where `outside` turns positive, within `REACH` both ways."""
    return _between(outside, rays.at, -np.minimum(REACH, rays.radius), np.full(len(rays.radius), REACH))


def _between(
    outside: Callable[[FloatArray], FloatArray],
    at: Callable[[FloatArray], FloatArray],
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """Find the ways between two at which `outside` turns positive; infinite where it does not."""
    never, always = outside(at(low)) >= 0, outside(at(high)) <= 0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        out = outside(at(middle)) > 0
        low, high = np.where(out, low, middle), np.where(out, middle, high)
    return np.where(never, -np.inf, np.where(always, np.inf, (low + high) / 2))
