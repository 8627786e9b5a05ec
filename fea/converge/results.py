"""A study judged: order, extrapolated value, bar and statement of every quantity, and the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from fea.case.case import Case
from fea.converge.request import Meshes
from fea.converge.solved import Solved
from fea.converge.words import NO_ORDER, at_rims, chance_words, change_words, floor_words, missing
from fea.post.criteria import CriterionResult, judge_all
from fea.post.gci import SAFETY, Convergence, observe
from fea.post.quantity import EXACT, FLOOR, Quantity
from fea.post.rim_shapes import Rim
from fea.post.rims import rims

#: What the kinds of `fea.post.gci` are called.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "monotone": "order observed",
        "too slow": "too slow",
        "too fast": "too fast for an order",
        "diverging": "not converged",
        "oscillating": "oscillating",
        "within round-off": "does not change",
    }
)
#: Finest meshes that an order is observed on.
OBSERVED = 3


@dataclass(frozen=True)
class Traced:
    """A quantity over the meshes.

    Attributes
    ----------
    quantity
        Of the finest mesh, with the study's bar as its error.
    values : tuple of float or None
        The finest first; None where a mesh does not tell it.
    convergence
        None where one of the three finest does not tell it.
    rim
        Name of the singular place; empty where there is none.
    result
        The criterion that judges it, with the study's bar; None where none does.
    statement
        How it converges, in one sentence.
    by_chance
        Whether its changes are less than its local error, so that no order can be observed.
    """

    quantity: Quantity
    values: tuple[float | None, ...]
    convergence: Convergence | None
    rim: str
    result: CriterionResult | None
    statement: str
    by_chance: bool = False

    @property
    def kind(self) -> str:
        """How it converges, in a word or two."""
        if self.rim:
            return "singular place"
        if self.convergence is None:
            return "not on every mesh"
        if self.quantity.error_origin == EXACT:
            return "measured on exact shapes"
        if self.by_chance:
            return "within its local error"
        return KINDS[self.convergence.kind]


@dataclass(frozen=True)
class ConvergenceStudy:
    """A finished study.

    Attributes
    ----------
    case, meshes
    solved : tuple of Solved
        The finest first.
    judged, others, singular : tuple of Traced
        What a criterion judges, every other quantity, and the largest values at rims.
    """

    case: Case
    meshes: Meshes
    solved: tuple[Solved, ...]
    judged: tuple[Traced, ...]
    others: tuple[Traced, ...]
    singular: tuple[Traced, ...]

    @property
    def sizes(self) -> tuple[float, ...]:
        """Effective element sizes, mm, the finest first."""
        return tuple(solved.size for solved in self.solved)

    @property
    def every(self) -> tuple[Traced, ...]:
        """All quantities, the judged ones first."""
        return (*self.judged, *self.others, *self.singular)

    @property
    def answer(self) -> str:
        """What the study says of the judged quantities, or of all where no criterion is stated, in words."""
        counted, what = (self.judged, "judged quantities") if self.judged else (self.others, "quantities")
        parts = [f"{kind} {count}" for kind, count in Counter(item.kind for item in counted).items()]
        none = "" if self.judged else " The case states no criterion, so that none is judged."
        return f"{len(counted)} {what} on {len(self.solved)} meshes: {', '.join(parts)}.{none}"


def judge_convergence(case: Case, meshes: Meshes, solved: Sequence[Solved]) -> ConvergenceStudy:
    """Judge what the meshes of a study said.

    Parameters
    ----------
    case : Case
    meshes : Meshes
    solved : sequence of Solved
        The finest first.

    Returns
    -------
    ConvergenceStudy
    """
    finest = solved[0]
    known = {quantity.name: quantity for mesh in reversed(solved) for quantity in mesh.quantities}
    traced = [_traced(case, solved, known[name]) for name in known]
    results = judge_all(case, [item.quantity for item in traced if item.values[0] is not None], finest.loss)
    by_name = {result.criterion.quantity: result for result in results}
    judged = tuple(
        replace(item, result=by_name[item.quantity.name]) for item in traced if item.quantity.name in by_name
    )
    others = tuple(item for item in traced if item.quantity.name not in by_name)
    singular = tuple(_singular(solved, quantity) for quantity in finest.at_rims)
    return ConvergenceStudy(case, meshes, tuple(solved), judged, others, singular)


def _traced(case: Case, solved: Sequence[Solved], quantity: Quantity) -> Traced:
    values = tuple(mesh.value(quantity.name) for mesh in solved)
    sizes = tuple(mesh.size for mesh in solved)
    if any(value is None for value in values[:OBSERVED]):
        error = replace(quantity, error=None, error_origin=NO_ORDER)
        return Traced(error, values, None, "", None, missing(solved, values, quantity))
    told = [value for value in values if value is not None]
    found = observe(sizes[:OBSERVED], (told[0], told[1], told[2]))  # type: ignore[arg-type]
    if quantity.error_origin == EXACT:
        return Traced(quantity, values, found, "", None, "Measured on the exact shapes, not on the mesh.")
    spread, local = max(told) - min(told), quantity.local_error or 0.0
    by_chance = found.kind != "within round-off" and max(told[:OBSERVED]) - min(told[:OBSERVED]) <= local
    if by_chance:
        found = replace(found, order=None, extrapolated=None, bar=0.0)
    bar = max(found.bar, local)
    if by_chance or found.kind in ("oscillating", "too fast"):  # a fourth mesh widens the spread
        bar = max(bar, SAFETY * spread)
    kind = "changes within the local error" if by_chance else found.kind
    shown = replace(quantity, error=bar, error_origin=f"convergence study on {len(solved)} meshes: {kind}")
    least = FLOOR * abs(told[0]) if found.kind != "within round-off" else 0.0
    raised = replace(shown, error=max(bar, least))
    more = floor_words(raised) if bar < least else ""
    if by_chance:
        return Traced(raised, values, found, "", None, chance_words(shown, told) + more, by_chance=True)
    rim = _beside_rim(case, quantity, sizes[0]) if found.kind in ("too slow", "diverging") else ""
    return Traced(raised, values, found, rim, None, change_words(shown, told, found, rim) + more)


def _singular(solved: Sequence[Solved], quantity: Quantity) -> Traced:
    values = tuple(mesh.value(quantity.name) for mesh in solved)
    return Traced(quantity, values, None, quantity.zone, None, at_rims(quantity, values))


def _beside_rim(case: Case, quantity: Quantity, size: float) -> str:
    """Return the rim beside which a peak stands, within an element of what is left out round it."""
    if quantity.place is None:
        return ""
    body = "stem" if quantity.name.startswith("stem") else "bone"
    at = np.array([quantity.place])
    for rim in rims(case):
        if body in rim.bodies and _widened(rim, size).covers(at)[0]:
            return rim.name
    return ""


def _widened(rim: Rim, size: float) -> Rim:
    return replace(rim, reach=rim.reach + size)
