"""Read what CalculiX leaves: nodal fields from the ASCII ``.frd``, iterations from the ``.sta``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fea.errors import CaseError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Columns of a node's line: a mark, the node's number, then numbers of twelve characters.
_NUMBER, _VALUES, _WIDTH = 3, 13, 12


@dataclass(frozen=True, eq=False)
class NodalField:
    """One field at one instant.

    Attributes
    ----------
    name
        As CalculiX calls it: ``DISP``, ``STRESS``, ``CONTACT``.
    time
        Total time, s: 1 for the end of the first step of 1 s.
    nodes : ndarray, shape (k,)
        Node numbers.
    values : ndarray, shape (k, c)
        ``DISP`` x, y, z in mm. ``STRESS`` XX, YY, ZZ, XY, YZ, XZ in MPa. ``CONTACT`` opening,
        two slips in mm, pressure, two shears in MPa.
    """

    name: str
    time: float
    nodes: IntArray
    values: FloatArray

    def at(self, numbers: IntArray) -> FloatArray:
        """Return the values of given nodes, ndarray, shape (j, c); nodes without one are zero."""
        order = np.argsort(self.nodes)
        place = np.clip(np.searchsorted(self.nodes, numbers, sorter=order), 0, len(order) - 1)
        found = order[place]
        return np.where((self.nodes[found] == numbers)[:, None], self.values[found], 0.0)


@dataclass(frozen=True)
class Increment:
    """One line of the status file.

    Attributes
    ----------
    step, increment, attempt, iterations
        As counted by CalculiX.
    converged
        False for an attempt that was given up.
    """

    step: int
    increment: int
    attempt: int
    iterations: int
    converged: bool


def read_frd(path: Path, names: tuple[str, ...] = ("DISP", "STRESS", "CONTACT")) -> tuple[NodalField, ...]:
    """Read nodal fields.

    Parameters
    ----------
    path
        An ASCII ``.frd`` file.
    names
        Fields to keep.

    Returns
    -------
    tuple of NodalField
        In the order of the file; principal values and lengths that CalculiX adds are not read.

    Raises
    ------
    CaseError
        When the file cannot be read as one.
    """
    fields = []
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("  100C"):
                    time, count = float(line[12:24]), int(line[24:36])
                    name, columns = _components(file)
                    rows = [next(file) for _ in range(count)] if name in names else []
                    if rows:
                        fields.append(_field(name, time, columns, rows))
    except (OSError, ValueError, StopIteration, RuntimeError) as error:
        raise CaseError(
            f"{path}: this is no complete ASCII .frd file of CalculiX ({error}); run ccx again"
        ) from error
    return tuple(fields)


def _components(file: object) -> tuple[str, int]:
    """Read a block's name and the number of columns that stand in its lines."""
    name, columns = "", 0
    for line in file:  # type: ignore[attr-defined]
        if line.startswith(" -4"):
            name, announced = line[5:13].strip(), int(line[13:18])
        elif line.startswith(" -5"):
            columns += "ALL" not in line[5:13]
            announced -= 1
        if name and announced == 0:
            return name, columns
    raise ValueError("a block of results ends early")


def _field(name: str, time: float, columns: int, rows: list[str]) -> NodalField:
    if any(not row.startswith(" -1") for row in rows):
        raise ValueError(f"the block {name} at time {time:g} is damaged")
    nodes = np.array([int(row[_NUMBER:_VALUES]) for row in rows])
    starts = range(_VALUES, _VALUES + columns * _WIDTH, _WIDTH)
    values = np.array([[float(row[start : start + _WIDTH]) for start in starts] for row in rows])
    return NodalField(name, time, nodes, values)


def read_sta(path: Path) -> tuple[Increment, ...]:
    """Read the status file.

    Parameters
    ----------
    path
        The ``.sta`` file.

    Returns
    -------
    tuple of Increment

    Raises
    ------
    CaseError
        When it cannot be read.
    """
    found = []
    try:
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            words = line.split()
            if len(words) >= 7 and words[0].isdigit():
                attempt = words[2].rstrip("U")
                found.append(
                    Increment(int(words[0]), int(words[1]), int(attempt), int(words[3]), attempt == words[2])
                )
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: this is no status file of CalculiX ({error})") from error
    return tuple(found)
