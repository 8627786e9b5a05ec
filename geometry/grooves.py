r"""Flutes and splines: bars of round section along the flank, cut out of the stem or left standing on it.

Across the flank, with s the height above its line, the section is a circle. It passes through
the two edges, a chord of the stated width on the flank's cylinder of radius R, and through the
floor s = -t of a flute or the crest s = t of a spline. From chord to floor or crest it measures
H = t - b or t + b with b = R - sqrt(R^2 - width^2/4), so that its radius is

    rho = (width^2/4 + H^2) / (2 H).

At an end with a run-out the bar follows an arc that is tangent to its floor or crest and
reaches the flank after the run-out u: its radius is r = (u^2 + t^2) / (2 t).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geometry.profile import Profile

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Flutes:
    """Grooves along the flank, equally spaced about the axis.

    Attributes
    ----------
    number : int
    depth : float, mm
        Of the floor below the flank.
    width : float, mm
        Chord between the two edges of one flute.
    start, end : float, mm
        Levels between which a flute lies, run-outs included. A start at the stem's distal
        end, or an end from where the tip's rounding begins, lets it run through.
    run_out : float, mm
        Length along the axis in which the floor rises to the flank; 0 for an end wall.
    first_angle : float, rad
        Of the first flute about the axis, from anterior towards the left.
    """

    number: int
    depth: float
    width: float
    start: float
    end: float
    run_out: float = 0.0
    first_angle: float = 0.0


@dataclass(frozen=True)
class Splines:
    """Ribs along the flank, equally spaced about the axis.

    Attributes
    ----------
    number : int
    height : float, mm
        Of the crest above the flank.
    width : float, mm
        Chord between the two edges of one spline at its foot.
    start, end : float, mm
        Levels between which a spline lies, run-outs included.
    run_out : float, mm
        Length along the axis in which the crest falls to the flank at the end towards the
        tip, which goes first; 0 for an end wall, as the other end always has.
    first_angle : float, rad
        Of the first spline about the axis, from anterior towards the left.
    """

    number: int
    height: float
    width: float
    start: float
    end: float
    run_out: float = 0.0
    first_angle: float = 0.0


@dataclass(frozen=True)
class Bars:
    """Equal round bars along a flank, as functions of position.

    Attributes
    ----------
    flank_radius, slope
        Of the flank: its radius at the cut, and its loss of radius per length.
    number : int
    first_angle : float, rad
    width, rise : float, mm
        Chord between the edges, and height of the crest above the flank, negative for a floor.
    centre, radius : float, mm
        Height of the circle's centre above the flank, and the circle's radius.
    low, high : float, mm
        Ends by the way along the flank from the cut; infinite where a bar runs through.
    low_run_out, high_run_out : float, mm
        0 for a flat end.
    """

    flank_radius: float
    slope: float
    number: int
    first_angle: float
    width: float
    rise: float
    centre: float
    radius: float
    low: float
    high: float
    low_run_out: float
    high_run_out: float

    @property
    def pitch(self) -> float:
        """Angle between neighbours, rad."""
        return math.tau / self.number

    @property
    def angles(self) -> FloatArray:
        """Of the bars about the axis, ndarray, shape (number,), rad."""
        return np.asarray(self.first_angle + self.pitch * np.arange(self.number), dtype=np.float64)

    @property
    def arc_length(self) -> float:
        """Length of the section's arc from edge to edge, mm."""
        half = math.asin(min(self.width / (2 * self.radius), 1.0))
        return 2 * self.radius * half

    @property
    def from_below(self) -> Bars:
        """The same bars without a lower end: what they sweep on their way from the cut."""
        return replace(self, low=-math.inf)

    def arc_radius(self, run_out: float) -> float:
        """Radius of the arc that a run-out follows, mm."""
        rise = abs(self.rise)
        return (run_out**2 + rise**2) / (2 * rise)

    def arc_centre(self, run_out: float) -> float:
        """Height above the flank of the centre of that arc, mm."""
        sign = math.copysign(1.0, self.rise)
        return self.rise - sign * self.arc_radius(run_out)

    def along(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give coordinates about the nearest bar.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        above, across, along : ndarray, shape (n,), mm
            Height above the flank's line, way across, and way along the flank from the cut.
        """
        x, y, z = points.T
        turn = np.arctan2(y, x) - self.first_angle
        turn = self.first_angle + self.pitch * np.round(turn / self.pitch)
        outward = x * np.cos(turn) + y * np.sin(turn) - self.flank_radius
        long = math.hypot(1.0, self.slope)
        across = y * np.cos(turn) - x * np.sin(turn)
        return (outward + self.slope * z) / long, across, (z - self.slope * outward) / long

    def outside(self, points: FloatArray) -> FloatArray:
        """Measure the distance to the bars' surface.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n,), mm
            Negative in a bar; exact on and near the surface.
        """
        above, across, along = self.along(points)
        found = np.hypot(above - self.centre, across) - self.radius
        for end, run_out, ahead in (
            (self.low, self.low_run_out, self.low + self.low_run_out - along),
            (self.high, self.high_run_out, along - self.high + self.high_run_out),
        ):
            if not math.isfinite(end):
                continue
            if run_out == 0:
                found = np.maximum(found, ahead)
                continue
            from_arc = np.hypot(above - self.arc_centre(run_out), ahead)
            ring = self.arc_radius(run_out) - self.radius
            found = np.where(ahead > 0, np.hypot(from_arc - ring, across) - self.radius, found)
        return np.asarray(found)


def flute_bars(flutes: Flutes, profile: Profile, bottom: float) -> Bars:
    """Give what flutes take out of a stem.

    Parameters
    ----------
    flutes : Flutes
    profile : Profile
        The stem's flank and tip.
    bottom : float, mm
        Level of the stem's distal end.

    Returns
    -------
    Bars
    """
    return _bars(flutes, profile, -flutes.depth, flutes.start > bottom, flutes.end < profile.fillet_start)


def spline_bars(splines: Splines, profile: Profile) -> Bars:
    """Give what splines add to a stem.

    Parameters
    ----------
    splines : Splines
    profile : Profile
        The stem's flank and tip.

    Returns
    -------
    Bars
    """
    bars = _bars(splines, profile, splines.height, True, True)
    return replace(bars, low_run_out=0.0)


def chord_depth(flank: float, width: float) -> float:
    """Give how far a chord of a width lies below the flank of a radius, mm."""
    return flank - math.sqrt(flank**2 - width**2 / 4)


def section_radius(flank: float, width: float, rise: float) -> float:
    """Give the radius of a bar's circle, mm; `rise` is negative for a flute."""
    height = abs(rise + chord_depth(flank, width))
    return (width**2 / 4 + height**2) / (2 * height)


def _bars(stated: Flutes | Splines, profile: Profile, rise: float, starts: bool, ends: bool) -> Bars:
    middle = (max(stated.start, 0.0) + min(stated.end, profile.fillet_start)) / 2
    flank = profile.flank(middle)
    radius = section_radius(flank, stated.width, rise)
    long = math.hypot(1.0, profile.slope)
    return Bars(
        flank_radius=profile.flank(0.0),
        slope=profile.slope,
        number=stated.number,
        first_angle=stated.first_angle,
        width=stated.width,
        rise=rise,
        centre=rise - math.copysign(radius, rise),
        radius=radius,
        low=stated.start * long if starts else -math.inf,
        high=stated.end * long if ends else math.inf,
        low_run_out=stated.run_out if starts else 0.0,
        high_run_out=stated.run_out if ends else 0.0,
    )
