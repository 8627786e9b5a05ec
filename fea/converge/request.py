"""From the words of the command line to the meshes of a study."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fea.errors import CaseError
from fea.loads.sentences import sentence

#: Fewest and most meshes, and what ratio and finest factor may be.
COUNTS, RATIOS, FACTORS = (3, 6), (1.1, 2.5), (0.2, 3.0)


@dataclass(frozen=True)
class Meshes:
    """Which meshes a study asks for.

    Attributes
    ----------
    count
        How many.
    ratio
        Between the sizes of neighbours.
    finest
        Factor on the case's sizes for the finest; 1 is the case as stated.
    """

    count: int = 3
    ratio: float = 1.26
    finest: float = 1.0

    @property
    def factors(self) -> tuple[float, ...]:
        """Factors on the case's element sizes, the finest first."""
        return tuple(self.finest * self.ratio**step for step in range(self.count))


def meshes_of(count: str, ratio: str, finest: str) -> Meshes:
    """Return the meshes that options ask for.

    Parameters
    ----------
    count, ratio, finest
        As they were typed.

    Returns
    -------
    Meshes

    Raises
    ------
    CaseError
        Every mistake, one sentence each.
    """
    problems: list[str] = []

    def number(option: str, text: str, bounds: tuple[float, float], what: str, *, whole: bool) -> float:
        low, high = bounds
        try:
            value = float(int(text)) if whole else float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            problems.append(
                sentence("command line", option, f"{what} is {kind} from {low:g} to {high:g}", text)
            )
        return value

    found = (
        number("--meshes", count, COUNTS, "the number of meshes", whole=True),
        number("--ratio", ratio, RATIOS, "the ratio of sizes", whole=False),
        number("--finest", finest, FACTORS, "the factor on the case's sizes", whole=False),
    )
    if problems:
        raise CaseError(problems)
    return Meshes(int(found[0]), found[1], found[2])
