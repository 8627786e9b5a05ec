"""The reamer: how the canal is prepared, in one pass or by a train of wider and wider ones.

All passes of a train share one path. A wider reamer never goes deeper than a narrower one before it, so
that the canal is that of the widest reamer which goes to the full depth, and above it, nearer to the
cut, the steps of those that stop earlier. Ends of a train are of one form: each is rounded by the same
share of its diameter, so that no narrower end stands out of a wider one at the same depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from geometry.errors import GeometryError, require_not_negative, require_positive
from geometry.profile import Profile


@dataclass(frozen=True)
class Pass:
    """One reamer of a train.

    Attributes
    ----------
    diameter : float, mm
    depth : float, mm
        Level of its end.
    """

    diameter: float
    depth: float


@dataclass(frozen=True)
class Reaming:
    """A reamer's pass from the cut, and the train that it belongs to.

    Attributes
    ----------
    diameter : float, mm
    depth : float, mm
        Level of the reamer's end.
    end_radius : float, mm
        Rounding of the reamer's end; half the diameter for a hemisphere.
    path
        ``"straight"`` along the implant axis or ``"bow"`` along the bone's centreline.
    train : tuple of Pass
        All passes in their order, this one among them; empty where nothing is said but the last.

    Raises
    ------
    GeometryError
        When a size is not positive, the end is rounded more than it can be, or a train does not become
        wider from pass to pass, goes deeper than before, or has its widest pass to full depth elsewhere.
    """

    diameter: float
    depth: float
    end_radius: float
    path: Literal["straight", "bow"] = "straight"
    train: tuple[Pass, ...] = ()

    def __post_init__(self) -> None:
        require_positive("The reamer's diameter", self.diameter)
        require_positive("The reaming depth", self.depth)
        require_not_negative("The reamer's end radius", self.end_radius)
        if self.end_radius > min(self.diameter / 2, self.depth):
            raise GeometryError(
                f"The reamer's end radius must be at most half its diameter ({self.diameter / 2:g} mm)"
                f" and its depth ({self.depth:g} mm), but it is {self.end_radius:g} mm."
            )
        if self.path not in ("straight", "bow"):
            raise GeometryError(f'The reamer\'s path is "straight" or "bow", but it is "{self.path}".')
        if self.train:
            self._require_train()

    def _require_train(self) -> None:
        """Refuse passes out of order."""
        for row, fault in train_faults(self.train):
            raise GeometryError(f"Pass {row + 1} of the reamer's train: {fault}.")
        if widest_to_the_end(self.train) != Pass(self.diameter, self.depth):
            raise GeometryError(
                "The widest reamer of a train that goes to the full depth makes its canal, but that is not"
                f" the one of {self.diameter:g} mm to {self.depth:g} mm."
            )

    @property
    def profile(self) -> Profile:
        """The reamer's radius along its path."""
        return Profile(self.diameter / 2, 0.0, self.depth, self.end_radius)

    @property
    def steps(self) -> tuple[Reaming, ...]:
        """Wider passes that stop earlier, each alone, in rising order of diameter."""
        return tuple(self.alone(each) for each in self.train if each.diameter > self.diameter)

    @property
    def passes(self) -> tuple[Reaming, ...]:
        """All passes in their order, each alone; this one where there is no train."""
        return tuple(self.alone(each) for each in self.train) or (self,)

    @property
    def only(self) -> Reaming:
        """The pass without its train."""
        return replace(self, train=())

    def alone(self, each: Pass) -> Reaming:
        """Return another pass on the same path, its end rounded by the same share of its diameter."""
        rounding = min(self.end_radius * each.diameter / self.diameter, each.diameter / 2, each.depth)
        return Reaming(each.diameter, each.depth, rounding, self.path)

    @property
    def mouth(self) -> float:
        """Diameter at the cut, mm."""
        return max((each.diameter for each in self.train), default=self.diameter)


def widest_to_the_end(train: Sequence[Pass]) -> Pass:
    """Return the widest pass of a train that goes as deep as its first one."""
    return [each for each in train if each.depth == train[0].depth][-1]


def train_faults(train: Sequence[Pass]) -> list[tuple[int, str]]:
    """Say which passes of a train are out of order.

    Parameters
    ----------
    train : sequence of Pass

    Returns
    -------
    list of (int, str)
        Row of the pass and what is wrong with it, a clause.
    """
    found = []
    for row, (before, after) in enumerate(pairwise(train), start=1):
        if not after.diameter > before.diameter:
            found.append(
                (
                    row,
                    f"it must be wider than the {before.diameter:g} mm before, but is {after.diameter:g} mm",
                )
            )
        elif after.depth > before.depth:
            found.append(
                (
                    row,
                    f"a wider reamer follows the hole before, {before.depth:g} mm deep, but this one goes"
                    f" {after.depth:g} mm deep",
                )
            )
    return found
