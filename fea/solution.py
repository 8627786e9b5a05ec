"""What a solved case is: the interface, its states along a history, and nothing else.

Interface vertices are the corners of the stem's contact facets, split where zones meet
or the surface folds. Tractions act on the bone; jumps are bone minus stem. Components
are normal (out of the stem), axial and circumferential; on faces across the axis the
two tangents are the ones that `axial` and `circumferential` say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Instants of a field that are worked out at a time.
_TOGETHER = 16


@dataclass(frozen=True, eq=False)
class Interface:
    """The stem's side of the interface.

    Attributes
    ----------
    points, normal, axial, circumferential : ndarray, shape (n, 3)
        Vertices in mm and their frames (unit vectors, the normal out of the stem).
    area : ndarray, shape (n,), mm^2
        Area that belongs to each vertex (integral of its hat function).
    facets : ndarray, shape (k, 3)
        Corner triangles, rows of `points`.
    middles : ndarray, shape (k, 3, 3), mm
        Middles of the edges 01, 12, 20 of each facet, on the curved surface.
    zone : ndarray, shape (n,)
        Index into `zones`.
    zones : tuple of str
        Names of the stem's zones.
    friction : ndarray, shape (n,)
    fit : ndarray, shape (n,), mm
        Initial gap minus radial interference (negative where pressed).
    rim : ndarray of bool, shape (n,)
        True within the declared reach of a singular rim (canal mouth, coating limit,
        end of contact), where stress has no converged peak.
    axis : Axis
        The implant's: angles count about it, levels along it.
    """

    points: FloatArray
    normal: FloatArray
    axial: FloatArray
    circumferential: FloatArray
    area: FloatArray
    facets: IntArray
    middles: FloatArray
    zone: IntArray
    zones: tuple[str, ...]
    friction: FloatArray
    fit: FloatArray
    rim: NDArray[np.bool_]
    axis: Axis = STRAIGHT

    @property
    def straight(self) -> FloatArray:
        """Vertices in the straight frame of the implant, shape (n, 3), mm."""
        return self.axis.straighten(self.points)

    def within(self, *names: str) -> NDArray[np.bool_]:
        """Tell which vertices lie in the named zones, shape (n,); none in a zone that the stem lacks."""
        codes = [code for code, name in enumerate(self.zones) if name in names]
        return np.isin(self.zone, codes)


@dataclass(frozen=True, eq=False)
class State:
    """One converged instant.

    Attributes
    ----------
    traction : ndarray, shape (n, 3), MPa
        Contact traction on the bone: pressure, axial, circumferential friction.
    jump : ndarray, shape (n, 3), mm
        Displacement of bone minus stem.
    status : ndarray, shape (n,)
        `Status` of each vertex.
    stem_motion, bone_motion : ndarray, shape (6,)
        Amplitudes of the rigid motions (translations in mm, rotations in rad about
        the origin) that belong to the pinned bodies' solution.
    wrench : ndarray, shape (6,), N and N mm
        Force and moment on the implant at the reference point.
    iterations
        Newton iterations spent.
    residual
        Relative nonsmooth residual over all vertices.
    dissipation
        Friction work since the previous instant, N mm.
    """

    traction: FloatArray
    jump: FloatArray
    status: IntArray
    stem_motion: FloatArray
    bone_motion: FloatArray
    wrench: FloatArray
    iterations: int
    residual: float
    dissipation: float


@dataclass(frozen=True)
class Loss:
    """No equilibrium: the stem has come loose.

    Attributes
    ----------
    cycle
        Number of the cycle, 1 for the first; 0 in the press-fit.
    percent
        Instant of the activity, percent of its cycle.
    motion
        The motion that nothing holds, in words.
    direction : tuple of 6 floats
        That motion as a rigid motion (translation, rotation about the origin).
    """

    cycle: int
    percent: float
    motion: str
    direction: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Walk:
    """A history of states: the press-fit, then the instants of the activity.

    Attributes
    ----------
    press_fit
        The seated state, before any load.
    percent : ndarray, shape (k,)
        Percent of the activity at each instant of one cycle.
    cycles : tuple of tuples of State
        One tuple a cycle, one state an instant; the last complete cycle is judged. An
        incomplete cycle stands only when `loss` says why.
    loss
        Loss of fixation, where equilibrium ended; None otherwise.
    assembly : tuple of State
        The instants of an assembly by force, whose last is `press_fit`; empty without.
    """

    press_fit: State
    percent: FloatArray
    cycles: tuple[tuple[State, ...], ...]
    loss: Loss | None
    assembly: tuple[State, ...] = ()

    @property
    def judged(self) -> tuple[State, ...]:
        """The last complete cycle; empty where there is none."""
        complete = [cycle for cycle in self.cycles if len(cycle) == len(self.percent)]
        return complete[-1] if complete else ()


class Series(Protocol):
    """A nodal field at several instants: an array of shape (k, n, c), or what reads like one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Instants, nodes, components."""
        ...

    def __len__(self) -> int:
        """Return the number of instants."""
        ...

    def __getitem__(self, instant: int, /) -> FloatArray:
        """Return one instant, ndarray, shape (n, c)."""
        ...


@dataclass(frozen=True, eq=False)
class CombinedField:
    """A nodal field at many instants as combinations of a few, worked out when an instant is read.

    Kept so, 100 instants take a tenth of the memory of their arrays.

    Attributes
    ----------
    basis : ndarray, shape (m, c, r)
        At the nodes, or where `ends` is given at the vertices.
    coefficients : ndarray, shape (r, k)
    ends : ndarray, shape (n, 2), or None
        Vertices whose mean is the value at each node.
    law : ndarray, shape (c, c) or (n, c, c), or None
        What turns the field into the one that is read, such as strain into stress.
    """

    basis: FloatArray
    coefficients: FloatArray
    ends: IntArray | None = None
    law: FloatArray | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Instants, nodes, components."""
        nodes = len(self.basis) if self.ends is None else len(self.ends)
        return self.coefficients.shape[1], nodes, self.basis.shape[1]

    def __len__(self) -> int:
        """Return the number of instants."""
        return len(self.coefficients.T)

    def __getitem__(self, instant: int) -> FloatArray:
        """Return one instant, ndarray, shape (n, c)."""
        row = range(len(self))[instant]
        found: FloatArray = self.read(slice(row, row + 1))[0]
        return found

    def read(self, instants: slice) -> FloatArray:
        """Return several instants at once, which costs less than one by one, ndarray, shape (k, n, c)."""
        coefficients = self.coefficients[:, instants]
        places, width, rank = self.basis.shape
        values: FloatArray = (self.basis.reshape(-1, rank) @ coefficients).reshape(places, width, -1)
        if self.ends is not None:
            mean = values[self.ends[:, 0]]
            mean += values[self.ends[:, 1]]
            mean *= 0.5
            values = mean
        if self.law is not None:
            values = np.matmul(self.law, values)
        return np.moveaxis(values, 2, 0)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> FloatArray:
        """Return all instants, ndarray, shape (k, n, c)."""
        return np.ascontiguousarray(self.read(slice(None)), dtype=dtype)


