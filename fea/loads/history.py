"""Load histories: force and moment on the implant over one cycle, in percent of body weight or in newtons.

A history states six components by their extrema, (percent of the cycle, value); between
them a periodic monotone cubic (PCHIP) interpolates, which adds no extremum of its own.
Forces are percent of body weight, moments percent of body weight times metre:
value = 100 M / (BW 1 m). Forces that do not grow with body weight (a bite, a pinch) are stated
in N, with moments in N m or N mm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from fea.errors import CaseError
from fea.loads.load_file import HistoryFile, MomentLevel
from fea.loads.sentences import sentence
from fea.loads.tables import read_table

FloatArray = NDArray[np.float64]
Point = tuple[float, float]

#: Order of the six components; on a right limb lateral is -y.
COMPONENTS = (
    "force_anterior",
    "force_lateral",
    "force_proximal",
    "moment_anterior",
    "moment_lateral",
    "moment_proximal",
)

#: Units of forces and moments that grow with body weight.
RELATIVE = ("percent_BW", "percent_BWm")


@dataclass(frozen=True)
class MomentPoint:
    """A point that the moments of a history are taken about, as anatomy names it.

    Attributes
    ----------
    level : float, mm
        Along the implant axis, 0 at the cut, negative distal of it.
    anterior, lateral : float, mm
        How far it lies in front of the axis, and on its side away from the midline.
    name
        What stands there, such as ``"knee"``; empty where nothing says.
    """

    level: float
    anterior: float = 0.0
    lateral: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class History:
    """Force and moment on the implant over one cycle.

    Attributes
    ----------
    title, source, grade, note, synthetic
        What it is, how well it is known, and whether it was made up.
    period : float, s
    moment_level : float, mm, or None
        Level of the moment point on the implant axis; None for the reference point.
    points : tuple of 6 tuples of (percent, value) pairs
        Extrema in the order of `COMPONENTS`; forces in percent of body weight, moments
        in percent of body weight times metre.
    moment_offset : tuple of 2 floats, mm
        How far the moment point lies anterior and lateral of the axis; only beside a level.
        Extrema in the order of `COMPONENTS`, in `units`.
    units : tuple of 2 str
        Of forces and of moments: ``("percent_BW", "percent_BWm")``, or ``"N"`` with ``"N_m"`` or
        ``"N_mm"``.
    """

    title: str
    source: str
    grade: str
    note: str
    synthetic: bool
    period: float
    moment_level: float | None
    points: tuple[tuple[Point, ...], ...]
    moment_offset: tuple[float, float] = (0.0, 0.0)

    @property
    def moment_point(self) -> MomentPoint | None:
        """The point that the file itself states; None for the reference point of the case."""
        if self.moment_level is None:
            return None
        return MomentPoint(self.moment_level, *self.moment_offset)

    units: tuple[str, str] = RELATIVE

    @property
    def absolute(self) -> bool:
        """True where body weight does not matter."""
        return self.units != RELATIVE


def read_history(path: Path) -> History:
    """Read a load file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    History

    Raises
    ------
    CaseError
        Every mistake in the file, one sentence each.
    """
    table = read_table(path, "load file", HistoryFile)
    points = tuple(getattr(table.components, name) for name in COMPONENTS)
    problems = [
        sentence(str(path), f"components.{name}", message, value)
        for name, pairs in zip(COMPONENTS, points, strict=True)
        for message, value in _cycle_mistakes(pairs)
    ]
    units = (table.units.force, table.units.moment)
    if (units[0] == RELATIVE[0]) != (units[1] == RELATIVE[1]):
        message = (
            "must be N_m or N_mm beside forces in N"
            if units[0] == "N"
            else "must be percent_BWm beside percent_BW"
        )
        problems.append(sentence(str(path), "units.moment", message, units[1]))
    if problems:
        raise CaseError(problems)
    levels = {"reference_point": None, "cut": 0.0}
    point = table.moment_point
    return History(
        title=table.title,
        source=table.source,
        grade=table.grade,
        note=table.note,
        synthetic=table.synthetic,
        period=table.period_s,
        moment_level=point.level_mm if isinstance(point, MomentLevel) else levels[point],
        points=points,
        moment_offset=(point.anterior_mm, point.lateral_mm) if isinstance(point, MomentLevel) else (0.0, 0.0),
        units=units,
    )


def sample(history: History, instants: int) -> tuple[FloatArray, FloatArray]:
    """Sample one cycle at equal steps, from 0 percent up to but without 100.

    Parameters
    ----------
    history : History
    instants : int

    Returns
    -------
    percent : ndarray, shape (instants,)
        Percent of the cycle.
    components : ndarray, shape (instants, 6)
        In the order of `COMPONENTS`, in the history's units.
    """
    percent = 100.0 * np.arange(instants) / instants
    return percent, sample_at(history, percent)


def sample_at(history: History, percent: FloatArray) -> FloatArray:
    """Evaluate a history where it is asked for.

    Parameters
    ----------
    history : History
    percent : ndarray, shape (k,)
        Percent of the cycle, 0 to 100.

    Returns
    -------
    ndarray, shape (k, 6)
        In the order of `COMPONENTS`: percent of body weight, and times metre.
    """
    return course_of(history)(percent)


def course_of(history: History) -> Callable[[FloatArray], FloatArray]:
    """Return a history as a function of the percent of the cycle, as `sample_at` evaluates it.

    Parameters
    ----------
    history : History
    """
    curves = [_periodic(points) for points in history.points]
    return lambda percent: np.stack([curve(percent) for curve in curves], axis=1)


def _periodic(points: tuple[Point, ...]) -> PchipInterpolator:
    """Interpolate one closed cycle; its neighbours make the slopes at 0 and 100 agree."""
    cycle = np.array(points[:-1])
    repeated = np.concatenate([cycle + np.array([shift, 0.0]) for shift in (-100.0, 0.0, 100.0, 200.0)])
    return PchipInterpolator(repeated[:, 0], repeated[:, 1])


def _cycle_mistakes(points: tuple[Point, ...]) -> Iterator[tuple[str, object]]:
    """Yield what keeps the points from being one ordered, closed cycle."""
    percents = [percent for percent, _ in points]
    outside = [percent for percent in percents if not 0.0 <= percent <= 100.0]
    if outside:
        yield "a percent of the cycle must lie between 0 and 100", outside[0]
        return
    for before, after in pairwise(percents):
        if not before < after:
            yield f"the percents must increase, but {after:g} follows {before:g}", [before, after]
            return
    if percents[0] != 0.0 or percents[-1] != 100.0:
        yield "the points must begin at 0 percent and end at 100 percent", [percents[0], percents[-1]]
    elif points[0][1] != points[-1][1]:
        yield (
            "the cycle must close: the value at 100 percent must equal the value at 0 percent",
            [
                points[0][1],
                points[-1][1],
            ],
        )
