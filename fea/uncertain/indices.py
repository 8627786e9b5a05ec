r"""Which input makes how much of a quantity's variance: Sobol' indices of its surrogate.

With V the variance over all inputs, the first-order index of input i is V(E(y | u_i)) / V, what
the input makes alone; the total index is 1 - V(E(y | all but u_i)) / V, what it makes alone and
together with others. From the coefficients of a chaos both are exact sums of squares; where
the logarithm was expanded they are estimated by Saltelli's scheme (`scipy.stats.sobol_indices`)
on a scrambled Sobol' sequence.

Confidence comes from a wild bootstrap: each model's left-out residuals, with a common random
sign, are added to the surrogate, and its coefficients fitted again. So it holds what the
surrogate does not explain, the scatter between meshes included; it does not hold what other
terms than the chosen ones would say.

An index of a surrogate that does not predict is none: below `LEAST_Q2` none is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.uncertain.surrogate import Surrogate, fit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Share of the variance that a surrogate must predict before its indices are shown.
LEAST_Q2 = 0.8
#: Largest share of the samples without a value: beyond it the rest fills no box of inputs.
MOST_MISSING = 0.05
#: Fewest samples with a value, and fewest for each input.
LEAST_SAMPLES, LEAST_PER_INPUT = 16, 4
#: Points of Saltelli's scheme, and bootstrap replicates.
POINTS, REPLICATES = 4096, 200
#: Of the confidence intervals, percent.
CONFIDENCE = (5.0, 95.0)
#: Relative spread below which a quantity is the same in every sample.
_SAME = 1e-9


@dataclass(frozen=True)
class Index:
    """What one input makes of a quantity's variance, each with its confidence interval.

    Attributes
    ----------
    name
        Of the input.
    first, total
        The two indices.
    first_interval, total_interval : tuple of 2 floats
    """

    name: str
    first: float
    total: float
    first_interval: tuple[float, float]
    total_interval: tuple[float, float]


@dataclass(frozen=True)
class Sensitivity:
    """What is known of a quantity's sensitivity.

    Attributes
    ----------
    why_not
        Why no indices are given, as a sentence; empty where they are.
    indices : tuple of Index
        In the order of the inputs; empty where there is a reason.
    q2_sample, q2_model : float or None
        As in `Surrogate`; None where none was fitted.
    grouped
        Whether whole models were left out for `q2_model`.
    logarithm
        Whether the logarithm was expanded.
    terms
        Number of terms.
    """

    why_not: str
    indices: tuple[Index, ...] = ()
    q2_sample: float | None = None
    q2_model: float | None = None
    grouped: bool = False
    logarithm: bool = False
    terms: int = 0


def sensitivity(
    shares: FloatArray, values: FloatArray, models: IntArray, names: Sequence[str], levels: Sequence[int]
) -> Sensitivity:
    """Expand a quantity and say which input makes how much of its variance, where that can be said.

    Parameters
    ----------
    shares : ndarray, shape (n, d)
    values : ndarray, shape (n,)
        NaN where a sample has none.
    models : ndarray of int, shape (n,)
    names : sequence of str
        Of the inputs.
    levels : sequence of int
        Of each input: 0 for a number, else the number of choices.

    Returns
    -------
    Sensitivity
    """
    having = np.isfinite(values)
    missing = 1.0 - float(having.mean())
    if missing > MOST_MISSING:
        return Sensitivity(
            f"{100 * missing:.2g} % of the samples have no value, so that no surrogate covers all inputs."
        )
    values, shares, models = values[having], shares[having], models[having]
    least = max(LEAST_SAMPLES, LEAST_PER_INPUT * len(names))
    if len(values) < least:
        return Sensitivity(f"{len(values)} samples are too few for a surrogate; take {least} or more.")
    if np.ptp(values) <= _SAME * max(float(np.abs(values).max()), 1e-300):
        return Sensitivity("It is the same in every sample.")
    surrogate = fit(shares, values, models, levels)
    known = {
        "q2_sample": surrogate.q2_sample,
        "q2_model": surrogate.q2_model,
        "grouped": surrogate.grouped,
        "logarithm": surrogate.logarithm,
        "terms": len(surrogate.basis.terms),
    }
    if surrogate.q2 < LEAST_Q2:
        said = f"{surrogate.q2:.2f}".replace("-", "−") if surrogate.q2 > -10.0 else "far below 0"
        reason = (
            f"The surrogate predicts too little of what it has not seen: Q² is {said}, below {LEAST_Q2:g}."
        )
        return Sensitivity(reason, **known)  # type: ignore[arg-type]
    return Sensitivity("", indices_of(surrogate, names), **known)  # type: ignore[arg-type]


def indices_of(surrogate: Surrogate, names: Sequence[str], seed: int = 0) -> tuple[Index, ...]:
    """Return the indices of a surrogate with their confidence.

    Parameters
    ----------
    surrogate : Surrogate
    names : sequence of str
        Of the inputs.
    seed : int
        Of sequence and bootstrap.

    Returns
    -------
    tuple of Index
    """
    scheme = _Saltelli.over(surrogate, seed) if surrogate.logarithm else None

    def both(coefficients: FloatArray) -> tuple[FloatArray, FloatArray]:
        if scheme is None:
            return analytic_indices(surrogate.basis.terms, coefficients)
        return scheme.indices(coefficients)

    matrix = surrogate.basis.at(surrogate.shares)
    inverse = np.linalg.pinv(matrix)
    clusters = surrogate.groups if surrogate.grouped else np.arange(len(surrogate.groups))
    clusters = np.unique(clusters, return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    replicates = []
    for _ in range(REPLICATES):
        signs = rng.choice((-1.0, 1.0), int(clusters.max()) + 1)[clusters]
        replicates.append(both(surrogate.coefficients + inverse @ (signs * surrogate.residual)))
    first, total = both(surrogate.coefficients)
    spread = [np.percentile(np.array(part), CONFIDENCE, axis=0) for part in zip(*replicates, strict=True)]
    return tuple(
        Index(
            name, float(first[i]), float(total[i]),
            _interval(spread[0][:, i], float(first[i])), _interval(spread[1][:, i], float(total[i])),
        )
        for i, name in enumerate(names)
    )  # fmt: skip


def analytic_indices(
    terms: Sequence[tuple[int, ...]], coefficients: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return first-order and total indices of a chaos from its coefficients.

    Parameters
    ----------
    terms : sequence of tuple of int
        As in `Basis`.
    coefficients : ndarray, shape (p,)

    Returns
    -------
    first, total : ndarray, shape (d,)
        0 where the chaos is a constant.
    """
    orders = np.array(terms)
    share = np.where(orders.any(axis=1), coefficients**2, 0.0)
    share = share / max(float(share.sum()), 1e-300)
    alone = (orders > 0).sum(axis=1) == 1
    return (orders > 0).T @ (share * alone), (orders > 0).T @ share


