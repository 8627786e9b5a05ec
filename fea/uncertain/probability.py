r"""The probability of a verdict from its share of the samples, with an interval.

Samples come in clusters: those of one model share its mesh and its inputs, and agree more with one
another than independent ones would. With p the share, n the samples, K models and s^2 the
variance of the models' own shares, the design effect is

    deff = (s^2 / K) / (p (1 - p) / n),            at least 1,

and the interval is Clopper and Pearson's, for the effective number of samples

    n* = n / deff (t_{n-1} / t_{K-1})^2,           at most n,

with the quantiles of Student's distribution, which account for how poorly K models tell s^2.
Where all samples agree no design effect can be seen, and deff is 1. Sampling by quasi-random
sequences is more even than chance, which the interval does not use: it is on the safe side.

References
----------
E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193-201 (the method by name; the formulas
as national surveys of health use them; not read).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

#: Probability that an interval holds the true value.
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Probability:
    """How likely a verdict is.

    Attributes
    ----------
    verdict
        In words.
    count
        Samples that have it.
    share
        Of the samples with any verdict.
    low, high
        Of the interval of 95 %.
    """

    verdict: str
    count: int
    share: float
    low: float
    high: float


def probability(verdict: str, having: BoolArray, models: IntArray) -> Probability:
    """Return the probability of a verdict.

    Parameters
    ----------
    verdict : str
    having : ndarray of bool, shape (n,)
        Whether each sample has it.
    models : ndarray of int, shape (n,)
        The model of each sample.

    Returns
    -------
    Probability
    """
    from scipy.stats import beta

    count, number = int(having.sum()), len(having)
    if number == 0:
        return Probability(verdict, 0, float("nan"), 0.0, 1.0)
    share, effective = count / number, effective_samples(having, models)
    successes, tail = share * effective, (1.0 - CONFIDENCE) / 2.0
    low = float(beta.ppf(tail, successes, effective - successes + 1.0)) if count else 0.0
    high = float(beta.ppf(1.0 - tail, successes + 1.0, effective - successes)) if count < number else 1.0
    return Probability(verdict, count, share, low, high)


def effective_samples(having: BoolArray, models: IntArray) -> float:
    """Return the number of independent samples that would tell a share as well.

    Parameters
    ----------
    having, models
        As for `probability`; at least one sample.

    Returns
    -------
    float
        At most the number of samples.
    """
    from scipy.stats import t

    number, clusters = len(having), np.unique(models, return_inverse=True)[1]
    count = int(clusters.max()) + 1
    if count < 2:
        return float(number)
    share = float(having.mean())
    sizes = np.bincount(clusters)
    shares = np.bincount(clusters, having.astype(np.float64)) / sizes
    effect = 1.0
    if 0.0 < share < 1.0:
        # Of the weighted mean of the models' shares.
        weights = sizes / number
        spread = count / (count - 1.0) * float(np.sum((weights * (shares - share)) ** 2))
        effect = max(1.0, spread / (share * (1.0 - share) / number))
    upper = 1.0 - (1.0 - CONFIDENCE) / 2.0
    freedom = float(t.ppf(upper, number - 1) / t.ppf(upper, count - 1)) ** 2
    return float(min(number, number / effect * freedom))
