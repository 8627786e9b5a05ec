r"""The thread of a fixture: a ridge along a helix on the stem's core, or rings of the same section.

The ridge stands on the core, a cylinder of the stem's diameter. With c the lead (starts times
pitch) over one turn, 0 for rings, a point at angle t and level z has the phase

    s = (z - z_0 - c t / 2 pi) mod pitch,

with the first crest beginning at z_0, a flank's width above the thread's start. Over s the section
is a trapezium of the thread's depth d: the crest, the flank towards the hip, the root, the flank
towards the cut. A flank that leans by a from the plane across the axis takes d tan(a) of the pitch.
At both ends the height rises from nothing over the run-out, in proportion. The thread is
right-handed. Rings may stand without run-outs; those that do not fit whole are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geometry.profile import Profile

FloatArray = NDArray[np.float64]

#: Least and largest lean of a flank from the plane across the axis, rad.
LEAST_LEAN, LARGEST_LEAN = math.radians(5.0), math.radians(60.0)
#: Least depth, and least width of crest and root, mm.
LEAST_DEPTH, LEAST_FLAT = 0.2, 0.05
#: Least way from the cut to the thread, mm: elements between them are as small.
LEAST_START = 0.5
#: Most starts.
MOST_STARTS = 6
#: Least wall of the core between a thread and the bore, and of the bone beyond the crest, mm.
LEAST_WALL = 1.0

Fault = tuple[str, str]


@dataclass(frozen=True)
class Thread:
    """A thread, or rings of the same section.

    Attributes
    ----------
    pitch : float, mm
        Distance of neighbouring ridges along the axis.
    depth : float, mm
        Of the root below the crest, along the radius.
    crest : float, mm
        Width of the flat crest along the axis.
    start, end : float, mm
        Levels between which the ridge stands.
    run_out : float, mm
        Length at either end over which its height rises from nothing; 0 for whole rings.
    distal_lean, proximal_lean : float, rad
        Angle between the flank that faces the cut, or the hip, and the plane across the axis.
    starts : int
        Number of ridges that wind beside one another.
    form
        ``"helix"`` or ``"rings"``.
    """

    pitch: float
    depth: float
    crest: float
    start: float
    end: float
    run_out: float
    distal_lean: float
    proximal_lean: float
    starts: int = 1
    form: Literal["helix", "rings"] = "helix"

    @property
    def lead(self) -> float:
        """Way along the axis in one turn, mm; 0 for rings."""
        return self.starts * self.pitch if self.form == "helix" else 0.0

    @property
    def origin(self) -> float:
        """Level at which the first crest begins at angle 0, mm."""
        return self.start + self.depth * math.tan(self.distal_lean)

    @property
    def whole_rings(self) -> int:
        """How many rings fit whole between start and end."""
        return max(0, 1 + math.floor((self.end - self.start - (self.pitch - self.root)) / self.pitch + 1e-9))

    @property
    def root(self) -> float:
        """Width of the flat root along the axis, mm; not positive where the section does not close."""
        return (
            self.pitch - self.crest - self.depth * (math.tan(self.distal_lean) + math.tan(self.proximal_lean))
        )

    @property
    def knots(self) -> FloatArray:
        """Phases at which the section bends, ndarray, shape (4,), mm: both ends of crest and of root."""
        falls = self.crest + self.depth * math.tan(self.proximal_lean)
        return np.array([0.0, self.crest, falls, falls + self.root])

    def section(self, phase: FloatArray) -> FloatArray:
        """Give the height of the full ridge above the core.

        Parameters
        ----------
        phase : ndarray, mm
            Taken modulo the pitch.

        Returns
        -------
        ndarray, mm
        """
        knots = np.append(self.knots, self.pitch)
        heights = self.depth * np.array([1.0, 1.0, 0.0, 0.0, 1.0])
        return np.asarray(np.interp(np.remainder(phase, self.pitch), knots, heights))

    def fullness(self, level: FloatArray) -> FloatArray:
        """Give the share of its height that the ridge has at levels.

        Parameters
        ----------
        level : ndarray, mm

        Returns
        -------
        ndarray
            0 at both ends and beyond, 1 between the run-outs.
        """
        level = np.asarray(level, dtype=np.float64)
        within = np.minimum(level - self.start, self.end - level)
        if self.run_out == 0:
            last = self.start + self.whole_rings * self.pitch
            return np.where((within >= 0) & (level <= last), 1.0, 0.0)
        return np.asarray(np.clip(within / self.run_out, 0.0, 1.0))

    def height(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """Give the height of the ridge above the core.

        Parameters
        ----------
        angle : ndarray, rad
            About the axis, from anterior towards the left.
        level : ndarray, mm

        Returns
        -------
        ndarray, mm
        """
        phase = level - self.origin - self.lead * angle / math.tau
        return np.asarray(self.section(phase) * self.fullness(level))

    @property
    def full(self) -> tuple[float, float]:
        """Levels between which the ridge has its full height, mm."""
        return self.start + self.run_out, self.end - self.run_out


def thread_faults(thread: Thread, profile: Profile, bore_radius: float) -> Iterator[Fault]:
    """Yield what is wrong with a thread on a core, as its size and the requirement in words.

    Parameters
    ----------
    thread : Thread
    profile : Profile
        The core, which is cylindrical.
    bore_radius : float, mm
    """
    yield from _section_faults(thread)
    if not 1 <= thread.starts <= MOST_STARTS:
        yield "starts", f"a thread has 1 to {MOST_STARTS} starts"
    elif thread.form == "rings" and thread.starts != 1:
        yield "starts", "rings have no starts: leave the number out"
    if thread.start < LEAST_START:
        yield (
            "start",
            f"the thread must begin {LEAST_START:g} mm above the cut, the edge of the canal's mouth",
        )
    if thread.end > profile.fillet_start + 1e-9:
        yield "end", f"the thread must end where the tip's rounding begins, at {profile.fillet_start:.4g} mm"
    length = thread.end - thread.start
    if length <= 0:
        yield "end", f"the thread must end above its start, {thread.start:g} mm"
    elif thread.form == "rings" and thread.run_out == 0:
        if thread.whole_rings < 1:
            yield "end", "no ring fits whole between start and end"
    elif thread.run_out < thread.pitch / 2:
        none = ", or 0 for whole rings" if thread.form == "rings" else ""
        yield "run_out", f"must be at least half a pitch, {thread.pitch / 2:g} mm{none}"
    elif length < 2 * thread.run_out + thread.pitch:
        most = (length - thread.pitch) / 2
        if most < thread.pitch / 2:
            yield "end", "the thread must be at least two pitches long"
        else:
            yield "run_out", f"must leave a whole pitch of full height between both: at most {most:.4g} mm"
    core = profile.radius - bore_radius
    if core < LEAST_WALL:
        yield "depth", f"the bore leaves {core:.3g} mm of the core: at least {LEAST_WALL:g} mm must be left"


def _section_faults(thread: Thread) -> Iterator[Fault]:
    """Refuse sections that do not close."""
    least, most = math.degrees(LEAST_LEAN), math.degrees(LARGEST_LEAN)
    sound = True
    for size in ("distal_lean", "proximal_lean"):
        if not LEAST_LEAN - 1e-9 <= getattr(thread, size) <= LARGEST_LEAN + 1e-9:
            sound = False
            yield size, f"a flank leans by {least:g} to {most:g} degrees from the plane across the axis"
    if thread.depth < LEAST_DEPTH:
        sound = False
        yield "depth", f"a thread must be at least {LEAST_DEPTH:g} mm deep"
    if thread.crest < LEAST_FLAT:
        sound = False
        yield "crest", f"the crest must be at least {LEAST_FLAT:g} mm wide"
    if sound and thread.root < LEAST_FLAT:
        room = thread.pitch - thread.crest - LEAST_FLAT
        lean = math.tan(thread.distal_lean) + math.tan(thread.proximal_lean)
        advice = (
            f"give at most {room / lean:.3g} mm, or a larger pitch" if room > 0 else "give a larger pitch"
        )
        yield "depth", f"crest and flanks take the whole pitch of {thread.pitch:g} mm: {advice}"