@dataclass(frozen=True, eq=False)
class _Saltelli:
    """The surrogate's terms at the points of Saltelli's scheme.

    Attributes
    ----------
    first, second : ndarray, shape (n, p)
        At the two matrices A and B.
    mixed : ndarray, shape (d, n, p)
        At A with one input from B.
    """

    first: FloatArray
    second: FloatArray
    mixed: FloatArray

    @classmethod
    def over(cls, surrogate: Surrogate, seed: int) -> _Saltelli:
        """Evaluate a surrogate's terms."""
        from scipy.stats import qmc

        count = surrogate.shares.shape[1]
        points = qmc.Sobol(2 * count, scramble=True, rng=seed).random(POINTS)
        first, second = points[:, :count], points[:, count:]
        mixed = []
        for i in range(count):
            exchanged = first.copy()
            exchanged[:, i] = second[:, i]
            mixed.append(surrogate.basis.at(exchanged))
        at = surrogate.basis.at
        return cls(at(first), at(second), np.stack(mixed))

    def indices(self, coefficients: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return first-order and total indices of the exponential."""
        from scipy.stats import sobol_indices

        values = [part @ coefficients for part in (self.first, self.second, self.mixed)]
        ceiling = max(float(part.max()) for part in values)  # a common factor changes no index
        at_first, at_second, at_mixed = (np.exp(part - ceiling) for part in values)
        found = sobol_indices(
            func={"f_A": at_first[None], "f_B": at_second[None], "f_AB": at_mixed[:, None]}, n=POINTS
        )
        # An input without a term has the index 0, and its estimate is round-off.
        return np.clip(found.first_order.ravel(), 0.0, 1.0), np.clip(found.total_order.ravel(), 0.0, None)


def _interval(ends: FloatArray, value: float) -> tuple[float, float]:
    """Return an interval that holds its value."""
    return min(float(ends[0]), value), max(float(ends[1]), value)
