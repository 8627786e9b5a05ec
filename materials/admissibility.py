"""When elastic constants are admissible: every deformation must store positive energy.

A law is positive definite when its moduli and the leading minors of its scaled compliance
are positive; here each of these quantities has a name, so that a refusal can say which.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from materials.errors import MaterialError

#: What to do where a minor with Poisson ratios fails.
CHECK_POISSON = (
    "check that each nu_ij is -strain_j / strain_i under stress_i and convert a ratio given "
    "the other way round by nu_ij = nu_ji E_i / E_j"
)


class Condition(NamedTuple):
    """A quantity that must be positive, and what to do where it is not."""

    formula: str
    value: float
    advice: str


class HasConditions(Protocol):
    """An elastic law that can say what must be positive."""

    def conditions(self) -> tuple[Condition, ...]:
        """Return the quantities that must be positive, the plainest first."""


def positive_moduli(law: object, *names: str) -> tuple[Condition, ...]:
    """Return the condition of each named modulus of a law."""
    return tuple(Condition(name, getattr(law, name), f"give {name} in MPa, above 0") for name in names)


def fulfilled(conditions: tuple[Condition, ...]) -> bool:
    """Return whether every quantity is positive and finite."""
    return all(math.isfinite(condition.value) and condition.value > 0 for condition in conditions)


def check_positive_definite(elasticity: HasConditions) -> None:
    """Refuse elastic constants that are not positive definite.

    Parameters
    ----------
    elasticity
        A law of `materials.elasticity`; each calls this when it is made.

    Raises
    ------
    MaterialError
        One sentence with the first failing condition or minor, its value and the remedy.

    References
    ----------
    The conditions are Sylvester's criterion on the compliance scaled to a unit diagonal.
    """
    for condition in elasticity.conditions():
        if not fulfilled((condition,)):
            raise MaterialError(
                f"The elastic constants are not positive definite: {condition.formula} is "
                f"{condition.value:.4g} where it must be above 0; {condition.advice}."
            )
