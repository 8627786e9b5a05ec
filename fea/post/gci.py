"""Grid convergence index of three meshes: observed order, extrapolated value, error bar.

With sizes h1 < h2 < h3, ratios r21 = h2/h1, r32 = h3/h2, and changes e21 = v2 - v1, e32 = v3 - v2,

    p  =  ln( |e32/e21| (r21^p - s) / (r32^p - s) ) / ln r21,        s = sign(e32/e21)
    extrapolated  =  (r21^p v1 - v2) / (r21^p - 1),        index  =  1.25 |e21| / (r21^p - 1)

after Celik et al. (2008). They find p by fixed-point iteration, which can swing where r32 is far above r21;
here the same equation is solved between bounds that always hold its only root. The order is taken with its
sign: a change that does not shrink has no positive order, whatever the size of its logarithm. Only an order
between 0.5 and 4 is trusted; what the bar is otherwise stands at `bar_of`.

References
----------
I. B. Celik, U. Ghia, P. J. Roache, C. J. Freitas, H. Coleman, P. E. Raad, Procedure for Estimation and
Reporting of Uncertainty Due to Discretization in CFD Applications, J. Fluids Eng. 130 (2008) 078001.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.optimize import brentq

#: Factor of safety with an order that was observed on three meshes.
SAFETY = 1.25
#: Orders that are trusted; meshes that are not nested give any others by chance.
LEAST_ORDER, GREATEST_ORDER = 0.5, 4.0
#: Changes below this share of the largest value are round-off of the solver, not of the mesh.
ROUND_OFF = 1e-7

Kind = Literal["monotone", "too slow", "too fast", "diverging", "oscillating", "within round-off"]


@dataclass(frozen=True)
class Convergence:
    """What three meshes say of one quantity.

    Attributes
    ----------
    kind
        ``"monotone"``: an order between 0.5 and 4 was observed. ``"too slow"``, ``"too fast"``:
        the values run one way, with an order outside. ``"diverging"``: they run one way and
        the change does not shrink. ``"oscillating"``: they go to and fro.
        ``"within round-off"``: they do not change.
    order
        The observed order; None where the values oscillate, diverge or do not change.
    extrapolated
        To elements of size 0; None without a trusted order.
    bar
        Error of the finest value, absolute.
    change
        |e21 / v1|, the relative change between the two finest meshes; None for a value of 0.
    """

    kind: Kind
    order: float | None
    extrapolated: float | None
    bar: float
    change: float | None

    @property
    def trusted(self) -> bool:
        """Whether order and extrapolated value may be used."""
        return self.kind in ("monotone", "within round-off")


def observe(sizes: tuple[float, float, float], values: tuple[float, float, float]) -> Convergence:
    """Judge how a quantity converges.

    Parameters
    ----------
    sizes : tuple of 3 floats
        Effective element sizes, the finest first.
    values : tuple of 3 floats
        On these meshes.

    Returns
    -------
    Convergence

    Raises
    ------
    ValueError
        Where the sizes do not rise or a value is not finite.
    """
    finest, middle, coarsest = sizes
    if not 0.0 < finest < middle < coarsest:
        raise ValueError(f"element sizes must rise from the finest mesh to the coarsest, not {sizes}")
    if not all(math.isfinite(value) for value in values):
        raise ValueError(f"a value that is not finite has no order of convergence: {values}")
    ratios = (middle / finest, coarsest / middle)
    fine, coarse = values[1] - values[0], values[2] - values[1]
    scale = max(abs(value) for value in values)
    change = abs(fine / values[0]) if abs(values[0]) > ROUND_OFF * scale else None
    small = ROUND_OFF * scale
    if abs(fine) <= small and abs(coarse) <= small:
        return Convergence("within round-off", None, values[0], max(abs(fine), abs(coarse)), 0.0)
    if abs(fine) <= small:  # the last step changed nothing: no order is large enough
        return Convergence("too fast", None, None, bar_of("too fast", ratios[0], None, values), change)
    kind, order = _kind(ratios, fine, coarse)
    bar = bar_of(kind, ratios[0], order, values)
    extrapolated = None
    if kind == "monotone" and order is not None:
        grown = ratios[0] ** order
        extrapolated = (grown * values[0] - values[1]) / (grown - 1.0)
    return Convergence(kind, order, extrapolated, bar, change)


def bar_of(kind: Kind, ratio: float, order: float | None, values: tuple[float, float, float]) -> float:
    """Return the error of the finest value.

    Parameters
    ----------
    kind
    ratio
        Of the two finest sizes.
    order
        Observed; used where it is trusted.
    values : tuple of 3 floats
        The finest first.

    Returns
    -------
    float
        The grid convergence index with a trusted order. For what converges too slowly or
        diverges, the index with the least trusted order and the larger change. For what
        oscillates or jumps to its value, the spread of all three times the factor of safety.
    """
    fine, coarse = abs(values[1] - values[0]), abs(values[2] - values[1])
    if kind == "monotone" and order is not None:
        return float(SAFETY * fine / (ratio**order - 1.0))
    if kind in ("too slow", "diverging"):
        return float(SAFETY * max(fine, coarse) / (ratio**LEAST_ORDER - 1.0))
    return SAFETY * (max(values) - min(values))


def observed_order(ratios: tuple[float, float], quotient: float) -> float:
    """Solve for the order of values that run one way.

    Parameters
    ----------
    ratios : tuple of 2 floats
        r21 and r32.
    quotient
        e32/e21, positive.

    Returns
    -------
    float
        0 where the change does not shrink faster than for order 0.
    """
    fine, coarse = math.log(ratios[0]), math.log(ratios[1])
    if quotient <= coarse / fine:
        return 0.0

    def excess(order: float) -> float:
        own, other = math.expm1(order * fine), math.expm1(order * coarse)
        return order * fine + math.log(other / own) - math.log(quotient)

    # Negative at order 0, positive where r32^p = 1 + quotient, and it rises between.
    return float(brentq(excess, 1e-9, math.log1p(quotient) / coarse, xtol=1e-13, rtol=1e-13))


def _kind(ratios: tuple[float, float], fine: float, coarse: float) -> tuple[Kind, float | None]:
    if fine * coarse < 0.0:
        return "oscillating", None
    order = observed_order(ratios, coarse / fine) if coarse else 0.0
    if order <= 0.0:
        return "diverging", None
    if order < LEAST_ORDER:
        return "too slow", order
    return ("monotone" if order <= GREATEST_ORDER else "too fast"), order
