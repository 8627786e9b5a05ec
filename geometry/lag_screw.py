r"""A screw across the stem: a smooth cylinder about its own axis, and the hole that it stands in.

The screw's axis crosses the implant's at the level z_s and points with its tip along

    u = (sin a cos d, sin a sin d, -cos a),

a the angle between it and the implant's axis towards the cut, d the direction about that axis, so that
an angle above 90 degrees points the tip towards the hip. Along u the screw runs from -head to tip.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.profile import Profile

FloatArray = NDArray[np.float64]

#: Limits of the angle between the two axes, degrees.
LEAST_ANGLE, LARGEST_ANGLE = 40.0, 140.0
#: Least diameter of a screw, mm, and the least of the stem's over the screw's.
LEAST_DIAMETER, LEAST_RATIO = 2.0, 1.5
#: Least of the stem's wall beside the screw, and way from its mouth to an end of the flank, mm.
LEAST_WALL = 1.0
#: How near the edge of a groove, a coating or a bore may come to the screw's mouth or bore, mm.
LEAST_STEP = 0.5

Fault = tuple[str, str]


@dataclass(frozen=True)
class LagScrew:
    """A screw that is locked in the stem and crosses it.

    Attributes
    ----------
    diameter : float, mm
    level : float, mm
        Where its axis crosses the implant's.
    tip, head : float, mm
        Way along its axis from the implant's to the end of the tip and to that of the head,
        which lies on the other side.
    angle : float, rad
        Between its axis and the implant's: a quarter turn is straight across, more points the
        tip towards the hip.
    direction : float, rad
        Of the tip about the implant's axis, from anterior towards the left.

    Raises
    ------
    GeometryError
        When a size is not positive or the angle is beyond its limits.
    """

    diameter: float
    level: float
    tip: float
    head: float
    angle: float = math.pi / 2
    direction: float = 0.0

    def __post_init__(self) -> None:
        require_positive("The lag screw's diameter", self.diameter)
        require_positive("The lag screw's length to the tip", self.tip)
        require_not_negative("The lag screw's length to the head", self.head)
        degrees = math.degrees(self.angle)
        if not LEAST_ANGLE - 1e-9 <= degrees <= LARGEST_ANGLE + 1e-9:
            raise GeometryError(
                f"The lag screw's angle must be {LEAST_ANGLE:g} to {LARGEST_ANGLE:g} degrees,"
                f" but it is {degrees:g} degrees."
            )

    @property
    def radius(self) -> float:
        """Half the diameter, mm."""
        return self.diameter / 2

    @property
    def axis(self) -> FloatArray:
        """Unit vector towards the tip, shape (3,)."""
        across, along = math.sin(self.angle), -math.cos(self.angle)
        return np.array([across * math.cos(self.direction), across * math.sin(self.direction), along])

    @property
    def centre(self) -> FloatArray:
        """Where its axis crosses the implant's, shape (3,), mm."""
        return np.array([0.0, 0.0, self.level])

    @property
    def frame(self) -> FloatArray:
        """Two unit vectors across its axis, as rows, shape (2, 3): across both axes, and in their plane."""
        side = np.array([-math.sin(self.direction), math.cos(self.direction), 0.0])
        return np.stack([side, np.cross(self.axis, side)])

    def longer(self, tip: float, head: float) -> LagScrew:
        """Return the same with other lengths, mm."""
        return replace(self, tip=tip, head=head)

    def coordinates(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the way from the screw's axis, and the way along it towards the tip.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        across, along : ndarray, shape (n,), mm
        """
        off = points - self.centre
        along = off @ self.axis
        return np.linalg.norm(off - along[:, None] * self.axis, axis=1), along

    def outside(self, points: FloatArray) -> FloatArray:
        """Measure the distance to the screw's surface, ends included.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative in the screw; exact on and near the surface, and within it.
        """
        across, along = self.coordinates(points)
        return np.asarray(np.maximum.reduce([across - self.radius, along - self.tip, -self.head - along]))

    def at(self, turn: FloatArray, along: FloatArray, radius: float | None = None) -> FloatArray:
        """Locate points on the screw's surface, or on a thinner one within it.

        Parameters
        ----------
        turn : ndarray, shape (n,), rad
            About the screw's axis.
        along : ndarray, shape (n,), mm
            Towards the tip.
        radius : float, mm, optional
            The screw's own by default.

        Returns
        -------
        ndarray, shape (n, 3), mm
        """
        across = self.radius if radius is None else radius
        side, other = self.frame
        return np.asarray(
            self.centre
            + along[:, None] * self.axis
            + across * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other)
        )

    def span(self, flank: float) -> tuple[float, float]:
        """Give the levels between which the screw pierces a cylinder about the implant's axis, mm.

        Parameters
        ----------
        flank : float, mm
            Radius of the cylinder.
        """
        half = self.radius / math.sin(self.angle) + flank / abs(math.tan(self.angle))
        return self.level - half, self.level + half


def screw_faults(
    screw: LagScrew,
    profile: Profile,
    bore: float,
    apart: Iterable[tuple[str, float, float]] = (),
    limits: Iterable[tuple[str, float]] = (),
) -> Iterator[Fault]:
    """Yield what is wrong with a screw in its stem: the size, and the requirement in words.

    Parameters
    ----------
    screw : LagScrew
    profile : Profile
        The stem's flank and tip.
    bore : float, mm
        Radius of the stem's bore; 0 for none.
    apart : iterable of (str, float, float)
        Parts of the stem that the screw must not cross, in words, and the levels that they lie between.
    limits : iterable of (str, float)
        Edges round the flank, in words, and their levels.
    """
    top = profile.fillet_start
    if not 0.0 < screw.level < top:
        yield "level", f"the screw must cross the stem between the cut and the tip's rounding at {top:g} mm"
        return
    low, high = screw.span(profile.radius)
    thinnest = float(profile.at(np.array([min(high, top)]))[0])
    most = min(2 * thinnest / LEAST_RATIO, 2 * (thinnest - LEAST_WALL))
    if most < LEAST_DIAMETER:
        needed = max(LEAST_RATIO * LEAST_DIAMETER, LEAST_DIAMETER + 2 * LEAST_WALL)
        yield (
            "diameter",
            f"the stem, {2 * thinnest:.4g} mm there, is too thin for a lag screw: the thinnest one, of"
            f" {LEAST_DIAMETER:g} mm, needs {needed:g} mm",
        )
        return
    if screw.diameter < LEAST_DIAMETER:
        yield "diameter", f"the screw must be at least {LEAST_DIAMETER:g} mm thick"
    if screw.diameter > most:
        yield (
            "diameter",
            f"the stem, {2 * thinnest:.4g} mm there, must be {LEAST_RATIO:g} times as thick as the screw and"
            f" keep {LEAST_WALL:g} mm on either side of it: give at most {math.floor(100 * most) / 100:g} mm",
        )
        return
    mouths = f"whose mouths reach from {low:.1f} to {high:.1f} mm"
    if low < LEAST_WALL or high > top - LEAST_WALL:
        least, largest = screw.level - low + LEAST_WALL, top - LEAST_WALL - (high - screw.level)
        advice = f"give {math.ceil(10 * least) / 10:g} to {math.floor(10 * largest) / 10:g} mm"
        if least > largest:
            advice = "give a thinner screw or one that crosses more squarely"
        yield (
            "level",
            f"the screw, {mouths}, must keep {LEAST_WALL:g} mm from the cut and from the tip's rounding at"
            f" {top:g} mm: {advice}",
        )
    yield from _bore_faults(screw, thinnest, bore)
    for what, start, end in apart:
        if start < high + LEAST_WALL and end > low - LEAST_WALL:
            where = f"between {start:g} and {end:g} mm"
            yield "level", f"the screw, {mouths}, must keep {LEAST_WALL:g} mm from {what} {where}"
    for what, level in limits:
        if min(abs(level - low), abs(level - high)) < LEAST_STEP:
            yield (
                "level",
                f"the screw, {mouths}, must keep their ends {LEAST_STEP:g} mm from {what} at {level:g} mm",
            )


def _bore_faults(screw: LagScrew, flank: float, bore: float) -> Iterator[Fault]:
    if bore == 0:
        return
    if flank - bore < LEAST_WALL:
        yield "diameter", f"the stem's bore leaves less than {LEAST_WALL:g} mm of wall to hold the screw in"
    if abs(bore - screw.radius) < LEAST_STEP / 2:
        yield (
            "diameter",
            f"the screw must be at least {LEAST_STEP:g} mm thicker or thinner than the stem's bore,"
            f" {2 * bore:g} mm, because their edges would run into each other",
        )
