r"""From percent of body weight, or N and N m, to the wrench on the implant, in N and N mm.

Components are stated for a right limb, where lateral is -y:
F = (F_a, -F_l, F_p), M = (M_a, -M_l, M_p). A left limb is its mirror image in the sagittal
plane: y of the force turns round, and so do x and z of the moment, which is an axial
vector. Moving the point that a moment is taken about: M_to = M_from + (from - to) x F.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.loads.history import History, MomentPoint, course_of

FloatArray = NDArray[np.float64]
Place = tuple[float, float, float]

#: From (anterior, lateral, proximal) to (x, y, z), force then moment, by side of the limb.
MIRROR = {
    "right": np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0]),
    "left": np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0]),
}
_MM_PER_M = 1000.0


@dataclass(frozen=True, eq=False)
class LoadCycle:
    """One sampled cycle of an activity.

    Attributes
    ----------
    percent : ndarray, shape (k,)
        Percent of the cycle.
    wrenches : ndarray, shape (k, 6), N and N mm
        Force and moment on the implant about the reference point, in implant axes.
    """

    percent: FloatArray
    wrenches: FloatArray


def wrench_on_implant(components_percent: FloatArray, body_weight_N: float, limb_side: str) -> FloatArray:
    """Return force and moment on the implant in implant axes.

    Parameters
    ----------
    components_percent : ndarray, shape (k, 6)
        Anterior, lateral, proximal force in percent of body weight, then moment in
        percent of body weight times metre.
    body_weight_N : float, N
    limb_side : str
        ``"right"`` or ``"left"``.

    Returns
    -------
    ndarray, shape (k, 6), N and N mm
        x anterior, y to the patient's left, z proximal; about the history's moment point.

    Raises
    ------
    KeyError
        For another side.
    """
    scale = body_weight_N / 100.0 * np.array([1.0, 1.0, 1.0, *[_MM_PER_M] * 3])
    wrench: FloatArray = np.asarray(components_percent, dtype=np.float64) * scale * MIRROR[limb_side]
    return wrench


def in_newtons(history: History, body_weight_N: float | None) -> FloatArray:
    """Return what a history's components are multiplied with to become N and N mm.

    Parameters
    ----------
    history : History
    body_weight_N : float, N, or None
        None only where the history is absolute.

    Returns
    -------
    ndarray, shape (6,)
    """
    if history.absolute:
        return np.array([1.0, 1.0, 1.0, *[_MM_PER_M if history.units[1] == "N_m" else 1.0] * 3])
    assert body_weight_N is not None, "cases are checked: a history in percent has a body weight"
    return body_weight_N / 100.0 * np.array([1.0, 1.0, 1.0, *[_MM_PER_M] * 3])


def move_wrench(wrench: FloatArray, from_point: Place, to_point: Place) -> FloatArray:
    """Return the same wrench with its moment about another point.

    Parameters
    ----------
    wrench : ndarray, shape (..., 6), N and N mm
        Force and moment about `from_point`.
    from_point, to_point : tuple of 3 floats, mm

    Returns
    -------
    ndarray, shape (..., 6), N and N mm
        Force and moment about `to_point`.
    """
    force, moment = wrench[..., :3], wrench[..., 3:]
    lever = np.subtract(from_point, to_point)
    return np.concatenate([force, moment + np.cross(lever, force)], axis=-1)


def place_of(point: MomentPoint, limb_side: str) -> Place:
    """Return where a point lies in implant axes; lateral is -y on a right limb.

    Parameters
    ----------
    point : MomentPoint
    limb_side : str
        ``"right"`` or ``"left"``.

    Returns
    -------
    tuple of 3 floats, mm
    """
    anterior, lateral, _ = MIRROR[limb_side][:3] * (point.anterior, point.lateral, 0.0)
    return (float(anterior), float(lateral), point.level)


def load_cycle(
    history: History,
    body_weight_N: float | None,
    limb_side: str,
    instants: int,
    reference_point: Place,
    acts_at: MomentPoint | None = None,
) -> LoadCycle:
    """Sample a history as wrenches about the reference point.

    Parameters
    ----------
    history : History
    body_weight_N : float, N, or None
        None where the history is in newtons, which do not hang on it.
    limb_side : str
        ``"right"`` or ``"left"``.
    instants : int
        Number of instants of one cycle, at equal steps from 0 percent.
    reference_point : tuple of 3 floats, mm
    acts_at : MomentPoint, optional
        Where a history acts that does not state its own point; by default at the reference point.

    Returns
    -------
    LoadCycle
    """
    asked = wrench_course(history, body_weight_N, limb_side, reference_point, acts_at)
    percent = 100.0 * np.arange(instants) / instants
    return LoadCycle(percent, asked(percent))


def wrench_course(
    history: History,
    body_weight_N: float | None,
    limb_side: str,
    reference_point: Place,
    acts_at: MomentPoint | None = None,
) -> Callable[[FloatArray], FloatArray]:
    """Return a history as wrenches about the reference point, as a function of the percent of the cycle.

    Parameters
    ----------
    history, body_weight_N, limb_side, reference_point, acts_at
        As in `load_cycle`.

    Returns
    -------
    callable
        From percents, shape (k,), to wrenches, shape (k, 6), N and N mm.
    """
    components, scale = course_of(history), in_newtons(history, body_weight_N) * MIRROR[limb_side]
    point = history.moment_point or acts_at

    def asked(percent: FloatArray) -> FloatArray:
        wrenches: FloatArray = components(percent) * scale
        if point is None:
            return wrenches
        return move_wrench(wrenches, place_of(point, limb_side), reference_point)

    return asked