def instants_of(series: Series) -> Iterator[FloatArray]:
    """Yield the instants of a nodal field in turn, each of shape (n, c), worked out several at a time."""
    for start in range(0, len(series), _TOGETHER):
        rows = range(start, min(start + _TOGETHER, len(series)))
        if isinstance(series, CombinedField):
            yield from series.read(slice(rows.start, rows.stop))
        else:
            yield from (series[row] for row in rows)


@dataclass(frozen=True, eq=False)
class Fields:
    """Nodal fields of one body: the press-fit first, then the judged cycle's instants.

    Attributes
    ----------
    displacement : Series, shape (k, n, 3), mm
    strain : Series, shape (k, n, 6)
        XX, YY, ZZ, XY, YZ, XZ (engineering shear), recovered at the nodes.
    stress : Series, shape (k, n, 6), MPa
        The same order.
    stress_error : ndarray, shape (n,), MPa
        Largest difference over the instants between recovered and element stress (von
        Mises norm): the local discretisation error estimate.
    """

    displacement: Series
    strain: Series
    stress: Series
    stress_error: FloatArray


@dataclass(frozen=True)
class Balance:
    """Audit of equilibrium and law over every instant (relative to the largest load).

    Attributes
    ----------
    reaction
        Largest difference of support reactions and applied wrench, relative.
    contact
        Largest difference of summed contact tractions and applied wrench, relative.
    cone
        Largest excess of friction over friction times pressure, relative to the pressure.
    tension
        Largest tension on the interface, relative to the pressure.
    least_dissipation
        Least friction work of an increment, N mm.
    residual
        Largest nonsmooth residual over all vertices and instants, relative.
    """

    reaction: float
    contact: float
    cone: float
    tension: float
    least_dissipation: float
    residual: float


@dataclass(frozen=True, eq=False)
class Variant:
    """The same history with other inputs, on the same factorisation.

    Attributes
    ----------
    name
        For instance ``"interference low, friction high"`` or ``"collar open"``.
    inputs : tuple of (str, float) pairs
        What differs, by case key with unit.
    interface
        The interface with these inputs (its fit and friction).
    walk
        Press-fit and one cycle.
    """

    name: str
    inputs: tuple[tuple[str, float], ...]
    interface: Interface
    walk: Walk
