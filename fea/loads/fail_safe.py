r"""A fail-safe in the adapter: it slips where bending or torque about its place exceed a limit.

Two independent clutches without stiffness or inertia: while one slips, the limit passes in the
direction of the moment that is asked for. Forces pass as they are. What is withheld is a couple, the
same about every point, so that it is taken out of the wrench once, wherever its moment is told:
M_passed(R) = M_asked(R) - (M_asked(D) - capped M_asked(D)) with D the device's place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
#: Moments about the device, shape (k, 3), N mm, at the percents of the cycle, shape (k,).
Asked = Callable[[FloatArray], FloatArray]

#: The two limits.
SENSES = ("bending", "torque")
#: Steps in which a cycle is looked through for peaks and for where a limit is passed.
STEPS = 2000
#: Instants nearer than this are one, in percent of the cycle.
SAME = 1e-6


@dataclass(frozen=True)
class FailSafe:
    """Place and limits of a fail-safe.

    Attributes
    ----------
    distal : float, mm
        From the cut to the device, distal along the axis.
    bending, torque : float, N mm, or None
        Limits of the resultant bending about its place, and of the torque about its axis.
    bending_band, torque_band : tuple of 2 floats, N mm, or None
        The least and the largest limit that must be reckoned with.
    """

    distal: float
    bending: float | None
    torque: float | None
    bending_band: tuple[float, float] | None = None
    torque_band: tuple[float, float] | None = None

    @property
    def place(self) -> tuple[float, float, float]:
        """Where the device is, mm."""
        return (0.0, 0.0, 0.0 - self.distal)

    def limit(self, sense: str) -> float | None:
        """Return the limit of ``"bending"`` or ``"torque"``, N mm; None where there is none."""
        found: float | None = getattr(self, sense)
        return found

    def with_limits(self, limits: Mapping[str, float]) -> FailSafe:
        """Return the same device with other limits, N mm, by sense."""
        return replace(
            self, bending=limits.get("bending", self.bending), torque=limits.get("torque", self.torque)
        )

    def band(self, sense: str) -> tuple[float, float] | None:
        """Return the band of a limit, N mm, or None."""
        found: tuple[float, float] | None = getattr(self, f"{sense}_band")
        return found


def sizes(moments: FloatArray, sense: str) -> FloatArray:
    """Return what a limit is held against.

    Parameters
    ----------
    moments : ndarray, shape (k, 3), N mm
        About the device.
    sense : str
        ``"bending"`` or ``"torque"``.

    Returns
    -------
    ndarray, shape (k,), N mm
        Never negative.
    """
    size = np.hypot(moments[:, 0], moments[:, 1]) if sense == "bending" else np.abs(moments[:, 2])
    return np.asarray(size)


def withheld(moments: FloatArray, device: FailSafe) -> FloatArray:
    """Return the couple that the device keeps from the implant.

    Parameters
    ----------
    moments : ndarray, shape (k, 3), N mm
        Asked for, about the device.
    device : FailSafe

    Returns
    -------
    ndarray, shape (k, 3), N mm
        Exactly 0 where nothing slips.
    """
    kept = np.zeros_like(moments)
    for sense, parts in (("bending", (0, 1)), ("torque", (2,))):
        limit = device.limit(sense)
        if limit is None:
            continue
        size = sizes(moments, sense)
        over = size > limit
        for part in parts:
            kept[over, part] = moments[over, part] * (1.0 - limit / size[over])
    return kept


def capped(wrenches: FloatArray, moments: FloatArray, device: FailSafe) -> FloatArray:
    """Return what passes of a load.

    Parameters
    ----------
    wrenches : ndarray, shape (k, 6), N and N mm
        Asked for, with the moment about any one point.
    moments : ndarray, shape (k, 3), N mm
        The same load's moment about the device.
    device : FailSafe

    Returns
    -------
    ndarray, shape (k, 6), N and N mm
        About the same point; bit for bit what was asked where nothing slips.
    """
    passed = wrenches.copy()
    passed[:, 3:] -= withheld(moments, device)
    return passed


@dataclass(frozen=True, eq=False)
class Release:
    """One stretch of the cycle over which a limit holds moment back.

    Attributes
    ----------
    sense
        ``"bending"`` or ``"torque"``.
    start, end : float
        Percent of the cycle; `start` is larger where the stretch runs over the end of the cycle.
    peak : float, N mm
        Largest moment asked for in it.
    peak_percent : float
        When.
    moment : ndarray, shape (3,), N mm
        What was asked then, about the device.
    withheld : float, N mm
        The peak less the limit.
    """

    sense: str
    start: float
    end: float
    peak: float
    peak_percent: float
    moment: FloatArray
    withheld: float


@dataclass(frozen=True, eq=False)
class Course:
    """What a cycle asks of a device, and when the device slips.

    Attributes
    ----------
    percent : ndarray, shape (k,)
        A fine course over the cycle with every peak and every switch in it, from 0 to 100.
    moments : ndarray, shape (k, 3), N mm
        Asked for about the device.
    switches : ndarray, shape (s,)
        Percents at which the device begins or ends to slip.
    releases : tuple of Release
    """

    percent: FloatArray
    moments: FloatArray
    switches: FloatArray
    releases: tuple[Release, ...]

    def peak(self, sense: str) -> tuple[float, float]:
        """Return the largest moment asked for in a sense, N mm, and at which percent."""
        size = sizes(self.moments, sense)
        row = int(np.argmax(size))
        return float(size[row]), float(self.percent[row])


def course(asked: Asked, device: FailSafe, instants: FloatArray) -> Course:
    """Follow a cycle through a device.

    Peaks of the asked moments are sought between the steps of a fine course too, so that a release
    shorter than a step is found where its peak is one of the smooth course.

    Parameters
    ----------
    asked : callable
        The moments about the device at given percents.
    device : FailSafe
    instants : ndarray, shape (n,)
        Percents that the course must hold, such as the instants of the history.

    Returns
    -------
    Course
    """
    percent = _merged(np.linspace(0.0, 100.0, STEPS + 1), instants)
    senses = [sense for sense in SENSES if device.limit(sense) is not None]
    for sense in senses:
        percent = _merged(percent, _peaks(asked, sense, percent))
    switches = [_switches(asked, sense, device.limit(sense) or 0.0, percent) for sense in senses]
    switch = np.unique(np.concatenate([np.zeros(0), *switches]))
    percent = _merged(percent, switch)
    moments = asked(percent)
    releases: list[Release] = []
    for sense, own in zip(senses, switches, strict=True):
        releases += _releases(percent, moments, sense, device.limit(sense) or 0.0, own)
    return Course(percent, moments, switch, tuple(releases))


def with_switches(instants: FloatArray, switches: FloatArray) -> FloatArray:
    """Return the instants of a history with those at which a device begins or ends to slip.

    Parameters
    ----------
    instants : ndarray, shape (n,)
        From 0, without 100.
    switches : ndarray, shape (s,)

    Returns
    -------
    ndarray, shape (m,)
        The very instants where there is no switch beside them.
    """
    return _merged(instants, switches[switches < 100.0 - SAME]) if len(switches) else instants


def _merged(first: FloatArray, more: FloatArray) -> FloatArray:
    """Join percents in rising order; those of `first` stay as they are, near ones of `more` are left out."""
    if not len(more):
        return first
    near = np.abs(more[:, None] - first[None, :]).min(axis=1) <= SAME
    return np.unique(np.concatenate([first, more[~near]]))


def _peaks(asked: Asked, sense: str, percent: FloatArray) -> FloatArray:
    size = sizes(asked(percent), sense)
    inner = np.flatnonzero((size[1:-1] >= size[:-2]) & (size[1:-1] >= size[2:]) & (size[1:-1] > 0.0)) + 1
    # A level stretch has no peak to look for; its ends are on the course.
    rows = [row for row in inner if size[row] > size[row - 1] or size[row] > size[row + 1]]
    found = [
        minimize_scalar(
            lambda at: -float(sizes(asked(np.array([at])), sense)[0]),
            bounds=(percent[row - 1], percent[row + 1]),
            method="bounded",
            options={"xatol": 1e-9},
        ).x
        for row in rows
    ]
    return np.array(found, dtype=np.float64)


def _switches(asked: Asked, sense: str, limit: float, percent: FloatArray) -> FloatArray:
    """Return where the moment asked for passes the limit."""

    def over(at: float) -> float:
        return float(sizes(asked(np.array([at])), sense)[0]) - limit

    slips = sizes(asked(percent), sense) > limit
    rows = np.flatnonzero(slips[1:] != slips[:-1])
    found = []
    for row in rows:
        low, high = float(percent[row]), float(percent[row + 1])
        # At the limit itself the device does not slip yet.
        if over(low) == 0.0:
            found.append(low)
        else:
            found.append(high if over(high) == 0.0 else brentq(over, low, high, xtol=1e-11))
    return np.array(found, dtype=np.float64)


def _releases(
    percent: FloatArray, moments: FloatArray, sense: str, limit: float, switches: FloatArray
) -> list[Release]:
    size = sizes(moments, sense)
    edges = np.unique(np.concatenate([[0.0], switches, [100.0]]))
    stretches = []
    for start, end in pairwise(edges):
        rows = np.flatnonzero((percent >= start) & (percent <= end))
        row = int(rows[np.argmax(size[rows])])
        if size[row] > limit + 1e-9 * limit:
            stretches.append((float(start), float(end), row))
    if len(stretches) > 1 and stretches[0][0] == 0.0 and stretches[-1][1] == 100.0:
        first, last = stretches[0], stretches.pop()
        row = max(first[2], last[2], key=lambda place: size[place])
        stretches[0] = (last[0], first[1], row)
    return [
        Release(
            sense, start, end, float(size[row]), float(percent[row]), moments[row], float(size[row] - limit)
        )
        for start, end, row in stretches
    ]
