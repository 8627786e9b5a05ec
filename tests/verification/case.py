"""What a verification case gives: checks against a reference, each with its gate.

A case is a module in `tests/verification/cases`. Its docstring is the tutorial: the first line is
the title, the rest states problem, formula and source. It defines

    SOURCE: str              where the reference comes from, for the table
    SLOW: bool               too long for `make test` (more than some 10 s)
    def solve() -> Answer    solves it through the product's own modules
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.verification import cases

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Check:
    """One number held against its reference.

    Attributes
    ----------
    quantity
        With its unit, e.g. ``"mean pressure, MPa"``.
    reference, found
    gate
        Largest error that passes.
    relative
        Whether error and gate are shares of the reference; else they are in the quantity's unit.
    """

    quantity: str
    reference: float
    found: float
    gate: float
    relative: bool = True

    @property
    def error(self) -> float:
        """Distance from the reference, without sign."""
        distance = abs(self.found - self.reference)
        return distance / abs(self.reference) if self.relative else distance

    @property
    def passed(self) -> bool:
        """Whether the error is within the gate; a NaN is not."""
        return bool(self.error <= self.gate)


@dataclass(frozen=True, eq=False)
class Profile:
    """A course along a coordinate, for a figure.

    Attributes
    ----------
    x_label, y_label
        With units.
    x_exact, y_exact : ndarray, shape (k,)
        The reference; drawn as a line.
    x, y : ndarray, shape (j,)
        Ours; drawn as points.
    logarithmic
        Whether both axes are logarithmic, as for errors against sizes.
    """

    x_label: str
    y_label: str
    x_exact: FloatArray
    y_exact: FloatArray
    x: FloatArray
    y: FloatArray
    logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What solving a case gave.

    Attributes
    ----------
    checks
        Numbers against references.
    mesh
        In words, e.g. ``"12,345 unknowns, 8 elements over the radius"``.
    order
        Observed order of convergence against theory, in words, where it was measured.
    profile
        For a figure.
    note
        One sentence for the reader of the table where a number needs it.
    """

    checks: tuple[Check, ...]
    mesh: str
    order: str = ""
    profile: Profile | None = None
    note: str = ""


@dataclass(frozen=True)
class Case:
    """A case module as the suite sees it; `statement` is its docstring below the title."""

    name: str
    title: str
    source: str
    slow: bool
    solve: Callable[[], Answer]
    statement: str = ""


def all_cases() -> Iterator[Case]:
    """Every case, in the order of the modules' names."""
    for module in sorted(pkgutil.iter_modules(cases.__path__), key=lambda found: found.name):
        loaded = importlib.import_module(f"{cases.__name__}.{module.name}")
        title, _, statement = (loaded.__doc__ or module.name).strip().partition("\n")
        yield Case(
            module.name, title.rstrip("."), loaded.SOURCE, loaded.SLOW, loaded.solve, statement.strip()
        )
